use std::collections::BTreeMap;

use filiera_model::Day;

use crate::origins::{Item, Mixture, Number, is_domestic, mixtures};
use crate::scenario::{Below, Domestic, Form, Marked, Method};
use crate::structure::{Built, Row};
use crate::unknowns::{days, domestic_share, inner_row, looks_into, plants, seat_of, tested_on};
use crate::world::World;
use crate::{Land, Price, Scenario};

/// The marks that the law's closure settled: of an item received on a day, or of own work on a part.
pub(crate) type Closed = BTreeMap<(Item, bool, Option<Day>), Number>;

/// One completion, looked at.
pub(crate) struct Looking<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) built: Built<'a>,
    pub(crate) world: &'a World,
    /// The marks as the law's closure settled them, if it did.
    pub(crate) closed: Option<&'a Closed>,
    /// Whether the law's closures hold; there may be one of the scope and none of the marks.
    pub(crate) is_closed: bool,
}

/// The part of a row that the rule marks, once everything is known.
pub(crate) fn mark(scenario: &Scenario, mixture: &Mixture, made_in: Land, seat: Land) -> Number {
    let whole = |is: bool| Number::from(i128::from(is));
    match scenario.rule.marked {
        Marked::Origin => domestic_share(scenario, mixture),
        Marked::NotOrigin => Number::from(1) - domestic_share(scenario, mixture),
        Marked::MadeIn => whole(is_domestic(scenario, made_in)),
        Marked::OriginOrMadeIn if is_domestic(scenario, made_in) => Number::from(1),
        Marked::OriginOrMadeIn => domestic_share(scenario, mixture),
        Marked::OriginAndSupplier if is_domestic(scenario, seat) => domestic_share(scenario, mixture),
        Marked::OriginAndSupplier => Number::from(0),
        Marked::ItalyOrGermany => {
            mixture.iter().filter(|(_, land)| ["IT", "DE"].contains(land)).map(|(share, _)| share).sum()
        }
    }
}

impl Looking<'_> {
    pub(crate) fn mixture(&self, row: &Row) -> Mixture {
        if row.is_own_work {
            return vec![(Number::from(1), self.world.plant)];
        }
        self.world.mixtures[&(row.item, tested_on(row, self.built.day))].clone()
    }

    /// Where the row is made.
    pub(crate) fn made_in(&self, row: &Row) -> Land {
        let stated = || self.world.made_in.get(&row.item.part).copied().unwrap_or_default();
        if row.is_own_work { self.world.plant } else { stated() }
    }

    /// Everything the row may be a mixture of, on any day the vehicle may be of.
    pub(crate) fn possible_mixtures(&self, row: &Row, vehicle: usize) -> Vec<Mixture> {
        if row.is_own_work {
            let plants = plants(self.scenario, vehicle);
            return plants.into_iter().map(|plant| vec![(Number::from(1), plant)]).collect();
        }
        let days = days(self.scenario, vehicle).into_iter();
        days.flat_map(|day| mixtures(self.scenario, row.item, tested_on(row, day))).collect()
    }

    /// The part of a row that is marked by itself, before anything is looked into.
    pub(crate) fn own_mark(&self, row: &Row) -> Number {
        if let Some(closed) = self.closed {
            return closed[&(row.item, row.is_own_work, row.received_on)];
        }
        let made_in = self.world.made_in.get(&row.item.part).copied();
        let made_in = if row.is_own_work { Some(self.world.plant) } else { made_in };
        let seat = self.world.seats.get(&seat_of(row)).copied();
        mark(self.scenario, &self.mixture(row), made_in.unwrap_or_default(), seat.unwrap_or_default())
    }

    /// The same if one country were the only domestic one.
    pub(crate) fn marked_by(&self, row: &Row, land: Land) -> Number {
        let mut alone = self.scenario.clone();
        alone.rule.domestic = Domestic::Only(vec![land]);
        let made_in = self.world.made_in.get(&row.item.part).copied();
        let made_in = if row.is_own_work { Some(self.world.plant) } else { made_in };
        let seat = self.world.seats.get(&seat_of(row)).copied();
        mark(&alone, &self.mixture(row), made_in.unwrap_or_default(), seat.unwrap_or_default())
    }

    /// What one of a component costs. Looked into, a part whose price nobody states costs what is in
    /// it and whatever was added. Nothing when it would cost less than what is in it: then these
    /// prices cannot all be true.
    pub(crate) fn value(&self, part: usize) -> Option<Number> {
        let mut inside = Number::from(0);
        if looks_into(self.scenario) {
            for line in self.built.lines(part) {
                inside += self.value(line.child)? * i128::from(line.quantity);
            }
        }
        Some(inside + self.added(part, inside)?)
    }

    /// What is added to a part on top of what is in it.
    fn added(&self, part: usize, inside: Number) -> Option<Number> {
        let price = self.price(part)?;
        let has_lines = looks_into(self.scenario) && self.built.lines(part).next().is_some();
        let added = match self.scenario.parts[part].price {
            _ if !has_lines => price,
            _ if self.built.is_phantom(part) => Number::from(0),
            Price::Missing => price,
            Price::Known(_) | Price::Between(..) => price - inside,
        };
        (added >= Number::from(0)).then_some(added)
    }

    fn price(&self, part: usize) -> Option<Number> {
        self.world.prices.get(&part).copied()
    }

    /// The part of a component that is marked, as the form's method has it.
    pub(crate) fn marked_part(&self, row: &Row) -> Option<Number> {
        if row.is_own_work || !looks_into(self.scenario) {
            return Some(self.own_mark(row));
        }
        Some(self.below(row)?.0)
    }

    /// The marked part of a bought part, with everything below it looked into, and its value.
    pub(crate) fn below(&self, row: &Row) -> Option<(Number, Number)> {
        let part = row.item.part;
        let (marked, value) = self.before_the_rule(row)?;
        let share = if value > Number::from(0) { marked / value } else { self.own_mark(row) };
        let is_bought = !self.built.is_made(part) && !self.built.is_phantom(part);
        Some((if is_bought { self.rule(share) } else { share }, value))
    }

    /// Marked value and value of one, before a bought part is rolled up.
    pub(crate) fn before_the_rule(&self, row: &Row) -> Option<(Number, Number)> {
        let (mut marked, mut inside) = (Number::from(0), Number::from(0));
        for line in self.built.lines(row.item.part) {
            let (share, each) = self.below(&inner_row(self.scenario, line.child))?;
            let weight = each * i128::from(line.quantity);
            marked += share * weight;
            inside += weight;
        }
        let added = self.added(row.item.part, inside)?;
        Some((marked + added * self.own_mark(row), inside + added))
    }

    fn rule(&self, share: Number) -> Number {
        let Form::Share { method: Method::RolledUp { at, below }, .. } = &self.scenario.rule.form else {
            return share;
        };
        let percent = |percent: i64| Number::new(i128::from(percent), 100);
        if share >= percent(*at) {
            return Number::from(1);
        }
        match below {
            Below::Nothing => Number::from(0),
            Below::Share => share,
            Below::Nearest(step) => (share / percent(*step) + Number::new(1, 2)).floor() * percent(*step),
        }
    }
}
