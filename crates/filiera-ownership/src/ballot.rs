use std::sync::OnceLock;

use filiera_model::{Bounds, End, Exact, Mark, Quality, Range};

use crate::division::{Part, greatest};
use crate::roll::{Cast, Roll};
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
    roll: OnceLock<Roll>,
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

impl Ballot {
    /// The ballot of these votes.
    pub fn new(blocks: Vec<Block>, rest: Option<Rest>, cap: Option<Exact>) -> Self {
        Self { blocks, rest, cap, roll: OnceLock::new() }
    }

    /// Whether some shares within the limits add up to the whole.
    pub fn is_possible(&self) -> bool {
        let parts: Vec<Part<'_>> = self.shares().map(|share| Part { worth: Exact::zero(), share }).collect();
        greatest(&parts).is_some_and(|best| best.attained)
    }

    /// The same, counted by class of share; once.
    pub fn roll(&self) -> &Roll {
        self.roll.get_or_init(|| Roll::of(self))
    }

    /// The part of the votes cast that holders have together: at least those of the first coalition, at
    /// most those of the second and, where `rest` is set, what is not listed.
    ///
    /// Tight where there is no cap and weights are exact. No votes at all are a part of 0.
    pub fn part(&self, surely: &Cast, possibly: &Cast, rest: bool) -> Bounds {
        let quality = if self.cap.is_some() { Quality::Sound } else { self.quality() };
        Bounds { lower: self.least(surely), upper: self.most(possibly, rest), quality }
    }

    /// The least part of the votes of the holders inside; what is not listed is against them.
    pub fn least(&self, inside: &Cast) -> End {
        self.roll().least(inside)
    }

    /// The greatest part of the votes of the holders inside, with what is not listed where told.
    pub fn most(&self, inside: &Cast, rest: bool) -> End {
        self.roll().most(inside, rest && self.rest.as_ref().is_some_and(|one| !one.nobody))
    }

    fn quality(&self) -> Quality {
        let is_exact = self.roll().is_exact();
        if is_exact && self.rest.iter().all(|rest| rest.weight.is_exact()) {
            Quality::Exact
        } else {
            Quality::Sound
        }
    }

    pub fn shares(&self) -> impl Iterator<Item = &Band> {
        self.blocks.iter().map(|block| &block.share).chain(self.rest.iter().map(|rest| &rest.share))
    }

    /// Whether it is possible that nobody casts a vote.
    pub fn may_be_silent(&self) -> bool {
        let weights = self.blocks.iter().map(|block| match block.suspended {
            Mark::No => block.weight.least.clone(),
            _ => Exact::zero(),
        });
        let weights = weights.chain(self.rest.iter().map(|rest| rest.weight.least.clone()));
        let parts: Vec<Part<'_>> =
            weights.zip(self.shares()).map(|(weight, share)| Part { worth: -weight, share }).collect();
        greatest(&parts).is_none_or(|best| best.value.is_zero() && best.attained)
    }

    /// The ballot with nobody else listed.
    pub fn complete(&self) -> Self {
        let most = self.blocks.iter().fold(Band::point(Exact::zero()), |sum, block| sum.plus(&block.share));
        let can_be_all = most.most > Exact::one() || (most.most == Exact::one() && !most.most_open);
        let rest = self.rest.clone().map(|rest| Rest { nobody: true, ..rest });
        Self::new(self.blocks.clone(), rest.filter(|_| !can_be_all), self.cap.clone())
    }

    /// Every owner once, in order.
    pub fn owners(&self) -> Vec<Party> {
        let mut owners: Vec<Party> = self.blocks.iter().map(|block| block.owner).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }
}
