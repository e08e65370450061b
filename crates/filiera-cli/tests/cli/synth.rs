use std::collections::BTreeSet;

use crate::support::{Written, check, filiera};

/// Range verdicts of one condition over all vehicles.
fn seen(folder: &Written, dossier: &str, condition: &str) -> BTreeSet<String> {
    let findings = check(folder.path(), dossier, &["--format", "json"]).findings();
    let of = findings.iter().filter(|finding| finding["condition"] == condition);
    of.map(|finding| finding["verdict"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_made_up_fleet_can_be_checked_and_has_every_verdict() {
    let folder = Written::empty();
    for scenario in ["plain", "mixed", "odd"] {
        let size = ["--vehicles", "60", "--lines", "20", "--lots", "400", "--scenario", scenario];
        let ran = filiera(folder.path(), &[&["synth", scenario][..], &size].concat());
        assert_eq!(ran.code, 0, "{}", ran.seen());
        assert!(ran.out.is_empty() && ran.err.contains("filiera check"), "{}", ran.seen());
        let all = ["met", "not_met", "undetermined"];
        let seen = seen(&folder, scenario, "local-content");
        assert!(all.iter().all(|verdict| seen.contains(*verdict)), "{scenario}: {seen:?}");
    }
    assert!(seen(&folder, "odd", "local-content").contains("not_applicable"), "plants abroad");
    assert_eq!(seen(&folder, "plain", "consumer-data"), ["met".to_owned()].into());
}

#[test]
fn formats_and_order_change_no_finding() {
    let folder = Written::empty();
    let size = ["--vehicles", "30", "--lines", "10", "--lots", "150", "--scenario", "odd"];
    let findings = |name: &str, more: &[&str]| {
        let ran = filiera(folder.path(), &[&["synth", name][..], &size, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.seen());
        check(folder.path(), name, &["--format", "json"]).findings()
    };
    let parquet = findings("parquet", &[]);
    assert!(parquet.len() > 90);
    assert_eq!(parquet, findings("csv", &["--format", "csv"]));
    assert_eq!(parquet, findings("jsonl", &["--format", "jsonl"]));
    assert_eq!(parquet, findings("unsorted", &["--unsorted", "--row-group", "64"]));
}

#[test]
fn what_cannot_be_made_is_refused_with_a_remedy() {
    let folder = Written::empty().with("mine.txt", "mine");
    let refused = filiera(folder.path(), &["synth", "."]);
    assert!(refused.refused().err.contains("`--force`"), "{}", refused.seen());
    assert_eq!(folder.names(), ["mine.txt"]);
    for (flags, remedy) in [
        (["--missing", "5"], "write `5 %`"),
        (["--lots", "3"], "give at least"),
        (["--parts", "59"], "from 60"),
        (["--scenario", "strange"], "plain"),
    ] {
        let refused = filiera(folder.path(), &[&["synth", "new"][..], &flags].concat());
        assert!(refused.refused().err.contains(remedy), "{}", refused.seen());
        assert!(!folder.path().join("new").exists());
    }
    assert_eq!(filiera(folder.path(), &["synth", ".", "--force", "--vehicles", "5"]).code, 0);
    assert_eq!(folder.text("mine.txt"), "mine");
}
