//! Own work in a foreign-priced assembly is reckoned at the rate of each vehicle's own day.

use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_engine::{Engine, Settings};
use filiera_evidence::read_text_tables;
use filiera_model::{Bounds, Day, Exact, Zones};
use filiera_packs::Pack;

const PACK: &str = r#"
[pack]
title  = "Half from home"
status = "draft"

[condition.home]
title    = "Half of the value is Italian"
per      = "vehicle"
dated_by = "built_on"
share    = { of = "components", weigh = "value", where = "origin IN ('IT')" }
at_least = "50 %"
"#;

#[test]
fn each_vehicle_is_reckoned_at_its_own_days_rate() {
    // ASM is worth 100 EUR, its only part 400 CNY: 80 EUR in January, 50 EUR in April.
    let tables = BTreeMap::from([
        ("vehicles", "vehicle,root,built_on,plant_country\nV1,R,2026-01-10,IT\nV2,R,2026-04-10,IT"),
        ("parts", "part,procurement,unit_value,currency\nASM,make,100,EUR\nC,buy,400,CNY"),
        ("bom", "parent,child,quantity\nR,ASM,1\nASM,C,1"),
        ("declarations", "part,origin\nC,CN"),
        ("rates", "currency,on,per_eur\nCNY,2026-01-01,5\nCNY,2026-04-01,8"),
    ]);
    let tables = tables.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let mut dossier = read_text_tables(&tables).dossier;
    dossier.currency = Some("EUR".to_owned());
    let pack = Arc::new(Pack::parse("test/home", "home.toml", PACK).unwrap());
    let today: Day = "2026-11-22".parse().unwrap();
    let settings = Settings {
        law_as_of: today,
        facts_as_of: today,
        readings: false,
        unverified: false,
        cut_cycles: false,
    };
    let zones = Zones::default();
    let engine = Engine::new(&dossier, &[pack], &zones, &settings).unwrap();
    let found = engine.judge(&|_, _| {}).unwrap().findings;
    let bounds: Vec<_> = found.into_iter().map(|finding| finding.bounds).collect();
    let exactly = |text| Some(Bounds::exactly(Exact::parse(text).unwrap()));
    assert_eq!(bounds, [exactly("1/5"), exactly("1/2")]);
}
