use std::ops::Range;

use filiera_model::{Country, Day, Exact};
use filiera_tables::ColumnKind;

use crate::ParameterKind;

/// A typed part of a predicate and where it stands in the text.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) class: Class,
    pub(crate) shape: Shape,
}

/// What a part yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// It has a fault that is reported already; nothing more is said about it.
    Broken,
    Truth,
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    Country,
    Currency,
    Number,
    Day,
    /// A length of time, to be added to a day.
    Length,
    /// A list parameter or a zone: only a member of an `IN`.
    List(ParameterKind),
}

/// What a part is.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Broken,
    Column(String, ColumnKind),
    Text(String),
    Country(Country),
    Number(Exact),
    Day(Day),
    Truth(bool),
    /// `$name` with its sign, not a list.
    Scalar(String, ParameterKind),
    /// `$name` or `@ZONE` with its sign, a list.
    List(String, ParameterKind),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Between {
        value: Box<Node>,
        low: Box<Node>,
        high: Box<Node>,
    },
    In {
        needle: Box<Node>,
        members: Vec<Node>,
    },
    Like {
        value: Box<Node>,
        pattern: String,
        any_case: bool,
    },
    Concat(Box<Node>, Box<Node>),
    Fold(Fold, Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Length(Length),
    /// A day, so much later, or earlier when `back`.
    Shifted {
        day: Box<Node>,
        by: Box<Node>,
        back: bool,
    },
    /// The days from the second day to the first.
    Elapsed(Box<Node>, Box<Node>),
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    Days(i32),
    Months(i32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    pub(crate) fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Plus,
    Minus,
    Times,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fold {
    Lower,
    Upper,
}

impl Node {
    pub(crate) fn new(span: Range<usize>, class: Class, shape: Shape) -> Self {
        Self { span, class, shape }
    }

    pub(crate) fn broken(span: Range<usize>) -> Self {
        Self::new(span, Class::Broken, Shape::Broken)
    }

    pub(crate) fn truth(span: Range<usize>, shape: Shape) -> Self {
        Self::new(span, Class::Truth, shape)
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.class == Class::Broken
    }

    pub(crate) fn at(self, span: Range<usize>) -> Self {
        Self { span, ..self }
    }
}

impl Class {
    pub(crate) fn of_column(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text,
            ColumnKind::Choice(words) => Self::Word(words),
            ColumnKind::Number
            | ColumnKind::Amount
            | ColumnKind::Positive
            | ColumnKind::Share
            | ColumnKind::ShareRange
            | ColumnKind::Whole => Self::Number,
            ColumnKind::Day => Self::Day,
            ColumnKind::Country | ColumnKind::Origin => Self::Country,
            ColumnKind::Currency => Self::Currency,
            ColumnKind::Truth => Self::Truth,
        }
    }

    pub(crate) fn of_parameter(kind: ParameterKind) -> Self {
        match kind {
            ParameterKind::Countries | ParameterKind::Text => Self::List(kind),
            ParameterKind::Number | ParameterKind::Share => Self::Number,
            ParameterKind::Day => Self::Day,
            ParameterKind::Truth => Self::Truth,
        }
    }

    /// Whether values are texts that need no check before they are compared with free text.
    pub(crate) fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::Word(_) | Self::Currency)
    }

    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Broken => "faulty",
            Self::Truth => "true or false",
            Self::Text => "a text",
            Self::Word(_) => "a word of a fixed list",
            Self::Country => "a country",
            Self::Currency => "a currency",
            Self::Number => "a number",
            Self::Day => "a day",
            Self::Length => "a length of time",
            Self::List(kind) => kind.described(),
        }
    }
}
