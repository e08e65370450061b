use std::collections::BTreeMap;

use filiera_finding::{CompanyOwned, PartyShown, StakeShown};

/// The most parties that are drawn; the smaller holders are left out.
pub(super) const MOST: usize = 32;

/// The parties above a company and what they hold, numbered: the company is 0, then its holders in
/// their order.
pub(super) struct Graph<'a> {
    pub(super) nodes: Vec<&'a PartyShown>,
    pub(super) edges: Vec<Edge<'a>>,
    /// Parties that are not drawn.
    pub(super) left: usize,
}

/// All that one party holds in one company.
pub(super) struct Edge<'a> {
    pub(super) owner: usize,
    pub(super) company: usize,
    pub(super) stakes: Vec<&'a StakeShown>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(company: &'a CompanyOwned) -> Self {
        let nodes = nodes(company);
        let places: BTreeMap<&str, usize> =
            nodes.iter().enumerate().map(|(place, party)| (party.id.as_str(), place)).collect();
        let mut edges: Vec<Edge<'a>> = Vec::new();
        for stake in &company.stakes {
            let ends = places.get(stake.owner.as_str()).zip(places.get(stake.company.as_str()));
            let Some((owner, held)) = ends else { continue };
            match edges.iter_mut().find(|edge| edge.owner == *owner && edge.company == *held) {
                Some(edge) => edge.stakes.push(stake),
                None => edges.push(Edge { owner: *owner, company: *held, stakes: vec![stake] }),
            }
        }
        edges.sort_by_key(|edge| (edge.company, edge.owner));
        let left = company.parties.len().saturating_sub(nodes.len());
        Self { nodes, edges, left }.reached()
    }

    /// Without parties that no line leads to, because what lies between is not drawn.
    fn reached(mut self) -> Self {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![0];
        while let Some(one) = open.pop() {
            if let Some(slot) = seen.get_mut(one).filter(|slot| !**slot) {
                *slot = true;
                open.extend(self.edges.iter().filter(|edge| edge.company == one).map(|edge| edge.owner));
            }
        }
        let is_seen = |place: usize| seen.get(place) == Some(&true);
        let number = |place: usize| seen.iter().take(place).filter(|seen| **seen).count();
        self.left += seen.iter().filter(|seen| !**seen).count();
        self.edges.retain(|edge| is_seen(edge.owner) && is_seen(edge.company));
        for edge in &mut self.edges {
            (edge.owner, edge.company) = (number(edge.owner), number(edge.company));
        }
        let nodes = self.nodes.iter().enumerate().filter(|(place, _)| is_seen(*place));
        self.nodes = nodes.map(|(_, party)| *party).collect();
        self
    }
}

/// The company, its holders by their share, and whoever else stands above it.
fn nodes(company: &CompanyOwned) -> Vec<&PartyShown> {
    let mut nodes: Vec<&PartyShown> = Vec::new();
    let own = company.parties.iter().filter(|party| party.id == company.company.id);
    let holders = company.holders.iter().filter_map(|holder| {
        let id = &holder.holder.party()?.id;
        company.parties.iter().find(|party| party.id == *id)
    });
    for party in own.chain(holders).chain(&company.parties) {
        if nodes.len() == MOST {
            break;
        }
        if !nodes.iter().any(|known| known.id == party.id) {
            nodes.push(party);
        }
    }
    nodes
}
