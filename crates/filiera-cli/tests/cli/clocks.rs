use crate::support::{Ran, Written, filiera};

const DATED: &str = "\
[pack]
title = \"A law in steps\"
status = \"enacted\"

[parameter.share]
unit = \"share\"
values = [
    { from = 2026-01-01, to = 2026-03-01, value = \"50 %\", published = 2026-02-01, cite = \"art. 1\" },
    { from = 2026-03-02, value = \"70 %\", published = 2026-02-01, cite = \"art. 2\" },
]

[condition.content]
title = \"The share of each vehicle's value that comes from Italy\"
per = \"vehicle\"
dated_by = \"built_on\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"$share\"
";

fn at(folder: &Written, law: &str, facts: &str) -> Ran {
    filiera(folder.path(), &["check", ".", "--format", "json", "--law-as-of", law, "--facts-as-of", facts])
}

/// Condition `content` of the vehicles: verdict and reason.
fn told(ran: &Ran) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    ran.findings().iter().map(|one| (text(&one["verdict"]), text(&one["reason"]))).collect()
}

/// The value of a subject is that of its day; before the first one the law does not speak.
#[test]
fn a_subject_is_judged_by_the_value_of_its_day() {
    let vehicles = "vehicle,root,built_on\nV0,CAR,2025-12-31\nV1,CAR,2026-03-01\nV2,CAR,2026-03-02\n";
    let folder = Written::dossier().with("pack.toml", DATED).with("vehicles.csv", vehicles);
    let told = told(&at(&folder, "2026-11-22", "2026-11-22"));
    let told: Vec<(&str, &str)> = told.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(told, [("not_applicable", "before_law"), ("met", ""), ("not_met", "")]);
}

#[test]
fn a_law_not_yet_published_does_not_speak() {
    let folder = Written::dossier().with("pack.toml", DATED);
    let known = told(&at(&folder, "2026-02-01", "2026-11-22"));
    assert_eq!(
        known.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(),
        ["met", "not_met", "undetermined"]
    );
    let before = at(&folder, "2026-01-31", "2026-11-22");
    assert_eq!(before.code, 3, "nothing applied");
    for (verdict, reason) in told(&before) {
        assert_eq!((verdict.as_str(), reason.as_str()), ("not_applicable", "before_law"));
    }
    assert!(before.findings().iter().all(|one| one["law_as_of"] == "2026-01-31"));
}

/// A paper signed later is dropped; one without a day of signature is kept, and that is said.
#[test]
fn a_paper_not_yet_signed_is_not_there() {
    let folder = Written::dossier();
    let signed = at(&folder, "2026-11-22", "2026-01-10");
    assert_eq!(told(&signed)[0].0, "met");
    let before = at(&folder, "2026-11-22", "2026-01-09");
    assert_eq!(told(&before)[0].0, "undetermined");
    assert!(
        before.findings()[0]["missing"]
            .as_array()
            .is_some_and(|papers| papers.contains(&"declaration:DOOR".into()))
    );

    let folder = folder.with("declarations.csv", "part,origin\nDOOR,IT\nSEAT,PL\n");
    let kept = at(&folder, "2026-11-22", "2020-01-01");
    assert_eq!(told(&kept)[0].0, "met");
    let text = folder.check(&[]).out;
    assert!(text.contains("2 × no day of signature"), "{text}");
}

#[test]
fn the_hash_of_the_law_is_that_of_its_text() {
    let folder = Written::dossier();
    let hash = |folder: &Written| folder.check(&["--format", "json"]).findings()[0]["pack_hash"].clone();
    let before = hash(&folder);
    let pack = folder.text("pack.toml").replace("50 %", "51 %");
    let folder = folder.with("pack.toml", pack);
    assert_ne!(hash(&folder), before);
}
