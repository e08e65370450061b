/// Why a report could not be written. The findings themselves never make a report fail.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The place the report goes to refused it.
    #[error("the report could not be written; check that there is room and that the reader still listens")]
    Write(#[from] std::io::Error),
    /// A finding could not be put into a CSV record.
    #[error(
        "the CSV report could not be written; check that there is room and that the reader still listens"
    )]
    Csv(#[from] ::csv::Error),
    /// A JSON text could not be made or written.
    #[error(
        "the JSON report could not be written; check that there is room and that the reader still listens"
    )]
    Json(#[from] serde_json::Error),
    /// A Parquet file could not be made or written.
    #[error("the Parquet file could not be written; check that there is room")]
    Parquet(#[from] ::parquet::errors::ParquetError),
    /// The workbook was refused by its format.
    #[error("the workbook could not be made; use CSV instead")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The page could not be put together.
    #[error("the page could not be made; use JSON instead")]
    Page(#[from] askama::Error),
}
