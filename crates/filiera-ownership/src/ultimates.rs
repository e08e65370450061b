use std::ops::Range;

use filiera_model::Bounds;

use crate::book::{Between, ONE, ShareBook};
use crate::book_core::solve;
use crate::{Components, Party};

/// The ultimate owners of every company of a book: the parties without listed owners at the end of
/// every way, with what they have.
///
/// Sixteen bytes for a pair, twelve for a party. Where an owner has all of a company, the company has
/// its list instead of a copy.
#[derive(Clone, Debug, Default)]
pub struct Ultimates {
    /// Of every party where its list starts among the pairs, and how long it is.
    starts: Vec<u64>,
    lengths: Vec<u32>,
    owners: Vec<u32>,
    /// The lower end, and what the upper one lies above it.
    lower: Vec<u64>,
    width: Vec<u32>,
}

/// The length of a list that says: no answer.
const NO_ANSWER: u32 = u32::MAX;

impl ShareBook {
    /// Who owns every company in the end, with bounds closer than a millionth of a millionth as long as
    /// no loop keeps nearly everything.
    ///
    /// Fixed point, every lower end rounded down and every upper one up. What is neither a listed
    /// ultimate owner's nor in the bounds' width belongs to unlisted owners, or to nobody where companies
    /// own each other entirely. `components` are those of the book.
    pub fn ultimates(&self, components: &Components) -> Ultimates {
        let (starts, lengths) = (vec![0; self.parties()], vec![0; self.parties()]);
        let mut all = Ultimates { starts, lengths, ..Ultimates::default() };
        all.owners.reserve(self.stakes());
        all.lower.reserve(self.stakes());
        all.width.reserve(self.stakes());
        let mut scratch = Vec::new();
        for component in 0..components.len() as u32 {
            match components.nodes(component) {
                [company] if !self.owners_of(Party(*company)).any(|(owner, _)| owner.0 == *company) => {
                    all.add_company(self, *company, &mut scratch);
                }
                members => all.add_core(self, components, members),
            }
        }
        all
    }
}

impl Ultimates {
    /// How many pairs of a company and an ultimate owner.
    pub fn pairs(&self) -> u64 {
        self.lengths.iter().filter(|length| **length != NO_ANSWER).map(|length| u64::from(*length)).sum()
    }

    /// The ultimate owners of a company, by number; itself where it has no listed owner. Nothing where
    /// the company or one above it is in conflict.
    pub fn of(&self, company: Party) -> Option<impl ExactSizeIterator<Item = (Party, Bounds)>> {
        let range = self.range(company.0)?;
        Some(range.map(|place| {
            let (owner, share) = self.pair(place);
            (Party(owner), share.bounds())
        }))
    }

    fn range(&self, company: u32) -> Option<Range<usize>> {
        let length = *self.lengths.get(company as usize).filter(|length| **length != NO_ANSWER)?;
        let start = *self.starts.get(company as usize)? as usize;
        Some(start..start + length as usize)
    }

    pub(crate) fn pair(&self, place: usize) -> (u32, Between) {
        let (owner, lower) = (self.owners[place], self.lower[place]);
        (owner, Between { lower, upper: ONE.min(lower + unpacked(self.width[place])) })
    }

    fn push(&mut self, owner: u32, share: Between) {
        self.owners.push(owner);
        self.lower.push(share.lower);
        self.width.push(packed(share.upper - share.lower));
    }

    /// Gives a company the pairs of a range.
    fn set(&mut self, company: u32, pairs: Range<usize>) {
        self.starts[company as usize] = pairs.start as u64;
        self.lengths[company as usize] = pairs.len() as u32;
    }

    fn no_answer(&mut self, company: u32) {
        self.lengths[company as usize] = NO_ANSWER;
    }

    fn add_company(&mut self, book: &ShareBook, company: u32, scratch: &mut Vec<(u32, Between)>) {
        let stakes = book.range(company);
        if let ([owner], [part]) = (&book.owners[stakes.clone()], &book.parts[stakes.clone()]) {
            return self.add_daughter(book, company, *owner, *part);
        }
        let start = self.owners.len();
        scratch.clear();
        if stakes.is_empty() {
            self.push(company, Between::WHOLE);
        } else if !self.gather(book, company, scratch, |_| true) {
            return self.no_answer(company);
        }
        for one in scratch.chunk_by(|a, b| a.0 == b.0) {
            let share = one.iter().fold(Between::default(), |sum, (_, share)| sum.plus(*share));
            self.push(one[0].0, share);
        }
        self.set(company, start..self.owners.len());
    }

    /// A company with one owner.
    fn add_daughter(&mut self, book: &ShareBook, company: u32, owner: u32, part: u64) {
        let Some(list) = self.range(owner).filter(|_| part <= book.whole) else {
            return self.no_answer(company);
        };
        if part == book.whole {
            return self.set(company, list);
        }
        let start = self.owners.len();
        for place in list {
            let (ultimate, share) = self.pair(place);
            self.push(ultimate, share.of(part, book.whole));
        }
        self.set(company, start..self.owners.len());
    }

    /// What comes to a company from those of its owners that are asked for, sorted by ultimate owner;
    /// false when one has no answer, or its parts are more than the whole.
    fn gather(
        &self,
        book: &ShareBook,
        company: u32,
        found: &mut Vec<(u32, Between)>,
        wanted: impl Fn(u32) -> bool,
    ) -> bool {
        found.clear();
        let stakes = book.range(company);
        let sum: u64 = book.parts[stakes.clone()].iter().fold(0, |sum, part| sum.saturating_add(*part));
        for place in stakes.filter(|place| wanted(book.owners[*place])) {
            let Some(list) = self.range(book.owners[place]) else { return false };
            found.extend(list.map(|pair| {
                let (ultimate, share) = self.pair(pair);
                (ultimate, share.of(book.parts[place], book.whole))
            }));
        }
        found.sort_unstable_by_key(|(ultimate, _)| *ultimate);
        sum <= book.whole
    }

    /// Members of a core own each other; what comes from outside is spread by their loops.
    fn add_core(&mut self, book: &ShareBook, components: &Components, members: &[u32]) {
        let inside = components.of(members[0]);
        let mut outside: Vec<Vec<(u32, Between)>> = Vec::with_capacity(members.len());
        for member in members {
            let mut found = Vec::new();
            if !self.gather(book, *member, &mut found, |owner| components.of(owner) != inside) {
                return members.iter().for_each(|member| self.no_answer(*member));
            }
            outside.push(found);
        }
        let mut ultimates: Vec<u32> = outside.iter().flatten().map(|(ultimate, _)| *ultimate).collect();
        ultimates.sort_unstable();
        ultimates.dedup();
        for found in &mut outside {
            for (ultimate, _) in found {
                *ultimate = ultimates.partition_point(|one| one < ultimate) as u32;
            }
        }
        let reaching: Vec<bool> = outside.iter().map(|found| !found.is_empty()).collect();
        let solved = solve(book, components, members, &reaching);
        for (found, leak) in outside.iter_mut().zip(&solved.leaks) {
            for (_, share) in found {
                *share = share.over(*leak);
            }
        }
        let mut totals = vec![Between::default(); ultimates.len()];
        for (row, member) in members.iter().enumerate() {
            totals.fill(Between::default());
            solved.spread(row, &outside, &mut totals);
            let start = self.owners.len();
            for (ultimate, share) in ultimates.iter().zip(&totals).filter(|(_, share)| share.upper > 0) {
                self.push(*ultimate, *share);
            }
            self.set(*member, start..self.owners.len());
        }
    }
}

/// A width in 32 bits, rounded up: above half of them in steps of 2^32.
fn packed(width: u64) -> u32 {
    const STEPS: u32 = 1 << 31;
    u32::try_from(width)
        .ok()
        .filter(|width| *width < STEPS)
        .unwrap_or_else(|| STEPS | (width.div_ceil(1 << 32) as u32))
}

fn unpacked(width: u32) -> u64 {
    if width < 1 << 31 { u64::from(width) } else { u64::from(width & !(1 << 31)) << 32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_width_is_never_smaller() {
        for width in [0, 1, (1 << 31) - 1, 1 << 31, (1 << 32) + 1, ONE - 1, ONE] {
            let again = unpacked(packed(width));
            assert!(width <= again && again - width < 1 << 32, "{width} {again}");
        }
    }
}
