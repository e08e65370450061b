use filiera_model::Mark;

use crate::control::{mark, through};
use crate::field::Field;
use crate::spread::{Mode, Reached, spread};
use crate::{By, Control, Controller, Party, Snapshot};

/// Parties that act in concert, and what they reach together.
#[derive(Clone, Debug)]
pub(crate) struct Concert {
    pub members: Vec<Party>,
    must: Reached,
    can: Reached,
}

impl Concert {
    /// The agreements with at least two members.
    pub fn all(snapshot: &Snapshot, field: &Field, anybody: &Reached) -> Vec<Self> {
        let agreements = snapshot.register().agreements().filter(|(_, members)| members.len() > 1);
        agreements
            .map(|(_, members)| Self {
                members: members.to_vec(),
                must: spread(field, members, Mode::Must),
                can: spread(field, members, Mode::Can(anybody)),
            })
            .collect()
    }
}

impl Control {
    /// Whether a party controls a company jointly: with the others of a concert, none of whom does alone,
    /// as a member or as one who controls a member.
    pub fn jointly(&self, party: Party, company: Party) -> Mark {
        let open = self.may_be_anybody(company);
        let marks = self.concerts.iter().map(|concert| self.jointly_in(concert, party, company, open));
        marks.fold(Mark::No, Mark::or)
    }

    /// The same, with a chain of listed stakes from the concert to the company.
    pub(crate) fn listed_jointly(&self, party: Party, company: Party) -> Mark {
        let marks = self.concerts.iter().map(|concert| self.jointly_in(concert, party, company, false));
        marks.fold(Mark::No, Mark::or)
    }

    /// `open`: the concert may reach the company, if only because anybody may.
    fn jointly_in(&self, concert: &Concert, party: Party, company: Party, open: bool) -> Mark {
        let reached = mark(concert.must.contains_key(&company), open || concert.can.contains_key(&company));
        if party == company || reached == Mark::No || concert.members.contains(&company) {
            return Mark::No;
        }
        let through = concert.members.iter().map(|member| {
            let theirs = if *member == party { Mark::Yes } else { self.listed_mark(party, *member) };
            theirs.and(reached).and(self.alone_among(concert, *member, company))
        });
        through.fold(Mark::No, Mark::or)
    }

    /// Whether no other member reaches the company alone.
    fn alone_among(&self, concert: &Concert, member: Party, company: Party) -> Mark {
        let others = concert.members.iter().filter(|other| **other != member);
        !others.map(|other| self.mark(*other, company)).fold(Mark::No, Mark::or)
    }

    /// Alone, and not only because anybody might.
    fn listed_mark(&self, party: Party, company: Party) -> Mark {
        if self.above(company).contains(&party) { self.mark(party, company) } else { Mark::No }
    }

    /// Everybody who controls a company jointly, or may, and does not surely control it alone.
    pub(crate) fn in_concert(&self, company: Party) -> Vec<Controller> {
        let mut found: Vec<Controller> = Vec::new();
        for concert in &self.concerts {
            for party in self.around(concert) {
                let controls = self.jointly_in(concert, party, company, false);
                let is_known = found.iter().any(|one| one.party == party && one.controls == Mark::Yes);
                if controls == Mark::No || is_known || self.mark(party, company) == Mark::Yes {
                    continue;
                }
                found.retain(|one| one.party != party);
                found.extend(self.joint_controller(concert, party, company, controls));
            }
        }
        found.sort_by_key(|one| one.party);
        found
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
    ) -> Option<Controller> {
        let reached = if controls == Mark::Yes { &concert.must } else { &concert.can };
        let step = reached.get(&company)?;
        let inside = |of: &Reached, one: Party| concert.members.contains(&one) || of.contains_key(&one);
        let possibly = |one: Party| inside(&concert.can, one) || self.may_be_anybody(one);
        let member =
            concert.members.iter().find(|one| **one != party && self.listed_mark(party, **one) != Mark::No);
        let own_links = u32::from(!concert.members.contains(&party));
        let first = member.filter(|_| own_links > 0).copied();
        Some(Controller {
            party,
            company,
            controls,
            ultimate: self.ultimate(party),
            through: first.into_iter().chain(through(reached, *step)).collect(),
            steps: step.links + own_links,
            votes: self.field.votes(company, &|one| inside(&concert.must, one), &possibly, true),
            by: By::Jointly,
            with: concert.members.iter().copied().filter(|one| *one != party).collect(),
        })
    }
}
