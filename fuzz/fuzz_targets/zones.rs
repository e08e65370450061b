//! Dated sets of countries: read them, or say where they are wrong. A zone changes only on the days it
//! names.

#![no_main]

use filiera_fuzz::{points_into, refused};
use filiera_model::{Day, Zones};
use filiera_packs::{parse_zones, zone_warnings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match parse_zones("zones.toml", text) {
        Ok((zones, infos)) => {
            zones.names().for_each(|zone| changes_when_it_says(&zones, zone));
            let today = Day::from_ymd(2026, 1, 1).expect("a day");
            let warnings = zone_warnings("zones.toml", text, &infos, today);
            warnings.iter().for_each(|warning| points_into(warning, text));
        }
        Err(faults) => refused(&faults.faults, text),
    }
});

fn changes_when_it_says(zones: &Zones, zone: &str) {
    for pair in zones.changes(zone).windows(2) {
        let [first, next] = pair else { continue };
        assert_eq!(
            zones.members(zone, *first),
            zones.members(zone, next.previous()),
            "`{zone}` changes between {first} and {next}"
        );
    }
}
