//! Published vectors of ownership rules, through the whole engine and the shipped packs.

mod common;

use std::collections::BTreeSet;
use std::sync::Arc;

use common::{complete, dossier, n, settings, zones};
use filiera_engine::{Engine, Settings};
use filiera_finding::Finding;
use filiera_model::{Exact, Verdict};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population};
use filiera_testkit::{outside_data, workspace_root};
use serde_json::Value;

fn shipped(id: &str) -> Arc<Pack> {
    let path = workspace_root().join("packs").join(format!("{id}.toml"));
    let text = std::fs::read_to_string(&path).unwrap();
    Arc::new(Pack::parse(id, &path.display().to_string(), &text).unwrap())
}

fn judged(dossier: &Dossier, pack: Arc<Pack>) -> Vec<Finding> {
    let (zones, settings) = (zones(), Settings { unverified: true, ..settings() });
    let engine = Engine::new(dossier, &[pack], &zones, &settings).unwrap();
    engine.judge(&|_, _| {}).unwrap().findings
}

fn found<'a>(findings: &'a [Finding], condition: &str, subject: &str) -> &'a Finding {
    findings.iter().find(|one| one.condition == condition && one.subject == subject).unwrap()
}

fn exactly(finding: &Finding) -> Exact {
    let bounds = finding.bounds.clone().unwrap();
    assert_eq!(bounds.lower, bounds.upper, "{}", finding.subject);
    bounds.lower.value.unwrap()
}

fn cases(what: &str, file: &str) -> Vec<Value> {
    let Some(path) = outside_data(what, file) else { return Vec::new() };
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

/// The edges of a case, all owners listed; `about` says what stands in `companies` beside each name.
fn owned(case: &Value, header: &str, about: impl Fn(&str) -> String) -> Dossier {
    let edges = case["edges"].as_array().unwrap();
    let text = |edge: &Value, key: &str| edge[key].as_str().unwrap().to_owned();
    let names: BTreeSet<String> =
        edges.iter().flat_map(|edge| [text(edge, "owner"), text(edge, "subject")]).collect();
    let companies: String = names.iter().map(|name| format!("{name},{}\n", about(name))).collect();
    let row = |edge: &Value| {
        format!("{},{},{}\n", text(edge, "owner"), text(edge, "subject"), percent(&text(edge, "share")))
    };
    let interests: String = edges.iter().map(row).collect();
    let mut dossier = dossier(&[
        ("companies", &format!("company,{header}\n{companies}")),
        ("interests", &format!("owner,company,share\n{interests}")),
    ]);
    complete(&mut dossier, Population::Holdings);
    dossier
}

fn percent(share: &str) -> String {
    format!("{} %", (n(share) * n("100")).to_text())
}

#[test]
fn what_the_blocked_own_by_half_is_blocked() {
    for case in cases("the 50 per cent rule through the engine", "tests/ofac50.json") {
        let listed: Vec<&str> =
            case["sdn"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        let dossier = owned(&case, "blocked", |name| listed.contains(&name).to_string());
        let findings = judged(&dossier, shipped("us/ofac-50"));
        for (company, is_blocked) in case["expect"].as_object().unwrap() {
            let expected = if is_blocked.as_bool().unwrap() { Verdict::NotMet } else { Verdict::Met };
            for condition in ["not-owned", "not-blocked"] {
                let finding = found(&findings, condition, company);
                assert_eq!(finding.verdict, expected, "{}: {company} {finding:?}", case["id"]);
            }
        }
        let plain = "[pack]\ntitle = \"plain\"\nstatus = \"draft\"\n[columns]\nblocked = { of = \"companies\", kind = \"truth\" }\n\
                     [condition.integrated]\ntitle = \"in proportion\"\nper = \"company\"\nless_than = \"50 %\"\n\
                     total = { of = \"holdings\", weigh = \"share\", where = \"owner_blocked\" }\n";
        let plain = judged(&dossier, Arc::new(Pack::parse("test/plain", "plain.toml", plain).unwrap()));
        for (company, part) in case["integrated"].as_object().unwrap() {
            let finding = found(&plain, "integrated", company);
            assert_eq!(exactly(finding), n(part.as_str().unwrap()), "{}: {company}", case["id"]);
        }
    }
}

#[test]
fn what_a_covered_nation_holds_tier_by_tier_is_of_concern() {
    for case in cases("foreign entities of concern through the engine", "tests/feoc.json") {
        let country = |name: &str| if name == "GOV" { "CN,true".to_owned() } else { "US,".to_owned() };
        let findings = judged(&owned(&case, "country,person", country), shipped("us/feoc-macr"));
        for (company, part) in case["attributed"].as_object().unwrap() {
            let finding = found(&findings, "equity-by-tiers", company);
            assert_eq!(exactly(finding), n(&format!("{part}%")), "{}: {company}", case["id"]);
            let is_of_concern = case["feoc_25"][company].as_bool().unwrap();
            let expected = if is_of_concern { Verdict::NotMet } else { Verdict::Met };
            assert_eq!(finding.verdict, expected, "{}: {company}", case["id"]);
        }
    }
}
