//! What the rows of each vehicle of a range add up to, as it is told and checked.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, RecordBatch, StringArray};

use super::columns::{counts, odd, only, texts, wholes};
use super::ranges::Range;
use super::sql::lane_name;
use super::weights::Expected;
use crate::coded::Known;
use crate::views::Views;
use crate::{FleetError, Unlisted};

/// What the rows of vehicles add up to.
#[derive(Default)]
pub(super) struct OfVehicles {
    /// Of vehicles that are judged by kind, by their rows of `vehicles`: how many rows they have.
    pub rows: Vec<(u32, u64)>,
    /// And how many of these are more than a sum, and the sum of each lane.
    pub sums: Vec<(u32, i128, Vec<i128>)>,
    /// How many rows vehicles have that are judged alone.
    pub alone: BTreeMap<String, u64>,
    pub unlisted: Unlisted,
}

/// The columns of an answer.
struct Columns {
    names: StringArray,
    all: Vec<u64>,
    seen: Vec<u64>,
    judged: Vec<u64>,
    open: Vec<i128>,
    lanes: Vec<Vec<i128>>,
}

impl OfVehicles {
    /// Checks an answer against what the distinct rows of the range come to.
    pub fn of(
        answer: &RecordBatch,
        range: &Range,
        expected: &Expected,
        views: &Views<'_>,
    ) -> Result<Self, FleetError> {
        let columns = Columns::of(answer, expected.lanes.len())?;
        columns.compare(expected)?;
        let mut found = Self::default();
        let (mut met, mut unlisted, mut before) = (BTreeSet::new(), BTreeSet::new(), None);
        for row in 0..columns.all.len() {
            let name = columns.name(row, range)?;
            if !met.insert(name) {
                return Err(odd(format!("the answer tells of the vehicle `{name}` twice")));
            }
            let known = views.known(name, before);
            let all = at(&columns.all, row);
            let is_seen = matches!(known, Known::Seen(_));
            if at(&columns.seen, row) != if is_seen { all } else { 0 } {
                return Err(odd(format!("rows of the vehicle `{name}` were taken for those of another one")));
            }
            match known {
                Known::Unlisted => {
                    unlisted.insert(name);
                    found.unlisted.rows += all;
                }
                Known::Alone => drop(found.alone.insert(name.to_owned(), all)),
                Known::Seen(one) => {
                    before = Some(one.vehicle);
                    found.rows.push((one.vehicle, all));
                    let lanes = columns.lanes.iter().map(|lane| at(lane, row)).collect();
                    found.sums.push((one.vehicle, at(&columns.open, row), lanes));
                }
            }
        }
        found.unlisted.first = unlisted.first().map(|name| (*name).to_owned());
        Ok(found)
    }
}

fn at<T: Copy + Default>(all: &[T], row: usize) -> T {
    all.get(row).copied().unwrap_or_default()
}

impl Columns {
    fn of(answer: &RecordBatch, lanes: usize) -> Result<Self, FleetError> {
        let lanes: Vec<String> = (0..lanes).map(lane_name).collect();
        let own = ["vehicle", "all_rows", "seen_rows", "judged_rows", "open_rows"].map(str::to_owned);
        only(answer, &own.iter().chain(&lanes).cloned().collect::<Vec<_>>())?;
        Ok(Self {
            names: texts(answer, "vehicle")?,
            all: counts(answer, "all_rows")?,
            seen: counts(answer, "seen_rows")?,
            judged: counts(answer, "judged_rows")?,
            open: wholes(answer, "open_rows")?,
            lanes: lanes.iter().map(|lane| wholes(answer, lane)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether both ways of counting come to the same.
    fn compare(&self, expected: &Expected) -> Result<(), FleetError> {
        let told = Expected {
            rows: self.all.iter().sum(),
            seen_rows: self.seen.iter().sum(),
            open_rows: self.open.iter().sum(),
            lanes: self.lanes.iter().map(|lane| lane.iter().sum()).collect(),
        };
        if told.rows != expected.rows {
            return Err(odd(format!("{} rows were added up, and there are {}", told.rows, expected.rows)));
        }
        if told.seen_rows != expected.seen_rows {
            let (told, expected) = (told.seen_rows, expected.seen_rows);
            return Err(odd(format!(
                "{told} rows of listed vehicles were added up, and there are {expected}"
            )));
        }
        if self.judged != self.seen {
            return Err(odd("rows were added up that are not among the distinct rows told before"));
        }
        if told != *expected {
            return Err(odd("the rows of the vehicles do not add up to what the distinct rows add up to"));
        }
        Ok(())
    }

    /// The vehicle in a row of the answer.
    fn name(&self, row: usize, range: &Range) -> Result<&str, FleetError> {
        let name = if self.names.is_valid(row) { self.names.value(row) } else { "" };
        if !range.holds(name) {
            return Err(odd(format!("the answer tells of the vehicle `{name}`, about which nobody asked")));
        }
        if name.is_empty() || name.trim() != name {
            return Err(FleetError::Faulty { column: "vehicle" });
        }
        Ok(name)
    }
}
