//! Each distinct lot judged once per cohort of vehicles, then added up per vehicle.

use std::sync::Arc;

use filiera_engine::{Decision, Engine, Settings};
use filiera_model::{Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population, Table, TableKind};

use crate::FleetError;
use crate::cohorts::Cohorts;
use crate::composed::compositions;
use crate::lots::{Lots, Pair, with_tables};
use crate::sums::Sums;

/// What a fleet was found to be, condition by condition.
#[derive(Clone, Debug, Default)]
pub struct FleetJudgement {
    /// The vehicles, as `vehicles` lists them.
    pub vehicles: Vec<String>,
    /// The conditions whose rows add up.
    pub conditions: Vec<FleetCondition>,
    /// Compositions about vehicles.
    pub compositions: Vec<FleetComposition>,
    /// How much there was to judge.
    pub counts: FleetCounts,
}

/// One condition over all vehicles.
#[derive(Clone, Debug)]
pub struct FleetCondition {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// Per vehicle: the decision; nothing where a sum does not tell, and the engine has to be asked.
    pub decisions: Vec<Option<FleetDecision>>,
}

/// What is decided of a vehicle by adding up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FleetDecision {
    /// The condition does not speak about the vehicle.
    Silent,
    /// The two verdicts, with their bounds.
    Decided(Box<Decision>),
}

/// One composition over all vehicles: range and legal verdict; nothing where a member is not told.
#[derive(Clone, Debug)]
pub struct FleetComposition {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// Per vehicle.
    pub verdicts: Vec<Option<[Verdict; 2]>>,
}

/// How much there was to judge, and how much of it only once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetCounts {
    /// Rows of `installed`.
    pub rows: u64,
    /// Distinct fitments: part, lot, supplier, quantity and day of receipt.
    pub fitments: u64,
    /// Distinct fitments per cohort: what the engine judged.
    pub judged: u64,
    /// Cohorts of vehicles that are judged alike.
    pub cohorts: u64,
}

impl FleetDecision {
    /// Range and legal verdict.
    pub fn verdicts(&self) -> [Verdict; 2] {
        match self {
            Self::Silent => [Verdict::NotApplicable; 2],
            Self::Decided(decision) => [decision.verdict, decision.legal],
        }
    }
}

/// Judges every vehicle of a dossier from its installed lots.
///
/// `dossier` holds all tables but `installed`, of which only its absence of rows matters; `batches` are the
/// rows of `installed`, in any order. Findings are the engine's: what a sum does not tell is left open here.
///
/// # Errors
/// [`FleetError`] when some condition does not add up, or the installed parts are not all there are.
pub fn judge_fleet<'t>(
    dossier: &Dossier,
    batches: impl Iterator<Item = &'t Table>,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
) -> Result<FleetJudgement, FleetError> {
    if !dossier.installed_complete {
        return Err(FleetError::NotComplete);
    }
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let nothing = || Table::empty(TableKind::Installed);
    let bare = with_tables(dossier, vehicles.take(&[])?, nothing());
    let engine = Engine::new(&bare, packs, zones, settings)?;
    if let Some((condition, why)) = engine.not_additive().into_iter().next() {
        return Err(FleetError::NotAdditive { condition, why });
    }
    let vouched = |vehicle: &str| dossier.is_complete(Population::Components, vehicle);
    let cohorts = Cohorts::new(vehicles, &engine.vehicle_facts(), &vouched);
    let mut lots = Lots::new(&bare, &engine, vehicles, &cohorts);
    let mut sums = Sums::new(vehicles, &cohorts, lots.conditions.len());
    for batch in batches {
        let read = sums.read(batch, &mut lots.fitments);
        lots.judge(read.iter().map(|(_, pair): &(u32, Pair)| *pair))?;
        sums.add(&read, &lots);
    }
    let first = with_tables(&bare, vehicles.take(&cohorts.first)?, nothing());
    let conditions = sums.decided(&lots);
    let compositions = compositions(&engine.among(&first)?, vehicles, &cohorts, &conditions)?;
    let counts = FleetCounts {
        rows: sums.rows,
        fitments: lots.fitments.all.len() as u64,
        judged: lots.judged.len() as u64,
        cohorts: cohorts.first.len() as u64,
    };
    Ok(FleetJudgement { vehicles: names(vehicles), conditions, compositions, counts })
}

fn names(vehicles: &Table) -> Vec<String> {
    (0..vehicles.len()).map(|row| vehicles.text("vehicle", row).unwrap_or_default().to_owned()).collect()
}
