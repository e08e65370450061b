use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use filiera_model::{Country, CountrySet, Exact, Range, Rounding};
use filiera_predicate::{ParameterValue, Predicate};
use filiera_tables::ColumnKind;

use super::paper::{Answer, Content};
use crate::facts::{Candidates, Claim, Origin};

/// Countries that predicates cannot tell apart: the same lists hold them, and none is named alone.
pub(super) struct Classes {
    lists: Vec<CountrySet>,
    texts: BTreeSet<String>,
}

impl Classes {
    /// The classes that these predicates make with these parameters and zones.
    pub(super) fn new(values: &BTreeMap<String, ParameterValue>, predicates: &[&Predicate]) -> Self {
        let mut classes = Self { lists: Vec::new(), texts: BTreeSet::new() };
        for predicate in predicates {
            let zones = predicate.zones().iter().map(|zone| format!("@{zone}"));
            for name in predicate.parameters().iter().cloned().chain(zones) {
                let Some(ParameterValue::Texts(texts)) = values.get(&name) else { continue };
                classes.lists.push(texts.iter().filter_map(|text| Country::from_code(text)).collect());
                classes.texts.extend(texts.iter().cloned());
            }
            predicate.countries_named().iter().for_each(|country| classes.single(*country));
        }
        classes
    }

    /// Tells this country from all others.
    pub(super) fn single(&mut self, country: Country) {
        self.lists.push([country].into_iter().collect());
    }

    /// The countries of `among`, those alike together.
    fn of(&self, among: &CountrySet) -> Vec<CountrySet> {
        let mut classes: BTreeMap<Vec<bool>, CountrySet> = BTreeMap::new();
        for country in among.iter() {
            let held = self.lists.iter().map(|list| !list.contains(country)).collect();
            classes.entry(held).or_insert(CountrySet::EMPTY).insert(country);
        }
        classes.into_values().collect()
    }
}

/// So many countries of a class are named.
const NAMED: usize = 3;

/// `IT`, `AT, BE, BG or 24 others`; of more than half the world: `any other country`.
fn named(class: &CountrySet) -> String {
    let codes: Vec<&str> = class.iter().map(Country::alpha2).collect();
    match codes.as_slice() {
        [only] => (*only).to_owned(),
        many if many.len() * 2 > Country::all().count() => "any other country".to_owned(),
        [first, .., last] if codes.len() <= NAMED => {
            let between = codes.get(1..codes.len() - 1).unwrap_or_default();
            let start: Vec<&str> = std::iter::once(*first).chain(between.iter().copied()).collect();
            format!("{} or {last}", start.join(", "))
        }
        many => {
            let start = many.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
            format!("{start} or {} others", many.len() - NAMED)
        }
    }
}

fn everywhere() -> CountrySet {
    Country::all().collect()
}

/// What a declaration may turn out to say, as far as it makes a difference: each claim that stands
/// now, with what is open about it settled one way for each class of countries.
pub(super) fn origin_answers(origin: &Origin, classes: &Classes) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for claim in &origin.claims {
        for answer in of_claim(claim, classes) {
            if !answers.iter().any(|known| known.content == answer.content) {
                answers.push(answer);
            }
        }
    }
    answers
}

fn of_claim(claim: &Claim, classes: &Classes) -> Vec<Answer> {
    let open: Vec<CountrySet> = claim.parts.iter().map(|(_, candidates)| possible(candidates)).collect();
    let is_open = |set: &&CountrySet| set.len() != 1;
    // Parts that are open fall the same way: the extremes are among these.
    let union: CountrySet = open.iter().filter(is_open).flat_map(CountrySet::iter).collect();
    let ways = if union.is_empty() { vec![CountrySet::EMPTY] } else { classes.of(&union) };
    ways.iter()
        .map(|way| {
            let parts = claim.parts.iter().zip(&open).map(|((share, _), set)| {
                let country = set.iter().find(|country| set.len() == 1 || way.contains(*country));
                country.or_else(|| set.iter().next()).map(|country| (share.clone(), country))
            });
            let parts: Vec<(Exact, Country)> = parts.flatten().collect();
            let says = says(&parts, way);
            Answer::new(Content::Origin(parts), says)
        })
        .collect()
}

fn possible(candidates: &Candidates) -> CountrySet {
    match candidates {
        Candidates::Unknown => everywhere(),
        Candidates::OneOf(set) => *set,
    }
}

fn says(parts: &[(Exact, Country)], way: &CountrySet) -> String {
    let name = |country: &Country| {
        if way.contains(*country) { named(way) } else { country.alpha2().to_owned() }
    };
    match parts {
        [(_, only)] => name(only),
        many => {
            let text = |(share, country): &(Exact, Country)| {
                let percent = share * &Exact::from_int(100);
                format!("{} % {}", percent.to_text(), name(country))
            };
            many.iter().map(text).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A price without limit is tried at a thousand million above its least.
const HIGH_ENOUGH: i64 = 1_000_000_000;

/// The ends of what a price (or another amount) may turn out to be.
pub(super) fn price_answers(range: &Range, unit: &str, content: fn(Exact) -> Content) -> Vec<Answer> {
    let text = |value: &Exact| format!("{} {unit}", amount_text(value, &content)).trim().to_owned();
    let low = Answer::new(content(range.least.clone()), format!("as little as {}", text(&range.least)));
    let high = match &range.most {
        Some(most) => Answer::new(content(most.clone()), format!("as much as {}", text(most))),
        None => {
            let tried = &range.least + &Exact::from_int(HIGH_ENOUGH);
            Answer { unlimited: true, ..Answer::new(content(tried), "high enough".to_owned()) }
        }
    };
    vec![low, high]
}

/// Money with its cents, other amounts as short as they are.
pub(super) fn amount_text(value: &Exact, content: &fn(Exact) -> Content) -> String {
    let is_money = matches!(content(Exact::zero()), Content::Price(_));
    let cents = value.to_decimal(2, Rounding::Down);
    if is_money && Exact::parse(&cents).as_ref() == Ok(value) { cents } else { value.to_text() }
}

/// What an empty cell may turn out to hold, as far as predicates can tell; nothing when that cannot
/// be listed.
pub(super) fn cell_answers(
    kind: Option<ColumnKind>,
    given: Option<&DataType>,
    classes: &Classes,
    predicates: &[&Predicate],
) -> Option<Vec<Answer>> {
    match (kind, given?) {
        (Some(ColumnKind::Country), _) => {
            let ways = classes.of(&everywhere());
            let answer = |way: &CountrySet| {
                let first = way.iter().next().map(Country::alpha2).unwrap_or_default();
                Answer::new(Content::Text(first.to_owned()), named(way))
            };
            Some(ways.iter().map(answer).collect())
        }
        (_, DataType::Boolean) => {
            Some([true, false].map(|truth| Answer::new(Content::Truth(truth), truth.to_string())).to_vec())
        }
        (Some(ColumnKind::Text | ColumnKind::Choice(_)) | None, DataType::Utf8) => {
            let mut texts = classes.texts.clone();
            predicates.iter().for_each(|predicate| texts.extend(quoted(predicate.text())));
            let mut answers: Vec<Answer> =
                texts.iter().map(|text| Answer::new(Content::Text(text.clone()), text.clone())).collect();
            answers
                .push(Answer::new(Content::Text("something else".to_owned()), "something else".to_owned()));
            Some(answers)
        }
        _ => None,
    }
}

/// The texts between quotes in a predicate.
fn quoted(text: &str) -> Vec<String> {
    text.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(codes: &[&str]) -> CountrySet {
        codes.iter().filter_map(|code| Country::from_code(code)).collect()
    }

    #[test]
    fn countries_that_no_list_tells_apart_are_one_answer() {
        let classes = Classes { lists: vec![set(&["IT"]), set(&["IT", "DE", "FR"])], texts: BTreeSet::new() };
        let names: Vec<String> = classes.of(&everywhere()).iter().map(named).collect();
        assert_eq!(names, ["IT", "DE or FR", "any other country"]);
    }

    #[test]
    fn a_remainder_falls_one_way_or_the_other() {
        let parts = vec![
            (Exact::parse("60 %").unwrap(), Candidates::OneOf(set(&["IT"]))),
            (Exact::parse("40 %").unwrap(), Candidates::Unknown),
        ];
        let origin = Origin { claims: vec![Claim { parts, rows: vec![0] }], ..Origin::unknown() };
        let classes = Classes { lists: vec![set(&["IT"])], texts: BTreeSet::new() };
        let says: Vec<Option<String>> =
            origin_answers(&origin, &classes).into_iter().map(|answer| answer.says).collect();
        let says: Vec<&str> = says.iter().flatten().map(String::as_str).collect();
        assert_eq!(says, ["60 % IT, 40 % IT", "60 % IT, 40 % any other country"]);
    }
}
