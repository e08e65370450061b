use std::collections::BTreeMap;

use filiera_finding::{AnswersReceived, FindingChange, Side};
use filiera_model::{Bounds, Verdict};

use super::pen::{Pen, Tone};
use super::{TextOptions, reader};
use crate::number::{Measure, count};
use crate::words::{glyph, plural};

/// Entries of a list before it is folded.
const SHOWN: usize = 10;

/// Faults of the answers, what they say, and every finding without and with them.
pub fn answers(received: &AnswersReceived, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&received.title);
    let files = plural(received.files.len() as u64, "file");
    let sound = plural(received.answers.len() as u64, "answer");
    pen.wrapped(
        "",
        &format!(
            "{files}: {sound} without fault, {} without an answer",
            plural(received.unanswered.len() as u64, "question")
        ),
    );
    if !received.faults.is_empty() {
        reader::faults(&mut pen, &received.faults);
    }
    said(&mut pen, received);
    if !received.already.is_empty() {
        pen.wrapped("  ", &format!("received before: {}", received.already.join(", ")));
    }
    changes(&mut pen, received);
    files_written(&mut pen, received);
    pen.finish()
}

fn said(pen: &mut Pen<'_>, received: &AnswersReceived) {
    if received.answers.is_empty() {
        return;
    }
    pen.heading("Answers");
    for answer in received.answers.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", &format!("{} of {}: {}", answer.part, answer.supplier, answer.says));
    }
    pen.more("    ", received.answers.len(), SHOWN);
    if !received.unanswered.is_empty() {
        pen.wrapped("  ", &format!("no answer: {}", received.unanswered.join(", ")));
    }
}

fn changes(pen: &mut Pen<'_>, received: &AnswersReceived) {
    if received.answers.is_empty() {
        return;
    }
    pen.heading("Before and after");
    let mut by_condition: BTreeMap<(&str, &str), Vec<&FindingChange>> = BTreeMap::new();
    for change in &received.changes {
        by_condition.entry((&change.pack, &change.condition)).or_default().push(change);
    }
    for ((pack, condition), changes) in by_condition {
        let turned = changes.iter().filter(|change| change.turns()).count();
        let head = format!(
            "{condition} ({pack}): {} of {} turn",
            count(turned as u64),
            plural(changes.len() as u64, "finding")
        );
        pen.wrapped("  ", &head);
        for change in changes.iter().take(pen.shown(SHOWN)) {
            let tone = if change.turns() { Tone::Of(change.after.verdicts.range) } else { Tone::Dim };
            pen.toned(Some(tone), "    ", &told(change));
        }
        pen.more("    ", changes.len(), SHOWN);
    }
    if received.changes.is_empty() {
        pen.wrapped("  ", "no finding changes");
    }
    if received.unchanged > 0 {
        pen.wrapped(
            "  ",
            &format!("{} about the subjects touched stay as they are", plural(received.unchanged, "finding")),
        );
    }
}

fn told(change: &FindingChange) -> String {
    let side = |side: &Side| {
        let (range, legal) = (side.verdicts.range, side.verdicts.legal);
        let legal = if range == legal { String::new() } else { format!(", legal {}", word(legal)) };
        let value = side.bounds.as_ref().map(|bounds| format!(" ({})", value(bounds, change.is_share)));
        format!("{}{legal}{}", word(range), value.unwrap_or_default())
    };
    format!("{}: {} → {}", change.subject, side(&change.before), side(&change.after))
}

fn value(bounds: &Bounds, is_share: bool) -> String {
    let measure = if is_share { Measure::Percent } else { Measure::Amount(String::new()) };
    measure.interval(bounds, None)
}

fn word(verdict: Verdict) -> String {
    format!("{} {verdict}", glyph(verdict))
}

fn files_written(pen: &mut Pen<'_>, received: &AnswersReceived) {
    if received.written.is_empty() {
        return;
    }
    pen.heading(if received.is_written { "Written" } else { "Would be written (--write does)" });
    for file in &received.written {
        let what = match (file.is_new, file.rows) {
            (true, rows) => format!("new, with {}", plural(rows, "row")),
            (false, 0) => "names the new file".to_owned(),
            (false, rows) => format!("{} more at its end", plural(rows, "row")),
        };
        pen.wrapped("    ", &format!("{}: {what}", file.file));
    }
    if !received.not_kept.is_empty() {
        let columns = received.not_kept.join(", ");
        pen.wrapped("  ", &format!("not kept, because the file has no such column: {columns}"));
    }
}
