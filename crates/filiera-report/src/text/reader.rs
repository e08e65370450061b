use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{Fault, Note, ReaderReport};
use filiera_model::Verdict;

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::number::count;
use crate::words::plural;

/// Faults of one kind in one file before the others are only counted.
const SHOWN: usize = 100;

/// What the readers have to say: every fault with its place and remedy, then the oddities.
///
/// More than 100 faults of one kind in one file are counted unless `verbose` is set.
pub fn reader_report(report: &ReaderReport, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    faults(&mut pen, &report.faults);
    notes(&mut pen, report.notes());
    if !report.faults.is_empty() {
        let files: BTreeSet<&str> = report.faults.iter().map(|fault| fault.file.as_str()).collect();
        let (faults, files) =
            (plural(report.faults.len() as u64, "fault"), plural(files.len() as u64, "file"));
        pen.blank();
        pen.wrapped("", &format!("{faults} in {files}"));
    }
    pen.finish()
}

/// Faults as a compiler shows them.
pub(super) fn faults(pen: &mut Pen<'_>, faults: &[Fault]) {
    let most = pen.shown(SHOWN);
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for fault in faults {
        let n = counted.entry((&fault.file, &fault.code)).or_default();
        *n += 1;
        if *n <= most {
            one(pen, fault);
        }
    }
    for ((file, code), n) in counted.into_iter().filter(|(_, n)| *n > most) {
        let left = count((n - most) as u64);
        pen.blank();
        pen.wrapped("", &format!("and {left} more faults {code} in {file} (--verbose lists them)"));
    }
}

fn one(pen: &mut Pen<'_>, fault: &Fault) {
    pen.blank();
    let error = pen.paint(Tone::Of(Verdict::NotMet), "error");
    let message = format!("{error}: {}", pen.say(&fault.message));
    pen.line(&message);
    let row = fault.row.map(|row| format!(", row {row}")).unwrap_or_default();
    let column = fault.column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
    let place = format!("  --> {}", pen.say(&format!("{}{row}{column}", fault.file)));
    pen.line(&place);
    pen.wrapped("help: ", &fault.remedy);
    let code = format!("code: {}", pen.say(&fault.code));
    pen.line(&code);
}

/// The oddities, one line per file and kind.
pub(super) fn notes(pen: &mut Pen<'_>, notes: impl Iterator<Item = Note>) {
    pen.blank();
    for note in notes {
        let times = format!("{}: {} × {}, first {}", note.file, count(note.count), note.kind, note.first);
        pen.wrapped("note: ", &times);
    }
}
