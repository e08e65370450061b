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
        let mut blocks = self.blocks.clone();
        if let Some(block) = blocks.get_mut(place) {
            block.share = Band::point(share);
        }
        Self::new(blocks, self.rest.clone(), self.cap.clone())
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
        let others = Others::of(self, place, &slack);
        let mut breaks = self.breaks(place, &others);
        breaks.sort_unstable();
        breaks.dedup();
        let own = slack.get(place).cloned().unwrap_or_default();
        let at = |share: &Exact| Some(&others.best(share)? + &(&own * share));
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

    /// Shares of one block at which another part begins or ends to give way.
    fn breaks(&self, place: usize, others: &Others) -> Vec<Exact> {
        let mut breaks: Vec<Exact> = others.steps.iter().map(|step| &others.left - &step.filled).collect();
        if let Some(possible) = self.possible(place) {
            breaks.retain(|share| *share > possible.least && *share < possible.most);
            breaks.extend([possible.least, possible.most]);
        }
        breaks
    }
}

/// All parts but one, the worthiest first.
struct Others {
    /// What they leave of the whole at their least.
    left: Exact,
    /// Before every part is filled up, and after the last.
    steps: Vec<Filling>,
}

/// How far parts are filled up.
struct Filling {
    /// Σ of what the parts before have above their least.
    filled: Exact,
    /// Σ worth · share, the other parts at their least.
    value: Exact,
    /// What a whole of the next part is worth.
    worth: Exact,
}

impl Others {
    fn of(ballot: &Ballot, place: usize, worths: &[Exact]) -> Self {
        let parts = worths.iter().zip(ballot.shares()).enumerate();
        let mut parts: Vec<(&Exact, &Band)> =
            parts.filter(|(other, _)| *other != place).map(|(_, part)| part).collect();
        parts.sort_by(|a, b| b.0.cmp(a.0));
        let (mut left, mut filled, mut value) = (Exact::one(), Exact::zero(), Exact::zero());
        for (worth, band) in &parts {
            left = &left - &band.least;
            value += &(*worth * &band.least);
        }
        let mut steps = Vec::with_capacity(parts.len() + 1);
        for (worth, band) in parts {
            steps.push(Filling { filled: filled.clone(), value: value.clone(), worth: worth.clone() });
            let slack = &band.most - &band.least;
            filled += &slack;
            value += &(worth * &slack);
        }
        steps.push(Filling { filled, value, worth: Exact::zero() });
        Self { left, steps }
    }

    /// The most that they are worth beside this share of the part left out; nothing where they cannot be
    /// the rest of the whole.
    fn best(&self, share: &Exact) -> Option<Exact> {
        let room = &self.left - share;
        if room.is_negative() || self.steps.last().is_some_and(|all| all.filled < room) {
            return None;
        }
        let next = self.steps.partition_point(|step| step.filled <= room);
        let step = self.steps.get(next.checked_sub(1)?)?;
        Some(&step.value + &(&step.worth * &(&room - &step.filled)))
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

#[cfg(test)]
mod tests {
    use filiera_testkit::Tape;
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::*;
    use crate::ballot_twin::{ballot, twentieths};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Filled up in steps, the others are worth what a division of the whole anew says.
        #[test]
        fn others_are_worth_what_the_best_division_is(tape in proptest::collection::vec(any::<u8>(), 0..160)) {
            let tape = &mut Tape::new(&tape);
            let ballot = ballot(tape);
            let worths: Vec<Exact> =
                ballot.shares().map(|_| &twentieths(tape.below(7)) - &twentieths(3)).collect();
            for place in 0..ballot.blocks.len() {
                let (others, own) = (Others::of(&ballot, place, &worths), &worths[place]);
                for share in (0..=20).map(twentieths) {
                    let fixed = ballot.fixed(place, share.clone());
                    let parts: Vec<Part<'_>> = worths
                        .iter()
                        .zip(fixed.shares())
                        .map(|(worth, share)| Part { worth: worth.clone(), share })
                        .collect();
                    let anew = greatest(&parts).map(|best| best.value);
                    let filled = others.best(&share).map(|value| &value + &(own * &share));
                    assert_eq!(filled, anew, "{place} at {share} of {ballot:?}");
                }
            }
        }
    }
}
