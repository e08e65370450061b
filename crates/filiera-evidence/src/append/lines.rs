use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use encoding_rs::Encoding;
use filiera_model::Day;
use filiera_tables::{ColumnKind, TableKind};

use super::DISPENSABLE;
use crate::ImportedRow;
use crate::binding::{Binding, Input, Target, bind, expected_names};
use crate::faults::{FileFaults, OnFault};
use crate::folder::Job;
use crate::format::Format;
use crate::settings::TableSettings;
use crate::source::{self, Cell, open_records};

/// What a file would hold, and the columns it has no place for.
pub(super) struct Added {
    pub(super) bytes: Vec<u8>,
    pub(super) not_kept: BTreeSet<String>,
}

/// The file with the rows at its end; nothing when it cannot take them.
pub(super) fn add<'a>(job: &'a Job, rows: &[ImportedRow]) -> Option<(Added, &'a Job)> {
    if !matches!(job.format, Format::Csv | Format::Tsv | Format::JsonLines)
        || !job.settings.unpivot.is_empty()
    {
        return None;
    }
    let mut faults = FileFaults::new(&job.name, OnFault::Stop, 1);
    let expected = expected_names(Some(job.kind), &job.settings);
    let source = source::open(&job.path, job.format, &job.settings, &expected, &mut faults)?;
    let headers = source.headers().to_vec();
    let binding = bind(job.kind, &headers, &job.settings, &mut faults)?;
    let old = fs::read(&job.path).ok()?;
    let mut not_kept = BTreeSet::new();
    let placed: Option<Vec<BTreeMap<usize, String>>> =
        rows.iter().map(|row| placed(row, job, &binding, &mut not_kept)).collect();
    let new = match job.format {
        Format::JsonLines => objects(&headers, &placed?),
        _ => records(job, headers.len(), &placed?, &old)?,
    };
    Some((Added { bytes: ended(old, &new), not_kept }, job))
}

/// The old bytes, their last line ended as the others are, then the new ones.
fn ended(mut old: Vec<u8>, new: &[u8]) -> Vec<u8> {
    if !old.is_empty() && !old.ends_with(b"\n") && !old.ends_with(b"\r") {
        old.extend(if old.contains(&b'\r') { b"\r\n".as_slice() } else { b"\n" });
    }
    old.extend(new);
    old
}

/// The row's cells by the file's columns, as the file writes them; nothing when one that matters has
/// no place.
fn placed(
    row: &ImportedRow,
    job: &Job,
    binding: &Binding,
    not_kept: &mut BTreeSet<String>,
) -> Option<BTreeMap<usize, String>> {
    let mut cells = BTreeMap::new();
    // A constant of the mapping holds for the new rows too: it must not say more than they do.
    let says_more = |target: &Target| {
        matches!(target.inputs.first(), Some(Input::Same(_))) && !row.cells.contains_key(&target.name)
    };
    if binding.targets.iter().any(says_more) {
        return None;
    }
    for (column, text) in &row.cells {
        let target = binding.targets.iter().find(|target| target.name == *column);
        match target.and_then(|target| Some((target, target.inputs.first()?))) {
            Some((target, Input::Column(place))) => {
                let written = written(text, target, &job.settings)?;
                if cells.insert(*place, written).is_some() {
                    return None;
                }
            }
            Some((_, Input::Same(Cell::Text(constant)))) if constant == text => {}
            None if DISPENSABLE.contains(&column.as_str()) => {
                not_kept.insert(column.clone());
            }
            _ => return None,
        }
    }
    Some(cells)
}

/// A canonical text as this file writes it; nothing when it would be taken for something else.
fn written(text: &str, target: &Target, settings: &TableSettings) -> Option<String> {
    let text = match target.kind {
        ColumnKind::Day => settings.days.write(text.parse::<Day>().ok()?),
        ColumnKind::Number | ColumnKind::Amount | ColumnKind::Positive | ColumnKind::Share => {
            text.replace('.', &settings.numbers.decimal.to_string())
        }
        _ => text.to_owned(),
    };
    (!settings.nulls.contains(&text)).then_some(text)
}

/// The rows as records of a delimited file, in its encoding.
fn records(job: &Job, width: usize, rows: &[BTreeMap<usize, String>], old: &[u8]) -> Option<Vec<u8>> {
    if old.starts_with(&[0xff, 0xfe]) || old.starts_with(&[0xfe, 0xff]) {
        return None;
    }
    let mut faults = FileFaults::new(&job.name, OnFault::Stop, 1);
    let delimiter = open_records(&job.path, job.format, &job.settings, &mut faults)?.delimiter;
    let end = if old.contains(&b'\r') { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let quote = job.settings.quote.unwrap_or(b'"');
    let mut writer =
        csv::WriterBuilder::new().delimiter(delimiter).quote(quote).terminator(end).from_writer(Vec::new());
    for row in rows {
        let record = (0..width).map(|place| row.get(&place).map(String::as_str).unwrap_or_default());
        writer.write_record(record).ok()?;
    }
    encoded(String::from_utf8(writer.into_inner().ok()?).ok()?, job.settings.encoding.as_deref())
}

/// The text in the file's encoding; nothing when that lacks a letter.
fn encoded(text: String, label: Option<&str>) -> Option<Vec<u8>> {
    let Some(label) = label else { return Some(text.into_bytes()) };
    let encoding = Encoding::for_label(label.trim().as_bytes())?;
    let (bytes, used, lost) = encoding.encode(&text);
    (!lost && used == encoding).then(|| bytes.into_owned())
}

/// The rows as one JSON object a line.
fn objects(headers: &[String], rows: &[BTreeMap<usize, String>]) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let object: serde_json::Map<String, serde_json::Value> = row
            .iter()
            .filter_map(|(place, cell)| Some((headers.get(*place)?.clone(), cell.clone().into())))
            .collect();
        text.push_str(&serde_json::Value::Object(object).to_string());
        text.push('\n');
    }
    text.into_bytes()
}

/// A new file with every canonical column.
pub(super) fn whole_file(kind: TableKind, rows: &[ImportedRow]) -> Vec<u8> {
    let columns: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let cells = rows.iter().map(|row| {
        let cell = |column: &&str| row.cells.get(*column).cloned().unwrap_or_default();
        columns.iter().map(cell).collect::<Vec<String>>()
    });
    let header = columns.iter().map(|column| (*column).to_owned()).collect();
    for record in std::iter::once(header).chain(cells) {
        // A Vec takes whatever is written to it.
        let _ = writer.write_record(&record);
    }
    writer.into_inner().unwrap_or_default()
}
