use filiera_model::Exact;

use crate::fault::Faults;
use crate::keys::{Entry, Keys};
use crate::read_form::{column, member, population};
use crate::score::{Base, Criterion, Economic, Formula, Gives, Price, Score};
use crate::{Cause, Spanned, number};

const SCORE: &[&str] = &["of", "within", "points", "decimals"];
const CRITERION: &[&str] = &[
    "title", "met", "where", "points", "column", "max", "formula", "price", "discount", "base", "at",
    "exponent", "best",
];

/// Points are not rounded to more decimals than this.
const MOST_DECIMALS: i64 = 6;

/// The columns within which offers compete, when the pack names none.
const WITHIN: [&str; 2] = ["tender", "lot"];

/// Reads a score of the pack with id `pack`.
pub(crate) fn score(entry: &Entry<'_>, pack: &str, faults: &mut Faults) -> Option<Score> {
    let keys = Keys::open(entry, SCORE, faults)?;
    let of = population(&keys, faults);
    let within = match keys.get("within") {
        Some(entry) => entry.text_or_texts(faults).unwrap_or_default(),
        None => WITHIN.map(|name| Spanned::new(name.to_owned(), keys.span.clone())).to_vec(),
    };
    let decimals = keys.get("decimals").and_then(|entry| decimals(&entry, faults));
    let listed = keys.required("points", faults).and_then(|entry| entry.list(faults)).unwrap_or_default();
    if keys.has("points") && listed.is_empty() {
        faults.push(Cause::Empty(format!("{}.points", keys.place)), &keys.span);
    }
    let points: Vec<Option<Criterion>> =
        listed.iter().map(|entry| criterion(entry, pack, decimals, faults)).collect();
    let points: Option<Vec<Criterion>> = points.into_iter().collect();
    let members = |points: &[Criterion]| {
        let named = points.iter().filter_map(|criterion| match &criterion.gives {
            Gives::WhenMet { member, .. } => Some(member.clone()),
            _ => None,
        });
        named.collect()
    };
    let points = points?;
    Some(Score { of: of?, within, members: members(&points), points, decimals })
}

fn decimals(entry: &Entry<'_>, faults: &mut Faults) -> Option<u32> {
    let Some(whole) = entry.as_integer() else {
        faults.push(entry.wrong_type("a whole number"), &entry.span);
        return None;
    };
    let fits = (0..=MOST_DECIMALS).contains(&whole);
    if !fits {
        let message = format!("`{whole}` is no number of decimals; write 0 to {MOST_DECIMALS}");
        faults.push(Cause::BadNumber(message), &entry.span);
    }
    u32::try_from(whole).ok().filter(|_| fits)
}

/// The keys of a criterion that say how it gives points: exactly one of them stands in each.
const KINDS: [&str; 4] = ["met", "where", "column", "formula"];

fn criterion(entry: &Entry<'_>, pack: &str, decimals: Option<u32>, faults: &mut Faults) -> Option<Criterion> {
    let keys = Keys::open(entry, CRITERION, faults)?;
    let title = keys.text("title", faults).map(|title| title.value);
    let stated: Vec<&'static str> = KINDS.into_iter().filter(|kind| keys.has(kind)).collect();
    let kind = match stated.as_slice() {
        [only] => *only,
        [] => {
            faults.push(Cause::NoCriterion(keys.place.clone()), &keys.span);
            return None;
        }
        [first, second, ..] => {
            let (first, second) = ((*first).to_owned(), (*second).to_owned());
            let cause = Cause::Two { place: keys.place.clone(), what: "ways to give points", first, second };
            faults.push(cause, &keys.span);
            return None;
        }
    };
    refuse_foreign(kind, &keys, faults);
    let gives = match kind {
        "met" => {
            let named = keys.text("met", faults).map(|text| member(text, pack, faults));
            let points = points(&keys, "points", faults);
            Gives::WhenMet { member: named?, points: points? }
        }
        "where" => {
            let (sql, points) = (keys.sql("where", faults), points(&keys, "points", faults));
            Gives::Where { sql: sql?, points: points? }
        }
        "column" => {
            let max = keys.has("max").then(|| points(&keys, "max", faults));
            Gives::Column { column: column(&keys, "column", faults)?, max: max.flatten() }
        }
        _ => Gives::Formula(Box::new(economic(&keys, decimals, faults)?)),
    };
    let title = title.unwrap_or_else(|| named(&gives));
    Some(Criterion { title, gives })
}

fn named(gives: &Gives) -> String {
    match gives {
        Gives::WhenMet { member, .. } => member.to_string(),
        Gives::Where { sql, .. } => sql.text.clone(),
        Gives::Column { column, .. } => column.value.clone(),
        Gives::Formula(economic) => format!("price, {}", economic.formula.name()),
    }
}

/// Keys that another way to give points has.
fn refuse_foreign(kind: &'static str, keys: &Keys<'_>, faults: &mut Faults) {
    let own: &[&str] = match kind {
        "met" | "where" => &["points"],
        "column" => &["max"],
        _ => &["max", "price", "discount", "base", "at", "exponent", "best"],
    };
    for key in ["points", "max", "price", "discount", "base", "at", "exponent", "best"] {
        if let Some(entry) = keys.get(key).filter(|_| !own.contains(&key)) {
            let why = format!("`{kind}` does not ask for it");
            faults.push(Cause::Misplaced { key: key.to_owned(), why }, &entry.key);
        }
    }
}

/// A number of points above zero.
fn points(keys: &Keys<'_>, key: &'static str, faults: &mut Faults) -> Option<Exact> {
    let entry = keys.required(key, faults)?;
    let number = number::written(&entry, faults)?;
    if number.value.value.is_positive() && !number.text.contains('%') {
        return Some(number.value.value);
    }
    let message = format!("`{}` is no number of points; write a number above 0", number.text);
    faults.push(Cause::BadNumber(message), &number.span);
    None
}

fn economic(keys: &Keys<'_>, decimals: Option<u32>, faults: &mut Faults) -> Option<Economic> {
    let words = ["linear", "min-max", "inverse", "bilinear", "power"].map(|name| (name, name));
    let name = keys.word("formula", "formula", &words, faults);
    let max = points(keys, "max", faults);
    let best = keys.word("best", "points of the best", &[("full", ())], faults).is_some();
    let formula = name.as_ref().and_then(|name| formula(name.value, keys, decimals, faults));
    let takes_discounts = formula.as_ref().is_some_and(Formula::takes_discounts);
    let price = formula.is_some().then(|| price(keys, takes_discounts, faults)).flatten();
    Some(Economic { formula: formula?, max: max?, price: price?, best_is_full: best })
}

fn formula(
    name: &'static str,
    keys: &Keys<'_>,
    decimals: Option<u32>,
    faults: &mut Faults,
) -> Option<Formula> {
    for (key, owner) in [("at", "bilinear"), ("exponent", "power")] {
        match keys.get(key) {
            Some(entry) if name != owner => {
                let why = format!("only `{owner}` has it");
                faults.push(Cause::Misplaced { key: key.to_owned(), why }, &entry.key);
            }
            None if name == owner => keys.missing(key, faults),
            _ => {}
        }
    }
    Some(match name {
        "linear" => Formula::Linear,
        "min-max" => Formula::MinMax,
        "inverse" => Formula::Inverse,
        "bilinear" => {
            let at = keys.get("at").and_then(|entry| number::share(&entry, faults))?;
            if !at.value.is_positive() || at.value >= 1 {
                let message =
                    format!("`{}` is no part of the points; write more than 0 and less than 1", at.value);
                faults.push(Cause::BadNumber(message), &at.span);
                return None;
            }
            Formula::Bilinear(at.value)
        }
        _ => {
            let entry = keys.get("exponent")?;
            if decimals.is_none() {
                let why =
                    "a root has no end of decimals; say with `decimals` where the tender rounds".to_owned();
                faults.push(Cause::Misplaced { key: "exponent".to_owned(), why }, &entry.key);
            }
            let (top, bottom) = exponent(&entry, faults)?;
            Formula::Power(top, bottom)
        }
    })
}

/// A fraction of small whole numbers: roots are taken exactly.
fn exponent(entry: &Entry<'_>, faults: &mut Faults) -> Option<(u32, u32)> {
    let number = number::written(entry, faults)?;
    let (top, bottom) = number.value.value.parts();
    let small = |text: String| text.parse::<u32>().ok().filter(|number| (1..=100).contains(number));
    let exponent = small(top.to_string()).zip(small(bottom.to_string()));
    if exponent.is_none() {
        let message = format!(
            "`{}` is no exponent; write a fraction above 0 of numbers up to 100, such as `\"1/2\"`",
            number.text
        );
        faults.push(Cause::BadNumber(message), &number.span);
    }
    exponent
}

fn price(keys: &Keys<'_>, takes_discounts: bool, faults: &mut Faults) -> Option<Price> {
    if let Some(entry) = keys.get("discount") {
        let other = keys.get("price").or_else(|| keys.get("base"));
        if let Some(other) = other {
            let why = "`discount` says it already".to_owned();
            faults.push(Cause::Misplaced { key: "price".to_owned(), why }, &other.key);
        }
        if !takes_discounts {
            let why = "the formula takes prices".to_owned();
            faults.push(Cause::Misplaced { key: "discount".to_owned(), why }, &entry.key);
        }
        return Some(Price::Discount(column(keys, "discount", faults)?));
    }
    keys.required("price", faults);
    let price = column(keys, "price", faults);
    if !takes_discounts {
        if let Some(entry) = keys.get("base") {
            let why = "the formula takes prices, not discounts".to_owned();
            faults.push(Cause::Misplaced { key: "base".to_owned(), why }, &entry.key);
        }
        return Some(Price::Of(price?));
    }
    let base = keys.required("base", faults).and_then(|entry| base(&entry, keys, faults));
    Some(Price::Below(price?, base?))
}

fn base(entry: &Entry<'_>, keys: &Keys<'_>, faults: &mut Faults) -> Option<Base> {
    let is_column =
        entry.is_text() && entry.any_text(faults).is_some_and(|text| crate::names::is_identifier(&text));
    if is_column {
        return column(keys, "base", faults).map(Base::Column);
    }
    let number = number::written(entry, faults)?;
    if !number.value.value.is_positive() {
        let message = format!("`{}` is no price to take discounts from; write a number above 0", number.text);
        faults.push(Cause::BadNumber(message), &number.span);
        return None;
    }
    Some(Base::Number(number.value.value))
}
