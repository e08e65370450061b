use std::collections::BTreeMap;

use filiera_model::{Exact, Mark};
use rustc_hash::FxHashMap;

use crate::sum::Sum;
use crate::tally::Tally;
use crate::{Band, Kind, Party, Stake};

/// Of every seat who may have appointed it; nothing: somebody who is not named.
type Seats = BTreeMap<String, Vec<Option<Party>>>;

/// What is known of the seats that a list leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unlisted {
    /// There are none: somebody vouches for it.
    #[default]
    Nothing,
    /// There may be any number of them, and nobody who is named appoints to them.
    Nobodys,
    /// There may be any number of them. As a board of which no seat is listed says nothing, they speak only
    /// for those who appoint listed ones too.
    Theirs,
}

/// Who appoints one company's board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Board {
    seats: Seats,
    unlisted: Unlisted,
    /// Parts of the board that statements give an owner, sorted by owner.
    pub rights: Vec<(Party, Band)>,
    /// Them all.
    all_rights: Sum,
    /// Of every appointer the places of the seats, sorted.
    appointed: Vec<(Party, u32)>,
    /// Of every seat how many may have appointed it, and whether one of them is not named.
    appointers: Vec<(u32, bool)>,
}

/// The seats of one company that a coalition may have appointed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seated {
    /// Of a seat how many of its appointers are inside.
    inside: FxHashMap<u32, u32>,
    /// Seats of which all are.
    surely: usize,
    /// Seats of which one is.
    possibly: usize,
    /// Those among them of which another is not named.
    and_unnamed: usize,
}

impl Board {
    /// The board of a company from its seats and its stakes.
    pub fn new(seats: Seats, unlisted: Unlisted, stakes: &[Stake]) -> Self {
        Self::of(seats, unlisted, parts(stakes, Kind::Board))
    }

    fn of(seats: Seats, unlisted: Unlisted, rights: Vec<(Party, Band)>) -> Self {
        let mut appointed: Vec<(Party, u32)> = Vec::new();
        for (place, by) in (0u32..).zip(seats.values()) {
            appointed.extend(by.iter().flatten().map(|party| (*party, place)));
        }
        appointed.sort_unstable();
        let appointers = seats.values().map(|by| (by.len() as u32, by.contains(&None))).collect();
        let all_rights = rights.iter().map(|(_, band)| band).collect();
        Self { seats, unlisted, rights, all_rights, appointed, appointers }
    }

    /// The same board with the appointer of one seat known.
    pub fn with_seat(&self, seat: &str, appointer: Party) -> Self {
        let mut seats = self.seats.clone();
        seats.insert(seat.to_owned(), vec![Some(appointer)]);
        Self::of(seats, self.unlisted, self.rights.clone())
    }

    /// The same board with no other seats than those that are listed.
    pub fn whole(&self) -> Self {
        Self { unlisted: Unlisted::Nothing, ..self.clone() }
    }

    /// Whether some seats are listed, and others may be left out.
    pub fn may_have_more(&self) -> bool {
        !self.seats.is_empty() && !self.is_vouched()
    }

    /// Of every seat who may have appointed it.
    pub fn seats(&self) -> &Seats {
        &self.seats
    }

    /// Whether somebody vouches that no other seats are on it than those that are listed.
    pub fn is_vouched(&self) -> bool {
        self.unlisted == Unlisted::Nothing
    }

    /// Whether any seat or right is listed.
    pub fn is_listed(&self) -> bool {
        !self.seats.is_empty() || !self.rights.is_empty()
    }

    /// Takes the seats that a party may have appointed into a coalition.
    pub fn seat(&self, party: Party, seated: &mut Seated) {
        let start = self.appointed.partition_point(|(by, _)| *by < party);
        let own = self.appointed.get(start..).unwrap_or_default();
        for (_, place) in own.iter().take_while(|(by, _)| *by == party) {
            let Some((count, unnamed)) = self.appointers.get(*place as usize) else { continue };
            let inside = seated.inside.entry(*place).or_default();
            *inside += 1;
            seated.surely += usize::from(*inside == *count);
            seated.possibly += usize::from(*inside == 1);
            seated.and_unnamed += usize::from(*inside == 1 && *unnamed);
        }
    }

    /// Whether those inside surely appoint more than half of it. Seats and stated rights that both
    /// speak must agree; of how many seats a part is, a list says only if it is whole.
    pub fn must(&self, inside: &Tally) -> bool {
        let seats = self.by_seats(inside.seated.surely).filter(|_| self.is_vouched());
        let rights = self.by_rights(&inside.rights, false);
        match (seats, rights) {
            (Some(seats), Some(rights)) => seats && rights,
            (one, other) => one.or(other) == Some(true),
        }
    }

    /// Whether those inside may appoint more than half of it; `unnamed`: with the seats for which nobody
    /// is named, and with those that are not listed.
    pub fn can(&self, inside: &Tally, unnamed: bool) -> bool {
        let hidden = self.appointers.iter().filter(|(_, hidden)| unnamed && *hidden).count();
        let seated = &inside.seated;
        let both = if unnamed { seated.and_unnamed } else { 0 };
        let theirs = seated.possibly + hidden - both;
        let seats = if unnamed && self.unlisted == Unlisted::Theirs {
            theirs > 0 && !self.is_half_of_others(&inside.rights)
        } else {
            self.by_seats(theirs) == Some(true)
        };
        seats || self.by_rights(&inside.rights, true) == Some(true)
    }

    /// Whether stated rights of others leave no more than half.
    fn is_half_of_others(&self, inside: &Sum) -> bool {
        let others = self.all_rights.without(inside).least;
        &others + &others >= Exact::one()
    }

    fn by_seats(&self, theirs: usize) -> Option<bool> {
        (!self.seats.is_empty()).then_some(2 * theirs > self.seats.len())
    }

    /// More than half, or half approached from above; for certain only where as much is not stated of
    /// others too.
    fn by_rights(&self, inside: &Sum, most: bool) -> Option<bool> {
        if self.rights.is_empty() {
            return None;
        }
        if !most {
            return Some(is_majority(inside) && !is_majority(&self.all_rights.without(inside)));
        }
        let above = inside.counts.least_open > inside.counts.moving_least_open;
        let (sum, one) = (inside.most(), Exact::one());
        let twice = &sum + &sum;
        Some(twice > one || (twice == one && above))
    }
}

/// Whether parts are at least more than half, or half approached from above.
fn is_majority(parts: &Sum) -> bool {
    let twice = &parts.least + &parts.least;
    twice > Exact::one() || (twice == Exact::one() && parts.counts.least_open > 0)
}

/// The parts that stakes of one kind state, 0 possible where a stake may not be in force; sorted by owner,
/// as the stakes of one company are.
pub(crate) fn parts(stakes: &[Stake], kind: Kind) -> Vec<(Party, Band)> {
    let those = stakes.iter().filter(|stake| stake.kind == kind && stake.holds != Mark::No);
    those.map(|stake| (stake.owner, stake.share.clone())).collect()
}
