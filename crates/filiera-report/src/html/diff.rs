use askama::Template;
use filiera_finding::{Change, Diff, TextChange};

use super::Listed;
use crate::ReportError;
use crate::clean::clean;
use crate::digest::measure;
use crate::number::count;
use crate::text::{compared, item_lines, said, verdict_turns};
use crate::words::{glyph, plural, stamp};

/// The most rows of a list on the page.
const MOST: usize = 500;

/// The most subjects named beside one change.
const NAMED: usize = 12;

/// Who changes verdict and why, as one HTML file: no script, no network.
///
/// # Errors
/// [`ReportError::Page`] when the page cannot be put together.
pub fn diff(diff: &Diff) -> Result<String, ReportError> {
    let unchanged = diff.compared_findings.saturating_sub(diff.changed());
    let turn = |(before, after, n): &(filiera_model::Verdict, filiera_model::Verdict, u64)| {
        format!("{} {before} → {} {after}: {}", glyph(*before), glyph(*after), count(*n))
    };
    let page = Page {
        title: clean(&diff.title),
        compared: clean(&compared(&diff.compared)),
        facts_as_of: diff.facts_as_of.to_string(),
        lead: format!(
            "{}: {} changed, {} unchanged",
            plural(diff.compared_findings, "finding"),
            count(diff.changed()),
            count(unchanged)
        ),
        is_judged: diff.evidence_hash.is_some(),
        turns: diff.turns().iter().map(turn).collect(),
        changes: Listed::first(&diff.changes, MOST, row),
        text: Listed::first(&diff.text, MOST, text),
        values: diff.values.iter().map(|item| lines(&item_lines(item, false))).collect(),
        evidence: diff.evidence_hash.clone().unwrap_or_default(),
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "diff.html")]
struct Page {
    title: String,
    compared: String,
    facts_as_of: String,
    lead: String,
    is_judged: bool,
    turns: Vec<String>,
    changes: Listed<Row>,
    text: Listed<Said>,
    values: Vec<Vec<String>>,
    evidence: String,
}

/// One change.
struct Row {
    name: String,
    title: String,
    stamp: Option<String>,
    turns: Vec<String>,
    class: &'static str,
    subjects: String,
    several: bool,
    because: Vec<Vec<String>>,
    before: String,
    after: String,
    witness: String,
}

/// One thing that two texts say differently.
struct Said {
    what: String,
    old: String,
    new: String,
}

fn lines(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| clean(line)).collect()
}

fn row(change: &Change) -> Row {
    let shown = &change.shown;
    let measure = measure(&shown.form);
    let after =
        if change.before.legal == change.after.legal { change.after.range } else { change.after.legal };
    let mut subjects: Vec<String> = change.subjects.iter().take(NAMED).cloned().collect();
    let left = change.subjects.len().saturating_sub(NAMED);
    if left > 0 {
        subjects.push(format!("and {} more", count(left as u64)));
    }
    Row {
        name: clean(&format!("{} · {}", shown.pack, shown.condition)),
        title: clean(&shown.title),
        stamp: stamp(&shown.pack_status),
        turns: verdict_turns(change.before, change.after),
        class: after.name(),
        subjects: clean(&subjects.join(", ")),
        several: !change.cause.certified,
        because: change.cause.items.iter().map(|item| lines(&item_lines(item, false))).collect(),
        before: clean(&said(&change.witness_before, &measure)),
        after: clean(&said(&change.witness_after, &measure)),
        witness: clean(&change.witness_after.subject),
    }
}

fn text(change: &TextChange) -> Said {
    let key = change.key.as_ref().map(|key| format!(", {key}")).unwrap_or_default();
    let from = change.from.map(|day| format!(" from {day}")).unwrap_or_default();
    let to = change.to.map(|day| format!(" to {day}")).unwrap_or_default();
    Said {
        what: clean(&format!("{} {}{key}: {}{from}{to}", change.kind, change.name, change.what())),
        old: clean(change.old.as_deref().unwrap_or_default()),
        new: clean(change.new.as_deref().unwrap_or_default()),
    }
}
