//! JSON that calls itself CycloneDX. Against the schema or not, a graph comes out whole or not at all.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    if !text.contains("\"bomFormat\"") {
        return Corpus::Reject;
    }
    let any = filiera_fuzz::read_one("bom.json", text.as_bytes());
    for bom in any.boms.values() {
        assert!(bom.lines.iter().all(|line| !line.parent.is_empty() && !line.child.is_empty()));
    }
    Corpus::Keep
});
