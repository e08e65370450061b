//! A piece of `installed` as few distinct rows, and which of them each vehicle has.

mod before;
mod columns;
mod differences;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::numbered::{Codes, Column, NONE, Names, Numbered};
use before::Before;
use columns::{Block, Columns, Row};

pub(crate) use before::VIEWS;

/// One distinct row, its vehicle left out; values by their numbers in the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub part: u32,
    /// [`NONE`]: it names none.
    pub lot: u32,
    pub supplier: u32,
    /// [`NONE`]: it tells none.
    pub quantity: u32,
    first: i32,
    last: i32,
}

/// Neighbouring rows of one vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The row of `vehicles`.
    pub vehicle: u32,
    /// Vehicles of one view have alike rows judged alike.
    pub view: u32,
    /// How many rows.
    pub rows: u32,
    /// Whether what it has is told by how it differs from the run before of its view.
    pub goes_on: bool,
    /// Where what it has, or has beyond that run, ends.
    taken: usize,
    /// Where what that run had beyond it ends.
    gone: usize,
}

/// A run and the numbers of the distinct rows that it has, or by which it differs from the run before of its
/// view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change<'c> {
    pub run: Run,
    pub taken: &'c [u32],
    pub gone: &'c [u32],
}

/// A piece as distinct rows.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub runs: Vec<Run>,
    pub unlisted: Unlisted,
    taken: Vec<u32>,
    gone: Vec<u32>,
    pub distinct: Vec<Tuple>,
    /// Which distinct rows stand in some vehicle of which view: for each so many words, a bit for each view.
    met: Vec<u64>,
    words: usize,
    pub parts: Names,
    pub lots: Names,
    pub suppliers: Names,
    pub quantities: Vec<i64>,
    /// Of the quantities.
    pub scale: i8,
}

/// Rows of vehicles that nobody lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unlisted {
    /// How many.
    pub rows: u64,
    /// The first such vehicle.
    pub first: Option<String>,
}

/// What a vehicle is to whoever reads its rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Known {
    /// No row of `vehicles` is of it.
    Unlisted,
    /// It is judged alone, by other means.
    Alone,
    Seen(Seen),
}

/// What is known of a vehicle before its rows are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// The row of `vehicles`.
    pub vehicle: u32,
    /// Vehicles of one view have alike rows judged alike.
    pub view: u32,
    /// The day it was built, in days since 1970.
    pub built_on: i32,
}

impl Unlisted {
    fn add(&mut self, vehicle: &str, rows: u32) {
        self.rows += u64::from(rows);
        self.first.get_or_insert_with(|| vehicle.to_owned());
    }

    pub(crate) fn merge(&mut self, others: &Self) {
        self.rows += others.rows;
        self.first = self.first.take().or_else(|| others.first.clone());
    }
}

impl Tuple {
    /// The first and the last day its papers may have to be valid.
    pub fn days(&self) -> (i32, i32) {
        (self.first, self.last)
    }
}

impl Run {
    /// Where the run before of its view is remembered.
    pub fn slot(&self) -> usize {
        slot(self.view)
    }
}

fn slot(view: u32) -> usize {
    view as usize % VIEWS
}

impl Coded {
    /// Finds the distinct rows of a piece. `known` says what a vehicle is, given where the vehicle before stands.
    /// Nothing comes of a piece that is not sound.
    pub fn new(piece: Numbered, views: usize, known: &dyn Fn(&str, Option<u32>) -> Known) -> Option<Self> {
        let mut coder = Coder::new(&piece, views);
        let mut columns = Columns::new(&piece);
        let (mut start, mut before) = (0u32, None);
        let mut unlisted = Unlisted::default();
        for (vehicle, end) in &piece.vehicles {
            let name = piece.vehicle_names.get(*vehicle)?;
            let known = known(name, before);
            match known {
                Known::Unlisted => unlisted.add(name, end - start),
                Known::Alone => {}
                Known::Seen(seen) => before = Some(seen.vehicle),
            }
            while start < *end {
                let next = start.saturating_add(MOST as u32).min(*end);
                let block = columns.next((next - start) as usize)?;
                if let Known::Seen(seen) = known {
                    coder.run(&block, seen)?;
                }
                start = next;
            }
        }
        let Coder { runs, taken, gone, distinct, met, words, .. } = coder;
        let (parts, lots, suppliers) = (piece.parts.values, piece.lots.values, piece.suppliers.values);
        let (quantities, scale) = (piece.quantities.values, piece.scale);
        Some(Self {
            runs,
            unlisted,
            taken,
            gone,
            distinct,
            met,
            words,
            parts,
            lots,
            suppliers,
            quantities,
            scale,
        })
    }

    /// The views in which a distinct row stands in some vehicle.
    pub fn met(&self, distinct: usize) -> &[u64] {
        self.met.get(distinct * self.words..(distinct + 1) * self.words).unwrap_or_default()
    }

    /// Run by run what each has.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        let (mut taken, mut gone) = (0, 0);
        self.runs.iter().map(move |run| Change {
            run: *run,
            taken: self.taken.get(std::mem::replace(&mut taken, run.taken)..run.taken).unwrap_or_default(),
            gone: self.gone.get(std::mem::replace(&mut gone, run.gone)..run.gone).unwrap_or_default(),
        })
    }
}

/// So many rows make a run at most: they stay close to the processor.
const MOST: usize = 4096;

/// Of so many rows one differs from the vehicle before, as a rule.
const USUALLY_CHANGED: usize = 4;

/// What tells rows of a lot apart: part with supplier, quantity with day.
type Beside = [u64; 2];

/// The distinct row that a lot was last met in, which it nearly always is.
#[derive(Clone, Copy)]
struct Usual {
    beside: Beside,
    number: u32,
    /// The views it was met in, among the 64 of a word.
    word: u32,
    met: u64,
}

fn beside(row: &Row) -> Beside {
    let pair = |a: u32, b: u32| u64::from(a) | u64::from(b) << 32;
    [pair(row.part, row.supplier), pair(row.quantity, row.first)]
}

struct Coder<'p> {
    piece: &'p Numbered,
    /// Whether rows that are equal in the file are one distinct row: their days do not hang on the vehicle.
    are_alike: bool,
    before: Vec<Before>,
    /// Room for places of a run.
    places: Vec<u32>,
    usual: Vec<Usual>,
    others: FxHashMap<Tuple, u32>,
    runs: Vec<Run>,
    taken: Vec<u32>,
    gone: Vec<u32>,
    distinct: Vec<Tuple>,
    met: Vec<u64>,
    words: usize,
}

impl<'p> Coder<'p> {
    fn new(piece: &'p Numbered, views: usize) -> Self {
        // No row is of this part, so that the first of a lot is looked up.
        let rows = piece.vehicles.last().map_or(0, |(_, end)| *end as usize);
        let nothing = Usual { beside: [u64::MAX; 2], number: NONE, word: 0, met: 0 };
        Self {
            piece,
            are_alike: piece.last.is_none() && !piece.first.codes.has_none(),
            before: (0..VIEWS).map(|_| Before::default()).collect(),
            places: Vec::new(),
            usual: vec![nothing; piece.lots.values.len()],
            others: FxHashMap::with_capacity_and_hasher(piece.lots.values.len(), FxBuildHasher),
            runs: Vec::with_capacity(piece.vehicles.len()),
            taken: Vec::with_capacity(rows / USUALLY_CHANGED),
            gone: Vec::with_capacity(rows / USUALLY_CHANGED),
            distinct: Vec::new(),
            met: Vec::new(),
            words: views.div_ceil(64).max(1),
        }
    }

    /// Rows of a vehicle.
    fn run(&mut self, block: &Block<'_>, seen: Seen) -> Option<()> {
        let mut before = std::mem::take(self.before.get_mut(slot(seen.view))?);
        let goes_on = before.is_of(seen.view) && self.differences(block, seen, &mut before)?;
        if !goes_on {
            self.whole(block, seen, &mut before)?;
        }
        if !self.are_alike {
            before.forget();
        }
        if let Some(slot) = self.before.get_mut(slot(seen.view)) {
            *slot = before;
        }
        let rows = u32::try_from(block.len()).ok()?;
        let (taken, gone) = (self.taken.len(), self.gone.len());
        let Seen { vehicle, view, .. } = seen;
        self.runs.push(Run { vehicle, view, rows, goes_on, taken, gone });
        Some(())
    }

    /// Tells by how its rows differ from those of the vehicle before; false where they hardly have anything in
    /// common.
    fn differences(&mut self, block: &Block<'_>, seen: Seen, before: &mut Before) -> Option<bool> {
        let mut room = std::mem::take(&mut self.places);
        let places = before.differing(block, &mut room);
        let is_close = places.len() <= block.len() / 2;
        if is_close {
            self.gone.extend(before.numbers.get(block.len()..).unwrap_or_default());
            before.numbers.truncate(block.len());
            let first = self.taken.len();
            self.numbers(block, seen, places.iter().map(|place| *place as usize))?;
            for (place, number) in places.iter().zip(self.taken.get(first..).unwrap_or_default()) {
                match before.numbers.get_mut(*place as usize) {
                    Some(known) => self.gone.push(std::mem::replace(known, *number)),
                    None => before.numbers.push(*number),
                }
            }
            before.change(block, places);
        }
        self.places = room;
        Some(is_close)
    }

    /// Takes all its rows.
    fn whole(&mut self, block: &Block<'_>, seen: Seen, before: &mut Before) -> Option<()> {
        let first = self.taken.len();
        self.numbers(block, seen, 0..block.len())?;
        before.numbers.clear();
        before.numbers.extend_from_slice(self.taken.get(first..)?);
        before.remember(block);
        Some(())
    }

    /// Takes the numbers of the distinct rows at these places.
    fn numbers(
        &mut self,
        block: &Block<'_>,
        seen: Seen,
        places: impl Iterator<Item = usize> + Clone,
    ) -> Option<()> {
        let (word, bit) = (seen.view / 64, 1u64 << (seen.view % 64));
        let first = self.taken.len();
        let usual = &self.usual;
        let usual_number = |place: usize| {
            let row = block.row(place)?;
            let usual = usual.get(row.lot as usize)?;
            let is_usual = usual.beside == beside(&row) && usual.word == word && usual.met & bit != 0;
            is_usual.then_some(usual.number)
        };
        self.taken.extend(places.clone().map(|place| usual_number(place).unwrap_or(NONE)));
        for (slot, place) in (first..).zip(places) {
            if self.taken.get(slot) == Some(&NONE) {
                let number = self.look_up(&block.row(place)?, seen)?;
                self.taken.get_mut(slot).into_iter().for_each(|slot| *slot = number);
            }
        }
        Some(())
    }

    #[cold]
    fn look_up(&mut self, row: &Row, seen: Seen) -> Option<u32> {
        let piece = self.piece;
        let Row { part, lot, supplier, quantity, first: first_code, last } = *row;
        is_sound(&piece.parts, part, piece.parts.values.len())?;
        is_sound(&piece.lots, lot, piece.lots.values.len())?;
        is_sound(&piece.suppliers, supplier, piece.suppliers.values.len())?;
        is_sound(&piece.quantities, quantity, piece.quantities.values.len())?;
        is_sound(&piece.first, first_code, piece.first.values.len())?;
        let received = piece.first.values.get(first_code as usize).copied();
        let first = received.unwrap_or(seen.built_on);
        let days = piece.last.as_ref().filter(|_| received.is_some()).map(|days| &days.values);
        let last = days.zip(last).and_then(|(days, last)| days.get(last as usize));
        let last = last.map_or(first, |last| *last.max(&first));
        let next = self.distinct.len() as u32;
        let tuple = Tuple { part, lot, supplier, quantity, first, last };
        let number = *self.others.entry(tuple).or_insert(next);
        if number == next {
            self.distinct.push(tuple);
            self.met.resize(self.met.len() + self.words, 0);
        }
        let word = seen.view / 64;
        let met = self.met.get_mut(number as usize * self.words + word as usize)?;
        *met |= 1u64 << (seen.view % 64);
        if let Some(usual) = self.usual.get_mut(lot as usize).filter(|_| self.are_alike) {
            *usual = Usual { beside: beside(row), number, word, met: *met };
        }
        Some(number)
    }
}

/// Whether a code of a column stands for something.
fn is_sound<T>(column: &Column<T>, code: u32, values: usize) -> Option<()> {
    let is_null = code == NONE && matches!(column.codes, Codes::Held(_));
    (is_null || (code as usize) < values).then_some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of each vehicle the view, and its rows: part, lot, supplier, quantity, and day of receipt if it is known.
    type Vehicles = Vec<(u32, Vec<[u32; COLUMNS]>)>;

    use columns::COLUMNS;

    /// Vehicles that have most of their rows in common; every day is known, or some are not.
    fn vehicles() -> impl Strategy<Value = Vehicles> {
        let rows = prop::collection::vec([0u32..4, 0u32..12, 0u32..3, 0u32..2, 1u32..3], 30);
        let changes = prop::collection::vec((0usize..34, 0u32..12, 0u32..9), 0..12);
        let vehicle = (0u32..3, changes, 25usize..34);
        (rows, prop::collection::vec(vehicle, 1..12), any::<bool>()).prop_map(|(rows, all, knows_days)| {
            let vehicle = |(view, changes, count): (u32, Vec<(usize, u32, u32)>, usize)| {
                let mut own: Vec<[u32; COLUMNS]> = rows.iter().cycle().take(count).copied().collect();
                for (place, lot, day) in changes {
                    if let Some(row) = own.get_mut(place) {
                        row[1] = lot;
                        row[4] = if knows_days { 1 + day % 2 } else { day % 3 };
                    }
                }
                (view, own)
            };
            all.into_iter().map(vehicle).collect()
        })
    }

    fn piece(vehicles: &Vehicles) -> Numbered {
        let names = |count: u32| (0..count).map(|number| number.to_string()).collect::<Vec<_>>();
        let texts = |count: u32| names(count).iter().map(String::as_str).collect::<Names>();
        let codes = |place: usize| -> Vec<u32> {
            vehicles.iter().flat_map(|(_, rows)| rows).map(|row| row[place]).collect()
        };
        let held = |place: usize| Codes::Held(codes(place));
        let days = codes(4).iter().map(|day| day.checked_sub(1).unwrap_or(NONE)).collect();
        let mut end = 0;
        let runs = (0u32..).zip(vehicles).map(|(number, (_, rows))| {
            end += rows.len() as u32;
            (number, end)
        });
        Numbered {
            vehicles: runs.collect(),
            vehicle_names: texts(vehicles.len() as u32),
            parts: Column { codes: held(0), values: texts(4) },
            lots: Column { codes: held(1), values: texts(12) },
            suppliers: Column { codes: held(2), values: texts(3) },
            quantities: Column { codes: held(3), values: vec![1, 2] },
            scale: 0,
            first: Column { codes: Codes::Held(days), values: vec![100, 200] },
            last: None,
        }
    }

    proptest! {
        #[test]
        fn each_vehicle_has_the_rows_it_had(vehicles in vehicles()) {
            let known = |name: &str, _: Option<u32>| {
                let vehicle: u32 = name.parse().unwrap();
                let built_on = 1000 + vehicle as i32;
                Known::Seen(Seen { vehicle, view: vehicles[vehicle as usize].0, built_on })
            };
            let coded = Coded::new(piece(&vehicles), 3, &known).unwrap();
            let mut last: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
            for (change, (vehicle, (view, rows))) in coded.changes().zip((0i32..).zip(&vehicles)) {
                let mut numbers = last.remove(view).filter(|_| change.run.goes_on).unwrap_or_default();
                for gone in change.gone {
                    let place = numbers.iter().position(|number| number == gone).unwrap();
                    numbers.swap_remove(place);
                }
                numbers.extend_from_slice(change.taken);
                let mut found: Vec<[i32; 6]> = numbers.iter().map(|number| {
                    prop_assert!(coded.met(*number as usize)[0] >> view & 1 == 1);
                    let Tuple { part, lot, supplier, quantity, first, last } = coded.distinct[*number as usize];
                    Ok([part as i32, lot as i32, supplier as i32, quantity as i32, first, last])
                }).collect::<Result<_, TestCaseError>>()?;
                let mut slow: Vec<[i32; 6]> = rows.iter().map(|[part, lot, supplier, quantity, day]| {
                    let day = match day { 0 => 1000 + vehicle, day => *day as i32 * 100 };
                    [*part as i32, *lot as i32, *supplier as i32, *quantity as i32, day, day]
                }).collect();
                found.sort_unstable();
                slow.sort_unstable();
                prop_assert_eq!(found, slow);
                prop_assert_eq!(change.run.rows as usize, rows.len());
                last.insert(*view, numbers);
            }
            prop_assert_eq!(coded.runs.len(), vehicles.len());
        }
    }
}
