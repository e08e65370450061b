//! Fleets: vehicles by the million, each kind of installed part judged once and added up per vehicle.
//!
//! It never decides what a part counts for: the engine does.

mod error;
mod judge;
mod judged;

mod asked;
mod coded;
mod cohorts;
mod composed;
mod kinds;
mod lanes;
mod numbered;
mod opening;
mod papers;
mod pieces;
mod singly;
mod sums;
mod tenths;
mod views;

mod composing;
mod each;
mod left;
mod told;

mod copying;

mod elsewhere;
mod handed;

mod export;
mod statement;

pub mod synth;

pub use coded::Unlisted;
pub use copying::{Copied, Copying};
pub use elsewhere::{Asking, Asks, Elsewhere, Footers, Group, Question, judge_elsewhere};
pub use error::FleetError;
pub use export::{Exported, Exporting, Manifest, export, has_spans};
pub use handed::{read_rows, write_rows};
pub use judge::{
    FleetComposition, FleetCondition, FleetCounts, FleetDecision, FleetJudgement, Hears, judge_fleet,
    judge_left,
};
pub use judged::{Distinct, Judged, distinct_rows, judged, settled};
pub use numbered::Numbered;
pub use pieces::{InMemory, ParquetFiles, Pieces};
pub use statement::{Dialect, Wanted, statement};
pub use sums::Told;
pub use told::{Tells, judge_whole};
