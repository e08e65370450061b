use filiera_model::{Day, Days, Exact, Range};
use filiera_packs::Weigh;

use crate::ground::Ground;
use crate::rows::{Component, Measure, Rows};

/// What a row weighs, in the unit of the condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) range: Range,
    /// The currency of money; nothing when it is no money or nobody named one.
    pub(crate) currency: Option<String>,
    /// The paper that would make it exact: `price:P-1`.
    pub(crate) missing: Option<String>,
    /// Whether the price that holds hangs on a day that is not known.
    pub(crate) depends_on_day: bool,
    /// Whether it may as well lie below zero, as far as one likes: then `range` tells one half only.
    pub(crate) is_signed: bool,
}

/// How a condition weighs.
#[derive(Clone, Copy)]
pub(crate) struct Weighing<'a> {
    pub(crate) by: &'a Weigh,
    pub(crate) basis: Option<&'a str>,
    /// The currency everything must be in, when the threshold is money.
    pub(crate) currency: Option<&'a str>,
    /// The day currencies convert at.
    pub(crate) convert_on: Option<Day>,
    /// Whether what it weighs by may be negative.
    pub(crate) may_be_negative: bool,
}

impl Weight {
    fn known(range: Range) -> Self {
        Self { range, currency: None, missing: None, depends_on_day: false, is_signed: false }
    }

    fn unknown(missing: String) -> Self {
        Self { missing: Some(missing), ..Self::known(Range::anything()) }
    }

    /// One row, one count.
    pub(crate) fn one() -> Self {
        Self::known(Range::exactly(Exact::one()))
    }
}

/// The weight of each of `rows`, all in one currency.
pub(crate) fn weights(
    ground: &Ground<'_>,
    rows: &Rows,
    asked: &[u32],
    weighing: Weighing<'_>,
) -> Vec<Weight> {
    let mut weights: Vec<Weight> = asked.iter().map(|row| weight(ground, rows, *row, weighing)).collect();
    let target = common_currency(ground, &weights, weighing.currency);
    for weight in &mut weights {
        convert(ground, weight, target.as_deref(), weighing.convert_on);
    }
    weights
}

/// The currency to compare in: the one asked for, the only one there is, or the dossier's.
pub(crate) fn common_currency(
    ground: &Ground<'_>,
    weights: &[Weight],
    asked: Option<&str>,
) -> Option<String> {
    if let Some(asked) = asked {
        return Some(asked.to_owned());
    }
    let mut currencies: Vec<&str> = weights.iter().filter_map(|weight| weight.currency.as_deref()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    match currencies.as_slice() {
        [] => None,
        [only] => Some((*only).to_owned()),
        _ => Some(ground.prices.default_currency().unwrap_or("EUR").to_owned()),
    }
}

/// Converts money; without a rate the amount is open.
pub(crate) fn convert(ground: &Ground<'_>, weight: &mut Weight, target: Option<&str>, day: Option<Day>) {
    let (Some(from), Some(to)) = (weight.currency.clone(), target) else { return };
    if from == to {
        return;
    }
    match ground.rates.factor(&from, to, day) {
        Some(factor) => weight.range = weight.range.times(&factor),
        None => {
            weight.is_signed |= weight.range.least.is_negative();
            weight.range = Range::anything();
            weight.missing = Some(format!("rate:{from}"));
        }
    }
    weight.currency = Some(to.to_owned());
}

fn weight(ground: &Ground<'_>, rows: &Rows, row: u32, weighing: Weighing<'_>) -> Weight {
    let Some(info) = rows.info(row) else { return Weight::unknown("row".to_owned()) };
    let place = row as usize;
    match (&info.component, weighing.by) {
        (Some(component), Weigh::Value) => value(ground, component, weighing.basis),
        (Some(component), Weigh::Mass) => mass(rows, place, component),
        (Some(component), Weigh::Count) => count(component),
        (None, Weigh::Value) => cell(rows, place, "value", &info.name, weighing.may_be_negative),
        (None, Weigh::Mass) => cell(rows, place, "mass_kg", &info.name, weighing.may_be_negative),
        (None, Weigh::Count) => Weight::one(),
        (_, Weigh::Column(column)) => cell(rows, place, column, &info.name, weighing.may_be_negative),
    }
}

/// What a cell says. Where it is empty: zero or more, or anything at all if its column holds numbers below
/// zero too. Where it must not, a number below zero says nothing.
fn cell(rows: &Rows, row: usize, column: &str, name: &str, may_be_negative: bool) -> Weight {
    if let Some(bounds) = rows.columns.share_range(column, row) {
        let least = bounds.lower.value.unwrap_or_default();
        let range = Range { least, most: bounds.upper.value };
        let missing = (!range.is_exact()).then(|| format!("{column}:{name}"));
        return Weight { missing, ..Weight::known(range) };
    }
    let currency = rows.columns.text("currency", row).map(str::to_owned);
    // A number known between two ends only: neither is missing, and it is no price.
    let end = |of: &str| rows.columns.number(&format!("{column}_{of}"), row);
    if let (Some(least), Some(most)) = (end("least"), end("most")) {
        return Weight { currency, ..Weight::known(Range { least, most: Some(most) }) };
    }
    let stated = rows.columns.number(column, row);
    match stated.filter(|number| may_be_negative || !number.is_negative()) {
        Some(number) => Weight { currency, ..Weight::known(Range::exactly(number)) },
        None => {
            let unknown = Weight::unknown(format!("{column}:{name}"));
            Weight { currency, is_signed: may_be_negative, ..unknown }
        }
    }
}

fn value(ground: &Ground<'_>, component: &Component, basis: Option<&str>) -> Weight {
    let paper = || format!("price:{}", component.part);
    if let Some(added) = &component.added {
        let missing = (!added.value.is_exact()).then(paper);
        let currency = added.currency.clone();
        return Weight { currency, missing, ..Weight::known(added.value.clone()) };
    }
    let price = ground.prices.of(&component.part, basis, component.tested_on);
    let Some(price) = price.filter(|_| !component.is_priceless) else { return Weight::unknown(paper()) };
    let missing = (!price.value.is_exact()).then(paper);
    let (currency, depends_on_day) = (price.currency, price.depends_on_day);
    Weight { currency, missing, depends_on_day, ..Weight::known(price.value.times(&component.quantity)) }
}

fn mass(rows: &Rows, row: usize, component: &Component) -> Weight {
    if component.added.is_some() {
        return Weight::known(Range::exactly(Exact::zero()));
    }
    if component.unit == Measure::Kilograms {
        return Weight::known(Range::exactly(component.quantity.clone()));
    }
    let known = rows.columns.number("mass_kg", row).filter(|_| component.unit == Measure::Pieces);
    match known {
        Some(mass) => Weight::known(Range::exactly(&mass * &component.quantity)),
        None => Weight::unknown(format!("mass:{}", component.part)),
    }
}

fn count(component: &Component) -> Weight {
    if component.added.is_some() {
        return Weight::known(Range::exactly(Exact::zero()));
    }
    match component.unit {
        Measure::Pieces => Weight::known(Range::exactly(component.quantity.clone())),
        // Steel by the kilogram is no number of pieces.
        Measure::Kilograms | Measure::Other => Weight::unknown(format!("pieces:{}", component.part)),
    }
}

/// The day currencies convert at: what the condition names, else the subject's own day.
pub(crate) fn conversion_day(named: Option<Days>, dated: Day) -> Option<Day> {
    named.map_or(Some(dated), Days::single)
}
