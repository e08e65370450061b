//! What falls due as a calendar that other programs subscribe to (RFC 5545): one all-day event per
//! day.

use filiera_finding::{DueDay, DueItem, DueList, VerdictChange};
use filiera_model::Day;

use crate::clean::clean;
use crate::words::plural;

/// Octets of a line before it is folded.
const LINE: usize = 75;

/// The days of the list as one calendar. The same list gives the same bytes: events bear the day the
/// list was asked for as their time of making.
pub fn due(list: &DueList) -> String {
    let mut text = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//filiera//due//EN", "CALSCALE:GREGORIAN"] {
        push(&mut text, line);
    }
    for day in &list.days {
        event(&mut text, list, day);
    }
    push(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, list: &DueList, day: &DueDay) {
    let falls = day.changes.iter().filter(|change| change.falls()).count();
    let what = plural(day.items.len() as u64, "thing");
    let summary = match (day.overdue, falls) {
        (true, _) => format!("OVERDUE: {what} of {}", list.title),
        (false, 0) => format!("{what} due: {}", list.title),
        (false, n) => format!("{what} due, {} fall: {}", plural(n as u64, "verdict"), list.title),
    };
    let mut lines: Vec<String> = day.items.iter().map(item).collect();
    lines.extend(day.changes.iter().map(change));
    push(text, "BEGIN:VEVENT");
    push(text, &format!("UID:{}-{}@filiera", basic(day.on), fingerprint(&list.title)));
    push(text, &format!("DTSTAMP:{}T000000Z", basic(list.on)));
    push(text, &format!("DTSTART;VALUE=DATE:{}", basic(day.on)));
    push(text, &format!("SUMMARY:{}", escaped(&summary)));
    push(
        text,
        &format!("DESCRIPTION:{}", lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\\n")),
    );
    push(text, "TRANSP:TRANSPARENT");
    push(text, "END:VEVENT");
}

fn item(item: &DueItem) -> String {
    let named = [Some(&item.name), item.party.as_ref(), item.what.as_ref(), item.document.as_ref()];
    let named: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
    format!("{}: {}", item.kind.name(), named.join(" · "))
}

fn change(change: &VerdictChange) -> String {
    let VerdictChange { condition, subject, before, after, .. } = change;
    format!("{condition} of {subject}: {} → {}", before.range, after.range)
}

/// `20261231`.
fn basic(day: Day) -> String {
    day.to_string().replace('-', "")
}

/// Letters and digits of the title: keeps the events of two dossiers apart.
fn fingerprint(title: &str) -> String {
    title.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

fn escaped(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// Adds a line, folded where it is too long, and never inside a character.
fn push(text: &mut String, line: &str) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(c);
        used += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut text = String::new();
        push(&mut text, &"è".repeat(60));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines.iter().all(|line| line.len() <= LINE), "{lines:?}");
        assert_eq!(text.replace("\r\n ", "").trim_end(), "è".repeat(60));
    }
}
