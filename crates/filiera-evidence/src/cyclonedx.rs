//! CycloneDX 1.4 to 1.7 in JSON, validated against the published schema before it is read.
//!
//! An address is no origin: it is handed over as observed. What the format says about completeness
//! goes with the parts: one that is not complete gets a child that nothing is known about.

mod companies;
mod components;
mod compositions;
mod facts;
mod graph;
mod offer;
mod schema;
mod services;
mod version;

#[cfg(test)]
mod official;
#[cfg(test)]
mod tests;

use filiera_finding::ReaderReport;

use crate::Imported;
use crate::gather::Gather;
use crate::json_text::{Json, parse, top_keys};

/// Whether the file looks like CycloneDX, sound or not, JSON or XML.
pub(crate) fn recognises(bytes: &[u8]) -> bool {
    let keys = top_keys(bytes);
    keys.contains(&"bomFormat") || keys.contains(&"specFormat") || version::is_xml(bytes)
}

/// Everything a CycloneDX file says that filiera reads.
///
/// Nothing comes back when the file is no JSON of a version we know, or is not valid against that
/// version's schema; the report then holds every reason, at most 100 of them.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    if version::is_xml(bytes) {
        report.fault(version::xml(name));
        return None;
    }
    let document = match parse(bytes) {
        Ok(document) => document,
        Err(fault) => {
            report.fault(fault.of(name));
            return None;
        }
    };
    let mut gather = Gather::new(name, report);
    let version = version::of(&document, &mut gather)?;
    if !schema::is_valid(version, &document, &mut gather) {
        return None;
    }
    gather.imported().format = format!("cyclonedx {version}");
    read_valid(&document, &mut gather);
    Some(gather.finish())
}

fn read_valid(document: &Json, gather: &mut Gather<'_>) {
    let parts = components::collect(document, gather);
    let services = services::collect(document, &parts, gather);
    let paper = facts::Paper::of(document);
    let mut companies = companies::Companies::default();
    facts::rows(&parts, &paper, &mut companies, gather);
    let edges = graph::edges(document, &parts, &services, gather);
    graph::rows(&parts, &edges, gather);
    compositions::read(document, &parts, &edges, &paper, gather);
    services::rows(&services, &mut companies, gather);
    companies.finish(gather);
    offer::read(document, &parts, &services, &paper, gather);
}
