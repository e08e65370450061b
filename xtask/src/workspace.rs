//! The workspace as tidy sees it: its crates with what they import, and the text of its files.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::ci::cargo;

/// Crates and files, read once; every check is a function of it.
#[derive(Debug, Default)]
pub struct Workspace {
    /// The members, sorted by name.
    pub crates: Vec<Crate>,
    /// Every text file that is tracked or could be, sorted by path.
    pub files: Vec<File>,
}

/// One member of the workspace.
#[derive(Debug)]
pub struct Crate {
    /// Its name, which is its folder's.
    pub name: String,
    /// Its folder below the root, with `/`: `crates/filiera-model`.
    pub folder: String,
    /// What its manifest imports, of any kind.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The package's own name, also where it is renamed.
    pub name: String,
    /// What sources call it: `arrow_csv`.
    pub import: String,
    /// When it is needed.
    pub kind: Kind,
    /// Features asked for, without the default ones.
    pub features: Vec<String>,
    /// Whether the default features come along.
    pub default_features: bool,
}

/// When a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To use the crate.
    Normal,
    /// To build it.
    Build,
    /// To test or measure it.
    Dev,
}

/// A text file.
#[derive(Debug)]
pub struct File {
    /// Below the root, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl Workspace {
    /// Reads manifests through cargo and files through git, or by walking where git is not there.
    ///
    /// # Errors
    /// Cargo cannot read a manifest, or a listed file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        Ok(Self { crates: crates(root)?, files: files(root)? })
    }

    /// The file at `path`, if there is one.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn crates(root: &Path) -> Result<Vec<Crate>> {
    let output = cargo(root, &["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cannot read cargo metadata")?;
    let mut crates: Vec<Crate> = list(&metadata["packages"]).map(|package| member(root, package)).collect();
    crates.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(crates)
}

fn member(root: &Path, package: &Value) -> Crate {
    let manifest = Path::new(text(&package["manifest_path"]));
    let folder = manifest.parent().unwrap_or(manifest);
    let folder = folder.strip_prefix(root).unwrap_or(folder);
    Crate {
        name: text(&package["name"]).to_owned(),
        folder: folder.to_string_lossy().replace('\\', "/"),
        dependencies: list(&package["dependencies"]).map(dependency).collect(),
    }
}

fn dependency(value: &Value) -> Dependency {
    let name = text(&value["name"]);
    Dependency {
        name: name.to_owned(),
        import: value["rename"].as_str().unwrap_or(name).replace('-', "_"),
        kind: match value["kind"].as_str() {
            Some("dev") => Kind::Dev,
            Some("build") => Kind::Build,
            _ => Kind::Normal,
        },
        features: list(&value["features"]).map(|name| text(name).to_owned()).collect(),
        default_features: value["uses_default_features"].as_bool().unwrap_or(true),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn files(root: &Path) -> Result<Vec<File>> {
    let mut paths = match listed_by_git(root) {
        Some(paths) => paths,
        None => walked(root)?,
    };
    paths.sort_unstable();
    paths.dedup();
    let mut files = Vec::new();
    for path in paths {
        let full = root.join(&path);
        // Git also lists what was deleted but is not yet committed, and links to folders.
        if !full.is_file() {
            continue;
        }
        let bytes = fs::read(&full).with_context(|| format!("cannot read `{path}`"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File { path, text });
        }
    }
    Ok(files)
}

/// Tracked files, and new ones that are not ignored; nothing where git or the repository is missing.
fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = String::from_utf8(output.stdout).ok()?;
    Some(names.split_terminator('\0').map(str::to_owned).collect())
}

/// Every file below `root` but build output and what a fuzzer leaves.
fn walked(root: &Path) -> Result<Vec<String>> {
    const SKIPPED: [&str; 5] = [".git", "target", "fuzz/target", "fuzz/corpus", "fuzz/artifacts"];
    let mut paths = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).with_context(|| format!("cannot list `{folder}`"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if !entry.file_type()?.is_dir() {
                paths.push(path);
            } else if !SKIPPED.contains(&path.as_str()) {
                folders.push(path);
            }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let workspace = Workspace::read(root).unwrap();
        let model = workspace.crates.iter().find(|member| member.name == "filiera-model").unwrap();
        assert_eq!(model.folder, "crates/filiera-model");
        let chrono = model.dependencies.iter().find(|dependency| dependency.name == "chrono").unwrap();
        assert!(!chrono.default_features && chrono.kind == Kind::Normal);
        assert!(workspace.file("clippy.toml").is_some());
    }

    #[test]
    fn walking_finds_what_git_lists_of_the_sources() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let walked = walked(root).unwrap();
        assert!(walked.iter().any(|path| path == "xtask/src/workspace.rs"));
        assert!(!walked.iter().any(|path| path.starts_with("target/") || path.starts_with(".git/")));
    }
}
