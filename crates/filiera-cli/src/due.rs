use anyhow::Result;
use filiera::{Dossier, Window};
use filiera_report::{csv, ics, json, text, xlsx};

use crate::arguments::{Due, DueFormat};
use crate::check::{library, request};
use crate::clock::today;
use crate::output::{Screen, format_of, write};
use crate::progress::Progress;

pub fn run(arguments: &Due, screen: &Screen) -> Result<u8> {
    let out = arguments.out.as_deref();
    let format = format_of(arguments.format, out, &[])?;
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let dossier = Dossier::read(&request(&arguments.read, false), &library)?;
    let window = Window::days(arguments.on.unwrap_or_else(today), arguments.within);
    let list = {
        let progress = Progress::new("judging again");
        dossier.due(window, &|done, of| progress.tell(done, of))?
    };
    write(out, format == DueFormat::Xlsx, |mut out| {
        match format {
            DueFormat::Text => {
                let options = screen.text(arguments.verbose, &arguments.read.dossier);
                out.write_all(text::due(&list, &options).as_bytes())?;
            }
            DueFormat::Json => out.write_all(json::due(&list).as_bytes())?,
            DueFormat::Csv => csv::due(&list, &mut out)?,
            DueFormat::Xlsx => out.write_all(&xlsx::due(&list)?)?,
            DueFormat::Ics => out.write_all(ics::due(&list).as_bytes())?,
        }
        Ok(())
    })?;
    Ok(match (list.is_pressing(), list.days.is_empty()) {
        (true, _) => 1,
        (false, false) => 3,
        (false, true) => 0,
    })
}
