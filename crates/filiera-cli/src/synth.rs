use anyhow::Result;
use filiera::synth::{self, FileFormat, Options, Written};

use crate::arguments::{Scenario, Synth, TableFormat};
use crate::output::complain;
use crate::progress::Progress;

/// Fills a folder with a fleet that nobody built.
pub fn run(arguments: &Synth) -> Result<u8> {
    let progress = Progress::of_rows("writing installed lots");
    let tell = &mut |done, of| progress.tell_rows(done, of);
    let written = synth::write(&options(arguments), &arguments.dir, arguments.force, tell)?;
    progress.hide();
    let dir = arguments.dir.display();
    complain(&format!("{dir} holds a fleet: {}; `filiera check {dir}` judges it", sizes(&written)));
    Ok(0)
}

fn options(given: &Synth) -> Options {
    let usual = Options::new(given.vehicles, given.lines, given.lots, given.seed);
    let usual = usual.scenario(match given.scenario {
        Scenario::Plain => synth::Scenario::Plain,
        Scenario::Mixed => synth::Scenario::Mixed,
        Scenario::Odd => synth::Scenario::Odd,
    });
    let configurations = given.configurations.unwrap_or(usual.configurations);
    let parts = given.parts.unwrap_or(usual.parts);
    Options {
        parts,
        suppliers: given.suppliers.unwrap_or(usual.suppliers),
        configurations,
        models: given.models.unwrap_or(usual.models.min(configurations.max(1))),
        months: given.months.unwrap_or(usual.months),
        missing: given.missing.unwrap_or(usual.missing),
        unpriced: given.unpriced.unwrap_or(usual.unpriced),
        shared: given.shared.unwrap_or(usual.shared),
        row_group: given.row_group,
        unsorted: given.unsorted,
        format: match given.format {
            TableFormat::Parquet => FileFormat::Parquet,
            TableFormat::Csv => FileFormat::Csv,
            TableFormat::Jsonl => FileFormat::JsonLines,
        },
        ..usual
    }
}

/// The tables with their sizes, as far as a person wants to know them.
fn sizes(written: &Written) -> String {
    let texts = written.files.iter().map(|(name, bytes)| format!("{name} ({})", size(*bytes)));
    texts.collect::<Vec<_>>().join(", ")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
