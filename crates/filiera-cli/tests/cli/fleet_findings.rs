//! Findings streamed from a fleet are those of the general path.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::support::{Written, check, filiera};

/// Pack, condition, reading and subject.
pub type Key = [String; 4];

pub type Findings = BTreeMap<Key, Map<String, Value>>;

fn keyed(findings: impl IntoIterator<Item = Map<String, Value>>) -> Findings {
    let text = |one: &Map<String, Value>, key: &str| {
        one.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut keyed = Findings::new();
    for one in findings {
        let key = ["pack", "condition", "reading", "subject"].map(|key| text(&one, key));
        let again = keyed.insert(key.clone(), one);
        assert!(again.is_none(), "told twice: {key:?}");
    }
    keyed
}

pub fn of_lines(text: &str) -> Findings {
    keyed(text.lines().map(|line| match serde_json::from_str(line) {
        Ok(Value::Object(one)) => one,
        other => panic!("{other:?}: {line}"),
    }))
}

/// Each row of a CSV text without quotes in it.
fn of_csv(text: &str) -> Findings {
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let names = lines.headers().expect("a header").clone();
    keyed(lines.records().map(|row| {
        let row = row.expect("a row");
        let cells = names.iter().zip(row.iter());
        cells.map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect()
    }))
}

fn of_parquet(path: &Path) -> Findings {
    use arrow::array::AsArray;
    let file = fs::File::open(path).expect("a file");
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.build())
        .expect("a reader");
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.expect("rows");
        let columns: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8).expect("texts"))
            .collect();
        for row in 0..batch.num_rows() {
            let cell = |column: &arrow::array::ArrayRef| {
                let texts = column.as_string::<i32>();
                if arrow::array::Array::is_null(texts, row) { "" } else { texts.value(row) }.to_owned()
            };
            let schema = batch.schema();
            let names = schema.fields().iter().map(|field| field.name().clone());
            rows.push(names.zip(columns.iter().map(|one| Value::from(cell(one)))).collect());
        }
    }
    keyed(rows)
}

/// What a streamed finding says, the other one says too. `is_left_out`: whether it need not say it.
pub fn assert_same(
    streamed: &Findings,
    listed: &Findings,
    is_left_out: &dyn Fn(&str, &Map<String, Value>) -> bool,
) {
    assert_eq!(streamed.keys().collect::<Vec<_>>(), listed.keys().collect::<Vec<_>>());
    for (key, listed) in listed {
        let streamed = &streamed[key];
        for (name, value) in listed {
            if !is_left_out(name, streamed) {
                assert_eq!(streamed.get(name), Some(value), "{name} of {key:?}\n{streamed:#?}\n{listed:#?}");
            }
        }
    }
}

pub fn not_by_adding_up(name: &str, streamed: &Map<String, Value>) -> bool {
    let is_by_sum = !streamed.contains_key("rows");
    name == "evidence_hash" || (is_by_sum && ["bounds", "rows", "missing", "remarks"].contains(&name))
}

/// Of a table: where the cells of adding up are empty.
fn not_in_a_row(name: &str, streamed: &Map<String, Value>) -> bool {
    let is_by_sum = streamed.get("rows_yes").and_then(Value::as_str) == Some("");
    let of_rows = ["bounds", "rows_yes", "rows_no", "rows_maybe", "missing", "remarks"];
    name == "evidence_hash" || (is_by_sum && of_rows.contains(&name))
}

#[test]
fn findings_are_streamed_as_they_are_listed() {
    let folder = Written::empty();
    for (name, scenario, more) in [
        ("one", "plain", &[][..]),
        ("groups", "mixed", &["--row-group", "100"]),
        ("mixed-up", "mixed", &["--unsorted", "--row-group", "100", "--unpriced", "3 %"]),
        ("strange", "odd", &["--row-group", "100"]),
    ] {
        let size = ["--vehicles", "60", "--lines", "20", "--lots", "400", "--scenario", scenario];
        assert_eq!(filiera(folder.path(), &[&["synth", name][..], &size, more].concat()).code, 0);
        if scenario == "odd" {
            vouch(&folder.path().join(name).join("dossier.toml"));
        }
        for readings in [&[][..], &["--readings"]] {
            let run = |judge: &str, format: &str| {
                check(folder.path(), name, &[&["--judge", judge, "--format", format], readings].concat())
            };
            let (lots, rows) = (run("lots", "jsonl"), run("rows", "jsonl"));
            assert!(lots.code == rows.code && lots.code != 2, "{}", lots.seen());
            assert!(!lots.err.contains("row by row"), "{}", lots.err);
            assert_same(&of_lines(&lots.out), &of_lines(&rows.out), &not_by_adding_up);
            let listed = of_csv(&run("rows", "csv").out);
            assert_same(&of_csv(&run("lots", "csv").out), &listed, &not_in_a_row);
            let ran = check(
                folder.path(),
                name,
                &[&["--judge", "lots", "--out", "findings.parquet"], readings].concat(),
            );
            assert_eq!(ran.code, rows.code, "{}", ran.seen());
            assert!(ran.out.contains("60 vehicles"), "the summary is shown: {}", ran.seen());
            assert_same(&of_parquet(&folder.path().join("findings.parquet")), &listed, &not_in_a_row);
        }
    }
}

/// Somebody vouches that all installed parts are listed.
fn vouch(dossier: &Path) {
    let text = fs::read_to_string(dossier).expect("a dossier");
    assert!(text.contains("[complete]"), "{text}");
    fs::write(dossier, text.replace("[complete]", "[complete]\ninstalled = true")).expect("written");
}

#[test]
fn what_cannot_be_finished_leaves_nothing() {
    let folder = Written::empty();
    let size = ["--vehicles", "200", "--lines", "20", "--lots", "400", "--row-group", "100"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    let installed = folder.path().join("fleet/installed.parquet");
    let mut bytes = fs::read(&installed).expect("bytes");
    let end = bytes.len() / 2;
    bytes[end - 2000..end].fill(0);
    fs::write(&installed, bytes).expect("written");
    for format in ["jsonl", "csv"] {
        let ran = check(folder.path(), "fleet", &["--judge", "lots", "--format", format]);
        assert!(ran.refused().err.contains("installed.parquet"), "{}", ran.seen());
    }
    fs::write(folder.path().join("findings.csv"), "as it was").expect("written");
    let ran = check(folder.path(), "fleet", &["--judge", "lots", "--out", "findings.csv"]);
    ran.refused();
    assert_eq!(folder.text("findings.csv"), "as it was");
    assert_eq!(folder.names(), ["findings.csv", "fleet"]);
}

#[test]
fn a_small_dossier_is_written_as_parquet_too() {
    let dossier = Written::dossier();
    assert_eq!(dossier.check(&["--out", "findings.parquet"]).out, "");
    let listed = of_csv(&dossier.check(&["--format", "csv"]).out);
    assert_eq!(of_parquet(&dossier.path().join("findings.parquet")), listed);
}
