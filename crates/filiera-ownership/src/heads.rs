use std::collections::{BTreeMap, BTreeSet};

use crate::Party;
use crate::coalition::Anybody;
use crate::field::{Field, Powers};
use crate::spread::{Mode, Reached, Step, spread, through};

/// Those who may control a member of a concert and are none, and what they may reach together with it.
///
/// An agreement binds its members. Whoever controls one of them decides how that one votes, and what he
/// holds beside it he may vote the same way; no paper says that he must. So what they reach only with it,
/// they may reach, and never surely do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    /// Those to whom a chain of listed stakes leads from a member, by number.
    pub parties: Vec<Party>,
    /// What all together may reach.
    pub reached: Reached,
    /// What they may reach so, and the concert alone may not: with the way there.
    pub may: BTreeMap<Party, Way>,
}

/// How a company may be reached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    pub links: u32,
    /// The parties between, from the concert's end.
    pub through: Vec<Party>,
    /// Whether what is listed of several of them leads there; else one of them may need what is not listed.
    pub is_listed: bool,
}

impl Way {
    /// The way to a step.
    pub fn of(reached: &Reached, step: Step) -> Self {
        Self { links: step.links, through: through(reached, step), is_listed: true }
    }
}

/// Who controls whom alone: all that is known before concerts are.
#[derive(Clone, Copy)]
pub(crate) struct Alone<'a> {
    pub field: &'a Field,
    pub anybody: &'a Anybody,
    /// What each party surely controls.
    pub must: &'a BTreeMap<Party, Reached>,
    /// Of every company who may control it.
    pub above: &'a BTreeMap<Party, Vec<Party>>,
}

impl Heads {
    /// `can`: what the members may reach by themselves, where one company is asked about.
    pub fn of<'r>(alone: &Alone<'_>, members: &[Party], can: impl Fn(Party) -> &'r Reached) -> Self {
        let parties: BTreeSet<Party> = members.iter().flat_map(|member| alone.above(*member)).collect();
        let parties: Vec<Party> = parties.into_iter().filter(|party| !members.contains(party)).collect();
        if parties.is_empty() {
            return Self::default();
        }
        let all: Vec<Party> = members.iter().chain(&parties).copied().collect();
        let reached = alone.spread(&all);
        let mut smaller: BTreeMap<Vec<Party>, Reached> = BTreeMap::new();
        let mut may = BTreeMap::new();
        for company in reached.keys().chain(&all).filter(|company| !can(**company).contains_key(company)) {
            let start = alone.without_those(&all, *company);
            let is_all = start.len() == all.len();
            let own = if is_all { None } else { Some(smaller.entry(start.clone())) };
            let reached = own.map_or(&reached, |own| own.or_insert_with(|| alone.spread(&start)));
            let Some(step) = reached.get(company) else { continue };
            let above = alone.ancestors(*company);
            let is_listed = alone.are_several(members, &start, &above);
            if is_listed || alone.has_unlisted(*company, &above) {
                may.insert(*company, Way { is_listed, ..Way::of(reached, *step) });
            }
        }
        Self { parties, reached, may }
    }

    /// Whether the concert may reach a company with somebody who is not listed above a member, because
    /// anybody may control it: with one, or where several members may be anybody's, with any number.
    pub fn may_with_strangers(&self, alone: &Alone<'_>, members: &[Party], company: Party) -> bool {
        /// Of more only all together are tried.
        const EACH: usize = 64;
        let open = members.iter().filter(|member| alone.anybody.has(**member)).count();
        let all: Vec<Party> = members.iter().chain(&self.parties).copied().collect();
        let all = alone.without_those(&all, company);
        let above = alone.ancestors(company);
        // One stranger alone, where nobody else can have a say, needs nobody.
        let has_say = || all.iter().any(|party| above.contains(party));
        if open == 0 || (open == 1 && !has_say() && !alone.has_unlisted(company, &above)) {
            return false;
        }
        let strangers: Vec<Party> = above.iter().copied().filter(|party| !all.contains(party)).collect();
        let strangers = alone.without_those(&strangers, company);
        let reaches = |some: &[Party]| {
            let start: Vec<Party> = all.iter().chain(some).copied().collect();
            alone.spread(&start).contains_key(&company)
        };
        if open == 1 && strangers.len() <= EACH {
            return strangers.iter().any(|one| reaches(&[*one]));
        }
        reaches(&strangers)
    }
}

impl Alone<'_> {
    fn above(&self, company: Party) -> impl Iterator<Item = Party> {
        self.above.get(&company).into_iter().flatten().copied()
    }

    fn spread(&self, start: &[Party]) -> Reached {
        spread(self.field, start, Mode::Can(self.anybody))
    }

    /// These without the company and those who surely control it alone: with them nobody has it jointly.
    fn without_those(&self, parties: &[Party], company: Party) -> Vec<Party> {
        let is_sure =
            |party: &Party| self.must.get(party).is_some_and(|theirs| theirs.contains_key(&company));
        parties.iter().copied().filter(|party| *party != company && !is_sure(party)).collect()
    }

    /// Whether more than one of these has a say above a company, and not only somebody and the one member that
    /// he may control: then he has it alone.
    fn are_several(&self, members: &[Party], start: &[Party], above: &BTreeSet<Party>) -> bool {
        let sides: Vec<Party> = start.iter().copied().filter(|party| above.contains(party)).collect();
        let controls = |party: Party, member: Party| self.above(member).any(|one| one == party);
        let is_one = |head: Party, member: Party| {
            let mut others = members.iter().filter(|other| **other != member);
            !members.contains(&head) && controls(head, member) && !others.any(|other| controls(head, *other))
        };
        match sides[..] {
            [] | [_] => false,
            [one, other] => !is_one(one, other) && !is_one(other, one),
            _ => true,
        }
    }

    /// Whether something of a company, or of one above it, may be anybody's.
    fn has_unlisted(&self, company: Party, above: &BTreeSet<Party>) -> bool {
        let all = [company].into_iter().chain(above.iter().copied());
        all.filter_map(|one| self.field.powers(one)).any(Powers::has_unlisted)
    }

    /// Everybody who has a say above a company.
    fn ancestors(&self, company: Party) -> BTreeSet<Party> {
        let mut above = BTreeSet::new();
        let mut open = vec![company];
        while let Some(one) = open.pop() {
            let holders = self.field.powers(one).map(Powers::parties).unwrap_or_default();
            open.extend(holders.iter().filter(|holder| above.insert(**holder)));
        }
        above
    }
}
