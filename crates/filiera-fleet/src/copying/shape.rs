use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Field, Schema};
use filiera_tables::SCALE;

use crate::FleetError;
use crate::singly::plain;

/// How rows are best written: nearly all are of the narrowest kind, which is read fastest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whether some day is only known to lie between two.
    has_spans: bool,
    numbers: Digits,
}

/// Digits and decimals of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Digits(u8, u8);

/// From those that are read as they stand in a file to those of tables.
const NARROW: Digits = Digits(9, 3);
const MIDDLE: Digits = Digits(18, 6);
const WIDE: Digits = Digits(38, SCALE);

impl Shape {
    /// What these rows need.
    pub fn of(batch: &RecordBatch) -> Result<Self, FleetError> {
        let held =
            |name: &str| batch.column_by_name(name).filter(|column| column.null_count() < column.len());
        let mut numbers = NARROW;
        if let Some(column) = held("quantity") {
            let all = cast(column, &DataType::Decimal128(WIDE.0, WIDE.1.cast_signed()))?;
            let needed = all.as_primitive::<Decimal128Type>().iter().flatten().map(Digits::of);
            numbers = needed.fold(numbers, Ord::max);
        }
        Ok(Self { has_spans: held("received_on_max").is_some(), numbers })
    }

    /// What both need.
    pub fn and(self, other: Self) -> Self {
        Self { has_spans: self.has_spans || other.has_spans, numbers: self.numbers.max(other.numbers) }
    }

    /// The columns of `installed` in this shape.
    pub fn columns(self, batch: &RecordBatch) -> Result<RecordBatch, FleetError> {
        let all = plain(batch)?;
        let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
        for (field, array) in all.schema().fields().iter().zip(all.columns()) {
            let array = match field.name().as_str() {
                "received_on_max" if !self.has_spans => continue,
                "quantity" => self.numbers.array(array)?,
                _ => Arc::clone(array),
            };
            columns.push((Field::new(field.name(), array.data_type().clone(), true), array));
        }
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
    }
}

impl Digits {
    /// What a number at the scale of tables needs.
    fn of(number: i128) -> Self {
        let fits = |digits: &Self| {
            number % digits.unit() == 0
                && (number / digits.unit()).unsigned_abs() < 10u128.pow(digits.0.into())
        };
        [NARROW, MIDDLE].into_iter().find(fits).unwrap_or(WIDE)
    }

    /// What one of its smallest steps is at the scale of tables.
    fn unit(self) -> i128 {
        10_i128.pow(u32::from(SCALE - self.1))
    }

    fn array(self, numbers: &ArrayRef) -> Result<ArrayRef, FleetError> {
        let unit = self.unit();
        let numbers = numbers.as_primitive::<Decimal128Type>().iter();
        let numbers: Decimal128Array = numbers.map(|number| number.map(|number| number / unit)).collect();
        Ok(Arc::new(numbers.with_precision_and_scale(self.0, self.1.cast_signed())?))
    }
}
