use filiera_model::Exact;

use crate::{Band, Party};

/// What was done with statements so that nothing counts twice. Nothing here is a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// Ids with one strong identifier are one party.
    Merged {
        /// The id that stands for both.
        kept: String,
        /// The id that stands no longer for itself.
        merged: String,
        /// What they share.
        identifier: String,
    },
    /// Several documents state the same stake; it counts once.
    StatedTwice {
        /// Who holds.
        owner: Party,
        /// In which company.
        company: Party,
        /// The rows of `interests`.
        rows: Vec<u32>,
    },
    /// Documents differ, or rows without a document may be one stake or several: every possibility
    /// is held.
    NotSeparable {
        /// Who holds.
        owner: Party,
        /// In which company.
        company: Party,
        /// The rows of `interests`.
        rows: Vec<u32>,
        /// What is possible.
        share: Band,
    },
    /// A statement that may be indirect, and a chain of other statements that leads there already.
    Explained {
        /// Who holds.
        owner: Party,
        /// In which company.
        company: Party,
        /// The row of `interests`.
        row: u32,
    },
    /// What is stated of an owner's total, directly and through others, is not what the other stakes make
    /// of it, whatever is not listed: one of the statements is wrong. The owner's part may be either, and
    /// anything between; others have what the other stakes say.
    Contradicted {
        /// Who holds.
        owner: Party,
        /// In which company.
        company: Party,
        /// The rows of `interests` that state the total.
        rows: Vec<u32>,
        /// What they state.
        stated: Band,
        /// What the other stakes make of it.
        found: Band,
    },
}

/// What cannot be true. The companies it touches get no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// The least shares of a company add up to more than the whole.
    OverWhole {
        /// The company.
        company: Party,
        /// What they add up to.
        sum: Exact,
        /// The rows of `interests`.
        rows: Vec<u32>,
    },
    /// A statement whose least share is above its greatest, or outside 0 to 1; its share counts as
    /// not stated.
    Impossible {
        /// The row of `interests`.
        row: u32,
    },
    /// Merged ids that name different countries.
    Countries {
        /// The party.
        party: Party,
        /// Two of them, ISO 3166-1 alpha-2.
        countries: (String, String),
    },
}

impl Conflict {
    /// The company or party it is about, where it is about one.
    pub fn company(&self) -> Option<Party> {
        match self {
            Self::OverWhole { company, .. } => Some(*company),
            Self::Countries { party, .. } => Some(*party),
            Self::Impossible { .. } => None,
        }
    }
}
