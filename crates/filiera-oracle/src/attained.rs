use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Day, Exact, Verdict};

use crate::origins::{Number, mixtures};
use crate::own_work::own_work_rows;
use crate::scenario::{Form, Method};
use crate::structure::{Built, Choices, Picks, Row, choices, fitted};
use crate::supplied::{Closed, Looking, mark};
use crate::unknowns::{HUGE, days, facts, inner_row, looks_into, places, plants, seat_of, seats, tested_on};
use crate::value::{Said, say, threshold, verdict, weight_in_scope};
use crate::world::{Fact, World, every_way};
use crate::{Scenario, TotalOf};

/// What the completions of one vehicle come to.
#[derive(Clone, Debug, Default)]
pub struct Attained {
    /// How many completions there are; zero when the facts contradict each other.
    pub completions: usize,
    /// The least value.
    pub least: Option<Exact>,
    /// The greatest value.
    pub most: Option<Exact>,
    /// Whether rows may be missing, so that values have no upper end.
    pub is_unlimited: bool,
    /// Every verdict that some completion gives.
    pub verdicts: BTreeSet<Verdict>,
    /// Whether some choice, on some day, fits no prices at all: a part would cost less than what is in
    /// it. Which of the papers is wrong nobody can say, and what follows from them neither.
    pub contradicts: bool,
}

/// Writes out every completion of `vehicle`, with the marks `closed` as the law's closure has it or
/// not. Nothing when there are more than `limit`.
pub fn attained(scenario: &Scenario, vehicle: usize, closed: bool, limit: usize) -> Option<Attained> {
    let rule = &scenario.rule;
    let closed_marks = closed.then_some(rule.unknown).flatten();
    let mut tally =
        Tally { found: Attained::default(), limit, is_over: false, is_possible: false, ends: None };
    for day in days(scenario, vehicle) {
        let root = scenario.vehicles[vehicle].root;
        let open = choices(scenario, root, day, looks_into(scenario));
        let lists: Vec<Vec<((usize, u8), usize)>> =
            open.iter().map(|(choice, lines)| lines.iter().map(|line| (*choice, *line)).collect()).collect();
        every_way(&lists, |picked| {
            let picks: Picks = picked.iter().copied().collect();
            let picked = Picked { scenario, vehicle, day, picks: &picks, choices: &open };
            picked.complete(closed, closed_marks, &mut tally);
        });
    }
    let Tally { mut found, is_over, ends, .. } = tally;
    let exact = |number: Number| Exact::ratio(*number.numer(), *number.denom());
    found.least = ends.and_then(|(least, _)| exact(least));
    found.most = ends.and_then(|(_, most)| exact(most));
    (!is_over).then_some(found)
}

struct Tally {
    found: Attained,
    limit: usize,
    is_over: bool,
    /// Whether the prices of the choice at hand can be true.
    is_possible: bool,
    ends: Option<(Number, Number)>,
}

type Turn<'a> = Box<dyn Fn(&World) -> Option<Number> + 'a>;

struct Picked<'a> {
    scenario: &'a Scenario,
    vehicle: usize,
    day: Day,
    picks: &'a Picks,
    choices: &'a Choices,
}

impl Picked<'_> {
    fn built(&self) -> Built<'_> {
        Built { scenario: self.scenario, day: self.day, picks: self.picks }
    }

    fn complete(&self, closed: bool, closed_marks: Option<bool>, tally: &mut Tally) {
        let (built, scenario) = (self.built(), self.scenario);
        let root = scenario.vehicles[self.vehicle].root;
        let installed: Vec<usize> =
            scenario.installed.iter().filter(|one| one.vehicle == self.vehicle).map(|one| one.part).collect();
        if !built.agrees_with(&installed, self.choices) {
            return;
        }
        let mut rows = fitted(scenario, self.vehicle, built.components(root));
        rows.extend(own_work_rows(&built, root));
        let facts = facts(&built, &rows, closed_marks.is_some());
        let plants = plants(scenario, self.vehicle);
        let many: usize = facts.iter().map(Vec::len).fold(plants.len(), usize::saturating_mul);
        if tally.found.completions.saturating_add(many) > tally.limit {
            tally.is_over = true;
            return;
        }
        let marks = closed.then(|| closed_marks.map(|counts| self.closed(&rows, counts))).flatten();
        tally.is_possible = false;
        for plant in plants {
            let mut world = World { rows: rows.clone(), plant, ..World::default() };
            every_way(&facts, |ways| {
                ways.iter().for_each(|fact| world.learn(fact));
                self.judge(&world, closed, marks.as_ref(), tally);
                for extra in self.break_points(&world, marks.as_ref(), &facts) {
                    let mut world = world.clone();
                    world.learn(&extra);
                    self.judge(&world, closed, marks.as_ref(), tally);
                }
            });
        }
        tally.found.contradicts |= !tally.is_possible;
    }

    /// What the closure makes of every mark: the most of it there may be, or the least.
    fn closed(&self, rows: &[Row], counts: bool) -> Closed {
        let scenario = self.scenario;
        let below = (0..scenario.parts.len()).map(|part| inner_row(scenario, part));
        let mut closed = BTreeMap::new();
        for row in rows.iter().cloned().chain(below.filter(|_| looks_into(scenario))) {
            let part = row.item.part;
            let mut marks: Vec<Number> = Vec::new();
            for seat in seats(scenario, seat_of(&row)) {
                if row.is_own_work {
                    let plants = plants(scenario, self.vehicle);
                    let of = |plant| mark(scenario, &vec![(Number::from(1), plant)], plant, seat);
                    marks.extend(plants.into_iter().map(of));
                    continue;
                }
                for day in days(scenario, self.vehicle) {
                    for mixture in mixtures(scenario, row.item, tested_on(&row, day)) {
                        let places = places(scenario, part).into_iter();
                        marks.extend(places.map(|made_in| mark(scenario, &mixture, made_in, seat)));
                    }
                }
            }
            let settled = if counts { marks.into_iter().max() } else { marks.into_iter().min() };
            closed.insert((row.item, row.is_own_work, row.received_on), settled.unwrap_or_default());
        }
        closed
    }

    fn judge(&self, world: &World, closed: bool, marks: Option<&Closed>, tally: &mut Tally) {
        let scenario = self.scenario;
        let looking = Looking { scenario, built: self.built(), world, closed: marks, is_closed: closed };
        let rule = &scenario.rule;
        tally.is_possible |= weight_in_scope(&looking).is_some();
        let found = &mut tally.found;
        let law_day = if rule.dated { self.day } else { scenario.law_as_of };
        let Some(threshold) = threshold(rule, law_day) else {
            found.completions += 1;
            found.verdicts.insert(Verdict::NotApplicable);
            return;
        };
        if rule.only_italy && world.plant != "IT" {
            found.completions += 1;
            found.verdicts.insert(Verdict::NotApplicable);
            return;
        }
        let may_hold_more = !scenario.complete
            && matches!(rule.form, Form::Total { .. } | Form::Count | Form::Every | Form::None | Form::Any);
        let is_open = !scenario.complete && matches!(rule.form, Form::Concentration { .. });
        if is_open {
            found.verdicts.insert(Verdict::Undetermined);
        }
        for said in say(&looking, self.vehicle) {
            found.completions += 1;
            let value = match said {
                Said::Nothing => None,
                Said::NoRows(value) => value,
                Said::Value(value) => {
                    found.verdicts.insert(verdict(rule, value, threshold));
                    Some(value)
                }
            };
            if !matches!(said, Said::Value(_)) {
                let is_proven = scenario.complete && matches!(said, Said::NoRows(_));
                found.verdicts.insert(if is_proven { Verdict::NotApplicable } else { Verdict::Undetermined });
            }
            let Some(value) = value else { continue };
            if may_hold_more {
                found.is_unlimited = true;
                let more = value + Number::from(HUGE * HUGE);
                found.verdicts.insert(verdict(rule, more, threshold));
            }
            tally.ends = Some(match tally.ends {
                None => (value, value),
                Some((least, most)) => (least.min(value), most.max(value)),
            });
        }
    }

    /// Prices between whole numbers at which something turns: the lines reach the declared total, a
    /// bought part reaches the share at which it counts in full.
    fn break_points(&self, world: &World, marks: Option<&Closed>, facts: &[Vec<Fact>]) -> Vec<Fact> {
        let turns = self.turns(marks);
        let ends = |list: &Vec<Fact>| match (list.first(), list.last()) {
            (Some(Fact::Price(part, least)), Some(Fact::Price(_, most))) => Some((*part, *least, *most)),
            _ => None,
        };
        let mut found = Vec::new();
        for (part, least, most) in facts.iter().filter(|list| list.len() > 1).filter_map(ends) {
            let one_more = least + Number::from(1);
            for turn in &turns {
                let at = |price: Number| {
                    let mut world = world.clone();
                    world.learn(&Fact::Price(part, price));
                    turn(&world)
                };
                let Some((first, second)) = at(least).zip(at(one_more)) else { continue };
                if first == second {
                    continue;
                }
                let root = least + first / (first - second);
                if least < root && root < most {
                    found.push(Fact::Price(part, root));
                }
            }
        }
        found
    }

    /// What is zero where something turns; each grows evenly with any one price.
    fn turns<'a>(&'a self, marks: Option<&'a Closed>) -> Vec<Turn<'a>> {
        let mut turns: Vec<Turn<'a>> = Vec::new();
        let Form::Share { method, of_total, .. } = &self.scenario.rule.form else { return turns };
        let total = of_total.and_then(|of_total| match of_total.total {
            TotalOf::Number(number) => Some(number),
            TotalOf::Price => self.scenario.vehicles[self.vehicle].price,
        });
        if let Some(total) = total {
            turns.push(Box::new(move |world| {
                Some(weight_in_scope(&self.looking(world, marks))? - Number::from(i128::from(total)))
            }));
        }
        if let Method::RolledUp { at, .. } = method {
            let at = Number::new(i128::from(*at), 100);
            let has_lines = |part: &usize| self.built().lines(*part).next().is_some();
            turns.extend((0..self.scenario.parts.len()).filter(has_lines).map(|part| -> Turn<'a> {
                Box::new(move |world| {
                    let row = world.rows.iter().find(|row| row.item.part == part && !row.is_own_work);
                    let row = row.cloned().unwrap_or_else(|| inner_row(self.scenario, part));
                    world.mixtures.get(&(row.item, tested_on(&row, self.day)))?;
                    let looking = self.looking(world, marks);
                    let (marked, value) = looking.before_the_rule(&row)?;
                    Some(marked - value * at)
                })
            }));
        }
        turns
    }

    fn looking<'a>(&'a self, world: &'a World, marks: Option<&'a Closed>) -> Looking<'a> {
        Looking {
            scenario: self.scenario,
            built: self.built(),
            world,
            closed: marks,
            is_closed: marks.is_some(),
        }
    }
}
