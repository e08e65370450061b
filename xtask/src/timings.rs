//! How long a newcomer waits: one cold build into a folder of its own.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::ci::{cargo, timed};

/// Which of the two builds to measure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What `cargo run` builds.
    Dev,
    /// What a daily user builds once.
    Release,
}

/// Builds the default members cold and prints the wall time; the folder is removed afterwards.
///
/// Downloads come first and are not counted.
pub fn run(root: &Path, profile: Profile) -> Result<bool> {
    let folder = std::env::temp_dir().join(format!("filiera-timings-{}", std::process::id()));
    let fetched = cargo(root, &["fetch", "--locked"]).status().context("cannot start cargo")?;
    let mut build = cargo(root, &["build", "--locked"]);
    build.env("CARGO_TARGET_DIR", &folder);
    if profile == Profile::Release {
        build.arg("--release");
    }
    let (built, took) = timed(|| build.status().context("cannot start cargo"));
    let built = built?;
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove `{}`", folder.display()))?;
    }
    println!("{}", sentence(profile, took));
    Ok(fetched.success() && built.success())
}

fn sentence(profile: Profile, took: Duration) -> String {
    let name = if profile == Profile::Release { "release" } else { "dev" };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("cold {name} build: {:.1} s on {cores} cores", took.as_secs_f64())
}
