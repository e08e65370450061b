use std::path::Path;
use std::sync::Arc;

use filiera_engine::{DiffDays, Settings, diff_packs};
use filiera_finding::Diff;
use filiera_packs::Pack;

use crate::check::Dossier;
use crate::{FilieraError, Library, PackText, Request};

/// Two texts of a pack, and what to judge by them.
#[derive(Clone, Debug)]
pub struct PackDiffRequest {
    /// The older text: an id of the library or a file.
    pub old: String,
    /// The newer text.
    pub new: String,
    /// The dossier whose findings are compared, and the clocks; `request.packs` is not used. Without
    /// a dossier only the texts are compared, and the request serves its clocks.
    pub request: Request,
    /// Whether there is a dossier at `request.path`.
    pub has_dossier: bool,
}

/// Who changes verdict between two days of the law, on which condition, because of which dated
/// value. `progress` hears how many of how many judgements are done.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::check`].
pub fn diff(
    request: &Request,
    library: &Library,
    days: DiffDays,
    progress: &dyn Fn(usize, usize),
) -> Result<Diff, FilieraError> {
    Dossier::read(request, library)?.diff(days, progress)
}

/// What a newer text of a pack says otherwise and, with a dossier, who changes verdict.
///
/// # Errors
/// [`FilieraError::Packs`] with every fault of both texts; with a dossier also as [`diff`].
pub fn diff_of_packs(
    asked: &PackDiffRequest,
    library: &Library,
    progress: &dyn Fn(usize, usize),
) -> Result<Diff, FilieraError> {
    let here = Path::new(".");
    let new = library.text(&asked.new, here)?;
    // Both are the same regime, whatever the files are called.
    let old = PackText { id: new.id.clone(), ..library.text(&asked.old, here)? };
    let (was, mut others) = with_members(library, old)?;
    let (is, more) = with_members(library, new)?;
    others.extend(
        more.into_iter().filter(|pack| others.iter().all(|known| known.id != pack.id)).collect::<Vec<_>>(),
    );
    let request = &asked.request;
    if !asked.has_dossier {
        let settings = Settings {
            law_as_of: request.law_as_of,
            facts_as_of: request.facts_as_of,
            readings: false,
            unverified: request.unverified,
            cut_cycles: request.cut_cycles,
        };
        let zones = library.read(&[])?.zones;
        let found = diff_packs(None, &was, &is, &others, &zones, &settings, progress);
        return found.map_err(|error| FilieraError::of_engine(error, &[]));
    }
    let packs = library.read(&[])?;
    let dossier = Dossier::read_evidence(request)?.with(packs, request)?;
    dossier.diff_packs([&was, &is], &others, progress)
}

/// A pack, and those that come along with it.
fn with_members(library: &Library, text: PackText) -> Result<(Arc<Pack>, Vec<Arc<Pack>>), FilieraError> {
    let mut read = library.read(&[text])?.packs.into_iter();
    let first = read.next().ok_or(FilieraError::NoPacks)?;
    Ok((first, read.collect()))
}
