use std::fs;
use std::process::Command;

use filiera_testkit::warehouse_python;
use serde_json::Value;

use crate::support::{CLOCKS, Ran, Written, filiera, root};

/// A small fleet, judged by everything that adds up.
fn fleet(folder: &Written, name: &str, scenario: &str, seed: &str, format: &str) {
    let size = ["--vehicles", "50", "--lines", "14", "--lots", "250"];
    let kind = ["--scenario", scenario, "--seed", seed, "--format", format];
    let ran = filiera(folder.path(), &[&["synth", name][..], &size, &kind].concat());
    assert_eq!(ran.code, 0, "{}", ran.seen());
    fs::copy(
        root().join("crates/filiera-fleet/tests/everything.toml"),
        folder.path().join("everything.toml"),
    )
    .expect("a pack");
    let path = folder.path().join(name).join("dossier.toml");
    let settings = fs::read_to_string(&path).expect("settings");
    // Of an odd fleet nobody vouches that all is installed: here somebody does, or no sum tells anything.
    let more = if settings.contains("installed  =") { "" } else { "installed = true\n" };
    let settings = settings.replace("it/automotive-accord", "../everything.toml") + more;
    fs::write(path, settings).expect("settings");
}

/// Every fifth lot came in nobody knows when before the summer of 2026.
fn with_spans(folder: &Written, name: &str) {
    let path = folder.path().join(name).join("installed.csv");
    let rows = fs::read_to_string(&path).expect("installed");
    let lines = rows.lines().enumerate().map(|(number, line)| match number {
        0 => format!("{line},received_on_max\n"),
        _ if number % 5 == 0 => format!("{line},2026-06-30\n"),
        _ => format!("{line},\n"),
    });
    fs::write(path, lines.collect::<String>()).expect("installed");
}

fn plain(folder: &Written) {
    let size = ["--vehicles", "20", "--lines", "6", "--lots", "40"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
}

fn export(folder: &Written, dossier: &str, to: &str, more: &[&str]) -> Ran {
    filiera(folder.path(), &[&["export", dossier, "--to", to][..], &CLOCKS, more].concat())
}

fn sql(folder: &Written, more: &[&str]) -> Ran {
    filiera(folder.path(), &[&["sql", "fleet"][..], more].concat())
}

#[test]
fn statements_find_in_warehouses_what_a_check_finds() {
    let Some(python) = warehouse_python("statements_find_in_warehouses_what_a_check_finds") else { return };
    let folder = Written::empty();
    let mut pairs = Vec::new();
    let formats = ["parquet", "parquet", "parquet", "csv"];
    let fleets = [("plain", "3"), ("mixed", "4"), ("odd", "6"), ("mixed", "8")];
    for ((scenario, seed), format) in fleets.into_iter().zip(formats) {
        let (name, to) = (format!("{scenario}{seed}"), format!("{scenario}{seed}-tables"));
        fleet(&folder, &name, scenario, seed, format);
        if format == "csv" {
            with_spans(&folder, &name);
        }
        let exported = export(&folder, &name, &to, &[]);
        assert_eq!(exported.code, 0, "{}", exported.seen());
        assert!(!exported.err.contains("without judged tables"), "{}", exported.seen());
        pairs.push(format!("{name}={to}"));
    }
    let driver = root().join("crates/filiera-cli/tests/warehouses/compare.py");
    let ran = Command::new(python)
        .arg(driver)
        .arg(assert_cmd::cargo::cargo_bin!("filiera"))
        .args(&pairs)
        .current_dir(folder.path())
        .output()
        .expect("Python");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let compared: Value = serde_json::from_slice(&ran.stdout).expect("what was compared");
    // Seventeen conditions and readings of fifty vehicles in each fleet.
    for warehouse in ["duckdb", "postgres", "datafusion"] {
        assert_eq!(compared[warehouse], 17 * 50 * pairs.len(), "{compared}");
    }
}

#[test]
fn a_statement_says_what_it_gives_and_by_which_law() {
    let folder = Written::empty();
    plain(&folder);
    let asked = ["--condition", "it/automotive-accord#local-content"];
    insta::assert_snapshot!("sql_duckdb", sql(&folder, &[&asked[..], &CLOCKS].concat()).seen());
    let by_mass = ["--condition", "local-content", "--reading", "by-mass", "--dialect", "datafusion"];
    insta::assert_snapshot!("sql_datafusion", sql(&folder, &[&by_mass[..], &CLOCKS].concat()).seen());
    let whole = ["--condition", "accord", "--dialect", "postgres"];
    insta::assert_snapshot!("sql_postgres", sql(&folder, &[&whole[..], &CLOCKS].concat()).seen());
}

#[test]
fn a_statement_is_by_the_law_of_the_export() {
    let folder = Written::empty();
    plain(&folder);
    assert_eq!(export(&folder, "fleet", "tables", &[]).code, 0);
    let asked = ["--condition", "local-content", "--tables", "tables"];
    let told = sql(&folder, &asked);
    assert!(told.out.contains("known on 2026-11-22") && told.out.contains("'tables/judged_rows.parquet'"));
    let other = sql(&folder, &[&asked[..], &["--law-as-of", "2025-01-01"]].concat());
    assert!(other.refused().err.contains("as of 2026-11-22, not 2025-01-01"), "{}", other.seen());
    let other = sql(&folder, &[&asked[..], &["--pack", "us/usmca-autos"]].concat());
    assert_eq!(other.code, 2, "{}", other.seen());
    let nothing = sql(&folder, &["--condition", "local-content", "--tables", "fleet"]);
    assert!(nothing.refused().err.contains("manifest.json"), "{}", nothing.seen());
    let unknown = sql(&folder, &["--condition", "lokal-content", "--tables", "tables"]);
    assert!(unknown.refused().err.contains("it/automotive-accord#local-content"), "{}", unknown.seen());
}

#[test]
fn a_folder_that_holds_something_is_left_as_it_is() {
    let folder = Written::empty();
    plain(&folder);
    let refused = export(&folder, "fleet", "fleet", &[]);
    assert!(refused.refused().err.contains("--force"), "{}", refused.seen());
    assert_eq!(export(&folder, "fleet", "tables", &[]).code, 0);
    let first = fs::read(folder.path().join("tables/judged_rows.parquet")).expect("a table");
    assert_eq!(export(&folder, "fleet", "tables", &[]).code, 2);
    assert_eq!(export(&folder, "fleet", "tables", &["--force"]).code, 0);
    let again = fs::read(folder.path().join("tables/judged_rows.parquet")).expect("a table");
    assert!(first == again, "the same dossier gives the same bytes");
    let over = export(&folder, "fleet", "fleet", &["--force"]);
    assert!(over.refused().err.contains("holds a dossier"), "{}", over.seen());
    assert!(!folder.path().join("tables/.unfinished").exists());
}

#[test]
fn what_does_not_add_up_is_exported_without_judged_tables() {
    let folder = Written::empty();
    plain(&folder);
    let path = folder.path().join("fleet/dossier.toml");
    let settings = fs::read_to_string(&path).expect("settings").replace("installed  = true\n", "");
    fs::write(path, settings).expect("settings");
    assert_eq!(export(&folder, "fleet", "tables", &[]).code, 0);
    let exported = export(&folder, "fleet", "tables", &["--force"]);
    assert!(exported.err.contains("not declared complete"), "{}", exported.seen());
    let there = |name: &str| folder.path().join("tables").join(name).exists();
    assert!(there("installed.parquet") && there("declarations.parquet") && !there("judged_rows.parquet"));
    let asked = ["--condition", "local-content", "--tables", "tables"];
    let told = sql(&folder, &asked);
    assert!(told.refused().err.contains("not declared complete"), "{}", told.seen());
    let told = sql(&folder, &["--condition", "local-content"]);
    assert!(told.refused().err.contains("not declared complete"), "{}", told.seen());
}
