use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Exact, Mark, Range};

use crate::ballot::{Ballot, Block, Rest};
use crate::roll::Cast;
use crate::{Band, Kind, Party, Stake};

/// The part of one company's votes that every owner casts, each owner once, in order.
///
/// Votes are shares times votes per share; a treasury share has none, and the others are counted
/// without it. A stake of kind votes is taken as it is stated: then the votes of holders of whom only
/// shares are known lie anywhere in what it leaves. Where `complete`, what is not listed is nobody's;
/// else it stands against every owner in its lower end and never counts in its upper.
///
/// Empty when the stakes cannot be true together.
pub fn vote_bands(stakes: &[Stake], complete: bool) -> Vec<(Party, Band)> {
    let ballot = ballot(stakes, complete, None, &|_| Mark::No);
    if !ballot.is_possible() {
        return Vec::new();
    }
    let band = |owner: Party| {
        let mut cast = Cast::default();
        ballot.roll().add(owner, &mut cast);
        let part = ballot.part(&cast, &cast, false);
        Band {
            least: part.lower.value.unwrap_or_default(),
            least_open: part.lower.open,
            most: part.upper.value.unwrap_or_else(Exact::one),
            most_open: part.upper.open,
        }
    };
    ballot.owners().into_iter().map(|owner| (owner, band(owner))).collect()
}

/// The votes of one company from its stakes; `suspended` says whose votes cannot be cast because the
/// company controls their holder.
pub(crate) fn ballot(
    stakes: &[Stake],
    complete: bool,
    cap: Option<Exact>,
    suspended: &dyn Fn(Party) -> Mark,
) -> Ballot {
    let is_stated = stakes.iter().any(|stake| stake.kind == Kind::Votes && stake.holds != Mark::No);
    let blocks = if is_stated { stated(stakes) } else { computed(stakes) };
    let blocks: Vec<Block> = blocks
        .into_iter()
        .map(|block| Block { suspended: block.suspended.or(suspended(block.owner)), ..block })
        .collect();
    let weight = usual_weight(stakes, is_stated);
    let rest = Rest { share: Band::anything(), weight, nobody: false };
    let ballot = Ballot::new(blocks, Some(rest), cap);
    if complete { ballot.complete() } else { ballot }
}

/// Parts of the capital with the votes of their class.
fn computed(stakes: &[Stake]) -> Vec<Block> {
    let weights = Weights::of(stakes);
    of_kind(stakes, Kind::Shares)
        .map(|(place, stake)| Block {
            owner: stake.owner,
            stake: place,
            share: direct_share(stake),
            weight: weights.get(stake),
            suspended: treasury(stake),
        })
        .collect()
}

/// Parts of the votes as stated, and for every holder of whom only shares are known, any part.
fn stated(stakes: &[Stake]) -> Vec<Block> {
    let one = || Range::exactly(Exact::one());
    let mut blocks: Vec<Block> = of_kind(stakes, Kind::Votes)
        .map(|(place, stake)| {
            let (share, suspended) = (stake.share.clone(), treasury(stake));
            Block { owner: stake.owner, stake: place, share, weight: one(), suspended }
        })
        .collect();
    let known: BTreeSet<Party> = blocks.iter().map(|block| block.owner).collect();
    let weights = Weights::of(stakes);
    for (place, stake) in of_kind(stakes, Kind::Shares) {
        let casts = treasury(stake) == Mark::No && weights.get(stake) != Range::exactly(Exact::zero());
        if casts && !known.contains(&stake.owner) && stake.share.most.is_positive() {
            let (share, suspended) = (Band::anything(), Mark::No);
            blocks.push(Block { owner: stake.owner, stake: place, share, weight: one(), suspended });
        }
    }
    blocks
}

fn of_kind(stakes: &[Stake], kind: Kind) -> impl Iterator<Item = (usize, &Stake)> {
    stakes.iter().enumerate().filter(move |(_, stake)| stake.kind == kind && stake.holds != Mark::No)
}

fn treasury(stake: &Stake) -> Mark {
    if stake.treasury || stake.owner == stake.company { Mark::Yes } else { Mark::No }
}

/// The part of the capital whose votes the owner casts itself: none for certain where it may hold
/// through others, because those cast them.
fn direct_share(stake: &Stake) -> Band {
    if stake.is_indirect() { stake.share.or_nothing() } else { stake.share.clone() }
}

/// Votes per share in one company.
struct Weights<'a> {
    /// As stated for a class of shares.
    stated: BTreeMap<Option<&'a str>, Range>,
    usual: Range,
    has_one_class: bool,
}

impl<'a> Weights<'a> {
    fn of(stakes: &'a [Stake]) -> Self {
        let mut stated: BTreeMap<Option<&'a str>, Range> = BTreeMap::new();
        for stake in stakes.iter().filter(|stake| stake.kind == Kind::Shares) {
            let Some(votes) = stake.votes_per_share.clone().map(Range::exactly) else { continue };
            let range = stated.entry(stake.class.as_deref()).or_insert_with(|| votes.clone());
            *range = range.hull(&votes);
        }
        Self { stated, usual: usual_weight(stakes, false), has_one_class: has_one_class(stakes) }
    }

    /// Votes per share of a stake: as stated for it or for its class. One where the company's statements
    /// name no votes at all and at most one class; else, for shares without a class, any of the votes
    /// that its classes have, and for a class whose votes nobody states, any number.
    fn get(&self, stake: &Stake) -> Range {
        if let Some(votes) = &stake.votes_per_share {
            return Range::exactly(votes.clone());
        }
        let stated = self.stated.get(&stake.class.as_deref());
        stated.cloned().unwrap_or_else(|| match &stake.class {
            None => self.usual.clone(),
            Some(_) if self.has_one_class => Range::exactly(Exact::one()),
            Some(_) => Range::anything(),
        })
    }
}

fn has_one_class(stakes: &[Stake]) -> bool {
    let shares = || stakes.iter().filter(|stake| stake.kind == Kind::Shares);
    let first = shares().next().map(|stake| &stake.class);
    shares().all(|stake| Some(&stake.class) == first && stake.votes_per_share.is_none())
}

/// Votes per share of what no class or statement covers: one, or whatever the listed classes have.
fn usual_weight(stakes: &[Stake], is_stated: bool) -> Range {
    let shares = stakes.iter().filter(|stake| stake.kind == Kind::Shares && !is_stated);
    let stated = shares.filter_map(|stake| stake.votes_per_share.clone()).map(Range::exactly);
    stated.fold(Range::exactly(Exact::one()), |range, votes| range.hull(&votes))
}
