use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use filiera::{AppendedFile, Dossier, Library, Receiving, Request, receive};
use filiera_report::{json, text};

use crate::BAD_INPUT;
use crate::arguments::{Plain, Receive};
use crate::check::{library, request};
use crate::clock::today;
use crate::output::{Screen, print, write};
use crate::progress::Progress;

pub fn run(arguments: &Receive, screen: &Screen) -> Result<u8> {
    let library = library(arguments.read.by.packs_dir.as_deref())?;
    let request = request(&arguments.read, false);
    let on = arguments.on.unwrap_or_else(today);
    let receiving = Receiving { files: arguments.files.clone(), on };
    let mut received = {
        let progress = Progress::new("judging");
        receive(&request, &library, &receiving, &|done, of| progress.tell(done, of))?
    };
    if arguments.write && !received.files.is_empty() {
        write_all(&received.files)?;
        verify(&request, &library, &received.evidence_hash, &received.files)?;
        received.receipt.is_written = true;
    }
    let receipt = &received.receipt;
    match arguments.format {
        Plain::Text => {
            print(&text::answers(receipt, &screen.text(arguments.verbose, &arguments.read.dossier)))?;
        }
        Plain::Json => print(&json::answers(receipt))?,
    }
    Ok(match (receipt.is_sound(), receipt.answers.is_empty()) {
        (false, _) => BAD_INPUT,
        (true, true) => 3,
        (true, false) => 0,
    })
}

/// Writes every file whole, or none: what was written is taken back when one cannot be.
fn write_all(files: &[AppendedFile]) -> Result<()> {
    for file in files {
        let now = fs::read(&file.path).ok();
        if now != file.old {
            bail!("`{}` has changed meanwhile; nothing was written, run the command again", file.name);
        }
    }
    for (done, file) in files.iter().enumerate() {
        if let Err(error) = put(&file.path, &file.new) {
            take_back(files.get(..done).unwrap_or_default())?;
            return Err(error);
        }
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    write(Some(path), false, |out: &mut dyn Write| Ok(out.write_all(bytes)?))
}

fn take_back(files: &[AppendedFile]) -> Result<()> {
    for file in files {
        let undone = match &file.old {
            Some(old) => put(&file.path, old),
            None => fs::remove_file(&file.path).map_err(Into::into),
        };
        undone.with_context(|| format!("`{}` could not be taken back", file.name))?;
    }
    Ok(())
}

/// The dossier as written must hold exactly the evidence that was judged.
fn verify(request: &Request, library: &Library, hash: &str, files: &[AppendedFile]) -> Result<()> {
    let read = Dossier::read(request, library).map(|dossier| dossier.evidence_hash());
    if read.as_ref().is_ok_and(|found| found == hash) {
        return Ok(());
    }
    take_back(files)?;
    bail!(
        "the rows would not be read back as they were judged, so nothing was written; add them by hand, or give the table a file of its own in dossier.toml"
    )
}
