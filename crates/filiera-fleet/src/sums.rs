//! What the parts of each vehicle add up to, and what that decides.

use std::ops::AddAssign;

use filiera_engine::{Additive, Engine, Standing, Whole};
use filiera_model::{Mark, Verdict};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FleetError;
use crate::asked::Stands;
use crate::coded::{Change, Coded, Run, VIEWS};
use crate::judge::FleetDecision;
use crate::kinds::{Kind, KindsOfPiece, NOTHING, OPEN};
use crate::lanes::{Lanes, PER_CONDITION, Packed, Values, WEIGHTS, exact};
use crate::numbered::NONE;
use crate::papers::{Asked, Here, Part, Tally, Waiting};
use crate::tenths::Share;

/// The vehicles of a piece that may stand in another piece too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    /// All of them.
    All,
    /// At most these.
    Only(Vec<u32>),
}

/// The verdicts of vehicles, by condition, in one byte each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told(u8);

impl Told {
    const SILENT: Self = Self(1);

    /// These verdicts, range and legal, however they were found.
    pub fn of([range, legal]: [Verdict; 2]) -> Self {
        Self(2 + 4 * place(range) + place(legal))
    }

    /// Range and legal verdict; nothing where a sum does not tell.
    pub fn pair(self) -> Option<[Verdict; 2]> {
        let code = self.0.checked_sub(1)?;
        let Some(code) = code.checked_sub(1) else { return Some([Verdict::NotApplicable; 2]) };
        Some([verdict(code / 4), verdict(code % 4)])
    }
}

fn place(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Met => 0,
        Verdict::NotMet => 1,
        Verdict::Undetermined => 2,
        Verdict::NotApplicable => 3,
    }
}

fn verdict(place: u8) -> Verdict {
    match place {
        0 => Verdict::Met,
        1 => Verdict::NotMet,
        2 => Verdict::Undetermined,
        _ => Verdict::NotApplicable,
    }
}

/// What is found of vehicles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub vehicles: Vec<u32>,
    /// Of each vehicle as many as there are conditions.
    pub told: Vec<Told>,
    /// With bounds, when they are asked for.
    pub decisions: Vec<Option<FleetDecision>>,
}

/// What a piece tells: what is found of its vehicles, and the sums of those that may stand elsewhere too, with
/// the papers they wait for.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfPiece {
    pub found: Found,
    pub tally: Tally,
    pub sums: Vec<(u32, Vec<i128>, Here)>,
    /// By the numbers they have in the piece: a paper, and the lot it is of.
    pub papers: Vec<(u32, Option<String>)>,
}

pub(crate) struct Sums<'e, 'a> {
    pub engine: &'e Engine<'a>,
    pub conditions: &'e [Additive],
    /// Of each vehicle its cohort.
    pub cohorts: &'e [Option<u32>],
    /// Of each cohort, condition by condition.
    pub stands: &'e [Vec<Stands>],
    /// Of each cohort what its vehicles have beside what is installed.
    pub base: Vec<Vec<i64>>,
    pub packed: &'e Packed,
    pub waiting: &'e Waiting,
    /// Of each condition, if its value is a share, how that is told.
    pub shares: &'e [Option<Share>],
    /// Vehicles of which rows were met before anything could be asked.
    pub skipped: &'e FxHashSet<u32>,
    pub wants_bounds: bool,
}

/// Sums of vehicles of which there may be more rows.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    sums: FxHashMap<u32, Vec<i128>>,
    /// The papers that they wait for; nothing: they are too many.
    papers: Option<FxHashMap<u32, Here>>,
    /// How many parts `papers` holds.
    parts: usize,
}

/// So many parts of conditions that wait for papers are remembered, some 200 MB.
const MOST_PARTS: usize = 4_000_000;

impl<'e> Sums<'e, '_> {
    /// Adds the rows of a piece up.
    pub fn of_piece(&self, coded: &Coded, kinds: &KindsOfPiece, shared: &Shared) -> OfPiece {
        let tables = Tables::new(kinds, self.packed, self.waiting, self.conditions.len());
        let again = twice(&coded.runs);
        let is_shared = |vehicle: u32| match shared {
            Shared::All => true,
            Shared::Only(some) => some.contains(&vehicle) || again.contains(&vehicle),
        };
        let mut told = OfPiece { tally: Tally::new(self.conditions.len()), ..OfPiece::default() };
        let mut all = vec![0i128; self.conditions.len() * PER_CONDITION];
        let mut totals: Vec<Totals> = (0..VIEWS).map(|_| Totals::new(self.packed.width)).collect();
        let mut papers = OfRows::new(coded);
        for change in coded.changes() {
            let run = change.run;
            let Some(total) = totals.get_mut(run.slot()) else { continue };
            total.apply(&tables, &change, &mut papers);
            all.fill(0);
            self.packed.unpack(&total.sums, &mut all);
            if total.open > 0 {
                let lanes = all.chunks_mut(PER_CONDITION).filter_map(<[i128]>::last_mut);
                lanes.for_each(|lane| *lane += i128::from(total.open));
            }
            if is_shared(run.vehicle) {
                told.sums.push((run.vehicle, all.clone(), total.here.clone()));
            } else {
                self.find(run.vehicle, &mut all, Some(&total.here), &mut told.found, &mut told.tally);
            }
        }
        told.papers = papers.named();
        told
    }

    /// What sums decide of a vehicle; `here`: the papers it waits for, if they are known.
    fn find(
        &self,
        vehicle: u32,
        sums: &mut [i128],
        here: Option<&Here>,
        found: &mut Found,
        tally: &mut Tally,
    ) {
        let Some(cohort) = self.cohorts.get(vehicle as usize).copied().flatten() else { return };
        let (Some(stands), Some(base)) = (self.stands.get(cohort as usize), self.base.get(cohort as usize))
        else {
            return;
        };
        for (sum, base) in sums.iter_mut().zip(base) {
            *sum += i128::from(*base);
        }
        let counts = self.skipped.is_empty() || !self.skipped.contains(&vehicle);
        found.vehicles.push(vehicle);
        for (place, stands) in stands.iter().enumerate() {
            let whole = self.packed.condition(place, sums);
            let (told, decision) = self.decided(place, stands, whole.as_ref());
            found.told.push(told);
            if self.wants_bounds {
                found.decisions.push(decision);
            }
            if let (true, Some((standing, _)), Some(whole)) = (counts, stands, &whole) {
                self.count((place, told), standing, whole, here, tally);
            }
        }
    }

    /// Counts what was found of a vehicle.
    fn count(
        &self,
        (place, told): (usize, Told),
        standing: &Standing,
        whole: &Whole,
        here: Option<&Here>,
        tally: &mut Tally,
    ) {
        let Some([verdict, _]) = told.pair().filter(|[verdict, _]| *verdict != Verdict::NotApplicable) else {
            return;
        };
        if let Some(share) = self.shares.get(place).copied().flatten() {
            tally.share(place, share.tenth(whole));
        }
        if let (Verdict::Undetermined, Some(here), Some(condition)) =
            (verdict, here, self.conditions.get(place))
        {
            tally.look(place, self.engine.reach(*condition, standing, whole).as_ref(), here);
        }
    }

    fn decided(&self, place: usize, stands: &Stands, whole: Option<&Whole>) -> (Told, Option<FleetDecision>) {
        let nothing = (Told::default(), None);
        let (Some((standing, _)), Some(condition)) = (stands, self.conditions.get(place)) else {
            return nothing;
        };
        if standing.speaks == Mark::No {
            return (Told::SILENT, Some(FleetDecision::Silent));
        }
        let Some(whole) = whole else { return nothing };
        let quick = self.engine.verdicts(*condition, standing, whole);
        if let (Some(verdicts), false) = (quick, self.wants_bounds) {
            return (Told::of(verdicts), None);
        }
        let decision = exact(whole).and_then(|total| self.engine.decide(*condition, standing, &total));
        let Some(decision) = decision else { return nothing };
        let told = Told::of(quick.unwrap_or([decision.verdict, decision.legal]));
        (told, Some(FleetDecision::Decided(Box::new(decision))))
    }
}

impl Default for Pending {
    fn default() -> Self {
        Self { sums: FxHashMap::default(), papers: Some(FxHashMap::default()), parts: 0 }
    }
}

impl Pending {
    /// Sums of vehicles of which nobody knows what papers they wait for.
    pub fn without_papers(sums: FxHashMap<u32, Vec<i128>>) -> Self {
        Self { sums, papers: None, parts: 0 }
    }

    /// Counts in finer units: each a whole number of times as fine as before. Rows are counted as ever.
    pub fn rescale(&mut self, before: &[i64], after: &[i64]) {
        let factors: Vec<i64> = before.iter().zip(after).map(|(before, after)| after / before).collect();
        if factors.iter().all(|factor| *factor == 1) {
            return;
        }
        for (condition, factor) in factors.iter().enumerate().filter(|(_, factor)| **factor != 1) {
            let own = condition * PER_CONDITION..condition * PER_CONDITION + WEIGHTS;
            for sums in self.sums.values_mut() {
                let sums = sums.get_mut(own.clone()).into_iter().flatten();
                sums.for_each(|sum| *sum *= i128::from(*factor));
            }
        }
        self.papers.iter_mut().flat_map(FxHashMap::values_mut).for_each(|here| here.rescale(&factors));
    }

    /// Adds what a piece holds of vehicles; `numbers`: what its papers are numbered by here.
    pub fn add(&mut self, sums: Vec<(u32, Vec<i128>, Here)>, numbers: &[u32], conditions: usize) {
        for (vehicle, sums, here) in sums {
            match self.sums.entry(vehicle) {
                std::collections::hash_map::Entry::Vacant(slot) => drop(slot.insert(sums)),
                std::collections::hash_map::Entry::Occupied(mut slot) => {
                    slot.get_mut().iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
                }
            }
            self.wait(vehicle, &here, numbers, conditions);
        }
    }

    fn wait(&mut self, vehicle: u32, here: &Here, numbers: &[u32], conditions: usize) {
        self.parts += here.parts.len();
        if self.parts > MOST_PARTS {
            self.papers = None;
        }
        if let (Some(papers), false) = (&mut self.papers, here.papers.is_empty()) {
            let number = |paper: u32| numbers.get(paper as usize).copied().unwrap_or(NONE);
            papers.entry(vehicle).or_default().merge(here, number, conditions);
        }
    }

    /// What is found of all of them.
    pub fn found(self, sums: &Sums<'_, '_>) -> Vec<(Found, Tally)> {
        let mut all: Vec<(u32, Vec<i128>)> = self.sums.into_iter().collect();
        all.sort_unstable_by_key(|(vehicle, _)| *vehicle);
        let nothing = Here::default();
        let here = |vehicle: u32| self.papers.as_ref().map(|papers| papers.get(&vehicle).unwrap_or(&nothing));
        let some = all.par_chunks_mut(AT_ONCE).map(|some| {
            let (mut found, mut tally) = (Found::default(), Tally::new(sums.conditions.len()));
            for (vehicle, own) in some {
                sums.find(*vehicle, own, here(*vehicle), &mut found, &mut tally);
            }
            (found, tally)
        });
        some.collect()
    }
}

/// So many vehicles are decided together.
const AT_ONCE: usize = 4096;

/// Vehicles of several runs.
fn twice(runs: &[Run]) -> FxHashSet<u32> {
    let mut seen = FxHashSet::default();
    runs.iter().filter(|run| !seen.insert(run.vehicle)).map(|run| run.vehicle).collect()
}

/// What the rows of the last run of a view add up to.
struct Totals {
    sums: Vec<i128>,
    /// How many of them are more than a sum.
    open: i64,
    beyond: Vec<i128>,
    /// The papers that they wait for.
    here: Here,
}

impl Totals {
    fn new(width: usize) -> Self {
        Self { sums: vec![0; width], open: 0, beyond: vec![0; width], here: Here::default() }
    }

    /// Goes on to the next run.
    fn apply(
        &mut self,
        tables: &Tables<'_>,
        Change { run, taken, gone }: &Change<'_>,
        papers: &mut OfRows<'_>,
    ) {
        if !run.goes_on {
            self.sums.fill(0);
            self.open = 0;
            self.here.clear();
        }
        self.open += tables.add(taken, run.view, &mut self.sums, &mut papers.met);
        papers.come(tables, &mut self.here);
        if !gone.is_empty() {
            self.beyond.fill(0);
            self.open -= tables.add(gone, run.view, &mut self.beyond, &mut papers.met);
            papers.go(tables, &mut self.here);
            self.sums.iter_mut().zip(&self.beyond).for_each(|(sum, beyond)| *sum -= beyond);
        }
    }
}

/// The papers that the rows of a piece wait for.
struct OfRows<'c> {
    coded: &'c Coded,
    /// Distinct rows that wait for papers, with their places, on their way.
    met: Vec<(u32, u32)>,
    /// A paper and the number of its lot in the piece.
    papers: Vec<(u32, u32)>,
    numbers: FxHashMap<(u32, u32), u32>,
}

impl<'c> OfRows<'c> {
    fn new(coded: &'c Coded) -> Self {
        Self { coded, met: Vec::new(), papers: Vec::new(), numbers: FxHashMap::default() }
    }

    fn come(&mut self, tables: &Tables<'_>, here: &mut Here) {
        self.each(tables, |paper, parts| here.add(paper, parts));
    }

    fn go(&mut self, tables: &Tables<'_>, here: &mut Here) {
        self.each(tables, |paper, parts| here.take(paper, parts));
    }

    fn each(&mut self, tables: &Tables<'_>, mut with: impl FnMut(u32, &[Part])) {
        let mut met = std::mem::take(&mut self.met);
        for (row, place) in met.drain(..) {
            for asked in tables.asked(place) {
                let lot = self.coded.distinct.get(row as usize).map_or(NONE, |tuple| tuple.lot);
                let key = (asked.paper, if asked.of_lot { lot } else { NONE });
                let next = self.papers.len() as u32;
                let number = *self.numbers.entry(key).or_insert(next);
                if number == next {
                    self.papers.push(key);
                }
                if asked.of_lot && lot == NONE {
                    // A paper on the part as such may speak for the rows that wait for papers on their lots.
                    let parts: Vec<Part> = asked.parts.iter().map(Part::not_told).collect();
                    with(number, &parts);
                } else {
                    with(number, &asked.parts);
                }
            }
        }
        self.met = met;
    }

    fn named(self) -> Vec<(u32, Option<String>)> {
        let lots = &self.coded.lots;
        self.papers.into_iter().map(|(paper, lot)| (paper, lots.get(lot).map(str::to_owned))).collect()
    }
}

/// Of each view and distinct row of a piece what it adds.
struct Tables<'k> {
    /// Of each distinct row its group.
    groups: &'k [u32],
    /// Of each view and group a place in `values`.
    of: Vec<Vec<u32>>,
    values: Values,
    width: usize,
    /// Of each place what such a row waits for, where it is flagged.
    asked: Vec<Vec<Asked>>,
}

/// Flags the places of what waits for papers.
const WAITS: u32 = 1 << 31;

/// The place of what adds nothing.
const ZEROS: u32 = 0;
/// The place of rows that are more than a sum, in every condition.
const OPENS: u32 = 1;

impl<'k> Tables<'k> {
    fn new(kinds: &'k KindsOfPiece, packed: &Packed, waiting: &Waiting, conditions: usize) -> Self {
        let width = packed.width;
        let mut met: Vec<Kind> = Vec::new();
        let mut places: FxHashMap<Kind, u32> = FxHashMap::from_iter([(NOTHING, ZEROS), (OPEN, OPENS)]);
        let mut place = |kind: &Kind| {
            let next = places.len() as u32;
            *places.entry(*kind).or_insert_with(|| {
                met.push(*kind);
                next | if waiting.waits(*kind) { WAITS } else { 0 }
            })
        };
        let of = kinds.views.iter().map(|kinds| kinds.iter().map(&mut place).collect()).collect();
        let values = match &packed.values {
            Values::Narrow(all, rows) => Values::Narrow(gathered(all, &met, width), *rows),
            Values::Wide(all, rows) => Values::Wide(gathered(all, &met, width), *rows),
        };
        let asked = |kind: &Kind| {
            if waiting.waits(*kind) { waiting.asked(*kind, packed, conditions) } else { Vec::new() }
        };
        let asked = [Vec::new(), Vec::new()].into_iter().chain(met.iter().map(asked)).collect();
        Self { groups: &kinds.groups, of, values, width, asked }
    }

    fn asked(&self, place: u32) -> &[Asked] {
        self.asked.get(place as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds rows up, and says how many of them are more than a sum; `met` is given those that wait for papers.
    fn add(&self, rows: &[u32], view: u32, into: &mut [i128], met: &mut Vec<(u32, u32)>) -> i64 {
        let Some(table) = self.of.get(view as usize) else { return 0 };
        match &self.values {
            Values::Narrow(values, fit) => self.add_values(rows, table, values, *fit, (into, met)),
            Values::Wide(values, fit) => self.add_values(rows, table, values, *fit, (into, met)),
        }
    }

    fn add_values<V: Copy + Default + AddAssign + Into<i128>>(
        &self,
        rows: &[u32],
        table: &[u32],
        values: &[V],
        fit: usize,
        (into, met): (&mut [i128], &mut Vec<(u32, u32)>),
    ) -> i64 {
        let mut open = 0;
        let mut place = |row: &u32| {
            let group = self.groups.get(*row as usize).copied().unwrap_or(NONE);
            let place = table.get(group as usize).copied().unwrap_or(ZEROS);
            if place & WAITS != 0 {
                met.push((*row, place & !WAITS));
            }
            place & !WAITS
        };
        for rows in rows.chunks(fit.max(1)) {
            macro_rules! of_width {
                ($($width:literal)*) => {
                    match self.width {
                        0 => {}
                        $($width => open += sum::<V, $width>(rows, &mut place, values, into),)*
                        width => open += sum_wide(rows, &mut place, values, width, into),
                    }
                };
            }
            of_width!(4 8 12 16 20 24 28 32);
        }
        open
    }
}

/// Two rows of zeros, then what these kinds add.
fn gathered<V: Copy + Default>(all: &[V], kinds: &[Kind], width: usize) -> Vec<V> {
    let mut values = vec![V::default(); 2 * width];
    for kind in kinds {
        let start = *kind as usize * width;
        values.extend_from_slice(all.get(start..start + width).unwrap_or_default());
    }
    values
}

fn sum<V: Copy + Default + AddAssign + Into<i128>, const W: usize>(
    rows: &[u32],
    place: impl FnMut(&u32) -> u32,
    values: &[V],
    into: &mut [i128],
) -> i64 {
    let mut sums = [V::default(); W];
    let (values, _) = values.as_chunks::<W>();
    let mut open = 0;
    for place in rows.iter().map(place) {
        open += i64::from(place == OPENS);
        if let Some(own) = values.get(place as usize) {
            sums.iter_mut().zip(own).for_each(|(sum, value)| *sum += *value);
        }
    }
    into.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum.into());
    open
}

fn sum_wide<V: Copy + Into<i128>>(
    rows: &[u32],
    place: impl FnMut(&u32) -> u32,
    values: &[V],
    width: usize,
    into: &mut [i128],
) -> i64 {
    let mut open = 0;
    for place in rows.iter().map(place) {
        open += i64::from(place == OPENS);
        let start = place as usize * width;
        let own = values.get(start..start + width).unwrap_or_default();
        into.iter_mut().zip(own).for_each(|(total, value)| *total += (*value).into());
    }
    open
}

/// What the cohorts have beside what is installed, in whole numbers.
pub(crate) fn base(stands: &[Vec<Stands>], lanes: &mut Lanes) -> Result<Vec<Vec<i64>>, FleetError> {
    let adds = |stands: &[Stands]| -> Vec<filiera_engine::Adds> {
        stands.iter().map(|one| one.as_ref().and_then(|(_, adds)| adds.clone())).collect()
    };
    let all: Vec<Vec<filiera_engine::Adds>> = stands.iter().map(|stands| adds(stands)).collect();
    all.iter().try_for_each(|adds| lanes.widen(adds))?;
    all.iter().map(|adds| lanes.whole(adds)).collect()
}
