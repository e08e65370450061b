use insta::assert_snapshot;

use crate::support::{check, copy_of, filiera, root};

#[test]
fn new_plant() {
    let ran = check(&root(), "examples/new-plant", &[]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.seen());
}

#[test]
fn new_plant_in_every_reading() {
    assert_snapshot!(check(&root(), "examples/new-plant", &["--readings"]).seen());
}

#[test]
fn new_plant_in_full() {
    assert_snapshot!(check(&root(), "examples/new-plant", &["--verbose"]).seen());
}

#[test]
fn erp_export() {
    let ran = check(&root(), "examples/erp-export", &[]);
    assert_eq!(ran.code, 3);
    assert_snapshot!(ran.seen());
}

#[test]
fn national_output() {
    let ran = check(&root(), "examples/national-output", &[]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.seen());
}

const CONDITIONS: &[&str] = &["--pack", "it/golden-power-pirelli-2023"];

/// Each condition with its verdict on the public facts, and the papers that the public lacks.
#[test]
fn pirelli_2023() {
    let ran = check(&root(), "examples/pirelli-2023", &[CONDITIONS, &["--format", "json"]].concat());
    assert_eq!(ran.code, 3);
    let of_pirelli = |one: &&serde_json::Value| one["subject"] == "PIRELLI";
    let line = |one: &serde_json::Value| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let missing: Vec<&str> =
            one["missing"].as_array().into_iter().flatten().filter_map(|paper| paper.as_str()).collect();
        let missing = missing.iter().map(|paper| format!("\n    {paper}")).collect::<String>();
        format!("{}: {}{missing}\n", text("condition"), text("verdict"))
    };
    assert_snapshot!(ran.findings().iter().filter(of_pirelli).map(line).collect::<String>());
}

/// One seat changed breaks one condition, and what it is part of.
#[test]
fn pirelli_2023_with_one_condition_broken() {
    let judged = |dossier: &str| {
        let findings = check(&root(), dossier, &[CONDITIONS, &["--format", "json"]].concat()).findings();
        let verdict = |one: &serde_json::Value| (one["condition"].to_string(), one["verdict"].to_string());
        findings.iter().map(verdict).collect::<Vec<_>>()
    };
    let kept = judged("examples/pirelli-2023");
    let broken = judged("examples/pirelli-2023-broken");
    let differ = kept.iter().zip(&broken).filter(|(kept, broken)| kept != broken);
    let differ: Vec<_> = differ.map(|(_, (condition, verdict))| format!("{condition} {verdict}")).collect();
    assert_eq!(
        differ,
        [
            r#""conditions-kept" "not_met""#,
            r#""board" "not_met""#,
            r#""chief-executive" "not_met""#,
            r#""chief-executive-of-camfin" "not_met""#
        ]
    );
    assert_eq!(check(&root(), "examples/pirelli-2023-broken", CONDITIONS).code, 1);
}

/// The agreement had to be notified; whether it was decided in time hangs on two facts nobody published.
#[test]
fn the_agreement_over_pirelli_is_screened() {
    let ran = check(&root(), "examples/pirelli-2023", &["--pack", "it/golden-power", "--format", "json"]);
    let findings = ran.findings();
    let of = |condition: &str| {
        let is = |one: &&serde_json::Value| one["condition"] == condition && one["subject"] == "PACT-2022";
        findings.iter().find(is).cloned().unwrap_or_default()
    };
    for met in
        ["must-be-notified", "strategic-asset", "from-outside", "pact", "counted-together", "power-fits"]
    {
        assert_eq!(of(met)["verdict"], "met", "{met}");
    }
    let clock = of("decided-in-time");
    assert_eq!(clock["verdict"], "undetermined");
    let row = "PACT-2022 · CNRC · PIRELLI · pact · 2022-05-16";
    assert_eq!(
        clock["missing"],
        serde_json::json!([format!("complete_on:{row}"), format!("suspended_days:{row}")])
    );
}

/// The first forty vehicles under one more clause, met by all of them.
const ALL_MET: &str = "\
[pack]
title = \"Every vehicle has a plant in the country\"
status = \"draft\"

[condition.a-tenth]
title = \"At least a tenth of each vehicle's value comes from Italy\"
per = \"vehicle\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"10 %\"
";

#[test]
fn exit_0_when_everything_is_met() {
    let dossier = copy_of("examples/new-plant").with("tenth.toml", ALL_MET);
    let ran = dossier.check(&["--pack", "tenth.toml"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    let none = dossier.check(&["--pack", "tenth.toml", "--exit", "range"]);
    assert_eq!(none.code, 0, "{}", none.seen());
}

#[test]
fn exit_3_when_nothing_failed_and_something_is_open() {
    let dossier = copy_of("examples/new-plant").with("tenth.toml", ALL_MET.replace("10 %", "37 %"));
    let ran = dossier.check(&["--pack", "tenth.toml"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
}

#[test]
fn exit_3_when_nothing_applied() {
    let never = ALL_MET.replace("per = \"vehicle\"", "per = \"vehicle\"\nwhen = \"plant_country = 'FR'\"");
    let ran = copy_of("examples/new-plant").with("tenth.toml", never).check(&["--pack", "tenth.toml"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
}

#[test]
fn exit_2_on_bad_input() {
    let ran = check(&root(), "examples/no-such-dossier", &[]);
    assert_snapshot!(ran.refused().seen());
    assert_eq!(filiera(&root(), &["check"]).code, 2);
    assert_eq!(filiera(&root(), &["check", "examples/new-plant", "--law-as-of", "tomorrow"]).code, 2);
}

/// The closure fails what the facts may save: the two verdicts exit differently.
#[test]
fn the_exit_code_follows_the_verdict_asked_for() {
    let closed = format!("{ALL_MET}unknown = {{ counts_as = \"no\", cite = \"clause 1\" }}\n");
    let dossier = copy_of("examples/new-plant").with("tenth.toml", closed.replace("10 %", "37.2 %"));
    let legal = dossier.check(&["--pack", "tenth.toml"]);
    let range = dossier.check(&["--pack", "tenth.toml", "--exit", "range"]);
    assert_eq!((legal.code, range.code), (1, 3), "{}", legal.seen());
}
