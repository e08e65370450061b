use filiera_model::{Exact, Mark, Range};

use crate::ballot::{Ballot, Block, Rest};
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
        let part = ballot.part(&|one| one == owner, &|one| one == owner, false);
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
    let ballot = Ballot { blocks, rest: Some(Rest { share: Band::anything(), weight, nobody: false }), cap };
    if complete { ballot.complete() } else { ballot }
}

/// Parts of the capital with the votes of their class.
fn computed(stakes: &[Stake]) -> Vec<Block> {
    of_kind(stakes, Kind::Shares)
        .map(|(place, stake)| Block {
            owner: stake.owner,
            stake: place,
            share: direct_share(stake),
            weight: weight(stakes, stake),
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
    let known: Vec<Party> = blocks.iter().map(|block| block.owner).collect();
    for (place, stake) in of_kind(stakes, Kind::Shares) {
        let casts = treasury(stake) == Mark::No && weight(stakes, stake) != Range::exactly(Exact::zero());
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

/// Votes per share of a stake: as stated for it or for its class. One where the company's statements
/// name no votes at all and at most one class; else, for shares without a class, any of the votes
/// that its classes have, and for a class whose votes nobody states, any number.
fn weight(stakes: &[Stake], stake: &Stake) -> Range {
    if let Some(votes) = &stake.votes_per_share {
        return Range::exactly(votes.clone());
    }
    let same = |other: &&Stake| other.kind == Kind::Shares && other.class == stake.class;
    let stated: Vec<&Exact> =
        stakes.iter().filter(same).filter_map(|other| other.votes_per_share.as_ref()).collect();
    if let Some(first) = stated.first() {
        let exactly = |votes: &Exact| Range::exactly(votes.clone());
        return stated.iter().fold(exactly(first), |range, votes| range.hull(&exactly(votes)));
    }
    match &stake.class {
        None => usual_weight(stakes, false),
        Some(_) if has_one_class(stakes) => Range::exactly(Exact::one()),
        Some(_) => Range::anything(),
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
