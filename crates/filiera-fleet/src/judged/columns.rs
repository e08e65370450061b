//! The judged tables, column by column.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema};
use filiera_engine::{Adds, Engine};
use filiera_tables::Table;

use super::kinds_of::KindOf;
use crate::FleetError;
use crate::cohorts::Cohorts;
use crate::lanes::{Lanes, PER_CONDITION};
use crate::views::Views;

/// What a row adds under a condition, in the order of [`Lanes::whole`].
const LANES: [&str; PER_CONDITION] = [
    "marked_least",
    "rest_most",
    "marked_most",
    "rest_least",
    "surely",
    "legal_marked_least",
    "legal_rest_most",
    "legal_marked_most",
    "legal_rest_least",
    "legal_surely",
    "counted",
    "unsummed",
];

/// A table of columns; all may hold nulls.
pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, FleetError> {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let fields: Vec<Field> = columns.iter().map(field).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// A column of texts.
pub(super) fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

/// A column of whole numbers.
pub(super) fn wholes(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

/// A column of numbers of cohorts, views or kinds.
pub(super) fn numbers(values: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    let small = |number: u32| i32::try_from(number).ok();
    Arc::new(values.map(|number| number.and_then(small)).collect::<Int32Array>())
}

/// One column for each lane.
pub(super) fn lanes<'c>(rows: &[Option<Vec<i64>>]) -> Vec<(&'c str, ArrayRef)> {
    let column = |lane: usize| wholes(rows.iter().map(|row| row.as_ref()?.get(lane).copied()));
    LANES.into_iter().enumerate().map(|(lane, name)| (name, column(lane))).collect()
}

pub(crate) fn vehicles(
    vehicles: &Table,
    cohorts: &Cohorts,
    views: &Views<'_>,
) -> Result<RecordBatch, FleetError> {
    let names = || (0..vehicles.len()).map(|row| vehicles.text("vehicle", row));
    let seen = || (0..vehicles.len()).map(|row| views.seen(row as u32));
    let built_on: Date32Array = seen().map(|seen| Some(seen?.built_on)).collect();
    batch(vec![
        ("vehicle", texts(names())),
        ("cohort", numbers(cohorts.of.iter().copied())),
        ("view", numbers(seen().map(|seen| Some(seen?.view)))),
        ("built_on", Arc::new(built_on)),
    ])
}

/// The distinct rows with their kinds, of which so many are numbered: behind them stand the kind that adds
/// nothing and the one that is more than a sum.
pub(super) fn rows(rows: &[(RecordBatch, Vec<KindOf>)], kinds: usize) -> Result<RecordBatch, FleetError> {
    let kinds = kinds as u32;
    let number = |kind: &KindOf| match kind {
        KindOf::Some(number) => *number,
        KindOf::Nothing => kinds,
        KindOf::Open => kinds + 1,
    };
    let mut batches = Vec::with_capacity(rows.len());
    for (batch, of) in rows {
        let mut fields: Vec<Arc<Field>> = batch.schema().fields().iter().cloned().collect();
        fields.push(Arc::new(Field::new("kind", DataType::Int32, true)));
        let mut arrays = batch.columns().to_vec();
        arrays.push(numbers(of.iter().map(|kind| Some(number(kind)))));
        batches.push(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?);
    }
    match batches.first().map(RecordBatch::schema) {
        Some(schema) => Ok(concat_batches(&schema, &batches)?),
        None => {
            let nothing = super::distinct::canonical(&batch(Vec::new())?)?;
            self::rows(&[(nothing, Vec::new())], 0)
        }
    }
}

/// What one row of each kind adds, condition by condition.
pub(super) fn kinds(
    engine: &Engine<'_>,
    added: &[Vec<Adds>],
    units: &Lanes,
) -> Result<RecordBatch, FleetError> {
    let conditions = engine.additive();
    let mut all: Vec<Vec<i64>> = added.iter().map(|adds| units.whole(adds)).collect::<Result<_, _>>()?;
    all.push(units.whole(&vec![Some(filiera_engine::Addend::default()); conditions.len()])?);
    all.push(units.whole(&vec![None; conditions.len()])?);
    let each = || {
        let with_kinds = |place: usize| all.iter().enumerate().map(move |(kind, row)| (place, kind, row));
        (0..conditions.len()).flat_map(with_kinds)
    };
    let own = |(place, _, row): (usize, usize, &Vec<i64>)| {
        row.get(place * PER_CONDITION..(place + 1) * PER_CONDITION).map(<[i64]>::to_vec)
    };
    let name = |place: usize| conditions.get(place).and_then(|one| engine.name_of(*one));
    let mut columns = vec![
        ("pack", texts(each().map(|(place, ..)| Some(name(place)?.0)))),
        ("condition", texts(each().map(|(place, ..)| Some(name(place)?.1)))),
        ("reading", texts(each().map(|(place, ..)| name(place)?.2))),
        ("kind", numbers(each().map(|(_, kind, _)| Some(kind as u32)))),
    ];
    columns.extend(lanes(&each().map(own).collect::<Vec<_>>()));
    batch(columns)
}
