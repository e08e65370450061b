use std::collections::BTreeSet;

use filiera_model::Day;

use crate::origins::{Item, Mixture, Number, is_domestic, lands, mixtures};
use crate::scenario::{Apart, Form, GroupBy, Marked, Method, Weigh};
use crate::structure::{Built, Row};
use crate::world::{Fact, Seat};
use crate::{Land, Origin, Price, Scenario, Scope};

/// Stands for "as much as you like" where a price has no limit.
pub(crate) const HUGE: i128 = 1_000_000_000;

/// The countries a place or seat that nobody stated may be in: one domestic, one not.
const EITHER: [Land; 2] = ["IT", "CN"];

/// The days a vehicle may have been built on: the one stated, or one of every stretch of days on
/// which nothing changes; of an unknown day there is none before the law.
pub(crate) fn days(scenario: &Scenario, vehicle: usize) -> Vec<Day> {
    if let Some(day) = scenario.vehicles[vehicle].built_on {
        return vec![day];
    }
    let papers = scenario.declarations.iter().map(|paper| (paper.valid_from, paper.valid_to));
    let lines = scenario.lines.iter().map(|line| (line.valid_from, line.valid_to));
    let law = scenario.rule.ladder.iter().map(|(from, ..)| *from);
    let law_ends = scenario.rule.ends_on.map(Day::next);
    let changes = papers.chain(lines).flat_map(|(from, to)| [from, to.map(Day::next)]).flatten();
    let mut days: BTreeSet<Day> = changes.chain(law).chain(law_ends).collect();
    days.extend(days.first().map(|first| first.previous()));
    let first_law = scenario.rule.ladder.first().map(|(from, ..)| *from);
    days.into_iter().filter(|day| !scenario.rule.dated || Some(*day) >= first_law).collect()
}

/// The day the papers of a row must be valid on.
pub(crate) fn tested_on(row: &Row, built_on: Day) -> Day {
    row.received_on.unwrap_or(built_on)
}

pub(crate) fn looks_into(scenario: &Scenario) -> bool {
    matches!(&scenario.rule.form, Form::Share { method, .. } if *method != Method::AsSupplied)
}

/// The item of a part that stands below a component.
pub(crate) fn below(scenario: &Scenario, part: usize) -> Item {
    Item { part, supplier: scenario.parts[part].supplier, lot: None }
}

pub(crate) fn seat_of(row: &Row) -> Seat {
    match row.item.supplier {
        _ if row.is_own_work => Seat::OfOwnWork,
        Some(supplier) => Seat::Supplier(supplier),
        None => Seat::OfPart(row.item.part),
    }
}

pub(crate) fn seats(scenario: &Scenario, seat: Seat) -> Vec<Land> {
    let stated = match seat {
        Seat::Supplier(supplier) => scenario.suppliers[supplier].country,
        Seat::OfPart(_) | Seat::OfOwnWork => None,
    };
    let either = || if tells_apart(scenario) { lands(scenario, &Origin::Unknown) } else { EITHER.to_vec() };
    stated.map_or_else(either, |land| vec![land])
}

pub(crate) fn places(scenario: &Scenario, part: usize) -> Vec<Land> {
    let either = || {
        if groups_by(scenario).is_some() || tells_apart(scenario) {
            lands(scenario, &Origin::Unknown)
        } else {
            EITHER.to_vec()
        }
    };
    scenario.parts[part].made_in.map_or_else(either, |land| vec![land])
}

/// Whether marked rows of several values are told apart.
fn tells_apart(scenario: &Scenario) -> bool {
    matches!(scenario.rule.form, Form::GreatestPart { .. })
}

/// What makes a group, where groups are asked for.
pub(crate) fn groups_by(scenario: &Scenario) -> Option<GroupBy> {
    if let Form::Concentration { by, .. } = &scenario.rule.form { Some(*by) } else { None }
}

pub(crate) fn plants(scenario: &Scenario, vehicle: usize) -> Vec<Land> {
    let unknown = || lands(scenario, &Origin::Unknown);
    scenario.vehicles[vehicle].plant_country.map_or_else(unknown, |land| vec![land])
}

/// The mixtures worth telling apart: all of them where countries are named, else one of every
/// domestic share.
fn telling(scenario: &Scenario, all: BTreeSet<Mixture>) -> Vec<Mixture> {
    if matches!(scenario.rule.form, Form::WorstCountry { .. } | Form::GreatestPart { .. })
        || groups_by(scenario) == Some(GroupBy::Origin)
        || scenario.rule.marked == Marked::ItalyOrGermany
    {
        return all.into_iter().collect();
    }
    let mut seen: BTreeSet<Number> = BTreeSet::new();
    all.into_iter().filter(|mixture| seen.insert(domestic_share(scenario, mixture))).collect()
}

pub(crate) fn domestic_share(scenario: &Scenario, mixture: &Mixture) -> Number {
    mixture.iter().filter(|(_, land)| is_domestic(scenario, land)).map(|(share, _)| share).sum()
}

fn whole_numbers(price: Price) -> Vec<Number> {
    let (least, most) = match price {
        Price::Known(value) => (value, value),
        Price::Between(least, most) => (least, most),
        Price::Missing => return [0, 1, HUGE].map(Number::from).to_vec(),
    };
    (least..=most).map(|value| Number::from(i128::from(value))).collect()
}

/// Every fact the rows (and, where they are looked into, what stands below them) may be asked for,
/// each with all it may be. `closed`: the marks are settled already.
pub(crate) fn facts(built: &Built<'_>, rows: &[Row], closed: bool) -> Vec<Vec<Fact>> {
    let scenario = built.scenario;
    let bought = || rows.iter().filter(|row| !row.is_own_work);
    let on_rows: BTreeSet<usize> = bought().map(|row| row.item.part).collect();
    let inside = if looks_into(scenario) { inside(built, &on_rows) } else { BTreeSet::new() };
    let mut facts = Vec::new();
    if weighs(scenario, Weigh::Value) {
        let priced: BTreeSet<usize> = rows.iter().map(|row| row.item.part).chain(inside.clone()).collect();
        facts.extend(priced.into_iter().map(|part| prices(scenario, part)));
    }
    if weighs(scenario, Weigh::Mass) {
        facts.extend(on_rows.iter().map(|part| masses(scenario, *part)));
    }
    let mut asked: BTreeSet<Seat> = BTreeSet::new();
    match scenario.rule.scope {
        Scope::DomesticSupplier => asked.extend(rows.iter().map(seat_of)),
        Scope::Sensitive | Scope::NotSensitive => {
            let unknown = on_rows.iter().filter(|part| scenario.parts[**part].class.is_none());
            facts.extend(unknown.map(|part| [true, false].map(|is| Fact::IsSensitive(*part, is)).to_vec()));
        }
        Scope::All | Scope::NotOwnWork => {}
    }
    let by = groups_by(scenario);
    if !closed || by == Some(GroupBy::Origin) {
        let items = bought().map(|row| (row.item, tested_on(row, built.day)));
        let items = items.chain(inside.iter().map(|part| (below(scenario, *part), built.day)));
        let items: BTreeSet<_> = items.collect();
        facts.extend(items.into_iter().map(|(item, day)| origins(scenario, item, day)));
    }
    let marks_places = matches!(scenario.rule.marked, Marked::MadeIn | Marked::OriginOrMadeIn);
    let tells_places = matches!(scenario.rule.form, Form::GreatestPart { apart: Apart::MadeIn, .. });
    if (marks_places && !closed) || tells_places || by == Some(GroupBy::MadeIn) {
        facts.extend(
            on_rows.union(&inside).map(|part| {
                places(scenario, *part).into_iter().map(|land| Fact::MadeIn(*part, land)).collect()
            }),
        );
    }
    if scenario.rule.marked == Marked::OriginAndSupplier && !closed {
        asked.extend(rows.iter().map(seat_of));
        asked.extend(inside.iter().map(|part| seat_of(&inner_row(scenario, *part))));
    }
    let of_seat = |seat| seats(scenario, seat).into_iter().map(|land| Fact::Seat(seat, land)).collect();
    facts.extend(asked.into_iter().map(of_seat));
    facts
}

/// Every part below these.
fn inside(built: &Built<'_>, parts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    let mut left: Vec<usize> = parts.iter().copied().collect();
    while let Some(part) = left.pop() {
        left.extend(built.lines(part).map(|line| line.child));
        found.extend(built.lines(part).map(|line| line.child));
    }
    found
}

fn prices(scenario: &Scenario, part: usize) -> Vec<Fact> {
    let prices = whole_numbers(scenario.parts[part].price);
    prices.into_iter().map(|price| Fact::Price(part, price)).collect()
}

fn masses(scenario: &Scenario, part: usize) -> Vec<Fact> {
    let mass = scenario.parts[part].mass_kg.map_or(Price::Missing, Price::Known);
    whole_numbers(mass).into_iter().map(|mass| Fact::Mass(part, mass)).collect()
}

fn origins(scenario: &Scenario, item: Item, day: Day) -> Vec<Fact> {
    let asks_origins = matches!(scenario.rule.form, Form::WorstCountry { .. })
        || groups_by(scenario) == Some(GroupBy::Origin);
    if scenario.rule.marked == Marked::MadeIn && !asks_origins {
        return vec![Fact::Mixture(item, day, Mixture::new())];
    }
    let all = telling(scenario, mixtures(scenario, item, day));
    all.into_iter().map(|mixture| Fact::Mixture(item, day, mixture)).collect()
}

/// A part below a component, as if it were a row.
pub(crate) fn inner_row(scenario: &Scenario, part: usize) -> Row {
    Row { item: below(scenario, part), quantity: 1, is_own_work: false, received_on: None }
}

fn weighs(scenario: &Scenario, by: Weigh) -> bool {
    match &scenario.rule.form {
        Form::Share { weigh, method, .. } => {
            *weigh == by || (by == Weigh::Value && *method != Method::AsSupplied)
        }
        Form::WorstCountry { weigh }
        | Form::GreatestPart { weigh, .. }
        | Form::Total { weigh }
        | Form::Concentration { weigh, .. } => *weigh == by,
        _ => false,
    }
}
