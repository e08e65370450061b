//! Parquet: the table of [`crate::csv::findings`] for warehouses and data frames.
//!
//! Values are texts, exact as in CSV and JSON; days, truths and numbers of rows have types of their own. What is
//! empty in CSV is null.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use filiera_finding::{Finding, Run};
use filiera_model::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::ReportError;
use crate::csv::{COLUMNS, record};
use crate::stream::blank;

/// So many findings are held before they are written.
const AT_ONCE: usize = 16_384;

/// Writes the findings of a run, then those of its readings.
///
/// # Errors
/// [`ReportError::Parquet`] when `out` refuses the bytes.
pub fn findings(run: &Run, out: impl Write + Send) -> Result<(), ReportError> {
    let mut table = Findings::new(out)?;
    run.findings.iter().chain(&run.readings).try_for_each(|finding| table.row(finding, false))?;
    table.end()
}

/// A file being written.
pub(crate) struct Findings<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    rows: Vec<Vec<String>>,
}

impl<W: Write + Send> Findings<W> {
    pub fn new(out: W) -> Result<Self, ReportError> {
        let fields: Vec<Field> =
            COLUMNS.iter().map(|name| Field::new(*name, kind(name), is_nullable(name))).collect();
        let schema = SchemaRef::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_created_by("filiera".to_owned());
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties.build()))?;
        Ok(Self { writer, schema, rows: Vec::with_capacity(AT_ONCE) })
    }

    pub fn row(&mut self, finding: &Finding, by_sum: bool) -> Result<(), ReportError> {
        let mut cells = record(finding);
        blank(&mut cells, by_sum);
        self.rows.push(cells);
        if self.rows.len() == AT_ONCE { self.flush() } else { Ok(()) }
    }

    pub fn end(mut self) -> Result<(), ReportError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        let columns = COLUMNS.iter().enumerate().map(|(place, name)| {
            let cells = self.rows.iter().map(|row| row.get(place).filter(|cell| !cell.is_empty()));
            array(name, cells.map(|cell| cell.map(String::as_str)))
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect())?;
        self.writer.write(&batch)?;
        self.rows.clear();
        Ok(())
    }
}

fn array<'c>(name: &str, cells: impl Iterator<Item = Option<&'c str>>) -> ArrayRef {
    let truth = |cell: Option<&str>| cell.map(|cell| cell == "true");
    let day = |cell: Option<&str>| cell.and_then(|cell| cell.parse::<Day>().ok()).map(Day::days);
    match kind(name) {
        DataType::Boolean => Arc::new(cells.map(truth).collect::<BooleanArray>()),
        DataType::Date32 => Arc::new(cells.map(day).collect::<Date32Array>()),
        DataType::UInt64 => Arc::new(cells.map(|cell| cell?.parse().ok()).collect::<UInt64Array>()),
        _ => Arc::new(cells.collect::<StringArray>()),
    }
}

fn kind(name: &str) -> DataType {
    match name {
        "lower_open" | "upper_open" | "due_to_come" | "unverified" => DataType::Boolean,
        "on" | "due_on" | "law_as_of" | "facts_as_of" => DataType::Date32,
        "rows_yes" | "rows_no" | "rows_maybe" => DataType::UInt64,
        _ => DataType::Utf8,
    }
}

fn is_nullable(name: &str) -> bool {
    !matches!(name, "pack" | "condition" | "subject" | "verdict" | "legal" | "form")
}
