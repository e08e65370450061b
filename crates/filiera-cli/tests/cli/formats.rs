use std::fs;
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use serde_json::Value;

use crate::support::{Written, check, root};

/// The keys every finding has, in this order.
const KEYS: [&str; 27] = [
    "schema",
    "pack",
    "pack_status",
    "condition",
    "subject",
    "on",
    "verdict",
    "legal",
    "operator",
    "threshold",
    "form",
    "lower",
    "upper",
    "lower_fraction",
    "upper_fraction",
    "lower_open",
    "upper_open",
    "legal_lower_fraction",
    "legal_upper_fraction",
    "bounds",
    "rows",
    "reason",
    "missing",
    "members",
    "pack_hash",
    "evidence_hash",
    "law_as_of",
];

fn keys(finding: &Value) -> Vec<&str> {
    let keys = finding.as_object().expect("an object").keys().map(String::as_str);
    keys.filter(|key| !OPTIONAL.contains(key)).collect()
}

/// Keys that stand only where they say something.
const OPTIONAL: [&str; 4] = ["reading", "due", "unverified", "remarks"];

#[test]
fn json_is_one_array_with_the_documented_keys() {
    let findings = check(&root(), "examples/new-plant", &["--format", "json"]).findings();
    let expected: Vec<&str> = KEYS.iter().copied().chain(["facts_as_of"]).collect();
    for finding in &findings {
        assert_eq!(keys(finding), expected);
        assert_eq!(finding["schema"], "filiera.finding/1");
        assert_eq!(
            (&finding["law_as_of"], &finding["facts_as_of"]),
            (&"2026-11-22".into(), &"2026-11-22".into())
        );
        for key in ["verdict", "legal"] {
            let verdict = finding[key].as_str().expect("a text");
            assert!(["met", "not_met", "undetermined", "not_applicable"].contains(&verdict));
        }
        for key in ["pack_hash", "evidence_hash"] {
            let hash = finding[key].as_str().and_then(|hash| hash.strip_prefix("sha256:")).expect("a hash");
            assert!(hash.len() == 64 && hash.chars().all(|letter| letter.is_ascii_hexdigit()));
        }
        for key in ["lower", "upper"] {
            let Some(decimal) = finding[key].as_str() else { continue };
            assert_eq!(decimal.split_once('.').map(|(_, places)| places.len()), Some(12), "{decimal}");
        }
    }
    let at_the_line = findings.iter().find(|one| {
        one["subject"] == "VNA260030" && one["condition"] == "local-content" && one["reading"].is_null()
    });
    let at_the_line = at_the_line.expect("the vehicle at exactly 45 %");
    assert_eq!(at_the_line["lower_fraction"], "9/20");
    assert_eq!(
        (&at_the_line["lower"], &at_the_line["upper"]),
        (&"0.450000000000".into(), &"0.450000000000".into())
    );
    assert_eq!(at_the_line["verdict"], "met");
}

#[test]
fn jsonl_is_the_same_one_per_line() {
    let array = check(&root(), "examples/new-plant", &["--format", "json"]);
    let lines = check(&root(), "examples/new-plant", &["--format", "jsonl"]);
    assert_eq!((array.code, lines.code), (1, 1));
    let parsed: Vec<Value> =
        lines.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(parsed, array.findings());
    assert!(lines.out.ends_with("}\n") && array.out.ends_with("]\n"));
}

#[test]
fn csv_has_a_row_per_finding() {
    let array = check(&root(), "examples/erp-export", &["--format", "json"]).findings();
    let csv = check(&root(), "examples/erp-export", &["--format", "csv"]);
    assert_eq!(csv.out.lines().count(), array.len() + 1);
    assert!(csv.out.starts_with("pack,"), "{}", csv.out);
    let columns = csv.out.lines().next().map(|line| line.split(',').count());
    assert!(columns > Some(15));
}

#[test]
fn xlsx_opens_and_holds_every_finding() {
    let array = check(&root(), "examples/erp-export", &["--format", "json"]).findings();
    let ran = check(&root(), "examples/erp-export", &["--format", "xlsx"]);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(ran.bytes)).expect("a workbook");
    let sheets = book.sheet_names();
    let rows = sheets.iter().map(|name| book.worksheet_range(name).expect("a sheet").height());
    assert!(rows.max() > Some(array.len()), "{sheets:?}");
}

#[test]
fn html_needs_no_network() {
    let ran = check(&root(), "examples/new-plant", &["--format", "html", "--readings"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("<!DOCTYPE html>") || ran.out.starts_with("<!doctype html>"));
    assert!(ran.out.trim_end().ends_with("</html>") && ran.out.contains("<svg"));
    for loads in ["<script src", "<link", "<img", "<iframe", "@import", "url(http", "src=\"http", "fetch("] {
        assert!(!ran.out.contains(loads), "{loads}");
    }
    // What is loaded stands in an attribute or in a style; addresses of the law that is cited are
    // text, or links that a person may follow.
    for (place, _) in ran.out.match_indices("http") {
        let before = &ran.out[..place];
        let attribute = before.rfind('"').filter(|at| before[at + 1..].is_empty()).map(|at| &before[..at]);
        assert!(
            attribute.is_none_or(|before| before.ends_with(" href=") || before.ends_with(" xmlns=")),
            "{}",
            &ran.out[place - 40.min(place)..place]
        );
    }
}

#[test]
fn the_ending_of_out_chooses_the_format() {
    let folder = Written::empty();
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (name, start) in [
        ("a.txt", "Nordalp"),
        ("a.json", "["),
        ("a.jsonl", "{\"schema\""),
        ("a.ndjson", "{\"schema\""),
        ("a.csv", "pack,"),
        ("a.XLSX", "PK"),
        ("a.html", "<!"),
        ("a.htm", "<!"),
    ] {
        let ran = check(&root(), "examples/erp-export", &["--out", &path(name)]);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{name}: {}", ran.seen());
        let bytes = fs::read(folder.path().join(name)).expect("the report");
        let text = String::from_utf8_lossy(&bytes[..20.min(bytes.len())]).into_owned();
        assert!(text.to_lowercase().starts_with(&start.to_lowercase()), "{name}: {text}");
    }
    let odd = check(&root(), "examples/erp-export", &["--out", &path("a.docx")]);
    assert!(odd.refused().err.contains(".xlsx"), "{}", odd.err);
    let stated = check(&root(), "examples/erp-export", &["--format", "json", "--out", &path("findings")]);
    assert_eq!(stated.code, 3);
    assert!(folder.text("findings").starts_with('['));
    assert_eq!(folder.names().len(), 9, "{:?}", folder.names());
}

#[test]
fn nothing_is_left_half_written() {
    let folder = Written::dossier().with("report.json", "mine");
    let nowhere = folder.check(&["--out", "no-such-folder/report.json"]);
    insta::assert_snapshot!(nowhere.refused().seen());

    let before = folder.names();
    let faulty = folder.with("parts.csv", "part,unit_value\nDOOR,-1\n");
    faulty.check(&["--out", "report.json"]).refused();
    faulty.check(&["--out", "other.html"]).refused();
    assert_eq!(faulty.names(), before);
    assert_eq!(faulty.text("report.json"), "mine");

    let taken = Written::dossier();
    fs::create_dir(taken.path().join("report.json")).expect("a folder");
    let before = taken.names();
    taken.check(&["--out", "report.json"]).refused();
    assert_eq!(taken.names(), before);
}

#[test]
fn a_report_in_the_way_is_replaced_whole() {
    let folder = Written::dossier().with("report.json", "x".repeat(1_000_000));
    assert_eq!(folder.check(&["--out", "report.json"]).code, 0);
    let findings: Vec<Value> = serde_json::from_str(&folder.text("report.json")).expect("an array");
    assert_eq!(findings.len(), 3);
}
