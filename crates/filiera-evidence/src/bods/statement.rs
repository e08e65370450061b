use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::DateTime;
use filiera_model::Day;

use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;

use super::parties::{self, PartyFacts};
use super::relationship::{self, Relationship};

/// What one statement says, without what filiera does not read.
pub(super) struct Statement {
    pub(super) head: Head,
    pub(super) details: Details,
}

/// What every statement says of itself.
pub(super) struct Head {
    /// Its place in the file, from 1.
    pub(super) row: u32,
    /// Its id, which no other statement has.
    pub(super) id: Box<str>,
    /// A hash of its whole content.
    pub(super) content: u64,
    /// The record that it is about.
    pub(super) record: Box<str>,
    /// The day on which its source declared it.
    pub(super) day: Day,
    /// The same in seconds, to order the statements of one day.
    pub(super) moment: i64,
    /// Whether it is the record's last.
    pub(super) closes: bool,
    /// What statements of one declaration have in common.
    pub(super) declaration: u64,
    /// Who published it, where it says so.
    pub(super) publisher: Option<Box<str>>,
}

pub(super) enum Details {
    Party(PartyFacts),
    Relationship(Relationship),
}

/// Reads a statement that is valid against the schema.
pub(super) fn read(json: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<Statement> {
    let Some(head) = head(json, spot) else {
        let message = "the day of the statement cannot be read".to_owned();
        let remedy = "write it as `2026-03-01` or `2026-03-01T12:00:00Z`";
        gather.fault(&spot.at("statementDate"), Wrong { code: "bods/date", message, remedy });
        return None;
    };
    let details = json.get("recordDetails")?;
    let inner = spot.at("recordDetails");
    let details = match json.text_of("recordType")? {
        "entity" => Details::Party(parties::entity(details, &inner, gather)),
        "person" => Details::Party(parties::person(details, &inner, gather)),
        _ => Details::Relationship(relationship::read(details, &inner, gather)?),
    };
    Some(Statement { head, details })
}

fn head(json: &Json, spot: &Spot) -> Option<Head> {
    let (day, moment) = moment(json.text_of("statementDate")?)?;
    let publication = json.get("publicationDetails").and_then(|details| details.get("publisher"));
    let publisher = publication.and_then(|one| one.text_of("name").or_else(|| one.text_of("url")));
    Some(Head {
        row: spot.row,
        id: json.text_of("statementId")?.into(),
        content: hash(json),
        record: json.text_of("recordId")?.into(),
        day,
        moment,
        closes: json.text_of("recordStatus") == Some("closed"),
        declaration: match json.text_of("declaration") {
            Some(name) => hash(&(name, json.text_of("declarationSubject"))),
            None => hash(&(json.text_of("declarationSubject"), moment)),
        },
        publisher: publisher.map(Box::from),
    })
}

fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The day of a date or of a time with its zone, and the seconds since 1970 that order them.
pub(super) fn moment(text: &str) -> Option<(Day, i64)> {
    const A_DAY: i64 = 86_400;
    if let Ok(day) = text.parse::<Day>() {
        return Some((day, i64::from(day.days()) * A_DAY));
    }
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    let day = text.get(..10)?.parse::<Day>().ok()?;
    Some((day, time.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn moments_order_the_statements_of_a_day() {
        let of = |text: &str| moment(text).unwrap();
        assert_eq!(of("2021-09-11").0, of("2021-09-11T16:15:08Z").0);
        assert!(of("2021-09-11").1 < of("2021-09-11T14:02:11Z").1);
        assert!(of("2021-09-11T14:02:11Z").1 < of("2021-09-11T16:15:08+01:00").1);
        assert!(moment("2021").is_none());
    }
}
