//! Installed parts that are judged alike: of each kind, one.

use filiera_engine::{Asks, Engine, Fitted, Fitting, Planned};
use filiera_model::{Day, Days};
use filiera_tables::SCALE;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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

/// Kinds by number, as they were met, and one of each.
#[derive(Default)]
pub(crate) struct Sampled {
    keys: FxHashMap<Key, Kind>,
    samples: Vec<Sample>,
}

impl Sampled {
    /// The kind of a part that hangs on this; `beside`: what else its vehicle is asked.
    pub fn kind(&mut self, fitting: Option<Fitting>, beside: u32, sample: Sample) -> Kind {
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

    /// One of each kind.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }
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
    /// Where the supplier is known, and where not.
    classes: [Classes; 2],
}

/// Views in which a part with one supplier, number and lot is of one kind.
#[derive(Default)]
struct Classes {
    /// Of each view its class; nothing: there the part counts within another component.
    of: Vec<Option<u32>>,
    all: Vec<Class>,
}

struct Class {
    /// What plans say, and what is beside.
    planned: u32,
    beside: u32,
    /// One of its views.
    view: u32,
    /// Its views, a bit for each.
    views: Vec<u64>,
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
    by_plan: FxHashMap<Place, Kind>,
    /// Of each group the place of its first class in `kinds`.
    first: Vec<u32>,
    kinds: Vec<Kind>,
    sampled: Sampled,
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
            first: Vec::new(),
            kinds: Vec::new(),
            sampled: Sampled::default(),
        }
    }

    /// One of each kind.
    pub fn samples(&self) -> &[Sample] {
        self.sampled.samples()
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
            for ((distinct, group, met), number) in grouped.groups.iter().zip(&own) {
                self.new_places(coded, *distinct, group, *number, met, &mut new);
            }
            numbers.push(own);
        }
        self.learn(&new);
        let pieces = grouped.into_par_iter().zip(numbers);
        Ok(pieces.map(|(grouped, own)| self.kinds_of(grouped, &own)).collect())
    }

    fn kinds_of(&self, grouped: Grouped, numbers: &[u32]) -> KindsOfPiece {
        let groups: Vec<(&Classes, &[Kind])> = grouped
            .groups
            .iter()
            .zip(numbers)
            .filter_map(|((_, group, _), number)| {
                let classes = self.classes(group)?;
                let first = *self.first.get(*number as usize)? as usize;
                Some((classes, self.kinds.get(first..first + classes.all.len())?))
            })
            .collect();
        let of_view = |view: usize| -> Vec<Kind> {
            let kind = |(classes, kinds): &(&Classes, &[Kind])| {
                let class = classes.of.get(view).copied().flatten();
                let kind = class.and_then(|class| kinds.get(class as usize)).copied();
                kind.filter(|kind| *kind != NOT_MET).unwrap_or(NOTHING)
            };
            groups.iter().map(kind).collect()
        };
        let views = (0..self.views.len()).map(of_view).collect();
        KindsOfPiece { groups: grouped.of, views }
    }

    fn classes(&self, group: &Group) -> Option<&Classes> {
        let [stated, unstated] = &self.part_facts.get(group.part as usize)?.classes;
        Some(if group.supplier.is_some() { stated } else { unstated })
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
        let changes = self.engine.changes_of(part).into_iter().map(Day::days).collect();
        let classes = [true, false].map(|stated| self.classes_of(part, stated));
        PartFacts { changes, by_lots: self.engine.asks_for_lots(&self.asks, part), classes }
    }

    fn classes_of(&mut self, part: &str, stated: bool) -> Classes {
        let mut classes = Classes::default();
        let words = self.views.len().div_ceil(64).max(1);
        for ((view, plan), beside) in (0u32..).zip(&self.views.plans).zip(&self.views.beside) {
            let Some(said) = self.engine.planned(plan, part, stated) else {
                classes.of.push(None);
                continue;
            };
            let next = self.planned.len() as u32;
            let planned = *self.planned.entry(said).or_insert(next);
            let known = classes.all.iter().position(|one| one.planned == planned && one.beside == *beside);
            let class = known.unwrap_or(classes.all.len());
            if known.is_none() {
                classes.all.push(Class { planned, beside: *beside, view, views: vec![0; words] });
            }
            let own = classes.all.get_mut(class).and_then(|one| one.views.get_mut(view as usize / 64));
            own.into_iter().for_each(|word| *word |= 1u64 << (view % 64));
            classes.of.push(Some(class as u32));
        }
        classes
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
        let mut numbers = Vec::with_capacity(grouped.groups.len());
        for (_, group, _) in &grouped.groups {
            let lot = group.lot.map(|lot| lot.and_then(|lot| Some(self.lots.number(coded.lots.get(lot)?))));
            let next = self.groups.len() as u32;
            let number = *self.groups.entry(Group { lot, ..*group }).or_insert(next);
            if number == next {
                let classes = self.classes(group).map_or(0, |classes| classes.all.len());
                self.first.push(self.kinds.len() as u32);
                self.kinds.resize(self.kinds.len() + classes, NOT_MET);
            }
            numbers.push(number);
        }
        numbers
    }

    /// What the kinds of a group hang on that are not known yet, in the views it stands in.
    fn new_places<'p>(
        &self,
        coded: &'p Coded,
        distinct: u32,
        group: &Group,
        number: u32,
        met: &[u64],
        new: &mut Vec<New<'p>>,
    ) {
        let Some((classes, first)) = self.classes(group).zip(self.first.get(number as usize)) else { return };
        let kinds = self.kinds.get(*first as usize..).unwrap_or_default();
        for ((class, kind), slot) in classes.all.iter().zip(kinds).zip(*first..) {
            let is_met = class.views.iter().zip(met).any(|(own, met)| own & met != 0);
            if is_met && *kind == NOT_MET {
                let place = (class.planned, number, class.beside);
                new.push(New { coded, distinct, view: class.view, slot, place });
            }
        }
    }

    /// Asks the engine what tells new places apart.
    fn learn(&mut self, new: &[New<'_>]) {
        let (views, engine, asks) = (self.views, self.engine, &self.asks);
        let mut places: FxHashSet<Place> = FxHashSet::default();
        let is_new = |one: &&New<'_>| !self.by_plan.contains_key(&one.place) && places.insert(one.place);
        let asked: Vec<&New<'_>> = new.iter().filter(is_new).collect();
        let fitted: Vec<(Place, Option<Asked>)> = asked
            .par_iter()
            .map(|one| {
                let found = one.sample().zip(views.plans.get(one.view as usize));
                let found = found.map(|(sample, plan)| (engine.fitting(asks, plan, sample.fitted()), sample));
                (one.place, found)
            })
            .collect();
        for (place, found) in fitted {
            let (_, _, beside) = place;
            let kind = found.map_or(OPEN, |(fitting, sample)| self.sampled.kind(fitting, beside, sample));
            self.by_plan.insert(place, kind);
        }
        for one in new {
            if let Some((slot, kind)) =
                self.kinds.get_mut(one.slot as usize).zip(self.by_plan.get(&one.place))
            {
                *slot = *kind;
            }
        }
    }
}

/// A group that was not met in a class of views before.
struct New<'p> {
    coded: &'p Coded,
    distinct: u32,
    view: u32,
    /// In `kinds`.
    slot: u32,
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
    /// What the engine is asked about it.
    pub fn fitted(&self) -> Fitted<'_> {
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

/// What the engine says of one of its rows, and that row.
type Asked = (Option<Fitting>, Sample);

/// At the scale of tables.
fn quantity(coded: &Coded, tuple: &Tuple) -> Result<Option<i128>, FleetError> {
    let Some(unscaled) = coded.quantities.get(tuple.quantity as usize) else { return Ok(None) };
    let shift = i32::from(SCALE) - i32::from(coded.scale);
    let factor = u32::try_from(shift).ok().and_then(|shift| 10i128.checked_pow(shift));
    let scaled = factor.and_then(|factor| i128::from(*unscaled).checked_mul(factor));
    scaled.map(Some).ok_or(FleetError::TooLarge)
}
