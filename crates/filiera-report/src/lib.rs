//! Findings as people and programs read them: terminal text, JSON, JSON Lines, CSV, Parquet, a workbook and
//! one self-contained page.
//!
//! Everything is rendered from what `filiera-finding` holds: nothing here reads a file, asks the
//! time, prints, or decides anything about law. The same run gives the same bytes.

mod clean;
mod digest;
mod error;
mod needs;
mod number;
mod owning;
mod scale;
mod words;

pub mod csv;
pub mod html;
pub mod ics;
pub mod json;
pub mod jsonl;
pub mod parquet;
pub mod stream;
pub mod text;
pub mod xlsx;

pub use error::ReportError;
