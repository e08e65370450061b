//! The roll-up benchmark, end to end from Parquet or from a compressed part list.
//!
//! ```text
//! roll_up generate DIR                 writes DIR/parts.parquet and DIR/bom.parquet
//! roll_up lines DIR [OUT.csv]          reads them, totals every part
//! roll_up packages NODES EDGES [OUT]   reads two .tsv.gz files, cuts cycles, totals every part
//! ```
//!
//! It measures nothing itself: `benches/roll_up/run.py` times whole runs from outside.

mod generate;
mod lines;
mod packages;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use filiera_model::Exact;
use filiera_origin::{Names, Totals};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["generate", folder] => generate::generate(Path::new(folder)),
        ["lines", folder] => lines::run(Path::new(folder), None),
        ["lines", folder, out] => lines::run(Path::new(folder), Some(Path::new(out))),
        ["packages", nodes, edges] => packages::run(Path::new(nodes), Path::new(edges), None),
        ["packages", nodes, edges, out] => {
            packages::run(Path::new(nodes), Path::new(edges), Some(Path::new(out)))
        }
        _ => bail!("usage: roll_up generate DIR | lines DIR [OUT] | packages NODES EDGES [OUT]"),
    }
}

/// Writes `part,total` rows, and always says how many there are and what they add up to.
#[expect(clippy::print_stdout, reason = "the result of the run")]
fn report(names: &Names, totals: &Totals, out: Option<&Path>) -> anyhow::Result<()> {
    let each = || (0..names.len() as u32).filter_map(|node| totals.get(node));
    let sum = match totals.whole() {
        Some(mut whole) => whole.try_fold(0i128, i128::checked_add).map(Exact::from_int),
        None => None,
    };
    let sum = sum.unwrap_or_else(|| each().sum());
    println!(
        "{{\"parts\": {}, \"sum\": \"{sum}\", \"beyond_128_bits\": {}}}",
        names.len(),
        totals.beyond_128_bits()
    );
    let Some(path) = out else { return Ok(()) };
    let mut file = BufWriter::new(File::create(path).context("cannot write the totals")?);
    for (name, total) in names.iter().zip(each()) {
        writeln!(file, "{name},{total}")?;
    }
    Ok(file.flush()?)
}
