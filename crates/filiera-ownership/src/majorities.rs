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
        let holdings = Transposed::of(self);
        let mut found = Majorities::default();
        let mut tally = Tally::default();
        for party in 0..self.parties() as u32 {
            if holdings.may_control(self, party) && of(Party(party)) {
                let start = found.companies.len();
                holdings.controlled(self, party, &mut tally, &mut found.companies);
                if found.companies.len() > start {
                    found.companies[start..].sort_unstable();
                    found.controllers.push(party);
                    found.ends.push(found.companies.len() as u64);
                }
            }
        }
        found
    }

    /// The votes that can be cast in a company; nothing in a conflict.
    fn votes(&self, company: u32) -> Option<u64> {
        let stakes = self.range(company);
        let mut own = 0;
        let mut sum = 0u64;
        for (owner, part) in self.owners[stakes.clone()].iter().zip(&self.parts[stakes]) {
            sum = sum.saturating_add(*part);
            own += if *owner == company { *part } else { 0 };
        }
        (sum <= self.whole).then(|| self.whole - own)
    }
}

/// The stakes of a book by owner.
struct Transposed {
    starts: Vec<u32>,
    stakes: Vec<(u32, u64)>,
}

impl Transposed {
    fn of(book: &ShareBook) -> Self {
        let mut starts = vec![0u32; book.parties() + 1];
        for owner in &book.owners {
            starts[*owner as usize + 1] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut next = starts.clone();
        let mut stakes = vec![(0, 0); book.owners.len()];
        for company in 0..book.parties() as u32 {
            for place in book.range(company) {
                let slot = &mut next[book.owners[place] as usize];
                stakes[*slot as usize] = (company, book.parts[place]);
                *slot += 1;
            }
        }
        Self { starts, stakes }
    }

    fn of_owner(&self, owner: u32) -> &[(u32, u64)] {
        &self.stakes[self.starts[owner as usize] as usize..self.starts[owner as usize + 1] as usize]
    }

    /// Control begins with a majority in one company.
    fn may_control(&self, book: &ShareBook, owner: u32) -> bool {
        let stakes = self.of_owner(owner).iter();
        stakes.into_iter().any(|(company, part)| is_majority(book, *company, *part))
    }

    fn controlled(&self, book: &ShareBook, party: u32, tally: &mut Tally, found: &mut Vec<u32>) {
        tally.clear();
        let start = found.len();
        let mut next = start;
        let mut holder = party;
        loop {
            for (company, part) in self.of_owner(holder).iter().filter(|(company, _)| *company != party) {
                let (before, after) = tally.add(*company, if *company == holder { 0 } else { *part });
                if !is_majority(book, *company, before) && is_majority(book, *company, after) {
                    found.push(*company);
                }
            }
            let Some(company) = found.get(next) else { return };
            holder = *company;
            next += 1;
        }
    }
}

/// More than half of the votes that can be cast. Looks at the company only where the part could be.
fn is_majority(book: &ShareBook, company: u32, part: u64) -> bool {
    let twice = part.saturating_mul(2);
    if twice > book.whole {
        return book.votes(company).is_some();
    }
    // INVARIANT: without treasury shares nothing up to half of the whole is a majority.
    part > 0 && has_own(book, company) && book.votes(company).is_some_and(|votes| twice > votes)
}

fn has_own(book: &ShareBook, company: u32) -> bool {
    book.owners[book.range(company)].binary_search(&company).is_ok()
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
