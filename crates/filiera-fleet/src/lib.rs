//! Fleets: vehicles by the million, judged lot by lot.
//!
//! It never decides what a lot counts for: the engine does.

mod error;
mod judge;

mod cohorts;
mod composed;
mod fitments;
mod lots;
mod sums;

pub mod synth;

pub use error::FleetError;
pub use judge::{FleetComposition, FleetCondition, FleetCounts, FleetDecision, FleetJudgement, judge_fleet};
