use filiera_model::{Country, Day, Verdict};
use serde_json::{Map, Value, json};

use crate::finding::fraction;
use crate::{ConditionShown, Finding, Reason, Verdicts};

/// Who changes verdict between two days of the law, or two texts of a pack, and because of what.
///
/// Its JSON is versioned `filiera.diff/1`.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The dossier's title; empty without one.
    pub title: String,
    /// What is compared.
    pub compared: Compared,
    /// The dated values that differ between the two sides, whoever is touched by them.
    pub values: Vec<CauseItem>,
    /// What the newer text of the pack says otherwise; empty when days are compared.
    pub text: Vec<TextChange>,
    /// Findings whose verdict differs, gathered by condition, verdicts and cause.
    pub changes: Vec<Change>,
    /// How many findings were compared.
    pub compared_findings: u64,
    /// The packs judged: id and hash.
    pub packs: Vec<(String, String)>,
    /// SHA-256 of the canonical evidence; nothing without a dossier.
    pub evidence_hash: Option<String>,
    /// The law as known on this day; on the two days themselves where those move the law clock.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// The two sides of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Every subject re-dated to each of two days.
    Days {
        /// The earlier side.
        from: Day,
        /// The later side.
        to: Day,
    },
    /// Subjects as they are dated, under the law as known on each of two days.
    Law {
        /// The earlier side.
        from: Day,
        /// The later side.
        to: Day,
    },
    /// Two texts of a pack.
    Packs {
        /// The file of the older text.
        old: String,
        /// The file of the newer text.
        new: String,
    },
}

/// One thing that two texts of a pack say differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// `condition`, `parameter`, `reading`, `pack` or `columns`.
    pub kind: &'static str,
    /// Its name in the pack.
    pub name: String,
    /// The key that differs, such as `at_least` or `share.where`; nothing when the whole is new or
    /// gone.
    pub key: Option<String>,
    /// The first day on which a parameter's values differ; nothing: always, or no parameter.
    pub from: Option<Day>,
    /// The last such day; nothing: until further notice, or no parameter.
    pub to: Option<Day>,
    /// What the older text says; nothing when it says nothing.
    pub old: Option<String>,
    /// What the newer text says; nothing when it says nothing.
    pub new: Option<String>,
}

/// Subjects whose verdict changes alike, for one cause.
#[derive(Clone, Debug)]
pub struct Change {
    /// The condition, as the newer side has it.
    pub shown: ConditionShown,
    /// The verdicts before.
    pub before: Verdicts,
    /// The verdicts after.
    pub after: Verdicts,
    /// Who changes, sorted.
    pub subjects: Vec<String>,
    /// Because of what.
    pub cause: Cause,
    /// The first of the subjects, before.
    pub witness_before: Finding,
    /// The same subject, after.
    pub witness_after: Finding,
}

/// Why verdicts change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Whether re-judging proved that the one item alone makes the change, and that without it there
    /// is none. Else several items together do, or any of several would.
    pub certified: bool,
    /// The one item, or all that have a hand in it.
    pub items: Vec<CauseItem>,
}

/// One dated value, or one part of a text, that differs between the two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseItem {
    /// A parameter of a pack.
    Parameter {
        /// The pack.
        pack: String,
        /// The parameter.
        name: String,
        /// Its value before; nothing when it had none.
        old: Option<DatedShown>,
        /// Its value after; nothing when it has none.
        new: Option<DatedShown>,
    },
    /// Membership of a zone.
    Zone {
        /// The zone, without `@`.
        zone: String,
        /// Members after that were none before.
        joined: Vec<Country>,
        /// Members before that are none after.
        left: Vec<Country>,
    },
    /// Rows of the evidence that count on one of the two days only.
    Evidence {
        /// Which kind of row.
        kind: EvidenceKind,
        /// The rows that begin to count, as people name them.
        begin: Vec<String>,
        /// The rows that no longer count.
        end: Vec<String>,
    },
    /// The subject's own dates, which a predicate asks about.
    Dates,
    /// A condition's text.
    Text {
        /// The pack.
        pack: String,
        /// The condition.
        condition: String,
    },
}

/// Rows of the evidence with a validity of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// Declarations of origin.
    Papers,
    /// Stated values.
    Prices,
    /// Lines of the bill of materials.
    Lines,
    /// Exchange rates.
    Rates,
}

/// A dated value as the pack states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedShown {
    /// The value as written.
    pub value: String,
    /// The first day it applies to.
    pub from: Option<Day>,
    /// The last day it applies to.
    pub to: Option<Day>,
    /// The first day it was known.
    pub published: Option<Day>,
    /// The first day it no longer counts.
    pub repealed_on: Option<Day>,
    /// The source.
    pub cite: String,
    /// `primary`, `secondary` or `memory`.
    pub confidence: String,
}

impl EvidenceKind {
    /// The stable name: `papers`, `prices`, `lines`, `rates`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Papers => "papers",
            Self::Prices => "prices",
            Self::Lines => "lines",
            Self::Rates => "rates",
        }
    }
}

impl CauseItem {
    /// The stable name of its kind: `parameter`, `zone`, `papers`, `prices`, `lines`, `rates`,
    /// `dates`, `text`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "parameter",
            Self::Zone { .. } => "zone",
            Self::Evidence { kind, .. } => kind.name(),
            Self::Dates => "dates",
            Self::Text { .. } => "text",
        }
    }

    fn to_json(&self) -> Value {
        let codes = |countries: &[Country]| countries.iter().map(|c| c.alpha2()).collect::<Vec<_>>();
        let mut object = Map::new();
        object.insert("kind".to_owned(), json!(self.kind()));
        let rest = match self {
            Self::Parameter { pack, name, old, new } => json!({
                "pack": pack,
                "parameter": name,
                "old": old.as_ref().map(DatedShown::to_json),
                "new": new.as_ref().map(DatedShown::to_json),
            }),
            Self::Zone { zone, joined, left } => {
                json!({"zone": zone, "joined": codes(joined), "left": codes(left)})
            }
            Self::Evidence { begin, end, .. } => json!({"begin": begin, "end": end}),
            Self::Dates => json!({}),
            Self::Text { pack, condition } => json!({"pack": pack, "condition": condition}),
        };
        if let Value::Object(rest) = rest {
            object.extend(rest);
        }
        Value::Object(object)
    }
}

impl DatedShown {
    fn to_json(&self) -> Value {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        json!({
            "value": self.value,
            "from": day(self.from),
            "to": day(self.to),
            "published": day(self.published),
            "repealed_on": day(self.repealed_on),
            "cite": self.cite,
            "confidence": self.confidence,
        })
    }
}

impl Change {
    /// `parameter`, `zone`, … or `several`.
    pub fn cause_kind(&self) -> &'static str {
        match (self.cause.certified, self.cause.items.as_slice()) {
            (true, [only]) => only.kind(),
            _ => "several",
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "pack": self.shown.pack,
            "pack_status": self.shown.pack_status,
            "condition": self.shown.condition,
            "title": self.shown.title,
            "before": {"verdict": self.before.range.name(), "legal": self.before.legal.name()},
            "after": {"verdict": self.after.range.name(), "legal": self.after.legal.name()},
            "subjects": self.subjects,
            "cause": {
                "kind": self.cause_kind(),
                "certified": self.cause.certified,
                "items": self.cause.items.iter().map(CauseItem::to_json).collect::<Vec<_>>(),
            },
            "witness": {
                "subject": self.witness_after.subject,
                "before": witness(&self.witness_before),
                "after": witness(&self.witness_after),
            },
        })
    }
}

/// What changes about the witness: day, value, threshold.
fn witness(finding: &Finding) -> Value {
    let bounds = finding.bounds.as_ref();
    let legal = finding.legal_bounds.as_ref();
    json!({
        "on": finding.on.map(|day| day.to_string()),
        "law_as_of": finding.law_as_of.to_string(),
        "operator": finding.operator.map(|operator| operator.name()),
        "threshold": finding.threshold.as_ref().map(|threshold| threshold.to_text()),
        "lower_fraction": bounds.and_then(|bounds| fraction(&bounds.lower)),
        "upper_fraction": bounds.and_then(|bounds| fraction(&bounds.upper)),
        "legal_lower_fraction": legal.and_then(|bounds| fraction(&bounds.lower)),
        "legal_upper_fraction": legal.and_then(|bounds| fraction(&bounds.upper)),
        "reason": finding.reason.map(Reason::name),
        "missing": finding.missing,
        "members": finding.members,
    })
}

impl Diff {
    /// How many findings change their verdict.
    pub fn changed(&self) -> u64 {
        self.changes.iter().map(|change| change.subjects.len() as u64).sum()
    }

    /// Whether anything differs: a verdict, or the law's text.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.text.is_empty()
    }

    /// The changes counted by how the legal verdict turns (the range where that stays), the most
    /// frequent first: verdict before, after, number.
    pub fn turns(&self) -> Vec<(Verdict, Verdict, u64)> {
        let mut turns: Vec<(Verdict, Verdict, u64)> = Vec::new();
        for change in &self.changes {
            let is_legal = change.before.legal != change.after.legal;
            let turn = if is_legal {
                (change.before.legal, change.after.legal)
            } else {
                (change.before.range, change.after.range)
            };
            let n = change.subjects.len() as u64;
            match turns.iter_mut().find(|(before, after, _)| (*before, *after) == turn) {
                Some((.., known)) => *known += n,
                None => turns.push((turn.0, turn.1, n)),
            }
        }
        turns.sort_by(|a, b| b.2.cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        turns
    }

    /// The object of `filiera diff --format json`.
    pub fn to_json(&self) -> Value {
        let turn = |(before, after, n): &(Verdict, Verdict, u64)| json!({"before": before.name(), "after": after.name(), "findings": n});
        json!({
            "schema": "filiera.diff/1",
            "title": self.title,
            "compared": self.compared.to_json(),
            "law_as_of": self.law_as_of.to_string(),
            "facts_as_of": self.facts_as_of.to_string(),
            "evidence_hash": self.evidence_hash,
            "packs": self.packs.iter().map(|(id, hash)| json!({"pack": id, "hash": hash})).collect::<Vec<_>>(),
            "findings": self.compared_findings,
            "changed": self.changed(),
            "unchanged": self.compared_findings.saturating_sub(self.changed()),
            "turns": self.turns().iter().map(turn).collect::<Vec<_>>(),
            "values": self.values.iter().map(CauseItem::to_json).collect::<Vec<_>>(),
            "text": self.text.iter().map(TextChange::to_json).collect::<Vec<_>>(),
            "changes": self.changes.iter().map(Change::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Compared {
    fn to_json(&self) -> Value {
        match self {
            Self::Days { from, to } => {
                json!({"what": "days", "from": from.to_string(), "to": to.to_string()})
            }
            Self::Law { from, to } => {
                json!({"what": "law", "from": from.to_string(), "to": to.to_string()})
            }
            Self::Packs { old, new } => json!({"what": "packs", "old": old, "new": new}),
        }
    }
}

impl TextChange {
    /// `added`, `removed` or `changed`.
    pub fn what(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            _ => "changed",
        }
    }

    fn to_json(&self) -> Value {
        json!({
            "kind": self.kind,
            "name": self.name,
            "what": self.what(),
            "key": self.key,
            "from": self.from.map(|day| day.to_string()),
            "to": self.to.map(|day| day.to_string()),
            "old": self.old,
            "new": self.new,
        })
    }
}
