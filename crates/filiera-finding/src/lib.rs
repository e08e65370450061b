//! What filiera tells people and programs: findings, explanations, reader reports, inspections,
//! and the stable JSON of each.
//!
//! Shapes only: nothing is computed, printed or read here.

mod answers;
mod breakeven;
mod diff;
mod due;
mod explanation;
mod finding;
mod fleet;
mod inspect;
mod matrix;
mod ownership;
mod reader;
mod request;
mod run;
mod settle;
mod what_if;

pub use answers::{Answer, AnswersReceived, FileChange, FindingChange, Side};
pub use breakeven::{Amount, Breakeven, Moving, PriceBreakeven};
pub use diff::{Cause, CauseItem, Change, Compared, DatedShown, Diff, EvidenceKind, TextChange};
pub use due::{DueDay, DueItem, DueKind, DueList, VerdictChange, Verdicts};
pub use explanation::{
    Explained, Explanation, Fact, LawText, ParameterUsed, RowGroup, RowShown, Step, UnreadFact,
};
pub use finding::{
    Due, Finding, Form, NOBODY, Rank, Reason, RowCounts, STREAMED_WITHOUT, decimal_down, decimal_up, fraction,
};
pub use fleet::{FleetRun, FleetTally, ModelTally, PaperTally, Tenths};
pub use inspect::{BomCounts, Cycle, FileInspected, Inspection, RelationshipShown};
pub use matrix::{Folded, Market, Matrix, NotAsked, Regime, regime_kinds};
pub use ownership::{
    ChainShown, CompanyOwned, Deciding, DecidingFact, EndCounts, EndState, HolderKind, HolderShown, InTheEnd,
    LinkShown, Ownership, OwnershipCounts, PartyShown, Remainder, StakeShown, StakeSource, VetoShown,
};
pub use reader::{Fault, Note, NoteKind, ReaderReport};
pub use request::{
    ConditionAsked, Limit, Question, QuestionKind, REQUEST_SCHEMA, RequestSet, SupplierRequest,
};
pub use run::{
    ConditionShown, EvidenceStrength, FormShown, ReadingRow, Reference, Run, SetAsideShown, Slice, Target,
};
pub use settle::{
    CommonSet, CommonStep, NoSet, PaperAsked, PaperRanked, PaperSays, PaperSet, Settlement, Settling,
};
pub use what_if::{ConditionTurned, SubjectTurned, WhatIf};
