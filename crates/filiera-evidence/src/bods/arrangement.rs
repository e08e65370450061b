use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};

use super::history::Held;
use super::interest::{Becomes, Kind};
use super::parties::PartyFacts;
use super::relationship::Owner;

/// What lasts, of all relationships: seats and agreements have no days of their own.
pub(super) struct Lasting<'a, 's> {
    pub(super) held: Vec<&'a Held<'s>>,
    pub(super) parties: &'a BTreeMap<&'s str, &'s PartyFacts>,
}

impl Lasting<'_, '_> {
    fn facts(&self, record: &str) -> Option<&PartyFacts> {
        self.parties.get(record).copied()
    }

    /// Seats on boards and in the management, each with who stands behind it: of entities where that is
    /// known of some seat, because statements list only those seats that matter for ownership.
    pub(super) fn seats(&self, gather: &mut Gather<'_>) {
        let seats = self.held.iter().filter(|held| held.interest.kind.becomes() == Becomes::Seat);
        let seats: Vec<&&Held<'_>> = seats.collect();
        let nominated = |held: &&&&Held<'_>| match &held.relationship.owner {
            Owner::Record(holder) => self.nominator(holder).is_some(),
            Owner::Unspecified(_) => false,
        };
        let with_nominees: BTreeSet<&str> =
            seats.iter().filter(nominated).map(|held| &*held.relationship.subject).collect();
        for held in seats {
            let Owner::Record(holder) = &held.relationship.owner else { continue };
            if !with_nominees.contains(&*held.relationship.subject) {
                gather.note(&spot(held), "seat of which nobody says who appoints to it, not read", holder);
                continue;
            }
            let mut cells = Cells::new();
            put(&mut cells, "company", Some(&*held.relationship.subject));
            put(&mut cells, "seat", Some(&**holder));
            put(&mut cells, "appointed_by", self.nominator(holder));
            put(&mut cells, "role", Some(held.interest.kind.code()));
            put(&mut cells, "valid_from", Some(held.from.to_string()));
            gather.row(TableKind::Appointments, &spot(held), cells);
        }
    }

    /// The one who gives a nomination its instructions, if it is only one.
    fn nominator(&self, holder: &str) -> Option<&str> {
        if !self.facts(holder)?.is_nomination() {
            return None;
        }
        let of_holder = |held: &&&Held<'_>| {
            held.interest.kind == Kind::Nominator && *held.relationship.subject == *holder
        };
        let mut nominators: BTreeSet<&str> = BTreeSet::new();
        for held in self.held.iter().filter(of_holder) {
            if let Owner::Record(nominator) = &held.relationship.owner {
                nominators.insert(nominator);
            }
        }
        nominators.first().copied().filter(|_| nominators.len() == 1)
    }

    /// Parties of one arrangement that is neither trust nor nomination hold what it holds together.
    pub(super) fn agreements(&self, gather: &mut Gather<'_>) {
        let mut members: BTreeMap<&str, BTreeMap<&str, &Held<'_>>> = BTreeMap::new();
        for held in &self.held {
            let subject = &*held.relationship.subject;
            let joins = self.facts(subject).is_some_and(is_joint);
            if let (true, Owner::Record(member)) = (joins, &held.relationship.owner) {
                members.entry(subject).or_default().entry(member).or_insert(held);
            }
        }
        for (agreement, members) in members.iter().filter(|(_, members)| members.len() > 1) {
            for (member, held) in members {
                let mut cells = Cells::new();
                put(&mut cells, "member", Some(*member));
                put(&mut cells, "agreement", Some(*agreement));
                gather.row(TableKind::Agreements, &spot(held), cells);
            }
        }
    }
}

fn is_joint(facts: &PartyFacts) -> bool {
    facts.is_arrangement() && !facts.is_nomination() && !facts.is_trust()
}

fn spot(held: &Held<'_>) -> Spot {
    Spot { row: held.head.row, pointer: held.head.id.to_string() }
}
