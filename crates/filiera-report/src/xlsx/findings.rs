use filiera_finding::{Finding, Reason, fraction};
use filiera_model::{Bounds, End};
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::digest::Digest;
use crate::number::count;

/// Findings a sheet holds; its format ends at 1,048,576 rows.
const MOST_ROWS: usize = 1_000_000;

/// The columns with their widths; verdicts stand in columns 5 and 6.
const COLUMNS: [(&str, u16); 31] = [
    ("pack", 26),
    ("condition", 24),
    ("reading", 16),
    ("subject", 24),
    ("on", 12),
    ("range", 15),
    ("legal", 15),
    ("operator", 10),
    ("threshold", 12),
    ("threshold (exact)", 14),
    ("lower", 13),
    ("upper", 13),
    ("lower (exact)", 18),
    ("upper (exact)", 18),
    ("ends", 16),
    ("bounds", 9),
    ("legal lower", 13),
    ("legal upper", 13),
    ("legal lower (exact)", 18),
    ("legal upper (exact)", 18),
    ("rows yes", 9),
    ("rows no", 9),
    ("rows maybe", 9),
    ("reason", 40),
    ("missing", 40),
    ("members", 30),
    ("due", 12),
    ("unverified", 11),
    ("remarks", 40),
    ("pack status", 12),
    ("form", 9),
];

/// Every finding, as written and under the readings, with typed cells.
pub(super) fn findings(sheet: &mut Worksheet, digest: &Digest<'_>) -> Result<(), XlsxError> {
    let mut sheet = Sheet::new(sheet, "Findings", &COLUMNS)?;
    let run = digest.run;
    for finding in run.findings.iter().chain(&run.readings).take(MOST_ROWS) {
        sheet.row(row(finding))?;
    }
    let left = (run.findings.len() + run.readings.len()).saturating_sub(MOST_ROWS);
    if left > 0 {
        sheet.row(vec![Cell::Bold(format!(
            "{} findings more: CSV and JSON Lines hold all",
            count(left as u64)
        ))])?;
    }
    sheet.finish(&[5, 6])
}

fn row(finding: &Finding) -> Vec<Cell> {
    let percent = finding.form.is_share();
    let mut cells = vec![
        Cell::text(&finding.pack),
        Cell::text(&finding.condition),
        Cell::maybe(finding.reading.clone()),
        Cell::text(&finding.subject),
        Cell::maybe(finding.on.map(|day| day.to_string())),
        Cell::Text(finding.verdict.to_string()),
        Cell::Text(finding.legal.to_string()),
        Cell::maybe(finding.operator.map(|operator| operator.sign())),
        finding.threshold.as_ref().map_or(Cell::Empty, |t| Cell::number(t, percent)),
        Cell::maybe(finding.threshold.as_ref().map(filiera_model::Exact::to_fraction)),
    ];
    cells.extend(ends(finding.bounds.as_ref(), percent));
    cells.push(Cell::maybe(finding.bounds.as_ref().map(open_ends)));
    cells.push(Cell::maybe(finding.bounds.as_ref().map(|bounds| bounds.quality.name())));
    cells.extend(ends(finding.legal_bounds.as_ref(), percent));
    cells.extend([finding.rows.yes, finding.rows.no, finding.rows.maybe].map(Cell::Count));
    cells.extend(words(finding));
    cells
}

/// Lower and upper as numbers, then as fractions.
fn ends(bounds: Option<&Bounds>, percent: bool) -> [Cell; 4] {
    let (lower, upper) = (bounds.map(|b| &b.lower), bounds.map(|b| &b.upper));
    let number = |end: Option<&End>| {
        end.and_then(|end| end.value.as_ref()).map_or(Cell::Empty, |value| Cell::number(value, percent))
    };
    let exact = |end: Option<&End>| Cell::maybe(end.and_then(fraction));
    [number(lower), number(upper), exact(lower), exact(upper)]
}

fn open_ends(bounds: &Bounds) -> &'static str {
    match (bounds.lower.open, bounds.upper.open) {
        (false, false) => "both attained",
        (true, false) => "lower not attained",
        (false, true) => "upper not attained",
        (true, true) => "neither attained",
    }
}

fn words(finding: &Finding) -> [Cell; 8] {
    [
        Cell::maybe(finding.reason.map(Reason::sentence)),
        Cell::text(&finding.missing.join("; ")),
        Cell::text(&finding.members.join("; ")),
        Cell::maybe(
            finding.due.map(|due| format!("{}{}", due.on, if due.to_come { ", not yet" } else { "" })),
        ),
        Cell::maybe(finding.unverified.then_some("UNVERIFIED")),
        Cell::text(&finding.remarks.join("; ")),
        Cell::text(&finding.pack_status),
        Cell::text(finding.form.name()),
    ]
}
