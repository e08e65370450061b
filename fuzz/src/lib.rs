//! What the targets share. A target is one door that strangers' bytes come in by.
//!
//! Functions panic when something is not as it should be: that is what the fuzzer looks for.

mod evidence;
mod packs;

pub use evidence::{read_folder, read_one};
pub use packs::{points_into, refused};
