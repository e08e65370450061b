//! Installed parts that are judged alike: of each kind, one.

use filiera_engine::{Asks, Engine, Fitted, Fitting, Planned};
use filiera_model::{Day, Days};
use filiera_tables::SCALE;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FleetError;
use crate::coded::{Coded, Tuple};
use crate::numbered::{self, NONE};
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
    /// Whether papers speak for single lots of it.
    by_lots: bool,
    /// Of each view what its plan says: with the supplier known, and without.
    planned: Vec<[Option<u32>; 2]>,
}

/// The kinds of the rows of a piece.
pub(crate) struct KindsOfPiece {
    /// Of each distinct row its group in the piece.
    pub groups: Vec<u32>,
    /// Of each view the kind of each group; what does not stand in a vehicle of the view is of no kind.
    pub views: Vec<Vec<Kind>>,
}

/// The groups of a piece, as they were told apart in it.
struct Grouped {
    of: Vec<u32>,
    /// Of each group a distinct row, what tells it from others, and the views it stands in.
    groups: Vec<(u32, Group, Vec<u64>)>,
}

pub(crate) struct Kinds<'e, 'a> {
    engine: &'e Engine<'a>,
    views: &'e Views<'e>,
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
    pub fn new(engine: &'e Engine<'a>, views: &'e Views<'e>) -> Self {
        Self {
            engine,
            views,
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

    /// The kinds of the rows of some pieces.
    pub fn of(&mut self, pieces: &[Coded]) -> Result<Vec<KindsOfPiece>, FleetError> {
        let named: Vec<[Vec<u32>; 2]> = pieces.iter().map(|coded| self.named(coded)).collect();
        let grouped = pieces.par_iter().zip(named).map(|(coded, names)| self.grouped(coded, &names));
        let grouped: Vec<Grouped> = grouped.collect::<Result<_, FleetError>>()?;
        let mut numbers: Vec<Vec<u32>> = Vec::with_capacity(pieces.len());
        let mut new: Vec<New<'_>> = Vec::new();
        for (coded, grouped) in pieces.iter().zip(&grouped) {
            let own = self.number(coded, grouped);
            for ((distinct, _, met), group) in grouped.groups.iter().zip(&own) {
                for view in views_of(met) {
                    let place = self.new_place(coded, *distinct, *group, view);
                    new.extend(place.map(|place| New {
                        coded,
                        distinct: *distinct,
                        group: *group,
                        view,
                        place,
                    }));
                }
            }
            numbers.push(own);
        }
        self.learn(&new);
        let pieces = grouped.into_par_iter().zip(numbers);
        Ok(pieces.map(|(grouped, own)| self.kinds_of(grouped, &own)).collect())
    }

    fn kinds_of(&self, grouped: Grouped, numbers: &[u32]) -> KindsOfPiece {
        let of_view = |(view, kinds): (usize, &Vec<Kind>)| -> Vec<Kind> {
            let groups = grouped.groups.iter().zip(numbers);
            let kind = |((_, _, met), group): (&(u32, Group, Vec<u64>), &u32)| {
                let is_met = met.get(view / 64).is_some_and(|word| word >> (view % 64) & 1 == 1);
                kinds.get(*group as usize).copied().filter(|_| is_met).unwrap_or(NOTHING)
            };
            groups.map(kind).collect()
        };
        let views = self.by_view.iter().enumerate().map(of_view).collect();
        KindsOfPiece { groups: grouped.of, views }
    }

    /// The numbers of parts and suppliers of a piece.
    fn named(&mut self, coded: &Coded) -> [Vec<u32>; 2] {
        let (parts, suppliers) = (self.parts.all(&coded.parts), self.suppliers.all(&coded.suppliers));
        for (name, part) in coded.parts.iter().zip(&parts) {
            if *part as usize == self.part_facts.len() {
                let facts = self.facts_of(name);
                self.part_facts.push(facts);
            }
        }
        [parts, suppliers]
    }

    fn facts_of(&mut self, part: &str) -> PartFacts {
        let mut planned = Vec::with_capacity(self.views.len());
        for plan in &self.views.plans {
            planned.push([true, false].map(|stated| {
                let said = self.engine.planned(plan, part, stated)?;
                let next = self.planned.len() as u32;
                Some(*self.planned.entry(said).or_insert(next))
            }));
        }
        let changes = self.engine.changes_of(part).into_iter().map(Day::days).collect();
        PartFacts { changes, by_lots: self.engine.asks_for_lots(&self.asks, part), planned }
    }

    /// Tells the rows of a piece apart, as far as it matters. A lot that matters has its number in the piece.
    fn grouped(&self, coded: &Coded, [parts, suppliers]: &[Vec<u32>; 2]) -> Result<Grouped, FleetError> {
        let mut known: FxHashMap<Group, u32> = FxHashMap::default();
        let mut grouped = Grouped { of: Vec::with_capacity(coded.distinct.len()), groups: Vec::new() };
        for (distinct, tuple) in coded.distinct.iter().enumerate() {
            let number = |code: u32, numbers: &[u32]| numbers.get(code as usize).copied();
            let Some(part) = number(tuple.part, parts) else {
                return Err(FleetError::Faulty { column: "part" });
            };
            let facts = self.part_facts.get(part as usize);
            let changes = facts.map_or(&[][..], |facts| &facts.changes);
            let span = |day: i32| changes.partition_point(|from| *from <= day) as u32;
            let (first, last) = tuple.days();
            let from = span(first);
            let names = coded.parts.get(tuple.part).zip(coded.lots.get(tuple.lot));
            let matters = facts.is_some_and(|facts| facts.by_lots)
                && names.is_some_and(|(part, lot)| self.engine.asks_for_lot(&self.asks, part, lot));
            let group = Group {
                part,
                supplier: number(tuple.supplier, suppliers),
                lot: names.map(|_| matters.then_some(tuple.lot)),
                quantity: quantity(coded, tuple)?,
                days: (from, if last == first { from } else { span(last) }),
            };
            let next = grouped.groups.len() as u32;
            let own = *known.entry(group).or_insert(next);
            if own == next {
                grouped.groups.push((distinct as u32, group, coded.met(distinct).to_vec()));
            } else if let Some((.., met)) = grouped.groups.get_mut(own as usize) {
                met.iter_mut().zip(coded.met(distinct)).for_each(|(all, own)| *all |= own);
            }
            grouped.of.push(own);
        }
        Ok(grouped)
    }

    /// The groups of a piece among those of all pieces.
    fn number(&mut self, coded: &Coded, grouped: &Grouped) -> Vec<u32> {
        let groups = grouped.groups.iter().map(|(_, group, _)| {
            let lot = group.lot.map(|lot| lot.and_then(|lot| Some(self.lots.number(coded.lots.get(lot)?))));
            let next = self.groups.len() as u32;
            *self.groups.entry(Group { lot, ..*group }).or_insert(next)
        });
        groups.collect()
    }

    /// What the kind of a group in a view hangs on, if it is not known yet.
    fn new_place(&mut self, coded: &Coded, distinct: u32, group: u32, view: u32) -> Option<Place> {
        let kinds = self.by_view.get_mut(view as usize)?;
        if kinds.len() <= group as usize {
            kinds.resize(group as usize + 1, NOT_MET);
        }
        let slot = kinds.get_mut(group as usize).filter(|kind| **kind == NOT_MET)?;
        let tuple = coded.distinct.get(distinct as usize)?;
        let part = *self.parts.numbers.get(coded.parts.get(tuple.part)?)?;
        let planned = self.part_facts.get(part as usize)?.planned.get(view as usize)?;
        let Some(planned) = planned.get(usize::from(tuple.supplier == NONE)).copied().flatten() else {
            *slot = NOTHING;
            return None;
        };
        let place = (planned, group, *self.views.beside.get(view as usize)?);
        if let Some(kind) = self.by_plan.get(&place) {
            *slot = *kind;
            return None;
        }
        Some(place)
    }

    /// Asks the engine what tells new places apart.
    fn learn(&mut self, new: &[New<'_>]) {
        let (views, engine, asks) = (self.views, self.engine, &self.asks);
        let mut places: FxHashSet<Place> = FxHashSet::default();
        let asked: Vec<&New<'_>> = new.iter().filter(|one| places.insert(one.place)).collect();
        let fitted: Vec<(Place, Option<(Option<Fitting>, Sample)>)> = asked
            .par_iter()
            .map(|one| {
                let found = one.sample().zip(views.plans.get(one.view as usize));
                let found = found.map(|(sample, plan)| (engine.fitting(asks, plan, sample.fitted()), sample));
                (one.place, found)
            })
            .collect();
        for (place, found) in fitted {
            let kind = found.map_or(OPEN, |(fitting, sample)| self.kind(place, fitting, sample));
            self.by_plan.insert(place, kind);
        }
        for one in new {
            let slot =
                self.by_view.get_mut(one.view as usize).and_then(|all| all.get_mut(one.group as usize));
            if let (Some(slot), Some(kind)) = (slot, self.by_plan.get(&one.place)) {
                *slot = *kind;
            }
        }
    }

    fn kind(&mut self, (_, _, beside): Place, fitting: Option<Fitting>, sample: Sample) -> Kind {
        let Some(fitting) = fitting else { return NOTHING };
        if fitting.is_open() {
            return OPEN;
        }
        let next = self.samples.len() as Kind;
        let key = Key { fitting, quantity: sample.quantity, beside };
        let kind = *self.keys.entry(key).or_insert(next);
        if kind == next {
            self.samples.push(sample);
        }
        kind
    }
}

/// A group that was not met in a view before.
struct New<'p> {
    coded: &'p Coded,
    distinct: u32,
    group: u32,
    view: u32,
    place: Place,
}

impl New<'_> {
    /// One of its rows.
    fn sample(&self) -> Option<Sample> {
        let coded = self.coded;
        let tuple = coded.distinct.get(self.distinct as usize)?;
        let text = |code: u32, names: &numbered::Names| names.get(code).map(str::to_owned);
        let (first, last) = tuple.days();
        Some(Sample {
            view: self.view,
            part: text(tuple.part, &coded.parts)?,
            lot: text(tuple.lot, &coded.lots),
            supplier: text(tuple.supplier, &coded.suppliers),
            quantity: quantity(coded, tuple).ok()?,
            days: Days::between(Day::from_days(first), Day::from_days(last)),
        })
    }
}

impl Sample {
    fn fitted(&self) -> Fitted<'_> {
        Fitted {
            part: &self.part,
            lot: self.lot.as_deref(),
            supplier: self.supplier.as_deref(),
            tested_on: self.days,
        }
    }
}

/// What a plan says, group, and what is beside.
type Place = (u32, u32, u32);

/// The views of which the bits are set.
fn views_of(met: &[u64]) -> impl Iterator<Item = u32> {
    met.iter().zip((0u32..).step_by(64)).flat_map(|(word, first)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            (bit < 64).then_some(first + bit)
        })
    })
}

/// At the scale of tables.
fn quantity(coded: &Coded, tuple: &Tuple) -> Result<Option<i128>, FleetError> {
    let Some(unscaled) = coded.quantities.get(tuple.quantity as usize) else { return Ok(None) };
    let shift = i32::from(SCALE) - i32::from(coded.scale);
    let factor = u32::try_from(shift).ok().and_then(|shift| 10i128.checked_pow(shift));
    let scaled = factor.and_then(|factor| i128::from(*unscaled).checked_mul(factor));
    scaled.map(Some).ok_or(FleetError::TooLarge)
}
