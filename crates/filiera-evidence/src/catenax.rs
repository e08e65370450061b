//! Catena-X: test containers, traceability import files, IRS job responses and bare aspects.
//!
//! Aspects are known by name, whatever their version and prefix. As built, as planned and as
//! specified stay apart; what an aspect says about place of making is observed, never declared.

mod container;
mod customs;
mod ids;
mod job;
mod kind;
mod lines;
mod parts;
mod sites;
mod tariff;
mod times;
mod twins;

#[cfg(test)]
mod real_files;
#[cfg(test)]
mod tolerance;

use filiera_finding::ReaderReport;

use crate::Imported;
use crate::gather::Gather;
use crate::json_text::{parse, top_keys};

/// Whether the file looks like Catena-X, sound or not.
pub(crate) fn recognises(bytes: &[u8]) -> bool {
    let keys = top_keys(bytes);
    if keys.is_empty() || keys.contains(&"bomFormat") || keys.contains(&"specFormat") {
        return false;
    }
    let mentions = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    match container::Shape::of(&keys) {
        Some(container::Shape::TestContainer | container::Shape::Aspect) => true,
        Some(_) => TELLING.iter().any(|word| mentions(word)),
        None => !keys.contains(&"$schema") && mentions(b"mm:io.catenax."),
    }
}

/// Words without which `assets` or `relationships` may be anything.
const TELLING: [&[u8]; 4] = [b"io.catenax", b"catenaXId", b"globalAssetId", b"assetMetaInfo"];

/// Everything a Catena-X file says that filiera reads.
///
/// Nothing comes back when the file is not JSON or holds none of the known containers; every fault
/// and oddity is in the report. Numbers are handed over exactly as written.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let document = match parse(bytes) {
        Ok(document) => document,
        Err(fault) => {
            report.fault(fault.of(name));
            return None;
        }
    };
    let mut gather = Gather::new(name, report);
    let contents = container::open(&document, &mut gather)?;
    twins::read(&contents, &mut gather);
    Some(gather.finish())
}
