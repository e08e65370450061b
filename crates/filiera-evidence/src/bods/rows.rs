use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Day;
use filiera_tables::TableKind;

use crate::gather::{Gather, Spot, Wrong};
use crate::imported::ColumnBuilder;

use super::arrangement::Roles;
use super::history::{Held, Version, states};
use super::interest::{Becomes, Interest, Kind};
use super::parties::PartyFacts;
use super::relationship::{Owner, Relationship};
use super::share::Share;
use super::statement::{Details, Head, Statement};

/// Fills the tables from all statements of a file.
pub(super) fn fill(statements: Vec<Statement>, file: &str, gather: &mut Gather<'_>) {
    let statements = once_each(statements, gather);
    let parties = latest_parties(&statements);
    let held = all_states(&statements);
    let facts: BTreeMap<&str, &PartyFacts> =
        parties.iter().map(|(record, (_, facts))| (*record, *facts)).collect();
    let (primaries, boards) = (primaries(&statements), boards(&statements));
    let ground = Ground { file, primaries, boards, divided: divided(&held), facts };
    companies(&statements, &parties, &held, gather);
    interests(&held, &ground, gather);
    let roles = Roles { held: &held, parties: &ground.facts };
    roles.seats(gather);
    roles.agreements(gather);
}

/// Statements whose id another one has are left out: the same again, or a fault.
fn once_each(statements: Vec<Statement>, gather: &mut Gather<'_>) -> Vec<Statement> {
    let mut seen: BTreeMap<Box<str>, (u64, u32)> = BTreeMap::new();
    let mut kept = Vec::with_capacity(statements.len());
    for statement in statements {
        let Head { row, id, content, .. } = &statement.head;
        match seen.get(id) {
            None => {
                seen.insert(id.clone(), (*content, *row));
                kept.push(statement);
            }
            Some((same, _)) if same == content => {
                gather.note(&Spot { row: *row, pointer: id.to_string() }, "statement repeated", "");
            }
            Some((_, first)) => {
                let message = format!("statement `{id}` is another one in entry {first}");
                let remedy = "give every statement an id of its own";
                let spot = Spot { row: *row, pointer: "statementId".to_owned() };
                gather.fault(&spot, Wrong { code: "bods/statement-twice", message, remedy });
            }
        }
    }
    kept
}

type Parties<'s> = BTreeMap<&'s str, (&'s Head, &'s PartyFacts)>;

/// What the last statement about each entity and person says.
fn latest_parties(statements: &[Statement]) -> Parties<'_> {
    let mut latest: Parties<'_> = BTreeMap::new();
    for Statement { head, details } in statements {
        let Details::Party(facts) = details else { continue };
        let newer = |known: &Head| (known.moment, known.row) < (head.moment, head.row);
        if latest.get(&*head.record).is_none_or(|(known, _)| newer(known)) {
            latest.insert(&head.record, (head, facts));
        }
    }
    latest
}

fn relationships(statements: &[Statement]) -> impl Iterator<Item = (&Head, &Relationship)> {
    statements.iter().filter_map(|Statement { head, details }| match details {
        Details::Relationship(relationship) => Some((head, relationship)),
        Details::Party(_) => None,
    })
}

/// The states of every relationship, in the order of the statements.
fn all_states(statements: &[Statement]) -> Vec<Held<'_>> {
    let beside = begins(statements);
    let mut versions: Vec<Version<'_>> = relationships(statements)
        .map(|(head, relationship)| {
            let begins_beside = beside.get(&(head.declaration, &*relationship.subject)).copied();
            Version { head, relationship, begins_beside }
        })
        .collect();
    versions.sort_by_key(|version| (&*version.head.record, version.head.moment, version.head.row));
    let mut held: Vec<Held<'_>> =
        versions.chunk_by(|one, next| one.head.record == next.head.record).flat_map(states).collect();
    held.sort_by_key(|held| held.head.row);
    held
}

/// The newest day on which each declaration lets an interest begin, by entity.
fn begins(statements: &[Statement]) -> BTreeMap<(u64, &str), Day> {
    let mut begins: BTreeMap<(u64, &str), Day> = BTreeMap::new();
    for (head, relationship) in relationships(statements).filter(|(head, _)| !head.closes) {
        let starts = relationship.interests.iter().filter_map(|interest| interest.start);
        if let Some(newest) = starts.filter(|start| *start <= head.day).max() {
            let known = begins.entry((head.declaration, &relationship.subject)).or_insert(newest);
            *known = newest.max(*known);
        }
    }
    begins
}

/// What an indirect relationship is about, by the records that are its components.
fn primaries(statements: &[Statement]) -> BTreeMap<&str, &'static str> {
    let mut primaries = BTreeMap::new();
    for (_, relationship) in relationships(statements) {
        let kinds = relationship.interests.iter().filter(|interest| !interest.kind.is_unknown());
        let kind = kinds.map(|interest| interest.kind.becomes()).find_map(|becomes| match becomes {
            Becomes::Row(kind) | Becomes::Deciding(kind) => Some(kind),
            Becomes::Seat | Becomes::Nothing => None,
        });
        for component in &relationship.components {
            primaries.extend(kind.map(|kind| (&**component, kind)));
        }
    }
    primaries
}

/// The records of seats on a board, each with the entity whose board it is.
fn boards(statements: &[Statement]) -> BTreeSet<(&str, &str)> {
    let seats = relationships(statements)
        .filter(|(_, relationship)| relationship.interests.iter().any(|interest| interest.kind.is_board()));
    seats.map(|(head, relationship)| (&*head.record, &*relationship.subject)).collect()
}

/// The entities that are divided into shares.
fn divided<'s>(held: &[Held<'s>]) -> BTreeSet<&'s str> {
    let shares = held.iter().filter(|held| held.interest.kind == Kind::Shareholding);
    shares.map(|held| &*held.relationship.subject).collect()
}

/// The id under which somebody unnamed stands in the tables.
fn unspecified(head: &Head) -> String {
    format!("unspecified:{}", head.record)
}

const COMPANY: [&str; 9] =
    ["company", "name", "country", "listed", "identifier", "person", "type", "nationalities", "reason"];

/// A row per party and further identifier; then one per owner whom a statement does not name.
fn companies(statements: &[Statement], parties: &Parties<'_>, held: &[Held<'_>], gather: &mut Gather<'_>) {
    let mut rows = ColumnBuilder::new(&COMPANY);
    for Statement { head, .. } in statements {
        let latest = parties.get(&*head.record).filter(|(latest, _)| latest.row == head.row);
        if let Some((_, facts)) = latest {
            company(head, facts, &mut rows);
        }
    }
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for held in held {
        if let Owner::Unspecified(reason) = &held.relationship.owner
            && named.insert(&held.head.record)
        {
            let (id, kind) = (unspecified(held.head), Some("unspecified"));
            let name = Some(in_words(reason));
            let cells = [Some(&*id), name, None, None, None, None, kind, None, Some(&**reason)];
            rows.push(held.head.row, &cells);
        }
    }
    add(TableKind::Companies, rows, gather);
}

fn company(head: &Head, facts: &PartyFacts, rows: &mut ColumnBuilder) {
    let country = facts.country.map(|country| country.alpha2());
    let truth = |truth: bool| if truth { "true" } else { "false" };
    let cells = [
        Some(&*head.record),
        facts.name.as_deref(),
        country,
        facts.listed.map(truth),
        facts.identifiers.first().map(|one| &**one),
        facts.is_end().map(truth),
        Some(&*facts.kind),
        facts.nationalities.as_deref(),
        facts.reason.as_deref(),
    ];
    rows.push(head.row, &cells);
    for identifier in facts.identifiers.iter().skip(1) {
        rows.push(head.row, &[Some(&*head.record), None, None, None, Some(&**identifier)]);
    }
}

/// Why an owner is not named, as a name for it.
fn in_words(reason: &str) -> &'static str {
    match reason {
        "noBeneficialOwners" => "nobody who must be declared",
        "subjectUnableToConfirmOrIdentifyBeneficialOwner" => "owner whom the company cannot name",
        "interestedPartyHasNotProvidedInformation" => "owner who has not answered",
        "subjectExemptFromDisclosure" => "owner not declared, the company is exempt",
        "interestedPartyExemptFromDisclosure" => "owner exempt from being named",
        "informationUnknownToPublisher" => "owner whom the publisher does not know",
        _ => "unknown owner",
    }
}

fn add(table: TableKind, rows: ColumnBuilder, gather: &mut Gather<'_>) {
    let rows = rows.finish();
    if !rows.is_empty() {
        gather.imported().columns.insert(table, rows);
    }
}

/// What a row of `interests` depends on beside its own statement.
struct Ground<'s> {
    file: &'s str,
    primaries: BTreeMap<&'s str, &'static str>,
    boards: BTreeSet<(&'s str, &'s str)>,
    divided: BTreeSet<&'s str>,
    facts: BTreeMap<&'s str, &'s PartyFacts>,
}

const INTEREST: [&str; 15] = [
    "owner",
    "company",
    "kind",
    "share",
    "share_min",
    "share_max",
    "min_open",
    "max_open",
    "direct",
    "valid_from",
    "valid_to",
    "document",
    "interest",
    "reason",
    "statement",
];

fn interests(held: &[Held<'_>], ground: &Ground<'_>, gather: &mut Gather<'_>) {
    let mut rows = ColumnBuilder::new(&INTEREST);
    for held in held {
        if let Some((kind, share)) = ground.becomes(held, gather) {
            ground.interest(held, kind, &share, &mut rows);
        }
    }
    add(TableKind::Interests, rows, gather);
}

impl Ground<'_> {
    /// The kind of the row and the share in it; nothing where the interest is no row.
    fn becomes(&self, held: &Held<'_>, gather: &mut Gather<'_>) -> Option<(&'static str, Share)> {
        let Interest { kind, share, .. } = held.interest;
        let mut note = |text: &str| {
            gather.note(&Spot { row: held.head.row, pointer: held.head.id.to_string() }, text, kind.code());
        };
        let subject = &*held.relationship.subject;
        if *kind == Kind::SurplusAssets && self.divided.contains(subject) {
            note("right to surplus assets beside shares, not added to them");
            return None;
        }
        if kind.is_unknown() {
            note("interest of an unknown kind, taken as shares or as what it is a component of");
            let kind = self.primaries.get(&*held.head.record).copied().unwrap_or("shares");
            return Some((kind, held.interest.kind.weight(share)));
        }
        let nominates =
            *kind == Kind::Nominator && self.facts.get(subject).is_some_and(|f| f.is_nomination());
        match kind.becomes() {
            Becomes::Row(_) if self.is_by_seats(held) => Some(("board", Share::more_than_half())),
            Becomes::Row(kind) if !nominates => Some((kind, self.own(held, share))),
            Becomes::Row(kind) | Becomes::Deciding(kind) if share.is_unknown() => {
                Some((kind, Share::more_than_half()))
            }
            Becomes::Row(kind) | Becomes::Deciding(kind) => Some((kind, share.clone())),
            Becomes::Seat => None,
            Becomes::Nothing => {
                note("neither a part nor a say, no interest");
                None
            }
        }
    }

    /// Whether it is stated that somebody decides by way of seats on the board: influence or control that
    /// makes its holder a beneficial owner, and that comes from seats. That a seat itself is one of several
    /// interests of a beneficial owner does not say so.
    fn is_by_seats(&self, held: &Held<'_>) -> bool {
        let Interest { kind, share, is_beneficial, .. } = held.interest;
        let subject = &*held.relationship.subject;
        let mut from = held.relationship.components.iter();
        *kind == Kind::OtherInfluence
            && *is_beneficial
            && share.is_unknown()
            && from.any(|record| self.boards.contains(&(&**record, subject)))
    }

    /// The weight, which may be nothing where its holder is also said to hold for somebody else.
    fn own(&self, held: &Held<'_>, share: &Share) -> Share {
        let is_nominee = held.relationship.interests.iter().any(|one| one.kind == Kind::Nominee);
        let share = held.interest.kind.weight(share);
        if is_nominee { share.or_nothing() } else { share }
    }

    fn interest(&self, held: &Held<'_>, kind: &str, share: &Share, rows: &mut ColumnBuilder) {
        let placeholder;
        let (owner, reason) = match &held.relationship.owner {
            Owner::Record(record) => {
                (&**record, self.facts.get(&**record).and_then(|facts| facts.reason.as_deref()))
            }
            Owner::Unspecified(reason) => {
                placeholder = unspecified(held.head);
                (placeholder.as_str(), Some(&**reason))
            }
        };
        let (from, to) = (held.from.to_string(), held.to.map(|to| to.to_string()));
        let direct = held.interest.direct.map(|direct| if direct { "true" } else { "false" });
        let cells = [
            Some(owner),
            Some(&*held.relationship.subject),
            Some(kind),
            share.exact.as_deref(),
            share.least.as_deref(),
            share.most.as_deref(),
            share.least_open.then_some("true"),
            share.most_open.then_some("true"),
            direct,
            Some(&*from),
            to.as_deref(),
            Some(held.head.publisher.as_deref().unwrap_or(self.file)),
            Some(held.interest.kind.code()),
            reason,
            Some(&*held.head.id),
        ];
        rows.push(held.head.row, &cells);
    }
}
