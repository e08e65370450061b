use filiera_finding::{ConditionTurned, Verdicts, WhatIf};

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::number::count;
use crate::words::{glyph, plural};

/// Subjects of one condition that are named.
const SHOWN: usize = 8;

/// What a change of the evidence does: verdicts that turn, condition by condition, and whose.
pub fn what_if(found: &WhatIf, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&found.title);
    for (what, gone) in &found.without {
        pen.wrapped("", &format!("without {what}: {} gone", plural(*gone, "declaration")));
    }
    for file in &found.with {
        pen.wrapped("", &format!("with {file}"));
    }
    let judged = plural(found.judged, "finding");
    pen.wrapped("", &format!("{} of {judged} change", count(found.changed())));
    for one in &found.conditions {
        condition(&mut pen, one);
    }
    pen.finish()
}

fn condition(pen: &mut Pen<'_>, one: &ConditionTurned) {
    pen.blank();
    let reading = one.reading.as_ref().map(|reading| format!(" ({reading})")).unwrap_or_default();
    pen.toned(None, "", &format!("{}{reading}  ({})", one.condition, one.pack));
    for ((before, after), subjects) in one.turns() {
        let tone = after.map_or(Tone::Dim, |after| Tone::Of(after.range));
        pen.toned(Some(tone), "  ", &format!("{} {}", count(subjects), turn(before, after)));
    }
    for (subject, before, after) in one.changes.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", &format!("{subject}: {}", turn(*before, *after)));
    }
    pen.more("    ", one.changes.len(), SHOWN);
}

fn turn(before: Option<Verdicts>, after: Option<Verdicts>) -> String {
    format!("{} → {}", side(before), side(after))
}

fn side(verdicts: Option<Verdicts>) -> String {
    let Some(Verdicts { range, legal }) = verdicts else { return "not there".to_owned() };
    if range == legal {
        return format!("{} {range}", glyph(range));
    }
    format!("{} {range} (legal: {} {legal})", glyph(range), glyph(legal))
}
