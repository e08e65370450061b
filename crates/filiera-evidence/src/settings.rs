use std::collections::BTreeMap;

use filiera_tables::TableKind;

use crate::day::DayStyle;
use crate::faults::OnFault;
use crate::number::NumberStyle;

/// Where the cells of a column come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CellSource {
    /// The column of this name in the file.
    Header(String),
    /// The same text in every row.
    Constant(String),
    /// The number of the row.
    RowNumber,
    /// The product of these columns of the file.
    Product(Vec<String>),
}

/// The unit a column is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// 45 means 45 %.
    Percent,
    /// 0.45 means 45 %.
    Fraction,
    /// Anything else, kept as it is.
    Other(String),
}

impl Unit {
    /// The unit of this name.
    pub fn of(text: &str) -> Self {
        match text.trim() {
            "percent" | "%" => Self::Percent,
            "fraction" => Self::Fraction,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Self::Percent => "percent",
            Self::Fraction => "fraction",
            Self::Other(name) => name,
        }
    }
}

/// What is done with rows of too many or too few fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ragged {
    /// Surplus fields belong to this column, whose text holds unquoted delimiters.
    pub join: Option<String>,
    /// Missing fields at the end are empty.
    pub pad: bool,
}

/// A sum over some columns of each row that must not be exceeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowSum {
    /// The columns, as the file calls them.
    pub of: Vec<String>,
    /// The most they may add up to, times 10^12.
    pub at_most: i128,
}

/// How one file fills one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableSettings {
    /// The table.
    pub kind: Option<TableKind>,
    /// The file, relative to the folder; nothing: the canonical name.
    pub file: Option<String>,
    /// The line of `dossier.toml` it stands on.
    pub line: Option<u32>,
    /// The sheet of a workbook; nothing: the one named as the table, or the first.
    pub sheet: Option<String>,
    /// Columns by canonical (or extra) name.
    pub columns: BTreeMap<String, CellSource>,
    /// Repeated groups: one row per group with something in it.
    pub unpivot: Vec<BTreeMap<String, CellSource>>,
    /// Units by column, canonical or as the file calls it.
    pub units: BTreeMap<String, Unit>,
    /// The unit of every share column without its own.
    pub share_unit: Option<Unit>,
    /// The delimiter; nothing: found out.
    pub delimiter: Option<u8>,
    /// The quotation mark.
    pub quote: Option<u8>,
    /// The encoding's label; nothing: UTF-8, or UTF-16 with a byte order mark.
    pub encoding: Option<String>,
    /// How numbers are written.
    pub numbers: NumberStyle,
    /// How days are written.
    pub days: DayStyle,
    /// Texts that mean an empty cell.
    pub nulls: Vec<String>,
    /// What happens to faulty rows.
    pub on_fault: OnFault,
    /// The row the column names stand in, from 1; nothing: found out.
    pub header_row: Option<u32>,
    /// Rows left out after the header.
    pub skip_rows: u32,
    /// Rows of too many or too few fields.
    pub ragged: Ragged,
    /// A sum that must not be exceeded.
    pub row_sum: Option<RowSum>,
    /// Only mapped and canonical columns are taken.
    pub only: bool,
    /// Columns left out, as the file calls them.
    pub leave_out: Vec<String>,
}

impl Default for TableSettings {
    fn default() -> Self {
        Self {
            kind: None,
            file: None,
            line: None,
            sheet: None,
            columns: BTreeMap::new(),
            unpivot: Vec::new(),
            units: BTreeMap::new(),
            share_unit: None,
            delimiter: None,
            quote: None,
            encoding: None,
            numbers: NumberStyle::PLAIN,
            days: DayStyle::default(),
            nulls: Vec::new(),
            on_fault: OnFault::Stop,
            header_row: None,
            skip_rows: 0,
            ragged: Ragged::default(),
            row_sum: None,
            only: false,
            leave_out: Vec::new(),
        }
    }
}

impl TableSettings {
    /// The columns of the file that the mapping names.
    pub fn headers(&self) -> Vec<&str> {
        let sources = self.columns.values().chain(self.unpivot.iter().flat_map(BTreeMap::values));
        let mut names = Vec::new();
        for source in sources {
            match source {
                CellSource::Header(name) => names.push(name.as_str()),
                CellSource::Product(factors) => names.extend(factors.iter().map(String::as_str)),
                CellSource::Constant(_) | CellSource::RowNumber => {}
            }
        }
        names.extend(self.row_sum.iter().flat_map(|sum| sum.of.iter().map(String::as_str)));
        names
    }
}
