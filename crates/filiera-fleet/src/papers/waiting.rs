use filiera_engine::{Awaited, RowWaits, Takes};
use rustc_hash::FxHashMap;

use super::Part;
use crate::lanes::{PER_CONDITION, Packed};

/// What one of each kind waits for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    /// Papers, lots aside, by number.
    pub papers: Vec<Awaited>,
    numbers: FxHashMap<Awaited, u32>,
    /// Of each kind.
    kinds: Vec<Vec<Wait>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    condition: usize,
    paper: u32,
    takes: Takes,
}

/// A paper that a kind waits for, and what that is in every condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub paper: u32,
    /// Whether it is of the lot of the row.
    pub of_lot: bool,
    pub parts: Vec<Part>,
}

impl Waiting {
    /// Takes what further kinds wait for, condition by condition.
    pub fn extend(&mut self, kinds: Vec<Vec<(usize, RowWaits)>>) {
        for waits in kinds {
            let mut own = Vec::new();
            for (condition, waits) in waits {
                for (paper, takes) in waits.papers {
                    own.push(Wait { condition, paper: self.number(paper), takes });
                }
            }
            self.kinds.push(own);
        }
    }

    fn number(&mut self, paper: Awaited) -> u32 {
        let next = self.papers.len() as u32;
        if let Some(number) = self.numbers.get(&paper) {
            return *number;
        }
        self.papers.push(paper.clone());
        self.numbers.insert(paper, next);
        next
    }

    /// Whether one of the kind waits for anything.
    pub fn waits(&self, kind: u32) -> bool {
        self.kinds.get(kind as usize).is_some_and(|waits| !waits.is_empty())
    }

    /// What one of the kind waits for, paper by paper.
    pub fn asked(&self, kind: u32, packed: &Packed, conditions: usize) -> Vec<Asked> {
        let sums = packed.kind(kind, conditions * PER_CONDITION);
        let mut asked: Vec<Asked> = Vec::new();
        for wait in self.kinds.get(kind as usize).into_iter().flatten() {
            let own = sums.get(wait.condition * PER_CONDITION..).unwrap_or_default();
            let part = Part::of(wait.takes, own);
            let known = asked.iter().position(|one| one.paper == wait.paper);
            let place = known.unwrap_or(asked.len());
            if known.is_none() {
                let of_lot = self.papers.get(wait.paper as usize).is_some_and(Awaited::is_of_lot);
                asked.push(Asked { paper: wait.paper, of_lot, parts: vec![Part::default(); conditions] });
            }
            let slot = asked.get_mut(place).and_then(|one| one.parts.get_mut(wait.condition));
            slot.into_iter().for_each(|slot| *slot = part);
        }
        asked
    }
}
