use std::ops::Range;

use arrow::datatypes::DataType;

/// Something wrong in the text of a predicate, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PredicateFault {
    /// The bytes of the text to underline. Empty at the end of a text that stops too early.
    pub span: Range<usize>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to write instead, where there is something.
    pub help: Option<String>,
}

impl PredicateFault {
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Why values cannot stand for the parameters and zones of a predicate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The predicate names it and no value was given.
    #[error("`{name}` has no value; give it one for this day")]
    Missing {
        /// `$name` or `@ZONE`.
        name: String,
    },
    /// The value is of another kind than the parameter was declared with.
    #[error("`{name}` is {found}; it was declared as {expected}")]
    Kind {
        /// `$name` or `@ZONE`.
        name: String,
        /// What it was declared as.
        expected: &'static str,
        /// What was given.
        found: &'static str,
    },
    /// A list of countries holds something else.
    #[error("`{code}` in `{name}` is no country; write its ISO 3166-1 alpha-2 code")]
    Country {
        /// `$name` or `@ZONE`.
        name: String,
        /// What is no country.
        code: String,
    },
    /// A list is compared with a column of few words and holds another one.
    #[error("`{word}` in `{name}` is never in that column; its words are {}", .words.join(", "))]
    Word {
        /// `$name`.
        name: String,
        /// The word.
        word: String,
        /// The words there are.
        words: &'static [&'static str],
    },
    /// A number has more than 12 decimals or more than 26 digits before them.
    #[error("`{name}` is {value}, which cannot be compared exactly; give it at most 12 decimals")]
    Number {
        /// `$name`.
        name: String,
        /// The exact value.
        value: String,
    },
    /// A share is not between 0 and 1.
    #[error("`{name}` is {value}, which is no share; write it between 0 and 1, or as `45 %`")]
    Share {
        /// `$name`.
        name: String,
        /// The exact value.
        value: String,
    },
    /// A number of days is not whole.
    #[error("`{name}` is {value}, which is no number of whole days")]
    Days {
        /// `$name`.
        name: String,
        /// The exact value.
        value: String,
    },
    /// A fault of this crate: the typed predicate could not be planned.
    #[error("the predicate cannot be planned; report this as a fault of filiera")]
    Plan(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a batch cannot be asked: always the caller's or this crate's fault, never the user's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The batch lacks a column that the predicate names.
    #[error("the rows have no column `{column}`")]
    MissingColumn {
        /// The column.
        column: String,
    },
    /// A column has another Arrow type than its kind.
    #[error("column `{column}` is {found}, not {expected}")]
    ColumnType {
        /// The column.
        column: String,
        /// The type of its kind.
        expected: DataType,
        /// The type in the batch.
        found: DataType,
    },
    /// The evaluation itself failed.
    #[error("the predicate cannot be evaluated; report this as a fault of filiera")]
    Evaluate(#[source] Box<dyn std::error::Error + Send + Sync>),
}
