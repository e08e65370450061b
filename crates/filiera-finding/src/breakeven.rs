use filiera_model::{Exact, Rounding};
use serde_json::{Value, json};

use crate::{ConditionShown, Finding};

/// What would have to change about a subject for its share or ratio to stand exactly on the threshold.
///
/// Its JSON is versioned `filiera.breakeven/1`. Everything is meant of the legal verdict: that the
/// condition is met whatever the law leaves open turns out to be.
#[derive(Clone, Debug)]
pub struct Breakeven {
    /// The finding as it is.
    pub finding: Finding,
    /// The condition.
    pub shown: ConditionShown,
    /// The currency or unit of what is added up; nothing when rows name none.
    pub unit: Option<String>,
    /// The weight that would have to move, or that may.
    pub moving: Moving,
    /// The prices tried, the heaviest part first.
    pub prices: Vec<PriceBreakeven>,
    /// Parts that were not tried: name one to have it tried.
    pub left: u64,
    /// Why no price was tried, when none was.
    pub why_no_prices: Option<String>,
}

/// The weight that must move between marked and not marked, the whole staying as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// How much: to exactly meet the threshold, or, when it is met, until it is exactly met.
    pub amount: Option<Amount>,
    /// Whether that is what the subject has to spare, because the condition is met.
    pub is_spare: bool,
    /// Whether it moves from not marked to marked; else the other way.
    pub to_marked: bool,
    /// Why there is no amount.
    pub why: Option<String>,
}

/// An amount as it is, and as it can be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Exactly on the threshold.
    pub exact: Exact,
    /// To the cent, rounded to the side on which the condition is met.
    pub rounded: Exact,
    /// Whether checking again proved both: it is met there, and one cent further it is not.
    pub certified: bool,
}

/// The price of one part at which the condition turns, all else as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceBreakeven {
    /// The part.
    pub part: String,
    /// The currency of its price.
    pub currency: Option<String>,
    /// What it costs now; nothing when that is not known, or a range.
    pub now: Option<Exact>,
    /// The price; nothing when none does it, or any.
    pub at: Option<Amount>,
    /// Whether the condition is met at that price and below; else at that price and above.
    pub or_less: bool,
    /// Why there is no such price.
    pub why: Option<String>,
}

impl Breakeven {
    /// The object of `filiera breakeven --format json`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.breakeven/1",
            "finding": self.finding.to_json(),
            "title": self.shown.title,
            "unit": self.unit,
            "moving": {
                "amount": self.moving.amount.as_ref().map(Amount::to_json),
                "spare": self.moving.is_spare,
                "to": self.direction(),
                "why": self.moving.why,
            },
            "prices": self.prices.iter().map(PriceBreakeven::to_json).collect::<Vec<_>>(),
            "prices_left": self.left,
            "why_no_prices": self.why_no_prices,
        })
    }
}

impl Breakeven {
    /// Which way the weight moves: `marked` or `not_marked` of a share; `top` or `off_top` of a ratio,
    /// where it is added above the line or taken away from there.
    pub fn direction(&self) -> &'static str {
        match (self.finding.form == crate::Form::Ratio, self.moving.to_marked) {
            (false, true) => "marked",
            (false, false) => "not_marked",
            (true, true) => "top",
            (true, false) => "off_top",
        }
    }
}

impl Amount {
    fn to_json(&self) -> Value {
        json!({
            "fraction": self.exact.to_fraction(),
            "rounded": self.rounded.to_decimal(2, Rounding::HalfUp),
            "certified": self.certified,
        })
    }
}

impl PriceBreakeven {
    fn to_json(&self) -> Value {
        json!({
            "part": self.part,
            "currency": self.currency,
            "now": self.now.as_ref().map(Exact::to_text),
            "at": self.at.as_ref().map(Amount::to_json),
            "met": if self.or_less { "at_or_below" } else { "at_or_above" },
            "why": self.why,
        })
    }
}
