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
    let (names, values) = parts(&folder.join("parts.parquet"))?;
    let lines = lines(&folder.join("bom.parquet"), &names)?;
    let shape = Shape::new(names.len(), &lines.parents, &lines.children)?;
    let quantities = Scaled { unscaled: lines.quantities.as_slice(), denominator: 1 };
    let totals = roll_up_values(&shape, quantities, Scaled { unscaled: &values, denominator: 1 })?;
    crate::report(&names, &totals, out)
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

#[derive(Default)]
struct Lines {
    parents: Vec<u32>,
    children: Vec<u32>,
    quantities: Vec<i32>,
}

fn lines(path: &Path, names: &Names) -> anyhow::Result<Lines> {
    let groups = Groups::open(path, &["parent", "child", "quantity"])?;
    let read = |group| {
        let mut lines = Lines::default();
        groups.read(group, |batch| {
            lines.parents.extend(names.get_all(column(batch, "parent")?)?);
            lines.children.extend(names.get_all(column(batch, "child")?)?);
            lines
                .quantities
                .extend_from_slice(column(batch, "quantity")?.as_primitive::<Int32Type>().values());
            Ok(())
        })?;
        let unknown = lines.parents.iter().chain(&lines.children).any(|number| *number == NO_NAME);
        ensure!(!unknown, "a line names a part that is not in parts.parquet");
        Ok(lines)
    };
    let read: Vec<Lines> = (0..groups.count()).into_par_iter().map(read).collect::<anyhow::Result<_>>()?;
    let mut all = Lines::default();
    for group in read {
        all.parents.extend(group.parents);
        all.children.extend(group.children);
        all.quantities.extend(group.quantities);
    }
    Ok(all)
}
