use std::collections::BTreeMap;

use comfy_table::{ContentArrangement, Table, presets};
use filiera_finding::{ReadingRow, Run};
use filiera_model::Verdict;

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::digest::{Digest, Group};
use crate::number::count;
use crate::words::{VERDICTS, plural, reading_name};

/// Subjects named per reading before the list is folded.
const NAMED: usize = 3;

/// The readings matrix: each condition as written and under every reading, subjects per verdict,
/// who changes verdict, and the values over all subjects.
pub fn readings(run: &Run, options: &TextOptions) -> String {
    let digest = Digest::of(run);
    let mut pen = Pen::new(options);
    let matrix = run.readings_matrix();
    if matrix.is_empty() {
        pen.wrapped("", "No condition was judged under another reading; --readings does.");
    }
    for rows in matrix.chunk_by(|a, b| (&a.pack, &a.condition) == (&b.pack, &b.condition)) {
        let Some(first) = rows.first() else { continue };
        let group = digest.group(&first.pack, &first.condition);
        condition(&mut pen, group, rows);
    }
    pen.finish()
}

fn condition(pen: &mut Pen<'_>, group: Option<&Group<'_>>, rows: &[ReadingRow]) {
    let Some(first) = rows.first() else { return };
    pen.heading(&first.condition);
    if let Some(group) = group {
        pen.toned(Some(Tone::Dim), "", &group.shown.title);
    }
    let table = matrix(pen, group, rows);
    for line in table.to_string().lines() {
        pen.line(line);
    }
    let flipping: Vec<&ReadingRow> = rows.iter().filter(|row| !row.flips.is_empty()).collect();
    if flipping.is_empty() && rows.len() > 1 {
        pen.wrapped("", "No reading changes a verdict.");
    }
    for row in flipping {
        flips(pen, group, row);
    }
}

fn matrix(pen: &Pen<'_>, group: Option<&Group<'_>>, rows: &[ReadingRow]) -> Table {
    let mut table = Table::new();
    let preset =
        if pen.options.unicode { presets::UTF8_HORIZONTAL_ONLY } else { presets::ASCII_HORIZONTAL_ONLY };
    let width = u16::try_from(pen.width()).unwrap_or(u16::MAX);
    table.load_style(preset).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let seen = seen(rows);
    let mut head = vec!["reading".to_owned()];
    head.extend(seen.iter().map(Verdict::to_string));
    head.extend(["changes".to_owned(), "values".to_owned()]);
    table.set_header(head);
    for row in rows {
        let mut cells = vec![pen.say(reading_name(row.reading.as_deref()))];
        cells.extend(seen.iter().map(|verdict| cell(row, *verdict)));
        cells.push(if row.reading.is_none() { "-".to_owned() } else { count(row.flips.len() as u64) });
        cells.push(pen.say(&values(group, row)));
        table.add_row(cells);
    }
    table
}

/// The verdicts that some row holds.
pub(crate) fn seen(rows: &[ReadingRow]) -> Vec<Verdict> {
    let held = |verdict: &Verdict| rows.iter().any(|row| row.verdicts.contains_key(verdict));
    VERDICTS.into_iter().filter(held).collect()
}

fn cell(row: &ReadingRow, verdict: Verdict) -> String {
    row.verdicts.get(&verdict).map_or_else(|| "-".to_owned(), |n| count(*n))
}

/// The values of a row over all subjects.
pub(crate) fn values(group: Option<&Group<'_>>, row: &ReadingRow) -> String {
    let (Some(group), Some(hull)) = (group, &row.hull) else { return "no value".to_owned() };
    let anchor = group.target().map(|(_, threshold)| threshold);
    group.measure.interval(hull, anchor.as_ref())
}

fn flips(pen: &mut Pen<'_>, group: Option<&Group<'_>>, row: &ReadingRow) {
    let name = reading_name(row.reading.as_deref());
    let title = group
        .and_then(|group| group.shown.readings.iter().find(|(reading, _)| reading == name))
        .map(|(_, title)| format!(" ({title})"))
        .unwrap_or_default();
    let named = if pen.options.verbose { usize::MAX } else { NAMED };
    let mut subjects: Vec<String> = row.flips.iter().take(named).cloned().collect();
    let left = row.flips.len().saturating_sub(named);
    if left > 0 {
        subjects.push(format!("and {} more", count(left as u64)));
    }
    let line = format!("{name}{title} changes {}: {}", turns(&row.turns), subjects.join(", "));
    pen.wrapped("- ", &line);
}

/// `5 not met → met, 1 met → undetermined`.
pub(crate) fn turns(turns: &BTreeMap<(Option<Verdict>, Verdict), u64>) -> String {
    let one = |((before, after), n): (&(Option<Verdict>, Verdict), &u64)| {
        let before = before.map_or_else(|| "not judged".to_owned(), |verdict| verdict.to_string());
        format!("{} {before} → {after}", count(*n))
    };
    let all: Vec<String> = turns.iter().map(one).collect();
    if all.is_empty() { plural(0, "subject") } else { all.join(", ") }
}
