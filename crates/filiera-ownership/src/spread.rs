use std::collections::{BTreeMap, VecDeque};

use crate::field::Field;
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
    Can(&'a Reached),
}

impl Mode<'_> {
    fn anybody(self, party: Party) -> bool {
        matches!(self, Self::Can(anybody) if anybody.contains_key(&party))
    }
}

/// The least set of companies that a coalition controls: what its members decide over, then what they
/// decide over with the votes of what they control already, and so on. `start` is not in it.
pub(crate) fn spread(field: &Field, start: &[Party], mode: Mode<'_>) -> Reached {
    let mut reached = Reached::new();
    let mut queue: VecDeque<(Party, u32)> = start.iter().map(|party| (*party, 0)).collect();
    while let Some((party, links)) = queue.pop_front() {
        for company in field.touched_by(party) {
            if start.contains(company) || reached.contains_key(company) {
                continue;
            }
            if let Some(by) = decide(field, *company, start, &reached, mode) {
                reached.insert(*company, Step { from: party, links: links + 1, by });
                queue.push_back((*company, links + 1));
            }
        }
    }
    reached
}

/// The companies that anybody may control, because too little of them is listed, and the parties that
/// may be anybody, because they are not named.
pub(crate) fn open_to_anybody(field: &Field) -> Reached {
    let own = |party: &Party| (*party, Step { from: *party, links: 0, by: By::Votes });
    let mut reached: Reached = field.unnamed().iter().map(own).collect();
    let mut queue: VecDeque<Party> = field.companies().collect();
    while let Some(company) = queue.pop_front() {
        if reached.contains_key(&company) {
            continue;
        }
        if let Some(by) = field.can(company, &|party| reached.contains_key(&party), true) {
            reached.insert(company, Step { from: company, links: 0, by });
            queue.extend(field.touched_by(company));
        }
    }
    reached
}

fn decide(field: &Field, company: Party, start: &[Party], reached: &Reached, mode: Mode<'_>) -> Option<By> {
    let inside = |party: Party| start.contains(&party) || reached.contains_key(&party) || mode.anybody(party);
    match mode {
        Mode::Must => field.must(company, &inside),
        Mode::Listed => field.can(company, &inside, false),
        Mode::Can(_) => field.can(company, &inside, true),
    }
}
