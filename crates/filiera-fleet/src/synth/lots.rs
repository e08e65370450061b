use super::Options;
use super::calendar::Calendar;
use super::configurations::Configuration;
use super::parts::Part;
use super::random::{Draw, Random};

/// All lots: those of a part stand together, in the order in which they come in.
#[derive(Clone, Debug)]
pub(super) struct Lots {
    /// Per part: the number of its first lot; one more at the end.
    first: Vec<u32>,
    /// Per part: how far into a lot the first vehicle begins, of 2^32.
    phase: Vec<u32>,
    /// Per lot.
    pub(super) supplier: Vec<u32>,
    /// Per lot: the day it came in, as days since 1970.
    pub(super) received: Vec<i32>,
}

/// How far a fleet has been built, of 2^32: 0 for the first vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress(u64);

impl Progress {
    pub(super) fn of(vehicle: u32, vehicles: u32) -> Self {
        Self((u64::from(vehicle) << 32) / u64::from(vehicles.max(1)))
    }

    /// The place in a row of `count` things that are used up one after the other.
    pub(super) fn place(self, count: u32) -> u32 {
        ((self.0 * u64::from(count)) >> 32) as u32
    }
}

/// Main suppliers deliver so many of a hundred lots.
pub(super) const MAIN: u64 = 75;

/// Lots come in so many days before the first vehicle takes from them, at most.
const LEAD_DAYS: u64 = 12;

impl Lots {
    pub(super) fn new(
        options: &Options,
        calendar: &Calendar,
        parts: &[Part],
        configurations: &[Configuration],
    ) -> Self {
        let mut lots = Self { first: vec![0], phase: Vec::new(), supplier: Vec::new(), received: Vec::new() };
        let mut used = vec![false; parts.len()];
        for part in configurations.iter().flat_map(|one| &one.parts) {
            if let Some(used) = used.get_mut(*part as usize) {
                *used = true;
            }
        }
        let in_use = used.iter().filter(|used| **used).count().max(1) as u64;
        let mut before = 0;
        for (number, (part, used)) in (0u64..).zip(parts.iter().zip(used)) {
            let upto = |count: u64| (count * u64::from(options.lots) / in_use) as u32;
            let count = if used { upto(before + 1) - upto(before) } else { 0 };
            before += u64::from(used);
            lots.add(options, calendar, number, part, count);
        }
        lots
    }

    fn add(&mut self, options: &Options, calendar: &Calendar, number: u64, part: &Part, count: u32) {
        let mut random = Random::of(options.seed, Draw::Lot, number);
        let phase = (random.bits() >> 32) as u32;
        self.phase.push(phase);
        for lot in 0..count {
            let main = part.suppliers.first().copied().unwrap_or_default();
            let supplier = match part.suppliers.get(1..).unwrap_or_default() {
                others if !random.percent(MAIN) => random.pick(others).copied().unwrap_or(main),
                _ => main,
            };
            self.supplier.push(supplier);
            let begins = begin(lot, count, phase).place(calendar.len());
            let lead = random.between(1, LEAD_DAYS) as i32;
            self.received.push(calendar.day(begins).days() - lead);
        }
        self.first.push(self.supplier.len() as u32);
    }

    pub(super) fn len(&self) -> usize {
        self.supplier.len()
    }

    /// The lots of a part.
    pub(super) fn of_part(&self, part: u32) -> std::ops::Range<u32> {
        let bound = |place: usize| self.first.get(place).copied().unwrap_or_default();
        bound(part as usize)..bound(part as usize + 1)
    }

    /// The lot of a part that is being used up at this time.
    pub(super) fn at(&self, part: u32, time: Progress) -> u32 {
        let lots = self.of_part(part);
        let phase = self.phase.get(part as usize).copied().unwrap_or_default();
        let moves = u64::from(lots.len().saturating_sub(1) as u32);
        lots.start + ((time.0 * moves + u64::from(phase)) >> 32) as u32
    }
}

/// When the lot of this number among the `count` of its part is first used.
fn begin(lot: u32, count: u32, phase: u32) -> Progress {
    let before = (u64::from(lot) << 32).saturating_sub(u64::from(phase));
    Progress(before / u64::from(count.saturating_sub(1)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::world::World;

    #[test]
    fn lots_are_as_many_as_asked_for_and_drift() {
        let options = Options::new(2_000, 10, 777, 3);
        let world = World::new(&options).unwrap();
        assert_eq!(world.lots.len(), 777);
        for part in 0..options.parts {
            let lots = world.lots.of_part(part);
            let mut last = lots.start;
            for vehicle in 0..options.vehicles {
                let lot = world.lots.at(part, Progress::of(vehicle, options.vehicles));
                assert!(lots.contains(&lot) && (lot == last || lot == last + 1), "{part} {vehicle}");
                last = lot;
            }
            assert!(last + 2 >= lots.end, "the last lots are used");
        }
    }

    #[test]
    fn a_lot_is_there_before_the_vehicle() {
        let options = Options::new(500, 8, 600, 11);
        let world = World::new(&options).unwrap();
        for vehicle in 0..options.vehicles {
            let time = Progress::of(vehicle, options.vehicles);
            let built = world.calendar.day(time.place(world.calendar.len())).days();
            for part in 0..options.parts {
                let received = world.lots.received[world.lots.at(part, time) as usize];
                assert!(received < built && built - received < 250, "{received} {built}");
            }
        }
    }
}
