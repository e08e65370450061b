use std::fmt;

use filiera_model::{Bounds, End, Exact, Quality};

/// The values that a share can take, between 0 and 1, each end attained or only approached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// The least value.
    pub least: Exact,
    /// Whether the least value itself is not possible: "more than 25 %".
    pub least_open: bool,
    /// The greatest value.
    pub most: Exact,
    /// Whether the greatest value itself is not possible: "less than 50 %".
    pub most_open: bool,
}

impl Band {
    /// Exactly this share.
    pub fn point(share: Exact) -> Self {
        Self { least: share.clone(), least_open: false, most: share, most_open: false }
    }

    /// From `least` to `most`, both possible.
    pub fn between(least: Exact, most: Exact) -> Self {
        Self { least, least_open: false, most, most_open: false }
    }

    /// From 0 to 1: what a share is that nobody stated.
    pub fn anything() -> Self {
        Self::between(Exact::zero(), Exact::one())
    }

    /// Whether only one value is possible.
    pub fn is_point(&self) -> bool {
        self.least == self.most
    }

    /// Whether no value is possible: the ends are the wrong way round, or meet in an open end.
    pub fn is_empty(&self) -> bool {
        self.least > self.most || (self.least == self.most && (self.least_open || self.most_open))
    }

    /// Whether no value but 0 is possible.
    pub fn is_nothing(&self) -> bool {
        !self.most.is_positive()
    }

    /// Whether this value is possible.
    pub fn holds(&self, value: &Exact) -> bool {
        let above = if self.least_open { &self.least < value } else { &self.least <= value };
        let below = if self.most_open { value < &self.most } else { value <= &self.most };
        above && below
    }

    /// The values that are in both; may be empty.
    pub fn meet(&self, other: &Self) -> Self {
        let lower = |band: &Self| (band.least.clone(), band.least_open);
        let (least, least_open) = lower(self).max(lower(other));
        let upper = |band: &Self| (band.most.clone(), !band.most_open);
        let (most, most_closed) = upper(self).min(upper(other));
        Self { least, least_open, most, most_open: !most_closed }
    }

    /// The sum of two shares that are independent of each other.
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            least: &self.least + &other.least,
            least_open: self.least_open || other.least_open,
            most: &self.most + &other.most,
            most_open: self.most_open || other.most_open,
        }
    }

    /// The product of two shares that are independent of each other.
    pub fn times(&self, other: &Self) -> Self {
        let least = &self.least * &other.least;
        let most = &self.most * &other.most;
        Self {
            // 0 · x = 0 is attained where the 0 is, however open the other end.
            least_open: (self.least_open || other.least_open) && !attains_zero(self, other),
            most_open: (self.most_open || other.most_open) && most.is_positive(),
            least,
            most,
        }
    }

    /// The smallest band that holds both.
    pub fn hull(&self, other: &Self) -> Self {
        let (least, least_open) = match self.least.cmp(&other.least) {
            std::cmp::Ordering::Less => (&self.least, self.least_open),
            std::cmp::Ordering::Equal => (&self.least, self.least_open && other.least_open),
            std::cmp::Ordering::Greater => (&other.least, other.least_open),
        };
        let (most, most_open) = match self.most.cmp(&other.most) {
            std::cmp::Ordering::Greater => (&self.most, self.most_open),
            std::cmp::Ordering::Equal => (&self.most, self.most_open && other.most_open),
            std::cmp::Ordering::Less => (&other.most, other.most_open),
        };
        Self { least: least.clone(), least_open, most: most.clone(), most_open }
    }

    /// The band, with 0 possible as well: the share of a stake that may not have been in force.
    pub fn or_nothing(&self) -> Self {
        self.hull(&Self::point(Exact::zero()))
    }

    /// The same values as bounds that a threshold judges.
    pub fn bounds(&self, quality: Quality) -> Bounds {
        Bounds {
            lower: End { value: Some(self.least.clone()), open: self.least_open },
            upper: End { value: Some(self.most.clone()), open: self.most_open },
            quality,
        }
    }
}

fn attains_zero(a: &Band, b: &Band) -> bool {
    (a.least.is_zero() && !a.least_open) || (b.least.is_zero() && !b.least_open)
}

impl fmt::Display for Band {
    /// `(1/4, 1/2]`, or the number itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_point() {
            return write!(f, "{}", self.least);
        }
        let (left, right) = (if self.least_open { '(' } else { '[' }, if self.most_open { ')' } else { ']' });
        write!(f, "{left}{}, {}{right}", self.least, self.most)
    }
}
