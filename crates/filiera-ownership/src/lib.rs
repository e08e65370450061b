//! Who owns and who controls whom: integrated holdings, votes, control, ultimate controllers.
//!
//! A [`Register`] holds every statement of a dossier; [`Register::on`] gives the [`Snapshot`] of one
//! day, every stake once. Shares may be exact, in a [`Band`], or unknown; answers are bounds that
//! every state of affairs lies in which the statements allow.
//!
//! This crate reads no files, knows no regime and no clock; numbers are exact throughout.

mod alone;
mod band;
mod book;
mod book_core;
mod chain;
mod components;
mod crowd;
mod cyclic;
mod elimination;
mod explained;
mod fixed;
mod holdings;
mod kept;
mod knapsack;
mod majorities;
mod matrix;
mod merge;
mod party;
mod reach;
mod reason;
mod register;
mod remark;
mod snapshot;
mod stake;
mod statements;
mod totals;
mod ultimates;

mod attribution;
mod ballot;
#[cfg(test)]
mod ballot_twin;
mod board;
mod coalition;
mod concert;
mod control;
mod decide;
mod division;
mod explain;
mod field;
mod heads;
mod lots;
mod roll;
mod rule;
mod said;
mod spread;
mod sum;
mod tally;
mod turning;
mod ultimate;
mod votes;

pub use band::Band;
pub use book::{BookedStake, OwnershipError, ShareBook};
pub use components::Components;
pub use holdings::{Holder, Holding};
pub use majorities::Majorities;
pub use matrix::{Matrix, Metric, State};
pub use party::Party;
pub use reason::Reason;
pub use register::{CompanyFacts, Register};
pub use remark::{Conflict, Remark};
pub use snapshot::{Claim, Snapshot};
pub use stake::{Kind, Stake};
pub use ultimates::Ultimates;

pub use attribution::{Below, Tier};
pub use control::{By, Control, Controller, Veto};
pub use decide::{Deciding, Fact};
pub use explain::{ChainOfStakes, Chains, Link};
pub use rule::ControlRule;
pub use ultimate::{Ultimate, Why};
pub use votes::vote_bands;
