use filiera_finding::Run;
use filiera_model::{Exact, Rounding};

use crate::clean::clean;
use crate::number::{Measure, count, grouped};

/// Countries drawn before the others are added up.
const MOST_COUNTRIES: usize = 14;
/// Units of a full bar.
const UNITS: usize = 1_000;

/// Value by country, the greatest first, what is not known last.
pub(super) struct Countries {
    pub(super) rows: Vec<Share>,
    pub(super) total: String,
    pub(super) height: usize,
}

/// One part of a whole.
pub(super) struct Share {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) percent: String,
    /// Left edge in a whole bar, and width, in thousandths; in a bar chart only the width counts.
    pub(super) from: usize,
    pub(super) width: usize,
    /// Top in a bar chart.
    pub(super) y: usize,
    pub(super) class: &'static str,
}

/// Value by the strength of the evidence for its origin, as one bar.
pub(super) struct Strength {
    pub(super) rows: Vec<Share>,
    pub(super) total: String,
}

/// Height of one line of the bar chart.
const LINE: usize = 34;

pub(super) fn countries(run: &Run) -> Option<Countries> {
    let money = money(run);
    let mut known: Vec<(String, Exact)> = Vec::new();
    let mut last: Vec<(String, Exact)> = Vec::new();
    for slice in run.value_by_country.iter().filter(|slice| !slice.value.is_zero()) {
        let side = if is_open(&slice.name) { &mut last } else { &mut known };
        side.push((slice.name.clone(), slice.value.clone()));
    }
    known.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if known.len() > MOST_COUNTRIES {
        let rest = known.split_off(MOST_COUNTRIES);
        let name = format!("{} other countries", count(rest.len() as u64));
        known.push((name, rest.into_iter().map(|(_, value)| value).sum()));
    }
    last.sort();
    last.reverse();
    known.append(&mut last);
    let rows = shares(&money, &known)?;
    let longest = rows.iter().map(|share| share.width).max().unwrap_or(1).max(1);
    let rows: Vec<Share> = rows
        .into_iter()
        .enumerate()
        .map(|(place, share)| Share { width: share.width * UNITS / longest, y: place * LINE, ..share })
        .collect();
    let total = known.iter().map(|(_, value)| value.clone()).sum();
    Some(Countries { height: rows.len() * LINE, total: amount(&money, &total), rows })
}

pub(super) fn strength(run: &Run) -> Option<Strength> {
    let money = money(run);
    let parts: Vec<(String, Exact)> =
        run.evidence_strength.iter().map(|part| (part.class.clone(), part.value.clone())).collect();
    let rows = shares(&money, &parts)?;
    let total = parts.iter().map(|(_, value)| value.clone()).sum();
    Some(Strength { rows, total: amount(&money, &total) })
}

fn money(run: &Run) -> Measure {
    Measure::Amount(clean(run.currency.as_deref().unwrap_or_default()))
}

/// Two decimals always, so that figures stand under each other.
fn amount(money: &Measure, value: &Exact) -> String {
    money.with_unit(&grouped(&value.to_decimal(2, Rounding::HalfUp)))
}

/// Whether the value belongs to no one country.
fn is_open(name: &str) -> bool {
    matches!(name, "?" | "several")
}

/// Each part with its place in the whole; nothing when the whole is zero.
fn shares(money: &Measure, parts: &[(String, Exact)]) -> Option<Vec<Share>> {
    let total: Exact = parts.iter().map(|(_, value)| value.clone()).sum();
    let units = |value: &Exact| {
        let part = &value.checked_div(&total)? * &Exact::from_int(UNITS);
        part.to_decimal(0, Rounding::HalfUp).parse::<usize>().ok()
    };
    let mut before = Exact::zero();
    let mut shares = Vec::new();
    for (name, value) in parts {
        let from = units(&before)?;
        before += value;
        shares.push(Share {
            name: clean(in_words(name)),
            value: amount(money, value),
            percent: Measure::Percent.value(&value.checked_div(&total)?, None),
            from,
            width: units(&before)?.saturating_sub(from),
            y: 0,
            class: class(name),
        });
    }
    Some(shares)
}

fn in_words(name: &str) -> &str {
    match name {
        "?" => "? unknown",
        "none" => "no evidence",
        other => other,
    }
}

/// The fill of a part: the weaker the evidence, the more open the pattern.
fn class(name: &str) -> &'static str {
    match name {
        "?" | "none" => "unknown",
        "several" | "inferred" => "mixed",
        "observed" => "observed",
        "assumed" => "assumed",
        _ => "known",
    }
}
