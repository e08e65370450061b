use std::io::Write;

use anyhow::Result;
use filiera::{Dossier, SettleQuestion};
use filiera_finding::Settlement;
use filiera_report::{csv, html, json, text, xlsx};

use crate::arguments::{Format, Settle};
use crate::check::{library, pack_and_name, request};
use crate::output::{Screen, write};
use crate::progress::Progress;

/// Nothing is open.
const SETTLED: u8 = 0;
/// Something is.
const OPEN: u8 = 3;

pub fn run(arguments: &Settle, screen: &Screen) -> Result<u8> {
    let format = arguments.output.format("what settles a dossier", &[Format::Jsonl, Format::Parquet])?;
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let dossier = Dossier::read(&request(&arguments.read, arguments.readings), &library)?;
    let named = arguments.condition.as_deref().map(pack_and_name);
    let question = SettleQuestion {
        condition: named.map(|(_, condition)| condition.to_owned()),
        pack: named.and_then(|(pack, _)| pack).map(str::to_owned),
        subject: arguments.subject.clone(),
        within: usize::from(arguments.within),
    };
    let settlement = {
        let progress = Progress::new("settling");
        dossier.settle(&question, &|done, of| progress.tell(done, of))?
    };
    let out = arguments.output.out.as_deref();
    write(out, format == Format::Xlsx, |out| render(arguments, screen, &settlement, format, out))?;
    Ok(if settlement.settlings.is_empty() { SETTLED } else { OPEN })
}

fn render(
    arguments: &Settle,
    screen: &Screen,
    settlement: &Settlement,
    format: Format,
    mut out: &mut dyn Write,
) -> Result<()> {
    match format {
        Format::Text => {
            let options = screen.text(arguments.verbose, &arguments.read.dossier);
            out.write_all(text::settle(settlement, &options).as_bytes())?;
        }
        Format::Json | Format::Jsonl | Format::Parquet => {
            out.write_all(json::settle(settlement).as_bytes())?
        }
        Format::Csv => csv::settlings(settlement, &mut out)?,
        Format::Xlsx => out.write_all(&xlsx::settlement(settlement)?)?,
        Format::Html => out.write_all(html::settlement(settlement)?.as_bytes())?,
    }
    Ok(())
}
