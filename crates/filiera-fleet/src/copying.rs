//! Rows of `installed` that stand in texts, copied into Parquet while they are read: a text has to be read from
//! its beginning, and rows are asked for more than once.

mod shape;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use arrow::array::RecordBatch;
use tempfile::TempDir;

use crate::FleetError;
use crate::synth::{FileFormat, Layout, Sink, SynthError};
use shape::Shape;

/// Takes rows, and copies them on a thread of its own.
#[derive(Debug)]
pub struct Copying {
    rows: SyncSender<RecordBatch>,
    writer: JoinHandle<Result<Copied, FleetError>>,
}

/// A copy of rows of `installed` as Parquet files, in a temporary folder that goes with it.
#[derive(Debug)]
pub struct Copied {
    files: Vec<PathBuf>,
    folder: TempDir,
}

/// So many batches wait to be written.
const WAITING: usize = 2;

/// What a row group holds: some of them are in memory at once.
const ROW_GROUP: usize = 500_000;

/// The copy is read once or twice, so it is made quickly.
const LEVEL: i32 = 1;

impl Copying {
    /// Begins with nothing.
    ///
    /// # Errors
    /// [`FleetError::Write`] when there is no place for temporary files.
    pub fn begin() -> Result<Self, FleetError> {
        let folder = tempfile::Builder::new().prefix("filiera-").tempdir();
        let folder = folder
            .map_err(|source| SynthError::Unwritable { path: PathBuf::from("temporary folder"), source })?;
        let (rows, taken) = sync_channel(WAITING);
        let writer = thread::spawn(move || copied(&taken, folder));
        Ok(Self { rows, writer })
    }

    /// Takes rows, in the columns of `installed` by their canonical names; false: they cannot be written, and
    /// [`Copying::finish`] says why.
    pub fn take(&self, rows: RecordBatch) -> bool {
        self.rows.send(rows).is_ok()
    }

    /// The copy, when all is written.
    ///
    /// # Errors
    /// [`FleetError::Write`] when it cannot be.
    pub fn finish(self) -> Result<Copied, FleetError> {
        drop(self.rows);
        match self.writer.join() {
            Ok(copied) => copied,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl Copied {
    /// The files, in the order of the rows.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// Where they lie, as long as this is kept.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Writes all rows that come. What is wider than all before begins a file of its own.
fn copied(rows: &Receiver<RecordBatch>, folder: TempDir) -> Result<Copied, FleetError> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut open: Option<(Shape, Sink)> = None;
    for batch in rows {
        let own = Shape::of(&batch)?;
        let shape = open.as_ref().map_or(own, |(shape, _)| shape.and(own));
        let batch = shape.columns(&batch)?;
        if open.as_ref().is_none_or(|(before, _)| *before != shape) {
            if let Some((_, sink)) = open.take() {
                sink.finish()?;
            }
            let path = folder.path().join(format!("{:02}.parquet", files.len()));
            let layout = Layout { row_group: ROW_GROUP, is_sorted: false, level: LEVEL };
            let sink = Sink::create(&path, FileFormat::Parquet, batch.schema(), layout)?;
            files.push(path);
            open = Some((shape, sink));
        }
        if let Some((_, sink)) = &mut open {
            sink.write(&batch)?;
        }
    }
    if let Some((_, sink)) = open {
        sink.finish()?;
    }
    Ok(Copied { files, folder })
}
