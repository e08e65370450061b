//! What each row adds to the answer of its subject: for whoever adds rows up himself, by the million.
//!
//! A condition about vehicles is mostly a sum over rows, so a row that stands in many vehicles need be judged
//! once only. Where a row is more than an addend, that is said, and the subject goes back to the engine.

mod cohort;
mod composed;
mod fitting;
mod found;
mod reach;
mod row;
mod stated;
mod whole;

use filiera_finding::Reason;
use filiera_model::{Bounds, End, Exact, Mark, Quality, Verdict};
use filiera_packs::{Form, Method, ShareMark, Weigh};
use filiera_tables::Population;

use crate::EngineError;
use crate::bind::{BoundCondition, BoundLeaf};
use crate::engine::Engine;
use crate::epoch::Law;
use crate::judge::{OneDay, decided, judged_rows};
use crate::settle::{RowWaits, row_waits};
use row::addend;

pub use cohort::VehicleFacts;
pub use composed::Composed;
pub use fitting::{Asks, Fitted, Fitting, Plan, Planned};
pub use found::MemberFound;
pub use reach::Reach;
pub use stated::{Stated, StatedMember};
pub use whole::{Whole, WholeSides};

/// What one row, or several together, add: under the range, and under the law's closure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addend {
    /// What the evidence allows.
    pub range: Sides,
    /// What the law makes of the unknown.
    pub legal: Sides,
    /// Rows that may count.
    pub rows: u32,
}

/// Weights, each the least or the most it can be; of forms that count rows, their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// Least weight of what is surely marked; of a ratio its top.
    pub marked_least: Exact,
    /// Most weight of what may be unmarked while the marked part is least; of a ratio its bottom.
    pub rest_most: Exact,
    /// Most weight of what may be marked.
    pub marked_most: Exact,
    /// Least weight of what is surely unmarked while the marked part is most.
    pub rest_least: Exact,
    /// Least weight of what surely counts; of forms that count rows, the rows that surely do.
    pub surely: Exact,
}

/// A row's addend; nothing: it is more than one.
pub type Adds = Option<Addend>;

/// A condition of which the rows add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Additive(usize);

/// How a condition stands to one subject, whatever its rows.
#[derive(Clone, Debug)]
pub struct Standing {
    law: Law,
    /// Whether the condition speaks about the subject; maybe: nothing about it is ever decided.
    pub speaks: Mark,
    is_complete: bool,
    /// Whether its rows do not hang together: of others no sum tells anything.
    is_plain: bool,
}

/// The rows of one subject under one condition.
#[derive(Clone, Debug)]
pub struct SubjectRows {
    /// The subject.
    pub subject: String,
    /// How the condition stands to it.
    pub standing: Standing,
    /// The row of `installed` (nothing: a row that stands for none), and what it adds.
    pub rows: Vec<(Option<u32>, Adds)>,
    /// Of rows of `installed` about which something is open: what they wait for.
    pub waits: Vec<(u32, RowWaits)>,
}

/// The two verdicts on a subject, with the bounds they rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The verdict on the range.
    pub verdict: Verdict,
    /// The legal verdict.
    pub legal: Verdict,
    /// The range; its quality is not worked out here.
    pub bounds: Bounds,
    /// The legal bounds.
    pub legal_bounds: Bounds,
    /// What the value is compared with, if with anything.
    pub threshold: Option<Exact>,
    /// Why nothing is decided, where the condition may not speak about the subject.
    pub reason: Option<Reason>,
}

impl Engine<'_> {
    /// The conditions about vehicles whose rows add up, those to be judged.
    pub fn additive(&self) -> Vec<Additive> {
        let places = self.order(true).into_iter();
        places
            .filter(|place| self.bound.get(*place).is_some_and(|one| self.adds_up(one)))
            .map(Additive)
            .collect()
    }

    /// The condition's pack, name and reading.
    pub fn name_of(&self, condition: Additive) -> Option<(&str, &str, Option<&str>)> {
        let bound = self.bound.get(condition.0)?;
        Some((&bound.pack.id, &bound.condition.name, bound.reading.as_deref()))
    }

    /// What every row of every subject adds; subjects of several possible days are left out: they go to the
    /// engine.
    ///
    /// # Errors
    /// [`EngineError`] when a predicate cannot be evaluated: a fault of the program.
    pub fn addends(&self, condition: Additive) -> Result<Vec<SubjectRows>, EngineError> {
        let Some(bound) = self.bound.get(condition.0) else { return Ok(Vec::new()) };
        let Some(leaf) = &bound.leaf else { return Ok(Vec::new()) };
        let Some((subjects, rows)) = self.subjects_of(bound).zip(self.rows_of(bound)) else {
            return Ok(Vec::new());
        };
        let days = judged_rows(&self.ground, bound, leaf, subjects, rows)?;
        let of_subject = subjects.names.iter().enumerate().zip(days).filter_map(|((place, name), day)| {
            let OneDay { law, speaks, rows: judged } = day?;
            let hangs = [&rows.entangled, &rows.have_choices, &rows.undecidable];
            let is_plain = hangs.iter().all(|flags| flags.get(place) == Some(&false))
                && rows.open.get(place).is_some_and(Vec::is_empty);
            let added = judged.iter().map(|row| {
                let info = rows.info(row.row)?;
                let installed = info.component.as_ref().and_then(|component| component.installed);
                Some((installed, addend(bound, leaf, row).filter(|_| info.choice.is_none())))
            });
            let added = added.flatten().collect();
            let values = law.bindings(bound);
            let waits = judged.iter().filter_map(|row| {
                let installed = rows.info(row.row)?.component.as_ref()?.installed?;
                Some((installed, row_waits(self, (bound, leaf), place, &values, row)?))
            });
            let waits = waits.collect();
            let is_complete = self.ground.dossier.is_complete(leaf.population, name);
            let standing = Standing { law, speaks, is_complete, is_plain };
            Some(SubjectRows { subject: name.clone(), standing, rows: added, waits })
        });
        Ok(of_subject.collect())
    }

    /// The verdicts on a subject whose rows add up to `total`; nothing where a sum does not tell.
    pub fn decide(&self, condition: Additive, standing: &Standing, total: &Addend) -> Option<Decision> {
        let bound = self.bound.get(condition.0)?;
        let is_told = standing.is_plain && total.rows > 0;
        let whole = |sides: &Sides| bounds(bound, standing, sides).filter(|_| is_told);
        let (range, legal) = (whole(&total.range)?, whole(&total.legal)?);
        let verdict = |bounds: &Bounds, sides: &Sides| {
            decided(bound, &standing.law, bounds, sides.surely.is_positive())
        };
        let open = |verdict| if standing.speaks == Mark::Yes { verdict } else { Verdict::Undetermined };
        Some(Decision {
            verdict: open(verdict(&range, &total.range)),
            legal: open(verdict(&legal, &total.legal)),
            bounds: range,
            legal_bounds: legal,
            threshold: standing.law.threshold(bound),
            reason: (standing.speaks != Mark::Yes).then_some(Reason::WhenUnknown),
        })
    }

    fn adds_up(&self, bound: &BoundCondition) -> bool {
        let Some(leaf) = &bound.leaf else { return false };
        let in_one_currency = bound.currency().is_some() || self.ground.prices.have_one_currency();
        bound.per == ["vehicle"]
            && leaf.population == Population::Components
            && self.ground.dossier.set_aside.is_empty()
            && bound.fails_when.is_none()
            && form_adds_up(bound, leaf)
            && (in_one_currency || !weighs_by_value(&bound.condition.form))
    }
}

fn form_adds_up(bound: &BoundCondition, leaf: &BoundLeaf) -> bool {
    match &bound.condition.form {
        Form::Share(share) => {
            matches!(share.mark, ShareMark::Where(_))
                && share.method == Method::AsSupplied
                && share.roll_up.is_none()
                && share.of_total.is_none()
                && share.by.is_none()
                && !leaf.weighs_signed
        }
        Form::Total(_) | Form::Ratio(_) => !leaf.weighs_signed,
        Form::Count(_) | Form::Every(_) | Form::None(_) | Form::Any(_) => true,
        _ => false,
    }
}

fn weighs_by_value(form: &Form) -> bool {
    match form {
        Form::Share(share) => share.weigh.value == Weigh::Value,
        Form::Total(sum) => sum.weigh.value == Weigh::Value,
        Form::Ratio(ratio) => ratio.weigh.value == Weigh::Value,
        _ => false,
    }
}

/// The closed form of DESIGN's two sums; nothing where the whole may weigh nothing.
fn bounds(bound: &BoundCondition, standing: &Standing, sides: &Sides) -> Option<Bounds> {
    let share = |part: &Exact, rest: &Exact| part.checked_div(&(part + rest)).map(End::closed);
    let ends = |lower, upper| Bounds { lower, upper, quality: Quality::Exact };
    match &bound.condition.form {
        Form::Share(_) => {
            let lower = share(&sides.marked_least, &sides.rest_most)?;
            let upper = share(&sides.marked_most, &sides.rest_least)?;
            sides.surely.is_positive().then(|| ends(lower, upper))
        }
        Form::Ratio(_) => {
            let value = sides.marked_least.checked_div(&sides.rest_most)?;
            (standing.is_complete && sides.rest_most.is_positive()).then(|| Bounds::exactly(value))
        }
        _ => {
            let most = End::closed(sides.marked_most.clone());
            let upper = if standing.is_complete { most } else { End::unlimited() };
            Some(ends(End::closed(sides.marked_least.clone()), upper))
        }
    }
}

impl Sides {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.marked_least += &other.marked_least;
        self.rest_most += &other.rest_most;
        self.marked_most += &other.marked_most;
        self.rest_least += &other.rest_least;
        self.surely += &other.surely;
    }
}

impl Addend {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.range.add(&other.range);
        self.legal.add(&other.legal);
        self.rows += other.rows;
    }
}
