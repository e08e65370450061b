use filiera_model::{Bounds, End, Exact, Mark, Quality};

use crate::chain::{Target, Value, Values};
use crate::knapsack::Side;
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
    /// sound; and so they are where a statement that may be indirect takes part, unless one value is left.
    ///
    /// What is stated of an owner's total, directly and through others, is a fact about every set with that
    /// owner in it: the set holds no less; and the owner alone, where no other member is above the company,
    /// no more. Where the listed stakes are less than what is stated, the difference comes in ways that are
    /// not listed; where they cannot agree, a [`crate::Remark::Contradicted`] names it.
    pub fn reach(
        &self,
        company: Party,
        metric: Metric,
        marks: &dyn Fn(Party) -> Mark,
        unlisted: Mark,
    ) -> Bounds {
        self.reach_with(company, metric, Target::listed(marks, unlisted))
    }

    /// [`Snapshot::reach`] of every party, by number.
    pub fn reach_all(&self, metric: Metric, marks: &dyn Fn(Party) -> Mark, unlisted: Mark) -> Vec<Bounds> {
        let (matrix, chain, totals) = (self.matrix(metric), self.chain(metric), self.totals(metric));
        let parties = || (0..self.register().len() as u32).map(Party);
        let mut target = Target::listed(marks, unlisted);
        if !totals.is_empty() {
            target = target.with_only(parties());
        }
        let components = || 0..chain.components().len() as u32;
        let all = |side| chain.values(matrix, totals, components(), target, side);
        let (least, most) = (all(Side::Least), all(Side::Most));
        parties().map(|party| self.reached(party, metric, &least, &most)).collect()
    }

    pub(crate) fn reach_with(&self, company: Party, metric: Metric, target: Target<'_>) -> Bounds {
        let (matrix, chain, totals) = (self.matrix(metric), self.chain(metric), self.totals(metric));
        let above = chain.above(matrix, company);
        let mut target = target;
        if !totals.is_empty() {
            let members = || chain.members(&above);
            let stated = members().flat_map(|member| totals.of_company(member)).map(|total| total.owner);
            target = target.with_only(members().chain(stated));
        }
        let values = |side| chain.values(matrix, totals, above.iter().copied(), target, side);
        self.reached(company, metric, &values(Side::Least), &values(Side::Most))
    }

    /// The bounds of a company between these values.
    pub(crate) fn reached(&self, company: Party, metric: Metric, least: &Values, most: &Values) -> Bounds {
        let bounds = bounds(least.get(company), most.get(company));
        if self.is_loose(company, metric) { loose(bounds) } else { bounds }
    }
}

/// Bounds that statements about totals take part in: tight only where one value is left. Statements that
/// exclude each other leave everything between them.
fn loose(bounds: Bounds) -> Bounds {
    let Bounds { lower, upper, .. } = bounds;
    if let (Some(least), Some(most)) = (&lower.value, &upper.value) {
        if least == most && !lower.open && !upper.open {
            return Bounds { lower, upper, quality: Quality::Exact };
        }
        if least >= most {
            let end = |end: &Exact| End::closed(end.clone());
            return Bounds { lower: end(most), upper: end(least), quality: Quality::Sound };
        }
    }
    Bounds { lower, upper, quality: Quality::Sound }
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
