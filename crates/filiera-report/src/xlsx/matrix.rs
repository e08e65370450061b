use filiera_finding::{Finding, Matrix, Regime};
use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::ReportError;
use crate::digest::Tally;
use crate::text::{regime_name, why_not_asked};
use crate::words::{VERDICTS, stamp};

/// The most subjects of a sheet; the last row says how many are left out.
const MOST_SUBJECTS: usize = 1_000_000;

/// The most regimes that stand beside each other; a sheet holds no more columns.
const MOST_REGIMES: usize = 16_000;

/// The workbook of a matrix: one sheet per kind of subject, the regimes, and what was not asked.
///
/// # Errors
/// [`ReportError::Xlsx`] when the format refuses the workbook.
pub fn matrix(matrix: &Matrix) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&super::properties(&matrix.title, matrix.law_as_of)?);
    for (place, (kind, subjects)) in matrix.kinds().into_iter().enumerate() {
        let own: Vec<&Regime> = matrix.regimes.iter().filter(|regime| regime.shown.per == kind).collect();
        subjects_sheet(&mut workbook, &sheet_name(place, kind), &own, &subjects)?;
    }
    regimes(&mut workbook, matrix)?;
    not_asked(&mut workbook, matrix)?;
    Ok(workbook.save_to_buffer()?)
}

/// A name that a sheet may have: 31 characters, none of those the format keeps for itself.
fn sheet_name(place: usize, kind: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') { c } else { ' ' };
    let name: String = format!("{} {kind}", place + 1).chars().map(plain).take(31).collect();
    name.trim().to_owned()
}

/// Subjects down, regimes across; each cell the legal verdict, with the range where it differs.
fn subjects_sheet(
    workbook: &mut Workbook,
    name: &str,
    regimes: &[&Regime],
    subjects: &[&str],
) -> Result<(), XlsxError> {
    let regimes = regimes.get(..MOST_REGIMES).unwrap_or(regimes);
    let titles: Vec<String> = regimes.iter().map(|regime| regime_name(regime)).collect();
    let columns = titles.iter().map(|title| (title.as_str(), 24));
    let columns: Vec<(&str, u16)> = std::iter::once(("subject", 28)).chain(columns).collect();
    let mut sheet = Sheet::new(workbook.add_worksheet(), name, &columns)?;
    for subject in subjects.iter().take(MOST_SUBJECTS) {
        let cells = regimes.iter().map(|regime| regime.finding(subject).map_or(Cell::Empty, verdicts));
        sheet.row(std::iter::once(Cell::text(subject)).chain(cells).collect())?;
    }
    let left = subjects.len().saturating_sub(MOST_SUBJECTS);
    if left > 0 {
        sheet.row(vec![Cell::Bold(format!("{left} more subjects: CSV and JSON hold all of them"))])?;
    }
    let verdicts: Vec<u16> = (1..).take(regimes.len()).collect();
    sheet.finish(&verdicts)
}

fn verdicts(finding: &Finding) -> Cell {
    if finding.legal == finding.verdict {
        Cell::Text(finding.legal.to_string())
    } else {
        Cell::Text(format!("{} (range: {})", finding.legal, finding.verdict))
    }
}

fn regimes(workbook: &mut Workbook, matrix: &Matrix) -> Result<(), XlsxError> {
    let columns = [
        ("pack", 26),
        ("condition", 24),
        ("as for", 14),
        ("title", 60),
        ("kind of subject", 16),
        ("subjects", 10),
        ("legal: met", 9),
        ("legal: not met", 9),
        ("legal: undetermined", 13),
        ("legal: not applicable", 12),
        ("pack status", 22),
    ];
    let mut sheet = Sheet::new(workbook.add_worksheet(), "Regimes", &columns)?;
    for regime in &matrix.regimes {
        let shown = &regime.shown;
        let legal = Tally::of(regime.findings.iter().map(|finding| finding.legal));
        let mut cells = vec![
            Cell::text(&shown.pack),
            Cell::text(&shown.condition),
            Cell::maybe(regime.market.as_ref().map(|market| market.name.clone())),
            Cell::text(&shown.title),
            Cell::text(&shown.per),
            Cell::Count(regime.findings.len() as u64),
        ];
        cells.extend(VERDICTS.into_iter().map(|verdict| Cell::Count(legal.get(verdict))));
        cells.push(Cell::Text(stamp(&shown.pack_status).unwrap_or_else(|| shown.pack_status.clone())));
        sheet.row(cells)?;
    }
    sheet.finish(&[])
}

fn not_asked(workbook: &mut Workbook, matrix: &Matrix) -> Result<(), XlsxError> {
    let columns = [("pack", 26), ("title", 60), ("why not asked", 60)];
    let mut sheet = Sheet::new(workbook.add_worksheet(), "Not asked", &columns)?;
    for pack in &matrix.not_asked {
        sheet.row(vec![Cell::text(&pack.pack), Cell::text(&pack.title), Cell::Text(why_not_asked(pack))])?;
    }
    sheet.finish(&[])
}
