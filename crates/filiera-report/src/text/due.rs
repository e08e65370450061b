use std::collections::BTreeMap;

use filiera_finding::{DueDay, DueItem, DueKind, DueList, VerdictChange, Verdicts};
use filiera_model::{Day, Verdict};

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::number::count;
use crate::words::{glyph, plural};

/// Entries of a list before it is folded.
const SHOWN: usize = 5;

/// What expires or falls due, day by day, with the verdicts that change; overdue days first.
pub fn due(list: &DueList, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&list.title);
    pen.wrapped("", &format!("due from {} to {}", list.on, list.until));
    pen.wrapped("", &format!("law as of {} · facts as of {}", list.law_as_of, list.facts_as_of));
    if list.days.is_empty() {
        pen.blank();
        pen.wrapped("", "Nothing expires or falls due.");
        return pen.finish();
    }
    pen.wrapped("", "Verdicts are of products like these, built on the day; each was judged again.");
    for day in &list.days {
        one(&mut pen, day, list.on);
    }
    pen.finish()
}

fn one(pen: &mut Pen<'_>, day: &DueDay, today: Day) {
    pen.blank();
    let when = distance(today, day.on);
    let tone = if day.overdue { Tone::Alarm } else { Tone::Title };
    pen.toned(Some(tone), "", &format!("{} · {when}", day.on));
    for of_kind in day.items.chunk_by(|a, b| a.kind == b.kind) {
        items(pen, of_kind, day.overdue);
    }
    changes(pen, day);
}

/// `today`, `in 39 days`, `OVERDUE by 3 days`.
pub(crate) fn distance(today: Day, on: Day) -> String {
    let days = i64::from(on.days()) - i64::from(today.days());
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", plural(days.unsigned_abs(), "day")),
        _ => format!("OVERDUE by {}", plural(days.unsigned_abs(), "day")),
    }
}

fn items(pen: &mut Pen<'_>, items: &[DueItem], overdue: bool) {
    let Some(first) = items.first() else { return };
    let all = items.len();
    pen.wrapped("  ", &format!("{}:", said(first.kind, overdue, all as u64)));
    for item in items.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", &told(item));
    }
    pen.more("    ", all, SHOWN);
}

/// What happens to things of a kind: `3 declarations end`.
fn said(kind: DueKind, overdue: bool, n: u64) -> String {
    let noun = match kind {
        DueKind::Law => "value",
        DueKind::Horizon => "binding time",
        other => other.name(),
    };
    let does = match (kind, overdue, n == 1) {
        (DueKind::Commitment | DueKind::Grant | DueKind::Target, true, true) => "was due",
        (DueKind::Commitment | DueKind::Grant | DueKind::Target, true, false) => "were due",
        (DueKind::Commitment | DueKind::Grant | DueKind::Target, false, true) => "falls due",
        (DueKind::Commitment | DueKind::Grant | DueKind::Target, false, false) => "fall due",
        (DueKind::Law, _, true) => "of the law ends",
        (DueKind::Law, _, false) => "of the law end",
        (_, true, true) => "has ended",
        (_, true, false) => "have ended",
        (_, false, true) => "ends",
        (_, false, false) => "end",
    };
    format!("{} {does}", plural(n, noun))
}

fn told(item: &DueItem) -> String {
    let mut parts = vec![item.name.clone()];
    parts.extend(item.party.clone());
    parts.extend(item.what.clone());
    parts.extend(item.document.clone());
    parts.extend(item.place.clone());
    let standing = item.standing.iter();
    let standing: Vec<String> =
        standing.map(|(verdict, n)| format!("{} {} {verdict}", glyph(*verdict), count(*n))).collect();
    if !standing.is_empty() {
        parts.push(format!("today {}", standing.join(", ")));
    }
    parts.join(" · ")
}

type Alike<'a> = (&'a str, &'a str, Verdicts, Verdicts, Option<Verdicts>);

fn changes(pen: &mut Pen<'_>, day: &DueDay) {
    let mut groups: BTreeMap<Alike<'_>, Vec<&VerdictChange>> = BTreeMap::new();
    for change in &day.changes {
        let key = (change.pack.as_str(), change.condition.as_str(), change.before, change.after, change.now);
        groups.entry(key).or_default().push(change);
    }
    let Some(first) = day.changes.first() else {
        pen.wrapped("  ", "no verdict changes");
        return;
    };
    pen.wrapped("  ", &format!("built from {} on:", first.from));
    for ((_, condition, before, after, now), alike) in groups {
        group(pen, condition, (before, after, now), &alike);
    }
}

fn group(
    pen: &mut Pen<'_>,
    condition: &str,
    (before, after, now): (Verdicts, Verdicts, Option<Verdicts>),
    alike: &[&VerdictChange],
) {
    let worst = if after.fall_from(before) { Tone::Of(Verdict::NotMet) } else { Tone::Of(Verdict::Met) };
    let mut text = format!("{condition}: {}", turn(before, after));
    if let Some(now) = now.filter(|now| *now != after) {
        text.push_str(&format!(", today {}", both(now)));
    }
    pen.toned(Some(worst), "    ", &text);
    let shown = pen.shown(SHOWN);
    let names: Vec<&str> = alike.iter().take(shown).map(|change| change.subject.as_str()).collect();
    let left = alike.len().saturating_sub(names.len());
    let more = if left > 0 { format!(" … and {} more", count(left as u64)) } else { String::new() };
    let subjects = plural(alike.len() as u64, "subject");
    pen.wrapped("      ", &format!("{subjects}: {}{more}", names.join(", ")));
}

/// `✓ met → ? undetermined`, and the legal verdict where it differs.
fn turn(before: Verdicts, after: Verdicts) -> String {
    if before.range == before.legal && after.range == after.legal {
        return format!("{} → {}", word(before.range), word(after.range));
    }
    let side = |name: &str, before: Verdict, after: Verdict| match before == after {
        true => format!("{name} still {}", word(after)),
        false => format!("{name} {} → {}", word(before), word(after)),
    };
    format!("{}, {}", side("range", before.range, after.range), side("legal", before.legal, after.legal))
}

fn both(verdicts: Verdicts) -> String {
    if verdicts.range == verdicts.legal {
        return word(verdicts.range);
    }
    format!("range {}, legal {}", word(verdicts.range), word(verdicts.legal))
}

fn word(verdict: Verdict) -> String {
    format!("{} {verdict}", glyph(verdict))
}
