//! Statements of the kind "directly or through others": the same holding must not count twice.

use std::collections::VecDeque;

use filiera_model::Exact;
use rustc_hash::FxHashSet;

use crate::snapshot::Claim;
use crate::{Kind, Party, Stake};

/// The stakes that count, sorted as they came, and every statement that may be indirect.
///
/// Such a statement is explained when other stakes that can carry what it states lead from its owner to
/// its company by way of a third party (see [`Carries`]); the statements are taken in their order, each
/// against those that are left. What is not explained stays as a stake of its owner, of any size up to what
/// is stated: somebody else, listed or not, may hold it for the owner.
pub(crate) fn set_apart(parties: usize, stakes: Vec<Stake>) -> (Vec<Stake>, Vec<Claim>) {
    if !stakes.iter().any(Stake::is_indirect) {
        return (stakes, Vec::new());
    }
    let mut edges = Edges::of(parties, &stakes);
    let mut counted = Vec::new();
    let mut claims = Vec::new();
    for (place, stake) in stakes.into_iter().enumerate() {
        if !stake.is_indirect() {
            counted.push(stake);
            continue;
        }
        let explained = edges.lead(&stake);
        if explained {
            edges.remove(&stake, place);
        } else {
            counted.push(Stake { share: stake.share.or_nothing(), ..stake.clone() });
        }
        claims.push(Claim { stake, explained });
    }
    (counted, claims)
}

/// What a stake can pass on to whoever holds its owner.
///
/// A part of the capital is a part of a part: only shares carry it, all the way; a ministry that belongs
/// to a state by law has no shares that would make the ministry's part the state's. Votes are carried by
/// votes, and by shares that have some. Rights in the board, by contract and to stop decisions are not
/// parts of anything, so that only the last link must be such a right; above it whatever gives a say in
/// the one who has it will do. A part of nothing carries nothing.
#[derive(Clone, Copy, Debug)]
struct Carries {
    kind: Kind,
    votes: bool,
}

impl Carries {
    /// Nothing: it is a part of nothing, or what a company has in itself.
    fn of(stake: &Stake) -> Option<Self> {
        let is_own = stake.treasury || stake.owner == stake.company;
        let silent = stake.votes_per_share.as_ref().is_some_and(Exact::is_zero);
        (!is_own && !stake.share.is_nothing()).then_some(Self { kind: stake.kind, votes: !silent })
    }

    /// Whether it can be a link of a chain that makes a claim of this kind; `last`: the link to the company.
    fn can(self, claim: Kind, last: bool) -> bool {
        match claim {
            Kind::Shares => self.kind == Kind::Shares,
            Kind::Votes => self.kind == Kind::Votes || (self.kind == Kind::Shares && self.votes),
            Kind::Board | Kind::Contract | Kind::Veto if last => self.kind == claim,
            Kind::Board | Kind::Contract | Kind::Veto => self.kind != Kind::Veto,
        }
    }
}

/// Who holds anything in a company.
struct Edges {
    owners: Vec<Vec<Edge>>,
}

struct Edge {
    owner: Party,
    /// The place among the stakes.
    place: usize,
    carries: Carries,
}

impl Edges {
    fn of(parties: usize, stakes: &[Stake]) -> Self {
        let mut owners: Vec<Vec<Edge>> = Vec::with_capacity(parties);
        owners.resize_with(parties, Vec::new);
        for (place, stake) in stakes.iter().enumerate() {
            if let (Some(list), Some(carries)) = (owners.get_mut(stake.company.place()), Carries::of(stake)) {
                list.push(Edge { owner: stake.owner, place, carries });
            }
        }
        Self { owners }
    }

    /// Whose stakes in a company can be links of a chain that makes a claim.
    fn links(&self, company: Party, claim: Kind, last: bool) -> impl Iterator<Item = Party> {
        let edges = self.owners.get(company.place()).into_iter().flatten();
        edges.filter(move |edge| edge.carries.can(claim, last)).map(|edge| edge.owner)
    }

    fn remove(&mut self, stake: &Stake, place: usize) {
        if let Some(list) = self.owners.get_mut(stake.company.place()) {
            list.retain(|edge| edge.place != place);
        }
    }

    /// Whether stakes lead from the owner to the company by way of a third party.
    fn lead(&self, claim: &Stake) -> bool {
        let mut seen: FxHashSet<Party> = FxHashSet::from_iter([claim.company, claim.owner]);
        let mut open: VecDeque<Party> = VecDeque::new();
        open.extend(self.links(claim.company, claim.kind, true).filter(|owner| seen.insert(*owner)));
        while let Some(company) = open.pop_front() {
            for owner in self.links(company, claim.kind, false) {
                if owner == claim.owner {
                    return true;
                }
                if seen.insert(owner) {
                    open.push_back(owner);
                }
            }
        }
        false
    }
}
