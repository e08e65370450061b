//! Tenders as JSON or XML. Sound or not, every item belongs to an offer that is listed.

#![no_main]

use std::collections::BTreeSet;

use filiera_tables::TableKind;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    let is_xml = text.trim_start().starts_with('<') && text.contains("Notice");
    if !is_xml && !text.contains("\"ocid\"") {
        return Corpus::Reject;
    }
    let any = filiera_fuzz::read_one(if is_xml { "notice.xml" } else { "release.json" }, text.as_bytes());
    let (offers, items) = (any.tables.get(&TableKind::Offers), any.tables.get(&TableKind::OfferItems));
    if let Some(items) = items.filter(|_| any.report.is_sound()) {
        let known: BTreeSet<&str> = offers.map_or_else(BTreeSet::new, |offers| {
            (0..offers.len()).filter_map(|row| offers.text("offer", row)).collect()
        });
        assert!(
            (0..items.len()).all(|row| items.text("offer", row).is_some_and(|offer| known.contains(offer)))
        );
    }
    Corpus::Keep
});
