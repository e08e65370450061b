use crate::support::{Written, check, filiera};

fn fleet() -> Written {
    let folder = Written::empty();
    let ran = filiera(folder.path(), &["synth", "fleet", "--vehicles", "10", "--lines", "4", "--lots", "20"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    folder
}

#[test]
fn a_cluster_counts_and_lists_and_makes_no_reports() {
    let folder = fleet();
    let ran = check(folder.path(), "fleet", &["--cluster", "df://localhost:1", "--format", "html"]);
    assert!(ran.refused().err.contains("jsonl, csv or parquet"), "{}", ran.seen());
}

#[test]
fn a_cluster_whose_program_is_missing_is_said_to_miss_it() {
    let folder = fleet();
    let mut command: assert_cmd::Command = assert_cmd::cargo::cargo_bin_cmd!("filiera");
    command.current_dir(folder.path()).env("FILIERA_CLUSTER", "/nowhere/filiera-cluster");
    let output = command.args(["check", "fleet", "--cluster", "df://localhost:1"]).output().expect("runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("`/nowhere/filiera-cluster` cannot be run"), "{told}");
    assert!(told.contains("FILIERA_CLUSTER") && output.stdout.is_empty(), "{told}");
}

#[test]
fn where_rows_are_is_asked_of_a_cluster_only() {
    let folder = fleet();
    let ran = check(folder.path(), "fleet", &["--rows", "s3://vehicles/installed/"]);
    assert!(ran.refused().err.contains("--cluster"), "{}", ran.seen());
}
