use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_model::{Day, Exact, Quality, Verdict};

use crate::{Span, Spanned};

/// The tests beside a pack: `<regime>.test.toml`.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The file, for messages.
    pub file: String,
    /// The whole text; every span points into it.
    pub source: Arc<str>,
    /// The cases, in the order of the file; their names differ.
    pub cases: Vec<Case>,
    /// The outcomes that no case can show.
    pub excuses: Vec<Excuse>,
}

/// A small dossier and what the pack must say of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name.
    pub name: String,
    /// The populations declared complete: for these subjects, or (nothing) for all.
    pub complete: BTreeMap<String, Option<Vec<String>>>,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
    /// The market.
    pub destination: Option<String>,
    /// Whether conditions that rest on memory are judged.
    pub unverified: bool,
    /// The tables by name: CSV in canonical columns, with the place of the text between the quotes.
    pub tables: BTreeMap<String, Spanned<String>>,
    /// What is expected; never nothing.
    pub expect: Vec<Expectation>,
    /// The heading.
    pub span: Span,
    /// Its line, counted from 1.
    pub line: u32,
}

/// What one condition must say of one subject. What is not stated is not compared.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The condition.
    pub condition: Spanned<String>,
    /// The reading; nothing: the condition as written.
    pub reading: Option<Spanned<String>>,
    /// The subject.
    pub subject: String,
    /// The verdict over everything that could be true.
    pub verdict: Verdict,
    /// The legal verdict.
    pub legal: Option<Verdict>,
    /// The lower end of the range.
    pub lower: Option<ExpectedEnd>,
    /// The upper end of the range.
    pub upper: Option<ExpectedEnd>,
    /// The lower end of the legal range.
    pub legal_lower: Option<ExpectedEnd>,
    /// The upper end of the legal range.
    pub legal_upper: Option<ExpectedEnd>,
    /// The threshold.
    pub threshold: Option<Exact>,
    /// Whether the bounds are attained.
    pub bounds: Option<Quality>,
    /// The reason, by its stable name.
    pub reason: Option<String>,
    /// Everything that is missing, in any order.
    pub missing: Option<Vec<String>>,
    /// The papers that make it met when they say what one would hope, in any order; empty: there
    /// are none, or nothing is open.
    pub settles: Option<Vec<String>>,
    /// The papers that decide it either way, in any order.
    pub settles_either_way: Option<Vec<String>>,
    /// A part of one remark.
    pub remark: Option<String>,
    /// The day the target falls due.
    pub due: Option<Day>,
    /// Where the expectation stands.
    pub span: Span,
    /// Its line, counted from 1.
    pub line: u32,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedEnd {
    /// This value, attained or approached.
    Exact(Exact),
    /// No limit on this side.
    Unlimited,
}

/// An outcome that no case can show, and why.
#[derive(Clone, Debug)]
pub struct Excuse {
    /// The condition.
    pub condition: Spanned<String>,
    /// The outcome: met, not met or undetermined.
    pub outcome: Verdict,
    /// Why not.
    pub why: String,
    /// Where the excuse stands.
    pub span: Span,
}

/// What a condition said of a subject, as far as an expectation can state it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The verdict.
    pub verdict: Verdict,
    /// The legal verdict.
    pub legal: Verdict,
    /// The lower end; nothing when no bounds were computed.
    pub lower: Option<ExpectedEnd>,
    /// The upper end.
    pub upper: Option<ExpectedEnd>,
    /// The lower legal end.
    pub legal_lower: Option<ExpectedEnd>,
    /// The upper legal end.
    pub legal_upper: Option<ExpectedEnd>,
    /// The threshold.
    pub threshold: Option<Exact>,
    /// Whether the bounds are attained.
    pub bounds: Option<Quality>,
    /// The reason, by its stable name.
    pub reason: Option<String>,
    /// What is missing.
    pub missing: Vec<String>,
    /// The papers that make it met; nothing when nobody looked for them.
    pub settles: Option<Vec<String>>,
    /// The papers that decide it either way; nothing when nobody looked for them.
    pub settles_either_way: Option<Vec<String>>,
    /// The remarks.
    pub remarks: Vec<String>,
    /// The day the target falls due.
    pub due: Option<Day>,
}

/// One stated key that came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key of the expectation.
    pub key: &'static str,
    /// What the case file states, as text.
    pub expected: String,
    /// What came out, as text; `–` when there was nothing.
    pub seen: String,
}

/// How an absent value is shown.
const NOTHING: &str = "–";

impl ExpectedEnd {
    /// `9/20`, `0.45` as its shortest exact text, or `inf`.
    pub fn to_text(&self) -> String {
        match self {
            Self::Exact(value) => value.to_text(),
            Self::Unlimited => "inf".to_owned(),
        }
    }
}

impl Expectation {
    /// Whether it says which papers settle it: they are only looked for when somebody asks.
    pub fn asks_for_papers(&self) -> bool {
        self.settles.is_some() || self.settles_either_way.is_some()
    }

    /// The stated keys that came out otherwise; none when the expectation holds.
    pub fn compare(&self, seen: &Seen) -> Vec<Difference> {
        let mut found = Vec::new();
        differ(&mut found, "verdict", Some(self.verdict.name()), Some(seen.verdict.name()));
        differ(&mut found, "legal", self.legal.map(Verdict::name), Some(seen.legal.name()));
        for (key, expected, seen) in [
            ("lower", &self.lower, &seen.lower),
            ("upper", &self.upper, &seen.upper),
            ("legal_lower", &self.legal_lower, &seen.legal_lower),
            ("legal_upper", &self.legal_upper, &seen.legal_upper),
        ] {
            let text = |end: &Option<ExpectedEnd>| end.as_ref().map(ExpectedEnd::to_text);
            differ(&mut found, key, text(expected), text(seen));
        }
        let number = |number: &Option<Exact>| number.as_ref().map(Exact::to_text);
        differ(&mut found, "threshold", number(&self.threshold), number(&seen.threshold));
        differ(&mut found, "bounds", self.bounds.map(Quality::name), seen.bounds.map(Quality::name));
        differ(&mut found, "reason", self.reason.clone(), seen.reason.clone());
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        differ(&mut found, "due", day(self.due), day(seen.due));
        self.compare_lists(seen, &mut found);
        found
    }

    fn compare_lists(&self, seen: &Seen, found: &mut Vec<Difference>) {
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort_unstable();
            texts.join(", ")
        };
        differ(found, "missing", self.missing.as_deref().map(sorted), Some(sorted(&seen.missing)));
        for (key, expected, seen) in [
            ("settles", &self.settles, &seen.settles),
            ("settles_either_way", &self.settles_either_way, &seen.settles_either_way),
        ] {
            differ(found, key, expected.as_deref().map(sorted), seen.as_deref().map(sorted));
        }
        if let Some(remark) =
            self.remark.as_ref().filter(|part| !seen.remarks.iter().any(|r| r.contains(*part)))
        {
            found.push(Difference {
                key: "remark",
                expected: remark.clone(),
                seen: or_nothing(seen.remarks.join("; ")),
            });
        }
    }
}

/// Notes a difference when something is expected.
fn differ<T: Into<String>>(
    found: &mut Vec<Difference>,
    key: &'static str,
    expected: Option<T>,
    seen: Option<T>,
) {
    let Some(expected) = expected.map(Into::into) else { return };
    let seen: Option<String> = seen.map(Into::into);
    if seen.as_ref() != Some(&expected) {
        let seen = or_nothing(seen.unwrap_or_default());
        found.push(Difference { key, expected: or_nothing(expected), seen });
    }
}

fn or_nothing(text: String) -> String {
    if text.is_empty() { NOTHING.to_owned() } else { text }
}
