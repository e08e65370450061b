//! The hash of the evidence is that of its tables and rows, whatever files they stand in.

use rust_xlsxwriter::Workbook;

use crate::support::{BOM, DECLARATIONS, PARTS, VEHICLES, Written};

const TABLES: [(&str, &str); 4] =
    [("parts", PARTS), ("bom", BOM), ("declarations", DECLARATIONS), ("vehicles", VEHICLES)];

fn hash(folder: &Written) -> String {
    let findings = folder.check(&["--format", "json"]).findings();
    findings[0]["evidence_hash"].as_str().expect("a hash").to_owned()
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

/// The dossier with every table written anew by `write`: the name of the file and its bytes.
fn rewritten(write: impl Fn(&str, &[Vec<&str>]) -> (String, Vec<u8>)) -> Written {
    let mut folder = Written::dossier();
    for (name, text) in TABLES {
        folder = folder.without(&format!("{name}.csv"));
        let (file, bytes) = write(name, &rows(text));
        folder = folder.with(&file, bytes);
    }
    folder
}

fn joined(rows: &[Vec<&str>]) -> Vec<u8> {
    rows.iter().map(|row| format!("{}\n", row.join(","))).collect::<String>().into_bytes()
}

#[test]
fn rows_may_stand_in_any_order() {
    let reordered = rewritten(|name, rows| {
        let mut rows = rows.to_vec();
        rows[1..].reverse();
        (format!("{name}.csv"), joined(&rows))
    });
    assert_eq!(hash(&reordered), hash(&Written::dossier()));
}

#[test]
fn columns_may_stand_in_any_order() {
    let reordered = rewritten(|name, rows| {
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().rev().copied().collect()).collect();
        (format!("{name}.csv"), joined(&rows))
    });
    assert_eq!(hash(&reordered), hash(&Written::dossier()));
}

#[test]
fn json_lines_hold_the_same_evidence() {
    let lines = rewritten(|name, rows| {
        let object = |row: &Vec<&str>| {
            let entries = rows[0].iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            let object: serde_json::Map<_, _> =
                entries.map(|(column, cell)| ((*column).to_owned(), (*cell).into())).collect();
            format!("{}\n", serde_json::Value::Object(object))
        };
        (format!("{name}.jsonl"), rows[1..].iter().map(object).collect::<String>().into_bytes())
    });
    assert_eq!(hash(&lines), hash(&Written::dossier()));
}

#[test]
fn workbooks_hold_the_same_evidence() {
    let books = rewritten(|name, rows| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (at, row) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(row) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(at, column, number).expect("a cell"),
                    Err(_) => sheet.write_string(at, column, *cell).expect("a cell"),
                };
            }
        }
        (format!("{name}.xlsx"), book.save_to_buffer().expect("a workbook"))
    });
    assert_eq!(hash(&books), hash(&Written::dossier()));
}

#[test]
fn a_changed_cell_changes_the_hash() {
    let before = hash(&Written::dossier());
    for (name, text) in TABLES {
        let last = text.trim_end().lines().last().expect("a row");
        let fewer = text.replace(&format!("{last}\n"), "");
        let changed = Written::dossier().with(&format!("{name}.csv"), &fewer);
        let ran = changed.check(&["--format", "json"]);
        let after = ran.findings()[0]["evidence_hash"].as_str().map(str::to_owned);
        assert_ne!(after.as_deref(), Some(before.as_str()), "{name}");
    }
}
