use std::fmt::Write;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use filiera_model::{Day, Exact};
use sha2::{Digest, Sha256};

use crate::{Dossier, SCALE, Table};

/// `sha256:…` over the canonical tables of a dossier, the same whatever files they came from and
/// in whatever order their rows and columns stood.
///
/// Each row becomes the text `column=value` of its non-null cells, sorted by column name and
/// separated by the unit separator (U+001F); rows are sorted, each ended by a line feed; each
/// table starts with its name; what is declared complete follows as `complete <population>`.
pub fn evidence_hash(dossier: &Dossier) -> String {
    let mut hasher = Sha256::new();
    for (kind, table) in &dossier.tables {
        hasher.update(format!("table {}\n", kind.name()));
        for row in canonical_rows(table) {
            hasher.update(row);
            hasher.update("\n");
        }
    }
    for (population, declared) in &dossier.complete {
        let subjects =
            declared.subjects.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\u{1f}");
        hasher.update(format!("complete {}\u{1f}{subjects}\n", population.name()));
    }
    for one in &dossier.set_aside {
        let cells: Vec<String> = one.cells.iter().map(|(column, text)| format!("{column}={text}")).collect();
        hasher.update(format!("set aside {}\u{1f}{}\n", one.table.name(), cells.join("\u{1f}")));
    }
    let mut text = String::from("sha256:");
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn canonical_rows(table: &Table) -> Vec<String> {
    let schema = table.batch().schema();
    let mut columns: Vec<(&str, &ArrayRef)> =
        schema.fields().iter().map(|field| field.name().as_str()).zip(table.batch().columns()).collect();
    columns.sort_by_key(|(name, _)| *name);
    let mut rows: Vec<String> = (0..table.len())
        .map(|row| {
            let cells = columns
                .iter()
                .filter_map(|(name, array)| cell_text(array, row).map(|text| format!("{name}={text}")));
            cells.collect::<Vec<_>>().join("\u{1f}")
        })
        .collect();
    rows.sort_unstable();
    rows
}

fn cell_text(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Decimal128(..) => {
            Exact::from_decimal(array.as_primitive::<Decimal128Type>().value(row), u32::from(SCALE)).to_text()
        }
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Date32 => Day::from_days(array.as_primitive::<Date32Type>().value(row)).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        other => format!("{other}"),
    })
}
