use std::cell::OnceCell;
use std::collections::BTreeMap;

use filiera_model::{Bounds, Mark};

use crate::coalition::Coalition;
use crate::control::mark;
use crate::heads::{Alone, Heads, Way};
use crate::spread::{Mode, Reached, spread};
use crate::{By, Control, Controller, Party, Snapshot};

/// Parties that act in concert, and what they reach together.
#[derive(Clone, Debug)]
pub(crate) struct Concert {
    /// In the order of the rows.
    pub members: Vec<Party>,
    /// Whether each of them is one that day, by number.
    holds: BTreeMap<Party, Mark>,
    /// What those reach who surely are, if there are two.
    must: Reached,
    /// What all may reach.
    can: Reached,
    /// What the others may reach without a company that may not be one of them, by that company.
    without: BTreeMap<Party, Reached>,
    /// Those who may control a member.
    heads: Heads,
}

/// A concert before one company.
struct Together<'a> {
    concert: &'a Concert,
    company: Party,
    /// Whether those are asked too who are not listed above a member that may be anybody's.
    strangers: bool,
    /// Whether they reach it, all together.
    reached: Mark,
    /// Whether they may do so with those who control one of them.
    beside: bool,
    /// Which of them do alone.
    alone: Count,
}

/// How many members reach a company alone, surely and perhaps.
#[derive(Default)]
struct Count {
    yes: usize,
    maybe: usize,
}

impl Concert {
    /// The agreements with at least two members.
    pub fn all(snapshot: &Snapshot, alone: &Alone<'_>) -> Vec<Self> {
        let agreements = snapshot.agreements().filter(|(_, members)| members.len() > 1);
        agreements.map(|(_, members)| Self::of(alone, members)).collect()
    }

    fn of(alone: &Alone<'_>, all: Vec<(Party, Mark)>) -> Self {
        let Alone { field, anybody, .. } = *alone;
        let members: Vec<Party> = all.iter().map(|(party, _)| *party).collect();
        let sure: Vec<Party> =
            all.iter().filter(|(_, holds)| *holds == Mark::Yes).map(|(party, _)| *party).collect();
        let must = if sure.len() > 1 { spread(field, &sure, Mode::Must) } else { Reached::new() };
        let can = spread(field, &members, Mode::Can(anybody));
        let perhaps = all.iter().filter(|(_, holds)| *holds == Mark::Maybe).map(|(party, _)| *party);
        let perhaps = perhaps.filter(|party| members.len() > 2 && field.powers(*party).is_some());
        let without = perhaps.map(|party| {
            let others: Vec<Party> = members.iter().copied().filter(|other| *other != party).collect();
            (party, spread(field, &others, Mode::Can(anybody)))
        });
        let without: BTreeMap<Party, Reached> = without.collect();
        let heads = Heads::of(alone, &members, |company| without.get(&company).unwrap_or(&can));
        Self { without, holds: all.into_iter().collect(), members, must, can, heads }
    }

    /// Whether a party is a member.
    fn holds(&self, party: Party) -> Mark {
        self.holds.get(&party).copied().unwrap_or(Mark::No)
    }

    /// What it may reach, where one company is asked about.
    fn can(&self, company: Party) -> &Reached {
        self.without.get(&company).unwrap_or(&self.can)
    }

    /// Whether a chain of listed stakes may lead from it to a company.
    pub fn may_reach(&self, company: Party) -> bool {
        let listed = self.must.contains_key(&company) || self.can(company).contains_key(&company);
        listed || self.may_reach_beside(company)
    }

    /// Whether a chain of listed stakes may lead to a company from it and those who control a member.
    fn may_reach_beside(&self, company: Party) -> bool {
        self.heads.may.get(&company).is_some_and(|way| way.is_listed)
    }

    /// Who counts for it before a company at least, and at most.
    fn counted(&self, company: Party) -> [Vec<Party>; 2] {
        let others = || self.members.iter().copied().filter(|member| *member != company);
        [others().filter(|member| self.holds(*member) == Mark::Yes).collect(), others().collect()]
    }

    /// The members among these or, if they are fewer, the members.
    fn members_among<'a>(&'a self, below: &'a Reached) -> impl Iterator<Item = Party> + 'a {
        let few = below.len() < self.holds.len();
        let among = below.keys().filter(move |party| few && self.holds.contains_key(party));
        among.chain(self.holds.keys().filter(move |party| !few && below.contains_key(party))).copied()
    }
}

impl Count {
    fn add(&mut self, mark: Mark) {
        self.yes += usize::from(mark == Mark::Yes);
        self.maybe += usize::from(mark == Mark::Maybe);
    }

    /// Whether another one does than a member of whom this is known.
    fn but(&self, own: Mark) -> Mark {
        if self.yes > usize::from(own == Mark::Yes) {
            return Mark::Yes;
        }
        if self.maybe > usize::from(own == Mark::Maybe) { Mark::Maybe } else { Mark::No }
    }
}

impl Together<'_> {
    /// Whether a party reaches the company as one of them, or as one who controls one of them, while no
    /// other member does alone.
    fn of(&self, control: &Control, party: Party) -> Mark {
        if party == self.company || (self.reached == Mark::No && !self.beside) {
            return Mark::No;
        }
        let through = |member: Party, theirs: Mark| {
            let holds = self.concert.holds(member);
            let others = self.alone.but(control.mark(member, self.company).and(holds));
            theirs.and(self.reached).and(holds).and(!others)
        };
        let own = through(party, Mark::Yes);
        let below = self.below(control, party);
        let bound = below.iter().map(|member| through(*member, control.mark(party, *member)));
        let bound = bound.fold(own, Mark::or);
        let is_one =
            self.concert.holds(party) != Mark::No || below.iter().any(|member| *member != self.company);
        let beside = self.beside && self.alone.yes == 0 && is_one;
        bound.or(if beside { Mark::Maybe } else { Mark::No })
    }

    /// The other members that a party may control.
    fn below(&self, control: &Control, party: Party) -> Vec<Party> {
        let listed = control.below(party).into_iter().flat_map(|below| self.concert.members_among(below));
        let open = self.concert.members.iter().copied().filter(|member| control.may_be_anybody(*member));
        let all = listed.chain(open.filter(|_| self.strangers));
        all.filter(|member| *member != party).collect()
    }
}

impl Control {
    /// Whether a party controls a company jointly: with the others of a concert, none of whom does alone,
    /// as a member or as one who controls a member.
    pub fn jointly(&self, party: Party, company: Party) -> Mark {
        let marks = self.concerts.iter().map(|concert| self.together(concert, company, true).of(self, party));
        marks.fold(Mark::No, Mark::or)
    }

    /// The same, with a chain of listed stakes from the concert to the company.
    pub(crate) fn listed_jointly(&self, party: Party, company: Party) -> Mark {
        let concerts = self.concerts.iter().filter(|concert| concert.may_reach(company));
        let marks = concerts.map(|concert| self.together(concert, company, false).of(self, party));
        marks.fold(Mark::No, Mark::or)
    }

    /// `strangers`: with what is possible only because a company, or a member, may be anybody's.
    fn together<'a>(&self, concert: &'a Concert, company: Party, strangers: bool) -> Together<'a> {
        let open = strangers && self.may_be_anybody(company);
        let can = open || concert.can(company).contains_key(&company);
        let reached = mark(concert.must.contains_key(&company), can).and(!concert.holds(company));
        let beside = concert.holds(company) != Mark::Yes && !can && {
            let with_strangers = || self.with_strangers(concert, company);
            let may = concert.heads.may.contains_key(&company);
            concert.may_reach_beside(company) || (strangers && (may || with_strangers()))
        };
        let mut alone = Count::default();
        if reached != Mark::No || beside {
            let members = concert.holds.iter().filter(|(member, _)| **member != company);
            members.for_each(|(member, holds)| alone.add(self.mark(*member, company).and(*holds)));
        }
        Together { concert, company, strangers, reached, beside, alone }
    }

    /// Whether a concert may reach a company only with those who control one of its members.
    pub(crate) fn is_beside(&self, company: Party) -> bool {
        self.concerts.iter().any(|concert| concert.may_reach_beside(company))
    }

    fn with_strangers(&self, concert: &Concert, company: Party) -> bool {
        concert.heads.may_with_strangers(&self.alone_all(), &concert.members, company)
    }

    /// Alone, and not only because anybody might.
    fn listed_mark(&self, party: Party, company: Party) -> Mark {
        if self.above(company).binary_search(&party).is_ok() { self.mark(party, company) } else { Mark::No }
    }

    /// Everybody who controls a company jointly, or may, and does not surely control it alone.
    pub(crate) fn in_concert(&self, company: Party) -> Vec<Controller> {
        let mut found: BTreeMap<Party, Controller> = BTreeMap::new();
        for concert in self.concerts.iter().filter(|concert| concert.may_reach(company)) {
            let together = self.together(concert, company, false);
            let votes = OnceCell::new();
            for party in self.around(concert) {
                let controls = together.of(self, party);
                let is_known = found.get(&party).is_some_and(|one| one.controls == Mark::Yes);
                if controls == Mark::No || is_known || self.mark(party, company) == Mark::Yes {
                    continue;
                }
                found.remove(&party);
                let votes = votes.get_or_init(|| self.votes_together(concert, company));
                let one = self.joint_controller(concert, party, company, controls, votes);
                found.extend(one.map(|one| (party, one)));
            }
        }
        found.into_values().collect()
    }

    fn votes_together(&self, concert: &Concert, company: Party) -> Bounds {
        let [sure, mut all] = concert.counted(company);
        let surely = Coalition { own: &sure, reached: Some(&concert.must), anybody: None };
        let mut reached = concert.can(company);
        if concert.may_reach_beside(company) {
            all.extend(concert.heads.parties.iter().copied().filter(|party| *party != company));
            reached = &concert.heads.reached;
        }
        let possibly = Coalition { own: &all, reached: Some(reached), anybody: Some(&self.anybody) };
        self.field.votes(company, &surely, &possibly, true)
    }

    /// The members of a concert and those who may control one of them.
    fn around(&self, concert: &Concert) -> Vec<Party> {
        let above = concert.members.iter().flat_map(|member| self.above(*member).iter().copied());
        let mut parties: Vec<Party> = concert.members.iter().copied().chain(above).collect();
        parties.sort_unstable();
        parties.dedup();
        parties
    }

    fn joint_controller(
        &self,
        concert: &Concert,
        party: Party,
        company: Party,
        controls: Mark,
        votes: &Bounds,
    ) -> Option<Controller> {
        let reached = if controls == Mark::Yes { &concert.must } else { concert.can(company) };
        let way = reached.get(&company).map(|step| Way::of(reached, *step));
        let beside = if way.is_none() { &concert.heads.parties[..] } else { &[] };
        let way = way.or_else(|| concert.heads.may.get(&company).cloned())?;
        let member =
            concert.members.iter().find(|one| **one != party && self.listed_mark(party, **one) != Mark::No);
        let own_links = u32::from(concert.holds(party) == Mark::No);
        let first = member.filter(|_| own_links > 0).copied();
        Some(Controller {
            party,
            company,
            controls,
            ultimate: self.ultimate(party),
            through: first.into_iter().chain(way.through).collect(),
            steps: way.links + own_links,
            votes: votes.clone(),
            by: By::Jointly,
            with: concert.members.iter().chain(beside).copied().filter(|one| *one != party).collect(),
        })
    }
}
