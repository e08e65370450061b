//! Files that are not what they seem: cut off, in another encoding, empty, far too wide or deep.

use std::fs;

use insta::assert_snapshot;

use crate::support::{PARTS, Ran, Written, filiera, root};

/// The small dossier with `parts` in another file, checked and looked into.
fn refused(file: &str, bytes: impl AsRef<[u8]>) -> Ran {
    let folder = Written::dossier();
    let folder = if file == "parts.csv" { folder } else { folder.without("parts.csv") };
    let folder = folder.with(file, bytes);
    let before = folder.names();
    let ran = folder.check(&["--out", "report.json"]);
    ran.refused();
    assert_eq!(folder.names(), before, "nothing is written");
    let looked = filiera(folder.path(), &["inspect", file]);
    assert_eq!(looked.code, 2, "{}", looked.seen());
    ran
}

#[test]
fn nothing_there() {
    let folder = Written::empty();
    assert_snapshot!(folder.check(&["--pack", "it/automotive-accord"]).refused().seen());
    assert_snapshot!(
        "inspect_nothing_there",
        filiera(folder.path(), &["inspect", "no.csv"]).refused().seen()
    );
}

#[test]
fn a_folder_is_looked_into_file_by_file() {
    let folder = Written::dossier();
    let ran = filiera(folder.path(), &["inspect", ".", "--format", "json"]);
    let files = ran.inspection();
    let names: Vec<&str> = files.iter().map(|file| file["path"].as_str().unwrap_or_default()).collect();
    assert!(names.contains(&"./parts.csv") && names.is_sorted(), "{names:?}");
    assert!(!names.iter().any(|name| name.ends_with(".toml")), "{names:?}");
    let empty = Written::empty();
    assert!(filiera(empty.path(), &["inspect", "."]).refused().err.contains("holds no evidence"));
}

/// A folder where a file should be.
#[test]
fn unreadable() {
    let folder = Written::dossier().without("parts.csv");
    fs::create_dir(folder.path().join("stamm.csv")).expect("a folder");
    let mapped = format!("{}[table.parts]\nfile = \"stamm.csv\"\n", folder.text("dossier.toml"));
    assert_snapshot!(folder.with("dossier.toml", mapped).check(&[]).refused().seen());
}

#[test]
fn the_wrong_encoding() {
    assert_snapshot!(refused("parts.csv", b"part,name\nDOOR,T\xfcr\n").seen());
}

#[test]
fn an_empty_file() {
    assert_snapshot!(refused("parts.csv", "").seen());
    refused("parts.csv", "\n\n");
    refused("parts.jsonl", "{");
    refused("parts.xlsx", "");
    refused("parts.parquet", "");
}

/// A header without rows is a table without rows.
#[test]
fn a_header_alone_is_a_table() {
    let header = PARTS.lines().next().expect("a header");
    let ran = Written::dossier().with("parts.csv", header).check(&[]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
}

#[test]
fn a_truncated_parquet_file() {
    assert_snapshot!(refused("parts.parquet", [b"PAR1".as_slice(), &[7; 400]].concat()).seen());
    refused("parts.parquet", [b"PAR1".as_slice(), &[255; 40], b"PAR1"].concat());
}

#[test]
fn a_truncated_workbook() {
    let whole = fs::read(root().join("examples/erp-export/Materialstamm.xlsx")).expect("a workbook");
    assert_snapshot!(refused("parts.xlsx", &whole[..whole.len() / 2]).seen());
    refused("parts.xlsx", &whole[..whole.len() - 10]);
    refused("parts.xlsx", &whole[..4]);
}

#[test]
fn json_nested_ten_thousand_deep() {
    let deep = format!("{{\"part\":\"DOOR\",\"x\":{}{}}}\n", "[".repeat(10_000), "]".repeat(10_000));
    let noted = Written::dossier().without("parts.csv").with("parts.jsonl", &deep).check(&[]);
    assert_eq!(noted.code, 3, "a column that is not ours holds no value: {}", noted.seen());
    assert!(noted.out.contains("1 × cell of an extra column without a value"), "{}", noted.out);
    assert_snapshot!(refused("parts.jsonl", deep.replace("\"DOOR\",\"x\":", "")).seen());
    let twins = format!("{{\"assets\":{}{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let folder = Written::empty().with("twins.json", twins);
    let ran = filiera(folder.path(), &["inspect", "twins.json"]);
    assert_eq!(ran.code, 2, "{}", ran.seen());
}

/// Two hundred columns are read like eight; those that are not ours pass through.
#[test]
fn two_hundred_columns() {
    let lines: Vec<&str> = PARTS.lines().collect();
    let names: Vec<String> = (0..192).map(|at| format!("Merkmal {at}")).collect();
    let cells = vec!["x"; 192].join(",");
    let mut wide = format!("{},{}\n", lines[0], names.join(","));
    wide.extend(lines[1..].iter().map(|line| format!("{line},{cells}\n")));
    let folder = Written::dossier().with("parts.csv", wide);
    assert_eq!(folder.check(&[]).out, Written::dossier().check(&[]).out);
    let ran = filiera(folder.path(), &["inspect", "parts.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
}

#[test]
fn rows_longer_and_shorter_than_the_header() {
    assert_snapshot!(refused("parts.csv", "part,unit_value\nDOOR,1,2\nSEAT\nLAMP,1\n").seen());
}
