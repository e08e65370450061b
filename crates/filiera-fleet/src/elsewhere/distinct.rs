//! The distinct rows of a range, as they are told and checked.

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::{filter_record_batch, is_not_null};
use arrow::datatypes::{Decimal128Type, Int32Type};

use super::columns::{counts, odd, only};
use super::ranges::Range;
use crate::FleetError;
use crate::judged::canonical;

/// The distinct rows of the vehicles that are judged by kind.
pub(super) struct Distinct {
    /// `view`, `part`, `supplier`, `lot`, `quantity`, `tested_from`, `tested_to`.
    pub rows: RecordBatch,
    /// How many there are of each.
    pub counts: Vec<u64>,
    /// How many rows there are in all, also of other vehicles.
    pub all_rows: u64,
}

const KEYS: [&str; 7] = ["view", "part", "supplier", "lot", "quantity", "tested_from", "tested_to"];

impl Distinct {
    /// Checks an answer; `views` is how many views there are.
    pub fn of(answer: &RecordBatch, range: &Range, views: usize) -> Result<Self, FleetError> {
        let names: Vec<String> =
            KEYS.into_iter().chain(["all_rows", "of_vehicles"]).map(str::to_owned).collect();
        only(answer, &names)?;
        let (rows_of, of_vehicles) = (counts(answer, "all_rows")?, counts(answer, "of_vehicles")?);
        let all_rows: u64 = rows_of.iter().sum();
        let [least, most] = range.rows;
        if all_rows < least || all_rows > most {
            let known = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            return Err(odd(format!(
                "{all_rows} rows were met, and there are {known} by the footers of the files"
            )));
        }
        let rows = canonical(answer).map_err(|error| odd(error.to_string()))?;
        check(&rows, views)?;
        clean(&rows)?;
        if rows_of != of_vehicles {
            return Err(FleetError::Faulty { column: "vehicle" });
        }
        let seen = is_not_null(column(&rows, "view")?)?;
        let counts = rows_of.into_iter().zip(&seen).filter(|(_, is_seen)| *is_seen == Some(true));
        let counts = counts.map(|(count, _)| count).collect();
        Ok(Self { rows: filter_record_batch(&rows, &seen)?, counts, all_rows })
    }

    /// How many rows there are of vehicles that are judged by kind.
    pub fn seen_rows(&self) -> u64 {
        self.counts.iter().sum()
    }
}

fn column<'b>(rows: &'b RecordBatch, name: &str) -> Result<&'b dyn Array, FleetError> {
    Ok(rows.column_by_name(name).ok_or_else(|| odd(format!("the answer has no column `{name}`")))?.as_ref())
}

/// Every view is one that was sent, and has days.
fn check(rows: &RecordBatch, views: usize) -> Result<(), FleetError> {
    let view = column(rows, "view")?.as_primitive::<Int32Type>();
    let days = [column(rows, "tested_from")?, column(rows, "tested_to")?];
    for (row, view) in view.iter().enumerate() {
        let Some(view) = view else { continue };
        let is_known = usize::try_from(view).is_ok_and(|view| view < views);
        if !is_known || days.iter().any(|days| days.is_null(row)) {
            return Err(odd(format!("rows of the view {view} were told, which nobody asked about")));
        }
    }
    Ok(())
}

/// Refuses what a table never holds, as whoever reads the rows does.
fn clean(rows: &RecordBatch) -> Result<(), FleetError> {
    let is_clean = |name: &str| -> Result<bool, FleetError> {
        let texts: &StringArray = column(rows, name)?.as_string::<i32>();
        Ok(texts.iter().flatten().all(|text| !text.is_empty() && text.trim() == text))
    };
    if !is_clean("part")? || column(rows, "part")?.null_count() > 0 {
        return Err(FleetError::Faulty { column: "part" });
    }
    for name in ["lot", "supplier"] {
        if !is_clean(name)? {
            return Err(FleetError::Faulty { column: name });
        }
    }
    let quantities = column(rows, "quantity")?.as_primitive::<Decimal128Type>();
    let is_above_zero: BooleanArray =
        quantities.iter().map(|number| number.map(|number| number > 0)).collect();
    if is_above_zero.false_count() > 0 {
        return Err(FleetError::Faulty { column: "quantity" });
    }
    Ok(())
}
