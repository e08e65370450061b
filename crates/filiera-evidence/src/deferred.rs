//! Files of `installed` that are left to be streamed: by the hundred million, rows fit no memory.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use arrow::datatypes::{DataType, Schema};
use filiera_tables::{ColumnKind, TableKind};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use crate::folder::Job;
use crate::format::Format;
use crate::settings::TableSettings;

/// A file that was not read, because its rows can be streamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeferredFile {
    /// The file.
    pub path: PathBuf,
    /// The file as the user named it.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
}

/// The files of `installed` that need not be held.
#[derive(Debug, Default)]
pub(crate) struct Deferred {
    /// Those that stay where they are.
    pub files: Vec<DeferredFile>,
    /// Those of text, whose rows are handed on as they are read.
    pub texts: Vec<Job>,
}

/// Takes the files of `installed` out of the jobs, if all of them can be streamed and they have at least so
/// many rows together: Parquet whose columns have canonical names and types, read without any mapping; and,
/// where they are wanted, texts of any kind.
pub(crate) fn defer(jobs: &mut Vec<Job>, from_rows: u64, with_texts: bool) -> Deferred {
    let mut deferred = Deferred::default();
    let (mut rows, mut texts) = (0, Vec::new());
    for job in jobs.iter().filter(|job| job.kind == TableKind::Installed) {
        if let Some(file) = streamed(job) {
            rows += file.rows;
            deferred.files.push(file);
        } else if with_texts && is_text(job.format) {
            rows += lines(job, from_rows);
            texts.push(job.path.clone());
        } else {
            return Deferred::default();
        }
    }
    if (deferred.files.is_empty() && texts.is_empty()) || rows < from_rows {
        return Deferred::default();
    }
    let (own, others) = std::mem::take(jobs).into_iter().partition(|job| job.kind == TableKind::Installed);
    *jobs = others;
    deferred.texts = own;
    deferred.texts.retain(|job| texts.contains(&job.path));
    deferred
}

fn is_text(format: Format) -> bool {
    matches!(format, Format::Csv | Format::Tsv | Format::JsonLines)
}

/// How many lines a file has, counted up to so many.
fn lines(job: &Job, up_to: u64) -> u64 {
    let Ok(mut file) = File::open(&job.path) else { return 0 };
    let (mut buffer, mut lines) = (vec![0u8; 1 << 18], 0);
    while lines < up_to {
        match file.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => {
                let read = buffer.get(..length).unwrap_or_default();
                lines += read.iter().filter(|byte| **byte == b'\n').count() as u64;
            }
        }
    }
    lines
}

fn streamed(job: &Job) -> Option<DeferredFile> {
    let metadata = read_plainly(job)?;
    let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).ok()?;
    is_canonical(metadata.schema()).then(|| DeferredFile {
        path: job.path.clone(),
        name: job.name.clone(),
        rows,
    })
}

/// Whether the files of `installed` are such that one vehicle's rows can be read alone, and have at least so many
/// rows together.
pub(crate) fn picks(jobs: &[Job], from_rows: u64) -> bool {
    let own = jobs.iter().filter(|job| job.kind == TableKind::Installed);
    let files: Option<Vec<DeferredFile>> = own.map(streamed).collect();
    files.is_some_and(|files| {
        !files.is_empty() && files.iter().map(|file| file.rows).sum::<u64>() >= from_rows
    })
}

/// Whether the rows of one vehicle can be read without the others, and mean the same: Parquet whose columns have
/// canonical names and types, read without any mapping.
pub(crate) fn can_be_picked(job: &Job) -> bool {
    let Some(metadata) = read_plainly(job) else { return false };
    match job.kind {
        TableKind::Installed => is_canonical(metadata.schema()),
        TableKind::Vehicles => is_typed(TableKind::Vehicles, metadata.schema()),
        _ => false,
    }
}

/// A Parquet file that nothing maps.
fn read_plainly(job: &Job) -> Option<ArrowReaderMetadata> {
    let settings = &job.settings;
    let plain = TableSettings {
        kind: settings.kind,
        file: settings.file.clone(),
        line: settings.line,
        on_fault: settings.on_fault,
        ..TableSettings::default()
    };
    if job.format != Format::Parquet || *settings != plain {
        return None;
    }
    let file = File::open(&job.path).ok()?;
    ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).ok()
}

/// Whether there are canonical columns only, in types of which every cell is read by itself.
fn is_typed(kind: TableKind, schema: &Schema) -> bool {
    let has_names = schema.field_with_name("vehicle").is_ok();
    has_names
        && schema.fields().iter().all(|field| {
            let column = kind.columns().iter().find(|column| column.name == field.name());
            column.is_some_and(|column| match column.kind {
                ColumnKind::Day => *field.data_type() == DataType::Date32,
                ColumnKind::Text | ColumnKind::Choice(_) | ColumnKind::Country => {
                    matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
                }
                ColumnKind::Number | ColumnKind::Amount | ColumnKind::Positive => {
                    field.data_type().is_decimal() || field.data_type().is_integer()
                }
                ColumnKind::Whole => field.data_type().is_integer(),
                _ => false,
            })
        })
}

/// Whether the columns that judgements hang on are there by their names, in types that need no reading.
fn is_canonical(schema: &Schema) -> bool {
    let fits = |name: &str, types: fn(&DataType) -> bool| {
        schema.field_with_name(name).ok().is_none_or(|field| types(field.data_type()))
    };
    let texts = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let numbers = |kind: &DataType| {
        matches!(kind, DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..))
    };
    let days = |kind: &DataType| *kind == DataType::Date32;
    let names_both = ["vehicle", "part"].iter().all(|name| schema.field_with_name(name).is_ok());
    let texts = ["vehicle", "part", "lot", "supplier"].iter().all(|name| fits(name, texts));
    let days = ["received_on", "received_on_max"].iter().all(|name| fits(name, days));
    // A header with blanks around it is another name of the same column.
    let are_trimmed = schema.fields().iter().all(|field| field.name().trim() == field.name());
    names_both && texts && days && fits("quantity", numbers) && are_trimmed
}
