use arrow::datatypes::{DataType, Field};

use crate::share_range_type;

/// Decimals of every number in a canonical table; a cell with more is a fault of its reader.
pub const SCALE: u8 = 12;

/// What the cells of a column mean, and so how they are read, checked and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Free text or an identifier. Arrow: `Utf8`.
    Text,
    /// One of these words, lower case. Arrow: `Utf8`.
    Choice(&'static [&'static str]),
    /// Any number. Arrow: `Decimal128(38, 12)`.
    Number,
    /// A number of zero or more: money, mass. Arrow: `Decimal128(38, 12)`.
    Amount,
    /// A number above zero: a quantity, a rate. Arrow: `Decimal128(38, 12)`.
    Positive,
    /// A part of a whole, 0 to 1 once read; the file says `45 %` or the dossier states the unit.
    /// Arrow: `Decimal128(38, 12)`.
    Share,
    /// A share known within two ends, each attained or not: what a walk through ownership gives. No file
    /// has such a column. Arrow: see [`crate::share_range_type`].
    ShareRange,
    /// A whole number such as a model year. Arrow: `Int64`.
    Whole,
    /// A day. A time without zone leaves two: the later one goes to a column `<name>_max`.
    /// Arrow: `Date32`.
    Day,
    /// One country as alpha-2. Arrow: `Utf8`; null when unknown.
    Country,
    /// A declared origin: `IT`, `CA/US` (one of), `@EU` (one of the members that day).
    /// Arrow: `Utf8`; null when unknown.
    Origin,
    /// An ISO 4217 code, upper case. Arrow: `Utf8`.
    Currency,
    /// True or false. Arrow: `Boolean`.
    Truth,
}

impl ColumnKind {
    /// The Arrow type of the column.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Text | Self::Choice(_) | Self::Country | Self::Origin | Self::Currency => DataType::Utf8,
            Self::Number | Self::Amount | Self::Positive | Self::Share => {
                DataType::Decimal128(38, SCALE.cast_signed())
            }
            Self::ShareRange => share_range_type(),
            Self::Whole => DataType::Int64,
            Self::Day => DataType::Date32,
            Self::Truth => DataType::Boolean,
        }
    }
}

/// One column of a canonical table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The canonical name.
    pub name: &'static str,
    /// What its cells mean.
    pub kind: ColumnKind,
    /// Whether a file without it, or a row without a value in it, is a fault.
    pub required: bool,
}

impl Column {
    pub(crate) const fn required(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, required: true }
    }

    pub(crate) const fn optional(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, required: false }
    }
}

/// The Arrow field of a column: always nullable, because a null is how "not known" is written.
pub fn arrow_field(name: &str, kind: ColumnKind) -> Field {
    Field::new(name, kind.arrow(), true)
}
