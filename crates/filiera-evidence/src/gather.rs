//! What an importer gathers while it walks a document: rows, notes and faults, each with its place.

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{Fault, ReaderReport};
use filiera_model::{Country, Exact, OriginText};
use filiera_tables::TableKind;

use crate::{Imported, ImportedRow};

/// The cells of one row, by column.
pub(crate) type Cells = BTreeMap<String, String>;

/// Where something stands in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The entry's number, from 1.
    pub(crate) row: u32,
    /// A JSON pointer.
    pub(crate) pointer: String,
}

impl Spot {
    /// The entry at this index of a list.
    pub(crate) fn entry(pointer: &str, index: usize) -> Self {
        let row = u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1));
        Self { row, pointer: format!("{pointer}/{index}") }
    }

    /// Something inside this one.
    pub(crate) fn at(&self, step: impl std::fmt::Display) -> Self {
        Self { row: self.row, pointer: format!("{}/{step}", self.pointer) }
    }
}

/// What is wrong and what to do about it.
pub(crate) struct Wrong<'w> {
    pub(crate) code: &'w str,
    pub(crate) message: String,
    pub(crate) remedy: &'w str,
}

/// Rows, notes and faults of one file.
pub(crate) struct Gather<'a> {
    file: &'a str,
    report: &'a mut ReaderReport,
    imported: Imported,
    once: BTreeSet<(TableKind, Cells)>,
    /// Whether pointers begin at a line, so that only the row tells which.
    by_line: bool,
}

impl<'a> Gather<'a> {
    pub(crate) fn new(file: &'a str, report: &'a mut ReaderReport) -> Self {
        Self { file, report, imported: Imported::default(), once: BTreeSet::new(), by_line: false }
    }

    /// For a document of one record per line: notes name the line.
    pub(crate) fn by_line(self, by_line: bool) -> Self {
        Self { by_line, ..self }
    }

    /// The result; rows can still be looked at and changed through it.
    pub(crate) fn imported(&mut self) -> &mut Imported {
        &mut self.imported
    }

    pub(crate) fn finish(self) -> Imported {
        self.imported
    }

    pub(crate) fn fault(&mut self, spot: &Spot, wrong: Wrong<'_>) {
        self.report.fault(Fault {
            file: self.file.to_owned(),
            row: (spot.row > 0).then_some(spot.row),
            column: (!spot.pointer.is_empty()).then(|| spot.pointer.clone()),
            code: wrong.code.to_owned(),
            message: wrong.message,
            remedy: wrong.remedy.to_owned(),
        });
    }

    /// How many faults there are so far.
    pub(crate) fn faults(&self) -> usize {
        self.report.faults.len()
    }

    /// Counts one oddity; `what` is the value or the reason.
    pub(crate) fn note(&mut self, spot: &Spot, kind: &str, what: &str) {
        let by_line = self.by_line;
        self.report.note(self.file, kind, || {
            let place = match (by_line, spot.pointer.as_str()) {
                (true, "") => format!("row {}", spot.row),
                (true, pointer) => format!("row {}, {pointer}", spot.row),
                (false, pointer) => pointer.to_owned(),
            };
            if what.is_empty() { place } else { format!("{place}: {what}") }
        });
    }

    pub(crate) fn row(&mut self, table: TableKind, spot: &Spot, cells: Cells) {
        let row = ImportedRow { cells, row: spot.row.max(1), pointer: spot.pointer.clone() };
        self.imported.rows.entry(table).or_default().push(row);
    }

    /// A row, unless the file has said exactly the same before.
    pub(crate) fn row_once(&mut self, table: TableKind, spot: &Spot, cells: Cells) {
        if self.once.insert((table, cells.clone())) {
            self.row(table, spot, cells);
        }
    }

    /// The country of a code as alpha-2; an unknown code is counted and is no country.
    pub(crate) fn country(&mut self, spot: &Spot, code: &str) -> Option<String> {
        let country = Country::from_code(code);
        if country.is_none() {
            self.note(spot, "unknown country", code);
        }
        country.map(|country| country.alpha2().to_owned())
    }

    /// The origin a text declares, as a canonical cell; an unknown code is counted and is no origin.
    pub(crate) fn origin(&mut self, spot: &Spot, text: &str) -> Option<String> {
        let origin = OriginText::parse(text).ok();
        if origin.is_none() {
            self.note(spot, "unknown country", text);
        }
        origin.map(|origin| origin.to_string())
    }
}

/// Puts a cell, when there is something to put.
pub(crate) fn put(cells: &mut Cells, column: &str, value: Option<impl Into<String>>) {
    if let Some(value) = value {
        cells.insert(column.to_owned(), value.into());
    }
}

/// Powers of ten beyond this are no quantity or price of anything.
const LARGEST_EXPONENT: i32 = 60;

/// A number of JSON (or a text that holds one) as the exact number it says: `20.0` is 20.
pub(crate) fn number(text: &str) -> Option<Exact> {
    let text = text.trim();
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else { return Exact::parse(text).ok() };
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    let power = Exact::from_decimal(1, exponent.unsigned_abs());
    let digits = Exact::parse(digits).ok()?;
    if exponent < 0 { Some(digits * power) } else { digits.checked_div(&power) }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_exact() {
        for (text, same) in
            [("20.0", "20"), ("1e3", "1000"), ("15E-1", "1.5"), ("0.2014", "0.2014"), ("-0.0", "0")]
        {
            assert_eq!(number(text).unwrap().to_text(), same);
        }
        for wrong in ["", "e3", "1e999", "1e", "one"] {
            assert!(number(wrong).is_none(), "{wrong}");
        }
    }
}
