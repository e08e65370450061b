use filiera_model::{Bounds, End, Exact, Mark, Quality};

use crate::chain::{Target, Value, Values};
use crate::knapsack::Side;
use crate::snapshot::Claim;
use crate::{Kind, Metric, Party, Snapshot};

impl Snapshot {
    /// The part of a company that a set of owners holds together, directly and through others: over
    /// all ways upward that do not pass through the set before they end in it.
    ///
    /// A *maybe* counts at the upper end only. `unlisted` is the mark of owners who are not listed, of
    /// every company whose list is not complete; what a complete list leaves counts for nobody. A party
    /// without listed owners ends the way: whoever knows that it has owners marks it *maybe*. The bounds
    /// are tight for the set as a whole. A company whose list cannot be true, and what depends on it,
    /// is known to lie between 0 and 1 only. Where a cyclic core has more than 100 members the bounds are
    /// sound; and so they are where a statement that may be indirect takes part.
    pub fn reach(
        &self,
        company: Party,
        metric: Metric,
        marks: &dyn Fn(Party) -> Mark,
        unlisted: Mark,
    ) -> Bounds {
        self.reach_with(company, metric, Target { marks, unlisted, float: Mark::No })
    }

    /// [`Snapshot::reach`] of every party, by number.
    pub fn reach_all(&self, metric: Metric, marks: &dyn Fn(Party) -> Mark, unlisted: Mark) -> Vec<Bounds> {
        let target = Target { marks, unlisted, float: Mark::No };
        let (matrix, chain) = (self.matrix(metric), self.chain(metric));
        let all = |side| chain.values(matrix, 0..chain.components().len() as u32, target, side);
        let (least, most) = (all(Side::Least), all(Side::Most));
        let one = |number| self.bounds(Party(number), metric, target, &least, &most);
        (0..self.register().len() as u32).map(one).collect()
    }

    pub(crate) fn reach_with(&self, company: Party, metric: Metric, target: Target<'_>) -> Bounds {
        let (matrix, chain) = (self.matrix(metric), self.chain(metric));
        let above = chain.above(matrix, company);
        let values = |side| chain.values(matrix, above.iter().copied(), target, side);
        self.bounds(company, metric, target, &values(Side::Least), &values(Side::Most))
    }

    fn bounds(
        &self,
        company: Party,
        metric: Metric,
        target: Target<'_>,
        least: &Values,
        most: &Values,
    ) -> Bounds {
        let (lower, upper) = (least.get(company), most.get(company));
        let kind = metric.kind();
        let mut bounds = bounds(lower, upper);
        if self.is_loose(company, metric) {
            bounds.quality = Quality::Sound;
        }
        for claim in self.claims_of(company).iter().filter(|claim| claim.stake.kind == kind) {
            if (target.marks)(claim.stake.owner) == Mark::Yes {
                raise(&mut bounds, claim);
            }
        }
        bounds
    }
}

/// The set holds no less than what is stated of one of its members.
fn raise(bounds: &mut Bounds, claim: &Claim) {
    let share = &claim.stake.share;
    let higher = |end: &End, value: &Exact, open: bool| {
        end.value.as_ref().is_some_and(|end| end < value)
            || (end.value.as_ref() == Some(value) && open && !end.open)
    };
    if higher(&bounds.lower, &share.least, share.least_open) {
        bounds.lower = End { value: Some(share.least.clone()), open: share.least_open };
        bounds.quality = Quality::Sound;
    }
    if bounds.upper.value.as_ref().is_some_and(|upper| upper < &share.least) {
        bounds.upper = End { value: Some(share.most.clone()), open: share.most_open };
        bounds.quality = Quality::Sound;
    }
}

pub(crate) fn bounds(lower: Value, upper: Value) -> Bounds {
    let quality = if lower.sound || upper.sound { Quality::Sound } else { Quality::Exact };
    let end = |value: Value| End { value: Some(value.share), open: value.open };
    Bounds { lower: end(lower), upper: end(upper), quality }
}

impl Metric {
    /// The kind of statement that speaks of it.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Equity => Kind::Shares,
            Self::Votes => Kind::Votes,
        }
    }
}
