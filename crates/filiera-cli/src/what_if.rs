use anyhow::Result;
use filiera::{Change, ExitBy, FLEET_ROWS, exit_code_of, what_if};
use filiera_report::{json, text};

use crate::arguments::{Check, Format, Judge};
use crate::check::{exit_by, library, request, warn};
use crate::output::{Screen, write};
use crate::progress::Progress;

/// A check of what would change. The exit code is that of the changed state.
pub fn run(arguments: &Check, screen: &Screen) -> Result<u8> {
    let without = [Format::Jsonl, Format::Csv, Format::Xlsx, Format::Html, Format::Parquet];
    let format = arguments.output.format("a change", &without)?;
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let request = request(&arguments.read, arguments.readings);
    let change = Change { without: arguments.without.clone(), with: arguments.with.clone() };
    let fleet_from = match arguments.judge {
        Judge::Auto => FLEET_ROWS,
        Judge::Lots => 0,
        Judge::Rows => u64::MAX,
    };
    let changed = {
        let progress = Progress::new("judging twice");
        what_if(&request, &library, &change, fleet_from, &|done, of| progress.tell_rows(done, of))?
    };
    let options = screen.text(arguments.verbose, &arguments.read.dossier);
    write(arguments.output.out.as_deref(), false, |out| match format {
        Format::Json => Ok(out.write_all(json::what_if(&changed.found).as_bytes())?),
        _ => Ok(out.write_all(text::what_if(&changed.found, &options).as_bytes())?),
    })?;
    warn(&changed.found.left_out, arguments.verbose);
    let legal = exit_by(arguments.exit) == ExitBy::Legal;
    Ok(exit_code_of(changed.deciding(legal).iter().copied()))
}
