//! Who owns and who controls whom: integrated holdings, votes, control, ultimate controllers.
//!
//! A [`Register`] holds every statement of a dossier; [`Register::on`] gives the [`Snapshot`] of one
//! day, every stake once. Shares may be exact, in a [`Band`], or unknown; answers are bounds that
//! every state of affairs lies in which the statements allow.
//!
//! This crate reads no files, knows no regime and no clock; numbers are exact throughout.

mod party;
mod band;
mod stake;
mod remark;
mod statements;
mod register;
mod merge;
mod explained;
mod matrix;
mod snapshot;

pub use band::Band;
pub use matrix::{Matrix, State};
pub use party::Party;
pub use register::{CompanyFacts, Register};
pub use remark::{Conflict, Remark};
pub use snapshot::{Claim, Snapshot};
pub use stake::{Kind, Stake};
