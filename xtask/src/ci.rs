//! Every check a change must pass, quick ones first, the tests last.

mod lines;
mod snapshots;
mod steps;
mod tally;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use steps::{Outcome, STEPS, Step};
use tally::Tally;

/// What `cargo xtask ci` was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    keep_going: bool,
    forbid_not_run: bool,
}

impl Options {
    /// The options that `flags` name.
    ///
    /// # Errors
    /// A flag that is not known.
    pub fn parse(flags: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        for &flag in flags {
            match flag {
                "--keep-going" => options.keep_going = true,
                "--forbid-not-run" => options.forbid_not_run = true,
                _ => bail!("unknown flag `{flag}`: `ci` takes --keep-going and --forbid-not-run"),
            }
        }
        Ok(options)
    }
}

/// One step that ran: its name, its wall time, and what came of it.
struct Ran {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

/// Runs the steps in order and prints a summary; true if all passed.
///
/// # Errors
/// A step could not be started, which is not the same as failing.
pub fn run(root: &Path, options: &Options) -> Result<bool> {
    let mut ran = Vec::new();
    for step in STEPS {
        println!("\n== {}", step.name);
        let (outcome, took) = timed(|| (step.work)(root));
        let outcome = outcome?;
        let failed = !outcome.passed;
        println!("== {} {} in {:.1} s", step.name, word(&outcome), took.as_secs_f64());
        ran.push(Ran { name: step.name, took, outcome });
        if failed && !options.keep_going {
            break;
        }
    }
    Ok(summarise(&ran, STEPS, options))
}

fn word(outcome: &Outcome) -> &'static str {
    if outcome.passed { "passed" } else { "FAILED" }
}

/// Prints the summary, and says whether all of it is good.
fn summarise(ran: &[Ran], all: &[Step], options: &Options) -> bool {
    println!("\nsummary");
    for step in ran {
        println!("  {:<12} {:>7.1} s  {}", step.name, step.took.as_secs_f64(), word(&step.outcome));
    }
    for step in &all[ran.len()..] {
        println!("  {:<12} {:>9}  not reached", step.name, "");
    }
    let mut good = ran.len() == all.len() && ran.iter().all(|step| step.outcome.passed);
    for tests in ran.iter().filter_map(|step| step.outcome.tests.as_ref()) {
        good &= print_tests(tests, options);
    }
    good
}

fn print_tests(tests: &Tally, options: &Options) -> bool {
    for name in &tests.failed_names {
        println!("  failed: {name}");
    }
    for line in &tests.not_run {
        println!("  {line}");
    }
    let forbidden = options.forbid_not_run && !tests.not_run.is_empty();
    println!("{}", tests.sentence());
    if forbidden {
        println!("FAILED: --forbid-not-run is set: point FILIERA_DATA at the folder of outside files");
    }
    !forbidden
}

/// Runs `work` and says how long it took.
#[expect(clippy::disallowed_methods, reason = "timing the steps is what is asked for")]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// A cargo call in the workspace, by the cargo that runs xtask.
#[expect(clippy::disallowed_methods, reason = "cargo tells by the environment which cargo it is")]
pub fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_and_unknown_ones_refused() {
        let both = Options::parse(&["--forbid-not-run", "--keep-going"]).unwrap();
        assert_eq!(both, Options { keep_going: true, forbid_not_run: true });
        let refused = Options::parse(&["--forbid"]).unwrap_err().to_string();
        assert!(refused.contains("`--forbid`"), "{refused}");
    }

    fn ran(passed: bool, tests: Option<Tally>) -> Ran {
        Ran { name: "step", took: Duration::ZERO, outcome: Outcome { passed, tests } }
    }

    fn step() -> Step {
        Step { name: "step", work: |_| Ok(Outcome { passed: true, tests: None }) }
    }

    #[test]
    fn a_step_that_failed_or_was_not_reached_fails_the_run() {
        let options = Options::default();
        assert!(summarise(&[ran(true, None)], &[step()], &options));
        assert!(!summarise(&[ran(false, None)], &[step()], &options));
        assert!(!summarise(&[ran(true, None)], &[step(), step()], &options));
    }

    #[test]
    fn a_test_that_did_not_run_fails_only_where_forbidden() {
        let tally = || Tally { not_run: vec!["not run: a".into()], ..Tally::default() };
        let lenient = Options::default();
        let strict = Options { forbid_not_run: true, ..Options::default() };
        assert!(summarise(&[ran(true, Some(tally()))], &[step()], &lenient));
        assert!(!summarise(&[ran(true, Some(tally()))], &[step()], &strict));
    }
}
