use filiera_finding::{CauseItem, Change, Compared, DatedShown, Diff, Finding, TextChange, Verdicts};
use filiera_model::Day;

use super::TextOptions;
use super::group::value_text;
use super::pen::{Pen, Tone};
use crate::digest::measure;
use crate::number::{Measure, count};
use crate::words::{glyph, plural, stamp};

/// Rows of a list before it is folded.
const SHOWN: usize = 6;

/// What `filiera diff` shows: who changes verdict, because of what, with one witness each.
pub fn diff(diff: &Diff, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(if diff.title.is_empty() { "Two texts of a pack" } else { &diff.title });
    pen.wrapped("", &compared(&diff.compared));
    let clocks = format!("law as of {} · facts as of {}", diff.law_as_of, diff.facts_as_of);
    let facts = format!("facts as of {}", diff.facts_as_of);
    pen.wrapped("", if matches!(diff.compared, Compared::Law { .. }) { &facts } else { &clocks });
    if diff.evidence_hash.is_some() {
        summary(&mut pen, diff);
    }
    for change in &diff.changes {
        one(&mut pen, change);
    }
    texts(&mut pen, &diff.text);
    values(&mut pen, &diff.values);
    if diff.is_empty() {
        pen.blank();
        pen.wrapped("", "Nothing changes.");
    }
    pen.finish()
}

/// What is compared, in a sentence.
pub(crate) fn compared(compared: &Compared) -> String {
    match compared {
        Compared::Days { from, to } => format!("{from} → {to}: every subject taken to be of each day"),
        Compared::Law { from, to } => {
            format!("{from} → {to}: the law as known on each day, subjects on their own")
        }
        Compared::Packs { old, new } => format!("{old} → {new}"),
    }
}

fn summary(pen: &mut Pen<'_>, diff: &Diff) {
    pen.blank();
    let unchanged = diff.compared_findings.saturating_sub(diff.changed());
    let findings = plural(diff.compared_findings, "finding");
    let text = format!("{findings}: {} changed, {} unchanged", count(diff.changed()), count(unchanged));
    pen.wrapped("  ", &text);
    for (before, after, n) in diff.turns() {
        pen.wrapped("    ", &format!("{} {before} → {} {after}: {}", glyph(before), glyph(after), count(n)));
    }
}

fn one(pen: &mut Pen<'_>, change: &Change) {
    let shown = &change.shown;
    let subjects = plural(change.subjects.len() as u64, &shown.per);
    pen.heading(&format!("{} · {} ({subjects})", shown.pack, shown.condition));
    if let Some(stamp) = stamp(&shown.pack_status) {
        pen.toned(Some(Tone::Alarm), "  ", &stamp);
    }
    pen.toned(Some(Tone::Dim), "  ", &shown.title);
    turn(pen, change);
    cause(pen, change);
    let measure = measure(&shown.form);
    let subject = &change.witness_after.subject;
    pen.wrapped("  witness  ", &format!("{subject}: before {}", said(&change.witness_before, &measure)));
    pen.wrapped("           ", &format!("{subject}: after {}", said(&change.witness_after, &measure)));
    let named: Vec<&str> = change.subjects.iter().map(String::as_str).collect();
    if named.len() > 1 {
        pen.wrapped("  all      ", &folded(&named, pen.options.verbose));
    }
}

/// `legal ✓ met → ✗ not met · range ? undetermined → ✗ not met`.
fn turn(pen: &mut Pen<'_>, change: &Change) {
    let parts = turns(change.before, change.after);
    let tone = Tone::Of(if change.before.legal == change.after.legal {
        change.after.range
    } else {
        change.after.legal
    });
    pen.toned(Some(tone), "  ", &parts.join(" · "));
}

/// How each verdict turns; both in one where they turn alike.
pub(crate) fn turns(before: Verdicts, after: Verdicts) -> Vec<String> {
    let said = |from: filiera_model::Verdict, to: filiera_model::Verdict| {
        if from == to {
            format!("stays {} {to}", glyph(to))
        } else {
            format!("{} {from} → {} {to}", glyph(from), glyph(to))
        }
    };
    if (before.range, after.range) == (before.legal, after.legal) {
        return vec![said(before.range, after.range)];
    }
    vec![
        format!("range {}", said(before.range, after.range)),
        format!("legal {}", said(before.legal, after.legal)),
    ]
}

fn cause(pen: &mut Pen<'_>, change: &Change) {
    if !change.cause.certified {
        let several = "several: no one of these alone makes the change, or more than one does";
        pen.toned(Some(Tone::Alarm), "  because  ", several);
    }
    let first = if change.cause.certified { "  because  " } else { "         - " };
    for item in &change.cause.items {
        let lines = item_lines(item, pen.options.verbose);
        for (place, line) in lines.iter().enumerate() {
            pen.wrapped(if place == 0 { first } else { "           " }, line);
        }
    }
}

/// The dated value in words, one line each thing there is to say.
pub(crate) fn item_lines(item: &CauseItem, verbose: bool) -> Vec<String> {
    match item {
        CauseItem::Parameter { pack, name, old, new } => {
            let value =
                |one: &Option<DatedShown>| one.as_ref().map_or("no value".to_owned(), |v| v.value.clone());
            let mut lines = vec![format!("${name} of {pack}: {} → {}", value(old), value(new))];
            let sides = [("before", old), ("after", new)];
            lines.extend(sides.into_iter().filter_map(|(side, one)| Some(dated(side, one.as_ref()?))));
            lines
        }
        CauseItem::Zone { zone, joined, left } => {
            let codes = |list: &[filiera_model::Country]| {
                list.iter().map(|country| country.alpha2()).collect::<Vec<_>>().join(", ")
            };
            let joined = (!joined.is_empty()).then(|| format!("{} joined", codes(joined)));
            let left = (!left.is_empty()).then(|| format!("{} left", codes(left)));
            vec![format!("@{zone}: {}", joined.into_iter().chain(left).collect::<Vec<_>>().join(", "))]
        }
        CauseItem::Evidence { kind, begin, end } => {
            let list = |what: &str, rows: &[String]| {
                let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
                (!rows.is_empty()).then(|| format!("{} that {what}: {}", kind.name(), folded(&rows, verbose)))
            };
            list("count no longer", end).into_iter().chain(list("begin to count", begin)).collect()
        }
        CauseItem::Dates => vec!["the subject's own dates, which the condition asks about".to_owned()],
        CauseItem::Text { pack, condition } => vec![format!("the text of {pack}#{condition}")],
    }
}

fn dated(side: &str, value: &DatedShown) -> String {
    let day = |word: &str, day: Option<Day>| day.map(|day| format!("{word} {day}"));
    let days = [
        day("applies from", value.from),
        day("to", value.to),
        day("published", value.published),
        day("repealed", value.repealed_on),
    ];
    let mut parts: Vec<String> = days.into_iter().flatten().collect();
    parts.push(format!("{} ({})", value.cite, value.confidence));
    format!("{side}: {}", parts.join(", "))
}

/// `43.2 %, asked ≤ 45 % on 2026-12-31`.
pub(crate) fn said(finding: &Finding, measure: &Measure) -> String {
    let value = value_text(finding, measure);
    let asked = finding.operator.zip(finding.threshold.as_ref());
    let asked = asked.map(|(operator, threshold)| format!("asked {}", measure.asked(operator, threshold)));
    let on = finding.on.map(|day| format!("on {day}"));
    let reason = finding.reason.map(|reason| reason.sentence().to_owned());
    let parts = [Some(value).filter(|value| !value.is_empty()), asked, on, reason];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "no value".to_owned() } else { parts.join(", ") }
}

fn folded(names: &[&str], verbose: bool) -> String {
    let most = if verbose { names.len() } else { SHOWN };
    let some = names.iter().take(most).copied().collect::<Vec<_>>().join("; ");
    match names.len().saturating_sub(most) {
        0 => some,
        left => format!("{some}; and {} more", count(left as u64)),
    }
}

fn texts(pen: &mut Pen<'_>, changes: &[TextChange]) {
    if changes.is_empty() {
        return;
    }
    pen.heading("What the text says otherwise");
    for change in changes {
        let key = change.key.as_ref().map(|key| format!(", {key}")).unwrap_or_default();
        let days = days(change.from, change.to);
        pen.wrapped("  ", &format!("{} {}{key}: {}{days}", change.kind, change.name, change.what()));
        if let Some(old) = &change.old {
            pen.wrapped("    - ", old);
        }
        if let Some(new) = &change.new {
            pen.wrapped("    + ", new);
        }
    }
}

fn days(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (None, None) => String::new(),
        (Some(from), None) => format!(", from {from}"),
        (None, Some(to)) => format!(", to {to}"),
        (Some(from), Some(to)) => format!(", from {from} to {to}"),
    }
}

fn values(pen: &mut Pen<'_>, values: &[CauseItem]) {
    if values.is_empty() {
        return;
    }
    pen.heading("Dated values that differ");
    for item in values {
        let lines = item_lines(item, pen.options.verbose);
        for (place, line) in lines.iter().enumerate() {
            pen.wrapped(if place == 0 { "  " } else { "    " }, line);
        }
    }
}
