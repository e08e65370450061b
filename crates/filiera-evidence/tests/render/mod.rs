//! Dossiers and reports as text, for snapshots.

use std::fmt::Write;

use filiera_evidence::DossierRead;
use filiera_finding::Fault;
use filiera_tables::Table;

/// Faults, rows set aside, notes and the sizes of the tables.
pub fn report(read: &DossierRead) -> String {
    let mut text = String::new();
    for (title, faults) in [("fault", &read.report.faults), ("set aside", &read.report.set_aside)] {
        let shown = if faults.len() > 60 { 2 } else { 60 };
        for fault in faults.iter().take(shown) {
            writeln!(text, "{title} {}", line(fault)).unwrap();
        }
        if faults.len() > 60 {
            writeln!(text, "… {} in all, the last: {}", faults.len(), line(faults.last().unwrap())).unwrap();
        }
    }
    for row in &read.dossier.set_aside {
        let (table, place) = (row.table.name(), read.dossier.describe(row.place));
        writeln!(text, "aside {table}, {place}: {:?} because {}", row.cells, row.fault).unwrap();
    }
    for note in read.report.notes() {
        writeln!(text, "note {}: {} × {}, first {}", note.file, note.count, note.kind, note.first).unwrap();
    }
    for (kind, table) in &read.dossier.tables {
        writeln!(text, "table {}: {} rows", kind.name(), table.len()).unwrap();
    }
    text
}

fn line(fault: &Fault) -> String {
    let row = fault.row.map_or_else(String::new, |row| format!(", row {row}"));
    let column = fault.column.as_ref().map_or_else(String::new, |column| format!(", column `{column}`"));
    format!("{}{row}{column}: {}: {}\n    help: {}", fault.file, fault.code, fault.message, fault.remedy)
}

/// The report and every table, null columns left out.
pub fn dossier(read: &DossierRead) -> String {
    let mut text = report(read);
    let dossier = &read.dossier;
    writeln!(text, "title {:?}, packs {:?}", dossier.title, dossier.packs).unwrap();
    writeln!(text, "destination {:?}, currency {:?}", dossier.destination, dossier.currency).unwrap();
    writeln!(text, "files {:?}\ncomplete {:?}", dossier.files, dossier.complete).unwrap();
    for (kind, table) in &dossier.tables {
        writeln!(text, "\n{}", kind.name()).unwrap();
        text.push_str(&rows(table));
    }
    text
}

fn rows(table: &Table) -> String {
    let schema = table.batch().schema();
    let mut text = String::new();
    for (row, place) in table.places().iter().enumerate() {
        write!(text, "  {}:{}", place.file, place.row).unwrap();
        for field in schema.fields() {
            if let Some(cell) = cell(table, field.name(), row) {
                let unit = field.metadata().get("unit").map_or(String::new(), |unit| format!(" [{unit}]"));
                write!(text, " {}={cell}{unit}", field.name()).unwrap();
            }
        }
        text.push('\n');
    }
    text
}

fn cell(table: &Table, column: &str, row: usize) -> Option<String> {
    let text = table.text(column, row).map(|text| format!("{text:?}"));
    let number = || table.number(column, row).map(|number| number.to_text());
    let day = || table.day(column, row).map(|day| day.to_string());
    text.or_else(number).or_else(day).or_else(|| table.truth(column, row).map(|truth| truth.to_string()))
}
