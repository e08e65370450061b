use filiera_model::Day;
use thiserror::Error;

/// What is wrong with a text, or odd about it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Cause {
    /// The text is not TOML.
    #[error("this is not TOML: {0}")]
    Syntax(String),
    /// A key nobody reads.
    #[error("unknown key `{key}` in {}", table(place))]
    UnknownKey {
        /// The key.
        key: String,
        /// The table it stands in; empty: none.
        place: String,
        /// The nearest known key, or all of them.
        instead: Instead,
    },
    /// A key that must be there.
    #[error("{} has no `{key}`", table(place))]
    MissingKey {
        /// The key.
        key: &'static str,
        /// The table it should stand in; empty: none.
        place: String,
    },
    /// A key that means nothing where it stands.
    #[error("`{key}` means nothing here: {why}")]
    Misplaced {
        /// The key.
        key: String,
        /// Why not.
        why: String,
    },
    /// A value of another kind than the key holds.
    #[error("`{place}` is {found}, not {wanted}")]
    WrongType {
        /// The key, with the tables it stands in.
        place: String,
        /// What it should be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A word outside a closed list: a status, a unit, a population, a method.
    #[error("unknown {what} `{word}`")]
    UnknownWord {
        /// What the word should name.
        what: &'static str,
        /// The word.
        word: String,
        /// The nearest known word, or all of them.
        instead: Instead,
    },
    /// A name that cannot be referred to.
    #[error("`{name}` cannot be the name of a {what}")]
    BadName {
        /// What it should name.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A text that is no currency code.
    #[error("`{0}` is no currency")]
    BadCurrency(String),
    /// A text or list that holds nothing.
    #[error("`{0}` is empty")]
    Empty(String),
    /// An entry that stands twice in a list.
    #[error("`{0}` stands twice in this list")]
    Repeated(String),
    /// A text that is no exact number.
    #[error("{0}")]
    BadNumber(String),
    /// A bare number where a share is meant.
    #[error("`{0}` does not say whether it is a share or a percentage")]
    BareShare(String),
    /// A code of no country.
    #[error("there is no country `{code}`")]
    UnknownCountry {
        /// The code.
        code: String,
        /// Another way to write it, if one is near.
        instead: Instead,
    },
    /// A zone that no zones file names.
    #[error("there is no zone `@{zone}`")]
    UnknownZone {
        /// The zone.
        zone: String,
        /// The nearest zone, or all of them.
        instead: Instead,
    },
    /// A last day before the first.
    #[error("`{later}` ({last}) lies before `{earlier}` ({first})")]
    DatesReversed {
        /// The key of the first day.
        earlier: &'static str,
        /// The first day.
        first: Day,
        /// The key of the last day.
        later: &'static str,
        /// The last day.
        last: Day,
    },
    /// A value repealed on the day it was published.
    #[error("a value repealed on the day it was published was never known")]
    NeverKnown,
    /// Two values known on the same day apply to the same day.
    #[error("two values of `{name}` apply {}", on.map_or_else(|| "to the same days".to_owned(), |on| format!("on {on}")))]
    Overlap {
        /// The parameter.
        name: String,
        /// A day on which both apply; nothing: on all days, or up to a stated one.
        on: Option<Day>,
    },
    /// A country that is a member of a zone twice on one day.
    #[error("`{country}` is a member twice{}", on.map_or_else(String::new, |on| format!(" on {on}")))]
    MemberTwice {
        /// The country.
        country: String,
        /// A day on which it is; nothing: on all days, or up to a stated one.
        on: Option<Day>,
    },
    /// No value known on the same day applies between two others.
    #[error("no value of `{name}` applies from {first} to {last}")]
    Gap {
        /// The parameter.
        name: String,
        /// The first day without a value.
        first: Day,
        /// The last day without a value.
        last: Day,
    },
    /// A condition that asks nothing.
    #[error("`{0}` asks nothing")]
    NoForm(String),
    /// A criterion that gives no points.
    #[error("`{0}` does not say how it gives points")]
    NoCriterion(String),
    /// A condition that asks twice.
    #[error("`{place}` has two {what}: `{first}` and `{second}`")]
    Two {
        /// The condition.
        place: String,
        /// Forms or operators.
        what: &'static str,
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
    /// A form that gives a value, and nothing to compare it with.
    #[error("the {form} of `{place}` is compared with nothing")]
    NoOperator {
        /// The condition.
        place: String,
        /// The form.
        form: &'static str,
    },
    /// A form that every row passes.
    #[error("`{form}` without `where` {outcome}")]
    Vacuous {
        /// The form.
        form: &'static str,
        /// What it always is.
        outcome: &'static str,
    },
    /// A reference to nothing.
    #[error("there is no {what} `{name}`{place}")]
    NoSuch {
        /// What it should be.
        what: &'static str,
        /// The name.
        name: String,
        /// Where it was looked for, with a leading space; empty: in this file.
        place: String,
        /// The nearest name, or all of them.
        instead: Instead,
    },
    /// A parameter of a unit that cannot be compared with the form's value.
    #[error("`${parameter}` is of unit `{unit}`, but a {form} is compared with {wants}")]
    UnitMismatch {
        /// The parameter.
        parameter: String,
        /// Its unit.
        unit: &'static str,
        /// The form.
        form: String,
        /// The units that fit.
        wants: &'static str,
    },
    /// A percentage compared with something that is no share.
    #[error("a {form} is no share and cannot be compared with `{threshold}`")]
    NotAShare {
        /// The form.
        form: &'static str,
        /// The threshold.
        threshold: String,
    },
    /// A threshold that decides nothing.
    #[error("`{operator} = {threshold}` is {outcome} of a {form}")]
    Unreachable {
        /// The operator.
        operator: &'static str,
        /// The threshold.
        threshold: String,
        /// The form.
        form: &'static str,
        /// `always true` or `never true`.
        outcome: &'static str,
    },
    /// A number of members that there are not.
    #[error("`at_least = {needed}` can never be met: {}", there_are(*members))]
    TooFewMembers {
        /// How many must be met.
        needed: usize,
        /// How many there are.
        members: usize,
    },
    /// A fact nobody checked, under a condition that is not a draft.
    #[error("`{parameter}` is known from memory only, and `{user}` is not a draft")]
    Memory {
        /// The parameter.
        parameter: String,
        /// The condition or reading that uses it.
        user: String,
    },
    /// Conditions made of each other.
    #[error("conditions are made of each other: {0}")]
    Cycle(String),
    /// A member about another subject.
    #[error("`{member}` judges {theirs}, not {ours}")]
    OtherSubject {
        /// The member.
        member: String,
        /// Its subject columns.
        theirs: String,
        /// The composition's subject columns.
        ours: String,
    },
    /// Nothing to judge by.
    #[error("the pack has no condition")]
    NoCondition,
    /// A parameter that nothing uses.
    #[error("nothing uses the parameter `{0}`")]
    Unused(String),
    /// A source nobody looked at within a year.
    #[error("`{title}` was {}", checked.map_or_else(|| "never checked".to_owned(), |day| format!("last checked on {day}")))]
    Stale {
        /// The source.
        title: String,
        /// When somebody last looked.
        checked: Option<Day>,
    },
    /// A closure of something that is never open.
    #[error("`{key}` closes nothing: the form has no `{closes}`")]
    IdleClosure {
        /// The closure's key.
        key: &'static str,
        /// The predicate it would close.
        closes: &'static str,
    },
    /// An amount without a currency.
    #[error("an amount of money is compared with a number that has no currency")]
    NoCurrency,
}

fn there_are(members: usize) -> String {
    if members == 1 { "there is one member".to_owned() } else { format!("there are {members} members") }
}

fn table(place: &str) -> String {
    if place.is_empty() { "the file".to_owned() } else { format!("`{place}`") }
}

/// What somebody probably meant.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Instead {
    /// Nothing comes near.
    #[default]
    Unknown,
    /// This.
    Near(String),
    /// One of these.
    OneOf(Vec<String>),
}

impl Instead {
    fn help(&self) -> Option<String> {
        match self {
            Self::Unknown => None,
            Self::Near(name) => Some(format!("did you mean `{name}`?")),
            Self::OneOf(names) => Some(format!("known: `{}`", names.join("`, `"))),
        }
    }
}

impl Cause {
    /// Whether the text can be used all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::Unused(_) | Self::Stale { .. } | Self::IdleClosure { .. } | Self::NoCurrency)
    }

    /// The stable code: `pack/unknown-key`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "pack/syntax",
            Self::UnknownKey { .. } => "pack/unknown-key",
            Self::MissingKey { .. } => "pack/missing-key",
            Self::Misplaced { .. } => "pack/misplaced",
            Self::WrongType { .. } => "pack/wrong-type",
            Self::UnknownWord { .. } => "pack/unknown-word",
            Self::BadName { .. } => "pack/name",
            Self::BadCurrency(_) => "pack/currency",
            Self::Empty(_) => "pack/empty",
            Self::Repeated(_) => "pack/repeated",
            Self::BadNumber(_) => "pack/number",
            Self::BareShare(_) => "pack/bare-share",
            Self::UnknownCountry { .. } => "pack/country",
            Self::UnknownZone { .. } => "pack/zone",
            Self::DatesReversed { .. } => "pack/dates-reversed",
            Self::NeverKnown => "pack/never-known",
            Self::Overlap { .. } => "pack/overlap",
            Self::MemberTwice { .. } => "pack/member-twice",
            Self::Gap { .. } => "pack/gap",
            Self::NoForm(_) => "pack/no-form",
            Self::NoCriterion(_) => "pack/no-criterion",
            Self::Two { .. } => "pack/two",
            Self::NoOperator { .. } => "pack/no-operator",
            Self::Vacuous { .. } => "pack/vacuous",
            Self::NoSuch { .. } => "pack/no-such",
            Self::UnitMismatch { .. } => "pack/unit",
            Self::NotAShare { .. } => "pack/not-a-share",
            Self::Unreachable { .. } => "pack/unreachable",
            Self::TooFewMembers { .. } => "pack/members",
            Self::Memory { .. } => "pack/memory",
            Self::Cycle(_) => "pack/cycle",
            Self::OtherSubject { .. } => "pack/other-subject",
            Self::NoCondition => "pack/no-condition",
            Self::Unused(_) => "pack/unused",
            Self::Stale { .. } => "pack/stale",
            Self::IdleClosure { .. } => "pack/idle-closure",
            Self::NoCurrency => "pack/no-currency",
        }
    }

    /// The remedy.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownKey { instead, .. }
            | Self::UnknownWord { instead, .. }
            | Self::UnknownZone { instead, .. }
            | Self::NoSuch { instead, .. } => instead.help(),
            Self::UnknownCountry { instead, .. } => instead
                .help()
                .or_else(|| Some("write an ISO 3166-1 code (`IT`) or a zone (`@EU`)".to_owned())),
            Self::MissingKey { key, .. } => Some(format!("add `{key}`")),
            Self::WrongType { found: "a decimal number", .. } => {
                Some("write decimals as text, so that they stay exact: `\"0.45\"` or `\"45 %\"`".to_owned())
            }
            Self::BadName { what, .. } => {
                let dash = if matches!(*what, "condition" | "reading") { ", `-`" } else { "" };
                Some(format!("use letters, digits{dash} and `_`"))
            }
            Self::BareShare(text) => Some(format!("write `\"{text} %\"`, or a fraction such as `\"9/20\"`")),
            Self::Gap { .. } => Some("leave `to` out, or add the value in between".to_owned()),
            other => other.fixed_help().map(str::to_owned),
        }
    }

    fn fixed_help(&self) -> Option<&'static str> {
        Some(match self {
            Self::DatesReversed { .. } => "exchange the days, or correct one",
            Self::BadCurrency(_) => "write the three capitals of ISO 4217, such as `EUR`",
            Self::MemberTwice { .. } => "end the first time with `to`",
            Self::NeverKnown => "remove the value, or correct `repealed_on`",
            Self::Overlap { .. } => {
                "end the first with `to`, or say since when it is no longer known with `repealed_on`"
            }
            Self::NoForm(_) => {
                "add one of `share`, `total`, `count`, `ratio`, `concentration`, `score`, `every`, `none`, `any`, `all_of`, `any_of`, `n_of`, `not`"
            }
            Self::NoCriterion(_) => "add one of `met`, `where`, `column`, `formula`",
            Self::Two { .. } => "keep one, and make the other a condition of its own",
            Self::NoOperator { .. } => "add one of `at_least`, `at_most`, `more_than`, `less_than`",
            Self::Vacuous { .. } => "say with `where` which rows count",
            Self::UnitMismatch { .. } => "use another parameter, or correct its `unit`",
            Self::NotAShare { .. } => "write a plain number, or use the form `share`",
            Self::Unreachable { .. } => "a threshold must be reachable, and not always reached",
            Self::TooFewMembers { .. } => "lower it, or name more members",
            Self::Memory { .. } => "look the source up, or set `status = \"draft\"` on the condition",
            Self::Cycle(_) => "take one of them out",
            Self::OtherSubject { .. } => "name the column of ours that holds its subject in `via`",
            Self::NoCondition => "add a `[condition.<name>]`",
            Self::Unused(_) => "remove it, or use it as `$name`",
            Self::Stale { .. } => "read it again and set `checked`",
            Self::IdleClosure { .. } => "remove it",
            Self::NoCurrency => "make it a parameter of unit `money`; else the dossier's currency is meant",
            _ => return None,
        })
    }
}
