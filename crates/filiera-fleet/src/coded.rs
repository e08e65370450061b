//! A piece of `installed` as few distinct rows, and which of them each row is.

use rustc_hash::FxHashMap;

use crate::numbered::{Codes, Column, NONE, Names, Numbered, Taking};

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
    pub start: u32,
    pub end: u32,
}

/// A piece as distinct rows.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub runs: Vec<Run>,
    /// Of every row the number of its distinct row; of rows outside all runs nothing is told.
    pub rows: Rows,
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

/// Numbers of distinct rows, in two bytes each while these hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
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

impl Rows {
    fn add(&mut self, numbers: &[u32], distinct: usize) {
        if let Self::Narrow(rows) = self {
            if distinct <= usize::from(u16::MAX) {
                rows.extend(numbers.iter().map(|number| *number as u16));
                return;
            }
            *self = Self::Wide(rows.iter().map(|row| u32::from(*row)).collect());
        }
        if let Self::Wide(rows) = self {
            rows.extend_from_slice(numbers);
        }
    }
}

impl Coded {
    /// Finds the distinct rows of a piece. `seen` says of a vehicle's name what is known, given where the
    /// vehicle before stands; nothing where its rows do not matter. Nothing comes of a piece that is not sound.
    pub fn new(
        piece: Numbered,
        views: usize,
        seen: &dyn Fn(&str, Option<u32>) -> Option<Seen>,
    ) -> Option<Self> {
        let mut coder = Coder::new(&piece, views);
        let mut columns = Columns::new(&piece);
        let (mut start, mut before) = (0u32, None);
        for (vehicle, end) in &piece.vehicles {
            let name = piece.vehicle_names.get(*vehicle);
            let known = name.and_then(|name| seen(name, before));
            if let Some(Seen { vehicle, view, .. }) = known {
                before = Some(vehicle);
                coder.runs.push(Run { vehicle, view, start, end: *end });
            }
            while start < *end {
                let next = start.saturating_add(BLOCK as u32).min(*end);
                let block = columns.next((next - start) as usize)?;
                match known {
                    Some(seen) => coder.block(&block, seen)?,
                    None => coder.skip(&block),
                }
                start = next;
            }
        }
        let Coder { runs, rows, distinct, met, words, .. } = coder;
        let (parts, lots, suppliers) = (piece.parts.values, piece.lots.values, piece.suppliers.values);
        let (quantities, scale) = (piece.quantities.values, piece.scale);
        Some(Self { runs, rows, distinct, met, words, parts, lots, suppliers, quantities, scale })
    }

    /// The views in which a distinct row stands in some vehicle.
    pub fn met(&self, distinct: usize) -> &[u64] {
        self.met.get(distinct * self.words..(distinct + 1) * self.words).unwrap_or_default()
    }
}

/// So many rows of a vehicle are looked at together: they stay close to the processor.
const BLOCK: usize = 1024;

/// The columns, taken from the first row on.
struct Columns<'p> {
    parts: Taking<'p>,
    lots: Taking<'p>,
    suppliers: Taking<'p>,
    quantities: Taking<'p>,
    first: Taking<'p>,
    last: Option<Taking<'p>>,
}

/// As many rows of each.
struct Block<'b> {
    parts: &'b [u32],
    lots: &'b [u32],
    suppliers: &'b [u32],
    quantities: &'b [u32],
    first: &'b [u32],
    last: Option<&'b [u32]>,
}

impl<'p> Columns<'p> {
    fn new(piece: &'p Numbered) -> Self {
        Self {
            parts: piece.parts.codes.taking(),
            lots: piece.lots.codes.taking(),
            suppliers: piece.suppliers.codes.taking(),
            quantities: piece.quantities.codes.taking(),
            first: piece.first.codes.taking(),
            last: piece.last.as_ref().map(|last| last.codes.taking()),
        }
    }

    fn next(&mut self, count: usize) -> Option<Block<'_>> {
        Some(Block {
            parts: self.parts.next(count)?,
            lots: self.lots.next(count)?,
            suppliers: self.suppliers.next(count)?,
            quantities: self.quantities.next(count)?,
            first: self.first.next(count)?,
            last: match &mut self.last {
                Some(last) => Some(last.next(count)?),
                None => None,
            },
        })
    }
}

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

fn pair(a: u32, b: u32) -> u64 {
    u64::from(a) | u64::from(b) << 32
}

struct Coder<'p> {
    piece: &'p Numbered,
    usual: Vec<Usual>,
    others: FxHashMap<Tuple, u32>,
    runs: Vec<Run>,
    rows: Rows,
    distinct: Vec<Tuple>,
    met: Vec<u64>,
    words: usize,
    /// Of the rows of a block.
    numbers: Vec<u32>,
}

impl<'p> Coder<'p> {
    fn new(piece: &'p Numbered, views: usize) -> Self {
        let rows = piece.vehicles.last().map_or(0, |(_, end)| *end as usize);
        // No row is of this part, so that the first of a lot is looked up.
        let nothing = Usual { beside: [u64::MAX; 2], number: NONE, word: 0, met: 0 };
        Self {
            piece,
            usual: vec![nothing; piece.lots.values.len()],
            others: FxHashMap::default(),
            runs: Vec::with_capacity(piece.vehicles.len()),
            rows: Rows::Narrow(Vec::with_capacity(rows)),
            distinct: Vec::new(),
            met: Vec::new(),
            words: views.div_ceil(64).max(1),
            numbers: Vec::with_capacity(BLOCK),
        }
    }

    /// Rows that do not matter.
    fn skip(&mut self, block: &Block<'_>) {
        self.numbers.clear();
        self.numbers.resize(block.lots.len(), 0);
        self.rows.add(&self.numbers, self.distinct.len());
    }

    /// Rows of a vehicle.
    fn block(&mut self, block: &Block<'_>, seen: Seen) -> Option<()> {
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.clear();
        let columns = block.parts.iter().zip(block.lots).zip(block.suppliers);
        let columns = columns.zip(block.quantities).zip(block.first);
        let (word, bit) = (seen.view / 64, 1u64 << (seen.view % 64));
        numbers.extend(columns.map(|((((part, lot), supplier), quantity), first)| {
            let beside = [pair(*part, *supplier), pair(*quantity, *first)];
            let usual = self
                .usual
                .get(*lot as usize)
                .filter(|usual| usual.beside == beside && usual.word == word && usual.met & bit != 0);
            usual.map_or(NONE, |usual| usual.number)
        }));
        for (place, number) in numbers.iter_mut().enumerate() {
            if *number == NONE {
                *number = self.look_up(block, place, seen)?;
            }
        }
        self.rows.add(&numbers, self.distinct.len());
        self.numbers = numbers;
        Some(())
    }

    #[cold]
    fn look_up(&mut self, block: &Block<'_>, place: usize, seen: Seen) -> Option<u32> {
        let piece = self.piece;
        let (part, lot) = (*block.parts.get(place)?, *block.lots.get(place)?);
        let (supplier, quantity) = (*block.suppliers.get(place)?, *block.quantities.get(place)?);
        let first_code = *block.first.get(place)?;
        is_sound(&piece.parts, part, piece.parts.values.len())?;
        is_sound(&piece.lots, lot, piece.lots.values.len())?;
        is_sound(&piece.suppliers, supplier, piece.suppliers.values.len())?;
        is_sound(&piece.quantities, quantity, piece.quantities.values.len())?;
        is_sound(&piece.first, first_code, piece.first.values.len())?;
        let received = piece.first.values.get(first_code as usize).copied();
        let first = received.unwrap_or(seen.built_on);
        let last = piece.last.as_ref().filter(|_| received.is_some()).zip(block.last);
        let last = last.and_then(|(last, codes)| last.values.get(*codes.get(place)? as usize).copied());
        let last = last.map_or(first, |last| last.max(first));
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
        // Where a day hangs on the vehicle, or on a second column, the next row may be another one.
        let is_usual = received.is_some() && piece.last.is_none();
        if let Some(usual) = self.usual.get_mut(lot as usize).filter(|_| is_usual) {
            *usual =
                Usual { beside: [pair(part, supplier), pair(quantity, first_code)], number, word, met: *met };
        }
        Some(number)
    }
}

/// Whether a code of a column stands for something.
fn is_sound<T>(column: &Column<T>, code: u32, values: usize) -> Option<()> {
    let is_null = code == NONE && matches!(column.codes, Codes::Held(_));
    (is_null || (code as usize) < values).then_some(())
}
