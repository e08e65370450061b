use std::ops::Not;

use crate::Exact;

/// What a predicate says of one row: SQL's true, false and NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// The row is marked, whatever the missing facts are.
    Yes,
    /// The row is not marked, whatever the missing facts are.
    No,
    /// A missing fact decides.
    Maybe,
}

impl Mark {
    /// The mark of a nullable truth value.
    pub fn from_sql(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Maybe,
        }
    }

    /// The mark of a row of which `self` and `other` are two possible states.
    pub fn or_else(self, other: Self) -> Self {
        if self == other { self } else { Self::Maybe }
    }

    /// Both: No as soon as one is No.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Maybe,
        }
    }

    /// Either: Yes as soon as one is Yes.
    pub fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }
}

impl Not for Mark {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
        }
    }
}

/// The part of an item that is marked: somewhere in `least..=most`, within 0..=1.
///
/// Yes is `1..=1`, no is `0..=0`, maybe is `0..=1`, "60 % Italian" is `0.6..=0.6`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    /// The least part that may be marked.
    pub least: Exact,
    /// The greatest part that may be marked.
    pub most: Exact,
}

impl Fraction {
    /// Exactly this part.
    pub fn exactly(part: Exact) -> Self {
        Self { least: part.clone(), most: part }
    }

    /// The smallest fraction that holds both: for alternatives of which one is true.
    pub fn hull(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }

    /// Yes, no, or maybe for everything between.
    pub fn mark(&self) -> Mark {
        if self.most.is_zero() {
            Mark::No
        } else if self.least == Exact::one() {
            Mark::Yes
        } else {
            Mark::Maybe
        }
    }
}

impl From<Mark> for Fraction {
    fn from(mark: Mark) -> Self {
        match mark {
            Mark::Yes => Self::exactly(Exact::one()),
            Mark::No => Self::exactly(Exact::zero()),
            Mark::Maybe => Self { least: Exact::zero(), most: Exact::one() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mark::{Maybe, No, Yes};

    #[test]
    fn three_valued_tables() {
        assert_eq!([Yes.and(Maybe), No.and(Maybe), Maybe.and(Maybe)], [Maybe, No, Maybe]);
        assert_eq!([Yes.or(Maybe), No.or(Maybe), No.or(Yes)], [Yes, Maybe, Yes]);
        assert_eq!([!Yes, !No, !Maybe], [No, Yes, Maybe]);
        assert_eq!(Yes.or_else(No), Maybe);
    }
}
