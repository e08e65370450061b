//! What tests share: files made by others, and dossiers built in a few lines. Dev only.

mod outside;

pub use outside::{outside_data, workspace_root};
