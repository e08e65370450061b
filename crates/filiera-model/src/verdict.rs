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

    /// At least `needed` of the members (one or more): met when so many are, not met when so many no
    /// longer can be. Members proven not applicable are dropped, and `needed` stays as it is; when all
    /// are, so is the whole. As long as no member is sure to apply, nothing is refuted.
    pub fn at_least(needed: usize, members: impl IntoIterator<Item = Self>) -> Self {
        let (mut met, mut not_met, mut open) = (0usize, 0usize, 0usize);
        for member in members {
            match member {
                Self::Met => met += 1,
                Self::NotMet => not_met += 1,
                Self::Undetermined => open += 1,
                Self::NotApplicable => {}
            }
        }
        match (met, not_met, open) {
            (0, 0, 0) => Self::NotApplicable,
            _ if met >= needed => Self::Met,
            _ if met + not_met > 0 && met + open < needed => Self::NotMet,
            _ => Self::Undetermined,
        }
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

    /// What a count of members says when every open member has been decided.
    fn counted(needed: usize, members: &[Verdict]) -> Verdict {
        let apply = members.iter().filter(|member| **member != NotApplicable).count();
        let met = members.iter().filter(|member| **member == Met).count();
        match apply {
            0 => NotApplicable,
            _ if met >= needed => Met,
            _ => NotMet,
        }
    }

    /// Every way the open members may fall.
    fn decided(members: &[Verdict]) -> Vec<Vec<Verdict>> {
        let mut all = vec![Vec::new()];
        for member in members {
            let ways: &[Verdict] = match member {
                Undetermined => &[Met, NotMet, NotApplicable],
                Met => &[Met],
                NotMet => &[NotMet],
                NotApplicable => &[NotApplicable],
            };
            all = all
                .iter()
                .flat_map(|so_far| ways.iter().map(|way| [so_far.as_slice(), &[*way]].concat()))
                .collect();
        }
        all
    }

    #[test]
    fn a_count_of_members_says_what_all_completions_say() {
        let all = [Met, NotMet, Undetermined, NotApplicable];
        for code in 0..256usize {
            let members: Vec<Verdict> = (0..4).map(|place| all[code >> (2 * place) & 3]).collect();
            for needed in 1..=4 {
                let found = Verdict::at_least(needed, members.iter().copied());
                let ways: Vec<Verdict> = decided(&members).iter().map(|way| counted(needed, way)).collect();
                let agreed = ways.iter().all(|way| *way == ways[0]).then_some(ways[0]);
                assert_eq!(found, agreed.unwrap_or(Undetermined), "{needed} of {members:?}");
            }
        }
        assert_eq!(Verdict::at_least(2, [Met, NotApplicable]), NotMet);
        assert_eq!(Verdict::at_least(1, []), NotApplicable);
    }
}
