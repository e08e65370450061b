//! The papers that the vehicles of a fleet wait for: in how many each is missing, and how many it decides alone.
//!
//! Of each kind of part it is known which papers one such row waits for; so the papers of a vehicle come and go
//! with its rows.

mod found;
mod here;
mod left;
mod tally;
mod waiting;

pub(crate) use found::Papers;
pub(crate) use here::{Here, Part};
pub(crate) use left::LeftPapers;
pub(crate) use tally::Tally;
pub(crate) use waiting::{Asked, Waiting};
