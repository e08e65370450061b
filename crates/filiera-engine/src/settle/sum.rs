use std::cmp::Ordering;

use filiera_model::{Exact, Fraction, Mark, Operator, Range};

/// What a share is compared with, as a sum that must not fall below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Goal {
    pub(super) threshold: Exact,
    pub(super) operator: Operator,
}

/// One row of a share: its weight, the part of it that is marked, and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) weight: Range,
    pub(super) marked: Fraction,
    pub(super) scope: Mark,
}

/// A sum of slacks, some of which may be without limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    /// Terms without lower limit.
    below: u32,
    /// Terms without upper limit.
    above: u32,
    finite: Exact,
}

impl Goal {
    /// Whether the condition is met when the sum of slacks is at least this.
    pub(super) fn holds_from(&self, least: &Sum) -> bool {
        if least.below > 0 {
            return false;
        }
        let fails = least.finite.is_negative() || (self.is_strict() && least.finite.is_zero());
        least.above > 0 || !fails
    }

    /// Whether a sum on the threshold itself fails.
    fn is_strict(&self) -> bool {
        matches!(self.operator, Operator::MoreThan | Operator::LessThan)
    }

    /// What one unit of weight adds to the slack, when `part` of it is marked.
    fn slope(&self, part: &Exact) -> Exact {
        if self.operator.wants_more() { part - &self.threshold } else { &self.threshold - part }
    }

    /// The least and the greatest slack of a row: `(y − t)·w`, signed so that more is better.
    pub(super) fn ends(&self, line: &Line) -> (Sum, Sum) {
        let mut ends: Option<(Sum, Sum)> = None;
        let mut take = |low: Sum, high: Sum| {
            ends = Some(match ends.take() {
                None => (low, high),
                Some((least, most)) => (least.min(low), most.max(high)),
            });
        };
        if line.scope != Mark::No {
            for part in [&line.marked.least, &line.marked.most] {
                let slope = self.slope(part);
                let (low, high) = product(&slope, &line.weight);
                take(low, high);
            }
        }
        if line.scope != Mark::Yes {
            take(Sum::default(), Sum::default());
        }
        ends.unwrap_or_default()
    }

    /// The ends of a row whose weight grows without limit.
    pub(super) fn limits(&self, line: &Line) -> (Sum, Sum) {
        let limit = |part: &Exact| match self.slope(part) {
            slope if slope.is_positive() => Sum::without_upper(),
            slope if slope.is_negative() => Sum::without_lower(),
            _ => Sum::default(),
        };
        let mut all = Vec::new();
        if line.scope != Mark::No {
            all.extend([limit(&line.marked.least), limit(&line.marked.most)]);
        }
        if line.scope != Mark::Yes {
            all.push(Sum::default());
        }
        let least = all.iter().min().cloned().unwrap_or_default();
        (least, all.into_iter().max().unwrap_or_default())
    }
}

fn product(slope: &Exact, weight: &Range) -> (Sum, Sum) {
    let at_least = Sum::of(slope * &weight.least);
    match &weight.most {
        Some(most) => {
            let at_most = Sum::of(slope * most);
            (at_least.clone().min(at_most.clone()), at_least.max(at_most))
        }
        None if slope.is_positive() => (at_least, Sum::without_upper()),
        None if slope.is_negative() => (Sum::without_lower(), at_least),
        None => (Sum::default(), Sum::default()),
    }
}

impl Line {
    /// A row that does not count.
    pub(super) fn out() -> Self {
        Self {
            weight: Range::exactly(Exact::zero()),
            marked: Fraction::exactly(Exact::zero()),
            scope: Mark::No,
        }
    }
}

impl Sum {
    pub(super) fn of(finite: Exact) -> Self {
        Self { below: 0, above: 0, finite }
    }

    pub(super) fn without_lower() -> Self {
        Self { below: 1, ..Self::default() }
    }

    pub(super) fn without_upper() -> Self {
        Self { above: 1, ..Self::default() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.below += other.below;
        self.above += other.above;
        self.finite += &other.finite;
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        sum.add(other);
        sum
    }

    /// The value, when it has one.
    pub(super) fn finite(&self) -> Option<&Exact> {
        (self.below == 0 && self.above == 0).then_some(&self.finite)
    }

    pub(super) fn is_unlimited(&self) -> bool {
        self.above > 0
    }
}

impl PartialOrd for Sum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sum {
    /// Fewer terms without lower limit are better than anything, then more without upper limit:
    /// an order in which the best of independent parts is the sum of their best.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .below
            .cmp(&self.below)
            .then_with(|| self.above.cmp(&other.above))
            .then_with(|| self.finite.cmp(&other.finite))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn goal(operator: Operator) -> Goal {
        Goal { threshold: n("45 %"), operator }
    }

    #[test]
    fn slack_is_what_a_row_adds_beyond_the_threshold() {
        let open = Line { weight: Range::exactly(n("100")), marked: Mark::Maybe.into(), scope: Mark::Yes };
        assert_eq!(goal(Operator::AtLeast).ends(&open), (Sum::of(n("-45")), Sum::of(n("55"))));
        assert_eq!(goal(Operator::AtMost).ends(&open), (Sum::of(n("-55")), Sum::of(n("45"))));
        let may_be_out = Line { scope: Mark::Maybe, marked: Mark::Yes.into(), ..open };
        assert_eq!(goal(Operator::AtLeast).ends(&may_be_out), (Sum::default(), Sum::of(n("55"))));
    }

    #[test]
    fn a_missing_price_has_no_limit_on_the_side_of_its_mark() {
        let line = |mark: Mark| Line { weight: Range::anything(), marked: mark.into(), scope: Mark::Yes };
        let goal = goal(Operator::AtLeast);
        assert_eq!(goal.ends(&line(Mark::Yes)), (Sum::default(), Sum::without_upper()));
        assert_eq!(goal.ends(&line(Mark::No)), (Sum::without_lower(), Sum::default()));
        assert!(!goal.holds_from(&goal.ends(&line(Mark::Maybe)).0));
    }

    #[test]
    fn on_the_threshold_only_a_strict_comparison_fails() {
        assert!(goal(Operator::AtLeast).holds_from(&Sum::default()));
        assert!(!goal(Operator::MoreThan).holds_from(&Sum::default()));
    }
}
