use insta::assert_snapshot;

use crate::support::{CLOCKS, Ran, Written, filiera, root};

fn explain(subject: &str, condition: &str, more: &[&str]) -> Ran {
    let arguments = ["explain", "examples/new-plant", "--subject", subject, "--condition", condition];
    filiera(&root(), &[&arguments[..], &CLOCKS, more].concat())
}

#[test]
fn a_share() {
    assert_snapshot!(explain("VNB260004", "local-content", &[]).seen());
}

#[test]
fn a_closure() {
    let ran = explain("VNA260032", "contract#declared-content", &[]);
    assert_eq!(ran.code, 1, "the legal verdict");
    assert_snapshot!(ran.seen());
}

#[test]
fn a_list_of_rows() {
    assert_snapshot!(explain("VN", "consumer-data", &[]).seen());
}

#[test]
fn a_composition() {
    assert_snapshot!(explain("VNC260005", "accord", &[]).seen());
}

#[test]
fn a_reading() {
    assert_snapshot!(explain("VNC260005", "local-content", &["--reading", "by-mass"]).seen());
}

#[test]
fn json() {
    let ran = explain("VNB260004", "local-content", &["--format", "json"]);
    let parsed: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(parsed.is_array() || parsed.is_object());
    assert_eq!(ran.code, 3);
}

#[test]
fn what_is_not_there_is_said_and_the_nearest_named() {
    let seen = [
        explain("VNB260004", "local-contnet", &[]),
        explain("VNB26004", "local-content", &[]),
        explain("VNB260004", "local-content", &["--reading", "by-mas"]),
        explain("VNB260004", "contrct#declared-content", &[]),
    ];
    let seen: Vec<String> = seen.iter().map(|ran| ran.refused().seen()).collect();
    assert_snapshot!(seen.join("\n"));
}

#[test]
fn a_dossier_without_law() {
    let folder = Written::dossier().with("dossier.toml", "title = \"Small\"\n");
    assert_snapshot!(folder.check(&[]).refused().seen());
    assert_eq!(folder.check(&["--pack", "pack.toml"]).code, 0);
}
