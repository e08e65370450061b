use std::path::PathBuf;

use anyhow::{Result, bail};
use filiera::Cluster;

use crate::arguments::{Check, Format};
use crate::check::{library, request};
use crate::fleet::can_be_held;
use crate::output::{Screen, complain};

const PROGRAM: &str = "filiera-cluster";

/// A check of a fleet whose installed parts are added up on a cluster.
pub fn run(arguments: &Check, scheduler: &str, screen: &Screen) -> Result<u8> {
    let format = arguments.output.format("a check", &[])?;
    if matches!(format, Format::Xlsx | Format::Html) {
        bail!("a cluster counts vehicles, as text or json, or lists them, as jsonl, csv or parquet");
    }
    if format == Format::Parquet && arguments.output.out.is_none() {
        bail!("a Parquet file is written to a file; give `--out findings.parquet`");
    }
    let cluster = Cluster {
        program: program(),
        scheduler: scheduler.to_owned(),
        share: arguments.share.clone(),
        rows: arguments.rows.clone(),
        patience: arguments.patience,
        range_rows: arguments.range_rows,
        at_once: arguments.at_once,
        tries: None,
    };
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let fleet = cluster.open(&request(&arguments.read, arguments.readings), &library)?;
    let told = crate::fleet::run(arguments, screen, &fleet, format);
    match &told {
        Ok(_) if arguments.verbose => {
            complain(
                "note: a cluster does not tell which papers decide most vehicles; a check without `--cluster` does",
            );
        }
        Err(error) if can_be_held(error) => {
            complain(
                "note: a cluster only adds up: a check without `--cluster` judges what is more than a sum, and \
                      says where cells are faulty",
            );
        }
        _ => {}
    }
    told
}

/// `FILIERA_CLUSTER`, or the program beside this one, or whatever has its name.
#[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("FILIERA_CLUSTER") {
        return named.into();
    }
    let beside = std::env::current_exe().ok().map(|own| own.with_file_name(PROGRAM));
    beside.filter(|program| program.is_file()).unwrap_or_else(|| PROGRAM.into())
}
