use anyhow::{Result, bail};
use filiera::{DiffDays, Library, PackDiffRequest, Request, diff, diff_of_packs};
use filiera_finding::Diff as Found;
use filiera_report::{json, text};

use crate::arguments::{Diff, Plain};
use crate::check::{library, request};
use crate::output::{Screen, print};
use crate::progress::Progress;

pub fn run(arguments: &Diff, screen: &Screen) -> Result<u8> {
    let library = library(arguments.read.packs_dir.as_deref())?;
    let found = found(arguments, &library)?;
    match arguments.format {
        Plain::Text => {
            let dossier = arguments.read.dossier.as_deref().unwrap_or(std::path::Path::new("."));
            print(&text::diff(&found, &screen.text(arguments.verbose, dossier)))?;
        }
        Plain::Json => print(&json::diff(&found))?,
    }
    Ok(u8::from(!found.is_empty()))
}

fn found(arguments: &Diff, library: &Library) -> Result<Found> {
    let progress = Progress::new("judging");
    let told = |done, of| progress.tell(done, of);
    if let [old, new] = arguments.texts.as_slice() {
        let asked = PackDiffRequest {
            old: old.clone(),
            new: new.clone(),
            request: asked(arguments),
            has_dossier: arguments.read.dossier.is_some(),
        };
        return Ok(diff_of_packs(&asked, library, &told)?);
    }
    let (Some(from), Some(to)) = (arguments.from, arguments.to) else {
        bail!("two days or two packs are compared; give `--from DATE --to DATE`, or `--packs OLD NEW`");
    };
    if arguments.read.dossier.is_none() {
        bail!("no dossier is named; give the folder whose subjects are to be compared");
    }
    let days = DiffDays { from, to, law_only: arguments.law_only };
    Ok(diff(&asked(arguments), library, days, &told)?)
}

fn asked(arguments: &Diff) -> Request {
    request(&arguments.read.clone().into(), false)
}
