//! The quantities a verdict is made of: exact numbers, days, countries, marks, bounds, verdicts.
//!
//! Everything here is a value: no input or output, no clock, no Arrow, no floating point.
//! A number is exact from the cell it was read from to the verdict it decides.

mod bounds;
mod country;
mod day;
mod exact;
mod mark;
mod verdict;
mod zones;

pub use bounds::{Bounds, End, Quality, Range};
pub use country::{Country, CountrySet, OriginText, UnknownCountry};
pub use day::{Day, DayError, Days};
pub use exact::{Exact, NumberError, Rounding};
pub use mark::{Fraction, Mark};
pub use verdict::{Operator, Verdict};
pub use zones::{Membership, Zones};
