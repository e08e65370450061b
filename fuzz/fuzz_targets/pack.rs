//! A rule pack that anybody may have written: read it, or say where it is wrong.
//!
//! Beyond not crashing: every fault points into the text, the same text is the same pack, and a
//! parameter changes only on the days it names.

#![no_main]

use filiera_fuzz::{points_into, refused};
use filiera_model::{Day, Zones};
use filiera_packs::{Pack, Parameter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Pack::parse("xx/fuzz", "fuzz.toml", text) {
        Ok(pack) => read(&pack, text),
        Err(faults) => refused(&faults.faults, text),
    }
});

fn read(pack: &Pack, text: &str) {
    let again = Pack::parse("xx/fuzz", "fuzz.toml", text).expect("the same text was fine before");
    assert_eq!(pack.hash, again.hash);
    let today = Day::from_ymd(2026, 1, 1).expect("a day");
    pack.warnings(today).iter().for_each(|fault| points_into(fault, text));
    pack.check_zones(&Zones::default()).iter().for_each(|fault| points_into(fault, text));
    pack.parameters.values().for_each(|parameter| changes_when_it_says(parameter, today));
}

/// From one day of change to the eve of the next the answer is the same value.
fn changes_when_it_says(parameter: &Parameter, law_as_of: Day) {
    let days = parameter.changes(law_as_of);
    for pair in days.windows(2) {
        let [first, next] = pair else { continue };
        let at_first = parameter.value_on(law_as_of, *first).ok();
        let at_eve = parameter.value_on(law_as_of, next.previous()).ok();
        assert!(
            at_first.map(std::ptr::from_ref) == at_eve.map(std::ptr::from_ref),
            "`{}` changes between {first} and {next}",
            parameter.name
        );
    }
}
