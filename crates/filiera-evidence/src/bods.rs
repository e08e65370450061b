//! The Beneficial Ownership Data Standard 0.4, as a JSON array or one statement per line, each
//! statement validated against the published schema before it is read.
//!
//! The last statement about a record speaks for it; earlier ones become rows that end where it begins,
//! so that the tables answer for any day. What an owner holds through others is handed over as indirect:
//! the components of a relationship are rows of their own, and nothing is counted here.

mod arrangement;
mod history;
mod interest;
mod parties;
mod relationship;
mod rows;
mod schema;
mod share;
mod statement;

use filiera_finding::ReaderReport;

use crate::Imported;
use crate::each_record::each_record;
use crate::gather::Gather;
use crate::json_text::{Records, first_keys};

/// Names that a statement of this standard has, of 0.4 and of older versions.
const OWN: [&str; 6] =
    ["statementId", "statementID", "statementType", "recordType", "recordDetails", "declarationSubject"];

/// Whether the start of a file looks like statements of this standard, sound or not.
pub(crate) fn recognises(start: &[u8]) -> bool {
    let keys = first_keys(start);
    keys.iter().filter(|key| OWN.contains(key)).count() >= 2
}

/// Everything a file of statements says that filiera reads.
///
/// A statement that breaks the schema is a fault with its place and is left out; the others are read
/// all the same, so that every fault is found.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let records = Records::of(bytes, &[]);
    let validator = schema::validator(name, report)?;
    let statements = each_record(&records, name, report, |json, spot, gather| {
        if !schema::is_valid(validator, json, spot, gather) {
            return None;
        }
        statement::read(json, spot, gather)
    });
    let mut gather = Gather::new(name, report);
    gather.imported().format = "bods 0.4".to_owned();
    rows::fill(statements, file_name(name), &mut gather);
    Some(gather.finish())
}

/// The last step of a path.
fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
