use filiera_model::{Bounds, Day, End, Exact, Operator, Quality, Rounding, Verdict};
use serde_json::{Map, Value, json};

/// The subject of a finding when the evidence names nobody to judge.
pub const NOBODY: &str = "*";

/// What adding up does not tell of a finding, by the keys of its JSON.
pub const STREAMED_WITHOUT: [&str; 4] = ["bounds", "rows", "missing", "remarks"];

/// The judgement of one condition for one subject.
///
/// Its JSON is versioned `filiera.finding/1`: numbers are text, decimals have 12 places (lower
/// ends rounded down, upper ends up), fractions are exact. A null bound is unlimited or, when
/// `reason` is set, was never computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The pack, as `it/automotive-accord`.
    pub pack: String,
    /// `enacted`, `proposed`, `draft` or `repealed`.
    pub pack_status: String,
    /// The condition's name in the pack.
    pub condition: String,
    /// The reading, when it is not the condition as written.
    pub reading: Option<String>,
    /// The subject: a vehicle, a company, an offer, a publisher and period.
    pub subject: String,
    /// The day it was judged for; nothing when the condition is undated or no day is known.
    pub on: Option<Day>,
    /// The verdict over everything that could be true.
    pub verdict: Verdict,
    /// The verdict once the law's closure has decided the unknowns.
    pub legal: Verdict,
    /// The form of the condition.
    pub form: Form,
    /// How the value is compared; nothing for compositions.
    pub operator: Option<Operator>,
    /// What it is compared with; nothing for compositions, and when days disagree on it.
    pub threshold: Option<Exact>,
    /// Every value the evidence allows.
    pub bounds: Option<Bounds>,
    /// Every value left once the closure has decided the unknowns.
    pub legal_bounds: Option<Bounds>,
    /// How many rows are marked, not marked, and open.
    pub rows: RowCounts,
    /// Why there is no verdict, or none about this subject.
    pub reason: Option<Reason>,
    /// What is missing, as `kind:name`: `declaration:PACK-1`, `price:P-7`, `table:flows`.
    pub missing: Vec<String>,
    /// The members of a composition that decided, as `condition` or `condition@subject`.
    pub members: Vec<String>,
    /// The place among those it competes with; only of a score.
    pub rank: Option<Rank>,
    /// When the target falls due, if the condition says so.
    pub due: Option<Due>,
    /// Whether the condition rests on facts nobody checked (`confidence = "memory"`).
    pub unverified: bool,
    /// Remarks a reader must see: a boundary that is "crossed", an assumed date, bases used.
    pub remarks: Vec<String>,
    /// SHA-256 of the pack's text.
    pub pack_hash: String,
    /// SHA-256 of the canonical evidence; empty: not all of it was read.
    pub evidence_hash: String,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// The form of a condition: how its value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// Marked weight over all weight, or over a declared total.
    Share,
    /// Sum of the weights of marked rows.
    Total,
    /// Number of marked rows.
    Count,
    /// One total over another.
    Ratio,
    /// The sum of the squared shares of groups: 1 where all weight lies with one.
    Concentration,
    /// Points, ranked; met for the row that has the most.
    Score,
    /// No row is unmarked.
    Every,
    /// No row is marked.
    None,
    /// Some row is marked.
    Any,
    /// All members.
    AllOf,
    /// Any member.
    AnyOf,
    /// So many of the members.
    NOf,
    /// The opposite of the member.
    Not,
}

impl Form {
    /// The stable name, which is also the key in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Total => "total",
            Self::Count => "count",
            Self::Ratio => "ratio",
            Self::Concentration => "concentration",
            Self::Score => "score",
            Self::Every => "every",
            Self::None => "none",
            Self::Any => "any",
            Self::AllOf => "all_of",
            Self::AnyOf => "any_of",
            Self::NOf => "n_of",
            Self::Not => "not",
        }
    }

    /// Whether values are shares of a whole, shown as percentages.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Share | Self::Ratio)
    }

    /// Whether the condition is made of other conditions.
    pub fn is_composition(self) -> bool {
        matches!(self, Self::AllOf | Self::AnyOf | Self::NOf | Self::Not)
    }
}

/// Why a condition could not be judged, or does not speak about the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The subject is dated before the first value of a parameter.
    BeforeLaw,
    /// The subject is dated after the last value of a parameter.
    AfterLaw,
    /// `when` is false for the subject.
    WhenFalse,
    /// `when` cannot be decided for the subject.
    WhenUnknown,
    /// There are no rows, and nobody declared that there are none.
    NoRows,
    /// The population is declared complete and has no rows for the subject.
    NoRowsComplete,
    /// The table is absent.
    NoTable,
    /// A row that touches the subject was set aside because of a fault.
    SetAside,
    /// The total of all weights may be zero.
    ZeroTotal,
    /// The lines weigh more than the declared total.
    TotalConflict,
    /// The population is not declared complete, so nothing can prove the verdict.
    Incomplete,
    /// Two papers contradict each other and nothing says which is right.
    Conflict,
    /// All members of a composition are proven not applicable.
    NoMemberApplies,
    /// Another has as many points.
    Tie,
}

impl Reason {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeLaw => "before_law",
            Self::AfterLaw => "after_law",
            Self::WhenFalse => "when_false",
            Self::WhenUnknown => "when_unknown",
            Self::NoRows => "no_rows",
            Self::NoRowsComplete => "no_rows_complete",
            Self::NoTable => "no_table",
            Self::SetAside => "set_aside",
            Self::ZeroTotal => "zero_total",
            Self::TotalConflict => "total_conflict",
            Self::Incomplete => "incomplete",
            Self::Conflict => "conflict",
            Self::NoMemberApplies => "no_member_applies",
            Self::Tie => "tie",
        }
    }

    /// The reason as a person reads it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::BeforeLaw => "the subject is dated before the first value of the law",
            Self::AfterLaw => "the subject is dated after the last value of the law",
            Self::WhenFalse => "the condition does not speak about this subject",
            Self::WhenUnknown => "whether the condition speaks about this subject is not known",
            Self::NoRows => "there are no rows for this subject, and nobody declared that there are none",
            Self::NoRowsComplete => "the population is declared complete and holds no row for this subject",
            Self::NoTable => "the table is missing",
            Self::SetAside => "a row of this subject was set aside because of a fault",
            Self::ZeroTotal => "the total of all weights may be zero",
            Self::TotalConflict => "the lines weigh more than the declared total",
            Self::Incomplete => "nobody declared the population complete, so this cannot be proven",
            Self::Conflict => "two papers contradict each other",
            Self::NoMemberApplies => "none of the members speaks about this subject",
            Self::Tie => "another has as many points, and points alone do not decide",
        }
    }
}

/// How many rows of the subject are marked, not marked, and open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Marked rows.
    pub yes: u64,
    /// Rows that are not marked.
    pub no: u64,
    /// Rows that a missing fact decides.
    pub maybe: u64,
}

/// A place among those that compete: 1 plus the number of those that have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The best it may be.
    pub best: u64,
    /// The worst it may be.
    pub worst: u64,
}

/// When a target falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub on: Day,
    /// Whether that day is still to come (as seen from the law clock).
    pub to_come: bool,
}

impl Finding {
    /// The object of `filiera check --format json`.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        put("schema", json!("filiera.finding/1"));
        put("pack", json!(self.pack));
        put("pack_status", json!(self.pack_status));
        put("condition", json!(self.condition));
        if let Some(reading) = &self.reading {
            put("reading", json!(reading));
        }
        put("subject", json!(self.subject));
        put("on", json!(self.on.map(|day| day.to_string())));
        put("verdict", json!(self.verdict.name()));
        put("legal", json!(self.legal.name()));
        put("operator", json!(self.operator.map(Operator::name)));
        put("threshold", json!(self.threshold.as_ref().map(Exact::to_text)));
        put("form", json!(self.form.name()));
        put_bounds(&mut put, "", self.bounds.as_ref());
        put_legal_bounds(&mut put, self.legal_bounds.as_ref());
        put("bounds", json!(self.bounds.as_ref().map(|bounds| bounds.quality.name())));
        put("rows", json!({"yes": self.rows.yes, "no": self.rows.no, "maybe": self.rows.maybe}));
        put("reason", json!(self.reason.map(Reason::name)));
        put("missing", json!(self.missing));
        put("members", json!(self.members));
        if let Some(rank) = self.rank {
            put("rank", json!({"best": rank.best, "worst": rank.worst}));
        }
        if let Some(due) = self.due {
            put("due", json!({"on": due.on.to_string(), "to_come": due.to_come}));
        }
        if self.unverified {
            put("unverified", json!(true));
        }
        if !self.remarks.is_empty() {
            put("remarks", json!(self.remarks));
        }
        put("pack_hash", json!(self.pack_hash));
        if !self.evidence_hash.is_empty() {
            put("evidence_hash", json!(self.evidence_hash));
        }
        put("law_as_of", json!(self.law_as_of.to_string()));
        put("facts_as_of", json!(self.facts_as_of.to_string()));
        Value::Object(object)
    }

    /// The same of a finding made while a fleet streams by; `by_sum`: by adding up. Keys of what was not worked
    /// out are left out.
    pub fn to_streamed_json(&self, by_sum: bool) -> Value {
        let mut object = self.to_json();
        if let Value::Object(keys) = &mut object {
            let left_out = STREAMED_WITHOUT.iter().filter(|_| by_sum);
            left_out.for_each(|key| drop(keys.shift_remove(*key)));
        }
        object
    }

    /// Whether the bounds are only sound.
    pub fn is_sound_only(&self) -> bool {
        self.bounds.as_ref().is_some_and(|bounds| bounds.quality == Quality::Sound)
    }
}

fn put_bounds(put: &mut impl FnMut(&str, Value), prefix: &str, bounds: Option<&Bounds>) {
    let (lower, upper) = (bounds.map(|b| &b.lower), bounds.map(|b| &b.upper));
    put(&format!("{prefix}lower"), json!(lower.and_then(decimal_down)));
    put(&format!("{prefix}upper"), json!(upper.and_then(decimal_up)));
    put(&format!("{prefix}lower_fraction"), json!(lower.and_then(fraction)));
    put(&format!("{prefix}upper_fraction"), json!(upper.and_then(fraction)));
    put(&format!("{prefix}lower_open"), json!(lower.map(|end| end.open)));
    put(&format!("{prefix}upper_open"), json!(upper.map(|end| end.open)));
}

fn put_legal_bounds(put: &mut impl FnMut(&str, Value), bounds: Option<&Bounds>) {
    put("legal_lower_fraction", json!(bounds.and_then(|b| fraction(&b.lower))));
    put("legal_upper_fraction", json!(bounds.and_then(|b| fraction(&b.upper))));
}

/// A lower end with 12 decimals, rounded down; nothing when unlimited.
pub fn decimal_down(end: &End) -> Option<String> {
    end.value.as_ref().map(|value| value.to_decimal(12, Rounding::Down))
}

/// An upper end with 12 decimals, rounded up; nothing when unlimited.
pub fn decimal_up(end: &End) -> Option<String> {
    end.value.as_ref().map(|value| value.to_decimal(12, Rounding::Up))
}

/// The exact fraction of an end; nothing when unlimited.
pub fn fraction(end: &End) -> Option<String> {
    end.value.as_ref().map(Exact::to_fraction)
}
