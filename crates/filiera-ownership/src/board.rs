use std::collections::BTreeMap;

use filiera_model::{Exact, Mark};

use crate::{Band, Kind, Party, Stake};

/// Who appoints one company's board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    /// Of every seat who may have appointed it; nothing: somebody who is not named.
    pub seats: BTreeMap<String, Vec<Option<Party>>>,
    /// Parts of the board that statements give an owner.
    pub rights: Vec<(Party, Band)>,
}

impl Board {
    /// The board of a company from its seats and its stakes.
    pub fn new(seats: BTreeMap<String, Vec<Option<Party>>>, stakes: &[Stake]) -> Self {
        Self { seats, rights: parts(stakes, Kind::Board) }
    }

    /// Whether any seat or right is listed.
    pub fn is_listed(&self) -> bool {
        !self.seats.is_empty() || !self.rights.is_empty()
    }

    /// Whether those inside surely appoint more than half of it. Seats and stated rights that both
    /// speak must agree.
    pub fn must(&self, inside: &dyn Fn(Party) -> bool) -> bool {
        let seats = self.by_seats(|by| by.iter().all(|one| one.is_some_and(inside)));
        let rights = self.by_rights(inside, |band| &band.least);
        match (seats, rights) {
            (Some(seats), Some(rights)) => seats && rights,
            (one, other) => one.or(other) == Some(true),
        }
    }

    /// Whether those inside may appoint more than half of it; `unnamed`: with the seats for which nobody
    /// is named.
    pub fn can(&self, inside: &dyn Fn(Party) -> bool, unnamed: bool) -> bool {
        let seats = self.by_seats(|by| by.iter().any(|one| one.map_or(unnamed, inside)));
        let rights = self.by_rights(inside, |band| &band.most);
        seats == Some(true) || rights == Some(true)
    }

    fn by_seats(&self, counts: impl Fn(&[Option<Party>]) -> bool) -> Option<bool> {
        let theirs = self.seats.values().filter(|by| counts(by)).count();
        (!self.seats.is_empty()).then_some(2 * theirs > self.seats.len())
    }

    fn by_rights(&self, inside: &dyn Fn(Party) -> bool, end: fn(&Band) -> &Exact) -> Option<bool> {
        let sum: Exact =
            self.rights.iter().filter(|(owner, _)| inside(*owner)).map(|(_, band)| end(band).clone()).sum();
        (!self.rights.is_empty()).then(|| is_majority(self, &sum, inside, end))
    }
}

/// More than half, or half approached from above.
fn is_majority(board: &Board, sum: &Exact, inside: &dyn Fn(Party) -> bool, end: fn(&Band) -> &Exact) -> bool {
    let twice = sum + sum;
    let theirs = || board.rights.iter().filter(|(owner, _)| inside(*owner)).map(|(_, band)| band);
    let above = theirs().any(|band| band.least_open && end(band) == &band.least);
    twice > Exact::one() || (twice == Exact::one() && above)
}

/// The parts that stakes of one kind state, 0 possible where a stake may not be in force.
pub(crate) fn parts(stakes: &[Stake], kind: Kind) -> Vec<(Party, Band)> {
    let those = stakes.iter().filter(|stake| stake.kind == kind && stake.holds != Mark::No);
    those.map(|stake| (stake.owner, stake.share.clone())).collect()
}
