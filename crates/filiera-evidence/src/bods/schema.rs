use std::sync::OnceLock;

use filiera_finding::{Fault, ReaderReport};
use jsonschema::Validator;

use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;
use crate::schema;

macro_rules! vendored {
    ($name:literal) => {
        include_str!(concat!("../../schemas/bods/", $name, ".json"))
    };
}

/// The published texts by the names under which they refer to each other.
const TEXTS: [(&str, &str); 5] = [
    ("urn:statement", vendored!("statement")),
    ("urn:components", vendored!("components")),
    ("urn:entity", vendored!("entity-record")),
    ("urn:person", vendored!("person-record")),
    ("urn:relationship", vendored!("relationship-record")),
];

/// One entry of the list that the schema describes: files of millions are validated one by one.
const STATEMENT: &str = r#"{
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "urn:statement#/$defs/Statement"
}"#;

/// The compiled schema of one statement, made when the first file is seen.
pub(super) fn validator(file: &str, report: &mut ReaderReport) -> Option<&'static Validator> {
    static COMPILED: OnceLock<Result<Validator, String>> = OnceLock::new();
    match COMPILED.get_or_init(|| schema::compile(STATEMENT, &TEXTS)) {
        Ok(validator) => Some(validator),
        Err(reason) => {
            report.fault(Fault {
                file: file.to_owned(),
                row: None,
                column: None,
                code: "bods/schema".to_owned(),
                message: format!("the schema of BODS 0.4 cannot be used: {reason}"),
                remedy: "this is our mistake: please report it".to_owned(),
            });
            None
        }
    }
}

/// Whether the statement is valid; every error becomes a fault.
pub(super) fn is_valid(validator: &Validator, json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> bool {
    if json.get("statementID").is_some() || json.get("statementType").is_some() {
        gather.fault(spot, older("this is a statement of a version before 0.4".to_owned()));
        return false;
    }
    let version = json.get("publicationDetails").and_then(|details| details.text_of("bodsVersion"));
    if let Some(version) = version.filter(|version| *version != "0.4") {
        let spot = spot.at("publicationDetails").at("bodsVersion");
        gather.fault(&spot, older(format!("BODS `{version}` is not read")));
        return false;
    }
    let value = json.to_value();
    if validator.is_valid(&value) {
        return true;
    }
    for error in validator.iter_errors(&value) {
        let spot = Spot { row: spot.row, pointer: format!("{}{}", spot.pointer, error.instance_path()) };
        let remedy = schema::remedy(&error, "remove it");
        gather.fault(&spot, Wrong { code: "bods/schema", message: schema::message(&error), remedy });
    }
    false
}

fn older(message: String) -> Wrong<'static> {
    Wrong { code: "bods/version", message, remedy: "publish the statements as BODS 0.4" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_compiles() {
        let mut report = ReaderReport::default();
        assert!(validator("x", &mut report).is_some(), "{:?}", report.faults);
    }
}
