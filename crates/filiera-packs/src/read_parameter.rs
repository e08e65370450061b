use filiera_model::{Country, Day};

use crate::fault::Faults;
use crate::keys::{Entry, Keys, inside_quotes};
use crate::names::{is_identifier, refuse_bad_name};
use crate::{
    Cause, Confidence, CountryTerm, DatedValue, Instead, Parameter, Spanned, Unit, Value, number, timeline,
};

const PARAMETER: &[&str] = &["unit", "currency", "about", "values"];
const DATED: &[&str] = &["from", "to", "value", "published", "repealed_on", "cite", "confidence"];

/// Reads `[parameter.<name>]`.
pub(crate) fn parameter(name: &str, entry: &Entry<'_>, faults: &mut Faults) -> Option<Parameter> {
    refuse_bad_name("parameter", name, is_identifier(name), &entry.key, faults);
    let keys = Keys::open(entry, PARAMETER, faults)?;
    let about = keys.text("about", faults).map(|text| text.value);
    let unit = unit(&keys, faults);
    let listed = keys.required("values", faults)?;
    let entries = listed.list(faults)?;
    if entries.is_empty() {
        faults.push(Cause::Empty(listed.place), &listed.span);
    }
    let unit = unit?;
    let before = faults.count();
    let read = entries.iter().enumerate().map(|(index, entry)| dated_value(index, entry, &unit, faults));
    let values: Vec<DatedValue> = read.collect::<Vec<_>>().into_iter().flatten().collect();
    if faults.count() == before {
        timeline::check(name, &values, faults);
    }
    Some(Parameter { name: name.to_owned(), unit, about, values, span: entry.span.clone() })
}

fn unit(keys: &Keys<'_>, faults: &mut Faults) -> Option<Unit> {
    let words = Unit::NAMES.map(|name| (name, name));
    keys.required("unit", faults)?;
    let unit = keys.word("unit", "unit", &words, faults)?;
    let currency = keys.get("currency");
    if unit.value == "money" {
        return Some(Unit::Money(self::currency(currency, keys, faults)?));
    }
    if let Some(currency) = currency {
        let why = format!("the unit is `{}`, and only `money` has a currency", unit.value);
        faults.push(Cause::Misplaced { key: "currency".to_owned(), why }, &currency.key);
    }
    Some(match unit.value {
        "share" => Unit::Share,
        "countries" => Unit::Countries,
        "texts" => Unit::Texts,
        "day" => Unit::Day,
        _ => Unit::Number,
    })
}

fn currency(entry: Option<Entry<'_>>, keys: &Keys<'_>, faults: &mut Faults) -> Option<String> {
    let Some(entry) = entry else {
        keys.missing("currency", faults);
        return None;
    };
    let text = entry.text(faults)?;
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Some(text.value);
    }
    faults.push(Cause::BadCurrency(text.value), &text.span);
    None
}

fn dated_value(index: usize, entry: &Entry<'_>, unit: &Unit, faults: &mut Faults) -> Option<DatedValue> {
    let keys = Keys::open(entry, DATED, faults)?;
    let (from, to) = days(&keys, "from", "to", faults);
    let (published, repealed_on) = days(&keys, "published", "repealed_on", faults);
    if published.is_some() && published == repealed_on {
        faults.push(Cause::NeverKnown, &entry.span);
    }
    let cite = keys.required_text("cite", faults);
    let degrees = Confidence::ALL.map(|degree| (degree.name(), degree));
    let confidence = keys.word("confidence", "confidence", &degrees, faults);
    let stated = keys.required("value", faults)?;
    let value = value(&stated, unit, faults);
    let span = stated.span.clone();
    let inside = if stated.is_text() { inside_quotes(&faults.text, &span) } else { span.clone() };
    let text = faults.text.get(inside).unwrap_or_default().to_owned();
    Some(DatedValue {
        index,
        from,
        to,
        value: value?,
        published,
        repealed_on,
        cite: cite?.value,
        confidence: confidence.map_or(Confidence::Secondary, |degree| degree.value),
        text,
        span,
    })
}

/// Two days, the first of which must not come later.
pub(crate) fn days(
    keys: &Keys<'_>,
    earlier: &'static str,
    later: &'static str,
    faults: &mut Faults,
) -> (Option<Day>, Option<Day>) {
    let (first, last) = (keys.day(earlier, faults), keys.day(later, faults));
    if let (Some(first), Some(last)) = (first, last)
        && last < first
        && let Some(entry) = keys.get(later)
    {
        faults.push(Cause::DatesReversed { earlier, first, later, last }, &entry.span);
    }
    (first, last)
}

fn value(entry: &Entry<'_>, unit: &Unit, faults: &mut Faults) -> Option<Value> {
    match unit {
        Unit::Share => number::share(entry, faults).map(|share| Value::Number(share.value)),
        Unit::Number | Unit::Money(_) => plain_number(entry, unit, faults),
        Unit::Day => entry.day(faults).map(Value::Day),
        Unit::Texts => {
            let texts = entry.texts(faults)?;
            Some(Value::Texts(texts.into_iter().map(|text| text.value).collect()))
        }
        Unit::Countries => {
            let texts = entry.texts(faults)?;
            let terms: Vec<_> = texts.iter().filter_map(|text| country_term(text, faults)).collect();
            Some(Value::Countries(terms))
        }
    }
}

fn plain_number(entry: &Entry<'_>, unit: &Unit, faults: &mut Faults) -> Option<Value> {
    let number = number::written(entry, faults)?;
    if number.text.contains('%') {
        let message = format!("`{}` is a share, and the unit is `{}`", number.text, unit.name());
        faults.push(Cause::BadNumber(message), &number.span);
    }
    Some(Value::Number(number.value.value))
}

/// Reads `IT` or `@EU`.
fn country_term(text: &Spanned<String>, faults: &mut Faults) -> Option<CountryTerm> {
    if let Some(zone) = text.strip_prefix('@') {
        refuse_bad_name("zone", zone, is_identifier(zone), &text.span, faults);
        return Some(CountryTerm::Zone(zone.to_owned()));
    }
    country(text, faults).map(CountryTerm::Country)
}

/// The country of an alpha-2 code, as the pack writes it.
pub(crate) fn country(text: &Spanned<String>, faults: &mut Faults) -> Option<Country> {
    let found = Country::from_code(text);
    if let Some(country) = found.filter(|country| country.alpha2() == text.value) {
        return Some(country);
    }
    let meant = found.or_else(|| Country::from_name(text)).map(Country::alpha2);
    let instead = match (meant, text.value.as_str()) {
        (Some(code), _) => Instead::Near(code.to_owned()),
        (None, "EU") => Instead::Near("@EU".to_owned()),
        (None, "UK") => Instead::Near("GB".to_owned()),
        (None, _) => Instead::Unknown,
    };
    faults.push(Cause::UnknownCountry { code: text.value.clone(), instead }, &text.span);
    None
}
