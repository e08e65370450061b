use filiera_model::Day;

use super::lots::Progress;
use super::random::{Draw, Random};
use super::world::World;

/// One vehicle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vehicle {
    pub(super) number: u32,
    pub(super) time: Progress,
    pub(super) configuration: usize,
    /// The day it was built on; nothing where nobody wrote it down.
    pub(super) built_on: Option<Day>,
    pub(super) plant: (&'static str, Option<&'static str>),
}

const PLANTS: [(&str, Option<&str>); 3] =
    [("Valdarno", Some("IT")), ("Sochaux", Some("FR")), ("unnamed", None)];

impl World {
    pub(super) fn vehicle(&self, number: u32) -> Vehicle {
        let options = &self.options;
        let mut random = Random::of(options.seed, Draw::Vehicle, u64::from(number));
        let time = Progress::of(number, options.vehicles);
        let drawn = random.below(self.weights.last().copied().unwrap_or_default());
        let configuration = self.weights.partition_point(|upto| *upto <= drawn);
        let is_odd = options.oddities.odd_vehicles;
        let undated = is_odd && random.percent(4);
        let plant = if is_odd && random.percent(20) { 1 + random.below(2) as usize } else { 0 };
        let built_on = self.calendar.day(time.place(self.calendar.len()));
        Vehicle {
            number,
            time,
            configuration,
            built_on: (!undated).then_some(built_on),
            plant: PLANTS.get(plant).copied().unwrap_or(("Valdarno", Some("IT"))),
        }
    }
}

/// Seventeen characters, as the number of a vehicle has, rising with the day of building.
pub(super) fn vehicle_id(number: u32) -> String {
    format!("ZFLV2025A{:08}", u64::from(number) + 1)
}
