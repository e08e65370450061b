use filiera_model::{Bounds, End, Exact, Quality};

use crate::components::Components;
use crate::{Matrix, Party, State};

/// The exact shares of millions of companies, as whole numbers of parts of one whole.
///
/// For registers too large to answer company by company: four bytes a party and twelve a stake. It knows
/// exact shares only; a [`Matrix`] keeps the bands.
#[derive(Clone, Debug, Default)]
pub struct ShareBook {
    pub(crate) whole: u64,
    /// Where the owners of every company start.
    pub(crate) starts: Vec<u32>,
    pub(crate) owners: Vec<u32>,
    pub(crate) parts: Vec<u64>,
    /// Companies whose parts add up to more than the whole, sorted.
    conflicts: Vec<Party>,
}

/// One stake of a [`ShareBook`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookedStake {
    /// The number of the company.
    pub company: u32,
    /// The number of its owner.
    pub owner: u32,
    /// The part, in parts of the whole.
    pub part: u64,
}

/// Why stakes make no book: our fault, never the user's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OwnershipError {
    /// A stake names a party that is not there.
    #[error("stake {place} names party {party}, and there are {parties}; number parties from 0")]
    NoParty {
        /// The place of the stake.
        place: usize,
        /// The party.
        party: u32,
        /// How many there are.
        parties: usize,
    },
    /// More than 32 bits can number.
    #[error("{count} stakes or parties are more than one book holds (4294967294); split the register")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// The whole is 0, or too large for the arithmetic.
    #[error("a whole of {whole} parts is outside 1 to 2^62; take 10^12")]
    Whole {
        /// The whole.
        whole: u64,
    },
}

impl ShareBook {
    /// A book of so many parties; stakes come in any order, those of one owner in one company add up.
    ///
    /// # Errors
    /// [`OwnershipError`] when a stake names no party, or numbers run out.
    pub fn new(parties: usize, mut stakes: Vec<BookedStake>, whole: u64) -> Result<Self, OwnershipError> {
        check(parties, &stakes, whole)?;
        stakes.retain(|stake| stake.part > 0);
        stakes.sort_unstable_by_key(|stake| (stake.company, stake.owner));
        let mut book = Self { whole, starts: vec![0; parties + 1], ..Self::default() };
        book.owners.reserve_exact(stakes.len());
        book.parts.reserve_exact(stakes.len());
        for company in stakes.chunk_by(|a, b| a.company == b.company) {
            book.add(company);
        }
        let mut end = 0;
        for start in &mut book.starts {
            end = end.max(*start);
            *start = end;
        }
        Ok(book)
    }

    /// The book of a matrix whose bands are all points of at most 12 decimals; else nothing.
    pub fn of(matrix: &Matrix) -> Option<Self> {
        let mut stakes = Vec::new();
        for company in (0..matrix.len() as u32).map(Party) {
            if matrix.state(company) == State::Conflict {
                return None;
            }
            for (owner, band) in matrix.owners_of(company) {
                let part = u64::try_from(band.least.to_unscaled(12).filter(|_| band.is_point())?).ok()?;
                stakes.push(BookedStake { company: company.0, owner: owner.0, part });
            }
        }
        Self::new(matrix.len(), stakes, 1_000_000_000_000).ok()
    }

    fn add(&mut self, stakes: &[BookedStake]) {
        let Some(BookedStake { company, .. }) = stakes.first().copied() else { return };
        let mut sum = 0u64;
        for one in stakes.chunk_by(|a, b| a.owner == b.owner) {
            let part = one.iter().fold(0u64, |sum, stake| sum.saturating_add(stake.part));
            sum = sum.saturating_add(part);
            self.owners.extend(one.first().map(|stake| stake.owner));
            self.parts.push(part);
        }
        if sum > self.whole {
            self.conflicts.push(Party(company));
        }
        if let Some(end) = self.starts.get_mut(company as usize + 1) {
            *end = self.owners.len() as u32;
        }
    }

    /// How many parties.
    pub fn parties(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many stakes, those of one owner in one company counted once.
    pub fn stakes(&self) -> usize {
        self.owners.len()
    }

    /// Companies whose parts add up to more than the whole: they have no answer.
    pub fn conflicts(&self) -> &[Party] {
        &self.conflicts
    }

    /// The owners of a company and their parts.
    pub fn owners_of(&self, company: Party) -> impl ExactSizeIterator<Item = (Party, u64)> {
        let range = self.range(company.0);
        let owners = self.owners.get(range.clone()).unwrap_or_default();
        owners
            .iter()
            .map(|owner| Party(*owner))
            .zip(self.parts.get(range).unwrap_or_default().iter().copied())
    }

    /// The cyclic cores and what lies around them, owners first.
    pub fn components(&self) -> Components {
        Components::of_graph(&self.starts, &self.owners)
    }

    pub(crate) fn range(&self, company: u32) -> std::ops::Range<usize> {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(0) as usize;
        at(company as usize)..at(company as usize + 1)
    }
}

fn check(parties: usize, stakes: &[BookedStake], whole: u64) -> Result<(), OwnershipError> {
    if whole == 0 || whole > 1 << 62 {
        return Err(OwnershipError::Whole { whole });
    }
    let count = parties.max(stakes.len());
    if count >= u32::MAX as usize {
        return Err(OwnershipError::TooMany { count });
    }
    let outside =
        |stake: &BookedStake| Some(stake.company.max(stake.owner)).filter(|most| *most as usize >= parties);
    let wrong = stakes.iter().enumerate().find_map(|(place, stake)| Some((place, outside(stake)?)));
    wrong.map_or(Ok(()), |(place, party)| Err(OwnershipError::NoParty { place, party, parties }))
}

/// A share between two whole numbers of a 2^62th.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Between {
    pub lower: u64,
    pub upper: u64,
}

/// One, in fixed point: leaves room for a sum of two, and products fit 128 bits.
pub(crate) const ONE: u64 = 1 << 62;

impl Between {
    pub const WHOLE: Self = Self { lower: ONE, upper: ONE };

    /// `part / whole`.
    pub fn part(part: u64, whole: u64) -> Self {
        Self { lower: floor(ONE, part, whole), upper: ceil(ONE, part, whole) }
    }

    /// The product, lower end rounded down, upper end up.
    pub fn times(self, other: Self) -> Self {
        let upper = u128::from(self.upper) * u128::from(other.upper);
        Self {
            lower: ((u128::from(self.lower) * u128::from(other.lower)) >> 62) as u64,
            upper: ((upper + u128::from(ONE - 1)) >> 62) as u64,
        }
    }

    /// This times `part / whole`.
    pub fn of(self, part: u64, whole: u64) -> Self {
        Self { lower: floor(self.lower, part, whole), upper: ceil(self.upper, part, whole) }
    }

    /// The quotient of a part and a whole that contains it: never above 1.
    pub fn over(self, whole: Self) -> Self {
        let lower = if whole.upper == 0 { 0 } else { floor(ONE, self.lower, whole.upper) };
        let upper = if whole.lower <= self.upper { ONE } else { ceil(ONE, self.upper, whole.lower) };
        Self { lower: lower.min(ONE), upper }
    }

    /// The sum, at most 1.
    pub fn plus(self, other: Self) -> Self {
        Self { lower: (self.lower + other.lower).min(ONE), upper: (self.upper + other.upper).min(ONE) }
    }

    pub fn bounds(self) -> Bounds {
        let end = |value: u64| End::closed(Exact::ratio(value, ONE).unwrap_or_default());
        let quality = if self.lower == self.upper { Quality::Exact } else { Quality::Sound };
        Bounds { lower: end(self.lower), upper: end(self.upper), quality }
    }
}

/// `value · part / whole`, for a part of the whole.
fn floor(value: u64, part: u64, whole: u64) -> u64 {
    (u128::from(value) * u128::from(part) / u128::from(whole)) as u64
}

fn ceil(value: u64, part: u64, whole: u64) -> u64 {
    (u128::from(value) * u128::from(part)).div_ceil(u128::from(whole)) as u64
}
