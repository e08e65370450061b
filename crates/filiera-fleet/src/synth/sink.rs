use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::{FileFormat, SynthError};

/// A file that takes a table batch by batch.
pub(crate) struct Sink {
    path: PathBuf,
    writer: Writer,
}

enum Writer {
    Parquet(Box<ArrowWriter<File>>),
    Csv(Box<arrow_csv::Writer<BufWriter<File>>>),
    JsonLines(BufWriter<File>),
}

/// How a Parquet file is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) row_group: usize,
    /// Whether rows stand in the order of the first column.
    pub(crate) is_sorted: bool,
    /// How much is done to make it small.
    pub(crate) level: i32,
}

/// A dictionary holds the lots of one row group in any fleet whose rows are sorted. In others it may not,
/// and then the rest of the group is written as plain text.
const DICTIONARY_BYTES: usize = 8 << 20;

impl Sink {
    pub(crate) fn create(
        path: &Path,
        format: FileFormat,
        schema: SchemaRef,
        layout: Layout,
    ) -> Result<Self, SynthError> {
        let path = path.to_owned();
        let file = match File::create(&path) {
            Ok(file) => file,
            Err(source) => return Err(SynthError::Unwritable { path, source }),
        };
        let writer = match format {
            FileFormat::Csv => Writer::Csv(Box::new(arrow_csv::Writer::new(BufWriter::new(file)))),
            FileFormat::JsonLines => Writer::JsonLines(BufWriter::new(file)),
            // The Arrow schema is left out: dictionaries are how the rows were made, not what they are.
            FileFormat::Parquet => {
                let options = ArrowWriterOptions::new()
                    .with_properties(properties(layout))
                    .with_skip_arrow_metadata(true);
                match ArrowWriter::try_new_with_options(file, schema, options) {
                    Ok(writer) => Writer::Parquet(Box::new(writer)),
                    Err(source) => return Err(SynthError::Parquet { path, source }),
                }
            }
        };
        Ok(Self { path, writer })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), SynthError> {
        match &mut self.writer {
            Writer::Parquet(writer) => writer.write(batch).map_err(|source| self.broken(source)),
            Writer::Csv(writer) => writer.write(batch).map_err(|error| self.unwritable(error)),
            Writer::JsonLines(writer) => json_lines(writer, batch).map_err(|error| self.unwritable(error)),
        }
    }

    /// Writes what is left to be written; the file is whole after it.
    pub(crate) fn finish(self) -> Result<(), SynthError> {
        let Self { path, writer } = self;
        let done = match writer {
            Writer::Parquet(mut writer) => {
                return writer.finish().map(drop).map_err(|source| SynthError::Parquet { path, source });
            }
            Writer::Csv(writer) => writer.into_inner().flush(),
            Writer::JsonLines(mut writer) => writer.flush(),
        };
        done.map_err(|source| SynthError::Unwritable { path, source })
    }

    fn broken(&self, source: ParquetError) -> SynthError {
        SynthError::Parquet { path: self.path.clone(), source }
    }

    fn unwritable(&self, error: ArrowError) -> SynthError {
        match error {
            ArrowError::IoError(_, source) => SynthError::Unwritable { path: self.path.clone(), source },
            other => SynthError::Columns(other),
        }
    }
}

/// Vehicles resemble the ones before them, so pages are as long as a mebibyte allows, and looked through well:
/// the file is half as large as with twenty thousand rows a page, and faster to read.
pub(crate) const LEVEL: i32 = 9;

fn properties(layout: Layout) -> WriterProperties {
    let by_first = SortingColumn { column_idx: 0, descending: false, nulls_first: false };
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(layout.level).unwrap_or_default()))
        .set_data_page_row_count_limit(usize::MAX)
        .set_max_row_group_row_count(Some(layout.row_group))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(layout.is_sorted.then(|| vec![by_first]))
        .build()
}

/// One object per row; an empty cell has no key.
fn json_lines(out: &mut impl Write, batch: &RecordBatch) -> Result<(), ArrowError> {
    let options = FormatOptions::default();
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns = columns
        .map(|(field, array)| Ok((field.name(), array, ArrayFormatter::try_new(array, &options)?)))
        .collect::<Result<Vec<_>, ArrowError>>()?;
    for row in 0..batch.num_rows() {
        let mut cells = Vec::new();
        for (name, array, formatter) in &columns {
            if array.is_valid(row) {
                let text = formatter.value(row).try_to_string()?;
                let text = if is_bare(array.data_type()) { text } else { quoted(&text) };
                cells.push(format!("{}:{text}", quoted(name)));
            }
        }
        writeln!(out, "{{{}}}", cells.join(","))?;
    }
    Ok(())
}

/// Whether JSON writes such values without quotes.
fn is_bare(kind: &DataType) -> bool {
    matches!(kind, DataType::Decimal128(..) | DataType::Int64 | DataType::Boolean)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
