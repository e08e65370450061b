//! What tests share: files made by others, and dossiers built in a few lines. Dev only.
//!
//! [`random_scenario`] makes a small dossier out of a tape of numbers, so that whoever shrinks the tape
//! shrinks the dossier; [`texts`] writes it down as the tables and the pack that a person would hand in.

mod outside;

mod random;
mod random_rule;
mod tape;

mod pack_text;
mod texts;

pub use outside::{outside_data, warehouse_python, workspace_root};
pub use pack_text::pack_text;
pub use random::random_scenario;
pub use tape::Tape;
pub use texts::{TableTexts, texts, vehicle_name};
