//! The engine against its slow twin: every completion of thousands of random dossiers.

#[path = "../common/mod.rs"]
mod common;

mod agreement;
mod features;
mod knowledge;
mod run;
