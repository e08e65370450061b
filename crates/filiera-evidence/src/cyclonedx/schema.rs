use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};

use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;
use crate::schema;

use super::version::Version;

macro_rules! vendored {
    ($name:literal) => {
        include_str!(concat!("../../schemas/cyclonedx/", $name, ".SNAPSHOT.schema.json"))
    };
}

/// What the schemas of all versions refer to.
const SHARED: [(&str, &str); 3] = [
    ("http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json", vendored!("spdx")),
    ("http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json", vendored!("jsf-0.82")),
    ("http://cyclonedx.org/schema/cryptography-defs.SNAPSHOT.schema.json", vendored!("cryptography-defs")),
];

/// More faults than this help nobody.
const MOST: usize = 100;

/// Whether the document is valid against the schema of its version; every error becomes a fault. Makers named
/// before their version are noted.
pub(super) fn is_valid(version: Version, document: &Json, gather: &mut Gather<'_>) -> bool {
    let validator = match validator(version) {
        Ok(validator) => validator,
        Err(reason) => {
            let message = format!("the schema of CycloneDX {version} cannot be used: {reason}");
            let remedy = "this is our mistake: please report it";
            gather.fault(&Spot::default(), Wrong { code: "cyclonedx/schema", message, remedy });
            return false;
        }
    };
    let value = document.to_value();
    if validator.is_valid(&value) {
        return true;
    }
    if names_makers_early(validator, &value) {
        let kind = format!("says {version} and names makers as {NAMES_MAKERS} does");
        gather.note(&Spot::default().at("specVersion"), &kind, "");
        return true;
    }
    let mut errors = validator.iter_errors(&value);
    for error in errors.by_ref().take(MOST) {
        gather.fault(&spot(&error), wrong(&error));
    }
    if errors.next().is_some() {
        let message = format!("there are more than {MOST} errors; the rest is not listed");
        let remedy = "correct these first";
        gather.fault(&Spot::default(), Wrong { code: "cyclonedx/more", message, remedy });
    }
    false
}

/// The version that lets a component name its manufacturer.
const NAMES_MAKERS: Version = Version::V1_6;

/// Whether all that is wrong with a document of an earlier version is that its components name their
/// manufacturers, as many tools write them whatever version they state.
fn names_makers_early(own: &Validator, value: &serde_json::Value) -> bool {
    let is_maker = |error: ValidationError<'_>| matches!(error.kind(), ValidationErrorKind::AdditionalProperties { unexpected } if *unexpected == ["manufacturer"]);
    own.iter_errors(value).all(is_maker) && validator(NAMES_MAKERS).is_ok_and(|later| later.is_valid(value))
}

/// The compiled schema, made when a file of the version is first seen.
fn validator(version: Version) -> Result<&'static Validator, &'static str> {
    static COMPILED: [OnceLock<Result<Validator, String>>; 4] = [const { OnceLock::new() }; 4];
    let (text, slot) = match version {
        Version::V1_4 => (vendored!("bom-1.4"), &COMPILED[0]),
        Version::V1_5 => (vendored!("bom-1.5"), &COMPILED[1]),
        Version::V1_6 => (vendored!("bom-1.6"), &COMPILED[2]),
        Version::V1_7 => (vendored!("bom-1.7"), &COMPILED[3]),
    };
    slot.get_or_init(|| schema::compile(text, &SHARED)).as_ref().map_err(String::as_str)
}

fn spot(error: &ValidationError<'_>) -> Spot {
    let pointer = error.instance_path().as_str().to_owned();
    let entry = pointer.strip_prefix("/components/").and_then(|rest| rest.split('/').next());
    let row = entry.and_then(|entry| entry.parse::<u32>().ok()).map_or(0, |index| index.saturating_add(1));
    Spot { row, pointer }
}

fn wrong(error: &ValidationError<'_>) -> Wrong<'static> {
    let remedy = schema::remedy(error, "remove it, or move it into `properties`");
    Wrong { code: "cyclonedx/schema", message: schema::message(error), remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        for version in Version::ALL {
            assert_eq!(validator(version).err(), None, "{version}");
        }
    }
}
