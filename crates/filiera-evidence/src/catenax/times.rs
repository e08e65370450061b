use filiera_model::Day;

use crate::gather::{Cells, Gather, Spot, Wrong};
use crate::json_text::Json;

/// Somewhere on Earth the clock is this many minutes ahead of, or behind, any other place's.
const FARTHEST_ZONE: i32 = 14 * 60;
const DAY: i32 = 24 * 60;

/// The days a date or time stamp may mean, first and last.
///
/// A date means its day; a time with a zone means the day written; a time without zone may fall up
/// to 14 hours earlier or later.
fn days(text: &str) -> Option<(Day, Day)> {
    let day: Day = text.get(..10)?.parse().ok()?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some((day, day));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(place) => (time.get(..place)?, time.get(place..)?),
        None => (time, ""),
    };
    let minutes = minutes(clock)?;
    if zone.is_empty() {
        let first = if minutes < FARTHEST_ZONE { day.previous() } else { day };
        let last = if minutes >= DAY - FARTHEST_ZONE { day.next() } else { day };
        return Some((first, last));
    }
    is_zone(zone).then_some((day, day))
}

fn minutes(clock: &str) -> Option<i32> {
    let mut parts = clock.split(':');
    let hours: u8 = two_digits(parts.next()?)?;
    let minutes: u8 = two_digits(parts.next()?)?;
    let seconds = parts.next().unwrap_or("00");
    let whole = seconds.split_once('.').map_or(seconds, |(whole, _)| whole);
    let sound = hours <= 24 && minutes < 60 && two_digits(whole)? <= 60 && parts.next().is_none();
    sound.then(|| i32::from(hours) * 60 + i32::from(minutes))
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_zone(zone: &str) -> bool {
    let digits = zone.get(1..).unwrap_or("");
    zone.eq_ignore_ascii_case("z")
        || (matches!(digits.len(), 2 | 4 | 5)
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b':'))
}

/// Puts a day under `column`, and its last possible day under `<column>_max` when the zone is not
/// known; a text that is no date is a fault.
pub(super) fn put_day(
    cells: &mut Cells,
    column: &str,
    value: Option<&Json>,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let Some(text) = value.and_then(Json::scalar) else { return };
    let Some((first, last)) = days(text) else {
        let message = format!("`{text}` is no date");
        let remedy = "write the date as `2026-03-01` or `2026-03-01T08:00:00Z`";
        gather.fault(spot, Wrong { code: "catenax/date", message, remedy });
        return;
    };
    cells.insert(column.to_owned(), first.to_string());
    if first != last {
        gather.note(spot, "time without zone", text);
        cells.insert(format!("{column}_max"), last.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn a_zone_fixes_the_day() {
        let read = |text| days(text).map(|(first, last)| format!("{first} {last}"));
        let one = Some("2026-03-01 2026-03-01".to_owned());
        for text in
            ["2026-03-01", "2026-03-01T23:59:59.999Z", "2026-03-01T00:00:00+01:00", "2026-03-01T08:00-0500"]
        {
            assert_eq!(read(text), one, "{text}");
        }
        assert_eq!(read("2026-03-01T15:00:00").unwrap(), "2026-03-01 2026-03-02");
        assert_eq!(read("2026-03-01T12:00:00.5").unwrap(), "2026-02-28 2026-03-02");
        assert_eq!(read("2026-03-01T09:00:00").unwrap(), "2026-02-28 2026-03-01");
        for wrong in [
            "",
            "2026-3-1",
            "2026-02-30",
            "2026-03-01x",
            "2026-03-01T25:00",
            "2026-03-01T08",
            "2026-03-01T08:00:00*",
            "日本語日本語",
        ] {
            assert_eq!(days(wrong), None, "{wrong}");
        }
    }
}
