//! What the parts of each vehicle add up to, and what that decides.

use filiera_engine::{Additive, Engine};
use filiera_model::{Mark, Verdict};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FleetError;
use crate::asked::Stands;
use crate::coded::{Coded, Run};
use crate::judge::FleetDecision;
use crate::kinds::{Kind, NOTHING, OPEN};
use crate::lanes::{Lanes, PER_CONDITION, Packed, WEIGHTS, exact};

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

/// What is found of one vehicle.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub vehicle: u32,
    pub told: Vec<Told>,
    /// With bounds, when they are asked for.
    pub decisions: Vec<Option<FleetDecision>>,
}

/// What a piece tells: what is found of its vehicles, and the sums of those that may stand elsewhere too.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfPiece {
    pub found: Vec<Found>,
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
    pub fn of_piece(&self, coded: &Coded, kinds: &[Vec<Kind>], shared: &Shared) -> OfPiece {
        let tables = Tables::new(kinds, self.packed);
        let again = twice(&coded.runs);
        let is_shared = |vehicle: u32| match shared {
            Shared::All => true,
            Shared::Only(some) => some.contains(&vehicle) || again.contains(&vehicle),
        };
        let mut told = OfPiece::default();
        let mut all = vec![0i128; self.conditions.len() * PER_CONDITION];
        for run in &coded.runs {
            all.fill(0);
            let rows = coded.rows.get(run.start as usize..run.end as usize).unwrap_or_default();
            tables.add(rows, run.view, self.packed, &mut all);
            if is_shared(run.vehicle) {
                told.sums.push((run.vehicle, all.clone()));
            } else {
                told.found.extend(self.found(run.vehicle, &mut all));
            }
        }
        told
    }

    /// What sums decide of a vehicle.
    pub fn found(&self, vehicle: u32, sums: &mut [i128]) -> Option<Found> {
        let cohort = self.cohorts.get(vehicle as usize).copied().flatten()? as usize;
        let (stands, base) = (self.stands.get(cohort)?, self.base.get(cohort)?);
        for (sum, base) in sums.iter_mut().zip(base) {
            *sum += i128::from(*base);
        }
        let mut found = Found { vehicle, told: Vec::with_capacity(stands.len()), decisions: Vec::new() };
        for (place, stands) in stands.iter().enumerate() {
            let (told, decision) = self.decided(place, stands, sums);
            found.told.push(told);
            if self.wants_bounds {
                found.decisions.push(decision);
            }
        }
        Some(found)
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
        all.into_par_iter().filter_map(|(vehicle, mut all)| sums.found(vehicle, &mut all)).collect()
    }
}

/// Vehicles of several runs.
fn twice(runs: &[Run]) -> FxHashSet<u32> {
    let mut seen = FxHashSet::default();
    runs.iter().filter(|run| !seen.insert(run.vehicle)).map(|run| run.vehicle).collect()
}

/// Of each view and distinct row of a piece what it adds.
struct Tables {
    /// Places in `values`.
    of: Vec<Vec<u32>>,
    values: Vec<i64>,
    /// Rows that are more than a sum, in every condition.
    open: u32,
}

impl Tables {
    fn new(kinds: &[Vec<Kind>], packed: &Packed) -> Self {
        // The first row holds zeros, the second is that of rows that are more than a sum.
        let mut values = vec![0i64; 2 * packed.width];
        let mut places: FxHashMap<Kind, u32> = FxHashMap::from_iter([(NOTHING, 0), (OPEN, 1)]);
        let mut of: Vec<Vec<u32>> = Vec::with_capacity(kinds.len());
        for kinds in kinds {
            let table = kinds.iter().map(|kind| {
                let next = places.len() as u32;
                *places.entry(*kind).or_insert_with(|| {
                    values.extend_from_slice(packed.kind(*kind as usize));
                    next
                })
            });
            of.push(table.collect());
        }
        Self { of, values, open: 1 }
    }

    fn add(&self, rows: &[u32], view: u32, packed: &Packed, into: &mut [i128]) {
        let Some(table) = self.of.get(view as usize) else { return };
        let mut rest = rows;
        while !rest.is_empty() {
            let (these, others) = rest.split_at(rest.len().min(packed.rows.max(1)));
            rest = others;
            match packed.width {
                0 => {}
                1 => packed.unpack(&self.sum::<1>(these, table), into),
                2 => packed.unpack(&self.sum::<2>(these, table), into),
                3 => packed.unpack(&self.sum::<3>(these, table), into),
                4 => packed.unpack(&self.sum::<4>(these, table), into),
                5 => packed.unpack(&self.sum::<5>(these, table), into),
                6 => packed.unpack(&self.sum::<6>(these, table), into),
                7 => packed.unpack(&self.sum::<7>(these, table), into),
                8 => packed.unpack(&self.sum::<8>(these, table), into),
                width => packed.unpack(&self.sum_wide(these, table, width), into),
            }
        }
        let open = rows.iter().filter(|row| table.get(**row as usize) == Some(&self.open)).count();
        if open > 0 {
            into.chunks_mut(PER_CONDITION)
                .filter_map(<[i128]>::last_mut)
                .for_each(|lane| *lane += open as i128);
        }
    }

    fn sum<const W: usize>(&self, rows: &[u32], table: &[u32]) -> [i64; W] {
        let mut sums = [0i64; W];
        let (values, _) = self.values.as_chunks::<W>();
        for row in rows {
            let own = table.get(*row as usize).and_then(|place| values.get(*place as usize));
            if let Some(own) = own {
                sums.iter_mut().zip(own).for_each(|(sum, value)| *sum += value);
            }
        }
        sums
    }

    fn sum_wide(&self, rows: &[u32], table: &[u32], width: usize) -> Vec<i64> {
        let mut sums = vec![0i64; width];
        for row in rows {
            let Some(place) = table.get(*row as usize).map(|place| *place as usize) else { continue };
            let own = self.values.get(place * width..(place + 1) * width).unwrap_or_default();
            sums.iter_mut().zip(own).for_each(|(sum, value)| *sum += value);
        }
        sums
    }
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
