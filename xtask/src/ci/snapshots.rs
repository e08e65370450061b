//! Snapshots that no test looks at any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Whether every `*.snap` below `crates/` is among the paths in `used`; prints those that are not.
pub fn all_used(root: &Path, used: &[String]) -> Result<bool> {
    let used: BTreeSet<PathBuf> =
        used.iter().filter_map(|path| fs::canonicalize(root.join(path)).ok()).collect();
    let mut unused = Vec::new();
    for snapshot in snapshots(&root.join("crates"))? {
        let resolved = fs::canonicalize(&snapshot)
            .with_context(|| format!("cannot resolve `{}`", snapshot.display()))?;
        if !used.contains(&resolved) {
            unused.push(snapshot);
        }
    }
    for snapshot in &unused {
        println!("no test uses `{}`: delete it", snapshot.display());
    }
    Ok(unused.is_empty())
}

/// Every snapshot below `folder`, sorted.
fn snapshots(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|end| end == "snap") {
                found.push(entry.path());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_nobody_uses_is_found() {
        let root = std::env::temp_dir().join(format!("filiera-snap-test-{}", std::process::id()));
        let folder = root.join("crates/a/snapshots");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("used.snap"), "").unwrap();
        let used = folder.join("used.snap").display().to_string();
        assert!(all_used(&root, std::slice::from_ref(&used)).unwrap());
        fs::write(folder.join("left.snap"), "").unwrap();
        assert!(!all_used(&root, &[used]).unwrap());
        fs::remove_dir_all(root).unwrap();
    }
}
