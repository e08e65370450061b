//! Installed parts that are judged alike: of each kind, one.

use filiera_engine::{Asks, Engine, Fitted, Fitting, Planned};
use filiera_model::{Day, Days};
use filiera_tables::SCALE;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::coded::{Coded, Tuple};
use crate::numbered;
use crate::views::Views;

/// The number of a kind; what adds nothing in any condition has none.
pub(crate) type Kind = u32;

/// Adds nothing: it counts within another component.
pub(crate) const NOTHING: Kind = u32::MAX;
/// More than a sum.
pub(crate) const OPEN: Kind = u32::MAX - 1;
const NOT_MET: Kind = u32::MAX - 2;

/// Texts, numbered as they come.
#[derive(Clone, Debug, Default)]
struct Names {
    numbers: FxHashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn all(&mut self, names: &numbered::Names) -> Vec<u32> {
        names.iter().map(|name| self.number(name)).collect()
    }
}

/// What is said of an installed part, days only as far as they matter: equal for those that can only differ
/// by their plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Group {
    part: u32,
    supplier: Option<u32>,
    /// Nothing: the row names none, and papers on any lot may speak for it; within: where it matters which.
    lot: Option<Option<u32>>,
    quantity: Option<i128>,
    /// Between which changes its first and its last day lie.
    days: (u32, u32),
}

/// What a kind is told apart by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    fitting: Fitting,
    quantity: Option<i128>,
    beside: u32,
}

/// One of a kind, to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub view: u32,
    pub part: String,
    pub lot: Option<String>,
    pub supplier: Option<String>,
    /// At the scale of tables.
    pub quantity: Option<i128>,
    pub days: Days,
}

/// What is known of a part before its rows are read.
struct PartFacts {
    changes: Vec<i32>,
    /// Of each view what its plan says: with the supplier known, and without.
    planned: Vec<[Option<u32>; 2]>,
}

pub(crate) struct Kinds<'e, 'a> {
    engine: &'e Engine<'a>,
    asks: Asks,
    parts: Names,
    lots: Names,
    suppliers: Names,
    part_facts: Vec<PartFacts>,
    planned: FxHashMap<Planned, u32>,
    groups: FxHashMap<Group, u32>,
    /// By plan, group and what is beside.
    by_plan: FxHashMap<(u32, u32, u32), Kind>,
    /// Of each view and group, in order.
    by_view: Vec<Vec<Kind>>,
    keys: FxHashMap<Key, Kind>,
    /// One of each kind.
    pub samples: Vec<Sample>,
}

impl<'e, 'a> Kinds<'e, 'a> {
    pub fn new(engine: &'e Engine<'a>, views: &Views<'_>) -> Self {
        Self {
            engine,
            asks: engine.asks(),
            parts: Names::default(),
            lots: Names::default(),
            suppliers: Names::default(),
            part_facts: Vec::new(),
            planned: FxHashMap::default(),
            groups: FxHashMap::default(),
            by_plan: FxHashMap::default(),
            by_view: vec![Vec::new(); views.len()],
            keys: FxHashMap::default(),
            samples: Vec::new(),
        }
    }

    /// How many distinct parts, suppliers, lots that matter, numbers and spans of days there are.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Of each view the kind of each distinct row of a piece; what does not stand in a vehicle of the view is
    /// of no kind.
    pub fn of(&mut self, coded: &Coded, views: &Views<'_>) -> Result<Vec<Vec<Kind>>, FleetError> {
        let groups = self.groups_of(coded, views)?;
        let mut kinds = vec![vec![NOTHING; coded.distinct.len()]; views.len()];
        for (distinct, view) in coded.pairs() {
            let Some(group) = groups.get(distinct as usize).copied() else { continue };
            let known = self.by_view.get(view as usize).and_then(|kinds| kinds.get(group as usize)).copied();
            let kind = match known.filter(|kind| *kind != NOT_MET) {
                Some(kind) => kind,
                None => self.new_kind(coded, distinct, group, view, views),
            };
            let slot = kinds.get_mut(view as usize).and_then(|kinds| kinds.get_mut(distinct as usize));
            slot.into_iter().for_each(|slot| *slot = kind);
        }
        Ok(kinds)
    }

    fn groups_of(&mut self, coded: &Coded, views: &Views<'_>) -> Result<Vec<u32>, FleetError> {
        let (parts, suppliers) = (self.parts.all(&coded.parts), self.suppliers.all(&coded.suppliers));
        let lots = self.lots.all(&coded.lots);
        for (name, part) in coded.parts.iter().zip(&parts) {
            if *part as usize == self.part_facts.len() {
                let facts = self.facts_of(name, views);
                self.part_facts.push(facts);
            }
        }
        let mut groups = Vec::with_capacity(coded.distinct.len());
        for tuple in &coded.distinct {
            let number = |code: u32, numbers: &[u32]| numbers.get(code as usize).copied();
            let Some(part) = number(tuple.part, &parts) else {
                return Err(FleetError::Faulty { column: "part" });
            };
            let changes = self.part_facts.get(part as usize).map(|facts| facts.changes.as_slice());
            let span = |day: i32| changes.unwrap_or_default().partition_point(|from| *from <= day) as u32;
            let (first, last) = tuple.days();
            let names = coded.parts.get(tuple.part as usize).zip(coded.lots.get(tuple.lot as usize));
            let matters = names.is_some_and(|(part, lot)| self.engine.asks_for_lot(&self.asks, part, lot));
            let lot = number(tuple.lot, &lots).map(|lot| matters.then_some(lot));
            let group = Group {
                part,
                supplier: number(tuple.supplier, &suppliers),
                lot,
                quantity: quantity(coded, tuple)?,
                days: (span(first), span(last)),
            };
            let next = self.groups.len() as u32;
            groups.push(*self.groups.entry(group).or_insert(next));
        }
        Ok(groups)
    }

    fn facts_of(&mut self, part: &str, views: &Views<'_>) -> PartFacts {
        let mut planned = Vec::with_capacity(views.len());
        for plan in &views.plans {
            planned.push([true, false].map(|stated| {
                let said = self.engine.planned(plan, part, stated)?;
                let next = self.planned.len() as u32;
                Some(*self.planned.entry(said).or_insert(next))
            }));
        }
        let changes = self.engine.changes_of(part).into_iter().map(Day::days).collect();
        PartFacts { changes, planned }
    }

    fn new_kind(&mut self, coded: &Coded, distinct: u32, group: u32, view: u32, views: &Views<'_>) -> Kind {
        let found = self.find_kind(coded, distinct, group, view, views).unwrap_or(OPEN);
        if let Some(kinds) = self.by_view.get_mut(view as usize) {
            if kinds.len() <= group as usize {
                kinds.resize(group as usize + 1, NOT_MET);
            }
            if let Some(slot) = kinds.get_mut(group as usize) {
                *slot = found;
            }
        }
        found
    }

    fn find_kind(
        &mut self,
        coded: &Coded,
        distinct: u32,
        group: u32,
        view: u32,
        views: &Views<'_>,
    ) -> Option<Kind> {
        let tuple = coded.distinct.get(distinct as usize)?;
        let text = |code: u32, names: &numbered::Names| {
            names.get(code as usize).map(|name| name.clone().into_string())
        };
        let part = text(tuple.part, &coded.parts)?;
        let (plan, beside) = (views.plans.get(view as usize)?, *views.beside.get(view as usize)?);
        let facts = self.part_facts.get(*self.parts.numbers.get(&part)? as usize)?;
        let planned =
            facts.planned.get(view as usize)?.get(usize::from(tuple.supplier == numbered::NONE)).copied()?;
        let Some(planned) = planned else { return Some(NOTHING) };
        let place = (planned, group, beside);
        if let Some(kind) = self.by_plan.get(&place) {
            return Some(*kind);
        }
        let (first, last) = tuple.days();
        let sample = Sample {
            view,
            part,
            lot: text(tuple.lot, &coded.lots),
            supplier: text(tuple.supplier, &coded.suppliers),
            quantity: quantity(coded, tuple).ok()?,
            days: Days::between(Day::from_days(first), Day::from_days(last)),
        };
        let fitted = Fitted {
            part: &sample.part,
            lot: sample.lot.as_deref(),
            supplier: sample.supplier.as_deref(),
            tested_on: sample.days,
        };
        let kind = match self.engine.fitting(&self.asks, plan, fitted) {
            None => NOTHING,
            Some(fitting) if fitting.is_open() => OPEN,
            Some(fitting) => {
                let key = Key { fitting, quantity: sample.quantity, beside };
                let next = self.samples.len() as Kind;
                let kind = *self.keys.entry(key).or_insert(next);
                if kind == next {
                    self.samples.push(sample);
                }
                kind
            }
        };
        self.by_plan.insert(place, kind);
        Some(kind)
    }
}

/// At the scale of tables.
fn quantity(coded: &Coded, tuple: &Tuple) -> Result<Option<i128>, FleetError> {
    let Some(unscaled) = coded.quantity(tuple) else { return Ok(None) };
    let shift = i32::from(SCALE) - i32::from(coded.scale);
    let factor = u32::try_from(shift).ok().and_then(|shift| 10i128.checked_pow(shift));
    let scaled = factor.and_then(|factor| i128::from(unscaled).checked_mul(factor));
    scaled.map(Some).ok_or(FleetError::TooLarge)
}
