use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days as ChronoDays, NaiveDate};

/// A calendar day, counted from 1970-01-01 as Arrow's `Date32` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(i32);

/// Why a text is not a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day; write it as `2026-03-01`")]
pub struct DayError(pub String);

impl Day {
    /// The day of this date, or nothing when the calendar has none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        Self::from_date(NaiveDate::from_ymd_opt(year, month, day)?)
    }

    /// The day so many days after 1970-01-01.
    pub fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The next day.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day before.
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.date().map_or(1970, |date| date.year())
    }

    /// The same day of the month so many months later (or earlier), or the last one of a month that has
    /// no such day: a month after 31 January is the end of February. Nothing beyond the calendar.
    pub fn months_later(self, months: i32) -> Option<Self> {
        let distance = chrono::Months::new(months.unsigned_abs());
        let date = self.date()?;
        let moved =
            if months < 0 { date.checked_sub_months(distance) } else { date.checked_add_months(distance) };
        Self::from_date(moved?)
    }

    fn from_date(date: NaiveDate) -> Option<Self> {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
        i32::try_from(date.signed_duration_since(epoch).num_days()).ok().map(Self)
    }

    fn date(self) -> Option<NaiveDate> {
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
        let distance = ChronoDays::new(u64::from(self.0.unsigned_abs()));
        if self.0 < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
    }
}

impl FromStr for Day {
    type Err = DayError;

    /// Reads `2026-03-01` and nothing else.
    fn from_str(text: &str) -> Result<Self, DayError> {
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
            .ok()
            .and_then(Self::from_date)
            .ok_or_else(|| DayError(text.to_owned()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{}", date.format("%Y-%m-%d")),
            None => write!(f, "day {}", self.0),
        }
    }
}

/// The days something may have happened on, first and last included; usually one day.
///
/// A time stamp without a zone may fall on either of two days, and a missing date on any: then
/// the law of every one of them is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Days {
    /// The first possible day; nothing: no first day is known.
    pub first: Option<Day>,
    /// The last possible day; nothing: no last day is known.
    pub last: Option<Day>,
}

impl Days {
    /// Exactly this day.
    pub fn on(day: Day) -> Self {
        Self { first: Some(day), last: Some(day) }
    }

    /// From `first` to `last`, both included.
    pub fn between(first: Day, last: Day) -> Self {
        Self { first: Some(first), last: Some(last) }
    }

    /// No day is known.
    pub fn unknown() -> Self {
        Self { first: None, last: None }
    }

    /// The one day, when only one is possible.
    pub fn single(self) -> Option<Day> {
        self.first.filter(|first| Some(*first) == self.last)
    }

    /// Whether `day` is possible.
    pub fn may_be(self, day: Day) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => write!(f, "{first}"),
            (Some(first), Some(last)) => write!(f, "{first} or {last}"),
            (Some(first), None) => write!(f, "{first} or later"),
            (None, Some(last)) => write!(f, "{last} or earlier"),
            (None, None) => f.write_str("unknown day"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_and_go() {
        for text in ["1970-01-01", "1958-01-01", "2020-02-29", "2026-12-31"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(day.to_string(), text);
            assert_eq!(Day::from_days(day.days()), day);
            assert_eq!(day.next().previous(), day);
        }
        assert_eq!("1970-01-02".parse::<Day>().unwrap().days(), 1);
        for wrong in ["2026-02-30", "01.02.2026", "", "2026-1"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn months_end_where_they_end() {
        let later = |day: &str, months| day.parse::<Day>().unwrap().months_later(months).unwrap().to_string();
        assert_eq!(later("2026-01-31", 1), "2026-02-28");
        assert_eq!(later("2024-02-29", 12), "2025-02-28");
        assert_eq!(later("2026-03-15", -15), "2024-12-15");
        assert_eq!(Day::from_days(i32::MAX).months_later(1), None);
    }

    #[test]
    fn a_time_without_zone_leaves_two_days() {
        let (last, first) = ("2026-12-31".parse().unwrap(), "2027-01-01".parse().unwrap());
        let days = Days::between(last, first);
        assert_eq!(days.single(), None);
        assert!(days.may_be(last) && days.may_be(first) && !days.may_be(first.next()));
        assert!(Days::unknown().may_be(last));
    }
}
