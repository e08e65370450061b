//! Judges and explains: binds packs to the evidence and finds what is met, not met, or open.
//!
//! Evidence comes in as canonical tables, law as packs, and every judgement is a sum over rows:
//! rows are marked yes, no or maybe, weighed, and added up to bounds that hold whatever the missing
//! facts turn out to be.
//!
//! Never here: files, HTTP, printing, a clock, floating point.

mod error;
mod ground;

mod columns;
mod facts;
mod ownership;
mod redate;
mod rows;
mod subjects;
mod vehicles;

mod bind;
mod epoch;
mod sql_words;

mod arithmetic;
mod judge;

mod addends;
mod beside;
mod engine;
mod explain;
mod settle;
mod shown;
mod summary;

mod breakeven;
mod diff;
mod matrix;

pub use addends::{
    Addend, Additive, Adds, Asks, Composed, Decision, Fitted, Fitting, MemberFound, Plan, Planned, Reach,
    Sides, Standing, Stated, StatedMember, SubjectRows, VehicleFacts, Whole, WholeSides,
};
pub use breakeven::breakeven;
pub use diff::{DiffDays, diff, diff_packs};
pub use engine::{Engine, Judgement};
pub use error::{BindFault, EngineError};
pub use explain::Question;
pub use ground::Settings;
pub use matrix::matrix;
pub use redate::redated;
pub use settle::{Awaited, RowWaits, SettleQuestion, Takes};
pub use summary::Summary;
pub use vehicles::{add_missing_vehicles, fill_destination};
