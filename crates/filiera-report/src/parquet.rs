//! Parquet: the table of [`crate::csv::findings`] for warehouses and data frames.
//!
//! Values are texts, exact as in CSV and JSON; days, truths and numbers of rows have types of their own. What is
//! empty in CSV is null.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use filiera_finding::{Finding, Run};
use filiera_model::Day;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::ReportError;
use crate::csv::{COLUMNS, record};
use crate::stream::blank;

/// Rows in a row group: so many findings are held before they are written, each text of a column once.
const GROUP: usize = 1 << 17;

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
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
}

impl<W: Write + Send> Findings<W> {
    pub fn new(out: W) -> Result<Self, ReportError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_created_by("filiera".to_owned());
        let writer = SerializedFileWriter::new(out, schema()?, Arc::new(properties.build()))?;
        Ok(Self { writer, columns: COLUMNS.iter().map(|_| Column::default()).collect(), rows: 0 })
    }

    pub fn row(&mut self, finding: &Finding, by_sum: bool) -> Result<(), ReportError> {
        let mut cells = record(finding);
        blank(&mut cells, by_sum);
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        self.rows += 1;
        if self.rows == GROUP { self.flush() } else { Ok(()) }
    }

    pub fn end(mut self) -> Result<(), ReportError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (name, column) in COLUMNS.iter().zip(&mut self.columns) {
            if let Some(mut writer) = group.next_column()? {
                std::mem::take(column).write(name, &mut writer)?;
                writer.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// The cells of a column, each text held once.
#[derive(Default)]
struct Column {
    numbers: BTreeMap<String, usize>,
    cells: Vec<Option<usize>>,
}

impl Column {
    fn push(&mut self, cell: String) {
        let next = self.numbers.len();
        let number = (!cell.is_empty()).then(|| *self.numbers.entry(cell).or_insert(next));
        self.cells.push(number);
    }

    fn write(self, name: &str, out: &mut SerializedColumnWriter<'_>) -> Result<(), ReportError> {
        let mut texts = vec![String::new(); self.numbers.len()];
        for (text, number) in self.numbers {
            if let Some(slot) = texts.get_mut(number) {
                *slot = text;
            }
        }
        let levels: Vec<i16> = self.cells.iter().map(|cell| i16::from(cell.is_some())).collect();
        let levels = (!is_required(name)).then_some(levels.as_slice());
        let cells = Cells { texts, cells: self.cells };
        match kind(name) {
            Physical::BOOLEAN => {
                let values = cells.read(&|text| text == "true");
                out.typed::<BoolType>().write_batch(&values, levels, None)?
            }
            Physical::INT32 => {
                let values = cells.read(&|text| text.parse().map_or(0, Day::days));
                out.typed::<Int32Type>().write_batch(&values, levels, None)?
            }
            Physical::INT64 => {
                let values = cells.read(&|text| text.parse().unwrap_or_default());
                out.typed::<Int64Type>().write_batch(&values, levels, None)?
            }
            _ => {
                let values = cells.read(&|text| ByteArray::from(text));
                out.typed::<ByteArrayType>().write_batch(&values, levels, None)?
            }
        };
        Ok(())
    }
}

struct Cells {
    texts: Vec<String>,
    cells: Vec<Option<usize>>,
}

impl Cells {
    /// The values that are there, each text read once.
    fn read<T: Clone>(&self, read: &dyn Fn(&str) -> T) -> Vec<T> {
        let known: Vec<T> = self.texts.iter().map(|text| read(text)).collect();
        self.cells.iter().flatten().filter_map(|number| known.get(*number).cloned()).collect()
    }
}

fn schema() -> Result<TypePtr, ReportError> {
    let fields = COLUMNS.iter().map(|name| {
        let logical = match kind(name) {
            Physical::BYTE_ARRAY => Some(LogicalType::String),
            Physical::INT32 => Some(LogicalType::Date),
            _ => None,
        };
        let repetition = if is_required(name) { Repetition::REQUIRED } else { Repetition::OPTIONAL };
        let field = Type::primitive_type_builder(name, kind(name));
        Ok(Arc::new(field.with_logical_type(logical).with_repetition(repetition).build()?))
    });
    let fields = fields.collect::<Result<Vec<TypePtr>, ReportError>>()?;
    Ok(Arc::new(Type::group_type_builder("findings").with_fields(fields).build()?))
}

fn kind(name: &str) -> Physical {
    match name {
        "lower_open" | "upper_open" | "due_to_come" | "unverified" => Physical::BOOLEAN,
        "on" | "due_on" | "law_as_of" | "facts_as_of" => Physical::INT32,
        "rows_yes" | "rows_no" | "rows_maybe" => Physical::INT64,
        _ => Physical::BYTE_ARRAY,
    }
}

/// Whether a column is never empty.
fn is_required(name: &str) -> bool {
    matches!(name, "verdict" | "legal" | "form")
}
