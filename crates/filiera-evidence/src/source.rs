mod decode;
mod delimited;
mod header;
mod json_lines;
mod of_vehicle;
mod parquet_file;
mod percent;
mod rows;
mod sheet;

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type};

use crate::day::DayRange;
use crate::faults::FileFaults;
use crate::format::Format;
use crate::piece::Hints;
use crate::settings::TableSettings;

pub(crate) use delimited::{Records, fields_of, join_surplus, list_headers, open_records, record_fault};
pub(crate) use of_vehicle::open_of_vehicle;
pub(crate) use rows::{ImportedRows, ImportedTexts};
pub(crate) use sheet::{SheetRow, sheet_lines, sheet_names};

/// One cell, as far as its file knows what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, which may be anything.
    Text(String),
    /// A number: decimal point, maybe an exponent.
    Number(String),
    /// A number that its file shows as a percentage: `0.45` where it shows 45 %.
    Percent(String),
    /// A day, or the days a moment without zone may fall on.
    Days(DayRange),
    /// True or false.
    Truth(bool),
    /// Something that is no value, in words: an error of a formula, a nested object.
    Bad(String),
}

/// A cell looked at in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellRef<'a> {
    Empty,
    Text(&'a str),
    Number(&'a str),
    Percent(&'a str),
    Decimal(i128),
    Days(DayRange),
    Truth(bool),
    Bad(&'a str),
}

/// One column of a chunk.
#[derive(Clone, Debug)]
pub(crate) enum RawColumn {
    /// Texts of a delimited file.
    Texts(StringArray),
    /// Cells of a sheet, of JSON, or computed ones.
    Cells(Vec<Cell>),
    /// A typed column: `Utf8`, `Decimal128(38, 12)`, `Date32` or `Boolean`.
    Typed(ArrayRef),
    /// A typed column of moments without zone: first and last possible day.
    Moments(ArrayRef, ArrayRef),
    /// The same cell in every row.
    Same(Cell),
}

impl RawColumn {
    /// The cell at a row of the chunk; empty outside.
    pub fn get(&self, row: usize) -> CellRef<'_> {
        match self {
            Self::Texts(texts) if row < texts.len() && texts.is_valid(row) => text_ref(texts.value(row)),
            Self::Texts(_) => CellRef::Empty,
            Self::Cells(cells) => cells.get(row).map_or(CellRef::Empty, Cell::look),
            Self::Same(cell) => cell.look(),
            Self::Typed(array) => typed_ref(array, row),
            Self::Moments(first, last) => match (typed_ref(first, row), typed_ref(last, row)) {
                (CellRef::Days((first, _)), CellRef::Days((last, _))) => CellRef::Days((first, last)),
                _ => CellRef::Empty,
            },
        }
    }
}

impl Cell {
    /// The cell without its text copied; blank text is empty.
    pub fn look(&self) -> CellRef<'_> {
        match self {
            Self::Empty => CellRef::Empty,
            Self::Text(text) => text_ref(text),
            Self::Number(text) => CellRef::Number(text),
            Self::Percent(text) => CellRef::Percent(text),
            Self::Days(days) => CellRef::Days(*days),
            Self::Truth(truth) => CellRef::Truth(*truth),
            Self::Bad(what) => CellRef::Bad(what),
        }
    }
}

fn text_ref(text: &str) -> CellRef<'_> {
    let text = text.trim();
    if text.is_empty() { CellRef::Empty } else { CellRef::Text(text) }
}

fn typed_ref(array: &ArrayRef, row: usize) -> CellRef<'_> {
    if row >= array.len() || array.is_null(row) {
        return CellRef::Empty;
    }
    match array.data_type() {
        DataType::Utf8 => text_ref(array.as_string::<i32>().value(row)),
        DataType::Decimal128(..) => CellRef::Decimal(array.as_primitive::<Decimal128Type>().value(row)),
        DataType::Date32 => {
            let day = array.as_primitive::<Date32Type>().value(row);
            CellRef::Days((day, day))
        }
        DataType::Boolean => CellRef::Truth(array.as_boolean().value(row)),
        _ => CellRef::Empty,
    }
}

/// Some rows of a file, column by column.
pub(crate) struct Chunk {
    /// The number of each row in the file, counted as a spreadsheet counts.
    pub rows: Vec<u32>,
    /// One per header; columns nobody asked for are empty.
    pub columns: Vec<RawColumn>,
    /// A JSON pointer or id per row, where the file has such.
    pub pointers: Option<Vec<String>>,
}

/// A file being read, in chunks of rows.
pub(crate) trait Source {
    /// The column names of the file, trimmed, in order; unnamed ones are empty.
    fn headers(&self) -> &[String];

    /// Says which headers are needed; called before the first chunk.
    fn want(&mut self, wanted: &[bool]);

    /// How the file was likely written.
    fn hints(&self) -> Hints {
        Hints::default()
    }

    /// The next rows, or nothing at the end. A file that breaks off is a fault, then the end.
    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk>;
}

/// Rows per chunk: enough to make the columnar loops worth while, few enough to stay in memory.
pub(crate) const CHUNK: usize = 65_536;

/// Opens a file with the settings of its table; a fault says why it cannot be.
///
/// `expected` are the column names somebody hopes for: the header row is the one with most of them.
pub(crate) fn open(
    path: &Path,
    format: Format,
    settings: &TableSettings,
    expected: &[String],
    faults: &mut FileFaults,
) -> Option<Box<dyn Source>> {
    match format {
        Format::Csv | Format::Tsv => delimited::open(path, format, settings, expected, faults),
        Format::Xlsx => sheet::open(path, settings, expected, faults),
        Format::JsonLines => json_lines::open(path, faults),
        Format::Parquet => parquet_file::open(path, faults),
        Format::Imported => None,
    }
}
