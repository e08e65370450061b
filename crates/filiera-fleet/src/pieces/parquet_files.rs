use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{RecordBatch, RecordBatchReader};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use rustc_hash::FxHashSet;

use super::ahead::read_ahead;
use super::{Pieces, pages};
use crate::FleetError;
use crate::numbered::Numbered;

/// Parquet files of the table `installed`; a row group is a piece.
#[derive(Debug)]
pub struct ParquetFiles {
    files: Vec<OneFile>,
    /// The file and the row group of each piece.
    groups: Vec<(usize, usize)>,
    /// Of each piece its least and greatest vehicle; nothing where they do not tell pieces apart.
    ends: Option<Vec<[String; 2]>>,
}

#[derive(Debug)]
struct OneFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

const COLUMNS: [&str; 7] =
    ["vehicle", "part", "lot", "supplier", "quantity", "received_on", "received_on_max"];

impl ParquetFiles {
    /// Opens files whose columns have canonical names and types.
    ///
    /// # Errors
    /// [`FleetError::Unreadable`].
    pub fn open<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Self, FleetError> {
        let files: Vec<OneFile> = paths.into_iter().map(OneFile::open).collect::<Result<_, _>>()?;
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for (place, file) in files.iter().enumerate() {
            groups.extend((0..file.metadata.metadata().num_row_groups()).map(|group| (place, group)));
        }
        let ends = ends(&files, &groups);
        Ok(Self { files, groups, ends })
    }

    /// The files.
    pub fn paths(&self) -> Vec<&Path> {
        self.files.iter().map(|file| file.path.as_path()).collect()
    }

    /// How many rows there are in all.
    pub fn rows(&self) -> u64 {
        let rows = self.files.iter().map(|file| file.metadata.metadata().file_metadata().num_rows());
        rows.map(|rows| u64::try_from(rows).unwrap_or(0)).sum()
    }
}

impl OneFile {
    fn open(path: &Path) -> Result<Self, FleetError> {
        let unreadable = |why: String| FleetError::Unreadable { path: path.to_owned(), why };
        let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
        read_ahead(&file);
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
            .map_err(|error| unreadable(error.to_string()))?;
        let fields: Vec<Field> = plain.schema().fields().iter().map(|field| by_number(field)).collect();
        let options = ArrowReaderOptions::new().with_schema(Schema::new(fields).into());
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|error| unreadable(error.to_string()))?;
        Ok(Self { path: path.to_owned(), metadata })
    }

    fn unreadable(&self, why: &dyn ToString) -> FleetError {
        FleetError::Unreadable { path: self.path.clone(), why: why.to_string() }
    }

    /// The numbers that stand in the file; nothing: it is not written in the usual way.
    fn numbered(&self, group: usize) -> Result<Option<Numbered>, FleetError> {
        let Some(group) = self.metadata.metadata().row_groups().get(group) else { return Ok(None) };
        let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
        pages::numbered(&file, group).map_err(|error| self.unreadable(&error))
    }

    fn group(&self, group: usize) -> Result<RecordBatch, FleetError> {
        let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), COLUMNS);
        let rows = self.metadata.metadata().row_groups().get(group).map_or(0, RowGroupMetaData::num_rows);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(usize::try_from(rows).unwrap_or(usize::MAX).max(1))
            .build()
            .map_err(|error| self.unreadable(&error))?;
        let schema = reader.schema();
        let batches: Vec<RecordBatch> =
            reader.collect::<Result<_, _>>().map_err(|error| self.unreadable(&error))?;
        match <[RecordBatch; 1]>::try_from(batches) {
            Ok([only]) => Ok(only),
            Err(several) => Ok(arrow::compute::concat_batches(&schema, &several)?),
        }
    }
}

/// Texts stay the numbers that the file has for them.
fn by_number(field: &Field) -> Field {
    let is_text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    if is_text && COLUMNS.contains(&field.name().as_str()) {
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        return Field::new(field.name(), kind, field.is_nullable());
    }
    field.clone()
}

impl Pieces for ParquetFiles {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn read(&self, piece: usize) -> Result<RecordBatch, FleetError> {
        let (file, group) = *self.groups.get(piece).ok_or(FleetError::NoPiece(piece))?;
        self.files.get(file).ok_or(FleetError::NoPiece(piece))?.group(group)
    }

    fn numbered(&self, piece: usize) -> Result<Numbered, FleetError> {
        let (file, group) = *self.groups.get(piece).ok_or(FleetError::NoPiece(piece))?;
        let one = self.files.get(file).ok_or(FleetError::NoPiece(piece))?;
        match one.numbered(group)? {
            Some(numbered) => Ok(numbered),
            None => Numbered::of(&one.group(group)?),
        }
    }

    fn may_have(&self, piece: usize, vehicles: &FxHashSet<&str>) -> bool {
        let ends = self.ends.as_ref().and_then(|ends| ends.get(piece));
        ends.is_none_or(|[first, last]| {
            vehicles.iter().any(|name| first.as_str() <= *name && *name <= last.as_str())
        })
    }

    fn may_have_spans(&self, piece: usize) -> bool {
        let place = self.groups.get(piece).copied();
        let group =
            place.and_then(|(file, group)| self.files.get(file)?.metadata.metadata().row_groups().get(group));
        let mut columns = group.into_iter().flat_map(RowGroupMetaData::columns);
        let column = columns.find(|column| column.column_path().string() == "received_on_max");
        let nulls = |column: &ColumnChunkMetaData| column.statistics().and_then(Statistics::null_count_opt);
        column.is_some_and(|column| nulls(column) != u64::try_from(column.num_values()).ok())
    }

    fn shared(&self, piece: usize) -> Option<Vec<String>> {
        self.ends.as_ref()?.get(piece).map(|ends| ends.to_vec())
    }
}

/// Of each piece the least and the greatest vehicle, if no two pieces have more than such an end in common.
fn ends(files: &[OneFile], groups: &[(usize, usize)]) -> Option<Vec<[String; 2]>> {
    let ends: Vec<[String; 2]> =
        groups.iter().map(|(file, group)| ends_of(files.get(*file)?, *group)).collect::<Option<_>>()?;
    let mut sorted: Vec<&[String; 2]> = ends.iter().collect();
    sorted.sort_unstable();
    let are_apart = sorted.windows(2).all(|pair| match pair {
        [[_, last], [first, _]] => last <= first,
        _ => true,
    });
    are_apart.then_some(ends)
}

fn ends_of(file: &OneFile, group: usize) -> Option<[String; 2]> {
    let metadata = file.metadata.metadata().row_groups().get(group)?;
    let column = metadata.columns().iter().find(|column| column.column_path().string() == "vehicle")?;
    let Statistics::ByteArray(statistics) = column.statistics()? else { return None };
    if !statistics.min_is_exact() || !statistics.max_is_exact() {
        return None;
    }
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    Some([text(statistics.min_opt()?.data())?, text(statistics.max_opt()?.data())?])
}
