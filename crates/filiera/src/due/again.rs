use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_engine::{Engine, EngineError, Settings, redated};
use filiera_finding::Verdicts;
use filiera_model::Day;
use filiera_packs::Pack;
use filiera_tables::{Population, TableKind};

use super::ending::{Ending, Touches};
use super::law::known;
use super::users::Users;
use crate::FilieraError;
use crate::check::Dossier;

/// Pack, condition and subject.
pub(super) type Name = (String, String, String);

/// What was found for products built on one day.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Every finding, in the order of a check.
    pub(super) order: Vec<Name>,
    /// Its verdicts.
    pub(super) verdicts: BTreeMap<Name, Verdicts>,
    /// The days targets fall due.
    pub(super) due: BTreeMap<Name, Day>,
}

/// Judges the same products as if built on other days, by the law as known on one.
pub(super) struct Again<'a> {
    dossier: &'a Dossier,
    packs: Vec<Arc<Pack>>,
    /// Whether a declaration or price can only change the verdicts of the vehicles that hold its part.
    by_vehicle: bool,
}

impl<'a> Again<'a> {
    pub(super) fn new(dossier: &'a Dossier) -> Self {
        let packs = known(&dossier.packs.packs, dossier.settings.law_as_of);
        let by_vehicle = dossier.tables.table(TableKind::Vehicles).is_some()
            && packs.iter().all(|pack| is_by_vehicle(pack));
        Self { dossier, packs, by_vehicle }
    }

    /// The rows of `vehicles` that alone can be touched by what ends; nothing: everybody.
    pub(super) fn only_vehicles(&self, users: &Users, endings: &[Ending]) -> Option<BTreeSet<u32>> {
        let rows = |ending: &Ending| match &ending.touches {
            Touches::Nobody => Some(BTreeSet::new()),
            Touches::Part(part) => Some(users.rows(part)),
            Touches::Everybody | Touches::Subject(_) => None,
        };
        let harmless = endings.iter().all(|ending| ending.touches == Touches::Nobody);
        if !self.by_vehicle && !harmless {
            return None;
        }
        let all: Option<Vec<BTreeSet<u32>>> = endings.iter().map(rows).collect();
        Some(all?.into_iter().flatten().collect())
    }

    /// What is found of products built on `day`, of these vehicles or of all.
    pub(super) fn state(&self, day: Day, vehicles: Option<&BTreeSet<u32>>) -> Result<State, FilieraError> {
        self.judge(day, vehicles).map_err(|error| self.dossier.told(error))
    }

    fn judge(&self, day: Day, vehicles: Option<&BTreeSet<u32>>) -> Result<State, EngineError> {
        let mut tables = redated(&self.dossier.tables, day)?;
        if let Some((rows, table)) = vehicles.zip(tables.table(TableKind::Vehicles)) {
            let rows: Vec<u32> = rows.iter().copied().collect();
            let table = table.take(&rows)?;
            tables.tables.insert(TableKind::Vehicles, table);
        }
        let settings = Settings { law_as_of: day, readings: false, ..self.dossier.settings.clone() };
        let engine = Engine::new(&tables, &self.packs, &self.dossier.packs.zones, &settings)?;
        let mut state = State::default();
        for finding in engine.judge(&|_, _| {})?.findings {
            let name = (finding.pack, finding.condition, finding.subject);
            state.due.extend(finding.due.map(|due| (name.clone(), due.on)));
            let verdicts = Verdicts { range: finding.verdict, legal: finding.legal };
            state.verdicts.insert(name.clone(), verdicts);
            state.order.push(name);
        }
        Ok(state)
    }
}

/// Whether every condition over the parts of vehicles judges vehicle by vehicle.
fn is_by_vehicle(pack: &Pack) -> bool {
    pack.conditions.iter().all(|condition| {
        let population = condition.form.of().and_then(|of| Population::from_name(of));
        let per: Vec<&str> = condition.per.iter().map(|column| column.value.as_str()).collect();
        population.is_none_or(|population| !population.is_of_vehicles()) || per == ["vehicle"]
    })
}
