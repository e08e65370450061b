//! A finding of a fleet is explained from the rows of its vehicle alone, as from all of them.

use std::fs;

use serde_json::Value;

use crate::support::{CLOCKS, Ran, Written, filiera};

fn explain(folder: &Written, dossier: &str, subject: &str, condition: &str, more: &[&str]) -> Ran {
    let asked = ["explain", dossier, "--subject", subject, "--condition", condition];
    filiera(folder.path(), &[&asked[..], &CLOCKS, more].concat())
}

/// The answer without hashes of the evidence, which is not read whole.
fn uncited(ran: &Ran) -> Value {
    fn without(value: &mut Value) {
        if let Value::Object(object) = value {
            object.remove("evidence_hash");
            object.values_mut().for_each(without);
        } else if let Value::Array(all) = value {
            all.iter_mut().for_each(without);
        }
    }
    let mut answer: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()));
    without(&mut answer);
    answer
}

fn conditions(folder: &Written, dossier: &str) -> Vec<(String, String)> {
    let listed = crate::support::check(folder.path(), dossier, &["--format", "json", "--judge", "rows"]);
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let all = listed.findings();
    let named =
        |one: &Value| (format!("{}#{}", text(one, "pack"), text(one, "condition")), text(one, "subject"));
    // Of each condition the first, the last and one in the middle.
    let mut asked: Vec<(String, String)> = Vec::new();
    for (condition, _) in all.iter().map(named) {
        let own: Vec<(String, String)> =
            all.iter().map(named).filter(|(name, _)| *name == condition).collect();
        for place in [0, own.len() / 2, own.len() - 1] {
            if !asked.contains(&own[place]) {
                asked.push(own[place].clone());
            }
        }
    }
    asked
}

#[test]
fn one_vehicle_is_explained_from_its_own_rows() {
    let folder = Written::empty();
    for (name, scenario, more) in [
        ("sorted", "mixed", &["--row-group", "100"][..]),
        ("unsorted", "mixed", &["--row-group", "100", "--unsorted"]),
        ("one", "odd", &[]),
    ] {
        let size = ["--vehicles", "30", "--lines", "12", "--lots", "200", "--scenario", scenario];
        assert_eq!(filiera(folder.path(), &[&["synth", name][..], &size, more].concat()).code, 0);
        let asked = conditions(&folder, name);
        assert!(asked.len() > 6, "{asked:?}");
        for (condition, subject) in asked {
            let of = |judge: &str| {
                explain(&folder, name, &subject, &condition, &["--judge", judge, "--format", "json"])
            };
            let (lots, rows) = (of("lots"), of("rows"));
            assert_eq!(lots.code, rows.code, "{}", lots.seen());
            assert_eq!(uncited(&lots), uncited(&rows), "{condition} of {subject} in {name}");
            let text = explain(&folder, name, &subject, &condition, &["--judge", "lots", "-v"]).out;
            assert_eq!(text, explain(&folder, name, &subject, &condition, &["--judge", "rows", "-v"]).out);
        }
    }
}

#[test]
fn only_the_rows_asked_for_are_read() {
    let folder = Written::empty();
    let size = ["--vehicles", "400", "--lines", "20", "--lots", "400", "--row-group", "500"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    let first = conditions(&folder, "fleet").remove(0);
    let whole = explain(&folder, "fleet", &first.1, &first.0, &["--judge", "lots"]);
    // Somewhere in the last rows the file is broken; the first vehicle stands in the first.
    let installed = folder.path().join("fleet/installed.parquet");
    let mut bytes = fs::read(&installed).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 1000].fill(0xA5);
    fs::write(&installed, bytes).expect("written");
    assert_eq!(explain(&folder, "fleet", &first.1, &first.0, &["--judge", "lots"]).out, whole.out);
    explain(&folder, "fleet", &first.1, &first.0, &["--judge", "rows"]).refused();
}

#[test]
fn who_is_not_there_is_told_with_who_is() {
    let folder = Written::empty();
    let size = ["--vehicles", "30", "--lines", "12", "--lots", "200"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    for (subject, condition) in [("NOBODY", "local-content"), ("NOBODY", "no-such-condition")] {
        let [lots, rows] =
            ["lots", "rows"].map(|judge| explain(&folder, "fleet", subject, condition, &["--judge", judge]));
        assert_eq!(lots.refused().err, rows.refused().err);
    }
}
