//! What the parts of each vehicle add up to, and what that decides.

use std::ops::AddAssign;

use filiera_engine::{Additive, Engine};
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

/// What a piece tells: what is found of its vehicles, and the sums of those that may stand elsewhere too.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfPiece {
    pub found: Found,
    pub sums: Vec<(u32, Vec<i128>)>,
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
    pub wants_bounds: bool,
}

/// Sums of vehicles of which there may be more rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    pub sums: FxHashMap<u32, Vec<i128>>,
}

impl<'e> Sums<'e, '_> {
    /// Adds the rows of a piece up.
    pub fn of_piece(&self, coded: &Coded, kinds: &KindsOfPiece, shared: &Shared) -> OfPiece {
        let tables = Tables::new(kinds, self.packed);
        let again = twice(&coded.runs);
        let is_shared = |vehicle: u32| match shared {
            Shared::All => true,
            Shared::Only(some) => some.contains(&vehicle) || again.contains(&vehicle),
        };
        let mut told = OfPiece::default();
        let mut all = vec![0i128; self.conditions.len() * PER_CONDITION];
        let mut totals: Vec<Totals> = (0..VIEWS).map(|_| Totals::new(self.packed.width)).collect();
        for change in coded.changes() {
            let run = change.run;
            let Some(total) = totals.get_mut(run.slot()) else { continue };
            total.apply(&tables, &change);
            all.fill(0);
            self.packed.unpack(&total.sums, &mut all);
            if total.open > 0 {
                let lanes = all.chunks_mut(PER_CONDITION).filter_map(<[i128]>::last_mut);
                lanes.for_each(|lane| *lane += i128::from(total.open));
            }
            if is_shared(run.vehicle) {
                told.sums.push((run.vehicle, all.clone()));
            } else {
                self.find(run.vehicle, &mut all, &mut told.found);
            }
        }
        told
    }

    /// What sums decide of a vehicle.
    fn find(&self, vehicle: u32, sums: &mut [i128], found: &mut Found) {
        let Some(cohort) = self.cohorts.get(vehicle as usize).copied().flatten() else { return };
        let (Some(stands), Some(base)) = (self.stands.get(cohort as usize), self.base.get(cohort as usize))
        else {
            return;
        };
        for (sum, base) in sums.iter_mut().zip(base) {
            *sum += i128::from(*base);
        }
        found.vehicles.push(vehicle);
        for (place, stands) in stands.iter().enumerate() {
            let (told, decision) = self.decided(place, stands, sums);
            found.told.push(told);
            if self.wants_bounds {
                found.decisions.push(decision);
            }
        }
    }

    fn decided(&self, place: usize, stands: &Stands, sums: &[i128]) -> (Told, Option<FleetDecision>) {
        let nothing = (Told::default(), None);
        let (Some((standing, _)), Some(condition)) = (stands, self.conditions.get(place)) else {
            return nothing;
        };
        if standing.speaks == Mark::No {
            return (Told::SILENT, Some(FleetDecision::Silent));
        }
        let Some(whole) = self.packed.condition(place, sums) else { return nothing };
        let quick = self.engine.verdicts(*condition, standing, &whole);
        if let (Some(verdicts), false) = (quick, self.wants_bounds) {
            return (Told::of(verdicts), None);
        }
        let decision = exact(&whole).and_then(|total| self.engine.decide(*condition, standing, &total));
        let Some(decision) = decision else { return nothing };
        let told = Told::of(quick.unwrap_or([decision.verdict, decision.legal]));
        (told, Some(FleetDecision::Decided(Box::new(decision))))
    }
}

impl Pending {
    /// Counts in finer units: each a whole number of times as fine as before. Rows are counted as ever.
    pub fn rescale(&mut self, before: &[i64], after: &[i64]) {
        for (condition, (before, after)) in before.iter().zip(after).enumerate() {
            let factor = i128::from(after / before);
            let own = condition * PER_CONDITION..condition * PER_CONDITION + WEIGHTS;
            for sums in self.sums.values_mut().filter(|_| factor != 1) {
                sums.get_mut(own.clone()).into_iter().flatten().for_each(|sum| *sum *= factor);
            }
        }
    }

    pub fn add(&mut self, sums: Vec<(u32, Vec<i128>)>) {
        for (vehicle, sums) in sums {
            match self.sums.entry(vehicle) {
                std::collections::hash_map::Entry::Vacant(slot) => drop(slot.insert(sums)),
                std::collections::hash_map::Entry::Occupied(mut slot) => {
                    slot.get_mut().iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
                }
            }
        }
    }

    /// What is found of all of them.
    pub fn found(self, sums: &Sums<'_, '_>) -> Vec<Found> {
        let mut all: Vec<(u32, Vec<i128>)> = self.sums.into_iter().collect();
        all.sort_unstable_by_key(|(vehicle, _)| *vehicle);
        let some = all.par_chunks_mut(AT_ONCE).map(|some| {
            let mut found = Found::default();
            some.iter_mut().for_each(|(vehicle, own)| sums.find(*vehicle, own, &mut found));
            found
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
}

impl Totals {
    fn new(width: usize) -> Self {
        Self { sums: vec![0; width], open: 0, beyond: vec![0; width] }
    }

    /// Goes on to the next run.
    fn apply(&mut self, tables: &Tables<'_>, Change { run, taken, gone }: &Change<'_>) {
        if !run.goes_on {
            self.sums.fill(0);
            self.open = 0;
        }
        self.open += tables.add(taken, run.view, &mut self.sums);
        if !gone.is_empty() {
            self.beyond.fill(0);
            self.open -= tables.add(gone, run.view, &mut self.beyond);
            self.sums.iter_mut().zip(&self.beyond).for_each(|(sum, beyond)| *sum -= beyond);
        }
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
}

/// The place of what adds nothing.
const ZEROS: u32 = 0;
/// The place of rows that are more than a sum, in every condition.
const OPENS: u32 = 1;

impl<'k> Tables<'k> {
    fn new(kinds: &'k KindsOfPiece, packed: &Packed) -> Self {
        let width = packed.width;
        let mut met: Vec<Kind> = Vec::new();
        let mut places: FxHashMap<Kind, u32> = FxHashMap::from_iter([(NOTHING, ZEROS), (OPEN, OPENS)]);
        let mut place = |kind: &Kind| {
            let next = places.len() as u32;
            *places.entry(*kind).or_insert_with(|| {
                met.push(*kind);
                next
            })
        };
        let of = kinds.views.iter().map(|kinds| kinds.iter().map(&mut place).collect()).collect();
        let values = match &packed.values {
            Values::Narrow(all, rows) => Values::Narrow(gathered(all, &met, width), *rows),
            Values::Wide(all, rows) => Values::Wide(gathered(all, &met, width), *rows),
        };
        Self { groups: &kinds.groups, of, values, width }
    }

    /// Adds rows up, and says how many of them are more than a sum.
    fn add(&self, rows: &[u32], view: u32, into: &mut [i128]) -> i64 {
        let Some(table) = self.of.get(view as usize) else { return 0 };
        match &self.values {
            Values::Narrow(values, fit) => self.add_values(rows, table, values, *fit, into),
            Values::Wide(values, fit) => self.add_values(rows, table, values, *fit, into),
        }
    }

    fn add_values<V: Copy + Default + AddAssign + Into<i128>>(
        &self,
        rows: &[u32],
        table: &[u32],
        values: &[V],
        fit: usize,
        into: &mut [i128],
    ) -> i64 {
        let mut open = 0;
        let place = |row: &u32| {
            let group = self.groups.get(*row as usize).copied().unwrap_or(NONE);
            table.get(group as usize).copied().unwrap_or(ZEROS)
        };
        for rows in rows.chunks(fit.max(1)) {
            macro_rules! of_width {
                ($($width:literal)*) => {
                    match self.width {
                        0 => {}
                        $($width => open += sum::<V, $width>(rows, place, values, into),)*
                        width => open += sum_wide(rows, place, values, width, into),
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
    place: impl Fn(&u32) -> u32,
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
    place: impl Fn(&u32) -> u32,
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
