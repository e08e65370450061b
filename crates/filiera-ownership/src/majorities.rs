use rustc_hash::FxHashMap;

use crate::Party;
use crate::book::ShareBook;

/// Which companies a party controls by majorities, for every party that controls one.
#[derive(Clone, Debug, Default)]
pub struct Majorities {
    /// Sorted.
    controllers: Vec<u32>,
    /// Where the companies of each controller end.
    ends: Vec<u64>,
    companies: Vec<u32>,
}

impl Majorities {
    /// How many pairs of a controller and a company.
    pub fn pairs(&self) -> usize {
        self.companies.len()
    }

    /// The parties that control a company.
    pub fn controllers(&self) -> impl ExactSizeIterator<Item = Party> {
        self.controllers.iter().map(|party| Party(*party))
    }

    /// The companies a party controls, by number.
    pub fn of(&self, party: Party) -> impl ExactSizeIterator<Item = Party> {
        let range = self.controllers.binary_search(&party.0).map(|place| {
            let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
            start as usize..self.ends.get(place).copied().unwrap_or(start) as usize
        });
        let companies = self.companies.get(range.unwrap_or(0..0)).unwrap_or_default();
        companies.iter().map(|company| Party(*company))
    }
}

impl ShareBook {
    /// Whom each of these parties controls: a company in which it and companies it controls have more
    /// than half of the votes; the least such set.
    ///
    /// One vote a share; what a company has in itself does not vote, and nobody controls a company in
    /// conflict. Linear in the stakes of all controlled sets together.
    pub fn majorities(&self, of: impl Fn(Party) -> bool) -> Majorities {
        let (holdings, votes) = (Transposed::of(self), Votes::of(self));
        let mut found = Majorities::default();
        let mut tally = Tally::default();
        for party in 0..self.parties() as u32 {
            if holdings.may_control(&votes, party) && of(Party(party)) {
                let start = found.companies.len();
                holdings.controlled(&votes, party, &mut tally, &mut found.companies);
                if found.companies.len() > start {
                    found.companies[start..].sort_unstable();
                    found.controllers.push(party);
                    found.ends.push(found.companies.len() as u64);
                }
            }
        }
        found
    }
}

/// The stakes of a book by owner.
struct Transposed {
    starts: Vec<u32>,
    companies: Vec<u32>,
    parts: Vec<u64>,
}

impl Transposed {
    fn of(book: &ShareBook) -> Self {
        let count = book.owners.len();
        // Where each owner's stakes end; filled from the back, it becomes where they start.
        let mut starts = vec![0u32; book.parties() + 1];
        for owner in &book.owners {
            starts[*owner as usize] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let (mut companies, mut parts) = (vec![0; count], vec![0; count]);
        for company in (0..book.parties() as u32).rev() {
            for place in book.range(company) {
                let slot = &mut starts[book.owners[place] as usize];
                *slot -= 1;
                companies[*slot as usize] = company;
                parts[*slot as usize] = book.parts[place];
            }
        }
        Self { starts, companies, parts }
    }

    fn of_owner(&self, owner: u32) -> impl Iterator<Item = (u32, u64)> {
        let range = self.starts[owner as usize] as usize..self.starts[owner as usize + 1] as usize;
        self.companies[range.clone()].iter().copied().zip(self.parts[range].iter().copied())
    }

    /// Control begins with a majority in one company.
    fn may_control(&self, votes: &Votes, owner: u32) -> bool {
        self.of_owner(owner).any(|(company, part)| company != owner && votes.is_majority(company, part))
    }

    fn controlled(&self, votes: &Votes, party: u32, tally: &mut Tally, found: &mut Vec<u32>) {
        tally.clear();
        let start = found.len();
        let mut next = start;
        let mut holder = party;
        loop {
            let stakes = self.of_owner(holder);
            for (company, part) in stakes.filter(|(company, _)| *company != party && *company != holder) {
                let (before, after) = tally.add(company, part);
                if !votes.is_majority(company, before) && votes.is_majority(company, after) {
                    found.push(company);
                }
            }
            let Some(company) = found.get(next) else { return };
            holder = *company;
            next += 1;
        }
    }
}

/// The votes that can be cast in every company.
struct Votes {
    whole: u64,
    /// Where it is not the whole: less what the company has in itself, or nothing in a conflict.
    fewer: FxHashMap<u32, Option<u64>>,
}

impl Votes {
    fn of(book: &ShareBook) -> Self {
        let mut fewer: FxHashMap<u32, Option<u64>> =
            book.conflicts().iter().map(|company| (company.0, None)).collect();
        for company in 0..book.parties() as u32 {
            let stakes = book.range(company);
            if let Ok(own) = book.owners[stakes.clone()].binary_search(&company) {
                let votes = book.whole.saturating_sub(book.parts[stakes.start + own]);
                fewer.entry(company).or_insert(Some(votes));
            }
        }
        Self { whole: book.whole, fewer }
    }

    /// Whether a part is more than half of the votes.
    fn is_majority(&self, company: u32, part: u64) -> bool {
        let twice = part.saturating_mul(2);
        if self.fewer.is_empty() {
            return twice > self.whole;
        }
        match self.fewer.get(&company) {
            Some(votes) => votes.is_some_and(|votes| twice > votes),
            None => twice > self.whole,
        }
    }
}

/// Sums by company: a short list, or a map when it grows.
#[derive(Default)]
struct Tally {
    short: Vec<(u32, u64)>,
    long: FxHashMap<u32, u64>,
}

impl Tally {
    const SHORT: usize = 24;

    fn clear(&mut self) {
        self.short.clear();
        // A new map: clearing a large one costs its size, for every party after.
        if self.long.capacity() > 0 {
            self.long = FxHashMap::default();
        }
    }

    /// The sum before and after.
    fn add(&mut self, company: u32, part: u64) -> (u64, u64) {
        let sum = if self.long.is_empty() {
            match self.short.iter().position(|(one, _)| *one == company) {
                Some(place) => &mut self.short[place].1,
                None if self.short.len() < Self::SHORT => {
                    self.short.push((company, part));
                    return (0, part);
                }
                None => {
                    self.long.extend(self.short.drain(..));
                    self.long.entry(company).or_default()
                }
            }
        } else {
            self.long.entry(company).or_default()
        };
        let before = *sum;
        *sum += part;
        (before, *sum)
    }
}
