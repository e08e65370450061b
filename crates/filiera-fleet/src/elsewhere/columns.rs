//! Columns of answers: there, of the kind that was asked for, and no others.

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Int64Type};

use crate::FleetError;

/// An answer that does not hold good.
pub(super) fn odd(why: impl Into<String>) -> FleetError {
    FleetError::NoAnswer(why.into())
}

/// Refuses an answer that has other columns than these, in whatever order.
pub(super) fn only(answer: &RecordBatch, names: &[String]) -> Result<(), FleetError> {
    let schema = answer.schema();
    let mut own: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut asked: Vec<&str> = names.iter().map(String::as_str).collect();
    own.sort_unstable();
    asked.sort_unstable();
    if own == asked {
        return Ok(());
    }
    Err(odd(format!(
        "the answer has the columns {}, and {} were asked for",
        own.join(", "),
        asked.join(", ")
    )))
}

fn as_kind(answer: &RecordBatch, name: &str, kind: &DataType) -> Result<arrow::array::ArrayRef, FleetError> {
    let column =
        answer.column_by_name(name).ok_or_else(|| odd(format!("the answer has no column `{name}`")))?;
    let cast = cast(column, kind).map_err(|error| odd(format!("`{name}` of the answer: {error}")))?;
    if cast.null_count() == column.null_count() {
        return Ok(cast);
    }
    Err(odd(format!("`{name}` of the answer is of the type `{}`, not `{kind}`", column.data_type())))
}

/// Texts, with nulls.
pub(super) fn texts(answer: &RecordBatch, name: &str) -> Result<StringArray, FleetError> {
    Ok(as_kind(answer, name, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// Counts of rows: none is missing or below zero.
pub(super) fn counts(answer: &RecordBatch, name: &str) -> Result<Vec<u64>, FleetError> {
    let column = as_kind(answer, name, &DataType::Int64)?;
    let counts: &Int64Array = column.as_primitive::<Int64Type>();
    let counts = counts.iter().map(|count| count.and_then(|count| u64::try_from(count).ok()));
    counts.collect::<Option<_>>().ok_or_else(|| odd(format!("`{name}` of the answer lacks a count")))
}

/// Whole sums; a sum over nothing is zero.
pub(super) fn wholes(answer: &RecordBatch, name: &str) -> Result<Vec<i128>, FleetError> {
    let column = as_kind(answer, name, &DataType::Decimal128(38, 0))?;
    Ok(column.as_primitive::<Decimal128Type>().iter().map(Option::unwrap_or_default).collect())
}
