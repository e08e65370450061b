use filiera_finding::Run;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::digest::Digest;
use crate::needs;
use crate::words::{missing as in_words, stamp};

/// What is missing, with the subjects and conditions it touches.
pub(super) fn missing(sheet: &mut Worksheet, run: &Run) -> Result<(), XlsxError> {
    let columns = [("what", 44), ("name", 44), ("subjects", 10), ("conditions", 60)];
    let mut sheet = Sheet::new(sheet, "Missing", &columns)?;
    for entry in needs::missing(run) {
        sheet.row(vec![
            Cell::Text(in_words(entry.key)),
            Cell::text(entry.key),
            Cell::Count(entry.subjects),
            Cell::text(&entry.conditions.join("; ")),
        ])?;
    }
    sheet.finish(&[])
}

/// The law cited, condition by condition, and the notes on whether it is lawful itself.
pub(super) fn law(sheet: &mut Worksheet, digest: &Digest<'_>) -> Result<(), XlsxError> {
    let columns = [
        ("pack", 26),
        ("condition", 24),
        ("cited", 60),
        ("address", 60),
        ("checked", 12),
        ("confidence", 12),
        ("pack status", 22),
        ("lawfulness", 80),
    ];
    let mut sheet = Sheet::new(sheet, "Law", &columns)?;
    for group in &digest.groups {
        let shown = &group.shown;
        let status = stamp(&shown.pack_status).unwrap_or_else(|| shown.pack_status.clone());
        let start = || vec![Cell::text(&shown.pack), Cell::text(&shown.condition)];
        let end = |lawfulness| vec![Cell::text(&status), Cell::maybe(lawfulness)];
        if shown.references.is_empty() {
            let mut cells = start();
            cells.extend([Cell::Text("no law cited".to_owned()), Cell::Empty, Cell::Empty, Cell::Empty]);
            cells.extend(end(shown.lawfulness.clone()));
            sheet.row(cells)?;
        }
        for reference in &shown.references {
            let mut cells = start();
            cells.push(Cell::text(&reference.title));
            cells.push(Cell::maybe(reference.url.clone()));
            cells.push(Cell::maybe(reference.checked.map(|day| day.to_string())));
            cells.push(Cell::maybe(reference.confidence.clone()));
            cells.extend(end(shown.lawfulness.clone()));
            sheet.row(cells)?;
        }
    }
    sheet.finish(&[])
}

/// Rows set aside, and what the readers noticed.
pub(super) fn notes(sheet: &mut Worksheet, run: &Run) -> Result<(), XlsxError> {
    let columns = [("kind", 12), ("where", 44), ("what", 70), ("how often", 10), ("subjects", 60)];
    let mut sheet = Sheet::new(sheet, "Notes", &columns)?;
    for row in &run.set_aside {
        let whom = if row.subjects.is_empty() { "all".to_owned() } else { row.subjects.join("; ") };
        sheet.row(vec![
            Cell::Text("set aside".to_owned()),
            Cell::text(&row.place),
            Cell::text(&row.fault),
            Cell::Count(1),
            Cell::Text(whom),
        ])?;
    }
    for note in &run.notes {
        sheet.row(vec![
            Cell::Text("note".to_owned()),
            Cell::text(&note.file),
            Cell::Text(format!("{}, first {}", note.kind, note.first)),
            Cell::Count(note.count),
        ])?;
    }
    sheet.finish(&[])
}
