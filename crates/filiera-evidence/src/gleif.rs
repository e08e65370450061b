//! The files of the Global LEI Foundation: who a legal entity is (LEI records), which parent consolidates
//! it (relationship records) and why none is named (reporting exceptions), as JSON or XML.
//!
//! Consolidation is a statement of control under an accounting standard and has no percentage: it becomes
//! a contract that gives more than half of the say. The direct and the ultimate parent are two statements,
//! the second of them indirect.

mod entity;
mod exception;
mod relation;

use filiera_finding::ReaderReport;
use filiera_tables::TableKind;

use crate::Imported;
use crate::each_record::each_record;
use crate::gather::{Gather, Spot, Wrong};
use crate::imported::ColumnBuilder;
use crate::json_text::{Json, Records, first_keys};
use crate::xml_text::{each_element, root_name};

use entity::Entity;
use exception::Exception;
use relation::Relation;

/// The members under which the files of the foundation list their records.
const LISTS: [&str; 3] = ["records", "relations", "exceptions"];

/// The outermost elements of the XML files and their records.
const XML: [(&str, &str); 3] = [
    ("LEIData", "LEIRecord"),
    ("RelationshipData", "RelationshipRecord"),
    ("ReportingExceptionData", "Exception"),
];

/// Whether the start of a file looks like one of these, sound or not.
pub(crate) fn recognises(start: &[u8]) -> bool {
    let keys = first_keys(start);
    let has = |key: &str| keys.contains(&key);
    let record = (has("Relationship") && has("Registration"))
        || (has("LEI") && (has("Entity") || has("ExceptionCategory") || has("ExceptionReason")));
    let mentions = |word: &[u8]| start.windows(word.len()).any(|window| window == word);
    let listed = LISTS.iter().any(|list| has(list))
        && (mentions(b"\"LEI\"") || mentions(b"\"StartNode\""))
        && !has("packages");
    record || listed || root_name(start).is_some_and(|root| XML.iter().any(|(known, _)| *known == root))
}

/// One record of any of the three files.
enum Found {
    Entity(Entity),
    Relation(Relation),
    Exception(Exception),
}

/// Everything a file of the foundation says that filiera reads.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let found = if root_name(bytes).is_some() {
        from_xml(name, bytes, report)
    } else {
        each_record(&Records::of(bytes, &LISTS), name, report, record)
    };
    let mut gather = Gather::new(name, report);
    gather.imported().format = format(&found).to_owned();
    entity::rows(&found, &mut gather);
    interests(&found, &mut gather);
    Some(gather.finish())
}

fn format(found: &[Found]) -> &'static str {
    match found.first() {
        Some(Found::Relation(_)) => "gleif relationship records",
        Some(Found::Exception(_)) => "gleif reporting exceptions",
        _ => "gleif lei records",
    }
}

fn from_xml(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Vec<Found> {
    let mut found = Vec::new();
    let names: Vec<&str> = XML.iter().map(|(_, record)| *record).collect();
    let mut count: u32 = 0;
    let mut gather = Gather::new(name, report);
    let read = each_element(name, bytes, &names, |element| {
        count = count.saturating_add(1);
        let spot = Spot { row: element.line, pointer: format!("/{}[{count}]", element.name) };
        found.extend(record(&element.to_json(), &spot, &mut gather));
    });
    if let Err(fault) = read {
        report.fault(*fault);
    }
    found
}

fn record(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Found> {
    if json.get("Relationship").is_some() {
        return relation::read(json, spot, gather).map(Found::Relation);
    }
    let Some(lei) = value(json, "LEI") else {
        missing(spot, "LEI", gather);
        return None;
    };
    let Some(lei) = crate::identifiers::lei(lei) else {
        let message = format!("`{lei}` is no LEI");
        let remedy = "an LEI has 20 letters and digits";
        gather.fault(&spot.at("LEI"), Wrong { code: "gleif/lei", message, remedy });
        return None;
    };
    if json.get("ExceptionCategory").is_some() || json.get("ExceptionReason").is_some() {
        return exception::read(lei, json, spot, gather).map(Found::Exception);
    }
    Some(Found::Entity(entity::read(lei, json, spot, gather)))
}

/// The text of a member, which some editions of the files wrap as `{"$": "…"}`.
fn value<'j>(json: &'j Json, member: &str) -> Option<&'j str> {
    let member = json.get(member)?;
    member.scalar().or_else(|| member.get("$").and_then(Json::scalar))
}

/// The entries of a list, which is `[…]`, or `{name: […]}`, or `{name: {…}}`.
fn entries<'j>(json: &'j Json, list: &str, name: &str) -> &'j [Json] {
    match json.get(list) {
        Some(Json::List(items)) => items,
        Some(holder) => match holder.get(name) {
            Some(Json::List(items)) => items,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        },
        None => &[],
    }
}

fn missing(spot: &Spot, member: &str, gather: &mut Gather<'_>) {
    let message = format!("`{member}` is missing");
    gather.fault(spot, Wrong { code: "gleif/missing", message, remedy: "add it" });
}

const INTEREST: [&str; 13] = [
    "owner",
    "company",
    "kind",
    "share",
    "share_min",
    "share_max",
    "min_open",
    "direct",
    "valid_from",
    "valid_to",
    "document",
    "interest",
    "reason",
];

/// What the foundation is called as the document of a row.
const DOCUMENT: &str = "GLEIF";

fn interests(found: &[Found], gather: &mut Gather<'_>) {
    let mut rows = ColumnBuilder::new(&INTEREST);
    for one in found {
        match one {
            Found::Relation(relation) => relation.row(&mut rows),
            Found::Exception(exception) => exception.row(&mut rows),
            Found::Entity(_) => {}
        }
    }
    let rows = rows.finish();
    if !rows.is_empty() {
        gather.imported().columns.insert(TableKind::Interests, rows);
    }
}
