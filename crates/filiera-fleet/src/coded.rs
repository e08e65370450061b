//! A piece of `installed` as few distinct rows, and which of them each row is.

use rustc_hash::FxHashMap;

use crate::numbered::{NONE, Names, Numbered};

/// One distinct row, its vehicle left out; values by their numbers in the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub part: u32,
    /// [`NONE`]: it names none.
    pub lot: u32,
    pub supplier: u32,
    quantity: u32,
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
    pub start: u32,
    pub end: u32,
}

/// A piece as distinct rows.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub runs: Vec<Run>,
    /// Of every row the number of its distinct row; of rows outside all runs nothing is told.
    pub rows: Vec<u32>,
    pub distinct: Vec<Tuple>,
    /// Which distinct rows stand in some vehicle of which view: `views` for each.
    met: Vec<bool>,
    views: usize,
    pub parts: Names,
    pub lots: Names,
    pub suppliers: Names,
    quantities: Vec<i64>,
    /// Of the quantities.
    pub scale: i8,
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

impl Tuple {
    /// The first and the last day its papers may have to be valid.
    pub fn days(&self) -> (i32, i32) {
        (self.first, self.last)
    }
}

impl Coded {
    /// Finds the distinct rows of a piece. `seen` says of a vehicle's name what is known, nothing where its rows
    /// do not matter.
    pub fn new(piece: Numbered, views: usize, seen: &dyn Fn(&str) -> Option<Seen>) -> Self {
        let mut coder = Coder::new(&piece, views);
        let mut start = 0;
        for (vehicle, end) in &piece.vehicles {
            let name = piece.vehicle_names.get(*vehicle as usize);
            if let Some(seen) = name.and_then(|name| seen(name)) {
                coder.vehicle(seen, start as usize, *end as usize);
                let Seen { vehicle, view, .. } = seen;
                coder.runs.push(Run { vehicle, view, start, end: *end });
            }
            start = *end;
        }
        let Coder { runs, rows, distinct, met, .. } = coder;
        let (parts, lots, suppliers) = (piece.parts.values, piece.lots.values, piece.suppliers.values);
        let (quantities, scale) = (piece.quantities.values, piece.scale);
        Self { runs, rows, distinct, met, views, parts, lots, suppliers, quantities, scale }
    }

    /// Each distinct row with each view that it stands in a vehicle of.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let met = self.met.iter().enumerate().filter(|(_, met)| **met);
        met.map(|(place, _)| ((place / self.views) as u32, (place % self.views) as u32))
    }

    /// How many, unscaled.
    pub fn quantity(&self, tuple: &Tuple) -> Option<i64> {
        self.quantities.get(tuple.quantity as usize).copied()
    }
}

/// The distinct row that a lot was last met in, which it nearly always is.
#[derive(Clone, Copy)]
struct Usual {
    part: u32,
    supplier: u32,
    quantity: u32,
    first: u32,
    number: u32,
}

struct Coder<'p> {
    piece: &'p Numbered,
    usual: Vec<Usual>,
    others: FxHashMap<Tuple, u32>,
    runs: Vec<Run>,
    rows: Vec<u32>,
    distinct: Vec<Tuple>,
    met: Vec<bool>,
    views: usize,
}

impl<'p> Coder<'p> {
    fn new(piece: &'p Numbered, views: usize) -> Self {
        let nothing = Usual { part: NONE, supplier: NONE, quantity: NONE, first: NONE, number: NONE };
        Self {
            piece,
            usual: vec![nothing; piece.lots.values.len()],
            others: FxHashMap::default(),
            runs: Vec::with_capacity(piece.vehicles.len()),
            rows: vec![0; piece.parts.codes.len()],
            distinct: Vec::new(),
            met: Vec::new(),
            views,
        }
    }

    fn vehicle(&mut self, seen: Seen, start: usize, end: usize) {
        let (piece, view) = (self.piece, seen.view as usize);
        let own = |codes: &'p [u32]| codes.get(start..end).unwrap_or_default();
        let (parts, lots, suppliers) =
            (own(&piece.parts.codes), own(&piece.lots.codes), own(&piece.suppliers.codes));
        let (quantities, firsts) = (own(&piece.quantities.codes), own(&piece.first.codes));
        let columns = parts.iter().zip(lots).zip(suppliers).zip(quantities).zip(firsts);
        for (place, ((((part, lot), supplier), quantity), first)) in (start..).zip(columns) {
            let usual = self.usual.get(*lot as usize).filter(|usual| {
                usual.part == *part
                    && usual.supplier == *supplier
                    && usual.quantity == *quantity
                    && usual.first == *first
            });
            let number = match usual {
                Some(usual) => usual.number,
                None => self.look_up(seen, place),
            };
            if let Some(row) = self.rows.get_mut(place) {
                *row = number;
            }
            if let Some(met) = self.met.get_mut(number as usize * self.views + view) {
                *met = true;
            }
        }
    }

    #[cold]
    fn look_up(&mut self, seen: Seen, place: usize) -> u32 {
        let code = |codes: &[u32]| codes.get(place).copied().unwrap_or(NONE);
        let (part, lot) = (code(&self.piece.parts.codes), code(&self.piece.lots.codes));
        let (supplier, quantity) = (code(&self.piece.suppliers.codes), code(&self.piece.quantities.codes));
        let first_code = code(&self.piece.first.codes);
        let received = self.piece.first.values.get(first_code as usize).copied();
        let first = received.unwrap_or(seen.built_on);
        let last = self.piece.last.as_ref().filter(|_| received.is_some());
        let last = last.and_then(|last| last.values.get(code(&last.codes) as usize).copied());
        let last = last.map_or(first, |last| last.max(first));
        let next = self.distinct.len() as u32;
        let tuple = Tuple { part, lot, supplier, quantity, first, last };
        let number = *self.others.entry(tuple).or_insert(next);
        if number == next {
            self.distinct.push(tuple);
            self.met.resize(self.met.len() + self.views, false);
        }
        // Where a day hangs on the vehicle, or on a second column, the next row may be another one.
        let is_usual = received.is_some() && self.piece.last.is_none();
        if let Some(usual) = self.usual.get_mut(lot as usize).filter(|_| is_usual) {
            *usual = Usual { part, supplier, quantity, first: first_code, number };
        }
        number
    }
}
