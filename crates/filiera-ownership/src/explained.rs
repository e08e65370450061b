//! Statements of the kind "directly or through others": the same holding must not count twice.

use std::collections::VecDeque;

use filiera_model::Exact;
use rustc_hash::FxHashSet;

use crate::snapshot::Claim;
use crate::{Kind, Party, Stake};

/// The stakes that count, sorted as they came, and every statement that may be indirect.
///
/// Such a statement is explained when other stakes lead from its owner to its company by way of a
/// third party; the statements are taken in their order, each against those that are left. What is
/// not explained stays as a stake, less what the other stakes may already hold for its owner.
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
            counted.push(stake.clone());
        }
        claims.push(Claim { stake, explained });
    }
    let lessened: Vec<Option<Exact>> = counted.iter().map(|stake| lessened(stake, &counted)).collect();
    for (stake, least) in counted.iter_mut().zip(lessened) {
        if let Some(least) = least {
            stake.share.least_open &= least == stake.share.least;
            stake.share.least = least;
        }
    }
    (counted, claims)
}

/// The least share of an indirect stake that no other stake of its company may contain.
fn lessened(stake: &Stake, counted: &[Stake]) -> Option<Exact> {
    if !stake.is_indirect() {
        return None;
    }
    let start = counted.partition_point(|other| other.company < stake.company);
    let others = counted.get(start..).unwrap_or_default().iter();
    let others = others.take_while(|other| other.company == stake.company);
    let others = others.filter(|other| other.kind == stake.kind && other.owner != stake.owner);
    let most: Exact = others.map(|other| other.share.most.clone()).sum();
    Some((&stake.share.least - &most).max(Exact::zero()))
}

/// Who holds anything in a company, without vetoes.
struct Edges {
    owners: Vec<Vec<(Party, usize)>>,
}

impl Edges {
    fn of(parties: usize, stakes: &[Stake]) -> Self {
        let mut owners = vec![Vec::new(); parties];
        for (place, stake) in stakes.iter().enumerate().filter(|(_, stake)| stake.kind != Kind::Veto) {
            if let Some(list) = owners.get_mut(stake.company.place()).filter(|_| stake.owner != stake.company)
            {
                list.push((stake.owner, place));
            }
        }
        Self { owners }
    }

    fn of_company(&self, company: Party) -> &[(Party, usize)] {
        self.owners.get(company.place()).map_or(&[], Vec::as_slice)
    }

    fn remove(&mut self, stake: &Stake, place: usize) {
        if let Some(list) = self.owners.get_mut(stake.company.place()) {
            list.retain(|(_, other)| *other != place);
        }
    }

    /// Whether stakes lead from the owner to the company by way of a third party.
    fn lead(&self, stake: &Stake) -> bool {
        let mut seen: FxHashSet<Party> = FxHashSet::from_iter([stake.company, stake.owner]);
        let mut open: VecDeque<Party> = VecDeque::new();
        let first = self.of_company(stake.company).iter().map(|(owner, _)| *owner);
        open.extend(first.filter(|owner| seen.insert(*owner)));
        while let Some(company) = open.pop_front() {
            for (owner, _) in self.of_company(company) {
                if *owner == stake.owner {
                    return true;
                }
                if seen.insert(*owner) {
                    open.push_back(*owner);
                }
            }
        }
        false
    }
}
