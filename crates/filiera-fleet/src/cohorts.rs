//! Vehicles that are judged alike: everything their judgement hangs on, beside the parts in them, is equal.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use filiera_engine::VehicleFacts;
use filiera_model::Day;
use filiera_tables::Table;
use rustc_hash::FxHashMap;

/// The cohort of every vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cohorts {
    /// Of every row of `vehicles` its cohort; nothing: a day of it is not known, and it stands alone.
    pub of: Vec<Option<u32>>,
    /// Of every cohort the first row of `vehicles` in it.
    pub first: Vec<u32>,
}

impl Cohorts {
    /// `vouched` tells of which vehicles somebody vouches that all parts are listed.
    pub fn new(vehicles: &Table, facts: &VehicleFacts, vouched: &dyn Fn(&str) -> bool) -> Self {
        let mut codes = vec![Some(0u32); vehicles.len()];
        let names = vehicles.column("vehicle").and_then(|column| column.as_string_opt::<i32>());
        let vouched = names.map(|names| names.iter().map(|name| Some(u64::from(vouched(name?)))).collect());
        refine(&mut codes, &vouched.unwrap_or_else(|| vec![None; vehicles.len()]));
        for column in &facts.columns {
            // A day that is known to lie between two, beside the column itself.
            for name in [column.clone(), format!("{column}_max")] {
                if let Some(array) = vehicles.column(&name) {
                    refine(&mut codes, &values(array));
                }
            }
        }
        for column in &facts.days {
            let epochs = epochs(vehicles, column, &facts.breaks);
            drop_unknown(&mut codes, &epochs);
            refine(&mut codes, &epochs);
        }
        Self::numbered(&codes)
    }

    fn numbered(codes: &[Option<u32>]) -> Self {
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut cohorts = Self::default();
        for (row, code) in (0u32..).zip(codes) {
            let number = code.map(|code| {
                *numbers.entry(code).or_insert_with(|| {
                    cohorts.first.push(row);
                    cohorts.first.len() as u32 - 1
                })
            });
            cohorts.of.push(number);
        }
        cohorts
    }
}

/// Between which breaks the day of each row lies; nothing of a day that is not known.
fn epochs(vehicles: &Table, column: &str, breaks: &[Day]) -> Vec<Option<u64>> {
    let days = |name: &str| vehicles.column(name).and_then(|column| column.as_primitive_opt::<Date32Type>());
    let Some(first) = days(column) else { return vec![None; vehicles.len()] };
    let last = days(&format!("{column}_max"));
    let breaks: Vec<i32> = breaks.iter().map(|day| day.days()).collect();
    let epoch = |(row, first): (usize, Option<i32>)| {
        let first = first?;
        let last = last.filter(|last| last.is_valid(row)).map_or(first, |last| last.value(row));
        (last <= first).then(|| breaks.partition_point(|from| *from <= first) as u64)
    };
    first.iter().enumerate().map(epoch).collect()
}

/// Splits what is alike so far by these values.
fn refine(codes: &mut [Option<u32>], values: &[Option<u64>]) {
    let mut pairs: FxHashMap<(u32, Option<u64>), u32> = FxHashMap::default();
    let mut before = None;
    for (code, value) in codes.iter_mut().zip(values) {
        let Some(known) = *code else { continue };
        let pair = (known, *value);
        let of_pair = match before {
            Some((other, number)) if other == pair => number,
            _ => {
                let next = pairs.len() as u32;
                *pairs.entry(pair).or_insert(next)
            }
        };
        before = Some((pair, of_pair));
        *code = Some(of_pair);
    }
}

fn drop_unknown(codes: &mut [Option<u32>], values: &[Option<u64>]) {
    for (code, _) in codes.iter_mut().zip(values).filter(|(_, value)| value.is_none()) {
        *code = None;
    }
}

/// A number for every distinct value of a column; nothing for a null.
fn values(array: &ArrayRef) -> Vec<Option<u64>> {
    match array.data_type() {
        DataType::Utf8 => numbers(array.as_string::<i32>().iter()),
        DataType::Date32 => numbers(array.as_primitive::<Date32Type>().iter()),
        DataType::Int64 => numbers(array.as_primitive::<Int64Type>().iter()),
        DataType::Decimal128(..) => numbers(array.as_primitive::<Decimal128Type>().iter()),
        DataType::Boolean => array.as_boolean().iter().map(|truth| truth.map(u64::from)).collect(),
        // Canonical tables have no other types; each row would stand alone.
        _ => (0..array.len() as u64).map(Some).collect(),
    }
}

fn numbers<T: Copy + std::hash::Hash + Eq>(values: impl Iterator<Item = Option<T>>) -> Vec<Option<u64>> {
    let mut known: FxHashMap<T, u64> = FxHashMap::default();
    // Neighbours are often equal.
    let mut before = None;
    let numbered = values.map(|value| {
        let value = value?;
        let number = match before {
            Some((other, number)) if other == value => number,
            _ => {
                let next = known.len() as u64;
                *known.entry(value).or_insert(next)
            }
        };
        before = Some((value, number));
        Some(number)
    });
    numbered.collect()
}
