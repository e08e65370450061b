//! Readings that are judged always: where one decides otherwise than the condition as written, the
//! condition's finding says so, with the rows that make the difference.

use std::collections::BTreeMap;

use filiera_model::{Exact, Mark, Verdict};
use filiera_packs::Form;

use crate::EngineError;
use crate::bind::{BoundCondition, BoundMark};
use crate::engine::Engine;
use crate::judge::{JudgedRow, Judgements, Outcome};
use crate::rows::Rows;

/// So many rows are named.
const NAMED: usize = 3;

impl Engine<'_> {
    /// Adds to the outcomes of every condition what its readings beside it decide otherwise.
    pub(crate) fn note_beside(&self, outcomes: &mut BTreeMap<usize, Vec<Outcome>>) {
        for (place, reading) in self.bound.iter().enumerate().filter(|(_, one)| one.beside.is_some()) {
            let own = self.bound.iter().position(|one| one.is(&reading.pack.id, &reading.condition.name));
            let same_subjects = |own: &usize| self.bound.get(*own).is_some_and(|own| own.per == reading.per);
            let Some(own) = own.filter(same_subjects) else { continue };
            let Some(taken) = outcomes.get(&place) else { continue };
            let verdicts = outcomes.get(&own).into_iter().flatten().map(|outcome| outcome.verdict);
            let remarks: Vec<Option<String>> = taken
                .iter()
                .zip(verdicts)
                .map(|(taken, written)| self.remark(reading, taken, written))
                .collect();
            for (outcome, remark) in outcomes.get_mut(&own).into_iter().flatten().zip(remarks) {
                outcome.remarks.extend(remark);
            }
        }
    }

    /// The same for one subject of one condition.
    pub(crate) fn note_beside_one(
        &self,
        bound: &BoundCondition,
        judgements: &mut Judgements,
        (place, outcome): (usize, &mut Outcome),
    ) -> Result<(), EngineError> {
        if bound.is_reading() {
            return Ok(());
        }
        let is_beside = |one: &&BoundCondition| {
            one.beside.is_some()
                && one.pack.id == bound.pack.id
                && one.condition.name == bound.condition.name
                && one.per == bound.per
        };
        for reading in self.bound.iter().filter(is_beside) {
            self.judge_members(reading, judgements)?;
            let taken = self.judge_one(reading, judgements)?;
            let remark = taken.get(place).and_then(|taken| self.remark(reading, taken, outcome.verdict));
            outcome.remarks.extend(remark);
        }
        Ok(())
    }

    /// `the checker of 2025: not met, because of b@1.0 (country_as_written GR)`; nothing where the reading
    /// decides nothing, or the same.
    fn remark(&self, reading: &BoundCondition, taken: &Outcome, written: Verdict) -> Option<String> {
        let title = reading.beside.as_ref().filter(|_| taken.verdict.is_decided())?;
        if taken.verdict == written || written == Verdict::NotApplicable {
            return None;
        }
        let because = match (&reading.condition.form, taken.verdict, self.rows_of(reading)) {
            (Form::Every(_), Verdict::NotMet, Some(rows)) => offending(reading, rows, &taken.rows),
            _ => String::new(),
        };
        Some(format!("{title}: {}{because}", taken.verdict))
    }
}

/// The rows that fail, with what the predicate saw of them.
fn offending(reading: &BoundCondition, rows: &Rows, judged: &[JudgedRow]) -> String {
    let inside = || judged.iter().filter(|row| row.scope == Mark::Yes);
    let failing: Vec<u32> =
        inside().filter(|row| row.marked.most < Exact::one()).map(|row| row.row).collect();
    let passing: Vec<u32> =
        inside().filter(|row| row.marked.least == Exact::one()).map(|row| row.row).collect();
    let seen = |row: &u32| {
        let name = rows.info(*row).map(|info| info.name.clone()).unwrap_or_default();
        match telling(reading, rows, *row, &passing) {
            facts if facts.is_empty() => name,
            facts => format!("{name} ({})", facts.join(", ")),
        }
    };
    let named: Vec<String> = failing.iter().take(NAMED).map(seen).collect();
    match failing.len().saturating_sub(NAMED) {
        _ if named.is_empty() => String::new(),
        0 => format!(", because of {}", named.join("; ")),
        more => format!(", because of {} and {more} more", named.join("; ")),
    }
}

/// The texts that the predicate names and that no row that passes has.
fn telling(reading: &BoundCondition, rows: &Rows, row: u32, passing: &[u32]) -> Vec<String> {
    let Some(BoundMark::Where(mark)) = reading.leaf.as_ref().map(|leaf| &leaf.mark) else {
        return Vec::new();
    };
    let cell = |column: &str, row: u32| rows.columns.text(column, row as usize);
    let shown = |column: &String| {
        let own = cell(column, row)?;
        let is_shared = passing.iter().any(|other| cell(column, *other) == Some(own));
        (!is_shared).then(|| format!("{column} {own}"))
    };
    mark.columns().iter().filter_map(shown).collect()
}
