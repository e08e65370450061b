use askama::Template;
use filiera_finding::{Folded, Matrix, Regime, regime_kinds};

use super::cards::Count;
use super::context::{RemarkRow, remarks};
use super::{Listed, left};
use crate::ReportError;
use crate::clean::clean;
use crate::digest::Tally;
use crate::text::{folded_stamp, regime_name, why_folded, why_not_asked};
use crate::words::{plural, stamp};

/// The most subjects that get a column of their own on the page.
const COLUMNS: usize = 8;

/// The most rows of a list on the page.
const MOST: usize = 200;

/// The matrix as one HTML file: no script, no network.
///
/// # Errors
/// [`ReportError::Page`] when the page cannot be put together.
pub fn matrix(matrix: &Matrix) -> Result<String, ReportError> {
    let (shown, folded) = matrix.fold();
    let mut parts: Vec<String> =
        matrix.kinds().iter().map(|(kind, subjects)| plural(subjects.len() as u64, kind)).collect();
    parts.push(plural(matrix.regimes.len() as u64, "regime"));
    let not_asked = Listed::first(&matrix.not_asked, MOST, |pack| {
        (clean(&pack.pack), clean(&pack.title), clean(&why_not_asked(pack)))
    });
    let page = Page {
        title: clean(&matrix.title),
        subjects: clean(&parts.join(" · ")),
        law_as_of: matrix.law_as_of.to_string(),
        facts_as_of: matrix.facts_as_of.to_string(),
        evidence: matrix.evidence_hash.clone(),
        kinds: regime_kinds(shown.iter().copied())
            .iter()
            .map(|(kind, subjects)| block(&shown, kind, subjects))
            .collect(),
        remarks: remarks(shown.iter().flat_map(|regime| &regime.findings)),
        folded: folded.iter().map(folded_row).collect(),
        not_asked,
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "matrix.html")]
struct Page {
    title: String,
    subjects: String,
    law_as_of: String,
    facts_as_of: String,
    evidence: String,
    kinds: Vec<Block>,
    remarks: Listed<RemarkRow>,
    folded: Vec<FoldedRow>,
    not_asked: Listed<(String, String, String)>,
}

/// The regimes over one kind of subject.
struct Block {
    kind: String,
    /// The subjects with a column of their own; none when there are too many.
    subjects: Vec<String>,
    rows: Vec<Row>,
    /// How many subjects stand in the counts only.
    left: String,
}

struct Row {
    name: String,
    title: String,
    stamp: Option<String>,
    cells: Vec<Option<Cell>>,
    counts: Vec<Count>,
}

struct Cell {
    legal: Count,
    range: Option<Count>,
}

/// A pack of which nothing is decided.
struct FoldedRow {
    name: String,
    title: String,
    stamp: Option<String>,
    why: String,
}

fn folded_row(pack: &Folded<'_>) -> FoldedRow {
    let why = if pack.reason.is_some() { "applies to nobody here" } else { "evidence missing" };
    FoldedRow {
        name: clean(pack.pack),
        title: clean(pack.title),
        stamp: folded_stamp(pack),
        why: clean(&format!("{why}: {}", why_folded(pack))),
    }
}

fn block(shown: &[&Regime], kind: &str, subjects: &[&str]) -> Block {
    let named: &[&str] = if subjects.len() <= COLUMNS { subjects } else { &[] };
    let own = shown.iter().filter(|regime| regime.shown.per == kind);
    Block {
        kind: clean(kind),
        subjects: named.iter().map(|subject| clean(subject)).collect(),
        rows: own.map(|regime| row(regime, named)).collect(),
        left: left(subjects.len(), named.len()),
    }
}

/// What a reader must know before relying on a row.
fn stamps(regime: &Regime) -> Option<String> {
    let is_unverified = regime.findings.iter().any(|finding| finding.unverified);
    let unverified = is_unverified.then(|| "UNVERIFIED: rests on values nobody has checked".to_owned());
    let all: Vec<String> = stamp(&regime.shown.pack_status).into_iter().chain(unverified).collect();
    (!all.is_empty()).then(|| all.join(" · "))
}

fn row(regime: &Regime, subjects: &[&str]) -> Row {
    let legal = Tally::of(regime.findings.iter().map(|finding| finding.legal));
    let cell = |subject: &&str| {
        let finding = regime.finding(subject)?;
        let range = (finding.legal != finding.verdict).then(|| Count::word(finding.verdict));
        Some(Cell { legal: Count::word(finding.legal), range })
    };
    Row {
        name: clean(&regime_name(regime)),
        title: clean(&regime.shown.title),
        stamp: stamps(regime),
        cells: subjects.iter().map(cell).collect(),
        counts: Count::all(&legal),
    }
}
