use std::io;
use std::path::PathBuf;

use arrow::error::ArrowError;
use filiera_tables::TableError;
use parquet::errors::ParquetError;

/// Why there is no fleet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// A size is outside what can be made.
    #[error("{what} cannot be `{given}`: {remedy}")]
    Size {
        /// Which size.
        what: &'static str,
        /// What was asked for.
        given: u64,
        /// What it may be.
        remedy: String,
    },
    /// A text is no portion.
    #[error("`{0}` is no portion; write `5 %`, with at most two decimals")]
    Portion(String),
    /// The folder holds something already.
    #[error("`{}` is not empty; choose another folder, or give `--force`", .0.display())]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error("`{}` cannot be written: {source}; check the folder and the space left", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A Parquet file cannot be written.
    #[error("`{}` cannot be written: {source}; check the folder and the space left", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ParquetError,
    },
    /// Columns that do not fit each other: our bug.
    #[error(transparent)]
    Columns(#[from] ArrowError),
    /// Columns that make no canonical table: our bug.
    #[error(transparent)]
    Table(#[from] TableError),
}
