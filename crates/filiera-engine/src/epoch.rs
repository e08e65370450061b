use std::collections::BTreeMap;

use filiera_model::{CountrySet, Day, Days, Exact, Zones};
use filiera_packs::{CountryTerm, NoValue, Threshold, Value};
use filiera_predicate::ParameterValue;

use crate::bind::BoundCondition;

/// The law of one condition on one day: which dated value of each parameter, and who is in each
/// zone. Subjects of equal law are judged together.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Law {
    /// The place of each parameter's value in the pack.
    pub(crate) values: BTreeMap<String, usize>,
    zones: BTreeMap<String, Vec<&'static str>>,
    /// The state of the register of owners, where the condition asks about it.
    pub(crate) state: usize,
}

/// The days to judge a subject by: one, or one for each law that its possible days fall under.
pub(crate) fn days_to_judge(
    condition: &BoundCondition,
    zones: &Zones,
    law_as_of: Day,
    dated: Days,
) -> Vec<Day> {
    if let Some(day) = dated.single() {
        return vec![day];
    }
    let parameters = condition.parameters.iter().filter_map(|name| condition.pack.parameters.get(name));
    let changes = parameters
        .flat_map(|parameter| parameter.changes(law_as_of))
        .chain(condition.zones.iter().flat_map(|zone| zones.changes(zone)))
        .filter(|day| dated.may_be(*day));
    let mut days: Vec<Day> = dated.first.into_iter().chain(dated.last).chain(changes).collect();
    if days.is_empty() {
        days.push(law_as_of);
    }
    days.sort_unstable();
    days.dedup();
    if dated.first.is_none() {
        // Of an unknown day every value held is asked; before the first there is none to hold.
        let first = days.iter().position(|day| law_on(condition, zones, law_as_of, *day).is_ok());
        days.drain(..first.unwrap_or(0));
    }
    days
}

/// The law on a day.
pub(crate) fn law_on(
    condition: &BoundCondition,
    zones: &Zones,
    law_as_of: Day,
    day: Day,
) -> Result<Law, NoValue> {
    let mut values = BTreeMap::new();
    for name in &condition.parameters {
        if let Some(parameter) = condition.pack.parameters.get(name) {
            values.insert(name.clone(), parameter.value_on(law_as_of, day)?.index);
        }
    }
    let members = |zone: &String| {
        let set = zones.members(zone, day).unwrap_or_default();
        (zone.clone(), set.iter().map(|country| country.alpha2()).collect())
    };
    Ok(Law { values, zones: condition.zones.iter().map(members).collect(), state: 0 })
}

impl Law {
    /// What predicates are bound with: parameters by name, zones by `@NAME`.
    pub(crate) fn bindings(&self, condition: &BoundCondition) -> BTreeMap<String, ParameterValue> {
        let mut bindings = BTreeMap::new();
        for (name, place) in &self.values {
            if let Some(value) = self.value(condition, name, *place) {
                bindings.insert(name.clone(), value);
            }
        }
        for (zone, members) in &self.zones {
            let texts = members.iter().map(|code| (*code).to_owned()).collect();
            bindings.insert(format!("@{zone}"), ParameterValue::Texts(texts));
        }
        bindings
    }

    /// The threshold of the condition on that day.
    pub(crate) fn threshold(&self, condition: &BoundCondition) -> Option<Exact> {
        match &condition.condition.comparison.as_ref()?.threshold.value {
            Threshold::Number(number) => Some(number.clone()),
            Threshold::Parameter(name) => match self.value(condition, name, *self.values.get(name)?)? {
                ParameterValue::Number(number) => Some(number),
                _ => None,
            },
        }
    }

    fn value(&self, condition: &BoundCondition, name: &str, place: usize) -> Option<ParameterValue> {
        let dated = condition.pack.parameters.get(name)?.values.get(place)?;
        Some(match &dated.value {
            Value::Number(number) => ParameterValue::Number(number.clone()),
            Value::Texts(texts) => ParameterValue::Texts(texts.clone()),
            Value::Day(day) => ParameterValue::Day(*day),
            Value::Countries(terms) => ParameterValue::Texts(self.countries(terms)),
        })
    }

    fn countries(&self, terms: &[CountryTerm]) -> Vec<String> {
        let mut set = CountrySet::EMPTY;
        let mut codes: Vec<String> = Vec::new();
        for term in terms {
            match term {
                CountryTerm::Country(country) => set.insert(*country),
                CountryTerm::Zone(zone) => {
                    let members = self.zones.get(zone).into_iter().flatten();
                    codes.extend(members.map(|code| (*code).to_owned()));
                }
            }
        }
        codes.extend(set.iter().map(|country| country.alpha2().to_owned()));
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}
