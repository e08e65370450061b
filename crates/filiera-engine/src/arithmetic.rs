//! Bounds of sums over rows that are not all known.
//!
//! Every condition comes down to a numerator and a denominator that are sums over items. An item
//! has a weight in a range and may contribute in one of several ways; each item is one variable.
//! The bounds are the least and the greatest value over every completion of the evidence.

mod concentration;
mod declared_total;
mod level;
mod points;
mod ratio;
mod terms;

pub(crate) use concentration::{Groups, concentration_bounds};
pub(crate) use declared_total::{Remainder, share_of_declared_total, share_of_open_total};
pub(crate) use level::{Level, Rivalry, Steps, level};
pub(crate) use points::{points, price_of_a_premium};
pub(crate) use ratio::{RatioOutcome, ratio_bounds};
pub(crate) use terms::{Choice, Sums, Term, total_bounds};

#[cfg(test)]
mod tests;
