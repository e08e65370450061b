//! What programs read: JSON, JSON Lines, CSV, the workbook.

use crate::sample;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use filiera_finding::Finding;
use filiera_report::{csv, json, jsonl, xlsx};
use serde_json::Value;

#[test]
fn json_is_one_array_with_the_readings_behind() {
    let run = sample::run(3);
    let array: Vec<Value> = serde_json::from_str(&json::check(&run)).unwrap();
    assert_eq!(array.len(), run.findings.len() + run.readings.len());
    let all: Vec<Value> = run.findings.iter().chain(&run.readings).map(Finding::to_json).collect();
    assert_eq!(array, all);
    assert_eq!(array.last().unwrap()["reading"], "place-of-making");
    let mut streamed = Vec::new();
    json::write_check(&run, &mut streamed).unwrap();
    assert_eq!(String::from_utf8(streamed).unwrap(), json::check(&run));
    let mut empty = sample::run(0);
    empty.findings.clear();
    let mut streamed = Vec::new();
    json::write_check(&empty, &mut streamed).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&streamed).unwrap(), Value::Array(Vec::new()));
    assert_eq!(serde_json::from_str::<Value>(&json::check(&empty)).unwrap(), Value::Array(Vec::new()));
}

#[test]
fn json_lines_hold_one_finding_each() {
    let run = sample::run(3);
    let mut out = Vec::new();
    jsonl::check(&run, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), run.findings.len() + run.readings.len());
    let mut owned = Vec::new();
    jsonl::write(run.findings.clone(), &mut owned).unwrap();
    assert!(text.starts_with(std::str::from_utf8(&owned).unwrap()));
}

#[test]
fn an_explanation_is_an_object_and_several_are_an_array() {
    let one = sample::explained::content();
    let object: Value = serde_json::from_str(&json::explain(std::slice::from_ref(&one))).unwrap();
    assert_eq!(object["schema"], "filiera.explanation/1");
    let two: Value = serde_json::from_str(&json::explain(&[one.clone(), one])).unwrap();
    assert_eq!(two.as_array().unwrap().len(), 2);
}

#[test]
fn csv_agrees_with_json() {
    let run = sample::run(4);
    let mut out = Vec::new();
    csv::findings(&run, &mut out).unwrap();
    let mut reader = ::csv::Reader::from_reader(out.as_slice());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), csv::COLUMNS);
    let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), run.findings.len() + run.readings.len());
    for (row, finding) in rows.iter().zip(run.findings.iter().chain(&run.readings)) {
        let object = finding.to_json();
        for (column, cell) in csv::COLUMNS.iter().zip(row) {
            if let Some(Value::String(text)) = object.get(*column) {
                assert_eq!(cell, text, "{column}");
            }
        }
        assert_eq!(row.get(20).unwrap(), finding.rows.yes.to_string());
    }
}

#[test]
fn csv_of_a_few_findings() {
    let mut run = sample::run(3);
    run.findings.truncate(3);
    run.readings.clear();
    let mut out = Vec::new();
    csv::findings(&run, &mut out).unwrap();
    insta::assert_snapshot!("findings_csv", String::from_utf8(out).unwrap());
}

fn workbook(run: &filiera_finding::Run) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(xlsx::findings(run).unwrap())).unwrap()
}

#[test]
fn the_workbook_reads_back() {
    let run = sample::run(40);
    let mut book = workbook(&run);
    assert_eq!(book.sheet_names(), ["Summary", "Findings", "Readings", "Missing", "Law", "Notes"]);
    let findings = book.worksheet_range("Findings").unwrap();
    assert_eq!(findings.height(), 1 + run.findings.len() + run.readings.len());
    let row = 1 + 1;
    let cell = |column: u32| findings.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(cell(3), Data::String("ZFA00000000000001".into()));
    assert_eq!(cell(5), Data::String("not met".into()));
    assert_eq!(cell(8), Data::Float(0.45));
    assert_eq!(cell(10), Data::Float(0.449_999_6));
    assert_eq!(cell(12), Data::String("1124999/2500000".into()));
    let missing = book.worksheet_range("Missing").unwrap();
    assert_eq!(missing.get_value((1, 1)), Some(&Data::String("declaration:PACK-1".into())));
    let summary = book.worksheet_range("Summary").unwrap();
    let words: Vec<String> = summary.rows().filter_map(|row| row.get(4)).map(ToString::to_string).collect();
    assert!(words.contains(&"undetermined".to_owned()) && words.contains(&"not met".to_owned()));
    assert_eq!(book.worksheet_range("Notes").unwrap().height(), 5);
    assert_eq!(book.worksheet_range("Readings").unwrap().height(), 5);
}

#[test]
fn the_same_run_gives_the_same_workbook() {
    let run = sample::run(10);
    assert_eq!(xlsx::findings(&run).unwrap(), xlsx::findings(&run).unwrap());
}

#[test]
fn a_workbook_survives_what_users_write() {
    let mut run = sample::run(2);
    run.title = "=cmd|' /C calc'!A0 \u{1b}".repeat(20);
    for finding in &mut run.findings {
        finding.subject = format!("=1+1{}", "x".repeat(40_000));
        finding.missing = vec!["declaration:\u{0}".into()];
    }
    let mut book = workbook(&run);
    let findings = book.worksheet_range("Findings").unwrap();
    let subject = findings.get_value((1, 3)).unwrap().to_string();
    assert!(subject.starts_with("=1+1x") && subject.ends_with("(cut; CSV and JSON hold all)"));
    run.findings.clear();
    run.conditions.clear();
    run.readings.clear();
    assert_eq!(workbook(&run).worksheet_range("Findings").unwrap().height(), 1);
}
