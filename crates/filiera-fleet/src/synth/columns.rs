use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{Field, Schema};
use filiera_model::Day;

use super::SynthError;

/// The columns of a table as files hold them.
///
/// Canonical numbers are wide; files take the narrowest type that holds them exactly, because a narrow
/// number is read faster by whoever reads it.
#[derive(Default)]
pub(super) struct Columns(Vec<(Field, ArrayRef)>);

/// Digits and decimals of money, in ten-thousandths.
const MONEY: (u8, i8) = (18, 4);

/// Digits and decimals of quantities and masses, in thousandths.
pub(super) const THOUSANDTHS: (u8, i8) = (9, 3);

impl Columns {
    pub(super) fn add(mut self, name: &str, array: ArrayRef) -> Self {
        self.0.push((Field::new(name, array.data_type().clone(), true), array));
        self
    }

    pub(super) fn texts<T: AsRef<str>>(self, name: &str, texts: impl Iterator<Item = Option<T>>) -> Self {
        self.add(name, Arc::new(texts.collect::<StringArray>()))
    }

    pub(super) fn money(
        self,
        name: &str,
        cells: impl Iterator<Item = Option<i64>>,
    ) -> Result<Self, SynthError> {
        self.decimals(name, cells, MONEY)
    }

    pub(super) fn thousandths(
        self,
        name: &str,
        cells: impl Iterator<Item = Option<i64>>,
    ) -> Result<Self, SynthError> {
        self.decimals(name, cells, THOUSANDTHS)
    }

    fn decimals(
        self,
        name: &str,
        cells: impl Iterator<Item = Option<i64>>,
        (digits, decimals): (u8, i8),
    ) -> Result<Self, SynthError> {
        let array: Decimal128Array = cells.map(|cell| cell.map(i128::from)).collect();
        Ok(self.add(name, Arc::new(array.with_precision_and_scale(digits, decimals)?)))
    }

    pub(super) fn days(self, name: &str, days: impl Iterator<Item = Option<Day>>) -> Self {
        self.add(name, Arc::new(days.map(|day| day.map(Day::days)).collect::<Date32Array>()))
    }

    pub(super) fn wholes(self, name: &str, cells: impl Iterator<Item = Option<i64>>) -> Self {
        self.add(name, Arc::new(cells.collect::<Int64Array>()))
    }

    pub(super) fn truths(self, name: &str, cells: impl Iterator<Item = Option<bool>>) -> Self {
        self.add(name, Arc::new(cells.collect::<BooleanArray>()))
    }

    pub(super) fn batch(self) -> Result<RecordBatch, SynthError> {
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = self.0.into_iter().unzip();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
    }
}
