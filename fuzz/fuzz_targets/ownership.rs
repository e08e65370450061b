//! Statements and registers of who owns whom. Sound or not, every row has an owner and a company, and
//! what ends does not end before it begins.

#![no_main]

use filiera_tables::TableKind;
use libfuzzer_sys::{Corpus, fuzz_target};

/// Words without which none of the formats recognises a text.
const WORDS: [&str; 5] = ["recordType", "statementId", "StartNode", "LEI", "company_number"];

fuzz_target!(|text: &str| -> Corpus {
    if !WORDS.iter().any(|word| text.contains(word)) {
        return Corpus::Reject;
    }
    let any = filiera_fuzz::read_one("register.json", text.as_bytes());
    if let Some(interests) = any.tables.get(&TableKind::Interests).filter(|_| any.report.is_sound()) {
        for row in 0..interests.len() {
            assert!(interests.text("owner", row).is_some() && interests.text("company", row).is_some());
            let (from, to) = (interests.day("valid_from", row), interests.day("valid_to", row));
            assert!(from.is_none() || to.is_none() || from <= to, "row {row} ends before it begins");
        }
    }
    Corpus::Keep
});
