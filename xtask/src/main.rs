//! The workshop: `cargo xtask ci` runs every check a change must pass, `cargo xtask tidy` those about
//! the shape of the workspace, `cargo xtask timings` measures what a newcomer waits for.
//!
//! Needs nothing but cargo, and builds in seconds. Never holds anything a product crate could want.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

mod ci;
mod tidy;
mod timings;
mod workspace;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
Checks of the workspace; needs nothing but cargo.

usage: cargo xtask <task>

  ci [--keep-going] [--forbid-not-run]
      format, tidy, clippy, docs, build, pack tests, tests; stops at the first step that fails
      --keep-going      runs the remaining steps too
      --forbid-not-run  fails if a test did not find the outside file it needs (FILIERA_DATA)
  tidy
      imports between crates, what a crate never holds, sources, changelog fragments
  timings [--release]
      wall time of a cold build into a fresh folder

exit: 0 all passed, 1 a check failed, 2 it could not be run";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<bool> {
    let root = root();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.split_first() {
        Some((&"ci", flags)) => ci::run(&root, &ci::Options::parse(flags)?),
        Some((&"tidy", [])) => tidy::run(&root),
        Some((&"timings", [])) => timings::run(&root, timings::Profile::Dev),
        Some((&"timings", ["--release"])) => timings::run(&root, timings::Profile::Release),
        Some((&("help" | "--help" | "-h"), [])) => {
            println!("{HELP}");
            Ok(true)
        }
        _ => bail!("unknown task `{}`\n\n{HELP}", words.join(" ")),
    }
}

/// The folder of the workspace; xtask stands directly below it.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
