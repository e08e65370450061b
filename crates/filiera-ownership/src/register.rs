use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_model::{Country, Day, Days, Exact, Mark};
use filiera_tables::{Completeness, Dossier, Population, SetAside, Table, TableKind};

use crate::party::Parties;
use crate::statements::{Statements, in_force, turns};
use crate::{Conflict, Party, Remark, Snapshot};

/// What `companies` says of one party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyFacts {
    /// The name.
    pub name: Option<String>,
    /// The country of its seat; nothing when merged ids disagree.
    pub country: Option<Country>,
    /// Whether its shares are traded on a market; nothing when rows disagree.
    pub listed: Option<bool>,
    /// Whether it is a natural person or a state, whom nobody owns: as stated, or as the `type` that
    /// outside formats give; nothing when rows disagree.
    pub person: Option<bool>,
    /// Why it stands for somebody who is not named, where it does: outside formats give parties a `type`
    /// and these a `reason`. It may be anybody, named elsewhere or not. What the code means:
    /// [`crate::Reason::of`].
    pub unnamed: Option<String>,
    /// Whether it is a nomination: a nominee who stands in the papers for a nominator, whose instructions
    /// it follows.
    pub nomination: bool,
    /// The greatest part of all votes that one holder may cast; of several the least.
    pub vote_cap: Option<Exact>,
    /// The rows of `companies`, counted from 0.
    pub rows: Vec<u32>,
}

/// Of every seat of a board who may have appointed it; nothing: somebody who is not named.
pub(crate) type Seats = BTreeMap<String, Vec<Option<Party>>>;

/// Every statement of who holds what, of all days, parties numbered and duplicates merged.
///
/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Register(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    parties: Parties,
    statements: Statements,
    companies: BTreeMap<Party, CompanyFacts>,
    agreements: BTreeMap<String, Vec<Member>>,
    seats: BTreeMap<Party, Vec<Seat>>,
    /// Whether a seat was set aside of which nobody can tell in which board it is.
    lost_seats: bool,
    complete: BTreeMap<Population, Complete>,
    remarks: Vec<Remark>,
    conflicts: Vec<Conflict>,
}

/// For whom a population is declared complete.
#[derive(Debug)]
enum Complete {
    All,
    Of(BTreeSet<Party>),
}

impl Complete {
    fn of(declared: &Completeness, parties: &Parties) -> Self {
        let subjects = declared.subjects.as_ref();
        subjects.map_or(Self::All, |all| Self::Of(all.iter().filter_map(|one| parties.get(one)).collect()))
    }
}

impl Register {
    /// The register in the tables `companies`, `interests`, `appointments` and `agreements` of a dossier;
    /// a missing table is an empty one.
    ///
    /// Parties are one only where `companies` gives them an equal identifier, never by name. A row of
    /// `interests` that was set aside counts as a stake of unknown size.
    pub fn read(dossier: &Dossier) -> Self {
        let companies = dossier.table(TableKind::Companies);
        let agreements = dossier.table(TableKind::Agreements);
        let interests = dossier.table(TableKind::Interests);
        let mut parties = Parties::of(all_ids(dossier));
        let remarks = companies.map(|table| merge(&mut parties, table)).unwrap_or_default();
        let complete = |declared: &Completeness| Complete::of(declared, &parties);
        let complete = dossier.complete.iter().map(|(of, declared)| (*of, complete(declared))).collect();
        let mut inner = Inner { remarks, complete, ..Inner::default() };
        inner.statements = Statements::read(interests, &dossier.set_aside, &parties);
        inner.conflicts.extend(inner.statements.impossible());
        if let Some(table) = companies {
            let (facts, conflicts) = facts(&parties, table);
            inner.companies = facts;
            inner.conflicts.extend(conflicts);
        }
        if let Some(table) = interests {
            unspecified(&parties, table, &mut inner.companies);
        }
        inner.agreements = members(&parties, agreements, &dossier.set_aside);
        inner.seats = seats(&parties, dossier);
        inner.lost_seats = dossier.set_aside.iter().any(|row| is_lost_seat(&parties, row));
        inner.parties = parties;
        Self(Arc::new(inner))
    }

    /// How many numbers parties have: one more than the greatest.
    pub fn len(&self) -> usize {
        self.0.parties.len()
    }

    /// Whether there is no party.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The party that an id stands for, merged ids included.
    pub fn party(&self, id: &str) -> Option<Party> {
        self.0.parties.get(id)
    }

    /// The id of a party; empty when the register has no such party.
    pub fn name(&self, party: Party) -> &str {
        self.0.parties.id(party)
    }

    /// All parties, in the order of their ids; what was merged away is not among them.
    pub fn parties(&self) -> impl Iterator<Item = Party> {
        self.0.parties.iter()
    }

    /// What `companies` says of a party.
    pub fn facts(&self, party: Party) -> Option<&CompanyFacts> {
        self.0.companies.get(&party)
    }

    /// Whether a party is a nomination.
    pub(crate) fn is_nomination(&self, party: Party) -> bool {
        self.facts(party).is_some_and(|facts| facts.nomination)
    }

    /// The agreements that are in force on a day, with their members in the order of the rows. Who joined or
    /// left on a day that nobody knows for certain may be one of them.
    pub fn agreements(&self, day: Day) -> impl Iterator<Item = (&str, Vec<(Party, Mark)>)> {
        let all = self.0.agreements.iter();
        let on_day = all.map(move |(name, members)| (name.as_str(), members_on(members, day)));
        on_day.filter(|(_, members)| !members.is_empty())
    }

    /// The statement that a row of `interests` comes from, where the source numbers its statements.
    pub(crate) fn statement_of(&self, row: u32) -> Option<&str> {
        self.0.statements.statement_of(row)
    }

    /// The seats of a company's board on a day. Who was appointed on a day that nobody knows for certain may
    /// not sit there yet, or no longer.
    pub(crate) fn seats(&self, company: Party, day: Day) -> Seats {
        let mut seats = Seats::new();
        for seat in self.0.seats.get(&company).into_iter().flatten() {
            let own = match in_force(seat.from, seat.to, day) {
                Mark::No => continue,
                Mark::Yes => vec![seat.by],
                Mark::Maybe => vec![seat.by, None],
            };
            let appointers = seats.entry(seat.name.clone()).or_default();
            own.into_iter().for_each(|by| {
                if !appointers.contains(&by) {
                    appointers.push(by);
                }
            });
        }
        seats
    }

    /// The companies of whose board a seat is known, by number.
    pub(crate) fn with_seats(&self) -> impl Iterator<Item = Party> {
        self.0.seats.keys().copied()
    }

    /// Whether the rows of a population are declared complete for a party, by any of its ids.
    pub fn is_complete(&self, population: Population, party: Party) -> bool {
        let Some(declared) = self.0.complete.get(&population) else { return false };
        let is_whole = match declared {
            Complete::All => true,
            Complete::Of(subjects) => subjects.contains(&party),
        };
        is_whole && !self.0.statements.lacks(party)
    }

    /// Whether the seats of a company's board are declared complete. A row that was set aside and names no
    /// company may be of any board.
    pub(crate) fn has_all_seats(&self, company: Party) -> bool {
        !self.0.lost_seats && self.is_complete(Population::Appointments, company)
    }

    /// What was merged.
    pub fn remarks(&self) -> &[Remark] {
        &self.0.remarks
    }

    /// What cannot be true on any day.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.0.conflicts
    }

    /// The first day of every new state, sorted: between two of them nothing changes.
    pub fn changes(&self) -> Vec<Day> {
        let seats = self.0.seats.values().flatten().flat_map(|seat| turns(seat.from, seat.to));
        let members = self.0.agreements.values().flatten().flat_map(|one| turns(one.from, one.to));
        let mut days: Vec<Day> =
            self.0.statements.changes().into_iter().chain(seats).chain(members).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Who held what on a day.
    pub fn on(&self, day: Day) -> Snapshot {
        Snapshot::new(self.clone(), self.0.statements.on(day), day)
    }
}

/// The ids in every column that names a party.
fn all_ids(dossier: &Dossier) -> impl Iterator<Item = String> {
    const COLUMNS: [(TableKind, &str); 6] = [
        (TableKind::Companies, "company"),
        (TableKind::Interests, "owner"),
        (TableKind::Interests, "company"),
        (TableKind::Agreements, "member"),
        (TableKind::Appointments, "company"),
        (TableKind::Appointments, "appointed_by"),
    ];
    let listed = COLUMNS.into_iter().filter_map(|(kind, column)| Some((dossier.table(kind)?, column)));
    let listed = listed.flat_map(|(table, column)| {
        (0..table.len()).filter_map(move |row| table.text(column, row).map(str::to_owned))
    });
    let aside = dossier.set_aside.iter().filter(|row| row.table != TableKind::Companies).flat_map(|row| {
        let named = COLUMNS.into_iter().filter(|(table, _)| *table == row.table);
        named.map(|(_, column)| row.cells.get(column).cloned())
    });
    listed.chain(aside.flatten())
}

/// Makes one party of ids with one identifier.
///
/// A text without any digit but 0, such as `n/a`, identifies nobody. A bare number names a register only
/// together with a country: where several are stated for it, it is as many parties.
fn merge(parties: &mut Parties, companies: &Table) -> Vec<Remark> {
    let countries = countries(companies);
    let mut first: BTreeMap<(&str, Option<Country>), (Party, &str)> = BTreeMap::new();
    let mut remarks = Vec::new();
    for (id, identifier) in identifiers(companies) {
        let Some(party) = parties.own(id) else { continue };
        let country = countries.register_of(id, identifier);
        let (other, other_id) = *first.entry((identifier, country)).or_insert((party, id));
        if parties.merge(other, party) {
            let (kept, merged) = if other_id <= id { (other_id, id) } else { (id, other_id) };
            let (kept, merged) = (kept.to_owned(), merged.to_owned());
            remarks.push(Remark::Merged { kept, merged, identifier: identifier.to_owned() });
        }
    }
    parties.settle();
    remarks
}

/// Every id with every identifier that names somebody, row by row.
fn identifiers(companies: &Table) -> impl Iterator<Item = (&str, &str)> {
    let names = |identifier: &str| identifier.chars().any(|one| one.is_numeric() && one != '0');
    (0..companies.len()).filter_map(move |row| {
        let identifier = companies.text("identifier", row)?.trim();
        Some((companies.text("company", row)?, identifier)).filter(|_| names(identifier))
    })
}

/// Where parties have their seats.
struct Countries<'a> {
    /// The first country that is stated of an id.
    of: BTreeMap<&'a str, Country>,
    /// The countries of all who bear a bare number.
    bearers: BTreeMap<&'a str, BTreeSet<Country>>,
}

fn countries(companies: &Table) -> Countries<'_> {
    let mut of: BTreeMap<&str, Country> = BTreeMap::new();
    for row in 0..companies.len() {
        if let Some((id, country)) = companies.text("company", row).zip(companies.country("country", row)) {
            of.entry(id).or_insert(country);
        }
    }
    let mut bearers: BTreeMap<&str, BTreeSet<Country>> = BTreeMap::new();
    let is_bare = |identifier: &str| !identifier.chars().any(char::is_alphabetic);
    for (id, number) in identifiers(companies).filter(|(_, identifier)| is_bare(identifier)) {
        bearers.entry(number).or_default().extend(of.get(id));
    }
    Countries { of, bearers }
}

impl Countries<'_> {
    /// The country in whose register a bare number stands; nothing for identifiers that say where they
    /// stand themselves, and where it is not known of which country a bearer is.
    fn register_of(&self, id: &str, identifier: &str) -> Option<Country> {
        let all = self.bearers.get(identifier)?;
        let only = all.first().copied().filter(|_| all.len() == 1);
        only.or_else(|| self.of.get(id).copied())
    }
}

/// What `companies` says, by party; a country on which merged ids disagree is none.
fn facts(parties: &Parties, table: &Table) -> (BTreeMap<Party, CompanyFacts>, Vec<Conflict>) {
    let mut facts: BTreeMap<Party, CompanyFacts> = BTreeMap::new();
    let mut countries: BTreeMap<Party, Country> = BTreeMap::new();
    let mut conflicts: BTreeMap<Party, Conflict> = BTreeMap::new();
    for row in 0..table.len() {
        let Some(party) = table.text("company", row).and_then(|id| parties.get(id)) else { continue };
        let one = facts.entry(party).or_default();
        one.name = one.name.take().or_else(|| table.text("name", row).map(str::to_owned));
        let unnamed = table.text("reason", row).filter(|_| table.text("type", row).is_some());
        one.unnamed = one.unnamed.take().or_else(|| unnamed.map(str::to_owned));
        one.nomination |= table.text("type", row) == Some("arrangement/nomination");
        one.vote_cap = least(one.vote_cap.take(), table.number("vote_cap", row));
        one.rows.push(row as u32);
        let Some(country) = table.country("country", row) else { continue };
        let first = *countries.entry(party).or_insert(country);
        if first != country {
            let countries = (first.alpha2().to_owned(), country.alpha2().to_owned());
            conflicts.entry(party).or_insert(Conflict::Countries { party, countries });
        }
    }
    for (party, country) in countries {
        if let Some(one) = facts.get_mut(&party).filter(|_| !conflicts.contains_key(&party)) {
            one.country = Some(country);
        }
    }
    let listed = agreed(parties, table, |row| table.truth("listed", row));
    let person = agreed(parties, table, |row| is_person(table, row));
    for (party, one) in &mut facts {
        one.listed = listed.get(party).copied().flatten();
        one.person = person.get(party).copied().flatten();
    }
    (facts, conflicts.into_values().collect())
}

/// What all rows about a party say that say anything; nothing when they disagree.
fn agreed(
    parties: &Parties,
    table: &Table,
    said: impl Fn(usize) -> Option<bool>,
) -> BTreeMap<Party, Option<bool>> {
    let mut agreed: BTreeMap<Party, Option<bool>> = BTreeMap::new();
    for row in 0..table.len() {
        let party = table.text("company", row).and_then(|id| parties.get(id));
        let Some((party, truth)) = party.zip(said(row)) else { continue };
        let known = agreed.entry(party).or_insert(Some(truth));
        *known = known.filter(|known| *known == truth);
    }
    agreed
}

/// Owners whom outside formats write as `unspecified:…`, with the reason that their interests give, where
/// `companies` gives none.
fn unspecified(parties: &Parties, interests: &Table, facts: &mut BTreeMap<Party, CompanyFacts>) {
    for row in 0..interests.len() {
        let Some(reason) = interests.text("reason", row) else { continue };
        let owner = interests.text("owner", row).filter(|owner| owner.starts_with("unspecified:"));
        if let Some(owner) = owner.and_then(|owner| parties.get(owner)) {
            let one = facts.entry(owner).or_default();
            one.unnamed.get_or_insert_with(|| reason.to_owned());
        }
    }
}

fn is_person(table: &Table, row: usize) -> Option<bool> {
    let by_type = || table.text("type", row).filter(|kind| ["person", "state"].contains(kind)).map(|_| true);
    table.truth("person", row).or_else(by_type)
}

fn least(one: Option<Exact>, other: Option<Exact>) -> Option<Exact> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Who may sit where, and when.
#[derive(Debug)]
struct Seat {
    name: String,
    by: Option<Party>,
    from: Days,
    to: Days,
}

/// The seats of every board. A seat that is stated twice may be either; what was set aside is a seat
/// whose appointer is not known.
fn seats(parties: &Parties, dossier: &Dossier) -> BTreeMap<Party, Vec<Seat>> {
    let mut seats: BTreeMap<Party, Vec<Seat>> = BTreeMap::new();
    let mut add = |company: Option<&str>, seat: Seat| {
        if let Some(company) = company.and_then(|id| parties.get(id)) {
            seats.entry(company).or_default().push(seat);
        }
    };
    if let Some(table) = dossier.table(TableKind::Appointments) {
        for row in 0..table.len() {
            let seat = Seat {
                name: table.text("seat", row).unwrap_or_default().to_owned(),
                by: table.text("appointed_by", row).and_then(|id| parties.get(id)),
                from: table.days("valid_from", row),
                to: table.days("valid_to", row),
            };
            add(table.text("company", row), seat);
        }
    }
    for row in dossier.set_aside.iter().filter(|row| row.table == TableKind::Appointments) {
        let name = row.cells.get("seat").cloned().unwrap_or_else(|| format!("row {}", row.place.row));
        let seat = Seat { name, by: None, from: Days::unknown(), to: Days::unknown() };
        add(row.cells.get("company").map(String::as_str), seat);
    }
    seats
}

/// Whether a row is a seat of a board that nobody can tell.
fn is_lost_seat(parties: &Parties, row: &SetAside) -> bool {
    let company = row.cells.get("company").and_then(|id| parties.get(id));
    row.table == TableKind::Appointments && company.is_none()
}

/// A member of an agreement, and between which days.
#[derive(Debug)]
struct Member {
    party: Party,
    from: Days,
    to: Days,
    /// Whether the row was set aside: then it may be one on any day.
    is_aside: bool,
}

/// The members of every agreement, row by row, those of rows that were set aside last.
fn members(parties: &Parties, table: Option<&Table>, aside: &[SetAside]) -> BTreeMap<String, Vec<Member>> {
    let mut agreements: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    for (table, row) in table.into_iter().flat_map(|table| (0..table.len()).map(move |row| (table, row))) {
        let (Some(member), Some(agreement)) = (table.text("member", row), table.text("agreement", row))
        else {
            continue;
        };
        let Some(party) = parties.get(member) else { continue };
        let (from, to) = (table.days("valid_from", row), table.days("valid_to", row));
        agreements.entry(agreement.to_owned()).or_default().push(Member { party, from, to, is_aside: false });
    }
    for row in aside.iter().filter(|row| row.table == TableKind::Agreements) {
        let (Some(member), Some(agreement)) = (row.cells.get("member"), row.cells.get("agreement")) else {
            continue;
        };
        let Some(party) = parties.get(member) else { continue };
        let (from, to) = (Days::unknown(), Days::unknown());
        agreements.entry(agreement.clone()).or_default().push(Member { party, from, to, is_aside: true });
    }
    agreements
}

/// Who of these is a member on a day, or may be, each once.
fn members_on(members: &[Member], day: Day) -> Vec<(Party, Mark)> {
    let mut places: BTreeMap<Party, usize> = BTreeMap::new();
    let mut found: Vec<(Party, Mark)> = Vec::new();
    for member in members {
        let in_force = in_force(member.from, member.to, day);
        let holds = if member.is_aside { Mark::Maybe } else { in_force };
        if holds == Mark::No {
            continue;
        }
        let place = *places.entry(member.party).or_insert(found.len());
        match found.get_mut(place) {
            Some((_, known)) => *known = known.or(holds),
            None => found.push((member.party, holds)),
        }
    }
    found
}
