use filiera_model::{Exact, Mark};

use crate::{Band, Party};

/// What an interest gives its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A part of the capital, with the votes of its class. Also what a statement without a kind means.
    Shares,
    /// A part of the votes, stated as such.
    Votes,
    /// The right to appoint (a part of) the board.
    Board,
    /// The right to stop decisions: a golden share.
    Veto,
    /// Influence by contract.
    Contract,
}

impl Kind {
    /// The kind of this name, as in the column `kind` of `interests`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Shares, Self::Votes, Self::Board, Self::Veto, Self::Contract]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The name: `shares`, `votes`, `board`, `veto` or `contract`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shares => "shares",
            Self::Votes => "votes",
            Self::Board => "board",
            Self::Veto => "veto",
            Self::Contract => "contract",
        }
    }
}

/// What one owner holds in one company, of one kind and class, on the day of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stake {
    /// Who holds.
    pub owner: Party,
    /// In which company.
    pub company: Party,
    /// What it gives.
    pub kind: Kind,
    /// The class of shares, as written.
    pub class: Option<String>,
    /// Votes of one share of the class, where stated.
    pub votes_per_share: Option<Exact>,
    /// The part of the whole: a point where the share is exact, `[0, 1]` where nobody stated it, with
    /// 0 possible where the stake may not have been in force, or may be held through others.
    pub share: Band,
    /// Whether the company holds it in itself, or the statement says that it is a treasury share.
    pub treasury: bool,
    /// Whether it is held directly: no where it may be held through others, nothing where the
    /// statement does not say, which counts as directly.
    pub direct: Option<bool>,
    /// Yes: in force that day; maybe: the day of a time without zone, or what was set aside, decides.
    pub holds: Mark,
    /// The rows of `interests` that say so, counted from 0, in order; none for what was set aside.
    pub rows: Vec<u32>,
}

impl Stake {
    /// The first row of `interests` that says so, counted from 0.
    pub fn row(&self) -> Option<u32> {
        self.rows.first().copied()
    }

    /// Whether it may be held through others.
    pub fn is_indirect(&self) -> bool {
        self.direct == Some(false)
    }
}
