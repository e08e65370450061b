use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::coalition::{Anybody, Tallies};
use crate::field::Field;
use crate::tally::Tally;
use crate::{By, Party};

/// The companies that a coalition reaches, each with how.
pub(crate) type Reached = BTreeMap<Party, Step>;

/// How a company was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The holder, inside the coalition, with whom it became enough.
    pub from: Party,
    /// Links from the coalition's own members: 1 for a company that they hold directly.
    pub links: u32,
    /// What it became enough of.
    pub by: By,
}

/// How favourably the unknown is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode<'a> {
    /// Against the coalition: what it surely controls.
    Must,
    /// For the coalition, but only what is listed.
    Listed,
    /// For the coalition, with what is not listed; anybody reaches these companies.
    Can(&'a Anybody),
}

impl<'a> Mode<'a> {
    fn anybody(self) -> Option<&'a Anybody> {
        match self {
            Self::Must | Self::Listed => None,
            Self::Can(anybody) => Some(anybody),
        }
    }
}

/// The least set of companies that a coalition controls: what its members decide over, then what they
/// decide over with the votes of what they control already, and so on. `start` is not in it.
pub(crate) fn spread(field: &Field, start: &[Party], mode: Mode<'_>) -> Reached {
    let own: BTreeSet<Party> = start.iter().copied().collect();
    let mut tallies = Tallies::default();
    own.iter().for_each(|party| tallies.join(field, *party, mode.anybody()));
    let mut reached = Reached::new();
    let mut queue: VecDeque<(Party, u32)> = start.iter().map(|party| (*party, 0)).collect();
    while let Some((party, links)) = queue.pop_front() {
        for company in field.touched_by(party) {
            if own.contains(company) || reached.contains_key(company) {
                continue;
            }
            if let Some(by) = decide(field, *company, &tallies, mode) {
                reached.insert(*company, Step { from: party, links: links + 1, by });
                tallies.join(field, *company, mode.anybody());
                queue.push_back((*company, links + 1));
            }
        }
    }
    reached
}

/// The parties before a step, from the coalition's end.
pub(crate) fn through(reached: &Reached, step: Step) -> Vec<Party> {
    let mut chain = Vec::new();
    let mut step = Some(step);
    while let Some(one) = step.filter(|one| one.links > 1) {
        chain.push(one.from);
        step = reached.get(&one.from).copied();
    }
    chain.reverse();
    chain
}

/// The companies that anybody may control, because too little of them is listed, and the parties that
/// may be anybody, because they are not named.
pub(crate) fn open_to_anybody(field: &Field) -> Anybody {
    let own = |party: &Party| (*party, Step { from: *party, links: 0, by: By::Votes });
    let reached: Reached = field.unnamed().iter().map(own).collect();
    let mut anybody = Anybody { reached, ..Anybody::default() };
    field.unnamed().iter().for_each(|party| anybody.tallies.join(field, *party, None));
    let nothing = Tally::default();
    let mut queue: VecDeque<Party> = field.companies().collect();
    while let Some(company) = queue.pop_front() {
        if anybody.has(company) {
            continue;
        }
        let tally = anybody.tallies.get(company).unwrap_or(&nothing);
        if let Some(by) = field.can(company, tally, true) {
            anybody.reached.insert(company, Step { from: company, links: 0, by });
            anybody.tallies.join(field, company, None);
            queue.extend(field.touched_by(company));
        }
    }
    anybody
}

fn decide(field: &Field, company: Party, tallies: &Tallies, mode: Mode<'_>) -> Option<By> {
    let nothing = Tally::default();
    let base = mode.anybody().and_then(|anybody| anybody.tallies.get(company));
    let tally = tallies.get(company).or(base).unwrap_or(&nothing);
    match mode {
        Mode::Must => field.must(company, tally),
        Mode::Listed => field.can(company, tally, false),
        Mode::Can(_) => field.can(company, tally, true),
    }
}
