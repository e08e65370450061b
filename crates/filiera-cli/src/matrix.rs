use std::io::Write;

use anyhow::Result;
use filiera::{all_markets, exit_code};
use filiera_finding::Matrix;
use filiera_report::{csv, html, json, text, xlsx};

use crate::arguments::{Check, Format};
use crate::check::{exit_by, library, request, warn};
use crate::output::{Screen, write};
use crate::progress::Progress;

/// `filiera check --all-markets`.
pub fn run(arguments: &Check, screen: &Screen) -> Result<u8> {
    let format = arguments.output.format("a matrix", &[Format::Jsonl, Format::Parquet])?;
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let matrix = {
        let progress = Progress::new("judging");
        all_markets(&request(&arguments.read, false), &library, &|done, of| progress.tell(done, of))?
    };
    let out = arguments.output.out.as_deref();
    write(out, format == Format::Xlsx, |out| render(arguments, screen, &matrix, format, out))?;
    warn(&matrix.left_out, arguments.verbose);
    Ok(exit_code(matrix.deciding(), exit_by(arguments.exit)))
}

fn render(
    arguments: &Check,
    screen: &Screen,
    matrix: &Matrix,
    format: Format,
    mut out: &mut dyn Write,
) -> Result<()> {
    match format {
        Format::Text => {
            let options = screen.text(arguments.verbose, &arguments.read.dossier);
            out.write_all(text::matrix(matrix, &options).as_bytes())?;
        }
        Format::Json | Format::Jsonl | Format::Parquet => out.write_all(json::matrix(matrix).as_bytes())?,
        Format::Csv => csv::matrix(matrix, &mut out)?,
        Format::Xlsx => out.write_all(&xlsx::matrix(matrix)?)?,
        Format::Html => out.write_all(html::matrix(matrix)?.as_bytes())?,
    }
    Ok(())
}
