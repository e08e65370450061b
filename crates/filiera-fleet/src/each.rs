//! Fleets of which some condition is more than a sum: the engine judges every vehicle, some at a time, from rows
//! that are read for it.

use std::cell::Cell;
use std::collections::BTreeMap;

use filiera_engine::{Engine, Judgement};
use filiera_finding::{Finding, PaperAsked, PaperTally};
use filiera_model::Verdict;
use filiera_tables::{Dossier, Population, Table, TableKind};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::asked::with_tables;
use crate::cohorts::Cohorts;
use crate::judge::{FleetComposition, FleetCondition, FleetCounts, is_of_vehicles};
use crate::singly::judge_singly;
use crate::told::{Ground, Tells};
use crate::{FleetError, FleetJudgement, Pieces, Told, Unlisted, tenths};

/// Whether adding up leaves a condition over that judges each vehicle by its own rows, and none but such.
pub(crate) fn is_for_each(dossier: &Dossier, engine: &Engine<'_>) -> bool {
    dossier.installed_complete && !engine.not_additive().is_empty() && engine.not_of_one_vehicle().is_empty()
}

/// Judges every vehicle by all its rows. `bare` has no vehicles; `progress` hears how many of how many vehicles
/// are done.
pub(crate) fn judge_each(
    (dossier, ..): Ground<'_>,
    (engine, bare): (&Engine<'_>, &Dossier),
    pieces: &dyn Pieces,
    mut tells: Option<Tells<'_>>,
    progress: &dyn Fn(usize, usize),
) -> Result<FleetJudgement, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let unlisted = unlisted(pieces, vehicles)?;
    let others = of_others(dossier, engine, bare, vehicles)?;
    let left: Vec<u32> = (0..vehicles.len() as u32).collect();
    let mut found = Found::default();
    let (mut done, mut taken) = (0, Ok(()));
    let rows = Cell::new(0);
    let mut hears = |some: &[u32], judgement: Judgement, _: (&Engine<'_>, &Table)| {
        let own: BTreeMap<&str, u32> =
            some.iter().filter_map(|row| Some((vehicles.text("vehicle", *row as usize)?, *row))).collect();
        let all = judgement.findings.iter().chain(&judgement.readings);
        let of_vehicles = all.filter(|one| is_of_vehicles(&judgement, one));
        for (row, finding) in of_vehicles.filter_map(|one| Some((*own.get(one.subject.as_str())?, one))) {
            found.take(row, finding, vehicles.len());
            if let (Ok(()), Some(tells)) = (&taken, &mut tells) {
                taken = tells(finding, false);
            }
        }
        done += some.len();
        progress(done, left.len());
    };
    judge_singly(engine, bare, vehicles, &left, pieces, &rows, &mut hears)?;
    taken?;
    if let Some(tells) = tells {
        others.findings.iter().chain(&others.readings).try_for_each(|finding| tells(finding, false))?;
    }
    let counts = FleetCounts { rows: rows.get(), ..FleetCounts::default() };
    found.name_papers();
    let Found { conditions, compositions, .. } = found;
    let singly = engine.not_additive();
    Ok(FleetJudgement { conditions, compositions, others, left, counts, unlisted, singly })
}

/// The rows of vehicles that are not listed. Refuses what no table holds, as whoever adds up does.
fn unlisted(pieces: &dyn Pieces, vehicles: &Table) -> Result<Unlisted, FleetError> {
    let names: FxHashSet<&str> = vehicles.texts("vehicle").flatten().collect();
    let of_piece = |piece: usize| -> Result<Unlisted, FleetError> {
        let numbered = pieces.numbered(piece)?.checked()?;
        let (mut found, mut start) = (Unlisted::default(), 0);
        for (vehicle, end) in &numbered.vehicles {
            let name = numbered.vehicle_names.get(*vehicle).filter(|name| !names.contains(name));
            let own =
                name.map(|name| Unlisted { rows: u64::from(end - start), first: Some(name.to_owned()) });
            own.iter().for_each(|own| found.merge(own));
            start = *end;
        }
        Ok(found)
    };
    let all: Vec<Unlisted> = (0..pieces.count()).into_par_iter().map(of_piece).collect::<Result<_, _>>()?;
    let mut found = Unlisted::default();
    all.iter().for_each(|one| found.merge(one));
    Ok(found)
}

/// What is found of subjects that are no vehicles, of which the first vehicle of each cohort tells everything.
fn of_others(
    dossier: &Dossier,
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
) -> Result<Judgement, FleetError> {
    let vouched = |vehicle: &str| dossier.is_complete(Population::Components, vehicle);
    let cohorts = Cohorts::new(vehicles, &engine.vehicle_facts(), &vouched);
    let first = with_tables(bare, vehicles.take(&cohorts.first)?, Table::empty(TableKind::Installed));
    let mut judged = engine.among(&first)?.judge(&|_, _| {})?;
    let findings = std::mem::take(&mut judged.findings);
    let readings = std::mem::take(&mut judged.readings);
    let own =
        |all: Vec<Finding>| all.into_iter().filter(|one| !is_of_vehicles(&judged, one)).collect::<Vec<_>>();
    let (findings, readings) = (own(findings), own(readings));
    Ok(Judgement { findings, readings, ..judged })
}

/// The verdicts on vehicles, condition by condition, as they come.
#[derive(Default)]
struct Found {
    places: BTreeMap<(String, String, Option<String>), (bool, usize)>,
    conditions: Vec<FleetCondition>,
    compositions: Vec<FleetComposition>,
    /// Of each condition in how many open vehicles each paper is missing.
    missing: BTreeMap<usize, BTreeMap<String, u64>>,
}

impl Found {
    fn take(&mut self, row: u32, finding: &Finding, vehicles: usize) {
        let key = (finding.pack.clone(), finding.condition.clone(), finding.reading.clone());
        let verdicts = [finding.verdict, finding.legal];
        let known = self.places.get(&key).copied();
        let (is_composed, place) =
            known.unwrap_or_else(|| self.begin(key, finding.form.is_composition(), vehicles));
        if is_composed {
            let slot = self.compositions.get_mut(place).and_then(|one| one.verdicts.get_mut(row as usize));
            slot.into_iter().for_each(|slot| *slot = Some(verdicts));
        } else {
            let Some(one) = self.conditions.get_mut(place) else { return };
            one.told.get_mut(row as usize).into_iter().for_each(|slot| *slot = Told::of(verdicts));
            tenths::count(&mut one.tenths, finding);
            if finding.verdict == Verdict::Undetermined {
                one.looked_into += 1;
                let missing = self.missing.entry(place).or_default();
                finding.missing.iter().for_each(|paper| *missing.entry(paper.clone()).or_default() += 1);
            }
        }
    }

    /// The papers that findings name, which do not tell what decides.
    fn name_papers(&mut self) {
        for (place, missing) in std::mem::take(&mut self.missing) {
            let papers = missing.into_iter().map(|(paper, count)| PaperTally {
                paper: PaperAsked::named(paper),
                missing_in: count,
                decides_in: 0,
                either_way_in: 0,
                untold_in: count,
            });
            if let Some(one) = self.conditions.get_mut(place) {
                one.papers = papers.collect();
            }
        }
    }

    fn begin(
        &mut self,
        key: (String, String, Option<String>),
        is_composed: bool,
        vehicles: usize,
    ) -> (bool, usize) {
        let (pack, condition, reading) = key.clone();
        let place = if is_composed {
            let verdicts = vec![None; vehicles];
            self.compositions.push(FleetComposition { pack, condition, reading, verdicts });
            self.compositions.len() - 1
        } else {
            let told = vec![Told::default(); vehicles];
            let named = FleetCondition { pack, condition, reading, told, ..FleetCondition::default() };
            self.conditions.push(named);
            self.conditions.len() - 1
        };
        self.places.insert(key, (is_composed, place));
        (is_composed, place)
    }
}
