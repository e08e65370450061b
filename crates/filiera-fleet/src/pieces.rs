//! Where the rows of `installed` come from.

mod ahead;
mod bits;
mod cursor;
mod pages;
mod parquet_files;

use arrow::array::RecordBatch;
use filiera_tables::Table;
use rustc_hash::FxHashSet;

use crate::FleetError;
use crate::numbered::Numbered;

pub(crate) use cursor::Cursor;
pub(crate) use pages::Pages;

pub use parquet_files::ParquetFiles;

/// The rows of `installed`, piece by piece.
pub trait Pieces: Sync {
    /// How many pieces.
    fn count(&self) -> usize;

    /// One of them: the columns of `installed` by their canonical names, texts plain or by dictionary.
    ///
    /// # Errors
    /// [`FleetError`] when it cannot be read.
    fn read(&self, piece: usize) -> Result<RecordBatch, FleetError>;

    /// The same with every column by number, as it may stand in the file already. Whether all of it is sound
    /// may show only when it is gone through; then [`Pieces::read`] tells what is wrong.
    ///
    /// # Errors
    /// As [`Pieces::read`].
    fn numbered(&self, piece: usize) -> Result<Numbered, FleetError> {
        Numbered::of(&self.read(piece)?)
    }

    /// Whether a row of one of these vehicles may stand in the piece.
    fn may_have(&self, piece: usize, vehicles: &FxHashSet<&str>) -> bool;

    /// Whether some day of a piece may be known only to lie between two.
    fn may_have_spans(&self, _piece: usize) -> bool {
        true
    }

    /// The names of the vehicles of a piece of which rows may stand in another piece too; nothing: any.
    fn shared(&self, piece: usize) -> Option<Vec<String>>;
}

/// Tables in memory.
#[derive(Clone, Debug)]
pub struct InMemory(Vec<RecordBatch>);

impl InMemory {
    /// The rows of these tables, each a piece.
    pub fn new<'t>(tables: impl IntoIterator<Item = &'t Table>) -> Self {
        Self(tables.into_iter().map(|table| table.batch().clone()).collect())
    }

    /// Rows with the columns of `installed`, each batch a piece.
    pub(crate) fn of(rows: Vec<RecordBatch>) -> Self {
        Self(rows)
    }
}

impl Pieces for InMemory {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn read(&self, piece: usize) -> Result<RecordBatch, FleetError> {
        self.0.get(piece).cloned().ok_or(FleetError::NoPiece(piece))
    }

    fn may_have(&self, _: usize, _: &FxHashSet<&str>) -> bool {
        true
    }

    fn shared(&self, _: usize) -> Option<Vec<String>> {
        None
    }
}
