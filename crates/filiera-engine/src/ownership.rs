use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{ArrayRef, StringArray};
use filiera_model::{CountrySet, Day, Days};
use filiera_ownership::{Control, ControlRule, Register, Snapshot, Why};
use filiera_tables::{COMPANY_COLUMNS, Dossier};

use crate::columns::Columns;

/// The register of owners and the states it goes through, each worked out once, when it is asked for.
pub(crate) struct Ownership<'a> {
    dossier: &'a Dossier,
    register: OnceLock<(Register, Vec<Day>)>,
    states: Mutex<BTreeMap<usize, Arc<State>>>,
}

/// The register on every day between two changes.
pub(crate) struct State {
    pub(crate) snapshot: Snapshot,
    control: OnceLock<Control>,
}

impl<'a> Ownership<'a> {
    pub(crate) fn new(dossier: &'a Dossier) -> Self {
        Self { dossier, register: OnceLock::new(), states: Mutex::new(BTreeMap::new()) }
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

    /// The state of a day, by its place.
    pub(crate) fn place(&self, day: Day) -> usize {
        self.read().1.partition_point(|change| *change <= day)
    }

    /// The states that days may fall into.
    pub(crate) fn places(&self, days: Days) -> Vec<usize> {
        let last = self.read().1.len();
        let first = days.first.map_or(0, |day| self.place(day));
        (first..=days.last.map_or(last, |day| self.place(day))).collect()
    }

    pub(crate) fn at(&self, place: usize) -> Arc<State> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(place).or_insert_with(|| {
            let changes = &self.read().1;
            let first = changes.first().map_or(Day::from_days(0), |first| first.previous());
            let day = place.checked_sub(1).and_then(|place| changes.get(place)).copied().unwrap_or(first);
            Arc::new(State { snapshot: self.register().on(day), control: OnceLock::new() })
        });
        Arc::clone(state)
    }
}

impl State {
    /// Who controls whom, by more than half of the votes.
    pub(crate) fn control(&self) -> &Control {
        self.control.get_or_init(|| self.snapshot.control(&ControlRule::default()))
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
        let is_among_them = !ultimate.unknown || ultimate.why.iter().all(|why| matches!(why, Why::Open(_)));
        let country = |party| register.facts(party).and_then(|facts| facts.country);
        let countries: Option<CountrySet> = ultimate.candidates.iter().map(|party| country(*party)).collect();
        let countries = countries.filter(|_| is_among_them && !ultimate.candidates.is_empty());
        let codes = |set: CountrySet| set.iter().map(|one| one.alpha2()).collect::<Vec<_>>().join("/");
        (name, countries.map(codes))
    }

    /// Adds the ultimate controllers of every company that a column names, as they are in this state; and
    /// without a state in their names, where `is_shown`.
    pub(crate) fn join(&self, columns: &mut Columns, place: usize, is_shown: bool) {
        let mut known: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
        for column in COMPANY_COLUMNS {
            if columns.get(column.name).is_none() {
                continue;
            }
            let mut of_row = |row: usize| {
                let company = columns.text(column.name, row)?;
                let found = known.entry(company.to_owned()).or_insert_with(|| self.controller(company));
                Some(found.clone())
            };
            let cells: Vec<_> = (0..columns.len()).map(&mut of_row).collect();
            let names: StringArray = cells.iter().map(|cell| cell.clone()?.0).collect();
            let countries: StringArray = cells.iter().map(|cell| cell.clone()?.1).collect();
            let arrays: [ArrayRef; 2] = [Arc::new(names), Arc::new(countries)];
            for ((name, kind), array) in column.controller.into_iter().zip(arrays) {
                if is_shown {
                    columns.replace(name, kind, Arc::clone(&array));
                }
                columns.replace(&format!("{name}@{place}"), kind, array);
            }
        }
    }
}

/// Whether a column depends on who controls whom.
pub(crate) fn is_of_control(column: &str) -> bool {
    column.ends_with("_controller") || column.ends_with("_controller_country")
}
