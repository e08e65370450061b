use crate::{Exact, Operator, Verdict};

/// A weight that is known only within `least..=most`; no `most` means without limit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// The least value; never below zero for a weight.
    pub least: Exact,
    /// The greatest value; nothing: any value from `least` up.
    pub most: Option<Exact>,
}

impl Range {
    /// Exactly this value.
    pub fn exactly(value: Exact) -> Self {
        Self { least: value.clone(), most: Some(value) }
    }

    /// Zero or more: what a missing price is.
    pub fn anything() -> Self {
        Self { least: Exact::zero(), most: None }
    }

    /// Whether only one value is possible.
    pub fn is_exact(&self) -> bool {
        self.most.as_ref() == Some(&self.least)
    }

    /// The range of `factor · value`, for a factor of zero or more. `0 · ∞ = 0`.
    pub fn times(&self, factor: &Exact) -> Self {
        if factor.is_zero() {
            return Self::exactly(Exact::zero());
        }
        Self { least: &self.least * factor, most: self.most.as_ref().map(|most| most * factor) }
    }

    /// The range of the sum of two independent values.
    pub fn plus(&self, other: &Self) -> Self {
        let most = self.most.as_ref().zip(other.most.as_ref()).map(|(a, b)| a + b);
        Self { least: &self.least + &other.least, most }
    }

    /// The smallest range that holds both.
    pub fn hull(&self, other: &Self) -> Self {
        let most = self.most.clone().zip(other.most.clone()).map(|(a, b)| a.max(b));
        Self { least: self.least.clone().min(other.least.clone()), most }
    }
}

/// One end of the values a sum or share can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The value; nothing: unlimited on this side.
    pub value: Option<Exact>,
    /// Whether the value itself is not attained, only approached.
    pub open: bool,
}

impl End {
    /// An attained value.
    pub fn closed(value: Exact) -> Self {
        Self { value: Some(value), open: false }
    }

    /// A value that is approached and never attained.
    pub fn open(value: Exact) -> Self {
        Self { value: Some(value), open: true }
    }

    /// No limit on this side.
    pub fn unlimited() -> Self {
        Self { value: None, open: true }
    }
}

/// Whether bounds are attained by some completion of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quality {
    /// Both ends are attained, or approached as closely as one likes.
    Exact,
    /// Never wrong, maybe wider than necessary: unknowns are correlated.
    Sound,
}

impl Quality {
    /// The stable name: `exact` or `sound`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Sound => "sound",
        }
    }
}

/// Every value the evidence allows lies between these ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The lower end.
    pub lower: End,
    /// The upper end.
    pub upper: End,
    /// Whether the ends are attained.
    pub quality: Quality,
}

impl Bounds {
    /// Exactly this value.
    pub fn exactly(value: Exact) -> Self {
        Self { lower: End::closed(value.clone()), upper: End::closed(value), quality: Quality::Exact }
    }

    /// The smallest bounds that hold both.
    pub fn hull(self, other: Self) -> Self {
        Self {
            lower: further(self.lower, other.lower, Exact::lt),
            upper: further(self.upper, other.upper, Exact::gt),
            quality: self.quality.max(other.quality),
        }
    }

    /// The verdict when every value between the ends is possible: met when all pass, not met when
    /// none does. A bound equal to the threshold decides by whether it is attained.
    pub fn judge(&self, operator: Operator, threshold: &Exact) -> Verdict {
        let (worst, best) =
            if operator.wants_more() { (&self.lower, &self.upper) } else { (&self.upper, &self.lower) };
        if passes_up_to(worst, operator, threshold, true) {
            Verdict::Met
        } else if !passes_up_to(best, operator, threshold, false) {
            Verdict::NotMet
        } else {
            Verdict::Undetermined
        }
    }
}

fn further(a: End, b: End, beyond: fn(&Exact, &Exact) -> bool) -> End {
    match (&a.value, &b.value) {
        (None, _) | (_, None) => End::unlimited(),
        (Some(x), Some(y)) if x == y => End { open: a.open && b.open, ..a },
        (Some(x), Some(y)) => {
            if beyond(x, y) {
                a
            } else {
                b
            }
        }
    }
}

/// Whether values at (or just inside) `end` pass. `worst`: the end is the one least likely to
/// pass, so an unlimited end fails; otherwise it is the likeliest, so an unlimited end passes.
fn passes_up_to(end: &End, operator: Operator, threshold: &Exact, worst: bool) -> bool {
    let Some(value) = &end.value else { return !worst };
    if value == threshold && end.open {
        // Values near the end but not on it: above it when it is a lower end, below when upper.
        return worst;
    }
    operator.passes(value, threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn bounds(lower: End, upper: End) -> Bounds {
        Bounds { lower, upper, quality: Quality::Exact }
    }

    #[test]
    fn a_bound_on_the_threshold_decides_by_its_end() {
        let t = n("45 %");
        let exactly = Bounds::exactly(t.clone());
        assert_eq!(exactly.judge(Operator::AtLeast, &t), Verdict::Met);
        assert_eq!(exactly.judge(Operator::AtMost, &t), Verdict::Met);
        assert_eq!(exactly.judge(Operator::MoreThan, &t), Verdict::NotMet);
        assert_eq!(exactly.judge(Operator::LessThan, &t), Verdict::NotMet);

        let above = bounds(End::open(t.clone()), End::closed(n("1")));
        assert_eq!(above.judge(Operator::MoreThan, &t), Verdict::Met);
        assert_eq!(above.judge(Operator::AtMost, &t), Verdict::NotMet);
        let below = bounds(End::closed(n("0")), End::open(t.clone()));
        assert_eq!(below.judge(Operator::AtLeast, &t), Verdict::NotMet);
        assert_eq!(below.judge(Operator::LessThan, &t), Verdict::Met);
        let wide = bounds(End::closed(t.clone()), End::closed(n("1")));
        assert_eq!(wide.judge(Operator::MoreThan, &t), Verdict::Undetermined);
        assert_eq!(wide.judge(Operator::AtLeast, &t), Verdict::Met);
    }

    #[test]
    fn exactly_45_per_cent_is_met_and_a_ten_thousandth_below_is_not() {
        let t = n("45 %");
        assert_eq!(Bounds::exactly(n("44.9999 %")).judge(Operator::AtLeast, &t), Verdict::NotMet);
        assert_eq!(Bounds::exactly(n("9/20")).judge(Operator::AtLeast, &t), Verdict::Met);
    }

    #[test]
    fn an_unlimited_end_never_proves_and_never_refutes() {
        let open_ended = bounds(End::closed(n("5")), End::unlimited());
        assert_eq!(open_ended.judge(Operator::AtLeast, &n("4")), Verdict::Met);
        assert_eq!(open_ended.judge(Operator::AtLeast, &n("6")), Verdict::Undetermined);
        assert_eq!(open_ended.judge(Operator::AtMost, &n("4")), Verdict::NotMet);
        assert_eq!(open_ended.judge(Operator::AtMost, &n("6")), Verdict::Undetermined);
    }

    #[test]
    fn hull_takes_the_wider_end_and_the_worse_quality() {
        let a = bounds(End::open(n("1")), End::closed(n("2")));
        let b = Bounds { quality: Quality::Sound, ..bounds(End::closed(n("1")), End::unlimited()) };
        let hull = a.hull(b);
        assert_eq!(hull.lower, End::closed(n("1")));
        assert_eq!(hull.upper, End::unlimited());
        assert_eq!(hull.quality, Quality::Sound);
    }
}
