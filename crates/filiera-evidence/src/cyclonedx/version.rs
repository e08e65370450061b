use std::fmt;

use filiera_finding::Fault;

use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;

/// The versions we hold a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1_4,
    V1_5,
    V1_6,
    V1_7,
}

impl Version {
    #[cfg(test)]
    pub(super) const ALL: [Self; 4] = [Self::V1_4, Self::V1_5, Self::V1_6, Self::V1_7];

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "1.4" => Some(Self::V1_4),
            "1.5" => Some(Self::V1_5),
            "1.6" => Some(Self::V1_6),
            "1.7" => Some(Self::V1_7),
            _ => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        })
    }
}

/// The version a document says it has; one we cannot read is a fault.
pub(super) fn of(document: &Json, gather: &mut Gather<'_>) -> Option<Version> {
    let text = document.get("specVersion").and_then(Json::scalar);
    if document.get("specFormat").is_some() {
        let shown = text.unwrap_or("without version");
        refuse(gather, "specFormat", format!("CycloneDX `{shown}` with `specFormat` is not released yet"));
        return None;
    }
    let Some(text) = text else {
        refuse(gather, "specVersion", "the document has no `specVersion`".to_owned());
        return None;
    };
    let version = Version::from_text(text);
    if version.is_none() {
        refuse(gather, "specVersion", format!("CycloneDX `{text}` is not read"));
    }
    version
}

fn refuse(gather: &mut Gather<'_>, member: &str, message: String) {
    let remedy = "export it as CycloneDX JSON 1.4, 1.5, 1.6 or 1.7";
    gather.fault(&Spot::default().at(member), Wrong { code: "cyclonedx/version", message, remedy });
}

/// How far into a file the name space of XML is looked for.
const HEAD: usize = 4096;

/// Whether the file is CycloneDX in XML.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = bytes.get(..HEAD).unwrap_or(bytes).trim_ascii_start();
    let name_space = b"cyclonedx.org/schema/bom";
    head.starts_with(b"<") && head.windows(name_space.len()).any(|window| window == name_space)
}

/// The fault of a file in XML.
pub(super) fn xml(file: &str) -> Fault {
    Fault {
        file: file.to_owned(),
        row: None,
        column: None,
        code: "cyclonedx/xml".to_owned(),
        message: "CycloneDX in XML is not read".to_owned(),
        remedy: "export it as JSON: the same tools write both".to_owned(),
    }
}
