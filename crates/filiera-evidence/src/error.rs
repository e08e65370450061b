use std::path::PathBuf;

/// Why nothing at all could be read. Whatever is wrong inside files is in the reader report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The path does not exist or may not be read.
    #[error("`{}` cannot be read: {source}; check the path", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder holds no file of evidence.
    #[error(
        "`{}` holds no evidence; put `dossier.toml` or files such as `parts.csv`, `bom.xlsx`, `vehicles.parquet` there",
        path.display()
    )]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
    /// Rows cannot be added.
    #[error(
        "`{}` takes no new rows; make it a folder with `dossier.toml`, its tables as `[table.NAME]` or `[[table.NAME]]`",
        path.display()
    )]
    NoRoom {
        /// The dossier.
        path: PathBuf,
    },
}
