//! Files and outside formats → the canonical tables, with a report of every fault and oddity.
//!
//! Nothing is judged here: no rule, no law, no threshold.

mod imported;

pub use imported::{Imported, ImportedBom, ImportedLine, ImportedRow};
