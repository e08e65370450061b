//! Vehicles whose installed parts are judged alike: of one plan, and equal in what is asked of a part's vehicle.

use std::cmp::Ordering;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::Date32Type;
use filiera_engine::{Engine, Plan, VehicleFacts};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::coded::{Known, Seen};
use crate::cohorts::Cohorts;

/// The views of a fleet, by number.
pub(crate) struct Views<'v> {
    /// Of each view the plan.
    pub plans: Vec<Plan>,
    /// Of each view one of its vehicles, as a row of `vehicles`.
    pub first: Vec<u32>,
    /// Of each view the number of what its parts are asked beside their plan: equal where nothing differs.
    pub beside: Vec<u32>,
    names: Option<&'v StringArray>,
    /// Of each row of `vehicles`, unless it is judged alone.
    seen: Vec<Option<Seen>>,
    order: OnceLock<Order<'v>>,
}

/// How a vehicle is found by its name.
enum Order<'v> {
    /// The table is sorted by names.
    Sorted,
    Numbers(FxHashMap<&'v str, u32>),
}

impl<'v> Views<'v> {
    /// `engine` knows the first vehicle of each cohort.
    pub fn new(
        engine: &Engine<'_>,
        vehicles: &'v Table,
        cohorts: &Cohorts,
        facts: &VehicleFacts,
    ) -> Result<Self, FleetError> {
        let firsts = vehicles.take(&cohorts.first)?;
        // Of the first vehicles, those that are alike in what single parts are asked.
        let of_parts = VehicleFacts {
            columns: facts.of_parts.clone(),
            breaks: facts.breaks_of_parts.clone(),
            ..facts.clone()
        };
        let beside = Cohorts::new(&firsts, &of_parts, &|_| true).of;
        let mut views = Self {
            plans: Vec::new(),
            first: Vec::new(),
            beside: Vec::new(),
            names: None,
            seen: Vec::new(),
            order: OnceLock::new(),
        };
        let mut of_cohort: Vec<u32> = Vec::with_capacity(cohorts.first.len());
        let all = cohorts.first.iter().zip(engine.plans()?).zip(beside);
        for (number, ((first, plan), beside)) in (0u32..).zip(all) {
            // A cohort has known days, so it always has a number here.
            let beside = beside.unwrap_or(u32::MAX - number);
            let known = (0..views.plans.len()).find(|view| {
                views.plans.get(*view) == Some(&plan) && views.beside.get(*view) == Some(&beside)
            });
            of_cohort.push(known.unwrap_or(views.plans.len()) as u32);
            if known.is_none() {
                views.plans.push(plan);
                views.first.push(*first);
                views.beside.push(beside);
            }
        }
        views.names = vehicles.column("vehicle").and_then(|column| column.as_string_opt::<i32>());
        let built_on = vehicles.column("built_on").and_then(|column| column.as_primitive_opt::<Date32Type>());
        let day = |row: usize| built_on.filter(|days| days.is_valid(row)).map_or(0, |days| days.value(row));
        let seen = (0u32..).zip(&cohorts.of).map(|(vehicle, cohort)| {
            let view = *of_cohort.get((*cohort)? as usize)?;
            Some(Seen { vehicle, view, built_on: day(vehicle as usize) })
        });
        views.seen = seen.collect();
        Ok(views)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.plans.len()
    }

    /// What is known of a vehicle; `before`: the row of the vehicle that stands before it. Where both tables are
    /// in one order it is the next row, and nothing is looked up.
    pub fn known(&self, vehicle: &str, before: Option<u32>) -> Known {
        let Some(row) = self.row(vehicle, before) else { return Known::Unlisted };
        self.seen(row).map_or(Known::Alone, Known::Seen)
    }

    /// What is known of the vehicle in a row of `vehicles`; nothing: it is judged alone.
    pub fn seen(&self, row: u32) -> Option<Seen> {
        self.seen.get(row as usize).copied().flatten()
    }

    fn row(&self, vehicle: &str, before: Option<u32>) -> Option<u32> {
        let names = self.names?;
        let next = before.map_or(0, |before| before + 1);
        let is_next = |next: &u32| names.len() > *next as usize && names.value(*next as usize) == vehicle;
        Some(next).filter(is_next).or_else(|| self.row_of(names, vehicle))
    }

    fn row_of(&self, names: &'v StringArray, vehicle: &str) -> Option<u32> {
        let order = self.order.get_or_init(|| Order::of(names));
        if let Order::Numbers(numbers) = order {
            return numbers.get(vehicle).copied();
        }
        let (mut start, mut end) = (0, names.len());
        while start < end {
            let middle = start.midpoint(end);
            match names.value(middle).cmp(vehicle) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal => return u32::try_from(middle).ok(),
                Ordering::Greater => end = middle,
            }
        }
        None
    }
}

impl<'v> Order<'v> {
    fn of(names: &'v StringArray) -> Self {
        if names.null_count() == 0 && names.iter().is_sorted() {
            return Self::Sorted;
        }
        let numbers = names.iter().zip(0u32..).filter_map(|(name, row)| Some((name?, row)));
        Self::Numbers(numbers.collect())
    }
}
