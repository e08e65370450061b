use filiera_model::{Country, Day, Exact};

use crate::Span;

/// The parameter by which a pack says how many days a supplier's paper may be valid, both ends counted:
/// no condition asks for it, requests to suppliers do.
pub const DECLARATION_VALID_DAYS: &str = "declaration_valid_days";

/// A number, list or day of the law, which changes with time.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name, which predicates and thresholds write `$name`.
    pub name: String,
    /// What the values are.
    pub unit: Unit,
    /// One line for people.
    pub about: Option<String>,
    /// The dated values, in the order of the file; each knows its place in this list.
    pub values: Vec<DatedValue>,
    /// The heading.
    pub span: Span,
}

/// What the values of a parameter are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A part of a whole: `45 %`.
    Share,
    /// A plain number.
    Number,
    /// An amount in this currency.
    Money(String),
    /// A list of countries and zones.
    Countries,
    /// A list of texts.
    Texts,
    /// A day.
    Day,
}

/// One value of a parameter, with the days it applies to and the days it was known.
#[derive(Clone, Debug)]
pub struct DatedValue {
    /// The place in [`Parameter::values`], which stays the same as long as the file does.
    pub index: usize,
    /// The first day it applies to; nothing: always.
    pub from: Option<Day>,
    /// The last day it applies to; nothing: until the next value known begins.
    pub to: Option<Day>,
    /// The value.
    pub value: Value,
    /// The first day it was known; nothing: always.
    pub published: Option<Day>,
    /// The first day it no longer counts; nothing: it still does.
    pub repealed_on: Option<Day>,
    /// The source.
    pub cite: String,
    /// How well the source is known.
    pub confidence: Confidence,
    /// The value as the pack writes it, without quotes: `45 %`, `["IT", "@EU"]`.
    pub text: String,
    /// Where the value stands.
    pub span: Span,
}

/// A value of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A share, number or amount.
    Number(Exact),
    /// Countries and zones; which countries a zone holds depends on the subject's day.
    Countries(Vec<CountryTerm>),
    /// Texts.
    Texts(Vec<String>),
    /// A day.
    Day(Day),
}

/// One entry of a list of countries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CountryTerm {
    /// A country.
    Country(Country),
    /// The members of this zone, named without `@`.
    Zone(String),
}

/// How well a source is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Read in the law itself.
    Primary,
    /// Read in somebody's account of it.
    Secondary,
    /// Remembered, not looked up: for drafts only.
    Memory,
}

/// Why a parameter has no value on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// The day lies before the first value known.
    BeforeLaw,
    /// The day lies after the last value known has ended.
    AfterLaw,
}

impl Unit {
    /// The name a pack uses: `share`, `number`, `money`, `countries`, `texts`, `day`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Number => "number",
            Self::Money(_) => "money",
            Self::Countries => "countries",
            Self::Texts => "texts",
            Self::Day => "day",
        }
    }

    /// The names of the units, as a pack writes them.
    pub const NAMES: [&'static str; 6] = ["share", "number", "money", "countries", "texts", "day"];
}

impl Confidence {
    /// Every degree, best first.
    pub const ALL: [Self; 3] = [Self::Primary, Self::Secondary, Self::Memory];

    /// The stable name: `primary`, `secondary`, `memory`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Memory => "memory",
        }
    }

    /// The degree of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.name() == name)
    }
}

impl DatedValue {
    /// Whether the value was law, or to become law, as seen on `law_as_of`.
    pub fn is_known_on(&self, law_as_of: Day) -> bool {
        self.published.is_none_or(|published| published <= law_as_of)
            && self.repealed_on.is_none_or(|repealed| law_as_of < repealed)
    }
}

impl Parameter {
    /// The value that applies to `day`, among those known on `law_as_of`.
    ///
    /// # Errors
    /// [`NoValue`] when none applies: before the first known value begins, or after one ended.
    /// While nothing is known, it is before the law if something is still to be published, and
    /// after it otherwise.
    pub fn value_on(&self, law_as_of: Day, day: Day) -> Result<&DatedValue, NoValue> {
        let begun = || self.known(law_as_of).filter(|value| value.from.is_none_or(|from| from <= day));
        let Some(latest) = begun().map(|value| value.from).max() else {
            return Err(self.none_begun(law_as_of));
        };
        let applies = |value: &&DatedValue| value.to.map_or(value.from == latest, |to| day <= to);
        begun().filter(applies).max_by_key(|value| value.from).ok_or(NoValue::AfterLaw)
    }

    /// The days on which the answer of [`Parameter::value_on`] may change, ascending: the first day
    /// of each known value, and the day after each stated last day.
    pub fn changes(&self, law_as_of: Day) -> Vec<Day> {
        let ends = |value: &DatedValue| [value.from, value.to.map(Day::next)];
        let mut days: Vec<Day> = self.known(law_as_of).flat_map(ends).flatten().collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn known(&self, law_as_of: Day) -> impl Iterator<Item = &DatedValue> {
        self.values.iter().filter(move |value| value.is_known_on(law_as_of))
    }

    fn none_begun(&self, law_as_of: Day) -> NoValue {
        let to_come = |value: &DatedValue| value.published.is_some_and(|published| law_as_of < published);
        if self.known(law_as_of).next().is_some() || self.values.iter().any(to_come) {
            NoValue::BeforeLaw
        } else {
            NoValue::AfterLaw
        }
    }
}
