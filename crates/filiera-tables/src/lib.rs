//! The canonical tables every reader fills and every engine asks: their columns, Arrow types and
//! batches, and the dossier that holds them.
//!
//! Here are shapes only. No files are read, no rules are known, DataFusion is not named.

mod columns;
mod dossier;
mod hash;
mod kinds;
mod population;
mod range;
mod table;

pub use columns::{Column, ColumnKind, SCALE, arrow_field};
pub use dossier::{Completeness, Dossier, SetAside};
pub use hash::evidence_hash;
pub use kinds::TableKind;
pub use population::{COMPANY_COLUMNS, CompanyColumn, Population, with_companies};
pub use range::{share_range_at, share_range_type, share_ranges};
pub use table::{Place, Table, TableError};
