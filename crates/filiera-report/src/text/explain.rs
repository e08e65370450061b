use std::collections::BTreeSet;

use filiera_finding::{
    Explanation, Fact, LawText, ParameterUsed, Reference, RowGroup, RowShown, Step, UnreadFact,
};
use unicode_width::UnicodeWidthStr;

use super::TextOptions;
use super::group::value_text;
use super::pen::{Pen, Tone};
use crate::clean::clean_lines;
use crate::digest::bare_measure;
use crate::words::{plural, stamp};

/// Rows or facts of a list before it is folded.
const SHOWN: usize = 8;
/// Members inside members are indented no further than this.
const DEEPEST: usize = 8;

/// Why the findings are what they are: the law, its dated values, the rows, the arithmetic, and
/// the facts that did not count.
pub fn explain(explanations: &[Explanation], options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    let mut told = BTreeSet::new();
    for explanation in explanations {
        one(&mut pen, explanation, 0, &mut told);
    }
    if explanations.is_empty() {
        pen.line("Nothing to explain.");
    }
    pen.finish()
}

/// `told` are the sources that were named already: members mostly rest on the same ones.
fn one(pen: &mut Pen<'_>, explanation: &Explanation, depth: usize, told: &mut BTreeSet<String>) {
    outcome(pen, explanation, depth);
    law(pen, &explanation.law, told);
    parameters(pen, &explanation.parameters);
    rows(pen, &explanation.groups);
    arithmetic(pen, &explanation.arithmetic);
    unread(pen, &explanation.unread);
    if depth < DEEPEST {
        for member in &explanation.members {
            one(pen, member, depth + 1, told);
        }
    }
}

fn outcome(pen: &mut Pen<'_>, explanation: &Explanation, depth: usize) {
    let finding = &explanation.finding;
    let member = if depth == 0 { "" } else { "member " };
    let on = finding.on.map(|day| format!(" on {day}")).unwrap_or_default();
    let reading = finding.reading.as_ref().map(|name| format!(", read {name}")).unwrap_or_default();
    pen.heading(&format!("{member}{} for {}{on}{reading}", finding.condition, finding.subject));
    let (range, legal) = (pen.verdict(finding.verdict, 0), pen.verdict(finding.legal, 0));
    pen.line(&format!("  range {range}"));
    pen.line(&format!("  legal {legal}"));
    let measure = bare_measure(finding.form);
    let value = value_text(finding, &measure);
    let asked = match (finding.operator, &finding.threshold) {
        (Some(operator), Some(threshold)) => format!("asked: {}", measure.asked(operator, threshold)),
        _ => String::new(),
    };
    let parts: Vec<String> = [value, asked].into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        pen.wrapped("  ", &parts.join(" · "));
    }
    if let Some(reason) = finding.reason {
        pen.wrapped("  ", reason.sentence());
    }
    let stamps = stamp(&finding.pack_status).into_iter();
    let unverified = finding.unverified.then(|| "UNVERIFIED: rests on facts nobody checked".to_owned());
    for stamp in stamps.chain(unverified) {
        pen.toned(Some(Tone::Alarm), "  ", &stamp);
    }
    for remark in &finding.remarks {
        pen.wrapped("  note: ", remark);
    }
    for missing in &finding.missing {
        pen.wrapped("  missing: ", &crate::words::missing(missing));
    }
}

fn law(pen: &mut Pen<'_>, law: &LawText, told: &mut BTreeSet<String>) {
    pen.heading("The law");
    pen.wrapped("  ", &law.title);
    pen.wrapped("  --> ", &format!("{}, line {}", law.file, law.line));
    for line in clean_lines(&law.text) {
        let line = format!("  | {}", pen.say(&line));
        pen.line(&line);
    }
    for reference in law.references.iter().map(reference_text) {
        if !told.contains(&reference) {
            pen.wrapped("  - ", &reference);
            told.insert(reference);
        }
    }
}

/// `title, address, read 2026-11-22, primary`.
pub(crate) fn reference_text(reference: &Reference) -> String {
    let mut parts = vec![reference.title.clone()];
    parts.extend(reference.url.clone());
    parts.extend(reference.checked.map(|day| format!("checked {day}")));
    parts.extend(reference.confidence.clone());
    parts.join(", ")
}

fn parameters(pen: &mut Pen<'_>, parameters: &[ParameterUsed]) {
    if parameters.is_empty() {
        return;
    }
    pen.heading("Parameters");
    for parameter in parameters {
        let mut text = format!("{} = {}", parameter.name, parameter.value);
        let days = days(parameter);
        if !days.is_empty() {
            text = format!("{text}, {days}");
        }
        let source = parameter.cite.clone().unwrap_or_else(|| "no source given".to_owned());
        pen.wrapped("  ", &text);
        pen.wrapped("      ", &format!("{source} ({})", parameter.confidence));
    }
}

/// `from 2024-08-01 to 2025-12-31`, as far as it is limited.
pub(crate) fn days(parameter: &ParameterUsed) -> String {
    let from = parameter.from.map(|day| format!("from {day}"));
    let to = parameter.to.map(|day| format!("to {day}"));
    from.into_iter().chain(to).collect::<Vec<_>>().join(" ")
}

fn rows(pen: &mut Pen<'_>, groups: &[RowGroup]) {
    if groups.is_empty() {
        return;
    }
    pen.heading("The rows");
    for group in groups {
        let rows = plural(group.rows.len() as u64, "row");
        let weight =
            if group.weight.is_empty() { String::new() } else { format!(", weight {}", group.weight) };
        pen.wrapped("  ", &format!("{}: {rows}{weight}", group.mark));
        for row in group.rows.iter().take(pen.shown(SHOWN)) {
            row_lines(pen, row);
        }
        pen.more("    ", group.rows.len(), SHOWN);
    }
}

fn row_lines(pen: &mut Pen<'_>, row: &RowShown) {
    let wide = pen.width() >= 60 && row.name.width() <= 24;
    let name = if wide { pen.pad(&row.name, 24) } else { pen.say(&row.name) };
    let weight = if wide { pen.pad_left(&row.weight, 14) } else { pen.say(&row.weight) };
    let line = format!("    {name} {weight}  {}", pen.say(&row.marked));
    pen.line(&line);
    for fact in &row.facts {
        pen.wrapped("      - ", &fact_text(fact));
    }
}

/// `origin IT (declared, non-preferential, D-17, declarations.csv, row 7)`.
pub(crate) fn fact_text(fact: &Fact) -> String {
    let class = Some(fact.evidence.clone()).filter(|class| !class.is_empty());
    let parts =
        class.into_iter().chain(fact.basis.clone()).chain(fact.document.clone()).chain(fact.place.clone());
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { fact.says.clone() } else { format!("{} ({})", fact.says, parts.join(", ")) }
}

fn arithmetic(pen: &mut Pen<'_>, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    pen.heading("The arithmetic");
    for step in steps {
        pen.wrapped("  ", &format!("{} = {}", step.what, step.how));
        pen.wrapped("    = ", &step.result);
    }
}

fn unread(pen: &mut Pen<'_>, facts: &[UnreadFact]) {
    if facts.is_empty() {
        return;
    }
    pen.heading("Facts that did not count");
    for fact in facts.iter().take(pen.shown(SHOWN)) {
        let place = fact.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        pen.wrapped("  - ", &format!("{}: {}{place}", fact.says, fact.why));
    }
    pen.more("    ", facts.len(), SHOWN);
}
