//! Habits of the sources: length, unfinished work, floats on verdict paths, paths of one machine.

use std::collections::BTreeSet;

use super::Complaint;
use super::code::{code_only, has_word, is_name, lines_where, test_modules, without_tests};
use crate::workspace::{File, Workspace};

/// Longest source file, tests not counted.
const MOST_LINES: usize = 700;

/// Tables of facts that may be longer, each with the reason.
const TABLES_OF_FACTS: &[(&str, &str)] = &[];

/// Crates whose numbers reach a verdict.
const VERDICT_PATH: &[&str] = &[
    "crates/filiera-model/",
    "crates/filiera-packs/",
    "crates/filiera-predicate/",
    "crates/filiera-origin/",
    "crates/filiera-ownership/",
    "crates/filiera-engine/",
];

/// A line that only prints a number may use a float if it says so.
const DISPLAY_MARK: &str = "// display only";

const UNFINISHED: &[&str] = &["todo!", "unimplemented!", "dbg!"];

/// Folders of one machine; spelled apart, so that this file passes.
const MACHINE_PATHS: &[&str] = &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];

/// One product source with its tests, comments and texts taken out.
pub struct Source {
    /// Below the root.
    pub path: String,
    /// Line by line what the file holds.
    pub code: String,
}

/// The product code below `folder`: `src/` without tests.
pub fn product_code<'a>(workspace: &'a Workspace, folder: &str) -> impl Iterator<Item = Source> + 'a {
    let below = format!("{folder}/src/");
    let tests = test_files(workspace);
    workspace
        .files
        .iter()
        .filter(move |file| file.path.starts_with(&below) && is_rust(file) && !is_test(&file.path, &tests))
        .map(|file| Source { path: file.path.clone(), code: without_tests(&code_only(&file.text)) })
}

/// Complaints about single files.
pub fn check(workspace: &Workspace) -> Vec<Complaint> {
    let tests = test_files(workspace);
    let mut complaints = Vec::new();
    for file in &workspace.files {
        complaints.extend(machine_paths(file));
        if is_rust(file) {
            complaints.extend(habits(file, &tests));
        }
    }
    complaints
}

fn is_rust(file: &File) -> bool {
    file.path.ends_with(".rs")
}

/// Habits of one Rust file.
fn habits(file: &File, tests: &BTreeSet<String>) -> Vec<Complaint> {
    let code = code_only(&file.text);
    let mut complaints = unfinished(&file.path, &code);
    complaints.extend(no_introduction(file));
    if !is_test(&file.path, tests) {
        let product = without_tests(&code);
        complaints.extend(too_long(&file.path, &code, TABLES_OF_FACTS));
        complaints.extend(floats(file, &product));
    }
    complaints
}

fn unfinished(path: &str, code: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for word in UNFINISHED {
        let text = format!("`{word}` is unfinished work: finish it or leave it out");
        complaints.extend(
            lines_where(code, |line| has_word(line, word))
                .map(|line| Complaint::at(path, line, text.clone())),
        );
    }
    let ignored = lines_where(code, |line| line.trim_start().starts_with("#[ignore"));
    complaints.extend(
        ignored
            .map(|line| Complaint::at(path, line, "no `#[ignore]`: assert today's wrong answer and say so")),
    );
    complaints
}

/// The root of a crate says what the crate is.
fn no_introduction(file: &File) -> Option<Complaint> {
    let root = file.path.ends_with("src/lib.rs") || file.path.ends_with("src/main.rs");
    let first = file.text.trim_start();
    let told = first.starts_with("//!") || first.starts_with("#![doc");
    (root && !told).then(|| {
        Complaint::at(&file.path, 1, "starts without `//!`: say what the crate is, and what it never does")
    })
}

/// Only what stands before the tests counts.
fn too_long(path: &str, code: &str, tables: &[(&str, &str)]) -> Option<Complaint> {
    let lines = code.lines().count() - test_lines(code);
    let listed = tables.iter().any(|(table, _)| *table == path);
    let text = match (lines > MOST_LINES, listed) {
        (true, false) => format!(
            "{lines} lines without tests, more than {MOST_LINES}: split it by topic, or list it as a table of facts with a reason"
        ),
        (false, true) => {
            "is listed as a long table of facts, but is not long any more: take it off the list".to_owned()
        }
        _ => return None,
    };
    Some(Complaint::of(path, text))
}

/// Lines that hold nothing but tests: what cutting the tests out makes empty.
fn test_lines(code: &str) -> usize {
    let product = without_tests(code);
    code.lines()
        .zip(product.lines())
        .filter(|(all, kept)| !all.trim().is_empty() && kept.trim().is_empty())
        .count()
}

fn floats(file: &File, product: &str) -> Vec<Complaint> {
    if !VERDICT_PATH.iter().any(|start| file.path.starts_with(start)) || !file.path.contains("/src/") {
        return Vec::new();
    }
    let raw = file.text.lines().zip(product.lines()).enumerate();
    raw.filter(|(_, (raw, code))| has_float(code) && !raw.contains(DISPLAY_MARK))
        .map(|(at, _)| {
            let text = format!(
                "a float on a verdict path: use `filiera_model::Exact`, or end the line with `{DISPLAY_MARK}`"
            );
            Complaint::at(&file.path, at + 1, text)
        })
        .collect()
}

/// A name that is or ends in `f32` or `f64`, or a literal such as `0.5`.
fn has_float(code: &str) -> bool {
    let names = code.split(|c| !is_name(c));
    names
        .clone()
        .any(|name| ["f32", "f64"].iter().any(|float| name == *float || name.ends_with(&format!("_{float}"))))
        || has_float_literal(code)
}

/// `0.5`, not the range `0..5` nor the field `pair.0.1`.
fn has_float_literal(code: &str) -> bool {
    let bytes = code.as_bytes();
    code.match_indices('.').any(|(at, _)| {
        let digit_after = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let start = code[..at].rfind(|c| !is_name(c)).map_or(0, |before| before + 1);
        let number_before = bytes.get(start).is_some_and(u8::is_ascii_digit) && start < at;
        let field = start > 0 && bytes.get(start - 1) == Some(&b'.');
        digit_after && number_before && !field
    })
}

/// A path that only one machine has; part of an address or of a longer path is none.
fn machine_paths(file: &File) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for path in MACHINE_PATHS {
        let lines = lines_where(&file.text, |line| starts_a_path(line, path));
        complaints.extend(
            lines.map(|line| Complaint::at(&file.path, line, format!("`{path}` exists on one machine only"))),
        );
    }
    complaints
}

fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| is_name(c) || "/.-~}:*".contains(c)) || line[..at].ends_with("file://")
    })
}

/// Files that `#[cfg(test)] mod name;` makes tests.
fn test_files(workspace: &Workspace) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in workspace.files.iter().filter(|file| is_rust(file) && file.text.contains("#[cfg(test)]")) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let folder = match name.trim_end_matches(".rs") {
            "lib" | "main" | "mod" => folder.to_owned(),
            stem => format!("{folder}/{stem}"),
        };
        let code = code_only(&file.text);
        found.extend(test_modules(&code).into_iter().map(|module| format!("{folder}/{module}")));
    }
    found
}

/// Below `tests/`, `benches/` or `examples/`, named `tests.rs`, or declared for tests only.
fn is_test(path: &str, declared: &BTreeSet<String>) -> bool {
    let mut parts = path.split('/');
    if parts.any(|part| matches!(part, "tests" | "benches" | "examples" | "tests.rs" | "build.rs")) {
        return true;
    }
    let stem = path.trim_end_matches(".rs");
    declared.iter().any(|module| {
        stem.strip_prefix(module.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Vec<String> {
        let files = vec![File { path: path.to_owned(), text: text.to_owned() }];
        let workspace = Workspace { files, ..Workspace::default() };
        check(&workspace)
            .into_iter()
            .map(|complaint| format!("{}: {}", complaint.place, complaint.text))
            .collect()
    }

    const ENGINE: &str = "crates/filiera-engine/src/share.rs";

    #[test]
    fn a_float_on_a_verdict_path_is_found() {
        for line in ["let a: f64 = b;", "a.to_f64()", "as f32", "let a = 0.5;", "let a = 1_0.0_1;"] {
            let said = said(ENGINE, line);
            assert_eq!(said.len(), 1, "{line}");
            assert!(said[0].starts_with("crates/filiera-engine/src/share.rs:1: a float"), "{said:?}");
        }
        for line in ["0..5", "pair.0.1", "a.0", "DataType::Float64", "// 0.5", "\"f64\"", "x1.0"] {
            assert!(said(ENGINE, line).is_empty(), "{line}");
        }
        assert!(said(ENGINE, "a.to_f64() // display only").is_empty());
        assert!(said("crates/filiera-report/src/bar.rs", "let width = 0.5;").is_empty());
        assert!(said("crates/filiera-engine/tests/a.rs", "let a = 0.5;").is_empty());
        assert!(said(ENGINE, "#[cfg(test)]\nmod tests {\n let a = 0.5; }\n").is_empty());
    }

    #[test]
    fn a_file_declared_for_tests_is_a_test() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let files = vec![
            file("crates/filiera-engine/src/share.rs", "#[cfg(test)]\nmod worked;\nmod sums;"),
            file("crates/filiera-engine/src/share/worked.rs", "let a = 0.5;"),
            file("crates/filiera-engine/src/share/sums.rs", "let a = 0.5;"),
        ];
        let places: Vec<String> = check(&Workspace { files, ..Workspace::default() })
            .into_iter()
            .map(|complaint| complaint.place)
            .collect();
        assert_eq!(places, ["crates/filiera-engine/src/share/sums.rs:1"]);
    }

    #[test]
    fn unfinished_work_is_found_in_tests_too() {
        assert_eq!(said(ENGINE, "todo!()").len(), 1);
        assert_eq!(said(ENGINE, "    unimplemented!(\"later\")").len(), 1);
        assert_eq!(
            said("crates/filiera-engine/tests/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}").len(),
            1
        );
        assert!(said(ENGINE, "// todo!() would be wrong").is_empty());
    }

    #[test]
    fn long_files_are_found_and_the_list_of_exceptions_stays_true() {
        let long = "fn a() {}\n".repeat(MOST_LINES + 1);
        assert!(said(ENGINE, &long)[0].contains("701 lines"));
        let with_tests = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert!(said(ENGINE, &with_tests).is_empty());
        let table = [("codes.rs", "ISO 3166")];
        assert!(too_long("codes.rs", &long, &table).is_none());
        assert!(too_long("codes.rs", "one line", &table).unwrap().text.contains("not long any more"));
    }

    #[test]
    fn a_crate_without_an_introduction_is_found() {
        assert_eq!(said("crates/filiera-model/src/lib.rs", "mod day;").len(), 1);
        assert!(said("crates/filiera-model/src/lib.rs", "//! Days.\nmod day;").is_empty());
        assert!(said("crates/filiera-model/src/day.rs", "struct Day;").is_empty());
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        let home = MACHINE_PATHS[0];
        assert_eq!(said("docs/a.md", &format!("see {home}jo/x")).len(), 1);
        assert_eq!(said("a.sh", &format!("cd \"{home}jo\"")).len(), 1);
        assert!(said("docs/a.md", &format!("see https://example.org{home}page")).is_empty());
        assert!(said("a.sh", &format!("cd $PWD{home}x; cd ..{home}x")).is_empty());
    }
}
