use filiera_finding::Form as ShownForm;
use filiera_model::{Exact, Operator};
use filiera_packs::Form;

use super::{Additive, Composed, Standing};
use crate::engine::Engine;
use crate::shown::form_of;

/// How a condition makes verdicts of its sums: for whoever states it in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// What it says, in one line.
    pub title: String,
    /// What its value is: a share, a total, a number of rows.
    pub form: ShownForm,
    /// How the value is compared; nothing where the form says so itself.
    pub operator: Option<Operator>,
    /// How many members must be met, where a number of them is asked for.
    pub needed: usize,
    /// The members of a composition, in the pack's order.
    pub members: Vec<StatedMember>,
}

/// A member of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedMember {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The column of the vehicle that names the subject the member judges; nothing: the vehicle.
    pub via: Option<String>,
}

impl Standing {
    /// Whether somebody vouches that all rows of the subject are listed.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether a sum can tell at all: of rows that hang together none does.
    pub fn is_plain(&self) -> bool {
        self.is_plain
    }
}

impl Engine<'_> {
    /// How a condition whose rows add up makes verdicts of them.
    pub fn stated(&self, condition: Additive) -> Option<Stated> {
        self.stated_at(condition.0)
    }

    /// How a composition makes verdicts of those of its members.
    pub fn stated_composed(&self, composed: Composed) -> Option<Stated> {
        self.stated_at(composed.0)
    }

    /// What the value of a condition is compared with for subjects of one standing; nothing where it is with
    /// nothing.
    pub fn threshold_of(&self, condition: Additive, standing: &Standing) -> Option<Exact> {
        standing.law.threshold(self.bound.get(condition.0)?)
    }

    fn stated_at(&self, place: usize) -> Option<Stated> {
        let bound = self.bound.get(place)?;
        let form = &bound.condition.form;
        let members = form.members().iter().map(|member| {
            let (pack, condition) = bound.member(&member.value);
            let via = bound.condition.via.get(&member.value.condition).map(|column| column.value.clone());
            StatedMember { pack: pack.to_owned(), condition: condition.to_owned(), via }
        });
        Some(Stated {
            pack: bound.pack.id.clone(),
            condition: bound.condition.name.clone(),
            reading: bound.reading.clone(),
            title: bound.condition.title.clone(),
            form: form_of(form, bound.leaf.as_ref().map(|leaf| leaf.population)),
            operator: bound.operator(),
            needed: if let Form::NOf(of) = form { of.at_least.value } else { 0 },
            members: members.collect(),
        })
    }
}
