//! Owners of whom the same reaches a set, as one.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::chain::{Value, Values};
use crate::matrix::Matrix;
use crate::sum::Sum;
use crate::{Band, Party};

/// One owner of a company, or several of whom the same reaches the set.
pub(crate) type Share<'a> = (Cow<'a, Band>, Value);

/// The values that most parties have, with the owners of each company added up by value.
#[derive(Debug, Default)]
pub(crate) struct Usual {
    pub values: Values,
    crowds: RefCell<FxHashMap<Party, Rc<Crowd>>>,
}

/// The owners of one company.
#[derive(Debug, Default)]
struct Crowd {
    /// Those of one value, which is not only approached.
    same: Vec<(Value, Sum)>,
    /// The others.
    apart: Vec<Party>,
}

impl Usual {
    /// Values to start from.
    pub fn of(values: Values) -> Rc<Self> {
        Rc::new(Self { values, crowds: RefCell::default() })
    }

    /// The owners of a company, when some have another value than usual; nothing: it is left out. Each of
    /// those stands once among them.
    pub fn owners<'a>(
        &self,
        matrix: &'a Matrix,
        company: Party,
        others: &[(Party, Option<&Value>)],
    ) -> Vec<Share<'a>> {
        let crowd = self.crowd(matrix, company);
        let mut taken: FxHashMap<usize, Sum> = FxHashMap::default();
        let mut shares: Vec<Share<'a>> = Vec::new();
        for (party, value) in others {
            let Some(band) = matrix.part(*party, company) else { continue };
            if let Some(place) = crowd.place(&self.value(*party)) {
                taken.entry(place).or_default().add(band);
            }
            shares.extend(value.map(|value| (Cow::Borrowed(band), value.clone())));
        }
        for (place, (value, all)) in crowd.same.iter().enumerate() {
            let sum = taken.get(&place).map_or_else(|| all.clone(), |taken| all.without(taken));
            if sum.counts.shares > 0 {
                shares.push((Cow::Owned(sum.band()), value.clone()));
            }
        }
        let apart = crowd.apart.iter().filter(|party| !others.iter().any(|(other, _)| other == *party));
        let bands = apart.filter_map(|party| Some((*party, matrix.part(*party, company)?)));
        shares.extend(bands.map(|(party, band)| (Cow::Borrowed(band), self.value(party))));
        shares
    }

    fn value(&self, party: Party) -> Value {
        self.values.known(party).cloned().unwrap_or_default()
    }

    fn crowd(&self, matrix: &Matrix, company: Party) -> Rc<Crowd> {
        if let Some(crowd) = self.crowds.borrow().get(&company) {
            return Rc::clone(crowd);
        }
        let mut crowd = Crowd::default();
        for (owner, band) in matrix.owners_of(company) {
            crowd.add(owner, self.value(owner), band);
        }
        let crowd = Rc::new(crowd);
        self.crowds.borrow_mut().insert(company, Rc::clone(&crowd));
        crowd
    }
}

impl Crowd {
    fn add(&mut self, owner: Party, value: Value, band: &Band) {
        if value.open {
            self.apart.push(owner);
            return;
        }
        let place = self.place(&value).unwrap_or_else(|| {
            self.same.push((value, Sum::default()));
            self.same.len() - 1
        });
        if let Some((_, sum)) = self.same.get_mut(place) {
            sum.add(band);
        }
    }

    /// Where the owners of this value are; nothing: apart.
    fn place(&self, value: &Value) -> Option<usize> {
        self.same.iter().position(|(one, _)| one == value)
    }
}
