//! Registers in a few lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_model::{Day, Exact, Mark};
use filiera_ownership::{Control, ControlRule, Party, Register, Snapshot};
use filiera_tables::{
    ColumnKind, Completeness, Dossier, Place, Population, SCALE, Table, TableKind, arrow_field,
};

/// One row of `interests`; the defaults are a direct holding of shares of unknown size.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub owner: String,
    pub company: String,
    pub kind: Option<&'static str>,
    pub class: Option<String>,
    pub votes_per_share: Option<String>,
    pub share: Option<String>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub min_open: Option<bool>,
    pub max_open: Option<bool>,
    pub direct: Option<bool>,
    pub treasury: Option<bool>,
}

/// One row of `companies`: its id, whether a person, whether listed, its voting cap.
pub type Company = (String, Option<bool>, Option<bool>, Option<String>);

/// The tables of a register to be.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub rows: Vec<Row>,
    pub seats: Vec<(String, String, Option<String>)>,
    /// The first and last day of a seat, by its place.
    pub terms: BTreeMap<usize, [Option<&'static str>; 2]>,
    pub pacts: Vec<(String, String)>,
    /// The first and last day of a member of a pact, by its place.
    pub joined: BTreeMap<usize, [Option<&'static str>; 2]>,
    /// The first and last day that may be the last one of a member of a pact, by its place.
    pub left: BTreeMap<usize, [Option<&'static str>; 2]>,
    pub companies: Vec<Company>,
    /// Parties that stand for somebody who is not named, and why: as outside formats say it.
    pub unnamed: Vec<(String, String)>,
    pub complete: Option<Option<Vec<String>>>,
    /// The companies of which all seats are listed; the inner nothing: all.
    pub boards: Option<Option<Vec<String>>>,
}

impl Draft {
    pub fn complete() -> Self {
        Self { complete: Some(None), ..Self::default() }
    }

    /// `P 51% of A`, one per line; `P 25%..50% of A`, `P ? of A`.
    pub fn holdings(mut self, text: &str) -> Self {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (owner, rest) = line.split_once(' ').unwrap();
            let (share, company) = rest.split_once(" of ").unwrap();
            self.rows.push(Row { owner: owner.into(), company: company.into(), ..shares(share) });
        }
        self
    }

    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    pub fn pact(mut self, members: &[&str]) -> Self {
        let name = members.join("+");
        self.pacts.extend(members.iter().map(|member| ((*member).to_owned(), name.clone())));
        self
    }

    /// The last member of the last pact is one from and to these days.
    pub fn member_between(mut self, days: [Option<&'static str>; 2]) -> Self {
        self.joined.insert(self.pacts.len() - 1, days);
        self
    }

    /// The last member of the last pact is one until some day from the first of these to the last.
    pub fn perhaps_until(mut self, [first, last]: [&'static str; 2]) -> Self {
        self.left.insert(self.pacts.len() - 1, [Some(first), Some(last)]);
        self
    }

    pub fn seat(mut self, company: &str, seat: &str, by: Option<&str>) -> Self {
        self.seats.push((company.into(), seat.into(), by.map(str::to_owned)));
        self
    }

    /// Every board has no other seats than those that are listed.
    pub fn with_all_seats(mut self) -> Self {
        self.boards = Some(None);
        self
    }

    /// The last seat is held from and to these days.
    pub fn between(mut self, days: [Option<&'static str>; 2]) -> Self {
        self.terms.insert(self.seats.len() - 1, days);
        self
    }

    pub fn company(
        mut self,
        id: &str,
        person: Option<bool>,
        listed: Option<bool>,
        cap: Option<&str>,
    ) -> Self {
        self.companies.push((id.into(), person, listed, cap.map(str::to_owned)));
        self
    }

    fn days(terms: &BTreeMap<usize, [Option<&'static str>; 2]>, rows: usize, end: usize) -> ArrayRef {
        let day = |place: usize| terms.get(&place).and_then(|term| term[end]);
        let days = (0..rows).map(|place| Some(day(place)?.parse::<Day>().unwrap().days()));
        Arc::new(days.collect::<Date32Array>())
    }

    pub fn snapshot(&self) -> Snapshot {
        self.on("2026-03-01")
    }

    pub fn on(&self, day: &str) -> Snapshot {
        Register::read(&self.dossier()).on(day.parse::<Day>().unwrap())
    }

    pub fn control(&self) -> View {
        self.control_under(&ControlRule::default())
    }

    pub fn control_under(&self, rule: &ControlRule) -> View {
        View(self.snapshot().control(rule))
    }

    pub fn dossier(&self) -> Dossier {
        let mut dossier = Dossier::default();
        dossier.tables.insert(TableKind::Interests, self.interests());
        let texts = |name, values: Vec<Option<&str>>| (name, text(values));
        let seats = vec![
            texts("company", self.seats.iter().map(|seat| Some(seat.0.as_str())).collect()),
            texts("seat", self.seats.iter().map(|seat| Some(seat.1.as_str())).collect()),
            texts("appointed_by", self.seats.iter().map(|seat| seat.2.as_deref()).collect()),
            ("valid_from", Self::days(&self.terms, self.seats.len(), 0)),
            ("valid_to", Self::days(&self.terms, self.seats.len(), 1)),
        ];
        dossier
            .tables
            .insert(TableKind::Appointments, table(TableKind::Appointments, seats, self.seats.len()));
        let is_known = self.left.is_empty();
        let pacts = vec![
            texts("member", self.pacts.iter().map(|pact| Some(pact.0.as_str())).collect()),
            texts("agreement", self.pacts.iter().map(|pact| Some(pact.1.as_str())).collect()),
            ("valid_from", Self::days(&self.joined, self.pacts.len(), 0)),
            (
                "valid_to",
                Self::days(
                    if is_known { &self.joined } else { &self.left },
                    self.pacts.len(),
                    usize::from(is_known),
                ),
            ),
            ("valid_to_max", Self::days(&self.left, self.pacts.len(), 1)),
        ];
        dossier.tables.insert(TableKind::Agreements, table(TableKind::Agreements, pacts, self.pacts.len()));
        dossier.tables.insert(TableKind::Companies, self.companies());
        for (of, subjects) in
            [(Population::Control, &self.complete), (Population::Appointments, &self.boards)]
        {
            let declared = |subjects: Option<Vec<String>>| {
                let subjects = subjects.map(BTreeSet::from_iter);
                Completeness { by: None, on: None, subjects }
            };
            dossier.complete.extend(subjects.clone().map(|subjects| (of, declared(subjects))));
        }
        dossier
    }

    fn companies(&self) -> Table {
        let unnamed =
            self.unnamed.iter().map(|(id, why)| ((id.clone(), None, None, None), Some(why.as_str())));
        let rows: Vec<(Company, Option<&str>)> =
            self.companies.iter().map(|one| (one.clone(), None)).chain(unnamed).collect();
        let columns = vec![
            ("company", text(rows.iter().map(|(one, _)| Some(one.0.as_str())).collect())),
            ("person", truth(rows.iter().map(|(one, _)| one.1).collect())),
            ("listed", truth(rows.iter().map(|(one, _)| one.2).collect())),
            ("vote_cap", number(rows.iter().map(|(one, _)| one.3.as_deref()).collect())),
            ("type", text(rows.iter().map(|(_, why)| why.map(|_| "unspecified")).collect())),
            ("reason", text(rows.iter().map(|(_, why)| *why).collect())),
        ];
        table(TableKind::Companies, columns, rows.len())
    }

    fn interests(&self) -> Table {
        let rows = &self.rows;
        let texts = |of: fn(&Row) -> Option<&str>| text(rows.iter().map(of).collect());
        let numbers = |of: fn(&Row) -> Option<&str>| number(rows.iter().map(of).collect());
        let truths = |of: fn(&Row) -> Option<bool>| truth(rows.iter().map(of).collect());
        let columns = vec![
            ("owner", texts(|row| Some(&row.owner))),
            ("company", texts(|row| Some(&row.company))),
            ("kind", texts(|row| row.kind)),
            ("class", texts(|row| row.class.as_deref())),
            ("votes_per_share", numbers(|row| row.votes_per_share.as_deref())),
            ("share", numbers(|row| row.share.as_deref())),
            ("share_min", numbers(|row| row.min.as_deref())),
            ("share_max", numbers(|row| row.max.as_deref())),
            ("min_open", truths(|row| row.min_open)),
            ("max_open", truths(|row| row.max_open)),
            ("direct", truths(|row| row.direct)),
            ("treasury", truths(|row| row.treasury)),
        ];
        table(TableKind::Interests, columns, rows.len())
    }
}

/// The share of a row: `51%`, `1/4..1/2`, `?`.
pub fn shares(text: &str) -> Row {
    match text.split_once("..") {
        Some((min, max)) => Row { min: Some(min.into()), max: Some(max.into()), ..Row::default() },
        None => Row { share: (text != "?").then(|| text.to_owned()), ..Row::default() },
    }
}

fn text(values: Vec<Option<&str>>) -> ArrayRef {
    Arc::new(StringArray::from(values))
}

fn truth(values: Vec<Option<bool>>) -> ArrayRef {
    Arc::new(BooleanArray::from(values))
}

/// Exact decimals only: a share such as 1/3 has no cell.
fn number(values: Vec<Option<&str>>) -> ArrayRef {
    let unscaled = |text: &str| Exact::parse(text).unwrap().to_unscaled(u32::from(SCALE)).unwrap();
    let cells: Decimal128Array = values.into_iter().map(|value| value.map(unscaled)).collect();
    Arc::new(cells.with_precision_and_scale(38, SCALE.cast_signed()).unwrap())
}

fn table(kind: TableKind, columns: Vec<(&str, ArrayRef)>, rows: usize) -> Table {
    let column = |name: &str| kind.column(name).or_else(|| kind.column(name.strip_suffix("_max")?));
    let kind_of = |name: &str| column(name).map_or(ColumnKind::Text, |column| column.kind);
    let field = |name: &str| -> Field { arrow_field(name, kind_of(name)) };
    let given = columns.into_iter().map(|(name, array)| (field(name), array)).collect();
    let places = (0..rows as u32).map(|row| Place { file: 0, row: row + 2 }).collect();
    Table::new(kind, given, places).unwrap()
}

/// Control, asked by name.
pub struct View(pub Control);

impl View {
    pub fn party(&self, id: &str) -> Party {
        self.0.snapshot().register().party(id).unwrap()
    }

    pub fn name(&self, party: Party) -> String {
        self.0.snapshot().register().name(party).to_owned()
    }

    pub fn mark(&self, controller: &str, company: &str) -> Mark {
        self.0.mark(self.party(controller), self.party(company))
    }

    pub fn jointly(&self, controller: &str, company: &str) -> Mark {
        self.0.jointly(self.party(controller), self.party(company))
    }

    /// Those who surely control a company alone.
    pub fn controllers(&self, company: &str) -> Vec<String> {
        let all = self.0.controllers_of(self.party(company)).into_iter();
        let sure = all.filter(|one| one.controls == Mark::Yes && one.with.is_empty());
        sure.map(|one| self.name(one.party)).collect()
    }

    /// The companies that a party surely controls alone.
    pub fn controlled(&self, party: &str) -> Vec<String> {
        let companies =
            self.0.companies().filter(|company| self.0.mark(self.party(party), *company) == Mark::Yes);
        companies.map(|company| self.name(company)).collect()
    }
}
