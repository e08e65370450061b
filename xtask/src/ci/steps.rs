//! What each step of `cargo xtask ci` runs.

use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::cargo;
use super::lines::Lines;
use super::snapshots;
use super::tally::Tally;
use crate::tidy;

/// A named piece of work.
pub struct Step {
    /// What it is called in the output.
    pub name: &'static str,
    /// Does it, in the workspace's folder.
    pub work: fn(&Path) -> Result<Outcome>,
}

/// What came of a step.
#[derive(Debug)]
pub struct Outcome {
    /// Nothing to complain about.
    pub passed: bool,
    /// What the test runner counted, where the step runs it.
    pub tests: Option<Tally>,
}

/// In this order: what takes seconds first; what reuses a build after what made it; the tests last, so
/// that their closing lines stand directly above the summary.
pub const STEPS: &[Step] = &[
    Step { name: "format", work: format },
    Step { name: "tidy", work: |root| Ok(plain(tidy::run(root)?)) },
    Step { name: "clippy", work: clippy },
    Step { name: "docs", work: docs },
    Step { name: "build", work: build },
    Step { name: "pack tests", work: pack_tests },
    Step { name: "tests", work: tests },
];

fn plain(passed: bool) -> Outcome {
    Outcome { passed, tests: None }
}

fn call(mut command: Command) -> Result<Outcome> {
    let status = command.stdin(Stdio::null()).status().context("cannot start cargo")?;
    Ok(plain(status.success()))
}

/// The members, then the fuzz targets, which are a workspace of their own.
fn format(root: &Path) -> Result<Outcome> {
    let members = call(cargo(root, &["fmt", "--all", "--check"]))?;
    let fuzz = call(cargo(root, &["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]))?;
    Ok(plain(members.passed && fuzz.passed))
}

/// All members but those with DataFusion as a whole: together they would be built with its features, which is
/// not what users build.
const MEMBERS: [&str; 3] = ["--workspace", "--exclude", "filiera-cluster"];
/// What has to be built on its own.
const CLUSTER: [&str; 2] = ["--package", "filiera-cluster"];

fn clippy(root: &Path) -> Result<Outcome> {
    let of = |which: &[&str]| {
        let mut command = cargo(root, &["clippy"]);
        command.args(which).args(["--all-targets", "--", "-D", "warnings"]);
        call(command)
    };
    let (members, cluster) = (of(&MEMBERS)?, of(&CLUSTER)?);
    Ok(plain(members.passed && cluster.passed))
}

/// No binaries: `filiera` and the library of that name would share a page. With the examples come the
/// features that dev-dependencies ask for; without them the dependencies are checked a second time.
fn docs(root: &Path) -> Result<Outcome> {
    let mut command = cargo(root, &["doc", "--lib", "--examples", "--no-deps"]);
    command.args(MEMBERS);
    command.env("RUSTDOCFLAGS", "-D warnings");
    call(command)
}

/// Builds what the next two steps run, with one set of features: `cargo run --package filiera-cli` would
/// compile Arrow once more, with another one.
fn building(root: &Path) -> Command {
    let mut command = cargo(root, &["build", "--bins", "--tests"]);
    command.args(MEMBERS);
    command
}

fn build(root: &Path) -> Result<Outcome> {
    call(building(root))
}

fn pack_tests(root: &Path) -> Result<Outcome> {
    let mut command = building(root);
    command.args(["--quiet", "--message-format", "json-render-diagnostics"]).stderr(Stdio::inherit());
    let built = command.output().context("cannot start cargo")?;
    let said = String::from_utf8(built.stdout).context("cannot read what cargo built")?;
    let Some(program) = executable(&said, "filiera") else {
        bail!("cargo built no binary `filiera`: `filiera-cli` should have one");
    };
    let mut command = Command::new(program);
    command.current_dir(root).args(["packs", "test"]);
    call(command)
}

/// Where the binary `name` is, in cargo's messages about a build.
fn executable(messages: &str, name: &str) -> Option<String> {
    messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let target = &message["target"];
        let wanted =
            target["name"] == name && target["kind"][0] == "bin" && message["profile"]["test"] == false;
        wanted.then(|| message["executable"].as_str().map(str::to_owned)).flatten()
    })
}

/// What proptest draws its cases from. The same cases in every run, so that a change fails only for what
/// it changed; other seeds are for hunting, which `CONTRIBUTING.md` shows.
const RANDOM_SEED: &str = "PROPTEST_RNG_SEED";

/// Unit, integration and documentation tests of every crate, whatever fails; no snapshot is written,
/// and once all passed none may be left over.
#[expect(clippy::disallowed_methods, reason = "who runs this may choose the seed")]
fn tests(root: &Path) -> Result<Outcome> {
    let not_run = Lines::new("not-run")?;
    let snapshots_used = Lines::new("snapshots")?;
    let mut tally = Tally::default();
    let mut passed = true;
    for which in [MEMBERS.as_slice(), &CLUSTER] {
        let mut command = cargo(root, &["test", "--no-fail-fast"]);
        command.args(which);
        if std::env::var_os(RANDOM_SEED).is_none() {
            command.env(RANDOM_SEED, "1");
        }
        command
            .env("FILIERA_NOT_RUN", not_run.path())
            .env("INSTA_SNAPSHOT_REFERENCES_FILE", snapshots_used.path())
            .env("INSTA_UPDATE", "no");
        passed &= tallied(command, &mut tally)?;
    }
    tally.not_run = not_run.sorted()?;
    if passed && tally.not_run.is_empty() {
        passed = snapshots::all_used(root, &snapshots_used.sorted()?)?;
    }
    Ok(Outcome { passed, tests: Some(tally) })
}

/// Runs the tests, passing their output on while counting what it says.
fn tallied(mut command: Command, tally: &mut Tally) -> Result<bool> {
    // One pipe for both streams: names of binaries and their results come out in the order they were said.
    let (output, input) = io::pipe().context("cannot make a pipe")?;
    let errors = input.try_clone().context("cannot make a pipe")?;
    command.stdin(Stdio::null()).stdout(input).stderr(errors);
    let mut child = command.spawn().context("cannot start cargo")?;
    // The command holds our ends of the pipe: while it lives, reading would wait for ever.
    drop(command);
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("cannot read what the tests print")?;
        // A test may print bytes that are not text: they are shown with replacement characters.
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        tally.take(&line);
    }
    let status = child.wait().context("cannot wait for the tests")?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_is_found_among_tests_and_libraries_of_its_name() {
        let messages = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"filiera"},"profile":{"test":false},"executable":null}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"filiera"},"profile":{"test":true},"executable":"/t/filiera-1a"}
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"filiera"},"profile":{"test":false},"executable":"/t/filiera"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages, "filiera").as_deref(), Some("/t/filiera"));
        assert_eq!(executable(messages, "filiera-vault"), None);
    }
}
