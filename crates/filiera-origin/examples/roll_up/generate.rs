use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

const PARTS: usize = 1_000_000;
const LINES: usize = 5_000_000;
/// Edges on the longest way down.
const DEPTH: usize = 12;
const ROWS_PER_GROUP: usize = 250_000;

/// Writes a bill of materials of 1,000,000 parts and 5,000,000 lines, the same on every run.
///
/// Level `l` of 0 to 12 has a number of parts in proportion to `l + 1`. Every part above the last
/// level has five or six lines: the first to the next level, so that some way is as deep as it
/// should be, the others to any deeper one. Quantities are 1 to 4, values 0.01 to 1,000.00 in cents.
/// Both files are sorted by part id, as a planning system exports them, and ids say nothing about
/// levels; the column `level` (of the part, of the parent) is for the other engine.
pub fn generate(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut random = Random(20_260_301);
    let starts = level_starts();
    // The part with this place among the levels, in the order of the ids.
    let mut by_id: Vec<usize> = (0..PARTS).collect();
    for place in (1..PARTS).rev() {
        by_id.swap(place, random.below(place + 1));
    }
    let mut id_of = vec![0; PARTS];
    by_id.iter().enumerate().for_each(|(id, part)| id_of[*part] = id);
    let level = |part: usize| starts.partition_point(|start| *start <= part) - 1;
    write_parts(folder, &mut random, by_id.iter().map(|part| level(*part)))?;
    let mut parents_left = starts[DEPTH];
    let mut rows = Lines::new(&folder.join("bom.parquet"))?;
    for (id, parent) in by_id.iter().enumerate().filter(|(_, part)| **part < starts[DEPTH]) {
        let next = level(*parent) + 1;
        let from = starts[next];
        // The lines that are left, spread evenly over the parents that are left.
        let count = (LINES - rows.written).div_ceil(parents_left);
        parents_left -= 1;
        for line in 0..count {
            let to = if line == 0 { starts[next + 1] } else { PARTS };
            let child = from + random.below(to - from);
            rows.add(name(id), name(id_of[child]), random.below(4) + 1, next - 1)?;
        }
    }
    rows.finish()
}

fn name(id: usize) -> String {
    format!("P{id:07}")
}

/// The first part of every level, and the number of parts after the last.
fn level_starts() -> Vec<usize> {
    let all = (DEPTH + 1) * (DEPTH + 2) / 2;
    (0..=DEPTH + 1).map(|level| PARTS * (level * (level + 1) / 2) / all).collect()
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
        .build()
}

fn write_parts(
    folder: &Path,
    random: &mut Random,
    levels: impl Iterator<Item = usize>,
) -> anyhow::Result<()> {
    let ids: StringArray = (0..PARTS).map(|id| Some(name(id))).collect();
    let values: Int64Array = (0..PARTS).map(|_| Some(random.below(100_000) as i64 + 1)).collect();
    let levels: Int32Array = levels.map(|level| Some(level as i32)).collect();
    let columns: [(&str, ArrayRef); 3] =
        [("part", Arc::new(ids)), ("value", Arc::new(values)), ("level", Arc::new(levels))];
    let batch = RecordBatch::try_from_iter(columns)?;
    let file = File::create(folder.join("parts.parquet"))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties()))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

/// The lines on their way to a file.
struct Lines {
    parents: Vec<String>,
    children: Vec<String>,
    quantities: Vec<i32>,
    levels: Vec<i32>,
    writer: Option<ArrowWriter<File>>,
    file: Option<File>,
    written: usize,
}

impl Lines {
    fn new(path: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            parents: Vec::new(),
            children: Vec::new(),
            quantities: Vec::new(),
            levels: Vec::new(),
            writer: None,
            file: Some(File::create(path)?),
            written: 0,
        })
    }

    fn add(&mut self, parent: String, child: String, quantity: usize, level: usize) -> anyhow::Result<()> {
        self.parents.push(parent);
        self.children.push(child);
        self.quantities.push(quantity as i32);
        self.levels.push(level as i32);
        self.written += 1;
        if self.parents.len() == ROWS_PER_GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let columns: [(&str, ArrayRef); 4] = [
            ("parent", Arc::new(StringArray::from(std::mem::take(&mut self.parents)))),
            ("child", Arc::new(StringArray::from(std::mem::take(&mut self.children)))),
            ("quantity", Arc::new(Int32Array::from(std::mem::take(&mut self.quantities)))),
            ("level", Arc::new(Int32Array::from(std::mem::take(&mut self.levels)))),
        ];
        let batch = RecordBatch::try_from_iter(columns)?;
        if let Some(file) = self.file.take() {
            self.writer = Some(ArrowWriter::try_new(file, batch.schema(), Some(properties()))?);
        }
        if let Some(writer) = &mut self.writer {
            writer.write(&batch)?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.flush()?;
        if let Some(writer) = self.writer {
            writer.close()?;
        }
        Ok(())
    }
}

/// SplitMix64: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}
