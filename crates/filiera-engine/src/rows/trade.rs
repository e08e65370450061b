use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, StringArray, UInt32Array};
use filiera_model::{Exact, Range, Rounding};
use filiera_tables::{ColumnKind, SCALE};

use crate::EngineError;
use crate::columns::Columns;

/// The published figures, and below them each flow as it was one year before.
pub(crate) struct Change {
    /// One row per figure, then one per figure a year before, of the same subject.
    pub(crate) columns: Columns,
    /// The row of `trade` each comes from.
    pub(crate) sources: Vec<u32>,
    /// Whether a row was computed from a published growth, and so hangs together with its figure.
    pub(crate) computed: Vec<bool>,
}

/// What `trade` says of this year and the one before, figure by figure.
///
/// The year before is what was published for it, if it was; else what the published growth leaves,
/// between the ends that the rounding of both figures allows; else not known.
pub(crate) fn change(trade: &Columns) -> Result<Change, EngineError> {
    let count = u32::try_from(trade.len()).unwrap_or(u32::MAX);
    let published = published(trade, count);
    let mut told: Vec<Told> = (0..count).map(|row| Told::this(trade, row)).collect();
    told.extend((0..count).map(|row| before(trade, &published, row)));
    let sources: Vec<u32> = (0..count).chain(0..count).collect();
    let columns = columns(trade, &told, &sources)?;
    Ok(Change { columns, computed: told.iter().map(|one| one.is_computed).collect(), sources })
}

/// One figure: as printed, and between which ends it lies.
struct Told {
    year: &'static str,
    printed: Option<Exact>,
    range: Option<Range>,
    is_computed: bool,
}

impl Told {
    fn this(trade: &Columns, row: u32) -> Self {
        let printed = trade.number("value", row as usize);
        let range = rounded(trade, "value", row as usize);
        // A flow is never below nothing, however roughly it was printed.
        let is_flow = printed.as_ref().is_some_and(|printed| !printed.is_negative());
        let floor = |range: Range| Range { least: range.least.max(Exact::zero()), ..range };
        let range = if is_flow { range.map(floor) } else { range };
        Self { year: "this", printed, range, is_computed: false }
    }
}

/// The key of a flow in a period: publisher, reporter, partner, flow, product, period.
type Flow = [Option<String>; 6];

fn flow(trade: &Columns, row: usize, period: Option<String>) -> Flow {
    let [publisher, reporter, partner, flow, product] =
        ["publisher", "reporter", "partner", "flow", "product"].map(|column| trade.display(column, row));
    [publisher, reporter, partner, flow, product, period]
}

/// The row of each flow; nothing where several have it, of which nobody can say what each is a part of.
fn published(trade: &Columns, count: u32) -> BTreeMap<Flow, Option<u32>> {
    let mut rows = BTreeMap::new();
    for row in 0..count {
        let flow = flow(trade, row as usize, trade.display("period", row as usize));
        rows.entry(flow).and_modify(|known| *known = None).or_insert(Some(row));
    }
    rows
}

fn before(trade: &Columns, published: &BTreeMap<Flow, Option<u32>>, row: u32) -> Told {
    let place = row as usize;
    let period = trade.display("period", place).map(|period| year_before(&period));
    let before = |printed, range, is_computed| Told { year: "before", printed, range, is_computed };
    let computed = || {
        let range = grown_from(trade, row);
        let is_computed = range.is_some();
        before(None, range, is_computed)
    };
    match published.get(&flow(trade, place, period)) {
        Some(None) => before(None, None, false),
        Some(Some(row)) => match Told::this(trade, *row) {
            Told { range: None, .. } => computed(),
            told => before(told.printed, told.range, false),
        },
        None => computed(),
    }
}

/// What a figure was before it grew as published; nothing when one of the two is not known, or when
/// everything may have been lost.
fn grown_from(trade: &Columns, row: u32) -> Option<Range> {
    let now = Told::this(trade, row).range?;
    let growth = rounded(trade, "growth", row as usize)?;
    let (least, most) = (Exact::one() + growth.least, Exact::one() + growth.most?);
    if !least.is_positive() {
        return None;
    }
    // Below zero, the greater growth comes from nearer to it.
    let ends = [&now.least, now.most.as_ref()?].map(|now| [now.checked_div(&least), now.checked_div(&most)]);
    let ends: Option<Vec<Exact>> = ends.into_iter().flatten().collect();
    let ends = ends?;
    Some(Range { least: ends.iter().min()?.clone(), most: ends.into_iter().max() })
}

/// A printed number, half a unit of its rounding to either side.
fn rounded(trade: &Columns, column: &str, row: usize) -> Option<Range> {
    let printed = trade.number(column, row)?;
    let Some(unit) = trade.number(&format!("{column}_rounded_to"), row) else {
        return Some(Range::exactly(printed));
    };
    let half = unit.checked_div(&Exact::from_int(2))?;
    Some(Range { least: &printed - &half, most: Some(&printed + &half) })
}

/// The same period a year earlier: every year in it, four digits alone, less one.
fn year_before(period: &str) -> String {
    let mut text = String::with_capacity(period.len());
    let mut digits = String::new();
    for letter in period.chars().map(Some).chain([None]) {
        match letter.filter(char::is_ascii_digit) {
            Some(digit) => digits.push(digit),
            None => {
                let year = (digits.len() == 4).then(|| digits.parse::<u32>().ok()).flatten();
                match year.and_then(|year| year.checked_sub(1)) {
                    Some(year) => text.push_str(&format!("{year:04}")),
                    None => text.push_str(&digits),
                }
                digits.clear();
                text.extend(letter);
            }
        }
    }
    text
}

fn columns(trade: &Columns, told: &[Told], sources: &[u32]) -> Result<Columns, EngineError> {
    let mut columns = Columns::of_len(told.len());
    let years: StringArray = told.iter().map(|one| Some(one.year)).collect();
    columns.push("year", ColumnKind::Text, Arc::new(years));
    let ends = |of: fn(&Range) -> Option<&Exact>, rounding| {
        let numbers = told.iter().map(move |one| decimal(of(one.range.as_ref()?)?, rounding));
        decimals(numbers)
    };
    let printed = told.iter().map(|one| decimal(one.printed.as_ref()?, Rounding::HalfUp));
    columns.push("value", ColumnKind::Number, decimals(printed)?);
    columns.push("value_least", ColumnKind::Number, ends(|range| Some(&range.least), Rounding::Down)?);
    columns.push("value_most", ColumnKind::Number, ends(|range| range.most.as_ref(), Rounding::Up)?);
    let rows = UInt32Array::from(sources.to_vec());
    columns.join(trade, &rows)?;
    Ok(columns)
}

/// The number in units of the last decimal that a table holds, rounded outwards beyond it.
fn decimal(number: &Exact, rounding: Rounding) -> Option<i128> {
    let unit = Exact::from_decimal(1, u32::from(SCALE));
    number.to_multiple(&unit, rounding)?.to_unscaled(u32::from(SCALE))
}

fn decimals(numbers: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef, EngineError> {
    let numbers: Decimal128Array = numbers.collect();
    Ok(Arc::new(numbers.with_precision_and_scale(38, SCALE.cast_signed())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_before_keeps_the_part_of_the_year() {
        for (period, before) in [
            ("2025", "2024"),
            ("2025-H1", "2024-H1"),
            ("2025-08", "2024-08"),
            ("2025-01/2025-08", "2024-01/2024-08"),
            ("first 10 months of 2000", "first 10 months of 1999"),
            ("12345", "12345"),
            ("", ""),
        ] {
            assert_eq!(year_before(period), before);
        }
    }
}
