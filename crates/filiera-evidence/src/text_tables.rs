use std::collections::BTreeMap;

use csv::{ReaderBuilder, Trim};
use filiera_finding::Fault;
use filiera_tables::{Table, TableKind};

use crate::dossier::DossierReader;
use crate::{DossierRead, ImportedRow, ReadOptions};

/// Tables written as CSV texts in canonical columns, by table name; spaces around cells are
/// ignored. For small dossiers in tests and case files, with the same checks as files have.
pub fn read_text_tables(tables: &BTreeMap<String, String>) -> DossierRead {
    let mut reader = DossierReader::new(ReadOptions::default());
    let mut rows = BTreeMap::new();
    for (name, text) in tables {
        let Some(kind) = TableKind::from_name(name) else {
            let names: Vec<&str> = TableKind::ALL.iter().map(|kind| kind.name()).collect();
            reader.read.report.fault(Fault {
                file: name.clone(),
                row: None,
                column: None,
                code: "file/table".to_owned(),
                message: format!("`{name}` is no table"),
                remedy: format!("the tables are {}", names.join(", ")),
            });
            continue;
        };
        match parse(text) {
            Ok(found) if found.is_empty() => {
                reader.read.dossier.tables.insert(kind, Table::empty(kind));
            }
            Ok(found) => {
                rows.insert(kind, found);
            }
            Err(error) => reader.read.report.fault(Fault {
                file: name.clone(),
                row: error.position().and_then(|place| u32::try_from(place.line()).ok()),
                column: None,
                code: "file/csv".to_owned(),
                message: error.to_string(),
                remedy: "give every row as many cells as the header has".to_owned(),
            }),
        }
    }
    reader.run_texts(rows);
    reader.read
}

fn parse(text: &str) -> Result<Vec<ImportedRow>, csv::Error> {
    let mut csv = ReaderBuilder::new().trim(Trim::All).from_reader(text.trim_start().as_bytes());
    let headers = csv.headers()?.clone();
    let mut rows = Vec::new();
    for record in csv.records() {
        let record = record?;
        let filled = headers.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let cells = filled.map(|(header, cell)| (header.to_owned(), cell.to_owned())).collect();
        let row = record.position().and_then(|place| u32::try_from(place.line()).ok()).unwrap_or(0);
        rows.push(ImportedRow { cells, row, pointer: String::new() });
    }
    Ok(rows)
}
