use filiera_finding::DueList;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::ReportError;
use crate::csv::{DUE_COLUMNS, due_record};
use crate::text::distance;

/// What expires or falls due as a workbook: sheet Due, one row per thing, and sheet Verdicts, one row
/// per verdict that changes. The same list gives the same bytes.
///
/// # Errors
/// [`ReportError::Xlsx`] when the format refuses the workbook.
pub fn due(list: &DueList) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&super::properties(&list.title, list.on)?);
    items(&mut workbook, list)?;
    changes(&mut workbook, list)?;
    Ok(workbook.save_to_buffer()?)
}

const WIDTHS: [u16; 11] = [12, 10, 14, 30, 20, 40, 18, 34, 8, 8, 80];

fn items(workbook: &mut Workbook, list: &DueList) -> Result<(), XlsxError> {
    let mut columns: Vec<(&str, u16)> = DUE_COLUMNS.into_iter().zip(WIDTHS).collect();
    columns.insert(1, ("when", 18));
    let mut sheet = Sheet::new(workbook.add_worksheet(), "Due", &columns)?;
    for day in &list.days {
        for (place, item) in day.items.iter().enumerate() {
            let record = due_record(day, place, item);
            let mut cells: Vec<Cell> = record.iter().map(|text| Cell::text(text)).collect();
            cells.insert(1, Cell::Text(distance(list.on, day.on)));
            sheet.row(cells)?;
        }
    }
    sheet.finish(&[])
}

fn changes(workbook: &mut Workbook, list: &DueList) -> Result<(), XlsxError> {
    let columns = [
        ("built from", 12),
        ("pack", 26),
        ("condition", 24),
        ("subject", 24),
        ("range before", 16),
        ("range", 16),
        ("legal before", 16),
        ("legal", 16),
        ("range today", 16),
        ("legal today", 16),
        ("falls", 8),
    ];
    let mut sheet = Sheet::new(workbook.add_worksheet(), "Verdicts", &columns)?;
    for change in list.days.iter().flat_map(|day| &day.changes) {
        let verdicts = [change.before.range, change.after.range, change.before.legal, change.after.legal];
        let mut cells = vec![
            Cell::Text(change.from.to_string()),
            Cell::text(&change.pack),
            Cell::text(&change.condition),
            Cell::text(&change.subject),
        ];
        cells.extend(verdicts.map(|verdict| Cell::Text(verdict.to_string())));
        let now = change.now;
        cells.extend([
            Cell::maybe(now.map(|now| now.range.to_string())),
            Cell::maybe(now.map(|now| now.legal.to_string())),
            Cell::text(if change.falls() { "falls" } else { "" }),
        ]);
        sheet.row(cells)?;
    }
    sheet.finish(&[4, 5, 6, 7, 8, 9])
}
