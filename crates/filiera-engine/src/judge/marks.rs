use std::sync::Arc;

use arrow::array::{Array, BooleanArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{Field, Schema};
use filiera_model::{Country, Fraction, Mark};
use filiera_predicate::{BoundPredicate, Predicate};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::Columns;
use crate::facts::Origin;

const ORIGIN: &str = "origin";

/// What `predicate` says of each of `rows`: the marked part of it.
///
/// A row whose origin is not one known country is asked once per candidate, and once with no
/// origin at all when any country is possible; the answers are joined as the claims demand.
pub(crate) fn fractions(
    predicate: &Predicate,
    bound: &BoundPredicate,
    columns: &Columns,
    rows: &[u32],
    origins: &[Arc<Origin>],
) -> Result<Vec<Fraction>, EngineError> {
    if !predicate.columns().contains(ORIGIN) || origins.is_empty() {
        let answers = evaluate(predicate, bound, columns, rows, None)?;
        return Ok((0..rows.len()).map(|row| Fraction::from(mark_at(&answers, row))).collect());
    }
    let mut asked_rows: Vec<u32> = Vec::new();
    let mut asked: Vec<Option<Country>> = Vec::new();
    let mut firsts: Vec<usize> = Vec::new();
    for (row, origin) in rows.iter().zip(origins) {
        firsts.push(asked.len());
        let candidates = candidates(origin);
        asked_rows.extend(candidates.iter().map(|_| *row));
        asked.extend(candidates);
    }
    let answers = evaluate(predicate, bound, columns, &asked_rows, Some(&asked))?;
    let ends = firsts.iter().skip(1).copied().chain([asked.len()]);
    let fractions = origins.iter().zip(firsts.iter().copied().zip(ends)).map(|(origin, (first, end))| {
        let marks: FxHashMap<Option<Country>, Mark> =
            (first..end).filter_map(|place| Some((*asked.get(place)?, mark_at(&answers, place)))).collect();
        origin.fraction(|candidate| marks.get(&candidate).copied().unwrap_or(Mark::Maybe))
    });
    Ok(fractions.collect())
}

fn candidates(origin: &Origin) -> Vec<Option<Country>> {
    let mut all: Vec<Option<Country>> =
        origin.claims.iter().flat_map(|claim| &claim.parts).flat_map(|(_, part)| part.list()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn evaluate(
    predicate: &Predicate,
    bound: &BoundPredicate,
    columns: &Columns,
    rows: &[u32],
    origins: Option<&[Option<Country>]>,
) -> Result<BooleanArray, EngineError> {
    let indices = UInt32Array::from(rows.to_vec());
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (name, array) in columns.iter().filter(|(name, _)| predicate.columns().contains(*name)) {
        let taken = match origins {
            Some(origins) if name == ORIGIN => {
                let codes: StringArray = origins.iter().map(|origin| origin.map(Country::alpha2)).collect();
                Arc::new(codes)
            }
            _ => take(array, &indices, None)?,
        };
        fields.push(Field::new(name, taken.data_type().clone(), true));
        arrays.push(taken);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?;
    Ok(bound.evaluate(&batch)?)
}

fn mark_at(answers: &BooleanArray, row: usize) -> Mark {
    let known = row < answers.len() && answers.is_valid(row);
    Mark::from_sql(known.then(|| answers.value(row)))
}

/// What `predicate` says of one row each of `rows`, origins aside.
pub(crate) fn marks(
    predicate: &Predicate,
    bound: &BoundPredicate,
    columns: &Columns,
    rows: &[u32],
) -> Result<Vec<Mark>, EngineError> {
    let answers = evaluate(predicate, bound, columns, rows, None)?;
    Ok((0..rows.len()).map(|row| mark_at(&answers, row)).collect())
}
