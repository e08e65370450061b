use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The folder the workspace's `Cargo.toml` stands in.
pub fn workspace_root() -> PathBuf {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_root.ancestors().nth(2).unwrap_or(crate_root).to_path_buf()
}

/// A file that somebody else made, below `FILIERA_DATA` (default `../shared/data` beside the
/// workspace).
///
/// Absent, the test has not run: one line saying so goes to standard error, and to the file named by
/// `FILIERA_NOT_RUN` if there is one, because the test runner hides what a passing test prints.
/// `cargo xtask ci` sets that variable and counts the lines. Nothing is returned then.
pub fn outside_data(test: &str, file: &str) -> Option<PathBuf> {
    let root = setting("FILIERA_DATA").map_or_else(|| workspace_root().join("../shared/data"), PathBuf::from);
    let path = root.join(file);
    if path.exists() {
        return Some(path);
    }
    say_not_run(&format!("not run: {test}: FILIERA_DATA has no {file}"));
    None
}

/// A Python that has DuckDB and DataFusion: `FILIERA_WAREHOUSES`, or else the one that `.ci/run` installs below
/// `~/.cache/filiera`. Debian's PostgreSQL stands beside it.
///
/// Absent, the test has not run, and that is said as by [`outside_data`].
pub fn warehouse_python(test: &str) -> Option<PathBuf> {
    let given = setting("FILIERA_WAREHOUSES").map(PathBuf::from);
    let usual = || Some(PathBuf::from(setting("HOME")?).join(".cache/filiera/warehouses/bin/python"));
    let python = given.or_else(usual)?;
    let debians = Path::new("/usr/lib/postgresql");
    let lacks = |path: &Path, with: &str| format!("not run: {test}: there is no {}{with}", path.display());
    match (python.exists(), debians.exists()) {
        (true, true) => return Some(python),
        (true, false) => say_not_run(&lacks(debians, "")),
        (false, _) => say_not_run(&lacks(&python, " with DuckDB and DataFusion")),
    }
    None
}

#[expect(clippy::print_stderr, reason = "a person running one test by hand reads it there")]
fn say_not_run(line: &str) {
    eprintln!("{line}");
    if let Some(counted) = setting("FILIERA_NOT_RUN")
        && let Err(error) = append(Path::new(&counted), line)
    {
        eprintln!("cannot count it in `{}`: {error}", counted.display());
    }
}

/// One write call per line: tests of several processes append at the same time.
fn append(path: &Path, line: &str) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(format!("{line}\n").as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "tests are told where outside files are by the environment")]
fn setting(name: &str) -> Option<std::ffi::OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
