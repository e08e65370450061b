use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array,
    new_null_array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Schema};
use filiera_model::{Country, Fraction, Mark};
use filiera_predicate::{BoundPredicate, Predicate};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::Columns;
use crate::facts::Origin;
use crate::ownership::is_of_control;

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
    state: usize,
) -> Result<Vec<Fraction>, EngineError> {
    let asked = Asked { predicate, bound, columns, state };
    if !predicate.columns().contains(ORIGIN) || origins.is_empty() {
        let answers = asked.answers(rows, None)?;
        return Ok((0..rows.len()).map(|row| Fraction::from(mark_at(&answers, row))).collect());
    }
    let mut asked_rows: Vec<u32> = Vec::new();
    let mut candidates_asked: Vec<Option<Country>> = Vec::new();
    let mut firsts: Vec<usize> = Vec::new();
    for (row, origin) in rows.iter().zip(origins) {
        firsts.push(candidates_asked.len());
        let candidates = candidates(origin);
        asked_rows.extend(candidates.iter().map(|_| *row));
        candidates_asked.extend(candidates);
    }
    let answers = asked.answers(&asked_rows, Some(&candidates_asked))?;
    let ends = firsts.iter().skip(1).copied().chain([candidates_asked.len()]);
    let fractions = origins.iter().zip(firsts.iter().copied().zip(ends)).map(|(origin, (first, end))| {
        let marks: FxHashMap<Option<Country>, Mark> = (first..end)
            .filter_map(|place| Some((*candidates_asked.get(place)?, mark_at(&answers, place))))
            .collect();
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

/// A predicate to be asked of rows, in one state of the register of owners.
struct Asked<'a> {
    predicate: &'a Predicate,
    bound: &'a BoundPredicate,
    columns: &'a Columns,
    state: usize,
}

/// Beyond so many ways in which sets of countries may fall in one row, nothing is decided about it.
const MOST_WAYS: usize = 256;

impl Asked<'_> {
    /// The answer for every row. A cell that holds a set of countries is asked once for each of them, and
    /// decides where they agree.
    fn answers(
        &self,
        rows: &[u32],
        origins: Option<&[Option<Country>]>,
    ) -> Result<BooleanArray, EngineError> {
        let named = self.predicate.columns().iter();
        let of_sets: Vec<&String> = named.filter(|name| name.ends_with("_controller_country")).collect();
        if of_sets.is_empty() {
            return self.evaluate(rows, origins, &[]);
        }
        let mut ways: Vec<(usize, Vec<Option<String>>)> = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let mut own: Vec<Vec<Option<String>>> = vec![Vec::new()];
            for name in &of_sets {
                let cell = self.countries(name, *row);
                let grow = |way: &Vec<Option<String>>| {
                    cell.iter()
                        .map(|one| way.iter().cloned().chain([one.clone()]).collect())
                        .collect::<Vec<_>>()
                };
                own = own.iter().flat_map(grow).collect();
            }
            if own.len() > MOST_WAYS {
                own = vec![vec![None; of_sets.len()]];
            }
            ways.extend(own.into_iter().map(|way| (place, way)));
        }
        let each: Vec<u32> = ways.iter().filter_map(|(place, _)| rows.get(*place).copied()).collect();
        let origins: Option<Vec<Option<Country>>> = origins
            .map(|origins| ways.iter().map(|(place, _)| origins.get(*place).copied().flatten()).collect());
        let cells: Vec<(String, ArrayRef)> = of_sets
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let texts: StringArray = ways.iter().map(|(_, way)| way.get(at).cloned().flatten()).collect();
                ((*name).clone(), Arc::new(texts) as ArrayRef)
            })
            .collect();
        let answers = self.evaluate(&each, origins.as_deref(), &cells)?;
        let mut marks: Vec<Option<Mark>> = vec![None; rows.len()];
        for (at, (place, _)) in ways.iter().enumerate() {
            let mark = mark_at(&answers, at);
            if let Some(slot) = marks.get_mut(*place) {
                *slot = Some(slot.map_or(mark, |known| known.or_else(mark)));
            }
        }
        let truth = |mark: Option<Mark>| match mark {
            Some(Mark::Yes) => Some(true),
            Some(Mark::No) => Some(false),
            _ => None,
        };
        Ok(marks.into_iter().map(truth).collect())
    }

    /// The countries in a cell, each by itself; one unknown where there is none.
    fn countries(&self, name: &str, row: u32) -> Vec<Option<String>> {
        let texts = self.columns.in_state(name, self.state).and_then(|array| array.as_string_opt::<i32>());
        let known = texts.filter(|texts| (row as usize) < texts.len() && texts.is_valid(row as usize));
        known.map_or_else(
            || vec![None],
            |texts| texts.value(row as usize).split('/').map(|code| Some(code.to_owned())).collect(),
        )
    }

    fn evaluate(
        &self,
        rows: &[u32],
        origins: Option<&[Option<Country>]>,
        cells: &[(String, ArrayRef)],
    ) -> Result<BooleanArray, EngineError> {
        let indices = UInt32Array::from(rows.to_vec());
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for name in self.predicate.columns() {
            let given = cells.iter().find(|(known, _)| known == name).map(|(_, array)| Arc::clone(array));
            let taken = match (given, origins) {
                (Some(given), _) => given,
                (None, Some(origins)) if name == ORIGIN => {
                    let codes: StringArray =
                        origins.iter().map(|origin| origin.map(Country::alpha2)).collect();
                    Arc::new(codes)
                }
                _ => match self.columns.in_state(name, self.state) {
                    Some(array) => take(array, &indices, None)?,
                    // A state that nobody worked out is not known.
                    None if is_of_control(name) => new_null_array(&DataType::Utf8, rows.len()),
                    None => continue,
                },
            };
            fields.push(Field::new(name, taken.data_type().clone(), true));
            arrays.push(taken);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)?;
        Ok(self.bound.evaluate(&batch)?)
    }
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
    state: usize,
) -> Result<Vec<Mark>, EngineError> {
    let answers = Asked { predicate, bound, columns, state }.answers(rows, None)?;
    Ok((0..rows.len()).map(|row| mark_at(&answers, row)).collect())
}
