use std::collections::BTreeMap;

use filiera_model::{Bounds, Exact, Mark, Quality};
use filiera_packs::Share;
use filiera_predicate::ParameterValue;

use super::forms::{Case, Valued};
use super::held::{greater, heaviest};
use super::outcome::JudgedRow;

/// The share of the marked rows that have one value, for the value that has the greatest; the remark names
/// it where no other can have as much.
///
/// The greatest share lies between the greatest lower and the greatest upper bound of all values. Where
/// something is open the least of it may lie higher: a row whose value is not known has one of them. So the
/// bounds are sound only, unless they are one number or there is one value.
pub(crate) fn greatest_part(case: &Case<'_>, share: &Share, judged: &[JudgedRow]) -> Valued {
    let parts = match &case.leaf.each {
        Some(list) => by_each(case, list, judged),
        None => by_column(case, judged),
    };
    let parts = if parts.is_empty() { vec![(None, judged.iter().map(unmarked).collect())] } else { parts };
    let mut reason = None;
    let mut bounds: Vec<(Option<String>, Bounds)> = Vec::new();
    for (name, rows) in parts {
        let valued = case.share(share, &rows);
        reason = reason.or(valued.reason);
        // What leaves one share open is the weight of all rows, and leaves every other open too.
        let Some(part) = valued.bounds else { return Valued { bounds: None, reason, remark: None } };
        bounds.push((name, part));
    }
    let name = heaviest(&bounds);
    let own = bounds.iter().map(|(_, bounds)| bounds.quality).fold(Quality::Exact, Quality::max);
    let greatest = bounds.into_iter().map(|(_, bounds)| bounds).reduce(greater);
    let floor = heaviest_stray(case, judged).and_then(|rows| case.share(share, &rows).bounds);
    let remark = name.map(|name| format!("the greatest part is that of `{name}`"));
    Valued { bounds: greatest.map(|bounds| at_least(bounds, own, floor)), reason, remark }
}

/// The law's lists, `list` holding one of its values alone, by that value.
pub(crate) fn each_alone(
    bindings: &BTreeMap<String, ParameterValue>,
    list: &str,
) -> Vec<(String, BTreeMap<String, ParameterValue>)> {
    let Some(ParameterValue::Texts(values)) = bindings.get(list) else { return Vec::new() };
    let alone = |value: &String| {
        let mut bindings = bindings.clone();
        bindings.insert(list.to_owned(), ParameterValue::Texts(vec![value.clone()]));
        (value.clone(), bindings)
    };
    values.iter().map(alone).collect()
}

type Part = (Option<String>, Vec<JudgedRow>);

/// The rows as each value of a list marks them.
fn by_each(case: &Case<'_>, list: &str, judged: &[JudgedRow]) -> Vec<Part> {
    let values = each_alone(&case.law.bindings(case.bound), list).into_iter().map(|(value, _)| value);
    let marked = |row: &JudgedRow, place: usize| {
        let mut row = row.clone();
        row.marked = row.each.get(place).map_or_else(|| Mark::Maybe.into(), |alone| alone.marked.clone());
        row
    };
    let part = |(place, value): (usize, String)| {
        (Some(value), judged.iter().map(|row| marked(row, place)).collect())
    };
    values.enumerate().map(part).collect()
}

/// The rows as they count for each value that some marked row has: those of another value not at all, those
/// that have none perhaps.
fn by_column(case: &Case<'_>, judged: &[JudgedRow]) -> Vec<Part> {
    let mut values: Vec<Option<String>> =
        judged.iter().filter(|row| counts(row)).map(|row| value(case, row)).collect();
    values.sort_unstable();
    values.dedup();
    let of = |row: &JudgedRow, one: &Option<String>| match value(case, row) {
        None => open(row),
        own if own == *one => row.clone(),
        Some(_) => unmarked(row),
    };
    values.into_iter().map(|one| (one.clone(), judged.iter().map(|row| of(row, &one)).collect())).collect()
}

/// The rows without the marks of all but the heaviest that has no value: whatever it has, so much is marked
/// of that.
fn heaviest_stray(case: &Case<'_>, judged: &[JudgedRow]) -> Option<Vec<JudgedRow>> {
    if case.leaf.each.is_some() {
        return None;
    }
    let surely = |row: &JudgedRow| &row.weight.range.least * &row.marked.least;
    let strays = judged.iter().filter(|row| counts(row) && value(case, row).is_none());
    let heaviest = strays.max_by(|a, b| surely(a).cmp(&surely(b)))?.row;
    let alone = |row: &JudgedRow| if row.row == heaviest { row.clone() } else { unmarked(row) };
    Some(judged.iter().map(alone).collect())
}

fn counts(row: &JudgedRow) -> bool {
    row.scope != Mark::No && !row.marked.most.is_zero()
}

fn value(case: &Case<'_>, row: &JudgedRow) -> Option<String> {
    case.rows.columns.display(case.leaf.by.as_deref().unwrap_or_default(), row.row as usize)
}

fn unmarked(row: &JudgedRow) -> JudgedRow {
    JudgedRow { marked: Mark::No.into(), ..row.clone() }
}

fn open(row: &JudgedRow) -> JudgedRow {
    let mut row = row.clone();
    row.marked.least = Exact::zero();
    row
}

/// The bounds with a lower end no lower than `floor`'s, if there is one: then some row has a value that is not
/// known, and the least there may be is not worked out. One number is as exact as the shares it comes from.
fn at_least(bounds: Bounds, own: Quality, floor: Option<Bounds>) -> Bounds {
    let quality = if floor.is_some() { Quality::Sound } else { own.max(bounds.quality) };
    let lower = floor.map(|floor| floor.lower).filter(|floor| floor.value > bounds.lower.value);
    let lower = lower.unwrap_or(bounds.lower);
    let quality = if lower == bounds.upper { own } else { quality };
    Bounds { lower, upper: bounds.upper, quality }
}
