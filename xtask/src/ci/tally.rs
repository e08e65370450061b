//! What the test runner said, added up.

use std::collections::BTreeSet;

/// Tests of all binaries together.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Test binaries (and doctest runs) that reported a result.
    pub binaries: usize,
    /// Tests that passed; those that found no outside file are among them.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Names of the failed tests, in the order they ended.
    pub failed_names: Vec<String>,
    /// One `not run: …` line per test that found no outside file.
    pub not_run: Vec<String>,
}

impl Tally {
    /// Takes in one line that the test runner wrote.
    pub fn take(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.binaries += 1;
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failed_names.push(name.to_owned());
        }
    }

    /// The sum in one sentence. A test that found no outside file passed for the test runner; here it
    /// counts as not run.
    pub fn sentence(&self) -> String {
        let not_run = self.tests_not_run();
        let passed = self.passed.saturating_sub(not_run);
        format!(
            "tests: {} run, {passed} passed, {} failed, {not_run} not run, in {} binaries",
            passed + self.failed,
            self.failed,
            self.binaries,
        )
    }

    /// Tests, not lines: one test may miss several files.
    fn tests_not_run(&self) -> usize {
        let names = self.not_run.iter().map(|line| {
            let rest = line.strip_prefix("not run: ").unwrap_or(line);
            rest.split_once(": ").map_or(rest, |(name, _)| name)
        });
        names.collect::<BTreeSet<_>>().len()
    }
}

/// The number directly before `word`; 0 if there is none.
fn number_before(text: &str, word: &str) -> usize {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    before.rsplit(' ').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_binaries_add_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test day::tests::reversed ... ok",
            "test bounds::tests::open ... FAILED",
            "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 30 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.00s",
        ] {
            tally.take(line);
        }
        assert_eq!((tally.binaries, tally.passed, tally.failed), (2, 42, 1));
        assert_eq!(tally.failed_names, ["bounds::tests::open"]);
    }

    #[test]
    fn a_test_that_found_no_file_is_not_counted_as_run() {
        let not_run = ["not run: juice: no a.json", "not run: juice: no b.json", "not run: tea: no c"];
        let tally = Tally { passed: 5, not_run: not_run.map(String::from).into(), ..Tally::default() };
        assert_eq!(tally.sentence(), "tests: 3 run, 3 passed, 0 failed, 2 not run, in 0 binaries");
    }
}
