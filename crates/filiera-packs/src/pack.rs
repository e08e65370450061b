use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_model::Day;

use crate::{Condition, Parameter, Reading, Span, Spanned};

/// The populations a form may ask. A copy of `filiera_tables::Population`, which this crate does
/// not import; the engine's tests compare the two.
pub const POPULATIONS: [&str; 16] = [
    "components",
    "content",
    "holdings",
    "control",
    "flows",
    "production",
    "offer_items",
    "attestations",
    "costs",
    "trade",
    "trade_change",
    "appointments",
    "transactions",
    "commitments",
    "grants",
    "offers",
];

/// The canonical tables a case file may hold. A copy of `filiera_tables::TableKind`, like
/// [`POPULATIONS`].
pub const TABLES: [&str; 22] = [
    "parts",
    "values",
    "bom",
    "declarations",
    "vehicles",
    "installed",
    "costs",
    "companies",
    "interests",
    "appointments",
    "agreements",
    "transactions",
    "flows",
    "production",
    "offers",
    "offer_items",
    "criteria",
    "attestations",
    "trade",
    "commitments",
    "grants",
    "rates",
];

/// The law of one regime, as read from one file.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The path without the ending: `it/automotive-accord`.
    pub id: String,
    /// The file, for messages.
    pub file: String,
    /// The whole text; every span of the pack points into it.
    pub source: Arc<str>,
    /// `sha256:` and the hash of the text with line ends as `\n`.
    pub hash: String,
    /// The title.
    pub title: String,
    /// The status of the regime.
    pub status: Status,
    /// Where the law stands.
    pub references: Vec<Reference>,
    /// Whether the rule itself is lawful, if somebody asked.
    pub lawfulness: Option<Lawfulness>,
    /// Columns of the dossier beyond the canonical ones, in the order of the file.
    pub columns: Vec<ExtraColumn>,
    /// The parameters, by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// The conditions, in the order of the file.
    pub conditions: Vec<Condition>,
    /// The readings, in the order of the file.
    pub readings: Vec<Reading>,
}

/// Whether a regime is law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is in force, or will be on a day that stands.
    Enacted,
    /// It lies before a legislator.
    Proposed,
    /// It is somebody's text.
    Draft,
    /// It was law.
    Repealed,
}

/// A source of law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The act, the article, or the page.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When somebody last read what stands there: not the law itself, where that is a page about it.
    pub checked: Option<Day>,
    /// Where the reference stands.
    pub span: Span,
}

/// Whether a rule is itself lawful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lawfulness {
    /// What is doubtful.
    pub note: String,
    /// The nearest variant that is not.
    pub nearest: Option<String>,
}

/// A column of the dossier that the pack names beyond the canonical ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraColumn {
    /// The column.
    pub name: Spanned<String>,
    /// Whose column.
    pub of: ColumnOwner,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// Whose column an extra column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnOwner {
    /// This population's.
    Population(String),
    /// That of every company, wherever a column names one: `owner_blocked`.
    Companies,
    /// The subject's.
    Subject,
}

/// What the cells of an extra column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A decimal number.
    Number,
    /// A decimal number that is never below zero.
    Amount,
    /// A whole number.
    Whole,
    /// A day.
    Day,
    /// A country.
    Country,
    /// True or false.
    Truth,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Enacted, Self::Proposed, Self::Draft, Self::Repealed];

    /// The stable name: `enacted`, `proposed`, `draft`, `repealed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enacted => "enacted",
            Self::Proposed => "proposed",
            Self::Draft => "draft",
            Self::Repealed => "repealed",
        }
    }

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

impl ColumnKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Text, Self::Number, Self::Amount, Self::Whole, Self::Day, Self::Country, Self::Truth];

    /// The name a pack uses: `text`, `number`, `amount`, `whole`, `day`, `country`, `truth`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Amount => "amount",
            Self::Whole => "whole",
            Self::Day => "day",
            Self::Country => "country",
            Self::Truth => "truth",
        }
    }
}

impl Pack {
    /// The condition of this name.
    pub fn condition(&self, name: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.name == name)
    }

    /// The reading of this name.
    pub fn reading(&self, name: &str) -> Option<&Reading> {
        self.readings.iter().find(|reading| reading.name == name)
    }

    /// The readings of the condition of this name, in the order of the file.
    pub fn readings_of<'a>(&'a self, condition: &'a str) -> impl Iterator<Item = &'a Reading> {
        self.readings.iter().filter(move |reading| reading.of.value == condition)
    }

    /// The ids of the other packs that hold members of its conditions and readings.
    pub fn named(&self) -> BTreeSet<&str> {
        let read = self.readings.iter().map(|reading| &reading.condition);
        let members = self.conditions.iter().chain(read).flat_map(|condition| condition.form.members());
        let ids = members.filter_map(|member| member.pack.as_deref());
        ids.filter(|id| *id != self.id).collect()
    }

    /// The status that stands in the condition's findings: its own, or the pack's.
    pub fn status_of(&self, condition: &Condition) -> Status {
        condition.status.unwrap_or(self.status)
    }

    /// What the pack writes at `span`, or nothing when the span is not of this pack.
    pub fn text(&self, span: &Span) -> &str {
        self.source.get(span.clone()).unwrap_or_default()
    }
}
