//! What if papers were gone, or a file were there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Ran, Written, check, filiera};

type Verdicts = BTreeMap<[String; 3], (String, String)>;

/// What every finding says; by pack, condition and subject.
fn listed(folder: &Path, dossier: &str) -> Verdicts {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = check(folder, dossier, &["--format", "json", "--judge", "rows"]).findings();
    let key = |one: &Value| ["pack", "condition", "subject"].map(|key| text(one, key));
    all.iter().map(|one| (key(one), (text(one, "verdict"), text(one, "legal")))).collect()
}

/// What differs between two lists.
fn differing(before: &Verdicts, after: &Verdicts) -> BTreeMap<[String; 3], [(String, String); 2]> {
    let both = before.iter().filter(|(key, verdicts)| after[*key] != **verdicts);
    both.map(|(key, verdicts)| (key.clone(), [verdicts.clone(), after[key].clone()])).collect()
}

/// What `filiera.whatif/1` says differs.
fn told(ran: &Ran) -> BTreeMap<[String; 3], [(String, String); 2]> {
    let found: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()));
    assert_eq!(found["schema"], "filiera.whatif/1");
    let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
    let side = |one: &Value| (text(&one["verdict"]), text(&one["legal"]));
    let mut all = BTreeMap::new();
    for condition in found["conditions"].as_array().expect("conditions") {
        for one in condition["changes"].as_array().expect("changes") {
            let key = [&condition["pack"], &condition["condition"], &one["subject"]].map(text);
            all.insert(key, [side(&one["before"]), side(&one["after"])]);
        }
    }
    assert_eq!(found["changed"], all.len());
    all
}

/// Moves the rows of a CSV file of which a cell says so to another file.
fn strip(path: &Path, to: &Path, column: &str, says: &dyn Fn(&str) -> bool) {
    let text = fs::read_to_string(path).expect("a file");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a header").clone();
    let place = names.iter().position(|name| name == column).expect("the column");
    let [mut kept, mut gone] = [(); 2].map(|()| csv::Writer::from_writer(Vec::new()));
    kept.write_record(&names).expect("written");
    gone.write_record(&names).expect("written");
    for row in reader.records() {
        let row = row.expect("a row");
        let out = if says(&row[place]) { &mut gone } else { &mut kept };
        out.write_record(&row).expect("written");
    }
    fs::write(path, kept.into_inner().expect("bytes")).expect("written");
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    fs::write(to, gone.into_inner().expect("bytes")).expect("written");
}

#[test]
fn what_is_taken_away_changes_what_its_absence_changes() {
    let folder = Written::empty();
    let size = ["--vehicles", "60", "--lines", "12", "--lots", "300", "--scenario", "mixed"];
    for (name, format) in [("rows", "csv"), ("lots", "parquet")] {
        let made = [&["synth", name][..], &size, &["--format", format]].concat();
        assert_eq!(filiera(folder.path(), &made).code, 0);
    }
    let before = listed(folder.path(), "rows");
    let supplier = fs::read_to_string(folder.path().join("rows/declarations.csv")).expect("a file");
    let mut reader = csv::Reader::from_reader(supplier.as_bytes());
    let names = reader.headers().expect("a header").clone();
    let cell = |name: &str| names.iter().position(|one| one == name).expect("a column");
    let (suppliers, parts) = (cell("supplier"), cell("part"));
    let row = reader.records().nth(5).expect("a row").expect("a row");
    let (supplier, part) = (row[suppliers].to_owned(), row[parts].to_owned());
    let is_from_china = |cell: &str| cell.split('/').any(|code| code == "CN");
    for (without, column, says) in [
        (
            format!("supplier={supplier}"),
            "supplier",
            &(|cell: &str| cell == supplier) as &dyn Fn(&str) -> bool,
        ),
        (format!("declaration={part}"), "part", &|cell: &str| cell == part),
        ("country=CN".to_owned(), "origin", &is_from_china),
    ] {
        crate::support::copy_folder(&folder.path().join("rows"), &folder.path().join("gone"));
        let files = ["gone/declarations.csv", "back/declarations.csv"].map(|file| folder.path().join(file));
        strip(&files[0], &files[1], column, says);
        let after = listed(folder.path(), "gone");
        let expected = differing(&before, &after);
        let exit = check(folder.path(), "gone", &[]).code;
        for (dossier, judge) in [("rows", "rows"), ("lots", "rows"), ("lots", "lots")] {
            let more = ["--without", &without, "--judge", judge, "--format", "json"];
            let ran = check(folder.path(), dossier, &more);
            assert_eq!(told(&ran), expected, "{without} by {judge}");
            assert_eq!(ran.code, exit, "{}", ran.err);
        }
        // As a file that is there again.
        let more = ["--with", "back/declarations.csv", "--format", "json"];
        let turned = |[before, after]: [(String, String); 2]| [after, before];
        let expected = expected.into_iter().map(|(key, sides)| (key, turned(sides))).collect();
        assert_eq!(told(&check(folder.path(), "gone", &more)), expected, "with {without}");
    }
}

#[test]
fn the_screen_says_what_turns() {
    let dossier = Written::dossier();
    assert_snapshot!(dossier.check(&["--without", "declaration=SEAT", "--without", "country=IT"]).seen());
}

#[test]
fn a_file_is_read_as_if_it_lay_there() {
    let folder = Written::empty().with("declarations.csv", "part,origin,signed_on\nDOOR,PL,2026-02-01\n");
    let dossier = Written::dossier();
    let file = folder.path().join("declarations.csv");
    let ran = dossier.check(&["--with", &file.display().to_string()]);
    assert_snapshot!(ran.seen().replace(&folder.path().display().to_string(), "ELSEWHERE"));
}

#[test]
fn what_is_not_there_cannot_be_taken_away() {
    let dossier = Written::dossier();
    for without in ["declaration=SEET", "supplier=S9", "country=CN", "country=ITALY", "lot=L1", "SEAT"] {
        let ran = dossier.check(&["--without", without]);
        ran.refused();
        assert_snapshot!(without.replace('=', "_"), ran.err);
    }
    dossier.check(&["--with", "nowhere.csv"]).refused();
    dossier.check(&["--without", "country=IT", "--format", "csv"]).refused();
}
