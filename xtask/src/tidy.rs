//! The shape of the workspace, checked: prose about structure goes stale, this does not.

mod changelog;
mod code;
mod edges;
mod holds;
mod lockfile;
mod pages;
mod sources;
mod unused;

use std::path::Path;

use anyhow::Result;

use crate::workspace::Workspace;

/// Something that must change before the workspace is tidy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// File, with the line where there is one, or crate.
    pub place: String,
    /// What is wrong, and the remedy.
    pub text: String,
}

impl Complaint {
    /// About a crate or a whole file.
    pub fn of(place: &str, text: impl Into<String>) -> Self {
        Self { place: place.to_owned(), text: text.into() }
    }

    /// About one line of a file, counted from 1.
    pub fn at(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { place: format!("{path}:{line}"), text: text.into() }
    }
}

/// Prints every complaint; true if there is none.
///
/// # Errors
/// The workspace cannot be read.
pub fn run(root: &Path) -> Result<bool> {
    let workspace = Workspace::read(root)?;
    let complaints = complaints(&workspace);
    for complaint in &complaints {
        println!("{}: {}", complaint.place, complaint.text);
    }
    println!(
        "tidy: {} crates, {} files, complaints: {}",
        workspace.crates.len(),
        workspace.files.len(),
        complaints.len()
    );
    Ok(complaints.is_empty())
}

/// All of them at once, sorted by place.
fn complaints(workspace: &Workspace) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    complaints.extend(edges::check(workspace));
    complaints.extend(holds::check(workspace));
    complaints.extend(unused::check(workspace));
    complaints.extend(lockfile::check(workspace));
    complaints.extend(sources::check(workspace));
    complaints.extend(pages::check(workspace));
    complaints.extend(changelog::check(workspace));
    complaints.sort();
    complaints
}
