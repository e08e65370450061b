//! What the fitments of each vehicle add up to.

use filiera_engine::{Addend, Adds};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use crate::cohorts::Cohorts;
use crate::fitments::Fitments;
use crate::judge::{FleetCondition, FleetDecision};
use crate::lots::{Lots, Pair};

pub(crate) struct Sums {
    by_name: FxHashMap<String, u32>,
    cohort: Vec<Option<u32>>,
    /// Per vehicle and condition; nothing: more than a sum.
    totals: Vec<Vec<Adds>>,
    /// Rows of `installed` so far.
    pub rows: u64,
}

impl Sums {
    pub fn new(vehicles: &Table, cohorts: &Cohorts, conditions: usize) -> Self {
        let name = |row: usize| vehicles.text("vehicle", row).map(str::to_owned);
        let by_name = (0u32..).zip(0..vehicles.len()).filter_map(|(row, place)| Some((name(place)?, row)));
        Self {
            by_name: by_name.collect(),
            cohort: cohorts.of.clone(),
            totals: vec![vec![Some(Addend::default()); conditions]; vehicles.len()],
            rows: 0,
        }
    }

    /// Of each row of `installed` that is of a vehicle with a cohort: the vehicle, and the pair.
    pub fn read(&mut self, installed: &Table, fitments: &mut Fitments) -> Vec<(u32, Pair)> {
        self.rows += installed.len() as u64;
        let mut read = Vec::new();
        for row in 0..installed.len() {
            let vehicle = installed.text("vehicle", row).and_then(|name| self.by_name.get(name)).copied();
            let cohort = vehicle.and_then(|vehicle| self.cohort.get(vehicle as usize).copied().flatten());
            let (Some(vehicle), Some(cohort)) = (vehicle, cohort) else { continue };
            if let Some(fitment) = fitments.number(installed, row) {
                read.push((vehicle, (cohort, fitment)));
            }
        }
        read
    }

    pub fn add(&mut self, read: &[(u32, Pair)], lots: &Lots<'_>) {
        for (vehicle, pair) in read {
            let Some((totals, adds)) = self.totals.get_mut(*vehicle as usize).zip(lots.judged.get(pair))
            else {
                continue;
            };
            for (total, adds) in totals.iter_mut().zip(adds) {
                match (total.as_mut(), adds) {
                    (Some(sum), Some(adds)) => sum.add(adds),
                    _ => *total = None,
                }
            }
        }
    }

    /// Every condition, decided for every vehicle where a sum tells.
    pub fn decided(&self, lots: &Lots<'_>) -> Vec<FleetCondition> {
        let conditions = lots.conditions.iter().enumerate();
        conditions
            .filter_map(|(place, condition)| {
                let (pack, name, reading) = lots.name_of(*condition)?;
                let decisions = (0..self.totals.len()).map(|vehicle| self.decision(lots, vehicle, place));
                Some(FleetCondition {
                    pack: pack.to_owned(),
                    condition: name.to_owned(),
                    reading: reading.map(str::to_owned),
                    decisions: decisions.collect(),
                })
            })
            .collect()
    }

    fn decision(&self, lots: &Lots<'_>, vehicle: usize, place: usize) -> Option<FleetDecision> {
        let cohort = self.cohort.get(vehicle).copied().flatten()?;
        let (standing, base) = lots.cohort.get(&cohort)?.get(place)?.as_ref()?;
        if standing.speaks == filiera_model::Mark::No {
            return Some(FleetDecision::Silent);
        }
        let mut total = self.totals.get(vehicle)?.get(place)?.clone()?;
        total.add(base.as_ref()?);
        lots.decide(place, standing, &total).map(|decision| FleetDecision::Decided(Box::new(decision)))
    }
}
