//! One table of findings for spreadsheets and scripts: UTF-8, comma, one header row.

mod ownership;
mod settle;
mod table;

use std::io::Write;

use filiera_finding::{
    Diff, DueDay, DueItem, DueList, Finding, Matrix, Reason, Regime, Run, VerdictChange, decimal_down,
    decimal_up, fraction,
};
use filiera_model::{Bounds, End, Exact, Operator};

pub(crate) use self::table::Table;
use crate::ReportError;

pub use ownership::{OWNERSHIP_COLUMNS, ownership};
pub use settle::{SETTLING_COLUMNS, settlings};

/// The columns, in order; they mean what the same keys of the JSON mean. Lists are joined by `; `.
pub const COLUMNS: [&str; 34] = [
    "pack",
    "pack_status",
    "condition",
    "reading",
    "subject",
    "on",
    "verdict",
    "legal",
    "form",
    "operator",
    "threshold",
    "lower",
    "upper",
    "lower_fraction",
    "upper_fraction",
    "lower_open",
    "upper_open",
    "bounds",
    "legal_lower_fraction",
    "legal_upper_fraction",
    "rows_yes",
    "rows_no",
    "rows_maybe",
    "reason",
    "missing",
    "members",
    "due_on",
    "due_to_come",
    "unverified",
    "remarks",
    "pack_hash",
    "evidence_hash",
    "law_as_of",
    "facts_as_of",
];

/// Writes the findings as written, then those of the readings.
///
/// A text of the user's that a spreadsheet would run as a formula (`=`, `+`, `-` or `@` first, and
/// no number) gets an apostrophe before it.
///
/// # Errors
/// [`ReportError::Csv`] or [`ReportError::Write`] when `out` refuses the text.
pub fn findings(run: &Run, out: impl Write) -> Result<(), ReportError> {
    let mut table = Table::new(out, COLUMNS)?;
    for finding in run.findings.iter().chain(&run.readings) {
        table.row(record(finding))?;
    }
    table.end()
}

/// The columns of [`due`].
pub const DUE_COLUMNS: [&str; 11] =
    ["on", "overdue", "kind", "name", "party", "what", "document", "place", "falls", "rises", "changes"];

/// Writes one row per thing that ends or falls due: how many verdicts fall with it, how many become
/// better, and which, as `condition of subject: before -> after`, joined by `; `.
///
/// # Errors
/// [`ReportError::Csv`] or [`ReportError::Write`] when `out` refuses the text.
pub fn due(list: &DueList, out: impl Write) -> Result<(), ReportError> {
    let mut table = Table::new(out, DUE_COLUMNS)?;
    for day in &list.days {
        for (place, item) in day.items.iter().enumerate() {
            table.row(due_record(day, place, item))?;
        }
    }
    table.end()
}

/// The cells of one thing that ends, in the order of [`DUE_COLUMNS`].
pub(crate) fn due_record(day: &DueDay, place: usize, item: &DueItem) -> Vec<String> {
    let own: Vec<&VerdictChange> =
        day.changes.iter().filter(|change| change.because.contains(&place)).collect();
    let falls = own.iter().filter(|change| change.falls()).count();
    let told = own.iter().map(|change| {
        let (before, after) = (change.before, change.after);
        format!("{} of {}: {} -> {}", change.condition, change.subject, before.range, after.range)
    });
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        day.on.to_string(),
        day.overdue.to_string(),
        item.kind.name().to_owned(),
        item.name.clone(),
        maybe(&item.party),
        maybe(&item.what),
        maybe(&item.document),
        maybe(&item.place),
        falls.to_string(),
        (own.len() - falls).to_string(),
        told.collect::<Vec<_>>().join("; "),
    ]
}

/// The columns of [`diff`].
pub const DIFF_COLUMNS: [&str; 10] = [
    "pack",
    "condition",
    "subject",
    "verdict_before",
    "verdict_after",
    "legal_before",
    "legal_after",
    "cause",
    "certified",
    "items",
];

/// Writes one row per finding that changes; `items` names what has a hand in it, joined by `; `.
///
/// # Errors
/// As [`findings`].
pub fn diff(diff: &Diff, out: impl Write) -> Result<(), ReportError> {
    let mut table = Table::new(out, DIFF_COLUMNS)?;
    for change in &diff.changes {
        let items: Vec<String> =
            change.cause.items.iter().flat_map(|item| crate::text::item_lines(item, true)).collect();
        for subject in &change.subjects {
            let cells = [
                change.shown.pack.as_str(),
                &change.shown.condition,
                subject,
                change.before.range.name(),
                change.after.range.name(),
                change.before.legal.name(),
                change.after.legal.name(),
                change.cause_kind(),
                if change.cause.certified { "true" } else { "false" },
                &items.join("; "),
            ];
            table.row(cells)?;
        }
    }
    table.end()
}

/// The columns of a matrix: those of the market first, then [`COLUMNS`].
const OF_MARKET: [&str; 3] = ["as_for", "judged_as", "named"];

/// Writes one row per subject and regime, regimes in order; columns as [`findings`], after the market
/// the subject was judged as if for and whether the dossier names the pack.
///
/// # Errors
/// As [`findings`].
pub fn matrix(matrix: &Matrix, out: impl Write) -> Result<(), ReportError> {
    let mut table = Table::new(out, OF_MARKET.into_iter().chain(COLUMNS))?;
    for regime in &matrix.regimes {
        for finding in &regime.findings {
            table.row(of_market(regime).into_iter().chain(record(finding)))?;
        }
    }
    table.end()
}

fn of_market(regime: &Regime) -> [String; 3] {
    let market = regime.market.as_ref();
    [
        market.map(|market| market.name.clone()).unwrap_or_default(),
        market.map(|market| market.judged_as.alpha2().to_owned()).unwrap_or_default(),
        regime.is_named.to_string(),
    ]
}

/// The cells of one finding, in the order of [`COLUMNS`].
pub(crate) fn record(finding: &Finding) -> Vec<String> {
    let mut cells = identity(finding);
    cells.extend(value(finding));
    cells.extend([finding.rows.yes, finding.rows.no, finding.rows.maybe].map(|n| n.to_string()));
    cells.push(finding.reason.map(Reason::name).unwrap_or_default().to_owned());
    cells.extend([finding.missing.join("; "), finding.members.join("; ")]);
    cells.push(finding.due.map(|due| due.on.to_string()).unwrap_or_default());
    cells.push(finding.due.map(|due| due.to_come.to_string()).unwrap_or_default());
    cells.extend([finding.unverified.to_string(), finding.remarks.join("; ")]);
    cells.extend([finding.pack_hash.clone(), finding.evidence_hash.clone()]);
    cells.extend([finding.law_as_of.to_string(), finding.facts_as_of.to_string()]);
    cells
}

fn identity(finding: &Finding) -> Vec<String> {
    vec![
        finding.pack.clone(),
        finding.pack_status.clone(),
        finding.condition.clone(),
        finding.reading.clone().unwrap_or_default(),
        finding.subject.clone(),
        finding.on.map(|day| day.to_string()).unwrap_or_default(),
        finding.verdict.name().to_owned(),
        finding.legal.name().to_owned(),
        finding.form.name().to_owned(),
        finding.operator.map(Operator::name).unwrap_or_default().to_owned(),
        finding.threshold.as_ref().map(Exact::to_text).unwrap_or_default(),
    ]
}

fn value(finding: &Finding) -> [String; 9] {
    let bounds = finding.bounds.as_ref();
    let legal = finding.legal_bounds.as_ref();
    let (lower, upper) = (bounds.map(|b| &b.lower), bounds.map(|b| &b.upper));
    [
        lower.and_then(decimal_down).unwrap_or_default(),
        upper.and_then(decimal_up).unwrap_or_default(),
        lower.and_then(fraction).unwrap_or_default(),
        upper.and_then(fraction).unwrap_or_default(),
        open(lower),
        open(upper),
        bounds.map(|b| b.quality.name()).unwrap_or_default().to_owned(),
        end(legal, |b| &b.lower),
        end(legal, |b| &b.upper),
    ]
}

fn end(bounds: Option<&Bounds>, which: fn(&Bounds) -> &End) -> String {
    bounds.map(which).and_then(fraction).unwrap_or_default()
}

fn open(end: Option<&End>) -> String {
    end.map(|end| end.open.to_string()).unwrap_or_default()
}
