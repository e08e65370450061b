//! What each fitment adds in each cohort, asked of the engine once.

use filiera_engine::{Addend, Additive, Adds, Decision, Engine, Standing};
use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FleetError;
use crate::cohorts::Cohorts;
use crate::fitments::{Fitments, installed_table};

/// A cohort and a fitment in one of its vehicles.
pub(crate) type Pair = (u32, u32);

pub(crate) struct Lots<'a> {
    engine: &'a Engine<'a>,
    bare: &'a Dossier,
    vehicles: &'a Table,
    cohorts: &'a Cohorts,
    pub conditions: Vec<Additive>,
    pub fitments: Fitments,
    /// What each pair adds, condition by condition.
    pub judged: FxHashMap<Pair, Vec<Adds>>,
    /// Of every cohort that was judged, condition by condition: how it stands, and what its vehicles have
    /// beside what is installed; nothing: the engine has to be asked vehicle by vehicle.
    pub cohort: FxHashMap<u32, Vec<Option<(Standing, Adds)>>>,
}

impl<'a> Lots<'a> {
    pub fn new(bare: &'a Dossier, engine: &'a Engine<'a>, vehicles: &'a Table, cohorts: &'a Cohorts) -> Self {
        let (fitments, judged, cohort) = (Fitments::default(), FxHashMap::default(), FxHashMap::default());
        let conditions = engine.additive();
        Self { engine, bare, vehicles, cohorts, conditions, fitments, judged, cohort }
    }

    /// Judges the pairs that were not met before.
    pub fn judge(&mut self, pairs: impl Iterator<Item = Pair>) -> Result<(), FleetError> {
        let new: FxHashSet<Pair> = pairs.filter(|pair| !self.judged.contains_key(pair)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let mut new: Vec<Pair> = new.into_iter().collect();
        new.sort_unstable();
        let mut cohorts: Vec<u32> = new.iter().map(|(cohort, _)| *cohort).collect();
        cohorts.dedup();
        let firsts: Vec<u32> =
            cohorts.iter().filter_map(|one| self.cohorts.first.get(*one as usize).copied()).collect();
        let vehicles = self.vehicles.take(&firsts)?;
        let by_name: FxHashMap<&str, u32> = (0..vehicles.len())
            .zip(&cohorts)
            .filter_map(|(row, cohort)| Some((vehicles.text("vehicle", row)?, *cohort)))
            .collect();
        let names: FxHashMap<u32, &str> = by_name.iter().map(|(name, cohort)| (*cohort, *name)).collect();
        let rows: Vec<_> = new
            .iter()
            .filter_map(|(cohort, one)| Some((*names.get(cohort)?, self.fitments.all.get(*one as usize)?)))
            .collect();
        let dossier = with_tables(self.bare, vehicles.clone(), installed_table(&rows)?);
        let found = self.asked(&dossier, &by_name, &new)?;
        self.judged.extend(found);
        Ok(())
    }

    /// The pack, name and reading of a condition.
    pub fn name_of(&self, condition: Additive) -> Option<(&str, &str, Option<&str>)> {
        self.engine.name_of(condition)
    }

    /// The decision on a vehicle whose rows add up to `total`; nothing where a sum does not tell.
    pub fn decide(&self, place: usize, standing: &Standing, total: &Addend) -> Option<Decision> {
        self.engine.decide(*self.conditions.get(place)?, standing, total)
    }

    /// What the engine says of a small list, in which one vehicle of each cohort has all its new fitments.
    fn asked(
        &mut self,
        dossier: &Dossier,
        by_name: &FxHashMap<&str, u32>,
        new: &[Pair],
    ) -> Result<FxHashMap<Pair, Vec<Adds>>, FleetError> {
        let engine = self.engine.over_vehicles(dossier)?;
        // A row that is out of scope everywhere, or counts within another, is not told: it adds nothing.
        let nothing = vec![Some(Addend::default()); self.conditions.len()];
        let mut found: FxHashMap<Pair, Vec<Adds>> = new.iter().map(|pair| (*pair, nothing.clone())).collect();
        let unknown = vec![None; self.conditions.len()];
        for cohort in by_name.values() {
            self.cohort.entry(*cohort).or_insert_with(|| unknown.clone());
        }
        for (place, condition) in self.conditions.iter().enumerate() {
            for subject in engine.addends(*condition)? {
                let Some(cohort) = by_name.get(subject.subject.as_str()) else { continue };
                let mut base: Adds = Some(Addend::default());
                for (installed, adds) in subject.rows {
                    match installed.and_then(|row| new.get(row as usize)) {
                        Some(pair) => {
                            if let Some(slot) = found.get_mut(pair).and_then(|all| all.get_mut(place)) {
                                *slot = adds;
                            }
                        }
                        None => base = joined(base, adds),
                    }
                }
                if let Some(slot) = self.cohort.get_mut(cohort).and_then(|all| all.get_mut(place)) {
                    *slot = Some((subject.standing, base));
                }
            }
        }
        Ok(found)
    }
}

fn joined(total: Adds, adds: Adds) -> Adds {
    let (mut total, adds) = total.zip(adds)?;
    total.add(&adds);
    Some(total)
}

/// The dossier with other vehicles and installed parts.
pub(crate) fn with_tables(dossier: &Dossier, vehicles: Table, installed: Table) -> Dossier {
    let mut other = dossier.clone();
    other.tables.insert(TableKind::Vehicles, vehicles);
    other.tables.insert(TableKind::Installed, installed);
    other
}
