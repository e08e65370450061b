use std::collections::BTreeSet;

use filiera_finding::Limit;
use filiera_model::Day;

/// The periods to ask about, so that each of `days` lies in one and none is longer than the limit:
/// calendar years, or stretches of so many days from the first day of a year on.
pub(super) fn periods(days: &BTreeSet<Day>, limit: &Limit, today: Day) -> Vec<(Day, Day)> {
    let only = BTreeSet::from([today]);
    let days = if days.is_empty() { &only } else { days };
    let mut periods: Vec<(Day, Day)> = Vec::new();
    for day in days {
        if periods.last().is_some_and(|(_, last)| day <= last) {
            continue;
        }
        let Some((first, last)) = year_of(*day) else { continue };
        periods.push(match limit {
            Limit::CalendarYear => (first, last),
            Limit::Days { days, .. } => stretch(first, *day, *days),
        });
    }
    periods
}

fn year_of(day: Day) -> Option<(Day, Day)> {
    Day::from_ymd(day.year(), 1, 1).zip(Day::from_ymd(day.year(), 12, 31))
}

/// So many days from `first` on, or from `day` on where they would not reach it.
fn stretch(first: Day, day: Day, days: u32) -> (Day, Day) {
    let length = i32::try_from(days).unwrap_or(i32::MAX).max(1) - 1;
    let end = |from: Day| Day::from_days(from.days().saturating_add(length));
    if day <= end(first) { (first, end(first)) } else { (day, end(day)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(days: &[&str], limit: &Limit) -> Vec<String> {
        let days = days.iter().map(|day| day.parse().unwrap()).collect();
        let found = periods(&days, limit, "2026-11-22".parse().unwrap());
        found.iter().map(|(from, to)| format!("{from} {to}")).collect()
    }

    #[test]
    fn every_day_lies_in_a_period_that_is_not_too_long() {
        let year = Limit::CalendarYear;
        assert_eq!(asked(&[], &year), ["2026-01-01 2026-12-31"]);
        assert_eq!(
            asked(&["2025-11-01", "2026-02-01", "2026-03-01"], &year),
            ["2025-01-01 2025-12-31", "2026-01-01 2026-12-31"]
        );
        let short = Limit::Days { days: 100, cite: "art. 1".to_owned() };
        assert_eq!(
            asked(&["2026-02-01", "2026-08-01"], &short),
            ["2026-01-01 2026-04-10", "2026-08-01 2026-11-08"]
        );
        let long = Limit::Days { days: 730, cite: "art. 1".to_owned() };
        assert_eq!(asked(&["2025-02-01", "2026-08-01"], &long), ["2025-01-01 2026-12-31"]);
    }
}
