use std::path::Path;

use filiera_finding::Matrix;

use crate::check::Dossier;
use crate::{FilieraError, Library, Packs, Request};

/// Judges a dossier's subjects under every pack of the library whose evidence is there, the packs
/// the dossier names from files of its own included; under those that `request` names, when it
/// names some.
///
/// `progress` hears how many of how many runs are done.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::check`]; a pack of the library that does not fit the
/// dossier's columns is listed as not asked, and no error.
pub fn all_markets(
    request: &Request,
    library: &Library,
    progress: &dyn Fn(usize, usize),
) -> Result<Matrix, FilieraError> {
    let evidence = Dossier::read_evidence(request)?;
    let (names, base) = evidence.named(request);
    let packs =
        if request.packs.is_empty() { every(library, &names, base)? } else { library.load(&names, base)? };
    let own: Vec<String> = names.iter().map(|name| id_of(name)).collect();
    let dossier = evidence.with(packs, request)?;
    dossier.matrix(&|pack| own.contains(&pack.id), progress)
}

/// Every pack of the library, then the files that the dossier names.
fn every(library: &Library, names: &[String], base: &Path) -> Result<Packs, FilieraError> {
    let mut texts = library.packs();
    for name in names {
        let text = library.text(name, base)?;
        if !texts.iter().any(|known| known.id == text.id) {
            texts.push(text);
        }
    }
    library.read(&texts)
}

/// The id that a pack named so has.
fn id_of(name: &str) -> String {
    if !name.ends_with(".toml") {
        return name.to_owned();
    }
    Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
