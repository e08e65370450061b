use std::collections::BTreeMap;

use filiera_finding::{Finding, Reason};
use filiera_model::{Day, Mark, Verdict};

use super::composed::{Composed, Member};
use super::{Additive, Decision};
use crate::engine::Engine;
use crate::judge::{Judgements, Outcome, compose, law_of, not_law};
use crate::shown::finding;

/// What was found of a member of a composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemberFound {
    /// Range and legal verdict.
    pub verdicts: [Verdict; 2],
    /// The day it was judged for.
    pub on: Option<Day>,
}

impl Engine<'_> {
    /// The column of `vehicles` that dates a condition; nothing: the law clock does.
    pub fn dated_by(&self, condition: Additive) -> Option<&str> {
        let bound = self.bound.get(condition.0)?;
        bound.condition.dated_by.as_ref().map(|column| column.value.as_str())
    }

    /// Whether findings of a condition are asked for, and not only what it says beside another.
    pub fn is_told(&self, condition: Additive) -> bool {
        let bound = self.bound.get(condition.0);
        bound.is_some_and(|bound| self.ground.settings.readings || !bound.is_reading())
    }

    /// The day that findings on a vehicle of this day name; `is_silent`: the condition does not speak about it.
    pub fn judged_on(&self, condition: Additive, day: Day, is_silent: bool) -> Option<Day> {
        let bound = self.bound.get(condition.0)?;
        let is_dated = bound.condition.dated_by.is_some();
        (is_dated || (is_silent && law_of(&self.ground, bound, day).is_err())).then_some(day)
    }

    /// The finding on a vehicle dated to one day, as far as sums tell: without counts of rows, missing
    /// papers, remarks on rows, and whether bounds are attained. `decision`: nothing where the condition
    /// does not speak about the vehicle.
    pub fn finding_by_sum(
        &self,
        condition: Additive,
        vehicle: &str,
        day: Day,
        decision: Option<&Decision>,
    ) -> Option<Finding> {
        let bound = self.bound.get(condition.0)?;
        let on = Some(day).filter(|_| bound.condition.dated_by.is_some());
        let outcome = match decision {
            None => match law_of(&self.ground, bound, day) {
                Err(none) => not_law(none, day),
                Ok(_) => Outcome { on, ..Outcome::without_value(Verdict::NotApplicable, Reason::WhenFalse) },
            },
            Some(decision) => Outcome {
                on,
                legal: decision.legal,
                bounds: Some(decision.bounds.clone()),
                legal_bounds: Some(decision.legal_bounds.clone()),
                threshold: decision.threshold.clone(),
                reason: decision.reason,
                ..Outcome::without_value(decision.verdict, Reason::NoRows)
            },
        };
        Some(finding(self, bound, vehicle, outcome))
    }

    /// The finding on a vehicle under a composition, without what is missing. `alike` is a vehicle that the
    /// engine knows, equal in all that the composition asks of its subject; `found` tells of a member;
    /// without it the member is undetermined.
    pub fn finding_of_composed(
        &self,
        composed: Composed,
        (alike, vehicle): (&str, &str),
        speaks: Mark,
        found: &dyn Fn(Member<'_>) -> Option<MemberFound>,
    ) -> Option<Finding> {
        let bound = self.bound.get(composed.0)?;
        let subjects = self.subjects_of(bound)?;
        let subject = subjects.find(alike)?;
        let mut judgements = Judgements::new();
        for member in bound.condition.form.members() {
            let (pack, name) = bound.member(&member.value);
            let via = bound.condition.via.get(&member.value.condition).map(|column| column.value.as_str());
            let other = via.map(|column| subjects.columns.text(column, subject as usize));
            let (told, of) = match other {
                None => (found((pack, name, None)), alike),
                Some(None) => continue,
                Some(Some(other)) => (found((pack, name, Some(other))), other),
            };
            let Some(told) = told else { continue };
            let outcome = Outcome::without_value(told.verdicts[0], Reason::NoRows);
            let outcome = Outcome { on: told.on, legal: told.verdicts[1], reason: None, ..outcome };
            let key = (pack.to_owned(), name.to_owned());
            judgements.insert(key, BTreeMap::from([(of.to_owned(), outcome)]));
        }
        let mut outcome = compose(bound, subjects, subject as usize, &judgements);
        outcome.missing.clear();
        outcome.restrict(speaks);
        Some(finding(self, bound, vehicle, outcome))
    }
}
