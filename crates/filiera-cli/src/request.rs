use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use filiera::{Asking, Dossier};
use filiera_finding::SupplierRequest;
use filiera_model::Day;
use filiera_report::{json, text, xlsx};

use crate::arguments::{Plain, RequestPapers};
use crate::check::{library, request};
use crate::clock::today;
use crate::output::{Screen, create_folder, print, write};
use crate::progress::Progress;

/// Days a supplier has for an answer.
const ANSWER_DAYS: i32 = 30;

pub fn run(arguments: &RequestPapers, screen: &Screen) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let dossier = Dossier::read(&request(&arguments.read, arguments.all), &library)?;
    let on = arguments.on.unwrap_or_else(today);
    let asking = Asking {
        on,
        answer_by: arguments.by.unwrap_or_else(|| Day::from_days(on.days().saturating_add(ANSWER_DAYS))),
        asker: arguments.asker.clone(),
        suppliers: arguments.suppliers.clone(),
        basis: arguments.basis.clone(),
        idle: arguments.all,
    };
    let set = {
        let progress = Progress::new("judging");
        dossier.request(&asking, &|done, of| progress.tell(done, of))?
    };
    let mut files = Vec::new();
    if let Some(folder) = &arguments.out {
        let paths = paths(folder, &set.requests);
        refuse_to_overwrite(&paths, arguments.force)?;
        // Every workbook is made before the first is written.
        let made = set.requests.iter().map(xlsx::request).collect::<Result<Vec<_>, _>>()?;
        create_folder(folder)?;
        for (path, bytes) in paths.iter().zip(&made) {
            write(Some(path), true, |out| Ok(out.write_all(bytes)?))?;
            files.push(path.display().to_string());
        }
    }
    match arguments.format {
        Plain::Text => {
            print(&text::request(&set, &files, &screen.text(arguments.verbose, &arguments.read.dossier)))?;
        }
        Plain::Json => print(&json::request(&set, &files))?,
    }
    Ok(if set.requests.is_empty() { 3 } else { 0 })
}

fn refuse_to_overwrite(paths: &[PathBuf], force: bool) -> Result<()> {
    let taken: Vec<String> =
        paths.iter().filter(|path| path.exists()).map(|path| format!("`{}`", path.display())).collect();
    if !taken.is_empty() && !force {
        bail!("{} would be overwritten; choose another folder, or give --force", taken.join(", "));
    }
    Ok(())
}

/// One file per supplier, named after it as far as a file name can be.
fn paths(folder: &Path, requests: &[SupplierRequest]) -> Vec<PathBuf> {
    let mut names: Vec<String> = Vec::new();
    for request in requests {
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
        let stem: String = request.supplier.chars().map(plain).take(60).collect();
        let taken = |name: &String| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        let numbered = (2..).map(|n| format!("request-{stem}-{n}.xlsx"));
        let name = std::iter::once(format!("request-{stem}.xlsx")).chain(numbered).find(|name| !taken(name));
        names.extend(name);
    }
    names.into_iter().map(|name| folder.join(name)).collect()
}
