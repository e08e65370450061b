use std::collections::BTreeMap;

use crate::{Country, CountrySet, Day};

/// One country's time in a zone, first and last day included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The member.
    pub country: Country,
    /// The first day; nothing: always.
    pub from: Option<Day>,
    /// The last day; nothing: until further notice.
    pub to: Option<Day>,
}

/// Dated sets of countries: `@EU`, `@EEA`, `@NATO` and whatever else a zones file names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones(BTreeMap<String, Vec<Membership>>);

impl Zones {
    /// The zones with these names (without `@`) and memberships.
    pub fn new(zones: BTreeMap<String, Vec<Membership>>) -> Self {
        Self(zones)
    }

    /// The names, without `@`, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The members of `zone` (with or without `@`) on `day`, or nothing when there is no such zone.
    pub fn members(&self, zone: &str, day: Day) -> Option<CountrySet> {
        let memberships = self.0.get(zone.strip_prefix('@').unwrap_or(zone))?;
        let on_day =
            |m: &&Membership| m.from.is_none_or(|from| from <= day) && m.to.is_none_or(|to| day <= to);
        Some(memberships.iter().filter(on_day).map(|m| m.country).collect())
    }

    /// The days on which the members of any zone change.
    pub fn all_changes(&self) -> Vec<Day> {
        self.0.keys().flat_map(|zone| self.changes(zone)).collect()
    }

    /// The days on which the members of `zone` change: each is the first day of a new set.
    pub fn changes(&self, zone: &str) -> Vec<Day> {
        let Some(memberships) = self.0.get(zone.strip_prefix('@').unwrap_or(zone)) else { return Vec::new() };
        let mut days: Vec<Day> =
            memberships.iter().flat_map(|m| [m.from, m.to.map(Day::next)]).flatten().collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_day_are_both_inside() {
        let gb = Country::from_code("GB").unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        let membership =
            Membership { country: gb, from: Some(day("1973-01-01")), to: Some(day("2020-01-31")) };
        let zones = Zones::new(BTreeMap::from([("EU".to_owned(), vec![membership])]));
        assert!(zones.members("@EU", day("2020-01-31")).unwrap().contains(gb));
        assert!(!zones.members("EU", day("2020-02-01")).unwrap().contains(gb));
        assert!(zones.members("@EUU", day("2020-02-01")).is_none());
        assert_eq!(zones.changes("@EU"), vec![day("1973-01-01"), day("2020-02-01")]);
    }
}
