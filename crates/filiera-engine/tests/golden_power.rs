//! The published cases of the golden power rule, from their own file through the whole engine.

mod common;

use std::collections::BTreeSet;
use std::path::PathBuf;

use common::{complete, dossier, settings};
use filiera_engine::{Engine, Judgement, Settings};
use filiera_finding::Finding;
use filiera_model::{End, Exact, Verdict};
use filiera_packs::{Pack, parse_zones};
use filiera_tables::{Dossier, Population};
use filiera_testkit::outside_data;
use serde_json::Value;

/// The emergency rule was in force, whose thresholds are law here.
const UNDER_THE_EMERGENCY_RULE: &str = "2020-06-01";
/// The permanent text is, whose thresholds are remembered only; buyers of the Union are law here.
const SINCE: &str = "2024-06-03";

const THRESHOLDS: [u64; 5] = [10, 15, 20, 25, 50];

fn text_of(file: &str) -> String {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    std::fs::read_to_string(packs.join(file)).unwrap()
}

/// What the pack says, drafts and readings included.
fn judged(dossier: &Dossier) -> Judgement {
    let pack = Pack::parse("it/golden-power", "golden-power.toml", &text_of("it/golden-power.toml")).unwrap();
    let (zones, _) = parse_zones("zones.toml", &text_of("zones.toml")).unwrap();
    let settings = Settings { readings: true, unverified: true, ..settings() };
    let engine = Engine::new(dossier, &[pack.into()], &zones, &settings).unwrap();
    engine.judge(&|_, _| {}).unwrap()
}

fn finding<'a>(found: &'a [Finding], condition: &str, subject: &str) -> &'a Finding {
    found.iter().find(|one| one.condition == condition && one.subject == subject).unwrap()
}

/// The transaction of a case, signed on a day. One share, one vote; what the case does not call control is
/// none; nobody hides, and no company from outside stands between.
fn transaction(case: &Value, signed_on: &str) -> Dossier {
    let acquirer = case["acquirer"].as_str().unwrap();
    let (seat, person) = match acquirer {
        "non-EU" => ("CN", "true"),
        "EU" => ("FR", "true"),
        "EU seat, controlled 60% by non-EU" => ("LU", ""),
        other => panic!("nobody knows who `{other}` is"),
    };
    let sector = case["sector"].as_str().unwrap_or_default();
    let companies = format!(
        "company,country,sector,person\nBUYER,{seat},,{person}\nOUTSIDE,CN,,true\nTARGET,IT,{sector},\n"
    );
    let interests = if person.is_empty() { "OUTSIDE,BUYER,60 %" } else { "BUYER,OTHER,1 %" };
    let is_control = case["control"] == true;
    let kind = if is_control { "control" } else { "stake" };
    let (before, after) = (&case["before"], &case["after"]);
    let value = case["value_eur"].as_number().map(ToString::to_string).unwrap_or_default();
    let transactions = format!(
        "transaction,kind,acquirer,company,asset,share_before,share_after,votes_before,votes_after,value,currency,\
         signed_on,gives_control,circumvention,outside_in_between\n\
         CASE,{kind},BUYER,TARGET,strategic,{before} %,{after} %,{before} %,{after} %,{value},EUR,\
         {signed_on},{is_control},false,false"
    );
    let mut dossier = dossier(&[
        ("companies", &companies),
        ("interests", &format!("owner,company,share\n{interests}")),
        ("transactions", &transactions),
    ]);
    complete(&mut dossier, Population::Transactions);
    dossier
}

/// The thresholds that the transaction reaches or crosses.
fn crossed(found: &[Finding], of: &str) -> BTreeSet<u64> {
    let is_met =
        |threshold: &u64| finding(found, &format!("{of}-{threshold}"), "CASE").verdict == Verdict::Met;
    THRESHOLDS.into_iter().filter(is_met).collect()
}

/// Whether a transaction is notified, and for a buyer from outside the thresholds it crosses.
fn agrees(case: &Value) {
    let (id, notified) = (&case["id"], case["notify"].as_bool().unwrap());
    let expected = if notified { Verdict::Met } else { Verdict::NotMet };
    let listed = case["crossed"].as_array().into_iter().flatten();
    let listed: BTreeSet<u64> = listed.map(|threshold| threshold.as_u64().unwrap()).collect();
    let since = judged(&transaction(case, SINCE)).findings;
    assert_eq!(finding(&since, "remembered-notification", "CASE").verdict, expected, "{id}, remembered");
    if case["acquirer"] == "EU" {
        assert_eq!(finding(&since, "must-be-notified", "CASE").verdict, expected, "{id}");
        return;
    }
    let then = judged(&transaction(case, UNDER_THE_EMERGENCY_RULE)).findings;
    assert_eq!(finding(&then, "must-be-notified", "CASE").verdict, expected, "{id}");
    assert_eq!(crossed(&then, "outside"), listed, "{id}");
    assert_eq!(crossed(&since, "remembered"), listed, "{id}, remembered");
}

/// 6 % held directly and 10 % by an associate held to 40 %: attributed 6 %, and no; integrated 10 %, and yes.
fn agrees_in_both_readings(case: &Value) {
    let (direct, through) = (&case["direct_after"], &case["via_40pct_associate"]);
    let interests = format!(
        "owner,company,share\nBUYER,TARGET,{direct} %\nBUYER,ASSOCIATE,40 %\nHOME,ASSOCIATE,60 %\n\
         ASSOCIATE,TARGET,{through} %\nHOME,TARGET,84 %"
    );
    let companies = "company,country,person\nBUYER,CN,true\nHOME,IT,true\nASSOCIATE,IT,\nTARGET,IT,";
    let mut dossier = dossier(&[("companies", companies), ("interests", &interests)]);
    complete(&mut dossier, Population::Holdings);
    complete(&mut dossier, Population::Control);
    let judgement = judged(&dossier);
    let exactly = |finding: &Finding| finding.bounds.clone().unwrap().lower;
    let attributed = finding(&judgement.findings, "holder-10", "BUYER · TARGET");
    let integrated = finding(&judgement.readings, "holder-10", "BUYER · TARGET");
    assert_eq!(integrated.reading.as_deref(), Some("holder-10-integrated"));
    assert_eq!((attributed.verdict, integrated.verdict), (Verdict::NotMet, Verdict::Met));
    let part = |text: &str| End::closed(Exact::parse(text).unwrap());
    assert_eq!((exactly(attributed), exactly(integrated)), (part("6 %"), part("10 %")));
}

#[test]
fn every_published_case_is_screened_as_published() {
    let Some(path) = outside_data("golden power thresholds", "tests/golden_power.json") else { return };
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let listed: Vec<u64> =
        vectors["thresholds_non_eu"].as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
    assert_eq!(listed, THRESHOLDS);
    for case in vectors["cases"].as_array().unwrap() {
        if case["notify"] == "reading" { agrees_in_both_readings(case) } else { agrees(case) }
    }
}
