use std::env;
use std::path::{Path, PathBuf};

/// The folder the workspace's `Cargo.toml` stands in.
pub fn workspace_root() -> PathBuf {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_root.ancestors().nth(2).unwrap_or(crate_root).to_path_buf()
}

/// A file that somebody else made, below `FILIERA_DATA` (default `../shared/data` beside the
/// workspace).
///
/// Absent, the test has not run: one line saying so goes to standard error, which `cargo xtask ci`
/// counts, and nothing is returned.
#[expect(clippy::print_stderr, reason = "the line is what the test run counts")]
pub fn outside_data(test: &str, file: &str) -> Option<PathBuf> {
    let root = env::var_os("FILIERA_DATA")
        .map_or_else(|| workspace_root().join("../shared/data"), PathBuf::from);
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("not run: {test}: FILIERA_DATA has no {file}");
    None
}
