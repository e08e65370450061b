use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{CLOCKS, Ran, filiera, root};

fn settle(dossier: &str, more: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["settle", dossier].iter().chain(&CLOCKS).chain(more).copied().collect();
    filiera(&root(), &arguments)
}

#[test]
fn new_plant() {
    let ran = settle("examples/new-plant", &[]);
    assert_eq!(ran.code, 3);
    assert_snapshot!(ran.seen());
}

#[test]
fn erp_export() {
    assert_snapshot!(settle("examples/erp-export", &[]).seen());
}

#[test]
fn national_output() {
    assert_snapshot!(settle("examples/national-output", &[]).seen());
}

#[test]
fn readings_only_when_asked_for() {
    let one = ["--condition", "local-content", "--subject", "VNB260004"];
    assert!(!settle("examples/new-plant", &one).out.contains(", read "));
    let read = settle("examples/new-plant", &[&one[..], &["--readings"]].concat());
    assert!(read.out.contains("VNB260004, read "), "{}", read.seen());
}

#[test]
fn programs_read_one_object() {
    let ran = settle("examples/new-plant", &["--format", "json", "--subject", "VNB260004"]);
    let object: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()));
    assert_eq!(object["schema"], "filiera.settle/1");
    let content = &object["findings"][0];
    assert_eq!(content["condition"], "local-content");
    assert_eq!(content["hoped"]["papers"][0]["paper"], "price:P-B951");
    assert_eq!(content["hoped"]["minimal"], true);
    assert_eq!(object["common"]["greedy"], true);
}

#[test]
fn every_format_is_written() {
    let one = ["--condition", "local-content", "--subject", "VNB260004"];
    let csv = settle("examples/new-plant", &[&one[..], &["--format", "csv"]].concat());
    assert!(csv.out.contains("price:P-B951=at least 718.69 EUR"), "{}", csv.seen());
    let page = settle("examples/new-plant", &[&one[..], &["--format", "html"]].concat());
    assert!(
        page.out.contains("panoramic roof") && page.out.trim_end().ends_with("</html>"),
        "{}",
        page.seen()
    );
    let book = settle("examples/new-plant", &[&one[..], &["--format", "xlsx"]].concat());
    assert!(book.bytes.starts_with(b"PK"), "{}", book.err);
    settle("examples/new-plant", &["--format", "jsonl"]).refused();
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let condition = settle("examples/new-plant", &["--condition", "local-contend"]);
    assert!(condition.refused().err.contains("did you mean `local-content`?"), "{}", condition.seen());
    let subject = settle("examples/new-plant", &["--subject", "VNB26004"]);
    assert!(
        subject.refused().err.contains("there is no subject `VNB26004`; did you mean `VNB2600"),
        "{}",
        subject.seen()
    );
    settle("examples/new-plant", &["--within", "0"]).refused();
}

#[test]
fn a_settled_dossier_says_so() {
    let ran = settle("examples/new-plant", &["--subject", "VNA260030"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("nothing is open"), "{}", ran.seen());
}
