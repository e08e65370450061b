use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use filiera_finding::ReaderReport;

use crate::faults::{FileFaults, Saying};
use crate::{Imported, bods, catenax, cyclonedx, eforms, gleif, ocds, psc};

/// How many bytes tell formats of many records: more than any first record has.
const START: u64 = 65_536;

/// Whether a file is of an outside format that its start tells, whatever its ending.
pub(crate) fn starts_like_one(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(START).read_to_end(&mut start)?;
    Ok(of_start(&start).is_some())
}

/// Whether the bytes are of an outside format.
pub(crate) fn recognises(bytes: &[u8]) -> bool {
    of_start(start_of(bytes)).is_some() || catenax::recognises(bytes) || cyclonedx::recognises(bytes)
}

/// What reads a whole file; nothing comes back when it cannot be read.
type Reader = fn(&str, &[u8], &mut ReaderReport) -> Option<Imported>;

/// Whether the start of a file looks like a format.
type Recogniser = fn(&[u8]) -> bool;

/// The reader of a format that the start of a file tells.
fn of_start(start: &[u8]) -> Option<Reader> {
    let readers: [(Recogniser, Reader); 5] = [
        (bods::recognises, bods::read),
        (gleif::recognises, gleif::read),
        (psc::recognises, psc::read),
        (ocds::recognises, ocds::read),
        (eforms::recognises, eforms::read),
    ];
    readers.into_iter().find(|(recognises, _)| recognises(start)).map(|(_, read)| read)
}

fn start_of(bytes: &[u8]) -> &[u8] {
    let length = usize::try_from(START).map_or(bytes.len(), |most| most.min(bytes.len()));
    bytes.get(..length).unwrap_or(bytes)
}

/// What an outside format holds; nothing when no importer knows it or it cannot be read.
///
/// `name` is the file as the user named it.
pub(crate) fn import(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    if let Some(read) = of_start(start_of(bytes)) {
        return read(name, bytes, report);
    }
    if cyclonedx::recognises(bytes) {
        return cyclonedx::read(name, bytes, report);
    }
    if catenax::recognises(bytes) {
        return catenax::read(name, bytes, report);
    }
    let mut faults = FileFaults::new(name, crate::OnFault::Stop, 1);
    let is_xml = bytes.trim_ascii_start().starts_with(b"<");
    let (message, remedy) = match serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
        _ if is_xml => (
            "the XML is of no format known here".to_owned(),
            "GLEIF's files and eForms notices are read as XML; give CycloneDX as JSON",
        ),
        Err(error) => (format!("the file is no JSON: {error}"), "check that it is whole"),
        Ok(_) => (
            "the JSON is of no format known here".to_owned(),
            "CycloneDX, Catena-X, BODS, GLEIF, UK PSC and OCDS are read, and JSON Lines (one object per line) in a file ending in `.jsonl`",
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
