//! Each kind of installed part judged once, then added up per vehicle.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use filiera_engine::{Decision, Engine, Judgement, Settings};
use filiera_finding::{ConditionShown, Finding, PaperTally, Tenths};
use filiera_model::{Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Table, TableKind};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::asked::{Stands, learned, standings, with_tables};
use crate::coded::{Coded, Known, Unlisted};
use crate::cohorts::Cohorts;
use crate::composed::compositions;
use crate::kinds::Kinds;
use crate::lanes::{Lanes, Packed};
use crate::opening::{Opening, firsts};
use crate::papers::{Papers, Waiting};
use crate::singly::{HearsSome, judge_singly};
use crate::sums::{Found, OfPiece, Pending, Shared, Sums, Told, base};
use crate::tenths::Share;
use crate::told::Ground;
use crate::views::Views;
use crate::{FleetError, Numbered, Pieces};

/// What a fleet was found to be, condition by condition.
#[derive(Clone, Debug, Default)]
pub struct FleetJudgement {
    /// The conditions whose rows add up.
    pub conditions: Vec<FleetCondition>,
    /// Compositions about vehicles.
    pub compositions: Vec<FleetComposition>,
    /// What was found of subjects that are no vehicles, and what the reports say about every condition.
    pub others: Judgement,
    /// The rows of `vehicles` of which a sum does not tell everything.
    pub left: Vec<u32>,
    /// How much there was to judge.
    pub counts: FleetCounts,
    /// Rows that are judged for nobody.
    pub unlisted: Unlisted,
    /// The conditions that are more than a sum, with why: where there are any, every vehicle is left.
    pub singly: Vec<(String, &'static str)>,
}

/// One condition over all vehicles.
#[derive(Clone, Debug, Default)]
pub struct FleetCondition {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading, when it is one.
    pub reading: Option<String>,
    /// Of each row of `vehicles`: the verdicts.
    pub told: Vec<Told>,
    /// Where the values lie, if they are shares.
    pub tenths: Option<Tenths>,
    /// Vehicles that stay open whose papers were counted.
    pub looked_into: u64,
    /// The papers they wait for, in no order.
    pub papers: Vec<PaperTally>,
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
    /// Of each row of `vehicles`.
    pub verdicts: Vec<Option<[Verdict; 2]>>,
}

/// How much there was to judge, and how much of it only once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetCounts {
    /// Rows of `installed` that are of a vehicle.
    pub rows: u64,
    /// Distinct parts with supplier, number, and what matters of lot and day.
    pub groups: u64,
    /// Kinds of parts: what the engine judged.
    pub kinds: u64,
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

/// Hears what is found of each vehicle: its row of `vehicles`, and of each condition the decision, nothing where
/// a sum does not tell.
pub type Hears<'h> = &'h mut dyn FnMut(u32, &[Option<FleetDecision>]) -> Result<(), FleetError>;

/// So many pieces are judged together, while as many more are read.
const AT_ONCE: usize = 8;

pub(crate) fn adds_up(dossier: &Dossier, engine: &Engine<'_>) -> Result<(), FleetError> {
    if !dossier.installed_complete {
        return Err(FleetError::NotComplete);
    }
    match engine.not_additive().into_iter().next() {
        Some((condition, why)) => Err(FleetError::NotAdditive { condition, why }),
        None => Ok(()),
    }
}

/// The dossier without its vehicles.
pub(crate) fn bare(dossier: &Dossier) -> Result<Dossier, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    Ok(with_tables(dossier, vehicles.take(&[])?, Table::empty(TableKind::Installed)))
}

/// Whether a finding is of a condition about vehicles.
pub(crate) fn is_of_vehicles(judged: &Judgement, finding: &Finding) -> bool {
    let is_own = |one: &ConditionShown| {
        one.pack == finding.pack && one.condition == finding.condition && one.per == "vehicle"
    };
    judged.conditions.iter().any(is_own)
}

/// Judges every vehicle of a dossier from its installed parts.
///
/// `dossier` holds all tables but `installed`. Findings are the engine's: what a sum does not tell is left open
/// here. `hears` makes bounds, which takes longer; `progress` is told how many of how many pieces are done.
///
/// # Errors
/// [`FleetError`] when some condition does not add up, or the installed parts are not all there are.
pub fn judge_fleet(
    dossier: &Dossier,
    pieces: &dyn Pieces,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    mut hears: Option<Hears<'_>>,
    progress: &dyn Fn(usize, usize),
) -> Result<FleetJudgement, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let bare = bare(dossier)?;
    let mut waves =
        (0..pieces.count()).step_by(AT_ONCE).map(|start| start..pieces.count().min(start + AT_ONCE));
    let begins = waves.next().unwrap_or_default();
    // The first pieces are fetched while the engine takes the other tables in.
    let (asked, fetched) = rayon::join(
        || Opening::new(dossier, &bare, packs, zones, settings),
        || begins.clone().into_par_iter().map(|piece| pieces.numbered(piece)).collect::<Vec<_>>(),
    );
    let Opening { engine, facts, cohorts } = asked?;
    let firsts = firsts(&bare, vehicles, &cohorts)?;
    let among = engine.among(&firsts)?;
    let views = Views::new(&among, vehicles, &cohorts, &facts)?;
    let mut fleet = Fleet::new(&engine, &bare, vehicles, &cohorts, &views);
    let fetched = begins.clone().into_par_iter().zip(fetched);
    let mut own: Vec<(Coded, Shared)> =
        fetched.map(|(piece, fetched)| coded(pieces, piece, fetched, &views)).collect::<Result<_, _>>()?;
    let mut done = begins.end;
    while !own.is_empty() {
        // The next pieces are read while these are judged.
        let mut next = Ok(Vec::new());
        let wave = waves.next().unwrap_or_default();
        let end = wave.end.max(done);
        rayon::in_place_scope(|scope| {
            let (next, views) = (&mut next, &views);
            scope.spawn(move |_| *next = read_all(pieces, wave, views));
            fleet.judge(own, &mut hears)
        })?;
        own = next?;
        progress(done, pieces.count());
        done = end;
    }
    let unlisted = std::mem::take(&mut fleet.unlisted);
    let (conditions, counts) = fleet.finish(&mut hears)?;
    concluded(&among, vehicles, &cohorts, conditions, (counts, unlisted))
}

/// What follows from the conditions whose rows were added up. `among` knows the first vehicle of each cohort.
pub(crate) fn concluded(
    among: &Engine<'_>,
    vehicles: &Table,
    cohorts: &Cohorts,
    conditions: Vec<FleetCondition>,
    (counts, unlisted): (FleetCounts, Unlisted),
) -> Result<FleetJudgement, FleetError> {
    let mut others = among.judge(&|_, _| {})?;
    let compositions = compositions(among, vehicles, cohorts, &conditions, &others)?;
    let of_others = others.findings.iter().filter(|one| !is_of_vehicles(&others, one)).cloned();
    others.findings = of_others.collect();
    let left = (0..vehicles.len() as u32).filter(|vehicle| {
        let row = *vehicle as usize;
        let is_open = |told: &[Told]| told.get(row).is_none_or(|told| told.pair().is_none());
        conditions.iter().any(|one| is_open(&one.told))
            || compositions.iter().any(|one| one.verdicts.get(row).is_none_or(Option::is_none))
    });
    let left = left.collect();
    let singly = Vec::new();
    Ok(FleetJudgement { conditions, compositions, others, left, counts, unlisted, singly })
}

/// Has the engine judge the vehicles that are left, from all their rows; `hears` is told what is found of some
/// of them.
///
/// # Errors
/// As [`judge_fleet`].
pub fn judge_left(
    dossier: &Dossier,
    pieces: &dyn Pieces,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    left: &[u32],
    hears: &mut dyn FnMut(&[u32], Judgement),
) -> Result<(), FleetError> {
    let mut heard = |some: &[u32], found: Judgement, _: (&Engine<'_>, &Table)| hears(some, found);
    judge_some((dossier, packs, zones, settings), pieces, left, &mut heard)
}

/// The same; `hears` is also told from whom and from which rows.
pub(crate) fn judge_some(
    (dossier, packs, zones, settings): Ground<'_>,
    pieces: &dyn Pieces,
    left: &[u32],
    hears: HearsSome<'_>,
) -> Result<(), FleetError> {
    if left.is_empty() {
        return Ok(());
    }
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let bare = bare(dossier)?;
    let engine = Engine::uncited(&bare, packs, zones, settings)?;
    judge_singly(&engine, &bare, vehicles, left, pieces, &Cell::new(0), hears)
}

struct Fleet<'e, 'a> {
    engine: &'e Engine<'a>,
    bare: &'e Dossier,
    vehicles: &'e Table,
    cohorts: &'e Cohorts,
    views: &'e Views<'e>,
    conditions: Vec<filiera_engine::Additive>,
    kinds: Kinds<'e, 'a>,
    lanes: Lanes,
    waiting: Waiting,
    papers: Papers,
    shares: Vec<Option<Share>>,
    stands: Option<Vec<Vec<Stands>>>,
    pending: Pending,
    /// Of each condition and row of `vehicles`.
    told: Vec<Vec<Told>>,
    /// Vehicles of which rows were met before anything could be asked.
    skipped: FxHashSet<u32>,
    rows: u64,
    unlisted: Unlisted,
}

impl<'e, 'a> Fleet<'e, 'a> {
    fn new(
        engine: &'e Engine<'a>,
        bare: &'e Dossier,
        vehicles: &'e Table,
        cohorts: &'e Cohorts,
        views: &'e Views<'e>,
    ) -> Self {
        let conditions = engine.additive();
        Self {
            engine,
            bare,
            vehicles,
            cohorts,
            views,
            kinds: Kinds::new(engine, views),
            lanes: Lanes::new(conditions.len()),
            waiting: Waiting::default(),
            papers: Papers::new(conditions.len()),
            shares: conditions.iter().map(|one| Share::of(engine, *one)).collect(),
            stands: None,
            pending: Pending::default(),
            told: vec![vec![Told::default(); vehicles.len()]; conditions.len()],
            conditions,
            skipped: FxHashSet::default(),
            rows: 0,
            unlisted: Unlisted::default(),
        }
    }

    fn judge(&mut self, read: Vec<(Coded, Shared)>, hears: &mut Option<Hears<'_>>) -> Result<(), FleetError> {
        let (coded, shared): (Vec<Coded>, Vec<Shared>) = read.into_iter().unzip();
        let kinds = self.kinds.of(&coded)?;
        self.rows += coded.iter().flat_map(|one| &one.runs).map(|run| u64::from(run.rows)).sum::<u64>();
        coded.iter().for_each(|one| self.unlisted.merge(&one.unlisted));
        self.learn()?;
        let Some(stands) = &self.stands else {
            // No part is of any kind yet, so nothing could be asked: these go back to the engine.
            self.skipped.extend(coded.iter().flat_map(|one| &one.runs).map(|run| run.vehicle));
            return Ok(());
        };
        let before = self.lanes.units().to_vec();
        let base = base(stands, &mut self.lanes)?;
        self.pending.rescale(&before, self.lanes.units());
        let packed = self.lanes.packed()?;
        let sums = self.sums(stands, base, &packed, hears.is_some());
        let all: Vec<OfPiece> = coded
            .par_iter()
            .zip(&kinds)
            .zip(&shared)
            .map(|((coded, kinds), shared)| sums.of_piece(coded, kinds, shared))
            .collect();
        for one in all {
            tell(&mut self.told, &self.skipped, &one.found, hears)?;
            let numbers = self.papers.take(one.papers, &one.tally);
            self.pending.add(one.sums, &numbers, self.conditions.len());
        }
        Ok(())
    }

    fn sums<'s>(
        &'s self,
        stands: &'s [Vec<Stands>],
        base: Vec<Vec<i64>>,
        packed: &'s Packed,
        wants_bounds: bool,
    ) -> Sums<'s, 'a> {
        let (engine, conditions, cohorts) =
            (self.engine, self.conditions.as_slice(), self.cohorts.of.as_slice());
        let (waiting, shares, skipped) = (&self.waiting, self.shares.as_slice(), &self.skipped);
        Sums { engine, conditions, cohorts, stands, base, packed, waiting, shares, skipped, wants_bounds }
    }

    /// Asks the engine about the kinds that are new.
    fn learn(&mut self) -> Result<(), FleetError> {
        let new = self.kinds.samples().get(self.lanes.len()..).unwrap_or_default();
        let learned = learned(self.engine, self.bare, self.vehicles, &self.views.first, new)?;
        let before = self.lanes.units().to_vec();
        let (added, waits) = learned.into_iter().map(|one| (one.adds, one.waits)).unzip();
        self.lanes.extend(added)?;
        self.waiting.extend(waits);
        self.pending.rescale(&before, self.lanes.units());
        if let (None, Some(any)) = (&self.stands, self.kinds.samples().first()) {
            let firsts = self.vehicles.take(&self.cohorts.first)?;
            self.stands = Some(standings(self.engine, self.bare, &firsts, any)?);
        }
        Ok(())
    }

    fn finish(
        mut self,
        hears: &mut Option<Hears<'_>>,
    ) -> Result<(Vec<FleetCondition>, FleetCounts), FleetError> {
        let pending = std::mem::take(&mut self.pending);
        if let Some(stands) = &self.stands {
            let base = base(stands, &mut self.lanes)?;
            let packed = self.lanes.packed()?;
            let sums = self.sums(stands, base, &packed, hears.is_some());
            for (found, tally) in pending.found(&sums) {
                tell(&mut self.told, &self.skipped, &found, hears)?;
                self.papers.add(&tally);
            }
        }
        let counts = FleetCounts {
            rows: self.rows,
            groups: self.kinds.groups() as u64,
            kinds: self.kinds.samples().len() as u64,
            cohorts: self.cohorts.first.len() as u64,
        };
        let counted = self.papers.counted(self.engine, &self.waiting, &self.shares);
        let all = self.conditions.iter().zip(self.told).zip(counted);
        let named = all.filter_map(|((condition, told), counted)| {
            let (pack, name, reading) = self.engine.name_of(*condition)?;
            let (pack, condition) = (pack.to_owned(), name.to_owned());
            Some(FleetCondition { pack, condition, reading: reading.map(str::to_owned), told, ..counted })
        });
        Ok((named.collect(), counts))
    }
}

/// Some pieces by their distinct rows.
fn read_all(
    pieces: &dyn Pieces,
    these: Range<usize>,
    views: &Views<'_>,
) -> Result<Vec<(Coded, Shared)>, FleetError> {
    these.into_par_iter().map(|piece| coded(pieces, piece, pieces.numbered(piece), views)).collect()
}

/// A piece by its distinct rows, and which of its vehicles may stand in other pieces too.
fn coded(
    pieces: &dyn Pieces,
    piece: usize,
    fetched: Result<Numbered, FleetError>,
    views: &Views<'_>,
) -> Result<(Coded, Shared), FleetError> {
    let names = pieces.shared(piece);
    let some = RefCell::new(Vec::new());
    let known = |name: &str, before: Option<u32>| {
        let known = views.known(name, before);
        let is_shared = || names.as_ref().is_some_and(|names| names.iter().any(|shared| shared == name));
        if let Known::Seen(seen) = known
            && is_shared()
        {
            some.borrow_mut().push(seen.vehicle);
        }
        known
    };
    let mut coded = Coded::new(fetched?.checked()?, views.len(), &known);
    if coded.is_none() {
        // What stands in the file is not sound: whoever reads its values says what is wrong.
        some.borrow_mut().clear();
        coded = Coded::new(Numbered::of(&pieces.read(piece)?)?.checked()?, views.len(), &known);
    }
    let shared = if names.is_some() { Shared::Only(some.take()) } else { Shared::All };
    Ok((coded.ok_or(FleetError::NoPiece(piece))?, shared))
}

pub(crate) fn tell(
    told: &mut [Vec<Told>],
    skipped: &FxHashSet<u32>,
    found: &Found,
    hears: &mut Option<Hears<'_>>,
) -> Result<(), FleetError> {
    let conditions = told.len();
    for (place, vehicle) in found.vehicles.iter().enumerate().filter(|(_, one)| !skipped.contains(one)) {
        let own = place * conditions..(place + 1) * conditions;
        for (all, own) in told.iter_mut().zip(found.told.get(own.clone()).unwrap_or_default()) {
            if let Some(slot) = all.get_mut(*vehicle as usize) {
                *slot = *own;
            }
        }
        if let Some(hears) = hears {
            hears(*vehicle, found.decisions.get(own).unwrap_or_default())?;
        }
    }
    Ok(())
}
