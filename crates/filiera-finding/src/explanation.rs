use filiera_model::Day;
use serde_json::{Value, json};

use crate::{Finding, Reference};

/// Why a finding is what it is: the law, the rows, the arithmetic.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What is explained.
    pub finding: Finding,
    /// The condition's text and where it stands.
    pub law: LawText,
    /// The dated values used.
    pub parameters: Vec<ParameterUsed>,
    /// The rows, grouped: `yes`, `no`, `maybe`.
    pub groups: Vec<RowGroup>,
    /// The arithmetic, line by line.
    pub arithmetic: Vec<Step>,
    /// Facts that exist and were not used, with the reason.
    pub unread: Vec<UnreadFact>,
    /// The members of a composition, each explained in turn.
    pub members: Vec<Explanation>,
}

/// Where a condition's text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawText {
    /// The title, in the law's words.
    pub title: String,
    /// The condition as the pack writes it.
    pub text: String,
    /// The pack file.
    pub file: String,
    /// The line of the condition's heading, counted from 1.
    pub line: u32,
    /// The law cited.
    pub references: Vec<Reference>,
}

/// A dated value that the condition used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterUsed {
    /// The parameter's name.
    pub name: String,
    /// The value, as the pack writes it.
    pub value: String,
    /// The first day it applies to.
    pub from: Option<Day>,
    /// The last day it applies to.
    pub to: Option<Day>,
    /// The source.
    pub cite: Option<String>,
    /// `primary`, `secondary` or `memory`.
    pub confidence: String,
}

/// The rows with one mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowGroup {
    /// `yes`, `no`, `maybe`, or `partly` for apportioned rows.
    pub mark: String,
    /// The rows, heaviest first.
    pub rows: Vec<RowShown>,
    /// The sum of their weights, as text with its range.
    pub weight: String,
}

/// One row that counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowShown {
    /// What it is: a part, a flow, a publisher and period.
    pub name: String,
    /// Its weight, as text: `120.50`, `30..80`, `unknown`.
    pub weight: String,
    /// The part of it that is marked, as text: `100 %`, `60 %`, `0..100 %`.
    pub marked: String,
    /// The facts the mark rests on.
    pub facts: Vec<Fact>,
}

/// A fact, with the paper it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it says: `origin IT`, `unit value 12.40 EUR`.
    pub says: String,
    /// `declared`, `observed`, `inferred`, `assumed`, or empty when it is no claim.
    pub evidence: String,
    /// The basis of a declaration.
    pub basis: Option<String>,
    /// The document.
    pub document: Option<String>,
    /// `file, row N`.
    pub place: Option<String>,
}

/// One line of arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is computed.
    pub what: String,
    /// How: the numbers put in.
    pub how: String,
    /// The result, exact.
    pub result: String,
}

/// A fact that was there and did not count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnreadFact {
    /// What it says.
    pub says: String,
    /// Why it did not count: expired, signed later, another basis, superseded.
    pub why: String,
    /// `file, row N`.
    pub place: Option<String>,
}

/// The explanations of one run.
pub type Explained = Vec<Explanation>;

impl Explanation {
    /// The object of `filiera explain --format json`, `filiera.explanation/1`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.explanation/1",
            "finding": self.finding.to_json(),
            "law": {
                "title": self.law.title, "text": self.law.text, "file": self.law.file, "line": self.law.line,
                "references": self.law.references.iter().map(Reference::to_json).collect::<Vec<_>>(),
            },
            "parameters": self.parameters.iter().map(|p| json!({
                "name": p.name, "value": p.value, "from": p.from.map(|d| d.to_string()),
                "to": p.to.map(|d| d.to_string()), "cite": p.cite, "confidence": p.confidence,
            })).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(RowGroup::to_json).collect::<Vec<_>>(),
            "arithmetic": self.arithmetic.iter().map(|step| json!({
                "what": step.what, "how": step.how, "result": step.result,
            })).collect::<Vec<_>>(),
            "unread": self.unread.iter().map(|fact| json!({
                "says": fact.says, "why": fact.why, "place": fact.place,
            })).collect::<Vec<_>>(),
            "members": self.members.iter().map(Self::to_json).collect::<Vec<_>>(),
        })
    }
}

impl RowGroup {
    fn to_json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let facts: Vec<Value> = row.facts.iter().map(Fact::to_json).collect();
                json!({"name": row.name, "weight": row.weight, "marked": row.marked, "facts": facts})
            })
            .collect();
        json!({"mark": self.mark, "weight": self.weight, "rows": rows})
    }
}

impl Fact {
    fn to_json(&self) -> Value {
        json!({
            "says": self.says, "evidence": self.evidence, "basis": self.basis,
            "document": self.document, "place": self.place,
        })
    }
}

impl Reference {
    /// `{"title", "url", "checked", "confidence"}`.
    pub fn to_json(&self) -> Value {
        json!({
            "title": self.title, "url": self.url,
            "checked": self.checked.map(|day| day.to_string()), "confidence": self.confidence,
        })
    }
}
