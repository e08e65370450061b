//! The law of a world, with some of it as it is on the other day.

use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Day, Membership, Zones};
use filiera_packs::{Condition, DatedValue, NoValue, Pack, Parameter, Threshold};

use crate::sql_words::words;

/// What a parameter's value on one day of the law is.
pub(super) type ValueOn<'a> = Result<&'a DatedValue, NoValue>;

/// The parameter as if its value on (`law_as_of`, `on`) were its only one.
pub(super) fn only_value(parameter: &Parameter, law_as_of: Day, on: Day) -> Parameter {
    let value = match parameter.value_on(law_as_of, on) {
        Ok(value) => Some(DatedValue { from: None, ..value.clone() }),
        // A value that begins after every day keeps the reason: it is before the law.
        Err(NoValue::BeforeLaw) => parameter
            .values
            .first()
            .map(|value| DatedValue { from: Some(Day::from_days(i32::MAX)), ..value.clone() }),
        Err(NoValue::AfterLaw) => None,
    };
    let value =
        value.map(|value| DatedValue { index: 0, to: None, published: None, repealed_on: None, ..value });
    Parameter { values: value.into_iter().collect(), ..parameter.clone() }
}

/// The parameter as if what is known of it on `law_as_of` had always been known, and nothing else.
pub(super) fn as_known_on(parameter: &Parameter, law_as_of: Day) -> Parameter {
    let known = parameter.values.iter().filter(|value| value.is_known_on(law_as_of)).cloned();
    let known = known.enumerate().map(|(index, value)| DatedValue {
        index,
        published: None,
        repealed_on: None,
        ..value
    });
    Parameter { values: known.collect(), ..parameter.clone() }
}

/// The places of the values known on a day.
pub(super) fn known_on(parameter: &Parameter, law_as_of: Day) -> BTreeSet<usize> {
    parameter.values.iter().filter(|value| value.is_known_on(law_as_of)).map(|value| value.index).collect()
}

/// Whether no condition that uses the parameter is dated by its subject.
pub(super) fn is_of_the_clock(pack: &Pack, name: &str) -> bool {
    pack.conditions
        .iter()
        .filter(|condition| uses(condition, name))
        .all(|condition| condition.dated_by.is_none())
}

fn uses(condition: &Condition, name: &str) -> bool {
    let threshold = condition.comparison.as_ref().map(|comparison| &comparison.threshold.value);
    let is_threshold = matches!(threshold, Some(Threshold::Parameter(known)) if known == name);
    let is_named = |word: &&str| word.strip_prefix('$') == Some(name);
    is_threshold || condition.predicates().iter().any(|sql| words(&sql.text).iter().any(is_named))
}

/// The zones with the members of `zone` on the day `on` as they are on `taken_from`.
pub(super) fn zone_as_on(zones: &Zones, zone: &str, on: Day, taken_from: Day) -> Zones {
    let one = |name: &str| {
        let pinned = (name == zone).then_some((on, taken_from));
        (name.to_owned(), memberships(zones, name, pinned))
    };
    Zones::new(zones.names().map(one).collect::<BTreeMap<_, _>>())
}

/// Each country's times in a zone, stretch by stretch.
fn memberships(zones: &Zones, zone: &str, pinned: Option<(Day, Day)>) -> Vec<Membership> {
    let mut breaks = zones.changes(zone);
    breaks.extend(pinned.into_iter().flat_map(|(on, _)| [on, on.next()]));
    breaks.sort_unstable();
    breaks.dedup();
    let starts = std::iter::once(None).chain(breaks.iter().copied().map(Some));
    let ends = breaks.iter().map(|day| Some(day.previous())).chain([None]);
    let mut all = Vec::new();
    for (from, to) in starts.zip(ends) {
        let some_day = from.or(to).unwrap_or(Day::from_days(0));
        let asked = match pinned {
            Some((on, taken_from)) if on == some_day => taken_from,
            _ => some_day,
        };
        let members = zones.members(zone, asked).unwrap_or_default();
        all.extend(members.iter().map(|country| Membership { country, from, to }));
    }
    all
}

#[cfg(test)]
mod tests {
    use filiera_model::Country;

    use super::*;

    #[test]
    fn one_day_of_a_zone_is_as_on_another() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let gb = Country::from_code("GB").unwrap();
        let was = Membership { country: gb, from: Some(day("1973-01-01")), to: Some(day("2020-01-31")) };
        let zones = Zones::new(BTreeMap::from([("EU".to_owned(), vec![was])]));
        let is_in = |zones: &Zones, on: &str| zones.members("EU", day(on)).unwrap().contains(gb);
        let pinned = zone_as_on(&zones, "EU", day("2020-02-01"), day("2020-01-31"));
        assert!(is_in(&pinned, "2020-02-01") && !is_in(&zones, "2020-02-01"));
        for other in ["1972-12-31", "1973-01-01", "2020-01-31", "2020-02-02"] {
            assert_eq!(is_in(&pinned, other), is_in(&zones, other), "{other}");
        }
    }
}
