use std::io::Write;

use filiera_finding::{NoSet, PaperSays, PaperSet, Settlement, Settling, decimal_down, decimal_up};

use super::table::Table;
use crate::ReportError;

/// The columns of [`settlings`], in order: papers of a set are joined by `; `, each with what it must
/// say behind `=`.
pub const SETTLING_COLUMNS: [&str; 20] = [
    "pack",
    "condition",
    "reading",
    "subject",
    "on",
    "verdict",
    "legal",
    "lower",
    "upper",
    "papers",
    "hoped",
    "hoped_minimal",
    "not_hoped",
    "alone",
    "either_way",
    "either_way_minimal",
    "not_either_way",
    "cannot_matter",
    "unforeseen",
    "evidence_hash",
];

/// Writes what settles each open finding, one a line. Texts are made harmless as in [`super::findings`].
///
/// # Errors
/// [`ReportError::Csv`] or [`ReportError::Write`] when `out` refuses the text.
pub fn settlings(settlement: &Settlement, out: impl Write) -> Result<(), ReportError> {
    let mut table = Table::new(out, SETTLING_COLUMNS)?;
    for settling in &settlement.settlings {
        table.row(settling_record(settling))?;
    }
    table.end()
}

fn settling_record(settling: &Settling) -> Vec<String> {
    let finding = &settling.finding;
    let bounds = finding.bounds.as_ref();
    let minimal =
        |set: &Option<PaperSet>| set.as_ref().map(|set| set.minimal.to_string()).unwrap_or_default();
    let why = |why: Option<NoSet>| why.map(NoSet::name).unwrap_or_default().to_owned();
    let set = |set: &Option<PaperSet>| set.as_ref().map(|set| says(&set.papers)).unwrap_or_default();
    vec![
        finding.pack.clone(),
        finding.condition.clone(),
        finding.reading.clone().unwrap_or_default(),
        finding.subject.clone(),
        finding.on.map(|day| day.to_string()).unwrap_or_default(),
        finding.verdict.name().to_owned(),
        finding.legal.name().to_owned(),
        bounds.and_then(|bounds| decimal_down(&bounds.lower)).unwrap_or_default(),
        bounds.and_then(|bounds| decimal_up(&bounds.upper)).unwrap_or_default(),
        settling.papers.join("; "),
        set(&settling.hoped),
        minimal(&settling.hoped),
        why(settling.not_hoped),
        says(&settling.alone),
        set(&settling.either_way),
        minimal(&settling.either_way),
        why(settling.not_either_way),
        settling.cannot_matter.join("; "),
        settling.unforeseen.join("; "),
        finding.evidence_hash.clone(),
    ]
}

/// `declaration:P-7=IT; price:P-8=at most 12 EUR`.
fn says(papers: &[PaperSays]) -> String {
    let one = |says: &PaperSays| match &says.says {
        Some(text) => format!("{}={text}", says.paper),
        None => says.paper.clone(),
    };
    papers.iter().map(one).collect::<Vec<_>>().join("; ")
}
