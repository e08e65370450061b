//! Predicates as a test makes them, and how they are written.

use std::fmt;

use filiera_model::Exact;

pub const LISTED: &[&str] = &["x", "xy"];
pub const ZONE: &[&str] = &["IT", "FR"];

#[derive(Clone, Debug)]
pub struct Row {
    pub a: Option<String>,
    pub b: Option<String>,
    pub c: Option<String>,
    pub n: Option<Exact>,
    pub w: Option<i64>,
    pub t: Option<bool>,
}

#[derive(Clone, Debug)]
pub enum Text {
    A,
    B,
    Literal(&'static str),
    Upper(Box<Text>),
    Concat(Box<Text>, Box<Text>),
}

#[derive(Clone, Debug)]
pub enum Number {
    N,
    W,
    Half,
    Literal(&'static str),
    Negative(Box<Number>),
    Calculated(Box<Number>, char, Box<Number>),
}

#[derive(Clone, Debug)]
pub enum Truth {
    T,
    Literal(bool),
    Not(Box<Truth>),
    And(Box<Truth>, Box<Truth>),
    Or(Box<Truth>, Box<Truth>),
    Same(Box<Truth>, bool, Box<Truth>),
    Texts(Text, &'static str, Text),
    Numbers(Number, &'static str, Number),
    Country(bool, &'static str),
    InZone(bool),
    InTexts { needle: Text, negated: bool, members: Vec<Text>, listed: bool },
    InNumbers { needle: Number, negated: bool, members: Vec<Number> },
    InNothing(Text, bool),
    Between { value: Number, negated: bool, low: Number, high: Number },
    Like { value: Text, negated: bool, pattern: &'static str },
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::A => f.write_str("a"),
            Self::B => f.write_str("b"),
            Self::Literal(text) => write!(f, "'{text}'"),
            Self::Upper(text) => write!(f, "upper({text})"),
            Self::Concat(left, right) => write!(f, "{left} || {right}"),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::N => f.write_str("n"),
            Self::W => f.write_str("w"),
            Self::Half => f.write_str("$half"),
            Self::Literal(text) => f.write_str(text),
            Self::Negative(number) => write!(f, "-({number})"),
            Self::Calculated(left, '*', right) => write!(f, "({left}) * ({right})"),
            Self::Calculated(left, sign, right) => write!(f, "{left} {sign} ({right})"),
        }
    }
}

impl Truth {
    /// How tightly it holds together, as SQL reads it: OR least, then AND, then NOT.
    fn rank(&self) -> u8 {
        match self {
            Self::Or(..) => 0,
            Self::And(..) => 1,
            Self::Not(_) => 2,
            Self::T | Self::Literal(_) => 4,
            _ => 3,
        }
    }

    fn written(&self, least: u8) -> String {
        if self.rank() >= least { self.to_string() } else { format!("({self})") }
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

fn list(members: &[impl fmt::Display]) -> String {
    members.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::T => f.write_str("t"),
            Self::Literal(truth) => write!(f, "{truth}"),
            Self::Not(part) => write!(f, "NOT {}", part.written(2)),
            Self::And(left, right) => write!(f, "{} AND {}", left.written(1), right.written(2)),
            Self::Or(left, right) => write!(f, "{} OR {}", left.written(0), right.written(1)),
            Self::Same(left, same, right) => {
                write!(f, "{} {} {}", left.written(4), if *same { "=" } else { "<>" }, right.written(4))
            }
            Self::Texts(left, sign, right) => write!(f, "{left} {sign} {right}"),
            Self::Numbers(left, sign, right) => write!(f, "{left} {sign} {right}"),
            Self::Country(same, code) => write!(f, "c {} '{code}'", if *same { "=" } else { "<>" }),
            Self::InZone(negated) => write!(f, "c {}IN @Z", not(*negated)),
            Self::InTexts { needle, negated, members, listed } => {
                let listed = if !listed {
                    ""
                } else if members.is_empty() {
                    "$texts"
                } else {
                    "$texts, "
                };
                write!(f, "{needle} {}IN ({listed}{})", not(*negated), list(members))
            }
            Self::InNumbers { needle, negated, members } => {
                write!(f, "{needle} {}IN ({})", not(*negated), list(members))
            }
            Self::InNothing(needle, negated) => write!(f, "{needle} {}IN $none", not(*negated)),
            Self::Between { value, negated, low, high } => {
                write!(f, "{value} {}BETWEEN {low} AND {high}", not(*negated))
            }
            Self::Like { value, negated, pattern } => write!(f, "{value} {}LIKE '{pattern}'", not(*negated)),
        }
    }
}
