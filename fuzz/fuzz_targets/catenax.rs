//! JSON that does not call itself CycloneDX: test containers, import files, job responses, aspects.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    if text.contains("\"bomFormat\"") {
        return Corpus::Reject;
    }
    filiera_fuzz::read_one("twins.json", text.as_bytes());
    Corpus::Keep
});
