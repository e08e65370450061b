use filiera_model::{Bounds, End, Exact, Mark, Quality, Range};

use crate::division::{Part, greatest};
use crate::{Band, Party};

/// One company's votes: who casts how many, within which limits.
///
/// Every share is a part of one whole and all parts add up to it; what no block says is the rest.
#[derive(Clone, Debug)]
pub(crate) struct Ballot {
    pub blocks: Vec<Block>,
    pub rest: Option<Rest>,
    /// The greatest part of all votes that one holder may cast.
    pub cap: Option<Exact>,
}

/// The votes of one stake.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub owner: Party,
    /// The place of the stake among the company's, for explanations.
    pub stake: usize,
    /// Its part of the whole.
    pub share: Band,
    /// Votes per share.
    pub weight: Range,
    /// Yes: they cannot be cast, and nobody counts them.
    pub suspended: Mark,
}

/// What is not listed.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    /// Its part of the whole: whatever the blocks leave.
    pub share: Band,
    /// Votes per share.
    pub weight: Range,
    /// Whether it is declared to belong to nobody who is named anywhere.
    pub nobody: bool,
}

impl Rest {
    /// A whole that nobody named has.
    pub fn of_nobody() -> Self {
        Self { share: Band::anything(), weight: Range::exactly(Exact::one()), nobody: true }
    }
}

/// The two ways in which one party's share of the votes is stretched.
struct Term<'a> {
    share: &'a Band,
    /// Votes per share inside the coalition, zero outside; nothing: without limit.
    inside: Option<Exact>,
    /// Votes per share outside.
    outside: Exact,
}

impl Ballot {
    /// Whether some shares within the limits add up to the whole.
    pub fn is_possible(&self) -> bool {
        let parts: Vec<Part<'_>> = self.shares().map(|share| Part { worth: Exact::zero(), share }).collect();
        greatest(&parts).is_some_and(|best| best.attained)
    }

    /// The part of the votes cast that holders have together: at least those of the first test, at most
    /// those of the second and, where `rest` is set, what is not listed.
    ///
    /// Tight where there is no cap and weights are exact. No votes at all are a part of 0.
    pub fn part(
        &self,
        surely: &dyn Fn(Party) -> bool,
        possibly: &dyn Fn(Party) -> bool,
        rest: bool,
    ) -> Bounds {
        let quality = if self.cap.is_some() { Quality::Sound } else { self.quality() };
        Bounds { lower: self.least(surely), upper: self.most(possibly, rest), quality }
    }

    /// The least part of the votes of the holders inside; what is not listed is against them.
    pub fn least(&self, inside: &dyn Fn(Party) -> bool) -> End {
        match &self.cap {
            Some(cap) => End::closed(self.capped_least(cap, inside)),
            None => self.uncapped_least(inside),
        }
    }

    /// The greatest part of the votes of the holders inside, with what is not listed where told.
    pub fn most(&self, inside: &dyn Fn(Party) -> bool, rest: bool) -> End {
        let rest = rest && self.rest.as_ref().is_some_and(|one| !one.nobody);
        match &self.cap {
            Some(cap) => End::closed(self.capped_most(cap, inside, rest)),
            None => self.fraction(inside, rest),
        }
    }

    fn uncapped_least(&self, inside: &dyn Fn(Party) -> bool) -> End {
        if self.may_be_silent() {
            return End::closed(Exact::zero());
        }
        complement(self.fraction(&|owner| !inside(owner), true))
    }

    fn quality(&self) -> Quality {
        let exact = |weight: &Range| weight.is_exact();
        let blocks = self.blocks.iter().all(|block| exact(&block.weight) && block.suspended != Mark::Maybe);
        if blocks && self.rest.iter().all(|rest| exact(&rest.weight)) {
            Quality::Exact
        } else {
            Quality::Sound
        }
    }

    pub fn shares(&self) -> impl Iterator<Item = &Band> {
        self.blocks.iter().map(|block| &block.share).chain(self.rest.iter().map(|rest| &rest.share))
    }

    /// Whether it is possible that nobody casts a vote.
    fn may_be_silent(&self) -> bool {
        let weights = self.blocks.iter().map(|block| match block.suspended {
            Mark::No => block.weight.least.clone(),
            _ => Exact::zero(),
        });
        let weights = weights.chain(self.rest.iter().map(|rest| rest.weight.least.clone()));
        let parts: Vec<Part<'_>> =
            weights.zip(self.shares()).map(|(weight, share)| Part { worth: -weight, share }).collect();
        greatest(&parts).is_none_or(|best| best.value.is_zero() && best.attained)
    }

    /// The greatest part of the votes inside, over everything that is possible.
    fn fraction(&self, inside: &dyn Fn(Party) -> bool, rest: bool) -> End {
        let mut terms: Vec<Term<'_>> = self.blocks.iter().filter_map(|block| term(block, inside)).collect();
        if let Some(one) = &self.rest {
            terms.push(stretched(&one.share, &one.weight, rest, false));
        }
        greatest_fraction(&terms)
    }

    /// With a cap per holder, the holders inside counting as one: some statutes say so.
    fn capped_least(&self, cap: &Exact, inside: &dyn Fn(Party) -> bool) -> Exact {
        let together = value(self.uncapped_least(inside));
        let others = self.owners().into_iter().filter(|owner| !inside(*owner));
        let others: Exact =
            others.map(|owner| value(self.fraction(&|one| one == owner, false)).min(cap.clone())).sum();
        let hidden = value(self.fraction(&|_| false, true));
        let others = (others + hidden).min(Exact::one() - together.clone());
        over(together.min(cap.clone()), others)
    }

    /// With a cap per holder, each one inside counting for itself.
    fn capped_most(&self, cap: &Exact, inside: &dyn Fn(Party) -> bool, rest: bool) -> Exact {
        let most = |owner: Party| value(self.fraction(&|one| one == owner, false)).min(cap.clone());
        let least = |owner: Party| value(self.uncapped_least(&|one| one == owner)).min(cap.clone());
        let hidden = if rest { value(self.fraction(&|_| false, true)) } else { Exact::zero() };
        let (theirs, others): (Vec<Party>, Vec<Party>) =
            self.owners().into_iter().partition(|owner| inside(*owner));
        let theirs: Exact = theirs.into_iter().map(most).sum();
        over(theirs + hidden, others.into_iter().map(least).sum())
    }

    /// The ballot with nobody else listed.
    pub fn complete(&self) -> Self {
        let most = self.blocks.iter().fold(Band::point(Exact::zero()), |sum, block| sum.plus(&block.share));
        let can_be_all = most.most > Exact::one() || (most.most == Exact::one() && !most.most_open);
        let rest = self.rest.clone().map(|rest| Rest { nobody: true, ..rest });
        Self { rest: rest.filter(|_| !can_be_all), ..self.clone() }
    }

    /// Every owner once, in order.
    pub fn owners(&self) -> Vec<Party> {
        let mut owners: Vec<Party> = self.blocks.iter().map(|block| block.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}

/// `part / (part + others)`, and 0 of nothing.
fn over(part: Exact, others: Exact) -> Exact {
    let all = &part + &others;
    part.checked_div(&all).unwrap_or_default()
}

/// An end as a part of the votes.
fn value(end: End) -> Exact {
    end.value.unwrap_or_else(Exact::one)
}

fn complement(end: End) -> End {
    End { value: end.value.map(|value| Exact::one() - value), open: end.open }
}

fn term<'a>(block: &'a Block, inside: &dyn Fn(Party) -> bool) -> Option<Term<'a>> {
    let inside = inside(block.owner);
    match block.suspended {
        Mark::Yes => Some(Term { share: &block.share, inside: Some(Exact::zero()), outside: Exact::zero() }),
        maybe => Some(stretched(&block.share, &block.weight, inside, maybe == Mark::Maybe)),
    }
}

/// The term that favours the coalition: its own votes at their most, those of others at their least.
fn stretched<'a>(share: &'a Band, weight: &Range, inside: bool, may_be_silent: bool) -> Term<'a> {
    if inside {
        return Term { share, inside: weight.most.clone(), outside: Exact::zero() };
    }
    let outside = if may_be_silent { Exact::zero() } else { weight.least.clone() };
    Term { share, inside: Some(Exact::zero()), outside }
}

/// The greatest `inside / (inside + outside)`: Dinkelbach's steps, each from a better fraction, end at
/// the best one exactly, because every step ends in another corner.
fn greatest_fraction(terms: &[Term<'_>]) -> End {
    if terms.iter().any(|term| term.inside.is_none() && term.share.most.is_positive()) {
        return End::open(Exact::one());
    }
    let votes = |term: &Term<'_>| term.inside.clone().unwrap_or_default();
    let mut fraction = Exact::zero();
    loop {
        let parts: Vec<Part<'_>> = terms
            .iter()
            .map(|term| {
                let gain = votes(term) * (Exact::one() - fraction.clone());
                Part { worth: gain - &term.outside * &fraction, share: term.share }
            })
            .collect();
        let Some(best) = greatest(&parts) else { return End::closed(Exact::zero()) };
        if !best.value.is_positive() {
            return End { value: Some(fraction), open: !best.attained };
        }
        let inside: Exact = terms.iter().zip(&best.shares).map(|(term, share)| &votes(term) * share).sum();
        let outside: Exact = terms.iter().zip(&best.shares).map(|(term, share)| &term.outside * share).sum();
        fraction = over(inside, outside);
    }
}
