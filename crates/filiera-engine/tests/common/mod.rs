//! Small dossiers, judged.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses some of it")]

use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_engine::{Engine, Settings};
use filiera_evidence::read_text_tables;
use filiera_finding::Finding;
use filiera_model::{Country, Day, Exact, Membership, Zones};
use filiera_oracle::Scenario;
use filiera_packs::Pack;
use filiera_tables::{Completeness, Dossier, Population};
use filiera_testkit::{TableTexts, pack_text, texts};

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The only zone: Italy, Germany, France.
pub fn zones() -> Zones {
    zones_of(&[("IT", None), ("DE", None), ("FR", None)])
}

/// A zone `EU` of these members, each to its last day.
pub fn zones_of(members: &[(&str, Option<&str>)]) -> Zones {
    let member = |(code, to): &(&str, Option<&str>)| Membership {
        country: Country::from_code(code).unwrap(),
        from: None,
        to: to.map(day),
    };
    Zones::new(BTreeMap::from([("EU".to_owned(), members.iter().map(member).collect())]))
}

pub fn settings() -> Settings {
    let today = day("2026-11-22");
    Settings { law_as_of: today, facts_as_of: today, readings: false, unverified: false, cut_cycles: false }
}

/// A dossier of tables in a few lines: name, then CSV text.
pub fn dossier(tables: &[(&str, &str)]) -> Dossier {
    let tables = tables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    read(&tables)
}

pub fn read(tables: &TableTexts) -> Dossier {
    let read = read_text_tables(tables);
    assert!(read.report.is_sound(), "{:?}\n{tables:?}", read.report.faults);
    read.dossier
}

pub fn complete(dossier: &mut Dossier, population: Population) {
    dossier.complete.insert(population, Completeness { by: None, on: None, subjects: None });
}

pub fn judge(dossier: &Dossier, pack: &str) -> Vec<Finding> {
    judge_by(dossier, pack, &settings())
}

pub fn judge_by(dossier: &Dossier, pack: &str, settings: &Settings) -> Vec<Finding> {
    let pack = Arc::new(
        Pack::parse("test/rule", "rule.toml", pack).unwrap_or_else(|faults| panic!("{faults:?}\n{pack}")),
    );
    let zones = zones();
    let engine = Engine::new(dossier, &[pack], &zones, settings).unwrap_or_else(|error| panic!("{error:?}"));
    engine.judge(&|_, _| {}).unwrap().findings
}

pub fn dossier_of(scenario: &Scenario) -> Dossier {
    with_completeness(scenario, read(&texts(scenario)))
}

pub fn with_completeness(scenario: &Scenario, mut dossier: Dossier) -> Dossier {
    if scenario.complete {
        complete(&mut dossier, Population::Components);
    }
    dossier.installed_complete = scenario.installed_complete;
    dossier
}

pub fn settings_of(scenario: &Scenario) -> Settings {
    Settings { law_as_of: scenario.law_as_of, facts_as_of: scenario.facts_as_of, ..settings() }
}

/// What the engine says of each vehicle of a scenario, in their order.
pub fn findings_of(scenario: &Scenario) -> Vec<Finding> {
    judge_by(&dossier_of(scenario), &pack_text(scenario), &settings_of(scenario))
}

/// What a person needs to see of a scenario that failed.
pub fn shown(scenario: &Scenario) -> String {
    let tables = texts(scenario).into_iter().map(|(name, text)| format!("--- {name}\n{text}\n"));
    format!(
        "{}{}\ncomplete: {}, installed complete: {}",
        tables.collect::<String>(),
        pack_text(scenario),
        scenario.complete,
        scenario.installed_complete
    )
}
