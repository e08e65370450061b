//! What filiera tells people and programs: findings, explanations, reader reports, inspections,
//! and the stable JSON of each.
//!
//! Shapes only: nothing is computed, printed or read here.

mod answers;
mod due;
mod explanation;
mod finding;
mod inspect;
mod reader;
mod request;
mod run;

pub use answers::{Answer, AnswersReceived, FileChange, FindingChange, Side};
pub use due::{DueDay, DueItem, DueKind, DueList, VerdictChange, Verdicts};
pub use explanation::{
    Explained, Explanation, Fact, LawText, ParameterUsed, RowGroup, RowShown, Step, UnreadFact,
};
pub use finding::{Due, Finding, Form, Reason, RowCounts, decimal_down, decimal_up, fraction};
pub use inspect::{BomCounts, Cycle, FileInspected, Inspection, RelationshipShown};
pub use reader::{Fault, Note, NoteKind, ReaderReport};
pub use request::{
    ConditionAsked, Limit, Question, QuestionKind, REQUEST_SCHEMA, RequestSet, SupplierRequest,
};
pub use run::{
    ConditionShown, EvidenceStrength, FormShown, ReadingRow, Reference, Run, SetAsideShown, Slice, Target,
};
