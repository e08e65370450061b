use std::ops::AddAssign;

use filiera_engine::Reach;
use filiera_finding::Tenths;

use super::{Here, Part};

/// In how many vehicles a paper is what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Missing.
    pub missing: u64,
    /// Enough for the condition to be met, if it says what one hopes.
    pub decides: u64,
    /// Enough for a verdict, whatever it says.
    pub either_way: u64,
    /// It is not told whether it decides.
    pub untold: u64,
}

/// What is counted of vehicles, condition by condition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    conditions: usize,
    /// By tenths of the way from 0 to 100 %; of conditions that are no shares nothing.
    pub tenths: Vec<Tenths>,
    /// Open vehicles whose papers were counted.
    pub looked_into: Vec<u64>,
    /// Of each paper as many as there are conditions.
    counts: Vec<Counts>,
}

impl Tally {
    pub fn new(conditions: usize) -> Self {
        Self {
            conditions,
            tenths: vec![Tenths::new(true); conditions],
            looked_into: vec![0; conditions],
            counts: Vec::new(),
        }
    }

    /// Takes the papers of a vehicle in which the condition stays open.
    pub fn look(&mut self, condition: usize, reach: Option<&Reach>, here: &Here) {
        self.looked_into.get_mut(condition).into_iter().for_each(|count| *count += 1);
        for (paper, parts) in here.papers.iter().zip(here.parts.chunks(self.conditions.max(1))) {
            let Some(part) = parts.get(condition).filter(|part| part.rows > 0) else { continue };
            let place = *paper as usize * self.conditions + condition;
            if place >= self.counts.len() {
                self.counts.resize((*paper as usize + 1) * self.conditions, Counts::default());
            }
            if let Some(counts) = self.counts.get_mut(place) {
                counts.look(reach, part);
            }
        }
    }

    /// Counts a vehicle by the tenth its share lies in.
    pub fn share(&mut self, condition: usize, tenth: Option<usize>) {
        let Some(tenths) = self.tenths.get_mut(condition) else { return };
        match tenth {
            Some(tenth) => tenths.add(tenth),
            None => tenths.without += 1,
        }
    }

    /// What was counted of each paper, condition by condition.
    pub fn papers(&self) -> impl Iterator<Item = &[Counts]> {
        self.counts.chunks(self.conditions.max(1))
    }

    /// Takes another one in, whose papers have these numbers here.
    pub fn merge(&mut self, other: &Self, number: impl Fn(u32) -> u32) {
        self.tenths.iter_mut().zip(&other.tenths).for_each(|(all, own)| all.merge(own));
        self.looked_into.iter_mut().zip(&other.looked_into).for_each(|(all, own)| *all += own);
        for (paper, own) in (0u32..).zip(other.papers()) {
            let start = number(paper) as usize * self.conditions;
            if start + own.len() > self.counts.len() {
                self.counts.resize(start + own.len(), Counts::default());
            }
            let all = self.counts.get_mut(start..start + own.len()).unwrap_or_default();
            all.iter_mut().zip(own).for_each(|(all, own)| *all += *own);
        }
    }
}

impl Counts {
    fn look(&mut self, reach: Option<&Reach>, part: &Part) {
        self.missing += 1;
        if part.moved == 0 {
            return;
        }
        let open = reach
            .filter(|_| part.is_told())
            .and_then(|reach| Some((reach, reach.of(part.marked.into(), part.rest.into())?)));
        let Some((reach, moved)) = open else {
            self.untold += 1;
            return;
        };
        let is_enough = |asked: Option<i128>| asked.is_some_and(|asked| moved >= asked);
        let decides = is_enough(reach.hoped);
        // Between its ends a price may leave the rest to other papers.
        let is_all = part.between == 0 || moved == reach.open;
        self.decides += u64::from(decides);
        self.either_way += u64::from(decides && is_enough(reach.feared) && is_all);
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.missing += other.missing;
        self.decides += other.decides;
        self.either_way += other.either_way;
        self.untold += other.untold;
    }
}
