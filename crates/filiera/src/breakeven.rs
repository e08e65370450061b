use filiera_engine::Question;
use filiera_finding::Breakeven;

use crate::check::Dossier;
use crate::{FilieraError, Library, Request};

/// What would have to change for one subject's share or ratio to stand exactly on its threshold: the
/// weight that must move, and the price of each of `parts` (of the heaviest, when none is named).
///
/// `progress` hears how many of how many parts are done.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::explain`]; also when the condition has no break-even.
pub fn breakeven(
    request: &Request,
    library: &Library,
    question: Question<'_>,
    parts: &[String],
    progress: &dyn Fn(usize, usize),
) -> Result<Breakeven, FilieraError> {
    Dossier::read(request, library)?.breakeven(question, parts, progress)
}
