use filiera_model::Exact;

use crate::Band;

/// Shares added up, in a form from which one of them can be taken out again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// Σ of the least shares.
    pub least: Exact,
    /// Σ of what the greatest shares have above the least.
    pub slack: Exact,
    pub counts: Counts,
}

/// Of how many shares something is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// There is.
    pub shares: u32,
    /// Can be above nothing.
    pub positive: u32,
    /// The least value itself is not possible.
    pub least_open: u32,
    /// The greatest value itself is not possible.
    pub most_open: u32,
    /// The least value itself is not possible, and others are.
    pub moving_least_open: u32,
    /// The greatest value itself is not possible, and others are.
    pub moving_most_open: u32,
}

impl Sum {
    /// Σ of the greatest shares.
    pub fn most(&self) -> Exact {
        &self.least + &self.slack
    }

    /// Whether every share is exact.
    pub fn is_firm(&self) -> bool {
        self.slack.is_zero()
    }

    /// Takes one more share in.
    pub fn add(&mut self, share: &Band) {
        self.least += &share.least;
        if !share.is_point() {
            self.slack += &(&share.most - &share.least);
        }
        self.counts = self.counts.with(Counts::of(share), u32::wrapping_add);
    }

    /// The same without the shares of a part of it.
    pub fn without(&self, part: &Self) -> Self {
        // INVARIANT: what is taken out was put in, so that no count falls below 0.
        Self {
            least: &self.least - &part.least,
            slack: if part.is_firm() { self.slack.clone() } else { &self.slack - &part.slack },
            counts: self.counts.with(part.counts, u32::wrapping_sub),
        }
    }

    /// The shares as one, which is no more than the whole.
    pub fn band(&self) -> Band {
        let whole = Exact::one();
        let (least, least_open) = (self.least.clone(), self.counts.least_open > 0);
        let most = self.most();
        if most > whole {
            return Band { least, least_open, most: whole, most_open: false };
        }
        Band { least, least_open, most, most_open: self.counts.most_open > 0 }
    }
}

impl Counts {
    fn of(share: &Band) -> Self {
        let is_moving = share.most > share.least;
        Self {
            shares: 1,
            positive: u32::from(share.most.is_positive()),
            least_open: u32::from(share.least_open),
            most_open: u32::from(share.most_open),
            moving_least_open: u32::from(share.least_open && is_moving),
            moving_most_open: u32::from(share.most_open && is_moving),
        }
    }

    fn with(self, other: Self, count: fn(u32, u32) -> u32) -> Self {
        Self {
            shares: count(self.shares, other.shares),
            positive: count(self.positive, other.positive),
            least_open: count(self.least_open, other.least_open),
            most_open: count(self.most_open, other.most_open),
            moving_least_open: count(self.moving_least_open, other.moving_least_open),
            moving_most_open: count(self.moving_most_open, other.moving_most_open),
        }
    }
}

impl<'a> FromIterator<&'a Band> for Sum {
    fn from_iter<T: IntoIterator<Item = &'a Band>>(shares: T) -> Self {
        shares.into_iter().fold(Self::default(), |mut sum, share| {
            sum.add(share);
            sum
        })
    }
}
