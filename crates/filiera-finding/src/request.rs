use std::collections::BTreeMap;

use filiera_model::Day;
use serde_json::{Value, json};

use crate::Reference;

/// The name of the shape, which a workbook carries so that its answer is known again.
pub const REQUEST_SCHEMA: &str = "filiera.request/1";

/// What is to be asked of suppliers: one request each, and what nobody can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestSet {
    /// The dossier's title.
    pub title: String,
    /// The requests, suppliers sorted.
    pub requests: Vec<SupplierRequest>,
    /// Papers of parts whose supplier nobody names, as findings call them.
    pub unassigned: Vec<String>,
    /// Papers that can change no finding, whatever they say: not asked for.
    pub cannot_matter: Vec<String>,
    /// What is missing and no supplier's to tell.
    pub not_asked: Vec<String>,
    /// SHA-256 of the canonical evidence.
    pub evidence_hash: String,
}

/// Everything that one supplier is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplierRequest {
    /// Who asks.
    pub asker: String,
    /// The dossier's title.
    pub title: String,
    /// The supplier, as the dossier calls it.
    pub supplier: String,
    /// Its name, where the dossier knows it.
    pub supplier_name: Option<String>,
    /// The day the request is made.
    pub issued_on: Day,
    /// The day by which an answer is hoped for.
    pub answer_by: Day,
    /// The conditions that the answers are for.
    pub conditions: Vec<ConditionAsked>,
    /// The questions: declarations first, then prices; parts sorted.
    pub questions: Vec<Question>,
}

/// A condition that needs an answer, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionAsked {
    /// `pack#condition`.
    pub name: String,
    /// The title, in the law's words.
    pub title: String,
    /// `enacted`, `proposed`, `draft` or `repealed`.
    pub status: String,
    /// The law cited.
    pub references: Vec<Reference>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QuestionKind {
    /// Where a part comes from.
    Declaration,
    /// What a part costs.
    Price,
}

/// One question to one supplier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The id by which the answer finds it: a fingerprint of everything else here.
    pub id: String,
    /// What is asked.
    pub kind: QuestionKind,
    /// The part.
    pub part: String,
    /// Its name.
    pub name: Option<String>,
    /// The supplier.
    pub supplier: String,
    /// Where the part goes and how many: `2 in A-DOORS`.
    pub used: String,
    /// The lots received, where the dossier knows them.
    pub lots: Vec<String>,
    /// The bases that the conditions accept; the first is proposed.
    pub basis: Vec<String>,
    /// The first day asked about.
    pub valid_from: Day,
    /// The last day asked about.
    pub valid_to: Day,
    /// The longest an answer may be valid.
    pub limit: Limit,
    /// The conditions, as `pack#condition`, joined by `; `.
    pub conditions: String,
    /// How many subjects the answer touches.
    pub subjects: u64,
    /// The currency to tell a price in, where the dossier has one.
    pub currency: Option<String>,
}

/// The longest a paper may be valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// One calendar year: no law at hand says anything.
    CalendarYear,
    /// So many days, by this law.
    Days {
        /// The most days, both ends counted.
        days: u32,
        /// The law.
        cite: String,
    },
}

impl QuestionKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declaration => "declaration",
            Self::Price => "price",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Declaration, Self::Price].into_iter().find(|kind| kind.name() == name)
    }
}

impl Limit {
    /// As a workbook carries it: `year`, or `365: art. 1`.
    pub fn to_text(&self) -> String {
        match self {
            Self::CalendarYear => "year".to_owned(),
            Self::Days { days, cite } => format!("{days}: {cite}"),
        }
    }

    /// The limit that a workbook carries.
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "year" {
            return Some(Self::CalendarYear);
        }
        let (days, cite) = text.split_once(": ")?;
        Some(Self::Days { days: days.parse().ok()?, cite: cite.to_owned() })
    }

    /// Whether a paper may be valid from `from` to `to`, both included.
    pub fn allows(&self, from: Day, to: Day) -> bool {
        match self {
            Self::CalendarYear => from.year() == to.year(),
            Self::Days { days, .. } => i64::from(to.days()) - i64::from(from.days()) < i64::from(*days),
        }
    }

    /// The limit as a person reads it.
    pub fn sentence(&self) -> String {
        match self {
            Self::CalendarYear => "within one calendar year".to_owned(),
            Self::Days { days, cite } => format!("{days} days at most ({cite})"),
        }
    }
}

impl Question {
    /// Everything that a workbook carries of the question but its id, by name: what the answer is
    /// held against.
    pub fn record(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("kind", self.kind.name().to_owned()),
            ("part", self.part.clone()),
            ("name", self.name.clone().unwrap_or_default()),
            ("supplier", self.supplier.clone()),
            ("used", self.used.clone()),
            ("lots", self.lots.join("; ")),
            ("accepts", self.basis.join("; ")),
            ("asked_from", self.valid_from.to_string()),
            ("asked_to", self.valid_to.to_string()),
            ("limit", self.limit.to_text()),
            ("conditions", self.conditions.clone()),
            ("subjects", self.subjects.to_string()),
            ("reporting_currency", self.currency.clone().unwrap_or_default()),
        ])
    }

    /// The period asked about, with the longest validity, as a workbook shows it.
    pub fn period(&self) -> String {
        format!("{} – {}\n{}", self.valid_from, self.valid_to, self.limit.sentence())
    }

    /// The question of a record, under its id; nothing when the record is not whole.
    pub fn from_record(id: &str, record: &BTreeMap<String, String>) -> Option<Self> {
        let text = |name: &str| record.get(name).cloned().unwrap_or_default();
        let maybe = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
        let list = |name: &str| {
            let text = text(name);
            text.split("; ").filter(|one| !one.is_empty()).map(str::to_owned).collect()
        };
        Some(Self {
            id: id.to_owned(),
            kind: QuestionKind::from_name(&text("kind"))?,
            part: maybe("part")?,
            name: maybe("name"),
            supplier: maybe("supplier")?,
            used: text("used"),
            lots: list("lots"),
            basis: list("accepts"),
            valid_from: text("asked_from").parse().ok()?,
            valid_to: text("asked_to").parse().ok()?,
            limit: Limit::from_text(&text("limit"))?,
            conditions: text("conditions"),
            subjects: text("subjects").parse().ok()?,
            currency: maybe("reporting_currency"),
        })
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id, "kind": self.kind.name(), "part": self.part, "name": self.name,
            "used": self.used, "lots": self.lots, "basis": self.basis,
            "valid_from": self.valid_from.to_string(), "valid_to": self.valid_to.to_string(),
            "limit": self.limit.sentence(), "conditions": self.conditions,
            "subjects": self.subjects,
        })
    }
}

impl SupplierRequest {
    /// The supplier's name, or what the dossier calls it.
    pub fn addressee(&self) -> &str {
        self.supplier_name.as_deref().unwrap_or(&self.supplier)
    }

    fn to_json(&self, file: Option<&String>) -> Value {
        let conditions = self.conditions.iter().map(|condition| {
            let law: Vec<&str> = condition.references.iter().map(|one| one.title.as_str()).collect();
            json!({
                "name": condition.name, "title": condition.title, "status": condition.status, "law": law,
            })
        });
        json!({
            "asker": self.asker, "supplier": self.supplier, "supplier_name": self.supplier_name,
            "issued_on": self.issued_on.to_string(), "answer_by": self.answer_by.to_string(),
            "conditions": conditions.collect::<Vec<_>>(),
            "questions": self.questions.iter().map(Question::to_json).collect::<Vec<_>>(),
            "file": file,
        })
    }
}

impl RequestSet {
    /// The object `filiera.request/1`; `files` are the workbooks written, in the order of the requests.
    pub fn to_json(&self, files: &[String]) -> Value {
        let requests = self.requests.iter().enumerate();
        let requests = requests.map(|(place, request)| request.to_json(files.get(place)));
        json!({
            "schema": REQUEST_SCHEMA, "title": self.title,
            "requests": requests.collect::<Vec<_>>(),
            "unassigned": self.unassigned, "cannot_matter": self.cannot_matter,
            "not_asked": self.not_asked,
            "evidence_hash": self.evidence_hash,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(limit: Limit) -> Question {
        let day = |text: &str| text.parse::<Day>().unwrap();
        Question {
            id: "q".to_owned(),
            kind: QuestionKind::Declaration,
            part: "P-1".to_owned(),
            name: None,
            supplier: "S".to_owned(),
            used: "1 in CAR".to_owned(),
            lots: vec!["L-1".to_owned(), "L-2".to_owned()],
            basis: vec!["non-preferential".to_owned()],
            valid_from: day("2026-01-01"),
            valid_to: day("2026-12-31"),
            limit,
            conditions: "p#c".to_owned(),
            subjects: 3,
            currency: Some("EUR".to_owned()),
        }
    }

    #[test]
    fn a_question_comes_back_from_its_record() {
        for limit in [Limit::CalendarYear, Limit::Days { days: 365, cite: "art. 1: x".to_owned() }] {
            let asked = question(limit);
            let record = asked.record().into_iter().map(|(name, text)| (name.to_owned(), text));
            assert_eq!(Question::from_record("q", &record.collect()), Some(asked));
        }
        assert_eq!(Question::from_record("q", &BTreeMap::new()), None);
    }

    #[test]
    fn the_longest_validity_counts_both_ends() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let (first, last) = (day("2026-01-01"), day("2026-12-31"));
        let limit = |days| Limit::Days { days, cite: String::new() };
        assert!(limit(365).allows(first, last) && !limit(364).allows(first, last));
        assert!(Limit::CalendarYear.allows(first, last) && !Limit::CalendarYear.allows(first, last.next()));
    }
}
