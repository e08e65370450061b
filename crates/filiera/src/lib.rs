//! What filiera does, as functions: check, explain, inspect, test packs.
//!
//! For embedders, the command line and the server. Every function is handed its days and paths and
//! returns values; nothing here prints, asks the clock or parses arguments.

mod error;

mod library;

mod breakeven;
mod check;
mod cluster;
mod diff;
mod exit;
mod explaining;
mod fleet;
mod inspect;
mod matrix;
mod ownership;

mod asking;
mod due;
mod receiving;

mod gaps;
mod junit;
mod pack_tests;

mod template;

mod warehouse;
mod what_if;

pub use asking::Asking;
pub use breakeven::breakeven;
pub use check::{Checked, Dossier, Request};
pub use cluster::Cluster;
pub use diff::{PackDiffRequest, diff, diff_of_packs};
pub use due::Window;
pub use error::{FilieraError, PackTrouble};
pub use exit::{ExitBy, exit_code, exit_code_of};
pub use explaining::explain;
pub use filiera_engine::{DiffDays, Question, SettleQuestion};
pub use filiera_evidence::{AppendedFile, OnFault};
pub use filiera_fleet::{Dialect, Exported, FleetError, Manifest, Tells, Wanted, synth};
pub use fleet::{FLEET_ROWS, Fleet, Opened};
pub use gaps::gap_text;
pub use inspect::{InspectRequest, inspect};
pub use junit::junit;
pub use library::{Library, PackText, Packs};
pub use matrix::all_markets;
pub use ownership::{Owners, OwnershipRequest};
pub use pack_tests::{CaseResult, ExpectationResult, PackResult, test_pack};
pub use receiving::{Received, Receiving, receive};
pub use template::{Template, templates};
pub use what_if::{Change, Changed, Without, what_if};
