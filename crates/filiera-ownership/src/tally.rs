use crate::board::Seated;
use crate::field::Powers;
use crate::roll::Cast;
use crate::said::Sayings;
use crate::sum::Sum;
use crate::{Band, Party};

/// What a coalition has of everything that decides over one company.
///
/// It only grows: taking a member in costs what the member has, whatever others have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub cast: Cast,
    pub seated: Seated,
    /// Stated parts of the board, and of what contracts give.
    pub rights: Sum,
    pub contracts: Sum,
    pub sayings: Sayings,
}

impl Tally {
    /// Takes in what one party has; each party once.
    pub fn add(&mut self, powers: &Powers, party: Party) {
        if let Some(ballot) = &powers.ballot {
            ballot.roll().add(party, &mut self.cast);
        }
        powers.board.seat(party, &mut self.seated);
        of(&powers.board.rights, party).for_each(|band| self.rights.add(band));
        of(&powers.contracts, party).for_each(|band| self.contracts.add(band));
        self.sayings.add(&powers.said, party);
    }
}

/// The parts of one owner, of a list that is sorted by owner.
fn of(parts: &[(Party, Band)], owner: Party) -> impl Iterator<Item = &Band> {
    let start = parts.partition_point(|(one, _)| *one < owner);
    let own = parts.get(start..).unwrap_or_default();
    own.iter().take_while(move |(one, _)| *one == owner).map(|(_, band)| band)
}
