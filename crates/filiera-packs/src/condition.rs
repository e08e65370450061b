use std::collections::BTreeMap;

use filiera_model::{Day, Exact, Operator};

use crate::{Form, Span, Spanned, Sql, Status};

/// One condition of a pack, or one with a reading's keys in place of its own.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The name within the pack.
    pub name: String,
    /// The title, in the law's words.
    pub title: String,
    /// The columns whose values are the subjects. A composition may leave it out: then it is that
    /// of its first member of this pack that needs no `via`, and empty when there is none.
    pub per: Vec<Spanned<String>>,
    /// Which subjects it speaks about; nothing: all.
    pub when: Option<Sql>,
    /// Which subjects do not meet it whatever the rows say; nothing: none.
    pub fails_when: Option<Sql>,
    /// The subject's column that dates it; nothing: the day of the law clock.
    pub dated_by: Option<Spanned<String>>,
    /// Which declarations make an `origin`.
    pub accepts: Accepts,
    /// The question.
    pub form: Form,
    /// The comparison; there exactly for `share`, `total`, `count`, `ratio` and `concentration`.
    pub comparison: Option<Comparison>,
    /// What the law makes of a row that may or may not be marked; nothing: it is silent.
    pub unknown: Option<Closure>,
    /// What the law makes of a row that may or may not be in scope; nothing: it is silent.
    pub unknown_scope: Option<ScopeClosure>,
    /// Whether a value on the threshold is remarked, because the law says "crossing".
    pub boundary_flag: bool,
    /// The day a target falls due.
    pub due: Option<Day>,
    /// The article.
    pub cite: Option<String>,
    /// The status of this condition, where it is not the pack's.
    pub status: Option<Status>,
    /// Compositions: for the members that judge another subject, the column of ours that names it.
    /// By member as written in the pack.
    pub via: BTreeMap<String, Spanned<String>>,
    /// What meeting it earns.
    pub grants: Option<Grants>,
    /// What counts as control for it; nothing: more than half of the votes or seats, or a contract.
    pub control_rule: Option<ControlRule>,
    /// The condition's whole text, heading included.
    pub span: Span,
    /// The line of the heading, counted from 1.
    pub line: u32,
}

/// What counts as control of a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRule {
    /// The part of the votes, or of what contracts give, that has to be passed.
    pub over: Exact,
    /// Whether that part itself is enough.
    pub inclusive: bool,
    /// What gives control; never empty.
    pub by: Vec<ControlBy>,
}

/// What may give control of a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlBy {
    /// Votes.
    Votes,
    /// More than half of the seats of its board.
    Board,
    /// A contract.
    Contract,
}

impl ControlBy {
    /// Everything that may give control.
    pub const ALL: [Self; 3] = [Self::Votes, Self::Board, Self::Contract];

    /// The stable name: `votes`, `board`, `contract`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Votes => "votes",
            Self::Board => "board",
            Self::Contract => "contract",
        }
    }
}

/// A condition's words, taken another lawful way.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The name within the pack.
    pub name: String,
    /// The condition it reads.
    pub of: Spanned<String>,
    /// How the words are taken.
    pub title: String,
    /// The condition with the reading's keys in place of its own; it keeps the condition's name and
    /// title.
    pub condition: Condition,
    /// Whether it is judged always, and the condition's finding says so where its verdict differs.
    pub beside: bool,
    /// The reading's whole text, heading included.
    pub span: Span,
    /// The line of the heading, counted from 1.
    pub line: u32,
}

/// Which declarations make an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepts {
    /// The bases; nothing: any.
    pub basis: Option<Vec<String>>,
    /// The classes of evidence; never empty, `declared` unless the pack says otherwise.
    pub evidence: Vec<Evidence>,
}

/// How a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Somebody states it.
    Declared,
    /// Somebody saw it.
    Observed,
    /// It follows from other facts.
    Inferred,
    /// It is taken for granted.
    Assumed,
}

/// How the value of a condition is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub operator: Operator,
    /// With what.
    pub threshold: Spanned<Threshold>,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// This number; a percentage is a share of one.
    Number(Exact),
    /// The parameter of this name, on the subject's day; its unit fits the form.
    Parameter(String),
}

/// What the law makes of rows that may or may not be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Whether they count as marked (`"yes"`).
    pub counts_as: bool,
    /// The source.
    pub cite: String,
    /// Where it stands.
    pub span: Span,
}

/// What the law makes of rows that may or may not be in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeClosure {
    /// Whether they count as in scope (`"in"`).
    pub counts_in: bool,
    /// The source.
    pub cite: String,
    /// Where it stands.
    pub span: Span,
}

/// What meeting a condition earns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// The benefit.
    pub of: String,
    /// How much of it.
    pub up_to: Option<String>,
    /// When it is taken back.
    pub clawback: Option<String>,
}

impl Accepts {
    /// Any basis, declared.
    pub fn any_declared() -> Self {
        Self { basis: None, evidence: vec![Evidence::Declared] }
    }
}

impl Evidence {
    /// Every class, strongest first.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Observed, Self::Inferred, Self::Assumed];

    /// The stable name: `declared`, `observed`, `inferred`, `assumed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Assumed => "assumed",
        }
    }
}

impl Condition {
    /// Every predicate: those over the subject, then those of the form.
    pub fn predicates(&self) -> Vec<&Sql> {
        self.when.iter().chain(&self.fails_when).chain(self.form.predicates()).collect()
    }

    /// The first line of the condition in `source`, the pack's whole text.
    pub(crate) fn heading(&self, source: &str) -> Span {
        let text = source.get(self.span.clone()).unwrap_or_default();
        self.span.start..self.span.start + text.find(['\r', '\n']).unwrap_or(text.len())
    }
}
