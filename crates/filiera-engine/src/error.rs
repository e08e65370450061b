use std::ops::Range;

use arrow::error::ArrowError;
use filiera_origin::OriginError;
use filiera_predicate::{BindError, EvaluateError};
use filiera_tables::TableError;

/// Why nothing could be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The packs do not fit the evidence: every place, at once.
    #[error("{} faults in rule packs", .0.len())]
    Packs(Vec<BindFault>),
    /// The bill of materials cannot be walked.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// Asked to explain what is not there.
    #[error("no condition `{condition}` judges `{subject}`; {help}")]
    NothingToExplain {
        /// The condition asked for.
        condition: String,
        /// The subject asked for.
        subject: String,
        /// What there is.
        help: String,
    },
    /// Asked for the break-even of what has none.
    #[error("`{condition}` has no break-even for `{subject}`: {why}")]
    NoBreakEven {
        /// The condition asked for.
        condition: String,
        /// The subject asked for.
        subject: String,
        /// Why, and what to do.
        why: String,
    },
    /// Asked to settle what is not there.
    #[error("there is no {what} `{name}`; {help}")]
    NothingToSettle {
        /// A condition or a subject.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        help: String,
    },
    /// Our bug: columns do not fit each other.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    /// Our bug: a table does not fit its kind.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Our bug: a value does not fit its place in a predicate.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// Our bug, or a number beyond every limit: a predicate cannot be evaluated.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// A place in a pack that does not fit: an unknown column, a type error, an unknown member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindFault {
    /// The pack's id.
    pub pack: String,
    /// The pack's file.
    pub file: String,
    /// The bytes of the file's text that are meant.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}
