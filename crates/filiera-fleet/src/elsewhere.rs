//! Rows of `installed` that stand elsewhere, on a cluster: they are asked about, not read.
//!
//! The vehicles are cut into ranges. Of each range first the distinct rows are told, which are judged here, then
//! what the rows of each vehicle add up to. Nobody's word is taken for it: every answer is checked against the
//! footers of the files, and the second against the first, before it counts.

mod added;
mod asking;
mod columns;
mod distinct;
mod footers;
mod learned;
mod ranges;
mod ready;
mod sql;
mod sums;
mod weights;

use std::sync::Arc;

use arrow::array::RecordBatch;
use filiera_engine::{Additive, Engine, Settings};
use filiera_model::Zones;
use filiera_packs::Pack;
use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::FxHashSet;

use crate::asked::with_tables;
use crate::judge::{FleetCondition, FleetCounts, FleetDecision, Hears, bare, concluded, tell};
use crate::judged::vehicle_columns;
use crate::lanes::PER_CONDITION;
use crate::opening::Opening;
use crate::papers::Papers;
use crate::sums::{Pending, Sums};
use crate::told::Teller;
use crate::views::Views;
use crate::{FleetError, FleetJudgement, Tells, Told, Unlisted};
use added::Added;
use learned::Learned;
use ranges::cut;
use ready::Ready;
use sums::OfVehicles;
use weights::Adding;

pub use asking::{Asking, Asks, Question};
pub use footers::{Footers, Group};

/// Whoever has the rows of `installed`.
pub trait Elsewhere: Sync {
    /// Who it is, for somebody who looks for what went wrong.
    fn name(&self) -> String;

    /// How many questions it answers at once, as far as it is known by now.
    fn at_once(&self) -> usize;

    /// What the footers of the files of `installed` tell.
    ///
    /// # Errors
    /// [`FleetError::NoAnswer`].
    fn footers(&self) -> Result<Footers, FleetError>;

    /// An answer, once it is whole. It may give up when it `is_wanted` no more.
    ///
    /// # Errors
    /// [`FleetError::NoAnswer`]: it may be asked again.
    fn ask(&self, question: &Question, is_wanted: &dyn Fn() -> bool) -> Result<RecordBatch, FleetError>;
}

/// Judges every vehicle as [`judge_whole`](crate::judge_whole) does, the rows of `installed` being elsewhere: each
/// distinct row is judged here and added up there; what a sum does not tell is judged here from all rows of its
/// vehicle. `progress` hears how many of how many questions are answered.
///
/// # Errors
/// As [`judge_fleet`](crate::judge_fleet); [`FleetError::NoAnswer`] when an answer does not come, or does not
/// hold good however often it is asked for.
pub fn judge_elsewhere(
    dossier: &Dossier,
    asking: &Asking<'_>,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    tells: Option<Tells<'_>>,
    progress: &dyn Fn(usize, usize),
) -> Result<FleetJudgement, FleetError> {
    let ground = (dossier, packs, zones, settings);
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let bare = bare(dossier)?;
    let opening = Opening::new(dossier, &bare, packs, zones, settings)?;
    let Some(tells) = tells else {
        let (mut judged, added) = added_up((&opening, &bare), vehicles, asking, &mut None, progress)?;
        added.settle(asking, ground, vehicles, &mut judged, &mut |_, _, _| Ok(()))?;
        return Ok(judged);
    };
    let mut teller = Teller::new(&opening.engine, vehicles, settings, tells);
    let mut hears = |vehicle: u32, found: &[Option<FleetDecision>]| teller.hear(vehicle, found);
    let (mut judged, added) = added_up((&opening, &bare), vehicles, asking, &mut Some(&mut hears), progress)?;
    teller.compositions(&bare, dossier, &judged)?;
    added.settle(asking, ground, vehicles, &mut judged, &mut |judged, row, one| {
        teller.left(judged, row, one)
    })?;
    teller.others(&judged)?;
    Ok(judged)
}

/// Adds up. What a sum does not tell is left.
fn added_up(
    (Opening { engine, facts, cohorts }, bare): (&Opening<'_>, &Dossier),
    vehicles: &Table,
    asking: &Asking<'_>,
    hears: &mut Option<Hears<'_>>,
    progress: &dyn Fn(usize, usize),
) -> Result<(FleetJudgement, Added), FleetError> {
    let firsts = vehicles.take(&cohorts.first)?;
    let first = with_tables(bare, firsts.clone(), Table::empty(TableKind::Installed));
    let among = engine.among(&first)?;
    let views = Views::new(&among, vehicles, cohorts, facts)?;
    let footers = asking.elsewhere.footers()?;
    let ranges = cut(&footers, vehicles, asking.rows);
    let told = vehicle_columns(vehicles, cohorts, &views)?;
    let ready = Ready::new(&footers, ranges, &views, &told)?;
    let of = 2 * ready.ranges.len();
    let distinct = ready.distinct(asking, footers.rows(), &|done| progress(done, of))?;
    let learned = Learned::new((engine, bare), vehicles, &views, &firsts, &distinct)?;
    let adding = Adding::new(&learned.packed, footers.rows());
    let conditions = engine.additive();
    let sums = learned.sums((engine, &conditions), cohorts, hears.is_some());
    let mut taken = Taken::new(&ready, conditions.len(), vehicles.len());
    ready.sums(asking, (&distinct, &learned.numbers), &adding, &mut |place, found| {
        progress(ready.ranges.len() + place + 1, of);
        taken.take(found, &sums, hears)
    })?;
    let groups = distinct.iter().map(|one| one.counts.len() as u64).sum();
    let (kinds, cohort_count) = (learned.kinds, cohorts.first.len() as u64);
    let counts = FleetCounts { rows: taken.rows, groups, kinds, cohorts: cohort_count };
    let named =
        named(engine, &conditions, taken.told, taken.papers.counted(engine, sums.waiting, sums.shares));
    let judged = concluded(&among, vehicles, cohorts, named, (counts, taken.unlisted))?;
    Ok((judged, taken.added))
}

fn named(
    engine: &Engine<'_>,
    conditions: &[Additive],
    told: Vec<Vec<Told>>,
    counted: Vec<FleetCondition>,
) -> Vec<FleetCondition> {
    let named = conditions.iter().zip(told).zip(counted).filter_map(|((condition, told), counted)| {
        let (pack, name, reading) = engine.name_of(*condition)?;
        let (pack, condition) = (pack.to_owned(), name.to_owned());
        Some(FleetCondition { pack, condition, reading: reading.map(str::to_owned), told, ..counted })
    });
    named.collect()
}

/// What was found of vehicles so far.
struct Taken {
    /// Of each condition and row of `vehicles`.
    told: Vec<Vec<Told>>,
    /// Where the values lie: no papers.
    papers: Papers,
    added: Added,
    /// Of vehicles that are judged by kind.
    rows: u64,
    unlisted: Unlisted,
}

impl Taken {
    fn new(ready: &Ready<'_>, conditions: usize, vehicles: usize) -> Self {
        let told = vec![vec![Told::default(); vehicles]; conditions];
        let added = Added::new(ready.ranges.clone(), ready.columns.clone());
        Self { told, papers: Papers::new(conditions), added, rows: 0, unlisted: Unlisted::default() }
    }

    fn take(
        &mut self,
        found: OfVehicles,
        sums: &Sums<'_, '_>,
        hears: &mut Option<Hears<'_>>,
    ) -> Result<(), FleetError> {
        self.rows += found.rows.iter().map(|(_, rows)| rows).sum::<u64>();
        self.unlisted.merge(&found.unlisted);
        let own = found.sums.iter().map(|(vehicle, open, own)| (*vehicle, unpacked(sums, *open, own)));
        let pending = Pending::without_papers(own.collect());
        self.added.take(found);
        let mut found = pending.found(sums).into_iter();
        found.try_for_each(|(found, tally)| {
            self.papers.add(&tally);
            tell(&mut self.told, &FxHashSet::default(), &found, hears)
        })
    }
}

/// The sums of every lane of every condition.
fn unpacked(sums: &Sums<'_, '_>, open: i128, own: &[i128]) -> Vec<i128> {
    let mut all = vec![0; sums.conditions.len() * PER_CONDITION];
    sums.packed.unpack(own, &mut all);
    all.chunks_mut(PER_CONDITION).filter_map(<[i128]>::last_mut).for_each(|lane| *lane += open);
    all
}
