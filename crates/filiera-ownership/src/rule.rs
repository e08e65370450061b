use filiera_model::{End, Exact};

use crate::By;

/// What is control: how much of the votes, and what else gives as much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlRule {
    /// The part of the votes that has to be passed, 0 to 1.
    pub over: Exact,
    /// Whether that part itself is enough.
    pub inclusive: bool,
    /// Whether votes give control.
    pub votes: bool,
    /// Whether more than half of the board's seats give control.
    pub board: bool,
    /// Whether contracts give control, as far as votes would.
    pub contract: bool,
}

impl Default for ControlRule {
    /// More than half of the votes or of the board's seats, or a contract that gives as much.
    fn default() -> Self {
        let over = Exact::ratio(1, 2).unwrap_or_default();
        Self { over, inclusive: false, votes: true, board: true, contract: true }
    }
}

impl ControlRule {
    /// Whether this gives control.
    pub(crate) fn counts(&self, by: By) -> bool {
        match by {
            By::Votes => self.votes,
            By::Board => self.board,
            By::Contract => self.contract,
            By::Jointly => true,
        }
    }

    /// Whether two who have enough of the votes must have some of them in common.
    pub(crate) fn is_majority(&self) -> bool {
        let twice = &self.over + &self.over;
        twice > Exact::one() || (twice == Exact::one() && !self.inclusive)
    }

    /// Whether every value from this lower end up is enough.
    pub(crate) fn passes_above(&self, end: &End) -> bool {
        let Some(value) = &end.value else { return false };
        *value > self.over || (*value == self.over && (self.inclusive || end.open))
    }

    /// Whether some value up to this upper end is enough.
    pub(crate) fn passes_up_to(&self, end: &End) -> bool {
        let Some(value) = &end.value else { return true };
        *value > self.over || (*value == self.over && self.inclusive && !end.open)
    }
}
