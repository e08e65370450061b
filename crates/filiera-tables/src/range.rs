use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Decimal128Type, Field, Fields};
use arrow::error::ArrowError;
use filiera_model::{Bounds, End, Exact, Quality, Rounding};

use crate::SCALE;

/// The Arrow type of [`crate::ColumnKind::ShareRange`]: both ends with 12 decimals, and whether each is
/// approached and never attained.
pub fn share_range_type() -> DataType {
    DataType::Struct(fields())
}

fn fields() -> Fields {
    let number = || DataType::Decimal128(38, SCALE.cast_signed());
    let fields = [
        Field::new("least", number(), true),
        Field::new("least_open", DataType::Boolean, true),
        Field::new("most", number(), true),
        Field::new("most_open", DataType::Boolean, true),
    ];
    Fields::from(fields.to_vec())
}

/// A column of shares known within bounds; nothing, or bounds without an end, is a null.
///
/// An end with more than 12 decimals is rounded outwards and open there: against a number of 12 decimals
/// every comparison stays what it was.
///
/// # Errors
/// [`ArrowError`], which would be our bug.
pub fn share_ranges<'a>(bounds: impl Iterator<Item = Option<&'a Bounds>>) -> Result<ArrayRef, ArrowError> {
    let cells: Vec<Option<Cell>> = bounds.map(|bounds| cell(bounds?)).collect();
    let number = |of: fn(&Cell) -> i128| {
        let numbers: Decimal128Array = cells.iter().map(|cell| cell.as_ref().map(of)).collect();
        numbers.with_precision_and_scale(38, SCALE.cast_signed()).map(|array| Arc::new(array) as ArrayRef)
    };
    let truth = |of: fn(&Cell) -> bool| {
        let truths: BooleanArray = cells.iter().map(|cell| cell.as_ref().map(of)).collect();
        Arc::new(truths) as ArrayRef
    };
    let columns = vec![
        number(|cell| cell.least)?,
        truth(|cell| cell.least_open),
        number(|cell| cell.most)?,
        truth(|cell| cell.most_open),
    ];
    let known: NullBuffer = cells.iter().map(Option::is_some).collect();
    Ok(Arc::new(StructArray::try_new(fields(), columns, Some(known))?))
}

struct Cell {
    least: i128,
    least_open: bool,
    most: i128,
    most_open: bool,
}

fn cell(bounds: &Bounds) -> Option<Cell> {
    let (least, least_open) = rounded(&bounds.lower, Rounding::Down)?;
    let (most, most_open) = rounded(&bounds.upper, Rounding::Up)?;
    Some(Cell { least, least_open, most, most_open })
}

fn rounded(end: &End, outwards: Rounding) -> Option<(i128, bool)> {
    let value = end.value.as_ref()?;
    if let Some(exactly) = value.to_unscaled(u32::from(SCALE)) {
        return Some((exactly, end.open));
    }
    let step = Exact::from_decimal(1, u32::from(SCALE));
    let near = value.to_multiple(&step, outwards)?;
    Some((near.to_unscaled(u32::from(SCALE))?, true))
}

/// The bounds in a cell of such a column; nothing when it is null, or of another type.
pub fn share_range_at(array: &ArrayRef, row: usize) -> Option<Bounds> {
    let ranges = array.as_struct_opt()?;
    if row >= ranges.len() || ranges.is_null(row) {
        return None;
    }
    let end = |number: usize, open: usize| {
        let numbers = ranges.columns().get(number)?.as_primitive_opt::<Decimal128Type>()?;
        let opens = ranges.columns().get(open)?.as_boolean_opt()?;
        let value = Exact::from_decimal(numbers.value(row), u32::from(SCALE));
        Some(End { value: Some(value), open: opens.value(row) })
    };
    Some(Bounds { lower: end(0, 1)?, upper: end(2, 3)?, quality: Quality::Exact })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_beyond_twelve_decimals_lean_outwards_and_are_open() {
        let third = Bounds::exactly(Exact::parse("1/3").unwrap());
        let half = Bounds::exactly(Exact::parse("0.5").unwrap());
        let array = share_ranges([Some(&third), None, Some(&half)].into_iter()).unwrap();
        let found = share_range_at(&array, 0).unwrap();
        assert_eq!(found.lower, End::open(Exact::parse("0.333333333333").unwrap()));
        assert_eq!(found.upper, End::open(Exact::parse("0.333333333334").unwrap()));
        assert_eq!(share_range_at(&array, 1), None);
        assert_eq!(share_range_at(&array, 2), Some(half));
        assert_eq!(*array.data_type(), share_range_type());
    }
}
