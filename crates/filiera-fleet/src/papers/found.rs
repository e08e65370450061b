use filiera_engine::{Awaited, Engine};
use filiera_finding::{PaperTally, Tenths};
use rustc_hash::FxHashMap;

use super::{Tally, Waiting};
use crate::FleetCondition;
use crate::tenths::Share;

/// The papers of all pieces, and what was counted of them.
#[derive(Clone, Debug)]
pub(crate) struct Papers {
    /// A paper, lots aside, and its lot.
    papers: Vec<(u32, Option<String>)>,
    numbers: FxHashMap<(u32, Option<String>), u32>,
    all: Tally,
}

impl Papers {
    pub fn new(conditions: usize) -> Self {
        Self { papers: Vec::new(), numbers: FxHashMap::default(), all: Tally::new(conditions) }
    }

    /// Takes what was counted in a piece; gives the numbers of its papers.
    pub fn take(&mut self, papers: Vec<(u32, Option<String>)>, counted: &Tally) -> Vec<u32> {
        let numbers: Vec<u32> = papers.into_iter().map(|paper| self.number(paper)).collect();
        self.all.merge(counted, |paper| numbers.get(paper as usize).copied().unwrap_or_default());
        numbers
    }

    fn number(&mut self, paper: (u32, Option<String>)) -> u32 {
        let next = self.papers.len() as u32;
        if let Some(number) = self.numbers.get(&paper) {
            return *number;
        }
        self.papers.push(paper.clone());
        self.numbers.insert(paper, next);
        next
    }

    /// Takes what was counted by the numbers that papers have here.
    pub fn add(&mut self, counted: &Tally) {
        self.all.merge(counted, |paper| paper);
    }

    /// Of each condition what was counted, and nothing else.
    pub fn counted(
        &self,
        engine: &Engine<'_>,
        waiting: &Waiting,
        shares: &[Option<Share>],
    ) -> Vec<FleetCondition> {
        let named = |(paper, lot): &(u32, Option<String>)| -> Option<(&Awaited, Option<String>)> {
            Some((waiting.papers.get(*paper as usize)?, lot.clone()))
        };
        let named: Vec<_> = self.papers.iter().filter_map(named).collect();
        let asked = engine.papers_asked(named.iter().map(|(paper, lot)| (*paper, lot.as_deref())));
        let mut found: Vec<FleetCondition> = Vec::new();
        for (place, (share, tenths)) in shares.iter().zip(&self.all.tenths).enumerate() {
            let looked_into = self.all.looked_into.get(place).copied().unwrap_or_default();
            let of_paper = asked.iter().zip(self.all.papers()).filter_map(|(paper, counts)| {
                let own = counts.get(place).filter(|counts| counts.missing > 0)?;
                Some(PaperTally {
                    paper: paper.clone(),
                    missing_in: own.missing,
                    decides_in: own.decides,
                    either_way_in: own.either_way,
                    untold_in: own.untold,
                })
            });
            let papers = of_paper.collect();
            let tenths = share.map(|share| Tenths { is_lower: share.is_lower, ..tenths.clone() });
            found.push(FleetCondition { tenths, looked_into, papers, ..FleetCondition::default() });
        }
        found
    }
}
