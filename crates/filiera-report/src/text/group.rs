use filiera_finding::{Due, Finding, Form};
use filiera_model::{Exact, Rounding, Verdict};
use unicode_width::UnicodeWidthStr;

use super::bar;
use super::check::tally_line;
use super::pen::{Pen, Tone};
use crate::digest::{Group, proven, target};
use crate::number::{Measure, count};
use crate::words::{plural, rows, subjects};

/// Columns of a verdict with its sign.
const VERDICT: usize = 14;
/// Below this width everything is stacked.
const STACKED: usize = 72;
/// From this width on a finding stands on one line with its value.
const WIDE: usize = 112;

/// Where the columns of a line of bars stand.
struct Columns {
    name: usize,
    bar: usize,
    value: usize,
    asked: usize,
}

fn columns(width: usize) -> Columns {
    let wide = width >= WIDE;
    let (name, value, asked) = if wide { (24, 22, 12) } else { (20, 0, 0) };
    let gaps = if wide { 5 } else { 3 };
    let fixed = name + value + asked + 2 * VERDICT + gaps;
    Columns { name, bar: width.saturating_sub(fixed).clamp(10, 50), value, asked }
}

/// The heads over the bars of a pack's conditions, when there are bars.
pub(super) fn column_heads(pen: &mut Pen<'_>, groups: &[&Group<'_>]) {
    let width = pen.width();
    if width < STACKED || !groups.iter().any(|group| group.is_single()) {
        return;
    }
    let c = columns(width);
    let percent = groups.iter().any(|group| group.is_drawn() && group.is_zero_to_hundred());
    let scale = if percent {
        format!("0 %{}", pen.pad_left("100 %", c.bar.saturating_sub(3)))
    } else {
        String::new()
    };
    let mut line = format!("{} {}", pen.pad("", c.name), pen.pad(&scale, c.bar));
    if c.value > 0 {
        line = format!("{line} {} {}", pen.pad("value", c.value), pen.pad("asked", c.asked));
    }
    line = format!("{line} {} legal", pen.pad("range", VERDICT));
    let line = pen.paint(Tone::Dim, &line);
    pen.line(&line);
}

/// One condition: a bar for a single subject, a distribution for many.
pub(super) fn group(pen: &mut Pen<'_>, group: &Group<'_>) {
    match group.findings.as_slice() {
        [] => nothing(pen, group),
        [only] => single(pen, group, only),
        _ => many(pen, group),
    }
    footers(pen, group);
}

fn nothing(pen: &mut Pen<'_>, group: &Group<'_>) {
    let name = pen.say(&group.shown.condition);
    pen.line(&name);
    pen.wrapped("  ", &group.shown.title);
    pen.wrapped("  ", "no subject to judge");
}

fn single(pen: &mut Pen<'_>, group: &Group<'_>, finding: &Finding) {
    let width = pen.width();
    if width < STACKED {
        return stacked(pen, group, finding);
    }
    let c = columns(width);
    let mut name = pen.pad(&group.shown.condition, c.name);
    if name.width() > c.name {
        pen.line(&name);
        name = " ".repeat(c.name);
    }
    let verdicts =
        format!("{} {}", pen.verdict(finding.verdict, VERDICT), pen.verdict(finding.legal, VERDICT));
    let mut value = value_text(finding, &group.measure);
    let asked = asked_text(finding, group);
    let mut drawn = paint_bar(pen, group, finding, c.bar);
    if !group.is_drawn() && value.width() <= c.bar {
        drawn = pen.pad(&std::mem::take(&mut value), c.bar);
    }
    let fits = c.value > 0 && value.width() <= c.value && asked.width() <= c.asked;
    if fits {
        let middle = format!("{} {}", pen.pad(&value, c.value), pen.pad(&asked, c.asked));
        pen.line(&format!("{name} {drawn} {middle} {verdicts}"));
    } else {
        let gap = if c.value > 0 { format!(" {}", " ".repeat(c.value + 1 + c.asked)) } else { String::new() };
        pen.line(&format!("{name} {drawn}{gap} {verdicts}"));
    }
    pen.toned(Some(Tone::Dim), "  ", &group.shown.title);
    details(pen, group, finding, if fits { None } else { Some((value, asked)) });
}

fn stacked(pen: &mut Pen<'_>, group: &Group<'_>, finding: &Finding) {
    let name = pen.say(&group.shown.condition);
    pen.line(&name);
    pen.toned(Some(Tone::Dim), "  ", &group.shown.title);
    let cells = pen.width().saturating_sub(4).clamp(10, 50);
    let drawn = paint_bar(pen, group, finding, cells);
    if !drawn.trim().is_empty() {
        pen.line(&format!("  {drawn}"));
    }
    let (range, legal) = (pen.verdict(finding.verdict, 0), pen.verdict(finding.legal, 0));
    pen.line(&format!("  range {range}"));
    pen.line(&format!("  legal {legal}"));
    let value = (value_text(finding, &group.measure), asked_text(finding, group));
    details(pen, group, finding, Some(value));
}

fn paint_bar(pen: &Pen<'_>, group: &Group<'_>, finding: &Finding, cells: usize) -> String {
    if !group.is_drawn() || finding.verdict == Verdict::NotApplicable {
        return " ".repeat(cells);
    }
    let threshold = finding.threshold.as_ref();
    let drawn = bar::interval(&group.scale, finding.bounds.as_ref(), threshold, cells, pen.options.unicode);
    pen.paint(Tone::Of(finding.verdict), &drawn)
}

/// The value of a finding in words: an interval, rows, members, or why there is none.
pub(crate) fn value_text(finding: &Finding, measure: &Measure) -> String {
    if finding.verdict == Verdict::NotApplicable {
        return String::new();
    }
    if let Some(rows) = rows(finding).filter(|_| finding.bounds.is_some()) {
        return rows;
    }
    if finding.form.is_composition() && finding.bounds.is_none() {
        let members = finding.members.join(", ");
        return if members.is_empty() { String::new() } else { format!("decided by {members}") };
    }
    let anchor = finding.threshold.as_ref();
    finding.bounds.as_ref().map_or_else(|| "no value".to_owned(), |bounds| measure.interval(bounds, anchor))
}

fn asked_text(finding: &Finding, group: &Group<'_>) -> String {
    if let Some(words) = crate::words::asked_of_rows(finding.form) {
        return words.to_owned();
    }
    match (finding.operator, &finding.threshold) {
        (Some(operator), Some(threshold)) => group.measure.asked(operator, threshold),
        _ => String::new(),
    }
}

/// What stands under a bar: the value if the line had no room, and what a reader must know.
fn details(pen: &mut Pen<'_>, group: &Group<'_>, finding: &Finding, value: Option<(String, String)>) {
    let mut parts: Vec<String> = Vec::new();
    if let Some((value, asked)) = value {
        let asked = if asked.is_empty() { asked } else { format!("asked: {asked}") };
        parts.extend([value, asked].into_iter().filter(|part| !part.is_empty()));
    }
    if finding.form == Form::NOf && !finding.members.is_empty() {
        parts.push(format!("decided by {}", finding.members.join(", ")));
    }
    parts.extend(finding.rank.map(crate::words::rank));
    if group.is_drawn() && finding.form != Form::Score && finding.rows.maybe > 0 {
        parts.push(format!("{} open", plural(finding.rows.maybe, "row")));
    }
    if finding.legal_bounds.is_some() && finding.legal_bounds != finding.bounds && group.is_drawn() {
        let legal = finding.legal_bounds.as_ref();
        let legal = legal.map(|b| group.measure.interval(b, finding.threshold.as_ref())).unwrap_or_default();
        parts.push(format!("legal: {legal}"));
    }
    if group.is_drawn() && !group.is_zero_to_hundred() {
        let from = group.measure.number(&group.scale.from, Rounding::Down, None);
        parts.push(format!("drawn from {from} to {}", group.measure.value(&group.scale.to, None)));
    }
    if finding.is_sound_only() {
        parts.push("bounds sound, maybe wider than necessary".to_owned());
    }
    parts.extend(finding.reason.map(|reason| reason.sentence().to_owned()));
    if !parts.is_empty() {
        pen.wrapped("  ", &parts.join(" · "));
    }
}

fn many(pen: &mut Pen<'_>, group: &Group<'_>) {
    let subjects = subjects(group.findings.len() as u64, &group.shown.per);
    let asked = group.asked().map(|asked| format!(", asked: {asked}")).unwrap_or_default();
    let head = format!("{}  ({subjects}{asked})", group.shown.condition);
    pen.toned(None, "", &head);
    pen.toned(Some(Tone::Dim), "  ", &group.shown.title);
    distribution(pen, group);
    if group.range == group.legal {
        tally_line(pen, "both", &group.range);
    } else {
        tally_line(pen, "range", &group.range);
        tally_line(pen, "legal", &group.legal);
    }
    let (worst, closest) = (group.worst(), group.closest());
    for (name, finding) in [("worst", worst), ("closest", closest)] {
        if let Some(finding) = finding {
            example(pen, group, name, finding);
        }
    }
    reasons(pen, group);
}

fn distribution(pen: &mut Pen<'_>, group: &Group<'_>) {
    let values: Vec<&Exact> = group.findings.iter().filter_map(|f| proven(f)).collect();
    if !group.is_drawn() || values.is_empty() {
        return;
    }
    let (from, to) =
        (group.measure.value(&group.scale.from, None), group.measure.value(&group.scale.to, None));
    let room = pen.width().saturating_sub(15 + from.width() + to.width());
    let threshold = group.target().map(|(_, threshold)| threshold);
    let cells = room.clamp(8, 50);
    let drawn = bar::distribution(&group.scale, &values, threshold.as_ref(), cells, pen.options.unicode);
    let line =
        pen.say(&format!("  {}  {from} ", pen.pad("proven", 8))) + &drawn + &pen.say(&format!(" {to}"));
    pen.line(&line);
}

fn example(pen: &mut Pen<'_>, group: &Group<'_>, name: &str, finding: &Finding) {
    let value = value_text(finding, &group.measure);
    let subject = pen.say(&finding.subject);
    let value = pen.say(&value);
    let (range, legal) = (finding.verdict, finding.legal);
    let verdict = if range == legal { format!("{range}") } else { format!("range {range}, legal {legal}") };
    let first = format!("  {}  ", pen.pad(name, 8));
    pen.wrapped(&first, &format!("{subject}: {value}, {verdict}"));
}

/// Why subjects have no verdict, counted by reason.
fn reasons(pen: &mut Pen<'_>, group: &Group<'_>) {
    for (reason, n) in group.reasons() {
        pen.wrapped(&format!("  {}  ", pen.pad("", 8)), &format!("{}: {}", count(n), reason.sentence()));
    }
}

/// What the condition earns, when it is due, and whether anybody checked its facts.
fn footers(pen: &mut Pen<'_>, group: &Group<'_>) {
    if let Some(grants) = &group.shown.grants {
        pen.wrapped("  earns ", grants);
    }
    let due: Vec<Due> = group.findings.iter().filter_map(|finding| finding.due).collect();
    if let Some(last) = due.iter().max_by_key(|due| due.on) {
        let when = if last.to_come { "not yet due" } else { "the day has passed" };
        pen.wrapped("  due ", &format!("{}, {when}", last.on));
    }
    let unverified = group.findings.iter().filter(|finding| finding.unverified).count();
    if unverified > 0 {
        pen.toned(Some(Tone::Alarm), "  ", "UNVERIFIED: rests on facts nobody checked");
    }
    let thresholds = group.findings.iter().filter(|f| f.verdict != Verdict::NotApplicable);
    if group.findings.len() > 1 && group.asked().is_none() && thresholds.filter_map(|f| target(f)).count() > 0
    {
        pen.wrapped("  ", "the threshold depends on the subject's date");
    }
}
