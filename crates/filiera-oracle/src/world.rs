use std::collections::BTreeMap;

use filiera_model::Day;

use crate::Land;
use crate::origins::{Item, Mixture, Number};
use crate::structure::Row;

/// Whose seat: a supplier's, or that of whoever supplies a part that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seat {
    Supplier(usize),
    OfPart(usize),
    OfOwnWork,
}

/// One fact that nobody stated.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    Price(usize, Number),
    Mass(usize, Number),
    /// Of an item whose papers are tested on a day.
    Mixture(Item, Day, Mixture),
    IsSensitive(usize, bool),
    MadeIn(usize, Land),
    Seat(Seat, Land),
}

/// A completion, its day and choices settled: every fact anybody could ask for.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) rows: Vec<Row>,
    pub(crate) plant: Land,
    pub(crate) prices: BTreeMap<usize, Number>,
    pub(crate) masses: BTreeMap<usize, Number>,
    pub(crate) mixtures: BTreeMap<(Item, Day), Mixture>,
    pub(crate) sensitive: BTreeMap<usize, bool>,
    pub(crate) made_in: BTreeMap<usize, Land>,
    pub(crate) seats: BTreeMap<Seat, Land>,
}

impl World {
    pub(crate) fn learn(&mut self, fact: &Fact) {
        match fact.clone() {
            Fact::Price(part, price) => drop(self.prices.insert(part, price)),
            Fact::Mass(part, mass) => drop(self.masses.insert(part, mass)),
            Fact::Mixture(item, day, mixture) => drop(self.mixtures.insert((item, day), mixture)),
            Fact::IsSensitive(part, is) => drop(self.sensitive.insert(part, is)),
            Fact::MadeIn(part, land) => drop(self.made_in.insert(part, land)),
            Fact::Seat(seat, land) => drop(self.seats.insert(seat, land)),
        }
    }
}

/// Every way to take one of each list.
pub(crate) fn every_way<T: Clone>(lists: &[Vec<T>], mut each: impl FnMut(&[T])) {
    let mut places = vec![0; lists.len()];
    if lists.iter().any(Vec::is_empty) {
        return;
    }
    loop {
        let taken: Vec<T> = lists.iter().zip(&places).map(|(list, place)| list[*place].clone()).collect();
        each(&taken);
        let Some(next) = (0..lists.len()).find(|at| places[*at] + 1 < lists[*at].len()) else { return };
        places[..next].fill(0);
        places[next] += 1;
    }
}
