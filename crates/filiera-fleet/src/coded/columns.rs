//! The columns of a piece, some rows at a time.

use crate::numbered::{Numbered, Taking};

/// So many columns tell rows apart: part, lot, supplier, quantity, day of receipt.
pub(super) const COLUMNS: usize = 5;

/// The columns, taken from the first row on.
pub(super) struct Columns<'p> {
    all: [Taking<'p>; COLUMNS],
    last: Option<Taking<'p>>,
}

/// As many rows of each.
pub(super) struct Block<'b> {
    pub all: [&'b [u32]; COLUMNS],
    /// The last day of receipt, where it may be another one.
    pub last: Option<&'b [u32]>,
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub part: u32,
    pub lot: u32,
    pub supplier: u32,
    pub quantity: u32,
    pub first: u32,
    pub last: Option<u32>,
}

impl<'p> Columns<'p> {
    pub fn new(piece: &'p Numbered) -> Self {
        let all = [&piece.parts.codes, &piece.lots.codes, &piece.suppliers.codes];
        let [parts, lots, suppliers] = all.map(|codes| codes.taking());
        let [quantities, first] = [&piece.quantities.codes, &piece.first.codes].map(|codes| codes.taking());
        let last = piece.last.as_ref().map(|last| last.codes.taking());
        Self { all: [parts, lots, suppliers, quantities, first], last }
    }

    /// The next so many rows; nothing where a column ends before.
    pub fn next(&mut self, count: usize) -> Option<Block<'_>> {
        let [parts, lots, suppliers, quantities, first] = &mut self.all;
        let all = [
            parts.next(count)?,
            lots.next(count)?,
            suppliers.next(count)?,
            quantities.next(count)?,
            first.next(count)?,
        ];
        let last = match &mut self.last {
            Some(last) => Some(last.next(count)?),
            None => None,
        };
        Some(Block { all, last })
    }
}

impl Block<'_> {
    /// How many rows.
    pub fn len(&self) -> usize {
        let [parts, ..] = self.all;
        parts.len()
    }

    pub fn row(&self, place: usize) -> Option<Row> {
        let [parts, lots, suppliers, quantities, first] = self.all;
        Some(Row {
            part: *parts.get(place)?,
            lot: *lots.get(place)?,
            supplier: *suppliers.get(place)?,
            quantity: *quantities.get(place)?,
            first: *first.get(place)?,
            last: match self.last {
                Some(last) => Some(*last.get(place)?),
                None => None,
            },
        })
    }
}
