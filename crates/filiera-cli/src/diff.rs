use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use filiera::{DiffDays, Library, PackDiffRequest, Request, diff, diff_of_packs};
use filiera_finding::Diff as Found;
use filiera_report::{csv, html, json, text};

use crate::arguments::{Diff, Format};
use crate::check::{library, request_at};
use crate::output::{Screen, write};
use crate::progress::Progress;

pub fn run(arguments: &Diff, screen: &Screen) -> Result<u8> {
    let format = arguments.output.format("a comparison", &[Format::Jsonl, Format::Xlsx, Format::Parquet])?;
    let library = library(arguments.by.packs_dir.as_deref())?;
    let found = found(arguments, &library)?;
    write(arguments.output.out.as_deref(), false, |out| render(arguments, screen, &found, format, out))?;
    Ok(u8::from(!found.is_empty()))
}

fn render(
    arguments: &Diff,
    screen: &Screen,
    found: &Found,
    format: Format,
    mut out: &mut dyn Write,
) -> Result<()> {
    match format {
        Format::Csv => csv::diff(found, &mut out)?,
        Format::Html => out.write_all(html::diff(found)?.as_bytes())?,
        Format::Json => out.write_all(json::diff(found).as_bytes())?,
        _ => {
            let dossier = arguments.dossier.as_deref().unwrap_or(Path::new("."));
            out.write_all(text::diff(found, &screen.text(arguments.verbose, dossier)).as_bytes())?;
        }
    }
    Ok(())
}

fn found(arguments: &Diff, library: &Library) -> Result<Found> {
    let progress = Progress::new("judging");
    let told = |done, of| progress.tell(done, of);
    if let [old, new] = arguments.texts.as_slice() {
        let asked = PackDiffRequest {
            old: old.clone(),
            new: new.clone(),
            request: asked(arguments),
            has_dossier: arguments.dossier.is_some(),
        };
        return Ok(diff_of_packs(&asked, library, &told)?);
    }
    let (Some(from), Some(to)) = (arguments.from, arguments.to) else {
        bail!("two days or two packs are compared; give `--from DATE --to DATE`, or `--packs OLD NEW`");
    };
    if arguments.dossier.is_none() {
        bail!("no dossier is named; give the folder whose subjects are to be compared");
    }
    let days = DiffDays { from, to, law_only: arguments.law_only };
    Ok(diff(&asked(arguments), library, days, &told)?)
}

fn asked(arguments: &Diff) -> Request {
    request_at(arguments.dossier.as_deref().unwrap_or(Path::new("")), &arguments.by, false)
}
