//! What filiera tells people and programs: findings, explanations, reader reports, inspections,
//! and the stable JSON of each.
//!
//! Shapes only: nothing is computed, printed or read here.

mod explanation;
mod finding;
mod inspect;
mod reader;
mod run;

pub use explanation::{
    Explained, Explanation, Fact, LawText, ParameterUsed, RowGroup, RowShown, Step, UnreadFact,
};
pub use finding::{Due, Finding, Form, Reason, RowCounts, decimal_down, decimal_up, fraction};
pub use inspect::{BomCounts, Cycle, FileInspected, Inspection, RelationshipShown};
pub use reader::{Fault, Note, NoteKind, ReaderReport};
pub use run::{
    ConditionShown, EvidenceStrength, FormShown, ReadingRow, Reference, Run, SetAsideShown, Slice, Target,
};
