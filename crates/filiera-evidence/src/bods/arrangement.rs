use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Day;
use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};

use super::history::Held;
use super::interest::{Becomes, Kind};
use super::parties::PartyFacts;
use super::relationship::Owner;

/// Seats and agreements, from day to day.
pub(super) struct Roles<'a, 's> {
    pub(super) held: &'a [Held<'s>],
    pub(super) parties: &'a BTreeMap<&'s str, &'s PartyFacts>,
}

/// Who appoints to a seat, from the first to the last of these days; nobody: that is not said.
type Term<'a> = (Option<&'a str>, Day, Option<Day>);

/// What somebody holds in an arrangement, by its first and last day.
type Terms<'a, 's> = BTreeMap<(Day, Option<Day>), &'a Held<'s>>;

impl Roles<'_, '_> {
    fn facts(&self, record: &str) -> Option<&PartyFacts> {
        self.parties.get(record).copied()
    }

    /// Seats on boards and in the management, each with who stands behind it: of entities where that is
    /// known of some seat, because statements list only those seats that matter for ownership.
    pub(super) fn seats(&self, gather: &mut Gather<'_>) {
        let seats: Vec<(&Held<'_>, &str)> = self.held.iter().filter_map(seat).collect();
        let nominated = seats.iter().filter(|(_, holder)| self.nominators(holder).next().is_some());
        let with_nominees: BTreeSet<&str> = nominated.map(|(held, _)| &*held.relationship.subject).collect();
        for (held, holder) in seats {
            if !with_nominees.contains(&*held.relationship.subject) {
                gather.note(&spot(held), "seat of which nobody says who appoints to it, not read", holder);
                continue;
            }
            for (by, from, to) in self.terms(held, holder) {
                let mut cells = Cells::new();
                put(&mut cells, "company", Some(&*held.relationship.subject));
                put(&mut cells, "seat", Some(holder));
                put(&mut cells, "appointed_by", by);
                put(&mut cells, "role", Some(held.interest.kind.code()));
                put(&mut cells, "valid_from", Some(from.to_string()));
                put(&mut cells, "valid_to", to.map(|to| to.to_string()));
                gather.row(TableKind::Appointments, &spot(held), cells);
            }
        }
    }

    /// The time of a seat, divided by who gives its holder instructions.
    fn terms<'t>(&'t self, seat: &Held<'_>, holder: &str) -> Vec<Term<'t>> {
        let mut terms: Vec<Term<'t>> = Vec::new();
        for (held, nominator) in self.nominators(holder) {
            let (from, to) = (held.from.max(seat.from), [held.to, seat.to].into_iter().flatten().min());
            if to.is_none_or(|to| from <= to) {
                terms.push((Some(nominator), from, to));
            }
        }
        terms.sort_by_key(|(_, from, _)| *from);
        let mut gaps: Vec<Term<'t>> = Vec::new();
        let mut next = Some(seat.from);
        for (_, from, to) in &terms {
            let Some(first) = next else { break };
            if first < *from {
                gaps.push((None, first, Some(from.previous())));
            }
            next = to.map(|to| first.max(to.next()));
        }
        let left = next.filter(|first| seat.to.is_none_or(|to| *first <= to));
        terms.into_iter().chain(gaps).chain(left.map(|first| (None, first, seat.to))).collect()
    }

    /// Those who give a nomination its instructions, each with when.
    fn nominators<'t>(&'t self, holder: &str) -> impl Iterator<Item = (&'t Held<'t>, &'t str)> {
        let is_nomination = self.facts(holder).is_some_and(PartyFacts::is_nomination);
        let all = self.held.iter().filter(move |_| is_nomination);
        all.filter(move |held| held.interest.kind == Kind::Nominator && *held.relationship.subject == *holder)
            .filter_map(|held| Some((held, record(held)?)))
    }

    /// Parties of one arrangement that is neither trust nor nomination hold what it holds together.
    pub(super) fn agreements(&self, gather: &mut Gather<'_>) {
        let mut members: BTreeMap<&str, BTreeMap<&str, Terms<'_, '_>>> = BTreeMap::new();
        for held in self.held {
            let subject = &*held.relationship.subject;
            let joins = self.facts(subject).is_some_and(is_joint);
            if let (true, Some(member)) = (joins, record(held)) {
                let terms = members.entry(subject).or_default().entry(member).or_default();
                terms.entry((held.from, held.to)).or_insert(held);
            }
        }
        for (agreement, members) in members.iter().filter(|(_, members)| members.len() > 1) {
            for (member, held) in
                members.iter().flat_map(|(one, terms)| terms.values().map(move |held| (one, held)))
            {
                let mut cells = Cells::new();
                put(&mut cells, "member", Some(*member));
                put(&mut cells, "agreement", Some(*agreement));
                put(&mut cells, "valid_from", Some(held.from.to_string()));
                put(&mut cells, "valid_to", held.to.map(|to| to.to_string()));
                gather.row(TableKind::Agreements, &spot(held), cells);
            }
        }
    }
}

/// The owner, where it has a record.
fn record<'a>(held: &'a Held<'_>) -> Option<&'a str> {
    match &held.relationship.owner {
        Owner::Record(record) => Some(record),
        Owner::Unspecified(_) => None,
    }
}

/// A seat and its holder, where the interest is one.
fn seat<'a, 's>(held: &'a Held<'s>) -> Option<(&'a Held<'s>, &'a str)> {
    let holder = record(held)?;
    (held.interest.kind.becomes() == Becomes::Seat).then_some((held, holder))
}

fn is_joint(facts: &PartyFacts) -> bool {
    facts.is_arrangement() && !facts.is_nomination() && !facts.is_trust()
}

fn spot(held: &Held<'_>) -> Spot {
    Spot { row: held.head.row, pointer: held.head.id.to_string() }
}
