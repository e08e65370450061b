use std::path::Path;

use filiera_finding::ReaderReport;

use crate::faults::{FileFaults, Saying};
use crate::{Imported, catenax, cyclonedx};

/// Whether the bytes are JSON of an outside format.
pub(crate) fn recognises(bytes: &[u8]) -> bool {
    catenax::recognises(bytes) || cyclonedx::recognises(bytes)
}

/// What an outside format holds; nothing when no importer knows it or it cannot be read.
///
/// `name` is the file as the user named it.
pub(crate) fn import(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    if cyclonedx::recognises(bytes) {
        return cyclonedx::read(name, bytes, report);
    }
    if catenax::recognises(bytes) {
        return catenax::read(name, bytes, report);
    }
    let mut faults = FileFaults::new(name, crate::OnFault::Stop, 1);
    let (message, remedy) = match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        Err(error) => (format!("the file is no JSON: {error}"), "check that it is whole"),
        Ok(_) => (
            "the JSON is of no format known here".to_owned(),
            "CycloneDX and Catena-X are read, and JSON Lines (one object per line) in a file ending in `.jsonl`",
        ),
    };
    faults.whole(None, None, Saying::new("file/format", message, remedy));
    faults.finish(report);
    None
}

/// The bytes of a whole file; a fault says why there are none.
pub(crate) fn bytes_of(path: &Path, name: &str, report: &mut ReaderReport) -> Option<Vec<u8>> {
    std::fs::read(path)
        .map_err(|error| {
            let mut faults = FileFaults::new(name, crate::OnFault::Stop, 1);
            let message = format!("the file cannot be read: {error}");
            faults.whole(
                None,
                None,
                Saying::new("file/unreadable", message, "check that it is there and whole"),
            );
            faults.finish(report);
        })
        .ok()
}
