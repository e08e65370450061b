//! What was added up elsewhere, and the rows of those vehicles of which a sum does not tell everything.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use super::asking::{Asking, Asks, Question, Round};
use super::columns::odd;
use super::ranges::Range;
use super::sql::{Columns, WANTED};
use super::sums::OfVehicles;
use crate::singly::plain;
use crate::told::{Ground, HearsLeft, settle_left};
use crate::{FleetError, FleetJudgement, InMemory};

/// How many rows each vehicle has elsewhere, and where they are found.
#[derive(Debug, Default)]
pub(super) struct Added {
    ranges: Vec<Range>,
    columns: Columns,
    /// Of vehicles by their rows of `vehicles`.
    rows: FxHashMap<u32, u64>,
    alone: BTreeMap<String, u64>,
}

/// The rows of so many vehicles are fetched and judged together.
const AT_ONCE: usize = 10_000;

impl Added {
    pub(super) fn new(ranges: Vec<Range>, columns: Columns) -> Self {
        Self { ranges, columns, ..Self::default() }
    }

    pub(super) fn take(&mut self, found: OfVehicles) {
        self.rows.extend(found.rows);
        self.alone.extend(found.alone);
    }

    /// All rows of some vehicles, by their rows of `vehicles`: as many as were added up before.
    fn rows_of(&self, asking: &Asking<'_>, vehicles: &Table, these: &[u32]) -> Result<InMemory, FleetError> {
        let mut wanted: Vec<BTreeMap<&str, u64>> = vec![BTreeMap::new(); self.ranges.len()];
        for row in these {
            let Some(name) = vehicles.text("vehicle", *row as usize) else { continue };
            let rows = self.rows.get(row).or_else(|| self.alone.get(name)).copied().unwrap_or(0);
            let own = self.ranges.iter().zip(&mut wanted).find(|(range, _)| range.holds(name));
            if let (Some((_, own)), true) = (own, rows > 0) {
                own.insert(name, rows);
            }
        }
        let (ranges, wanted): (Vec<Range>, Vec<BTreeMap<&str, u64>>) =
            self.ranges.iter().cloned().zip(wanted).filter(|(_, own)| !own.is_empty()).unzip();
        let at = |place: usize| ranges.get(place).zip(wanted.get(place)).ok_or(FleetError::NoPiece(place));
        let question = |place: usize| {
            let (range, own) = at(place)?;
            let names = Arc::new(own.keys().copied().map(Some).collect::<StringArray>()) as Arc<dyn Array>;
            let beside =
                vec![(WANTED, RecordBatch::try_from_iter_with_nullable([("vehicle", names, true)])?)];
            Ok(Question {
                asks: Asks::Rows,
                vehicles: range.ends(),
                statement: self.columns.wanted(range),
                beside,
            })
        };
        let checked = |place: usize, answer: &RecordBatch| checked(answer, at(place)?.1);
        let mut found = Vec::new();
        asking.each(&Round { ranges: &ranges, question: &question, checked: &checked }, &mut |_, rows| {
            found.push(rows);
            Ok(())
        })?;
        Ok(InMemory::of(found))
    }

    /// Has the engine judge what sums do not tell, and takes it over.
    pub(super) fn settle(
        &self,
        asking: &Asking<'_>,
        ground: Ground<'_>,
        vehicles: &Table,
        judged: &mut FleetJudgement,
        hears: HearsLeft<'_>,
    ) -> Result<(), FleetError> {
        let left = std::mem::take(&mut judged.left);
        for some in left.chunks(AT_ONCE) {
            let pieces = self.rows_of(asking, vehicles, some)?;
            judged.left = some.to_vec();
            settle_left(ground, &pieces, vehicles, judged, hears)?;
        }
        judged.left = left;
        Ok(())
    }
}

/// The rows, if each vehicle has as many as it should and no other has any.
fn checked(answer: &RecordBatch, wanted: &BTreeMap<&str, u64>) -> Result<RecordBatch, FleetError> {
    let rows = plain(answer).map_err(|error| odd(error.to_string()))?;
    let names = rows.column_by_name("vehicle").and_then(|column| column.as_string_opt::<i32>());
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for name in names.into_iter().flatten() {
        *counts.entry(name.unwrap_or_default()).or_default() += 1;
    }
    if counts != *wanted {
        let (told, asked) = (counts.values().sum::<u64>(), wanted.values().sum::<u64>());
        return Err(odd(format!("{told} rows were told of {} vehicles that have {asked}", wanted.len())));
    }
    Ok(rows)
}
