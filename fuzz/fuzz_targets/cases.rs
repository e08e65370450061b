//! The tests beside a pack: read them, or say where they are wrong. Recording nothing changes nothing.

#![no_main]

use filiera_fuzz::refused;
use filiera_packs::CaseFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match CaseFile::parse("fuzz.test.toml", text) {
        Ok(cases) => assert_eq!(cases.bless(&[]), text),
        Err(faults) => refused(&faults.faults, text),
    }
});
