use std::collections::BTreeMap;

use filiera_model::{Day, Verdict};
use serde_json::{Value, json};

/// What expires or falls due around a day, and which verdicts change with it.
///
/// Its JSON is versioned `filiera.due/1`: one object, its days in order, overdue ones first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueList {
    /// The dossier's title.
    pub title: String,
    /// The day it was asked for.
    pub on: Day,
    /// The last day looked at.
    pub until: Day,
    /// The days on which something expires or falls due, in order.
    pub days: Vec<DueDay>,
    /// SHA-256 of the canonical evidence.
    pub evidence_hash: String,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// Everything that ends on one day, and what a product built the day after is found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDay {
    /// The last day that what ends still holds, or the day by which it is due.
    pub on: Day,
    /// Whether the day has passed.
    pub overdue: bool,
    /// What ends or falls due.
    pub items: Vec<DueItem>,
    /// The verdicts that differ between a product built on the day and one built the day after.
    pub changes: Vec<VerdictChange>,
}

/// One thing that ends or falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// What it is.
    pub kind: DueKind,
    /// Whom or what it is about: a part, a subject, a commitment, `pack#parameter`.
    pub name: String,
    /// The supplier, the party.
    pub party: Option<String>,
    /// What a person needs to know beside the name: the basis, the requirement, the new value.
    pub what: Option<String>,
    /// The paper's number.
    pub document: Option<String>,
    /// `file, row N`, or the law cited.
    pub place: Option<String>,
    /// Subjects of each verdict today, for a target: the range.
    pub standing: BTreeMap<Verdict, u64>,
}

/// What can end or fall due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DueKind {
    /// A commitment's day.
    Commitment,
    /// A grant's day.
    Grant,
    /// The end of the time a grant or commitment binds.
    Horizon,
    /// The day a condition's target falls due.
    Target,
    /// The last day of a dated value of the law.
    Law,
    /// The last day of a certificate or confirmation.
    Attestation,
    /// The last day of a declaration of origin.
    Declaration,
    /// The last day of a stated price.
    Price,
}

/// A verdict that differs from one day to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictChange {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The subject.
    pub subject: String,
    /// The day from which it holds: the subject was judged as if built on it.
    pub from: Day,
    /// Range and legal verdict the day before.
    pub before: Verdicts,
    /// Range and legal verdict from that day on.
    pub after: Verdicts,
    /// Where the change lies in the past: what a product built on the day asked for is found to be.
    pub now: Option<Verdicts>,
    /// The places, in the day's items, of those that touch the subject.
    pub because: Vec<usize>,
}

/// The two verdicts of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdicts {
    /// Over everything that could be true.
    pub range: Verdict,
    /// Once the law's closure has decided the unknowns.
    pub legal: Verdict,
}

impl DueKind {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Commitment => "commitment",
            Self::Grant => "grant",
            Self::Horizon => "horizon",
            Self::Target => "target",
            Self::Law => "law",
            Self::Attestation => "attestation",
            Self::Declaration => "declaration",
            Self::Price => "price",
        }
    }
}

impl Verdicts {
    /// Whether either verdict is worse than before: met is best, then undetermined, then not met.
    /// To and from *not applicable* is no fall.
    pub fn fall_from(self, before: Self) -> bool {
        let worse = |before: Verdict, after: Verdict| {
            rank(before).zip(rank(after)).is_some_and(|(before, after)| after < before)
        };
        worse(before.range, self.range) || worse(before.legal, self.legal)
    }

    fn to_json(self) -> Value {
        json!({"verdict": self.range.name(), "legal": self.legal.name()})
    }
}

fn rank(verdict: Verdict) -> Option<u8> {
    match verdict {
        Verdict::NotMet => Some(0),
        Verdict::Undetermined => Some(1),
        Verdict::Met => Some(2),
        Verdict::NotApplicable => None,
    }
}

impl VerdictChange {
    /// Whether the verdict became worse.
    pub fn falls(&self) -> bool {
        self.after.fall_from(self.before)
    }

    fn to_json(&self) -> Value {
        json!({
            "pack": self.pack, "condition": self.condition, "subject": self.subject,
            "from": self.from.to_string(), "falls": self.falls(),
            "before": self.before.to_json(), "after": self.after.to_json(),
            "now": self.now.map(Verdicts::to_json), "because": self.because,
        })
    }
}

impl DueItem {
    fn to_json(&self) -> Value {
        let standing: BTreeMap<&str, u64> =
            self.standing.iter().map(|(verdict, count)| (verdict.name(), *count)).collect();
        json!({
            "kind": self.kind.name(), "name": self.name, "party": self.party, "what": self.what,
            "document": self.document, "place": self.place, "standing": standing,
        })
    }
}

impl DueDay {
    fn to_json(&self) -> Value {
        json!({
            "on": self.on.to_string(), "overdue": self.overdue,
            "items": self.items.iter().map(DueItem::to_json).collect::<Vec<_>>(),
            "changes": self.changes.iter().map(VerdictChange::to_json).collect::<Vec<_>>(),
        })
    }
}

impl DueList {
    /// Whether something is overdue, or some verdict falls.
    pub fn is_pressing(&self) -> bool {
        self.days.iter().any(|day| day.overdue || day.changes.iter().any(VerdictChange::falls))
    }

    /// The object `filiera.due/1`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.due/1", "title": self.title,
            "on": self.on.to_string(), "until": self.until.to_string(),
            "days": self.days.iter().map(DueDay::to_json).collect::<Vec<_>>(),
            "evidence_hash": self.evidence_hash,
            "law_as_of": self.law_as_of.to_string(), "facts_as_of": self.facts_as_of.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_worse_in_either_verdict() {
        let both = |verdict| Verdicts { range: verdict, legal: verdict };
        let (met, open, failed) = (both(Verdict::Met), both(Verdict::Undetermined), both(Verdict::NotMet));
        assert!(open.fall_from(met) && failed.fall_from(open) && !met.fall_from(open));
        assert!(Verdicts { legal: Verdict::NotMet, ..open }.fall_from(open));
        assert!(!both(Verdict::NotApplicable).fall_from(met) && !met.fall_from(met));
    }
}
