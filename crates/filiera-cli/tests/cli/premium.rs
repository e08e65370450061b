//! Offers by their bills of materials: the Italian premium, beside it what the official checker says.

use std::path::Path;

use filiera_testkit::outside_data;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{check, copy_of, filiera, root};

const PACK: [&str; 4] = ["--pack", "it/buy-transatlantic", "--format", "json"];

/// The findings of one file, readings included.
fn findings(path: &Path) -> Vec<Value> {
    check(&root(), &path.display().to_string(), &[&PACK[..], &["--readings"]].concat()).findings()
}

fn of<'f>(findings: &'f [Value], condition: &str, reading: Option<&str>) -> &'f Value {
    let is_it = |one: &&Value| one["condition"] == condition && one["reading"].as_str() == reading;
    findings.iter().find(is_it).unwrap_or_else(|| panic!("no finding of {condition} {reading:?}"))
}

fn verdict<'f>(findings: &'f [Value], condition: &str, reading: Option<&str>) -> &'f str {
    of(findings, condition, reading)["verdict"].as_str().unwrap()
}

fn remarks(findings: &[Value], condition: &str) -> Vec<String> {
    let all = of(findings, condition, None)["remarks"].as_array().cloned().unwrap_or_default();
    all.iter().map(|remark| remark.as_str().unwrap().to_owned()).collect()
}

/// What the right answer of the vectors is in verdicts and remarks.
fn answer(findings: &[Value]) -> &'static str {
    let is_remarked = |condition: &str| !remarks(findings, condition).is_empty();
    match verdict(findings, "premium", None) {
        "met" if is_remarked("trusted-origin") => "yes+flag",
        "met" if is_remarked("country-codes") => "yes+warn",
        "met" if is_remarked("listed-entries") => "reading",
        "met" => "yes",
        "not_met" if verdict(findings, "bill-format", None) == "not_met" => "no+warn",
        "not_met" => "no",
        _ if verdict(findings, "country-codes", None) == "not_met" => "format-error",
        _ => "open",
    }
}

#[test]
fn every_file_has_its_right_answer_and_both_of_the_tool() {
    let test = "every_file_has_its_right_answer_and_both_of_the_tool";
    let Some(expected) = outside_data(test, "tests/acn_bom/expected.csv") else { return };
    let folder = expected.parent().unwrap().to_owned();
    let text = std::fs::read_to_string(&expected).unwrap();
    let mut read = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [file, first, second, right, ..] = cells[..] else { panic!("{line}") };
        let findings = findings(&folder.join(file));
        assert_eq!(answer(&findings), right, "{file}");
        let premium = verdict(&findings, "premium", None);
        let said = remarks(&findings, "premium");
        for (reading, said_by, tool) in [
            ("official-checker-2025-10", "the official checker of 27 October 2025", first),
            ("official-checker-2026-06", "the official checker of 23 June 2026", second),
        ] {
            let found = verdict(&findings, "premium", Some(reading));
            assert_eq!(found, if tool == "pass" { "met" } else { "not_met" }, "{file}, {reading}");
            let is_named = said.iter().any(|remark| remark.starts_with(said_by));
            assert_eq!(is_named, found != premium, "{file}: {said:?}");
        }
        read += 1;
    }
    assert_eq!(read, 14);
}

#[test]
fn a_tender() {
    assert_snapshot!(check(&root(), "examples/tender", &[]).seen());
    assert_snapshot!(check(&root(), "examples/tender", &["--readings"]).seen());
    let asked = ["explain", "examples/tender", "--subject", "alfa", "--condition", "award"];
    let asked = [&asked[..], &crate::support::CLOCKS].concat();
    assert_snapshot!(filiera(&root(), &asked).seen());
}

#[test]
fn one_offer_alone() {
    let ran = check(&root(), "examples/tender/alfa.cdx.json", &["--pack", "it/buy-transatlantic"]);
    assert_snapshot!(ran.seen());
}

#[test]
fn a_file_that_can_stand_for_no_offer() {
    let dossier = copy_of("examples/chinese-owner").with(
        "dossier.toml",
        "packs = [\"it/buy-transatlantic\"]\nimports = [{ file = \"companies.csv\", offer = \"x\" }, { offer = \"y\" }, 3]\n",
    );
    assert_snapshot!(dossier.check(&[]).refused().seen());
}

#[test]
fn an_italian_plant_with_a_chinese_owner() {
    assert_snapshot!(check(&root(), "examples/chinese-owner", &[]).seen());
    let asked =
        ["explain", "examples/chinese-owner", "--subject", "VALD-2027", "--condition", "covered-software"];
    assert_snapshot!(filiera(&root(), &[&asked[..], &crate::support::CLOCKS].concat()).seen());
    // Side by side; what other packs say of the same evidence is not its business.
    let matrix = check(&root(), "examples/chinese-owner", &["--all-markets"]);
    let line = |regime: &str| matrix.out.lines().find(|line| line.contains(regime)).unwrap_or_default();
    let (_, concern) = matrix.out.split_once("us/feoc-macr · not-of-concern").unwrap_or_default();
    let failing = concern.lines().find(|line| line.contains("✗ not met")).unwrap_or_default();
    assert!(failing.contains("Valdarno Auto S.p.A."), "{}", matrix.seen());
    assert!(line("it/buy-transatlantic · premium").contains("✓ met"), "{}", matrix.seen());
    assert_eq!(line("us/connected-vehicles · no-flag").matches("✗ not met").count(), 3, "{}", matrix.seen());
}
