use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Int64Type, Schema};
use arrow::error::ArrowError;
use filiera_model::{Country, Day, Days, Exact, OriginText};

use crate::{SCALE, TableKind, arrow_field};

/// Where a row was read: file (a place in [`crate::Dossier::files`]) and row, counted from 1 as a
/// spreadsheet counts, so that a person can find it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The place of the file in the dossier's list.
    pub file: u32,
    /// The row in the file, counted from 1, header included.
    pub row: u32,
}

/// A canonical table: one batch with every canonical column (missing ones all null), then the
/// file's extra columns, and the place of every row.
#[derive(Clone, Debug)]
pub struct Table {
    kind: TableKind,
    batch: RecordBatch,
    places: Vec<Place>,
}

/// Why columns do not make a table: our fault, never the user's.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A canonical column has another Arrow type than it must.
    #[error("column `{column}` of `{table}` is {found}, not {expected}")]
    Type {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// What it must be.
        expected: DataType,
        /// What it is.
        found: DataType,
    },
    /// The columns do not fit each other.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

impl Table {
    /// A table of these columns, in any order; canonical columns that are missing become null.
    ///
    /// # Errors
    /// [`TableError`] when a canonical column has the wrong type or lengths differ.
    pub fn new(
        kind: TableKind,
        given: Vec<(Field, ArrayRef)>,
        places: Vec<Place>,
    ) -> Result<Self, TableError> {
        let rows = places.len();
        let mut fields = Vec::new();
        let mut arrays = Vec::new();
        for column in kind.columns() {
            let field = arrow_field(column.name, column.kind);
            let array = match given.iter().find(|(field, _)| field.name() == column.name) {
                Some((_, array)) => Arc::clone(array),
                None => new_null_array(field.data_type(), rows),
            };
            if array.data_type() != field.data_type() {
                return Err(TableError::Type {
                    table: kind.name(),
                    column: column.name.to_owned(),
                    expected: field.data_type().clone(),
                    found: array.data_type().clone(),
                });
            }
            fields.push(field);
            arrays.push(array);
        }
        for (field, array) in given {
            if kind.column(field.name()).is_none() {
                fields.push(field.with_nullable(true));
                arrays.push(array);
            }
        }
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
        Ok(Self { kind, batch, places })
    }

    /// A table with no rows.
    pub fn empty(kind: TableKind) -> Self {
        let fields: Vec<Field> = kind.columns().iter().map(|c| arrow_field(c.name, c.kind)).collect();
        Self { kind, batch: RecordBatch::new_empty(Arc::new(Schema::new(fields))), places: Vec::new() }
    }

    /// Which table it is.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// The rows as one Arrow batch.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where each row was read.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The column of this name, canonical or extra.
    pub fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.batch.column_by_name(name)
    }

    /// The rows at these positions, in this order.
    ///
    /// # Errors
    /// [`TableError::Arrow`] when a position is outside the table.
    pub fn take(&self, rows: &[u32]) -> Result<Self, TableError> {
        let indices = arrow::array::UInt32Array::from(rows.to_vec());
        let columns = self
            .batch
            .columns()
            .iter()
            .map(|column| arrow::compute::take(column, &indices, None))
            .collect::<Result<Vec<_>, _>>()?;
        let batch = RecordBatch::try_new(self.batch.schema(), columns)?;
        let places = rows.iter().filter_map(|row| self.places.get(*row as usize).copied()).collect();
        Ok(Self { kind: self.kind, batch, places })
    }

    /// The texts of a column, row by row; none where there is no such column, or it holds no texts.
    pub fn texts<'t>(&'t self, column: &str) -> impl Iterator<Item = Option<&'t str>> + use<'t> {
        let texts = self.column(column).and_then(|column| column.as_string_opt::<i32>());
        texts.into_iter().flatten()
    }

    /// The text of a cell; nothing when null, absent or no text column.
    pub fn text(&self, column: &str, row: usize) -> Option<&str> {
        let array = self.column(column)?.as_string_opt::<i32>()?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }

    /// The number in a cell; nothing when null, absent or no number column.
    pub fn number(&self, column: &str, row: usize) -> Option<Exact> {
        let array = self.column(column)?;
        if row >= array.len() || array.is_null(row) {
            return None;
        }
        if let Some(decimals) = array.as_primitive_opt::<Decimal128Type>() {
            return Some(Exact::from_decimal(decimals.value(row), u32::from(SCALE)));
        }
        array.as_primitive_opt::<Int64Type>().map(|whole| Exact::from_int(whole.value(row)))
    }

    /// The truth in a cell; nothing when null, absent or no truth column.
    pub fn truth(&self, column: &str, row: usize) -> Option<bool> {
        let array = self.column(column)?.as_boolean_opt()?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }

    /// The day in a cell; nothing when null, absent or no day column.
    pub fn day(&self, column: &str, row: usize) -> Option<Day> {
        let array = self.column(column)?.as_primitive_opt::<Date32Type>()?;
        (row < array.len() && array.is_valid(row)).then(|| Day::from_days(array.value(row)))
    }

    /// The days a cell may mean: one, two when `<column>_max` says so, or unknown when null.
    pub fn days(&self, column: &str, row: usize) -> Days {
        let Some(first) = self.day(column, row) else { return Days::unknown() };
        let last = self.day(&format!("{column}_max"), row).unwrap_or(first);
        Days::between(first, last.max(first))
    }

    /// The country in a cell.
    pub fn country(&self, column: &str, row: usize) -> Option<Country> {
        self.text(column, row).and_then(Country::from_code)
    }

    /// The origin in a cell; nothing when unknown.
    pub fn origin(&self, column: &str, row: usize) -> Option<OriginText> {
        self.text(column, row).and_then(|text| OriginText::parse(text).ok())
    }
}
