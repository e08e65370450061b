use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{ArrayRef, StringArray};
use filiera_model::{CountrySet, Day, Days, Mark};
use filiera_ownership::{By, Control, ControlRule, Party, Register, Snapshot, Why};
use filiera_packs::{ControlBy, ControlRule as PackRule};
#[cfg(doc)]
use filiera_tables::CompanyColumn;
use filiera_tables::{COMPANY_COLUMNS, Dossier};

use crate::columns::Columns;

/// The register of owners and the states it goes through, each worked out once, when it is asked for.
///
/// A state is the register between two changes, seen under one rule of control; states are numbered.
pub(crate) struct Ownership<'a> {
    dossier: &'a Dossier,
    register: OnceLock<(Register, Vec<Day>)>,
    states: Mutex<BTreeMap<usize, Arc<State>>>,
    /// What counts as control: the usual rule first, then those of conditions.
    rules: Vec<ControlRule>,
}

/// The register on every day between two changes, and who controls whom then under one rule.
pub(crate) struct State {
    pub(crate) snapshot: Snapshot,
    rule: ControlRule,
    control: OnceLock<Control>,
}

impl<'a> Ownership<'a> {
    /// Over the owners of a dossier, for conditions that may have these rules of control.
    pub(crate) fn new<'r>(dossier: &'a Dossier, stated: impl Iterator<Item = &'r PackRule>) -> Self {
        let mut rules = vec![ControlRule::default()];
        for rule in stated.map(rule_of) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        Self { dossier, register: OnceLock::new(), states: Mutex::new(BTreeMap::new()), rules }
    }

    /// The number of the rule that a condition states, or of the usual one.
    pub(crate) fn rule(&self, stated: Option<&PackRule>) -> usize {
        let stated = stated.map(rule_of);
        stated.and_then(|stated| self.rules.iter().position(|rule| *rule == stated)).unwrap_or(0)
    }

    fn read(&self) -> &(Register, Vec<Day>) {
        self.register.get_or_init(|| {
            let register = Register::read(self.dossier);
            let changes = register.changes();
            (register, changes)
        })
    }

    pub(crate) fn register(&self) -> &Register {
        &self.read().0
    }

    /// The days on which a new state begins, and one before the first.
    pub(crate) fn days(&self) -> Vec<Day> {
        let changes = &self.read().1;
        changes.first().map(|first| first.previous()).into_iter().chain(changes.iter().copied()).collect()
    }

    fn place(&self, day: Day) -> usize {
        self.read().1.partition_point(|change| *change <= day)
    }

    /// The state of a day under a rule.
    pub(crate) fn state(&self, day: Day, rule: usize) -> usize {
        self.place(day) * self.rules.len() + rule
    }

    /// The states that days may fall into, under a rule.
    pub(crate) fn states(&self, days: Days, rule: usize) -> impl Iterator<Item = usize> {
        let last = self.read().1.len();
        let first = days.first.map_or(0, |day| self.place(day));
        let rules = self.rules.len();
        (first..=days.last.map_or(last, |day| self.place(day))).map(move |place| place * rules + rule)
    }

    pub(crate) fn at(&self, number: usize) -> Arc<State> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(number).or_insert_with(|| {
            let (place, rule) = (number / self.rules.len().max(1), number % self.rules.len().max(1));
            let changes = &self.read().1;
            let first = changes.first().map_or(Day::from_days(0), |first| first.previous());
            let day = place.checked_sub(1).and_then(|place| changes.get(place)).copied().unwrap_or(first);
            let rule = self.rules.get(rule).cloned().unwrap_or_default();
            Arc::new(State { snapshot: self.register().on(day), rule, control: OnceLock::new() })
        });
        Arc::clone(state)
    }
}

fn rule_of(stated: &PackRule) -> ControlRule {
    let counts = |by: ControlBy| stated.by.contains(&by);
    ControlRule {
        over: stated.over.clone(),
        inclusive: stated.inclusive,
        votes: counts(ControlBy::Votes),
        board: counts(ControlBy::Board),
        contract: counts(ControlBy::Contract),
    }
}

impl State {
    /// Who controls whom.
    pub(crate) fn control(&self) -> &Control {
        self.control.get_or_init(|| self.snapshot.control(&self.rule))
    }

    /// The ultimate controller of a company where it is known, and the countries it may be of, as an
    /// origin is written: `CN`, `CN/HK`; nothing: any.
    fn controller(&self, company: &str) -> (Option<String>, Option<String>) {
        let register = self.snapshot.register();
        let Some(party) = register.party(company) else { return (None, None) };
        let ultimate = self.control().ultimate_of(party);
        let name = match ultimate.candidates.as_slice() {
            [only] if !ultimate.unknown => Some(register.name(*only).to_owned()),
            _ => None,
        };
        let is_among_them = !ultimate.unknown
            || ultimate.why.iter().all(|why| matches!(why, Why::Open(_) | Why::Seats(_) | Why::Beside(_)));
        let country = |party| register.facts(party).and_then(|facts| facts.country);
        let countries: Option<CountrySet> = ultimate.candidates.iter().map(|party| country(*party)).collect();
        let countries = countries.filter(|_| is_among_them && !ultimate.candidates.is_empty());
        let codes = |set: CountrySet| set.iter().map(|one| one.alpha2()).collect::<Vec<_>>().join("/");
        (name, countries.map(codes))
    }

    /// The company at the head of a company's group, itself if no company controls it, where it is known.
    /// People may control that one; a company of which too little is listed may have others above it.
    fn parent(&self, company: Party) -> Option<Party> {
        let (control, register) = (self.control(), self.snapshot.register());
        let is_person = |party: Party| register.facts(party).and_then(|facts| facts.person) == Some(true);
        let mut group = vec![company];
        for found in control.controllers_of(company) {
            if found.controls != Mark::Yes || found.by == By::Jointly {
                return None;
            }
            if !is_person(found.party) {
                group.push(found.party);
            }
        }
        let is_open = |party: &Party| {
            let has_holders = !self.snapshot.stakes_of(*party).is_empty();
            control.may_be_anybody(*party) || !(has_holders || self.snapshot.is_complete(*party))
        };
        if group.iter().any(is_open) {
            return None;
        }
        let controls = |above: Party, below: Party| control.mark_any(above, below) == Mark::Yes;
        let is_head = |party: &Party| {
            let others = group.iter().filter(|other| *other != party);
            others.into_iter().all(|other| !controls(*other, *party) || controls(*party, *other))
        };
        let mut heads = group.iter().copied().filter(is_head);
        let head = heads.next();
        head.filter(|_| heads.next().is_none())
    }

    /// What the register says of a company, in the order of [`CompanyColumn::controller`].
    fn about(&self, company: &str) -> [Option<String>; 4] {
        let register = self.snapshot.register();
        let (controller, countries) = self.controller(company);
        let parent = register.party(company).and_then(|party| self.parent(party));
        let country = parent.and_then(|parent| register.facts(parent)?.country);
        [
            controller,
            countries,
            parent.map(|parent| register.name(parent).to_owned()),
            country.map(|country| country.alpha2().to_owned()),
        ]
    }

    /// Adds the ultimate controllers, and the heads of the groups, of every company that a column names, as they are in this state; and
    /// without a state in their names, where `is_shown`.
    pub(crate) fn join(&self, columns: &mut Columns, number: usize, is_shown: bool) {
        let mut known: BTreeMap<String, [Option<String>; 4]> = BTreeMap::new();
        for column in COMPANY_COLUMNS {
            if columns.get(column.name).is_none() {
                continue;
            }
            let mut of_row = |row: usize| {
                let company = columns.text(column.name, row)?;
                let found = known.entry(company.to_owned()).or_insert_with(|| self.about(company));
                Some(found.clone())
            };
            let cells: Vec<_> = (0..columns.len()).map(&mut of_row).collect();
            for (place, (name, kind)) in column.controller.into_iter().enumerate() {
                let text = |cell: &'_ Option<[Option<String>; 4]>| cell.as_ref()?.get(place)?.clone();
                let array: ArrayRef = Arc::new(cells.iter().map(text).collect::<StringArray>());
                if is_shown {
                    columns.replace(name, kind, Arc::clone(&array));
                }
                columns.replace(&format!("{name}@{number}"), kind, array);
            }
        }
    }
}

/// Whether a column depends on who controls whom.
pub(crate) fn is_of_control(column: &str) -> bool {
    COMPANY_COLUMNS.iter().any(|company| company.controller.iter().any(|(name, _)| *name == column))
}
