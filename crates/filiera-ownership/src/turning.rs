//! What one unknown share does to a ballot.

use filiera_model::{Exact, Mark};

use crate::ballot::Ballot;
use crate::division::{Part, greatest};
use crate::{Band, Party};

impl Ballot {
    /// The shares that one block can have beside the others; nothing where the ballot is impossible.
    pub fn possible(&self, place: usize) -> Option<Band> {
        let share = |most: bool| {
            let worth = if most { Exact::one() } else { -Exact::one() };
            let worth = |other: usize| if other == place { worth.clone() } else { Exact::zero() };
            let parts: Vec<Part<'_>> =
                self.shares().enumerate().map(|(other, share)| Part { worth: worth(other), share }).collect();
            greatest(&parts).map(|best| (best.shares.get(place).cloned().unwrap_or_default(), !best.attained))
        };
        let ((least, least_open), (most, most_open)) = (share(false)?, share(true)?);
        Some(Band { least, least_open, most, most_open })
    }

    /// The ballot with the share of one block known.
    pub fn fixed(&self, place: usize, share: Exact) -> Self {
        let mut fixed = self.clone();
        if let Some(block) = fixed.blocks.get_mut(place) {
            block.share = Band::point(share);
        }
        fixed
    }

    /// Every share of one block at which the votes inside may come to a part of exactly `over`: at their
    /// least or, with the rest where told, at their most.
    pub fn turning_shares(
        &self,
        place: usize,
        inside: &dyn Fn(Party) -> bool,
        rest: bool,
        over: &Exact,
        least: bool,
    ) -> Vec<Exact> {
        let rest = rest && self.rest.as_ref().is_some_and(|one| !one.nobody);
        let Some(slack) = self.slack(inside, rest, over, least) else { return Vec::new() };
        let mut breaks = self.breaks(place, &slack);
        breaks.sort_unstable();
        breaks.dedup();
        let at = |share: &Exact| self.fixed(place, share.clone()).best(&slack);
        let known: Vec<(Exact, Exact)> =
            breaks.into_iter().filter_map(|share| at(&share).map(|value| (share, value))).collect();
        let ends = known.iter().filter(|(_, value)| value.is_zero()).map(|(share, _)| share.clone());
        ends.chain(known.iter().zip(known.iter().skip(1)).filter_map(|(a, b)| root(a, b))).collect()
    }

    /// What a whole of every part adds to the votes inside above `over` of all: at their most, or what it
    /// takes off at their least. Nothing where weights have no limit.
    fn slack(
        &self,
        inside: &dyn Fn(Party) -> bool,
        rest: bool,
        over: &Exact,
        least: bool,
    ) -> Option<Vec<Exact>> {
        let blocks = self.blocks.iter().map(|block| (inside(block.owner), &block.weight, block.suspended));
        let hidden = self.rest.iter().map(|one| (rest, &one.weight, Mark::No));
        blocks
            .chain(hidden)
            .map(|(inside, weight, suspended)| {
                let most = if suspended == Mark::Yes { Some(Exact::zero()) } else { weight.most.clone() };
                let low = if suspended == Mark::No { weight.least.clone() } else { Exact::zero() };
                let votes = if inside == least { low } else { most? };
                let worth = if inside { &votes * &(Exact::one() - over.clone()) } else { -(&votes * over) };
                Some(if least { -worth } else { worth })
            })
            .collect()
    }

    fn best(&self, worths: &[Exact]) -> Option<Exact> {
        let parts = worths.iter().zip(self.shares());
        let parts: Vec<Part<'_>> = parts.map(|(worth, share)| Part { worth: worth.clone(), share }).collect();
        greatest(&parts).map(|best| best.value)
    }

    /// Shares of one block at which another part begins or ends to give way.
    fn breaks(&self, place: usize, worths: &[Exact]) -> Vec<Exact> {
        let mut others: Vec<(&Exact, &Band)> = worths
            .iter()
            .zip(self.shares())
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, part)| part)
            .collect();
        others.sort_by(|a, b| b.0.cmp(a.0));
        let mut left = Exact::one() - others.iter().map(|(_, band)| band.least.clone()).sum();
        let mut breaks = vec![left.clone()];
        for (_, band) in others {
            left = left - (&band.most - &band.least);
            breaks.push(left.clone());
        }
        if let Some(possible) = self.possible(place) {
            breaks.retain(|share| *share > possible.least && *share < possible.most);
            breaks.extend([possible.least, possible.most]);
        }
        breaks
    }
}

/// Where a straight line between two points crosses zero, strictly between them.
fn root((x, a): &(Exact, Exact), (y, b): &(Exact, Exact)) -> Option<Exact> {
    if a.is_zero() || b.is_zero() || a.is_negative() == b.is_negative() {
        return None;
    }
    let part = a.checked_div(&(a - b))?;
    Some(x + &(&part * &(y - x)))
}
