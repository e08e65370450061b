use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike};
use filiera_model::Day;

/// The first and the last day a cell may mean, counted from 1970-01-01.
pub(crate) type DayRange = (i32, i32);

/// How a file writes its days, beside `2026-03-01`, which is always understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DayStyle {
    /// A chrono pattern.
    pattern: Option<String>,
}

impl DayStyle {
    /// The style of `dd.mm.yyyy` (letters d, m, y in any case) or of a chrono pattern (`%d.%m.%Y`);
    /// nothing when it names no year, month or day.
    pub fn new(format: &str) -> Option<Self> {
        let pattern = if format.contains('%') { format.to_owned() } else { letters(format)? };
        let has = |letters: &[&str]| letters.iter().any(|letter| pattern.contains(letter));
        let whole = has(&["%F", "%D", "%x"])
            || (has(&["%Y", "%y"]) && has(&["%m", "%-m", "%b", "%B"]) && has(&["%d", "%e", "%-d"]));
        let known = chrono::format::StrftimeItems::new(&pattern)
            .all(|item| !matches!(item, chrono::format::Item::Error));
        (whole && known).then_some(Self { pattern: Some(pattern) })
    }

    /// A day in this style; in the common one where the style would not read it back as the same.
    pub fn write(&self, day: Day) -> String {
        let common = day.to_string();
        let date = NaiveDate::parse_from_str(&common, "%Y-%m-%d").ok();
        let styled = self.pattern.as_ref().zip(date).map(|(pattern, date)| date.format(pattern).to_string());
        let same = |text: &String| parse(text, self) == Some((day.days(), day.days()));
        styled.filter(same).unwrap_or(common)
    }
}

/// `dd.mm.yyyy` → `%d.%m.%Y`.
fn letters(format: &str) -> Option<String> {
    let mut pattern = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let run = rest.chars().take_while(|next| next.eq_ignore_ascii_case(&letter)).count();
        match letter.to_ascii_lowercase() {
            'd' if run <= 2 => pattern.push_str("%d"),
            'm' if run <= 2 => pattern.push_str("%m"),
            'y' if run == 4 => pattern.push_str("%Y"),
            'y' if run == 2 => pattern.push_str("%y"),
            other if other.is_alphanumeric() => return None,
            _ => rest.chars().take(run).for_each(|mark| pattern.push(mark)),
        }
        rest = rest.get(rest.chars().take(run).map(char::len_utf8).sum()..)?;
    }
    Some(pattern)
}

/// The days a text may mean; nothing when it is no day.
///
/// A time with a zone is on its calendar date in that zone. A time without one may be up to
/// fourteen hours off, so it may lie a day earlier or later; exactly midnight is how databases
/// write a mere day, and is taken as one.
pub(crate) fn parse(text: &str, style: &DayStyle) -> Option<DayRange> {
    let text = text.trim();
    if let Some(day) = iso(text) {
        return Some((day, day));
    }
    if let Some(pattern) = &style.pattern
        && let Some(range) = by_pattern(text, pattern)
    {
        return Some(range);
    }
    stamp(text)
}

/// The days of a moment without zone, `seconds` after the start of `day`.
pub(crate) fn without_zone(day: i32, seconds: u32) -> DayRange {
    const HOUR: u32 = 3600;
    if seconds == 0 {
        return (day, day);
    }
    let first = if seconds < 14 * HOUR { day.saturating_sub(1) } else { day };
    let last = if seconds >= 10 * HOUR { day.saturating_add(1) } else { day };
    (first, last)
}

/// `2026-03-01` and nothing else, the year from 1000 to 9999.
fn iso(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0u32, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
    };
    let year = number(&[*y1, *y2, *y3, *y4]).filter(|year| *year >= 1000)?;
    Some(Day::from_ymd(i32::try_from(year).ok()?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)?.days())
}

fn by_pattern(text: &str, pattern: &str) -> Option<DayRange> {
    if let Ok(moment) = DateTime::parse_from_str(text, pattern) {
        return exact(moment.date_naive());
    }
    if let Ok(moment) = NaiveDateTime::parse_from_str(text, pattern) {
        return floating(moment);
    }
    exact(NaiveDate::parse_from_str(text, pattern).ok()?)
}

fn exact(date: NaiveDate) -> Option<DayRange> {
    let day = iso(&date.format("%Y-%m-%d").to_string())?;
    Some((day, day))
}

fn floating(moment: NaiveDateTime) -> Option<DayRange> {
    let (day, _) = exact(moment.date())?;
    let beyond = u32::from(moment.nanosecond() > 0);
    Some(without_zone(day, moment.num_seconds_from_midnight().max(beyond)))
}

/// An ISO 8601 time stamp, with `T` or a space, with or without zone.
fn stamp(text: &str) -> Option<DayRange> {
    let text = text.split_once('[').map_or(text, |(stamp, _)| stamp).trim();
    let text = text.strip_suffix(" UTC").map_or_else(|| text.to_owned(), |moment| format!("{moment}Z"));
    let joined = text.replacen(' ', "T", 1);
    for pattern in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z", "%Y-%m-%dT%H:%M:%S%.f %#z"] {
        if let Ok(moment) = DateTime::parse_from_str(&joined, pattern) {
            return exact(moment.date_naive());
        }
    }
    let naive = |pattern| NaiveDateTime::parse_from_str(&joined, pattern).ok();
    floating(naive("%Y-%m-%dT%H:%M:%S%.f").or_else(|| naive("%Y-%m-%dT%H:%M"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str, style: &DayStyle) -> Option<(String, String)> {
        parse(text, style).map(|(a, b)| (Day::from_days(a).to_string(), Day::from_days(b).to_string()))
    }

    fn both(first: &str, last: &str) -> Option<(String, String)> {
        Some((first.to_owned(), last.to_owned()))
    }

    #[test]
    fn iso_days_and_stamps() {
        let style = DayStyle::default();
        let one = |day: &str| both(day, day);
        assert_eq!(range("2026-03-01", &style), one("2026-03-01"));
        assert_eq!(range("2026-03-01 00:00:00", &style), one("2026-03-01"));
        assert_eq!(range("2026-03-01T23:59:59+01:00", &style), one("2026-03-01"));
        assert_eq!(range("2026-03-01T23:59:59.5Z", &style), one("2026-03-01"));
        assert_eq!(range("2026-03-01T10:00Z", &style), one("2026-03-01"));
        assert_eq!(range("2026-12-31 23:30:00", &style), both("2026-12-31", "2027-01-01"));
        assert_eq!(range("2027-01-01T00:30:00", &style), both("2026-12-31", "2027-01-01"));
        assert_eq!(range("2027-01-02T12:00", &style), both("2027-01-01", "2027-01-03"));
        for wrong in
            ["2026-02-30", "2026-3-1", "0026-03-01", "26-03-01", "1.3.2026", "", "2026", "2026-03-01T25:00"]
        {
            assert_eq!(range(wrong, &style), None, "{wrong}");
        }
    }

    #[test]
    fn stated_formats() {
        let german = DayStyle::new("dd.mm.yyyy").unwrap();
        assert_eq!(range("01.03.2026", &german), both("2026-03-01", "2026-03-01"));
        assert_eq!(range("1.3.2026", &german), both("2026-03-01", "2026-03-01"));
        assert_eq!(range("2026-03-01", &german), both("2026-03-01", "2026-03-01"));
        assert_eq!(range("01.03.26", &german), None);
        let chrono = DayStyle::new("%m/%d/%y").unwrap();
        assert_eq!(range("12/31/26", &chrono), both("2026-12-31", "2026-12-31"));
        for wrong in ["dd.mm", "%Q", "day", "", "%d.%m"] {
            assert!(DayStyle::new(wrong).is_none(), "{wrong}");
        }
    }
}
