use std::collections::BTreeMap;

use filiera_model::{Mark, Verdict};

use crate::EngineError;
use crate::engine::Engine;
use crate::judge::{combined, speaks};

/// A condition about vehicles that is made of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Composed(pub(super) usize);

/// A member of a composition: pack, condition, and the subject where it judges another than the vehicle.
pub type Member<'a> = (&'a str, &'a str, Option<&'a str>);

impl Engine<'_> {
    /// The compositions about vehicles, members before what is made of them.
    pub fn composed(&self) -> Vec<Composed> {
        let is_one = |place: &usize| {
            self.bound.get(*place).is_some_and(|bound| bound.leaf.is_none() && bound.per == ["vehicle"])
        };
        self.order(true).into_iter().filter(is_one).map(Composed).collect()
    }

    /// The composition's pack, name and reading.
    pub fn name_of_composed(&self, composed: Composed) -> Option<(&str, &str, Option<&str>)> {
        let bound = self.bound.get(composed.0)?;
        Some((&bound.pack.id, &bound.condition.name, bound.reading.as_deref()))
    }

    /// Whether a composition speaks about each vehicle.
    ///
    /// # Errors
    /// [`EngineError`] when a predicate cannot be evaluated: a fault of the program.
    pub fn speaks(&self, composed: Composed) -> Result<BTreeMap<String, Mark>, EngineError> {
        let Some(bound) = self.bound.get(composed.0) else { return Ok(BTreeMap::new()) };
        let Some(subjects) = self.subjects_of(bound) else { return Ok(BTreeMap::new()) };
        Ok(subjects.names.iter().cloned().zip(speaks(&self.ground, bound, subjects)?).collect())
    }

    /// The two verdicts that members make together for a vehicle like `vehicle`: on the range, and the legal
    /// one. `found` tells a member's; without it the member is undetermined.
    pub fn compose(
        &self,
        composed: Composed,
        vehicle: &str,
        speaks: Mark,
        found: &dyn Fn(Member<'_>) -> Option<[Verdict; 2]>,
    ) -> [Verdict; 2] {
        let open = [Verdict::Undetermined; 2];
        let Some(bound) = self.bound.get(composed.0) else { return open };
        let Some(subjects) = self.subjects_of(bound) else { return open };
        let Some(subject) = subjects.find(vehicle) else { return open };
        let members = bound.condition.form.members();
        let members: Vec<[Verdict; 2]> = members
            .iter()
            .map(|member| {
                let (pack, name) = bound.member(&member.value);
                let via =
                    bound.condition.via.get(&member.value.condition).map(|column| column.value.as_str());
                let other = via.map(|column| subjects.columns.text(column, subject as usize));
                match other {
                    None => found((pack, name, None)),
                    Some(None) => None,
                    Some(other) => found((pack, name, other)),
                }
                .unwrap_or(open)
            })
            .collect();
        let of = |which: usize| {
            let verdicts =
                members.iter().map(|pair| pair.get(which).copied().unwrap_or(Verdict::Undetermined));
            combined(&bound.condition.form, verdicts)
        };
        match speaks {
            Mark::Yes => [of(0), of(1)],
            Mark::No => [Verdict::NotApplicable; 2],
            Mark::Maybe => open,
        }
    }
}
