use std::fs::File;
use std::path::Path;

use anyhow::{Context, ensure};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema};
use filiera_origin::{NO_NAME, Names, Scaled, Shape, roll_up_values};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use rayon::prelude::*;

/// Totals every part of `parts.parquet` through the lines of `bom.parquet`.
pub fn run(folder: &Path, out: Option<&Path>) -> anyhow::Result<()> {
    let (parts_file, bom_file) = (folder.join("parts.parquet"), folder.join("bom.parquet"));
    let groups = Groups::open(&bom_file, &["parent", "child", "quantity"])?;
    // While one thread numbers the parts, another unpacks the first lines.
    let (parts, ahead) = rayon::join(|| parts(&parts_file), || read_ahead(&groups));
    let (names, values) = parts?;
    let lines = lines(&groups, &names, &ahead?)?;
    let shape = Shape::new(names.len(), &lines.parents, lines.children)?;
    drop(lines.parents);
    let quantities = Scaled { unscaled: lines.quantities.as_slice(), denominator: 1 };
    let totals = roll_up_values(&shape, quantities, Scaled { unscaled: &values, denominator: 1 })?;
    crate::report(&names, &totals, out)
}

/// The batches of the first quarter of the row groups: about what one thread unpacks while the other is busy.
fn read_ahead(groups: &Groups<'_>) -> anyhow::Result<Vec<Vec<RecordBatch>>> {
    let mut ahead = Vec::new();
    for group in 0..groups.count() / 4 {
        let mut batches = Vec::new();
        groups.read(group, |batch| {
            batches.push(batch.clone());
            Ok(())
        })?;
        ahead.push(batches);
    }
    Ok(ahead)
}

/// A Parquet file whose row groups are read one by one, from any thread.
struct Groups<'a> {
    path: &'a Path,
    metadata: ArrowReaderMetadata,
    columns: &'a [&'a str],
}

impl<'a> Groups<'a> {
    fn open(path: &'a Path, columns: &'a [&'a str]) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
        // Texts as views: short ids stay where the file has them and are not copied.
        let fields: Vec<Field> = plain
            .schema()
            .fields()
            .iter()
            .map(|field| {
                let kind = if *field.data_type() == DataType::Utf8 {
                    DataType::Utf8View
                } else {
                    field.data_type().clone()
                };
                Field::new(field.name(), kind, field.is_nullable())
            })
            .collect();
        let options = ArrowReaderOptions::new().with_schema(Schema::new(fields).into());
        Ok(Self { path, metadata: ArrowReaderMetadata::load(&file, options)?, columns })
    }

    fn count(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// The batches of one row group, each handed to `take`.
    fn read(
        &self,
        group: usize,
        mut take: impl FnMut(&RecordBatch) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(self.path)?, self.metadata.clone());
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), self.columns.iter().copied());
        let reader =
            builder.with_row_groups(vec![group]).with_projection(mask).with_batch_size(16_384).build()?;
        for batch in reader {
            take(&batch?)?;
        }
        Ok(())
    }
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> anyhow::Result<&'a dyn Array> {
    let column = batch.column_by_name(name).with_context(|| format!("no column `{name}`"))?;
    ensure!(column.null_count() == 0, "column `{name}` has empty cells");
    Ok(column.as_ref())
}

/// Ids and values, in cents.
fn parts(path: &Path) -> anyhow::Result<(Names, Vec<i64>)> {
    let groups = Groups::open(path, &["part", "value"])?;
    let rows = usize::try_from(groups.metadata.metadata().file_metadata().num_rows())?;
    let (mut names, mut values) = (Names::with_capacity(rows), Vec::with_capacity(rows));
    for group in 0..groups.count() {
        groups.read(group, |batch| {
            let numbers = names.intern_all(column(batch, "part")?)?;
            ensure!(
                numbers.last().is_none_or(|last| *last as usize + 1 == names.len()),
                "a part stands twice"
            );
            values.extend_from_slice(column(batch, "value")?.as_primitive::<Int64Type>().values());
            Ok(())
        })?;
    }
    ensure!(names.len() == values.len(), "a part stands twice");
    Ok((names, values))
}

struct Lines {
    parents: Vec<u32>,
    children: Vec<u32>,
    quantities: Vec<i32>,
}

/// The place of one row group in the three arrays.
type Chunk<'a> = (usize, &'a mut [u32], &'a mut [u32], &'a mut [i32]);

/// Parts by number, and quantities; row groups are read by all threads, each into its own place.
fn lines(groups: &Groups<'_>, names: &Names, ahead: &[Vec<RecordBatch>]) -> anyhow::Result<Lines> {
    let rows = usize::try_from(groups.metadata.metadata().file_metadata().num_rows())?;
    let mut lines = Lines { parents: vec![0; rows], children: vec![0; rows], quantities: vec![0; rows] };
    let mut rest =
        (lines.parents.as_mut_slice(), lines.children.as_mut_slice(), lines.quantities.as_mut_slice());
    let mut chunks: Vec<Chunk<'_>> = Vec::new();
    for (place, group) in groups.metadata.metadata().row_groups().iter().enumerate() {
        let rows = usize::try_from(group.num_rows())?;
        let (parents, children, quantities) =
            (rest.0.split_at_mut(rows), rest.1.split_at_mut(rows), rest.2.split_at_mut(rows));
        chunks.push((place, parents.0, children.0, quantities.0));
        rest = (parents.1, children.1, quantities.1);
    }
    let read = |chunk: Chunk<'_>| {
        let (group, parents, children, quantities) = chunk;
        let mut done = 0;
        let mut take = |batch: &RecordBatch| {
            let rows = done..done + batch.num_rows();
            done = rows.end;
            let quantity = column(batch, "quantity")?.as_primitive::<Int32Type>().values();
            parents[rows.clone()].copy_from_slice(&names.get_all(column(batch, "parent")?)?);
            children[rows.clone()].copy_from_slice(&names.get_all(column(batch, "child")?)?);
            quantities[rows].copy_from_slice(quantity);
            Ok(())
        };
        match ahead.get(group) {
            Some(batches) => batches.iter().try_for_each(take),
            None => groups.read(group, &mut take),
        }
    };
    chunks.into_par_iter().with_max_len(1).try_for_each(read)?;
    let unknown = lines.parents.iter().chain(&lines.children).any(|number| *number == NO_NAME);
    ensure!(!unknown, "a line names a part that is not in parts.parquet");
    Ok(lines)
}
