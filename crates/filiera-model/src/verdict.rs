use std::fmt;

use crate::Exact;

/// The outcome of one condition for one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Every value the evidence allows passes.
    Met,
    /// No value the evidence allows passes.
    NotMet,
    /// Some pass and some do not, or there is nothing to judge by.
    Undetermined,
    /// The condition is proven not to speak about the subject.
    NotApplicable,
}

impl Verdict {
    /// The stable name: `met`, `not_met`, `undetermined`, `not_applicable`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Undetermined => "undetermined",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Whether the evidence decides.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Met | Self::NotMet)
    }

    /// All of the members: not met as soon as one is, met when all are. Members proven not
    /// applicable are dropped; when all are, so is the whole.
    pub fn all(members: impl IntoIterator<Item = Self>) -> Self {
        Self::compose(members, Self::NotMet, Self::Met)
    }

    /// Any of the members: met as soon as one is, not met when all are not.
    pub fn any(members: impl IntoIterator<Item = Self>) -> Self {
        Self::compose(members, Self::Met, Self::NotMet)
    }

    fn compose(members: impl IntoIterator<Item = Self>, decisive: Self, otherwise: Self) -> Self {
        let mut outcome = Self::NotApplicable;
        for member in members.into_iter().filter(|member| *member != Self::NotApplicable) {
            if member == decisive {
                return decisive;
            }
            if member == Self::Undetermined {
                outcome = Self::Undetermined;
            } else if outcome == Self::NotApplicable {
                outcome = otherwise;
            }
        }
        outcome
    }

    /// The verdict that holds under both: the same, or undetermined.
    pub fn or_else(self, other: Self) -> Self {
        if self == other { self } else { Self::Undetermined }
    }
}

impl std::ops::Not for Verdict {
    type Output = Self;

    /// Met and not met change places; the others stay.
    fn not(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            other => other,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Undetermined => "undetermined",
            Self::NotApplicable => "not applicable",
        })
    }
}

/// How a value is compared with its threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// `value ≥ threshold`.
    AtLeast,
    /// `value ≤ threshold`.
    AtMost,
    /// `value > threshold`.
    MoreThan,
    /// `value < threshold`.
    LessThan,
}

impl Operator {
    /// Every operator, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::AtLeast, Self::AtMost, Self::MoreThan, Self::LessThan];

    /// The stable name, which is also the key in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::MoreThan => "more_than",
            Self::LessThan => "less_than",
        }
    }

    /// The mathematical sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::MoreThan => ">",
            Self::LessThan => "<",
        }
    }

    /// Whether larger values pass.
    pub fn wants_more(self) -> bool {
        matches!(self, Self::AtLeast | Self::MoreThan)
    }

    /// Whether a single value passes.
    pub fn passes(self, value: &Exact, threshold: &Exact) -> bool {
        match self {
            Self::AtLeast => value >= threshold,
            Self::AtMost => value <= threshold,
            Self::MoreThan => value > threshold,
            Self::LessThan => value < threshold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{self, Met, NotApplicable, NotMet, Undetermined};

    #[test]
    fn compositions_drop_only_what_is_proven_not_applicable() {
        assert_eq!(Verdict::all([Met, NotApplicable, Met]), Met);
        assert_eq!(Verdict::all([Met, Undetermined, NotMet]), NotMet);
        assert_eq!(Verdict::all([Undetermined, Met]), Undetermined);
        assert_eq!(Verdict::all([NotApplicable]), NotApplicable);
        assert_eq!(Verdict::all([]), NotApplicable);
        assert_eq!(Verdict::any([NotMet, Undetermined]), Undetermined);
        assert_eq!(Verdict::any([NotMet, Met, Undetermined]), Met);
        assert_eq!(Verdict::any([NotMet, NotApplicable]), NotMet);
        assert_eq!(!Undetermined, Undetermined);
    }
}
