//! A fleet judged to the end, and its findings told one by one as they are made: none is kept.

use std::sync::Arc;

use filiera_engine::{Additive, Engine, Judgement, MemberFound, Settings};
use filiera_finding::Finding;
use filiera_model::{Day, Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population, Table, TableKind};
use rustc_hash::FxHashSet;

use crate::asked::with_tables;
use crate::cohorts::Cohorts;
use crate::composing::Composing;
use crate::each::{is_for_each, judge_each};
use crate::judge::{is_of_vehicles, judge_some};
use crate::left::of_vehicles;
use crate::papers::LeftPapers;
use crate::{FleetDecision, FleetError, FleetJudgement, Pieces, judge_fleet};

/// Hears each finding, and whether it was made by adding up: then it lacks what only the rows tell.
pub type Tells<'t> = &'t mut dyn FnMut(&Finding, bool) -> Result<(), FleetError>;

/// Judges every vehicle of a dossier from its installed parts, and those of which a sum does not tell from
/// all their rows. `dossier` holds all tables but `installed`. Where a condition is more than a sum over the rows
/// of a vehicle, the engine judges all vehicles so, some thousands at a time.
///
/// `tells` hears one finding per condition and subject, vehicles as they come; `progress` how many of how many
/// pieces are done.
///
/// # Errors
/// [`FleetError`] when some condition asks about several vehicles together, or the installed parts are not all
/// there are.
pub fn judge_whole(
    dossier: &Dossier,
    pieces: &dyn Pieces,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    tells: Option<Tells<'_>>,
    progress: &dyn Fn(usize, usize),
) -> Result<FleetJudgement, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let ground = (dossier, packs, zones, settings);
    let bare = with_tables(dossier, vehicles.take(&[])?, Table::empty(TableKind::Installed));
    let engine = || Engine::uncited(&bare, packs, zones, settings);
    let Some(tells) = tells else {
        let mut judged = match judge_fleet(dossier, pieces, packs, zones, settings, None, progress) {
            Err(error @ FleetError::NotAdditive { .. }) => {
                let engine = engine()?;
                let each = is_for_each(dossier, &engine);
                return if each {
                    judge_each(ground, (&engine, &bare), pieces, None, progress)
                } else {
                    Err(error)
                };
            }
            judged => judged?,
        };
        settle_left(ground, pieces, vehicles, &mut judged, &mut |_, _, _| Ok(()))?;
        return Ok(judged);
    };
    let engine = engine()?;
    if is_for_each(dossier, &engine) {
        return judge_each(ground, (&engine, &bare), pieces, Some(tells), progress);
    }
    let mut teller = Teller::new(&engine, vehicles, settings, tells);
    let mut hears = |vehicle: u32, found: &[Option<FleetDecision>]| teller.hear(vehicle, found);
    let mut judged = judge_fleet(dossier, pieces, packs, zones, settings, Some(&mut hears), progress)?;
    teller.compositions(&bare, dossier, &judged)?;
    settle_left(ground, pieces, vehicles, &mut judged, &mut |judged, row, one| {
        teller.left(judged, row, one)
    })?;
    teller.others(&judged)?;
    Ok(judged)
}

pub(crate) type Ground<'g> = (&'g Dossier, &'g [Arc<Pack>], &'g Zones, &'g Settings);

/// Is told of a vehicle and what was found of it.
pub(crate) type HearsLeft<'h> = &'h mut dyn FnMut(&FleetJudgement, u32, &Finding) -> Result<(), FleetError>;

/// Has the engine judge what sums do not tell, and takes it over.
pub(crate) fn settle_left(
    ground: Ground<'_>,
    pieces: &dyn Pieces,
    vehicles: &Table,
    judged: &mut FleetJudgement,
    hears: HearsLeft<'_>,
) -> Result<(), FleetError> {
    let left = std::mem::take(&mut judged.left);
    let mut papers = LeftPapers::default();
    let mut taken = Ok(());
    let mut take = |some: &[u32], found: Judgement, (engine, installed): (&Engine<'_>, &Table)| {
        let mut open = FxHashSet::default();
        for (row, finding) in of_vehicles(judged, vehicles, some, &found) {
            if taken.is_ok() {
                taken = hears(judged, row, finding);
            }
            open.extend(judged.opens(row, finding).map(|place| (place, finding.subject.clone())));
            judged.take(row, finding);
        }
        if taken.is_ok() {
            taken = papers.look(engine, installed, &open);
        }
    };
    judge_some(ground, pieces, &left, &mut take)?;
    judged.left = left;
    taken?;
    papers.give(ground, &mut judged.conditions)
}

/// Makes findings of what is heard.
pub(crate) struct Teller<'e, 'a, 't> {
    engine: &'e Engine<'a>,
    vehicles: &'e Table,
    law_as_of: Day,
    /// Each condition with the column that dates it.
    conditions: Vec<(Additive, Option<String>)>,
    tells: Tells<'t>,
    /// Vehicles whose findings were told, compositions aside.
    told: FxHashSet<u32>,
}

impl<'e, 'a, 't> Teller<'e, 'a, 't> {
    pub fn new(engine: &'e Engine<'a>, vehicles: &'e Table, settings: &Settings, tells: Tells<'t>) -> Self {
        let dated = |one: Additive| (one, engine.dated_by(one).map(str::to_owned));
        let conditions = engine.additive().into_iter().map(dated).collect();
        let law_as_of = settings.law_as_of;
        Self { engine, vehicles, law_as_of, conditions, tells, told: FxHashSet::default() }
    }

    /// Tells of a vehicle, if sums tell all of it.
    pub fn hear(&mut self, vehicle: u32, found: &[Option<FleetDecision>]) -> Result<(), FleetError> {
        if found.len() != self.conditions.len() || found.iter().any(Option::is_none) {
            return Ok(());
        }
        let row = vehicle as usize;
        let Some(name) = self.vehicles.text("vehicle", row) else { return Ok(()) };
        for ((condition, dated), decision) in self.conditions.iter().zip(found) {
            if !self.engine.is_told(*condition) {
                continue;
            }
            let decision = match decision {
                Some(FleetDecision::Decided(decision)) => Some(decision.as_ref()),
                _ => None,
            };
            let day = self.day(dated.as_deref(), row);
            if let Some(finding) = self.engine.finding_by_sum(*condition, name, day, decision) {
                (self.tells)(&finding, true)?;
            }
        }
        self.told.insert(vehicle);
        Ok(())
    }

    /// Tells what the engine found of a vehicle that is left, as far as it was not told.
    pub fn left(&mut self, judged: &FleetJudgement, row: u32, finding: &Finding) -> Result<(), FleetError> {
        if self.told.contains(&row) && !judged.is_composed(finding) {
            return Ok(());
        }
        (self.tells)(finding, false)
    }

    /// Tells what was found of subjects that are no vehicles.
    pub fn others(&mut self, judged: &FleetJudgement) -> Result<(), FleetError> {
        let others = judged.others.findings.iter().chain(&judged.others.readings);
        let mut others = others.filter(|one| !is_of_vehicles(&judged.others, one));
        others.try_for_each(|finding| (self.tells)(finding, false))
    }

    fn day(&self, dated_by: Option<&str>, row: usize) -> Day {
        dated_by.and_then(|column| self.vehicles.day(column, row)).unwrap_or(self.law_as_of)
    }

    /// Tells what compositions make of the vehicles that are not left.
    pub fn compositions(
        &mut self,
        bare: &Dossier,
        dossier: &Dossier,
        judged: &FleetJudgement,
    ) -> Result<(), FleetError> {
        if judged.compositions.is_empty() {
            return Ok(());
        }
        let vouched = |vehicle: &str| dossier.is_complete(Population::Components, vehicle);
        let cohorts = Cohorts::new(self.vehicles, &self.engine.vehicle_facts(), &vouched);
        let firsts = self.vehicles.take(&cohorts.first)?;
        let first = with_tables(bare, firsts, Table::empty(TableKind::Installed));
        let among = self.engine.among(&first)?;
        let mut composing = Composing::new(&among, judged)?;
        let left: FxHashSet<u32> = judged.left.iter().copied().collect();
        for row in (0..self.vehicles.len() as u32).filter(|row| !left.contains(row)) {
            let cohort = cohorts.of.get(row as usize).copied().flatten();
            let alike = cohort.and_then(|cohort| cohorts.first.get(cohort as usize));
            let alike = alike.and_then(|first| self.vehicles.text("vehicle", *first as usize));
            if let Some((cohort, alike)) = cohort.zip(alike) {
                let name = self.vehicles.text("vehicle", row as usize).unwrap_or_default();
                let leaves = self.leaves(row as usize, judged);
                for finding in composing.of(judged, (cohort, alike, name), leaves) {
                    (self.tells)(&finding, true)?;
                }
            }
        }
        Ok(())
    }

    /// What was found of a vehicle under every condition that adds up.
    fn leaves(&self, row: usize, judged: &FleetJudgement) -> Vec<Option<MemberFound>> {
        let all = self.conditions.iter().zip(&judged.conditions);
        all.map(|((condition, dated), one)| {
            let verdicts = one.told.get(row)?.pair()?;
            let day = self.day(dated.as_deref(), row);
            let is_silent = verdicts[0] == Verdict::NotApplicable;
            let on = self.engine.judged_on(*condition, day, is_silent);
            Some(MemberFound { verdicts, on })
        })
        .collect()
    }
}
