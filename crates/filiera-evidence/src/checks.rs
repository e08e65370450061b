use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type};
use filiera_model::Day;

use crate::binding::{Binding, Target};
use crate::columns::{Read, Reading};
use crate::faults::Saying;
use crate::number;
use crate::piece::column;
use crate::source::{CellRef, Chunk};

/// Columns whose second must not be below the first.
const RANGES: [(&str, &str); 3] =
    [("unit_value", "unit_value_max"), ("value", "value_max"), ("share_min", "share_max")];

/// Checks that only several cells of one row together show.
pub(crate) fn rows(targets: &[Target], done: &[Read], reading: &mut Reading<'_>) {
    let read = |name: &str| {
        let place = targets.iter().position(|target| target.name == name)?;
        Some((targets.get(place)?, done.get(place)?))
    };
    let find = |name: &str| read(name).map(|(target, read)| (target, &read.array));
    for (low, high) in RANGES {
        if let (Some((_, low)), Some((target, high))) = (find(low), find(high)) {
            ranges(low, high, target, reading);
        }
    }
    // Where an end is not certain to the day, only what is surely reversed is a fault.
    if let (Some((_, from)), Some((target, to))) = (find("valid_from"), read("valid_to")) {
        days(from, to.last.as_ref().unwrap_or(&to.array), target, reading);
    }
}

fn ranges(low: &ArrayRef, high: &ArrayRef, target: &Target, reading: &mut Reading<'_>) {
    let (Some(low), Some(high)) =
        (low.as_primitive_opt::<Decimal128Type>(), high.as_primitive_opt::<Decimal128Type>())
    else {
        return;
    };
    for (place, pair) in low.iter().zip(high).enumerate() {
        if let (Some(low), Some(high)) = pair
            && high < low
        {
            let (high, low) = (number::to_text(high), number::to_text(low));
            let message = format!("the upper end `{high}` is below the lower end `{low}`");
            reading.fault(
                place,
                &target.header,
                Saying::new("row/range", message, "exchange or correct them"),
            );
        }
    }
}

fn days(from: &ArrayRef, to: &ArrayRef, target: &Target, reading: &mut Reading<'_>) {
    let (Some(from), Some(to)) = (from.as_primitive_opt::<Date32Type>(), to.as_primitive_opt::<Date32Type>())
    else {
        return;
    };
    for (place, pair) in from.iter().zip(to).enumerate() {
        if let (Some(from), Some(to)) = pair
            && to < from
        {
            let (from, to) = (Day::from_days(from), Day::from_days(to));
            let message = format!("it ends on `{to}`, before it starts on `{from}`");
            reading.fault(
                place,
                &target.header,
                Saying::new("row/dates", message, "exchange or correct the days"),
            );
        }
    }
}

/// Checks the row sum that the dossier asks for; empty cells count nothing.
pub(crate) fn row_sum(chunk: &Chunk, picked: Option<&[u32]>, binding: &Binding, reading: &mut Reading<'_>) {
    let Some(sum) = reading.settings.row_sum.clone() else { return };
    let columns: Vec<_> =
        binding.sum.iter().map(|(place, header)| (column(chunk, *place, picked), header)).collect();
    for place in 0..reading.rows.len() {
        let mut total: Option<i128> = Some(0);
        for (raw, header) in &columns {
            let value = match raw.get(place) {
                CellRef::Empty => continue,
                CellRef::Text(text) if reading.settings.nulls.iter().any(|null| null == text) => continue,
                cell => reading.number(header, cell, place),
            };
            total = total.and_then(|total| total.checked_add(value?.unscaled));
        }
        if let Some(total) = total.filter(|total| *total > sum.at_most) {
            let names: Vec<String> = sum.of.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "{} add up to `{}`, more than `{}`",
                names.join(", "),
                number::to_text(total),
                number::to_text(sum.at_most)
            );
            let first = sum.of.first().map_or("", String::as_str);
            reading.fault(place, first, Saying::new("row/sum", message, "correct the row"));
        }
    }
}
