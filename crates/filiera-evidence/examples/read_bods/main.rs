//! Reading statements of beneficial ownership: how long it takes and how much memory.
//!
//! ```text
//! read_bods generate FILE [STATEMENTS]   writes BODS 0.4, one statement per line, 1,000,000 unless stated
//! read_bods read FILE                    reads it as a dossier is read, and says what it took
//! ```

mod generate;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use filiera_evidence::{ReadOptions, read_any};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["generate", file] => generate::generate(Path::new(file), 1_000_000),
        ["generate", file, statements] => generate::generate(Path::new(file), statements.parse()?),
        ["read", file] => read(Path::new(file)),
        _ => bail!("usage: read_bods generate FILE [STATEMENTS] | read FILE"),
    }
}

#[expect(clippy::disallowed_methods, reason = "this program measures")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "the result of the run")]
fn read(path: &Path) -> anyhow::Result<()> {
    let start = now();
    let any = read_any(path, ReadOptions::default())?;
    let seconds = start.elapsed().as_secs_f64(); // display only
    let tables: Vec<String> =
        any.tables.iter().map(|(kind, table)| format!("\"{}\": {}", kind.name(), table.len())).collect();
    let bytes = fs::metadata(path)?.len();
    println!(
        "{{\"format\": \"{}\", \"mebibytes\": {}, \"faults\": {}, {}, \"seconds\": {seconds:.2}, \"peak_mebibytes\": {}}}",
        any.format,
        bytes >> 20,
        any.report.faults.len(),
        tables.join(", "),
        peak_mebibytes().map_or_else(|_| "null".to_owned(), |peak| peak.to_string()),
    );
    Ok(())
}

/// The most memory this process ever held, where the system tells.
fn peak_mebibytes() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes >> 10)
}
