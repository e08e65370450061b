//! What fleets are judged by in every test.

use std::sync::Arc;

use filiera_engine::Settings;
use filiera_model::Zones;
use filiera_packs::Pack;

/// The pack of this text.
pub fn parsed(text: &str) -> Arc<Pack> {
    Arc::new(Pack::parse("test/fleet", "fleet.toml", text).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

pub fn zones() -> Zones {
    let text = include_str!("../../../../packs/zones.toml");
    filiera_packs::parse_zones("zones.toml", text).unwrap_or_else(|faults| panic!("{faults:#?}")).0
}

pub fn settings() -> Settings {
    let day = "2026-11-22".parse().expect("a day");
    Settings { law_as_of: day, facts_as_of: day, readings: true, unverified: false, cut_cycles: false }
}
