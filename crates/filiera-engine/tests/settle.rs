//! What settles a finding: by hand, and against every subset of papers.

#[path = "common/mod.rs"]
mod common;

#[path = "settle/by_hand.rs"]
mod by_hand;
#[path = "settle/random_shares.rs"]
mod random_shares;

use std::sync::Arc;

use filiera_engine::{Engine, SettleQuestion};
use filiera_finding::{PaperSet, Settlement};
use filiera_packs::Pack;
use filiera_tables::Dossier;

use crate::common::{settings, zones};

/// What settles the open findings of a dossier under a pack.
pub fn settle(dossier: &Dossier, pack: &str) -> Settlement {
    settle_within(dossier, pack, 8)
}

/// The same with sets of up to so many papers.
pub fn settle_within(dossier: &Dossier, pack: &str, within: usize) -> Settlement {
    let pack =
        Pack::parse("test/rule", "rule.toml", pack).unwrap_or_else(|faults| panic!("{faults:?}\n{pack}"));
    let (zones, settings) = (zones(), settings());
    let engine = Engine::new(dossier, &[Arc::new(pack)], &zones, &settings).unwrap();
    let question = SettleQuestion { within, ..SettleQuestion::default() };
    engine.settle(&question, &|_, _| {}).unwrap()
}

/// `paper=says` of each paper of a set.
pub fn shown(set: &Option<PaperSet>) -> Vec<String> {
    let papers = set.iter().flat_map(|set| &set.papers);
    papers
        .map(|says| match &says.says {
            Some(text) => format!("{}={text}", says.paper),
            None => says.paper.clone(),
        })
        .collect()
}
