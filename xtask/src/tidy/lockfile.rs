//! One Arrow in the tree, also for whoever has no cargo-deny.

use super::Complaint;
use crate::workspace::Workspace;

const LOCK: &str = "Cargo.lock";

/// Packages whose types cross our crates: one version each, of this major.
const SINGLE: &[(&str, &str)] =
    &[("arrow", "59"), ("arrow-array", "59"), ("arrow-schema", "59"), ("parquet", "59")];

/// A second or another Arrow in the lock file, or no lock file.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let Some(lock) = workspace.file(LOCK) else {
        return vec![Complaint::of(LOCK, "is missing: it is part of the sources")];
    };
    let mut complaints = Vec::new();
    for (name, major) in SINGLE {
        let versions = versions(&lock.text, name);
        if versions.len() > 1 {
            complaints.push(Complaint::of(LOCK, format!("`{name}` comes {} times ({}): their batches do not fit each other; ask `cargo tree -i {name}`", versions.len(), versions.join(", "))));
        } else if let Some(version) =
            versions.first().filter(|version| version.split('.').next() != Some(major))
        {
            complaints.push(Complaint::of(LOCK, format!("`{name}` is {version}, DataFusion wants {major}")));
        }
    }
    complaints
}

/// Versions of package `name` in a lock file.
fn versions<'a>(lock: &'a str, name: &str) -> Vec<&'a str> {
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    let mut versions = Vec::new();
    while let Some(line) = lines.next() {
        if line == wanted {
            let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
            versions.extend(version);
        }
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::File;

    fn said(packages: &[(&str, &str)]) -> Vec<String> {
        let text = packages
            .iter()
            .map(|(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n"))
            .collect();
        let workspace = Workspace { files: vec![File { path: LOCK.into(), text }], ..Workspace::default() };
        check(&workspace).into_iter().map(|complaint| complaint.text).collect()
    }

    #[test]
    fn a_second_arrow_is_found() {
        assert!(said(&[("arrow", "59.3.2"), ("parquet", "59.3.2")]).is_empty());
        assert!(said(&[("arrow", "59.3.2"), ("arrow", "60.0.0")])[0].contains("2 times (59.3.2, 60.0.0)"));
        assert!(said(&[("parquet", "60.0.0")])[0].contains("is 60.0.0"));
    }

    #[test]
    fn a_missing_lock_file_is_found() {
        assert_eq!(check(&Workspace::default()).len(), 1);
    }
}
