use filiera_evidence::ImportedRow;
use filiera_model::Exact;
use filiera_tables::{ColumnKind, Dossier, Table, TableKind};

/// Columns that a table may not have kept: they tell no two papers apart.
const SKIPPED: [&str; 2] = ["issuer", "issuer_country"];

/// Whether the table holds each of these rows already.
pub(super) fn is_there(dossier: &Dossier, kind: TableKind, rows: &[ImportedRow]) -> bool {
    let Some(table) = dossier.table(kind) else { return false };
    rows.iter().all(|row| (0..table.len()).any(|place| is_same(table, place, row)))
}

/// Whether every cell says the same, and nothing is said that the row does not say.
fn is_same(table: &Table, place: usize, row: &ImportedRow) -> bool {
    table.kind().columns().iter().filter(|column| !SKIPPED.contains(&column.name)).all(|column| {
        let text = row.cells.get(column.name).map(String::as_str);
        match column.kind {
            ColumnKind::Number | ColumnKind::Amount | ColumnKind::Positive | ColumnKind::Share => {
                table.number(column.name, place) == text.and_then(|text| Exact::parse(text).ok())
            }
            ColumnKind::Day => table.day(column.name, place).map(|day| day.to_string()).as_deref() == text,
            ColumnKind::Truth => table.truth(column.name, place).is_none() && text.is_none(),
            _ => table.text(column.name, place) == text,
        }
    })
}
