//! The rows of the vehicle before: three of four stand in the next one of its view too.

use super::columns::{Block, COLUMNS};
use super::differences::places_of_differences;

/// The last vehicles of so many views are remembered.
pub(crate) const VIEWS: usize = 64;

/// The rows that the last vehicle of a view had.
#[derive(Default)]
pub(super) struct Before {
    view: Option<u32>,
    columns: [Vec<u32>; COLUMNS],
    /// Of each row the number of its distinct row.
    pub numbers: Vec<u32>,
}

impl Before {
    /// Whether it was of this view; if not, it forgets.
    pub fn is_of(&mut self, view: u32) -> bool {
        if self.view.replace(view) == Some(view) {
            return true;
        }
        self.columns.iter_mut().for_each(Vec::clear);
        self.numbers.clear();
        false
    }

    /// The places at which a vehicle has a row that differs from the one there, or there is none.
    pub fn differing<'p>(&self, block: &Block<'_>, places: &'p mut Vec<u32>) -> &'p [u32] {
        let known = self.numbers.len().min(block.len());
        places.clear();
        places.resize(block.len(), 0);
        let old = self.columns.each_ref().map(|column| column.get(..known).unwrap_or_default());
        let new = block.all.map(|column| column.get(..known).unwrap_or_default());
        let mut count = places_of_differences(&old, &new, places);
        for (slot, place) in places.iter_mut().skip(count).zip(known as u32..block.len() as u32) {
            *slot = place;
            count += 1;
        }
        places.get(..count).unwrap_or_default()
    }

    /// Remembers the rows of a vehicle that differs at these places, numbers apart.
    pub fn change(&mut self, block: &Block<'_>, places: &[u32]) {
        for (column, new) in self.columns.iter_mut().zip(block.all) {
            column.resize(new.len(), 0);
            for place in places {
                if let Some((slot, code)) = column.get_mut(*place as usize).zip(new.get(*place as usize)) {
                    *slot = *code;
                }
            }
        }
    }

    /// Remembers the rows of a vehicle, numbers apart.
    pub fn remember(&mut self, block: &Block<'_>) {
        for (column, new) in self.columns.iter_mut().zip(block.all) {
            column.clear();
            column.extend_from_slice(new);
        }
    }

    pub fn forget(&mut self) {
        self.view = None;
    }
}
