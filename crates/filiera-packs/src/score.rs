use filiera_model::Exact;

use crate::{MemberRef, Spanned, Sql};

/// `score`: points of the criteria, added up, and the rows ranked by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The population.
    pub of: Spanned<String>,
    /// The columns whose values make rows compete with each other.
    pub within: Vec<Spanned<String>>,
    /// The criteria, in the order of the file.
    pub points: Vec<Criterion>,
    /// The members that criteria name, in the same order.
    pub members: Vec<Spanned<MemberRef>>,
    /// The points of every formula are rounded to so many decimals, ties away from zero; nothing: not at
    /// all. Points that are stated stay as they are.
    pub decimals: Option<u32>,
}

/// One criterion of a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What people call it.
    pub title: String,
    /// How it gives points.
    pub gives: Gives,
}

/// How a criterion gives points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    /// So many when the condition is met for the row's subject, else none.
    WhenMet {
        /// The condition.
        member: Spanned<MemberRef>,
        /// The points.
        points: Exact,
    },
    /// So many when the predicate is true of the row, else none.
    Where {
        /// The predicate over the population's columns.
        sql: Sql,
        /// The points.
        points: Exact,
    },
    /// What this column says.
    Column {
        /// The column.
        column: Spanned<String>,
        /// The most it may say; nothing: no limit.
        max: Option<Exact>,
    },
    /// What a formula makes of the row's price among all.
    Formula(Box<Economic>),
}

/// Points for a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Economic {
    /// The formula.
    pub formula: Formula,
    /// The points of the best.
    pub max: Exact,
    /// Where the price or the discount stands.
    pub price: Price,
    /// Whether the best gets all points even where the formula gives it fewer.
    pub best_is_full: bool,
}

/// Where a price or a discount stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Price {
    /// The price, in this column.
    Of(Spanned<String>),
    /// The price, in this column, and the price that discounts are taken from.
    Below(Spanned<String>, Base),
    /// The discount, in this column.
    Discount(Spanned<String>),
}

/// The price that discounts are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// In this column, in the row's currency.
    Column(Spanned<String>),
    /// This, in the currency that the prices are compared in.
    Number(Exact),
}

/// How a price becomes a part of the points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// The discount over the greatest.
    Linear,
    /// The distance from the greatest price over the distance between the ends.
    MinMax,
    /// The least price over the price.
    Inverse,
    /// Up to the mean discount this part, evenly; the rest evenly up to the greatest.
    Bilinear(Exact),
    /// The discount over the greatest, to the power of this fraction: numerator and denominator.
    Power(u32, u32),
}

impl Formula {
    /// The stable name: `linear`, `min-max`, `inverse`, `bilinear`, `power`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::MinMax => "min-max",
            Self::Inverse => "inverse",
            Self::Bilinear(_) => "bilinear",
            Self::Power(..) => "power",
        }
    }

    /// Whether it looks at discounts, not at prices.
    pub fn takes_discounts(&self) -> bool {
        matches!(self, Self::Linear | Self::Bilinear(_) | Self::Power(..))
    }
}

impl Score {
    /// The predicates over the population's rows.
    pub fn predicates(&self) -> impl Iterator<Item = &Sql> {
        self.points.iter().filter_map(|criterion| match &criterion.gives {
            Gives::Where { sql, .. } => Some(sql),
            _ => None,
        })
    }
}
