use std::cell::OnceCell;
use std::collections::BTreeMap;

use filiera_model::{Bounds, Mark};

use crate::coalition::{Anybody, Coalition};
use crate::control::{mark, through};
use crate::field::Field;
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
}

/// A concert before one company.
struct Together<'a> {
    concert: &'a Concert,
    company: Party,
    /// Whether they reach it, all together.
    reached: Mark,
    /// Which of them do alone.
    alone: Alone,
}

/// How many members reach a company alone, surely and perhaps.
#[derive(Default)]
struct Alone {
    yes: usize,
    maybe: usize,
}

impl Concert {
    /// The agreements with at least two members.
    pub fn all(snapshot: &Snapshot, field: &Field, anybody: &Anybody) -> Vec<Self> {
        let agreements = snapshot.agreements().filter(|(_, members)| members.len() > 1);
        agreements.map(|(_, members)| Self::of(field, anybody, members)).collect()
    }

    fn of(field: &Field, anybody: &Anybody, all: Vec<(Party, Mark)>) -> Self {
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
        Self { without: without.collect(), holds: all.into_iter().collect(), members, must, can }
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
        self.must.contains_key(&company) || self.can(company).contains_key(&company)
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

impl Alone {
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
        if party == self.company || self.reached == Mark::No {
            return Mark::No;
        }
        let through = |member: Party, theirs: Mark| {
            let holds = self.concert.holds(member);
            let others = self.alone.but(control.mark(member, self.company).and(holds));
            theirs.and(self.reached).and(holds).and(!others)
        };
        let own = through(party, Mark::Yes);
        let below = control.below(party).into_iter().flat_map(|below| self.concert.members_among(below));
        let below = below.filter(|member| *member != party);
        below.map(|member| through(member, control.mark(party, member))).fold(own, Mark::or)
    }
}

impl Control {
    /// Whether a party controls a company jointly: with the others of a concert, none of whom does alone,
    /// as a member or as one who controls a member.
    pub fn jointly(&self, party: Party, company: Party) -> Mark {
        let open = self.may_be_anybody(company);
        let marks = self.concerts.iter().map(|concert| self.together(concert, company, open).of(self, party));
        marks.fold(Mark::No, Mark::or)
    }

    /// The same, with a chain of listed stakes from the concert to the company.
    pub(crate) fn listed_jointly(&self, party: Party, company: Party) -> Mark {
        let concerts = self.concerts.iter().filter(|concert| concert.may_reach(company));
        let marks = concerts.map(|concert| self.together(concert, company, false).of(self, party));
        marks.fold(Mark::No, Mark::or)
    }

    /// `open`: the concert may reach the company, if only because anybody may.
    fn together<'a>(&self, concert: &'a Concert, company: Party, open: bool) -> Together<'a> {
        let can = open || concert.can(company).contains_key(&company);
        let reached = mark(concert.must.contains_key(&company), can).and(!concert.holds(company));
        let mut alone = Alone::default();
        if reached != Mark::No {
            let members = concert.holds.iter().filter(|(member, _)| **member != company);
            members.for_each(|(member, holds)| alone.add(self.mark(*member, company).and(*holds)));
        }
        Together { concert, company, reached, alone }
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
        let [sure, all] = concert.counted(company);
        let surely = Coalition { own: &sure, reached: Some(&concert.must), anybody: None };
        let (reached, anybody) = (Some(concert.can(company)), Some(&self.anybody));
        let possibly = Coalition { own: &all, reached, anybody };
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
        let step = reached.get(&company)?;
        let member =
            concert.members.iter().find(|one| **one != party && self.listed_mark(party, **one) != Mark::No);
        let own_links = u32::from(concert.holds(party) == Mark::No);
        let first = member.filter(|_| own_links > 0).copied();
        Some(Controller {
            party,
            company,
            controls,
            ultimate: self.ultimate(party),
            through: first.into_iter().chain(through(reached, *step)).collect(),
            steps: step.links + own_links,
            votes: votes.clone(),
            by: By::Jointly,
            with: concert.members.iter().copied().filter(|one| *one != party).collect(),
        })
    }
}
