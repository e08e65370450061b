use filiera_model::{Bounds, Verdict};
use serde_json::{Value, json};

use crate::{Fault, QuestionKind, Verdicts, fraction};

/// What suppliers answered, and what their answers change.
///
/// Its JSON is versioned `filiera.answers/1`: one object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswersReceived {
    /// The dossier's title.
    pub title: String,
    /// The files read.
    pub files: Vec<String>,
    /// What is wrong with them; the sheet stands beside the file.
    pub faults: Vec<Fault>,
    /// The answers without fault.
    pub answers: Vec<Answer>,
    /// Questions without an answer, as `part of supplier`.
    pub unanswered: Vec<String>,
    /// Answers whose rows the dossier holds already, as `part of supplier`: they are not added again.
    pub already: Vec<String>,
    /// Findings that the answers without fault change, in the order of a check.
    pub changes: Vec<FindingChange>,
    /// Findings about the subjects touched that stay as they are.
    pub unchanged: u64,
    /// The files written, or that would be: each with what becomes of it.
    pub written: Vec<FileChange>,
    /// Whether they were written.
    pub is_written: bool,
    /// What the tables have no column for.
    pub not_kept: Vec<String>,
    /// SHA-256 of the canonical evidence without and with the answers.
    pub evidence_hash: (String, String),
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question's id.
    pub question: String,
    /// What was asked.
    pub kind: QuestionKind,
    /// The part.
    pub part: String,
    /// Who answered.
    pub supplier: String,
    /// What the answer says: `IT 60 %, TW 40 % · non-preferential · 2026-01-01 to 2026-12-31`.
    pub says: String,
    /// `file, sheet, row N`.
    pub place: String,
}

/// One finding without and with the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The subject.
    pub subject: String,
    /// Without the answers.
    pub before: Side,
    /// With them.
    pub after: Side,
    /// Whether values are shares, shown as percentages.
    pub is_share: bool,
}

/// Verdicts and bounds of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The verdicts.
    pub verdicts: Verdicts,
    /// Every value the evidence allows.
    pub bounds: Option<Bounds>,
}

/// What becomes of a file of the dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The file, relative to the dossier.
    pub file: String,
    /// How many rows it gains.
    pub rows: u64,
    /// Whether it was not there before.
    pub is_new: bool,
}

impl AnswersReceived {
    /// Whether nothing is wrong with the files.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    /// The object `filiera.answers/1`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.answers/1", "title": self.title, "files": self.files,
            "faults": self.faults.iter().map(Fault::to_json).collect::<Vec<_>>(),
            "answers": self.answers.iter().map(Answer::to_json).collect::<Vec<_>>(),
            "unanswered": self.unanswered, "already": self.already,
            "changes": self.changes.iter().map(FindingChange::to_json).collect::<Vec<_>>(),
            "unchanged": self.unchanged,
            "written": self.written.iter().map(FileChange::to_json).collect::<Vec<_>>(),
            "is_written": self.is_written, "not_kept": self.not_kept,
            "evidence_hash_before": self.evidence_hash.0, "evidence_hash_after": self.evidence_hash.1,
        })
    }
}

impl Answer {
    fn to_json(&self) -> Value {
        json!({
            "question": self.question, "kind": self.kind.name(), "part": self.part,
            "supplier": self.supplier, "says": self.says, "place": self.place,
        })
    }
}

impl FindingChange {
    /// Whether a verdict, and not only a bound, is another.
    pub fn turns(&self) -> bool {
        self.before.verdicts != self.after.verdicts
    }

    fn to_json(&self) -> Value {
        json!({
            "pack": self.pack, "condition": self.condition, "subject": self.subject,
            "before": self.before.to_json(), "after": self.after.to_json(),
        })
    }
}

impl Side {
    fn to_json(&self) -> Value {
        let bounds = self.bounds.as_ref();
        json!({
            "verdict": Verdict::name(self.verdicts.range), "legal": self.verdicts.legal.name(),
            "lower_fraction": bounds.and_then(|bounds| fraction(&bounds.lower)),
            "upper_fraction": bounds.and_then(|bounds| fraction(&bounds.upper)),
        })
    }
}

impl FileChange {
    fn to_json(&self) -> Value {
        json!({"file": self.file, "rows": self.rows, "new": self.is_new})
    }
}
