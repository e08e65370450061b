//! Tables that another program is handed, and those it hands back.

use std::fs::File;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::FleetError;

/// Writes a table as a Parquet file of its own.
///
/// # Errors
/// [`FleetError::NotAsked`]: without it nothing can be asked.
pub fn write_rows(path: &Path, rows: &RecordBatch) -> Result<(), FleetError> {
    let unwritable = |why: &dyn ToString| {
        FleetError::NotAsked(format!("`{}` cannot be written: {}", path.display(), why.to_string()))
    };
    let file = File::create(path).map_err(|error| unwritable(&error))?;
    let mut writer = ArrowWriter::try_new(file, rows.schema(), None).map_err(|error| unwritable(&error))?;
    writer.write(rows).and_then(|()| writer.close()).map(drop).map_err(|error| unwritable(&error))
}

/// All rows of a Parquet file.
///
/// # Errors
/// [`FleetError::Unreadable`].
pub fn read_rows(path: &Path) -> Result<RecordBatch, FleetError> {
    let unreadable =
        |why: &dyn ToString| FleetError::Unreadable { path: path.to_owned(), why: why.to_string() };
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&error))?;
    let schema = reader.schema().clone();
    let batches = reader.build().map_err(|error| unreadable(&error))?;
    let batches = batches.collect::<Result<Vec<RecordBatch>, _>>()?;
    Ok(concat_batches(&schema, &batches)?)
}
