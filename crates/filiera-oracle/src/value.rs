use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Day, Verdict};

use crate::Land;
use crate::origins::{Mixture, Number, domestic, is_domestic};
use crate::own_work::own_work;
use crate::scenario::{Apart, Class, Form, GroupBy, OfTotal, Remainder, Rule, Scope, TotalOf, Weigh};
use crate::structure::Row;
use crate::supplied::Looking;
use crate::unknowns::{HUGE, seat_of};

/// What one completion says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Value(Number),
    /// The total is zero.
    Nothing,
    /// There are no rows: then nothing is decided, whatever a sum over none of them comes to.
    NoRows(Option<Number>),
}

/// A row of a completion: what it weighs and which part of it is marked.
struct Weighed<'a> {
    row: &'a Row,
    weight: Number,
    marked: Number,
}

/// Everything the completion may say; nothing at all when it cannot be true.
pub(crate) fn say(looking: &Looking<'_>, vehicle: usize) -> Vec<Said> {
    let Some(rows) = weigh(looking) else { return Vec::new() };
    let rule = &looking.scenario.rule;
    let sums_nothing = matches!(rule.form, Form::Total { .. } | Form::Count);
    let said = of_rows(looking, vehicle, &rows);
    if !rows.is_empty() || (looking.scenario.complete && sums_nothing) {
        return said;
    }
    let without = |said: Said| if let Said::Value(value) = said { Some(value) } else { None };
    said.into_iter().map(|said| Said::NoRows(without(said))).collect()
}

fn of_rows(looking: &Looking<'_>, vehicle: usize, rows: &[Weighed<'_>]) -> Vec<Said> {
    let rule = &looking.scenario.rule;
    let marked: Number = rows.iter().map(|row| row.weight * row.marked).sum();
    let weight: Number = rows.iter().map(|row| row.weight).sum();
    let number = |offends: fn(&Number) -> bool| {
        let count = rows.iter().filter(|row| offends(&row.marked)).count();
        vec![Said::Value(Number::from(i128::try_from(count).unwrap_or_default()))]
    };
    match &rule.form {
        Form::Share { of_total: Some(of_total), .. } => {
            of_declared_total(looking, vehicle, *of_total, marked, weight)
        }
        Form::Share { of_total: None, .. } => vec![over(marked, weight)],
        Form::Concentration { by, .. } => vec![concentration(looking, rows, *by, weight)],
        Form::WorstCountry { .. } => vec![worst_country(looking, vehicle, rows, weight)],
        Form::GreatestPart { apart, .. } => vec![greatest_part(looking, rows, *apart, weight)],
        Form::Total { .. } | Form::Count => vec![Said::Value(marked)],
        Form::Every => number(|marked| *marked < Number::from(1)),
        Form::None | Form::Any => number(|marked| *marked > Number::from(0)),
    }
}

fn over(top: Number, bottom: Number) -> Said {
    if bottom > Number::from(0) { Said::Value(top / bottom) } else { Said::Nothing }
}

fn concentration(looking: &Looking<'_>, rows: &[Weighed<'_>], by: GroupBy, weight: Number) -> Said {
    let mut groups: BTreeMap<Land, Number> = BTreeMap::new();
    for row in rows {
        let pieces = match by {
            GroupBy::Origin => looking.mixture(row.row),
            GroupBy::MadeIn => vec![(row.marked, looking.made_in(row.row))],
        };
        for (share, land) in pieces {
            *groups.entry(land).or_default() += row.weight * share;
        }
    }
    over(groups.values().map(|group| group * group).sum(), weight * weight)
}

fn worst_country(looking: &Looking<'_>, vehicle: usize, rows: &[Weighed<'_>], weight: Number) -> Said {
    // Each row's share of a country: as it is, or the most or the least there may be of it.
    let closure = looking.scenario.rule.unknown.filter(|_| looking.is_closed);
    let possible = |row: &Row| match closure {
        Some(_) => looking.possible_mixtures(row, vehicle),
        None => vec![looking.mixture(row)],
    };
    let mixtures: Vec<(Number, Vec<Mixture>)> =
        rows.iter().map(|row| (row.weight, possible(row.row))).collect();
    let lands: BTreeSet<_> =
        mixtures.iter().flat_map(|(_, all)| all).flatten().map(|(_, land)| *land).collect();
    let share = |mixture: &Mixture, land| -> Number {
        mixture.iter().filter(|(_, other)| *other == land).map(|(share, _)| share).sum()
    };
    let of = |land| -> Number {
        let counted = mixtures.iter().map(|(weight, all)| {
            let shares = all.iter().map(|mixture| share(mixture, land));
            let counted = if closure == Some(true) { shares.max() } else { shares.min() };
            *weight * counted.unwrap_or_default()
        });
        counted.sum()
    };
    over(lands.into_iter().map(of).max().unwrap_or_default(), weight)
}

fn greatest_part(looking: &Looking<'_>, rows: &[Weighed<'_>], apart: Apart, weight: Number) -> Said {
    let mut parts: BTreeMap<Land, Number> = BTreeMap::new();
    for row in rows {
        match apart {
            Apart::MadeIn => {
                *parts.entry(looking.made_in(row.row)).or_default() += row.weight * row.marked;
            }
            Apart::EachDomestic => {
                for land in domestic(looking.scenario) {
                    *parts.entry(land).or_default() += row.weight * looking.marked_by(row.row, land);
                }
            }
        }
    }
    over(parts.into_values().max().unwrap_or_default(), weight)
}

/// The lines never weigh more than the total; what they leave of it counts as the rule says.
fn of_declared_total(
    looking: &Looking<'_>,
    vehicle: usize,
    of_total: OfTotal,
    marked: Number,
    weight: Number,
) -> Vec<Said> {
    let stated = match of_total.total {
        TotalOf::Number(number) => Some(number),
        TotalOf::Price => looking.scenario.vehicles[vehicle].price,
    };
    let totals = match stated {
        Some(total) => vec![Number::from(i128::from(total))],
        None => [0, 1, HUGE].map(|more| weight + Number::from(more)).to_vec(),
    };
    let mut said = Vec::new();
    for total in totals.into_iter().filter(|total| weight <= *total) {
        let rest = total - weight;
        let counted = match of_total.remainder {
            Remainder::Yes => vec![rest],
            Remainder::No => vec![Number::from(0)],
            Remainder::Maybe => vec![Number::from(0), rest],
        };
        said.extend(counted.into_iter().map(|rest| over(marked + rest, total)));
    }
    said
}

/// The rows in scope; nothing when the prices cannot all be true.
fn weigh<'a>(looking: &Looking<'a>) -> Option<Vec<Weighed<'a>>> {
    let by = match &looking.scenario.rule.form {
        Form::Share { weigh, .. }
        | Form::WorstCountry { weigh }
        | Form::GreatestPart { weigh, .. }
        | Form::Total { weigh }
        | Form::Concentration { weigh, .. } => Some(*weigh),
        _ => None,
    };
    let mut rows = Vec::new();
    for row in &looking.world.rows {
        let quantity = Number::from(i128::from(row.quantity));
        let weight = match by {
            None => Number::from(1),
            Some(Weigh::Value) if row.is_own_work => own_work(looking, row)?,
            Some(Weigh::Value) => looking.value(row.item.part)? * quantity,
            Some(Weigh::Mass | Weigh::Count) if row.is_own_work => Number::from(0),
            Some(Weigh::Mass) => looking.world.masses[&row.item.part] * quantity,
            Some(Weigh::Count) => quantity,
        };
        if is_in_scope(looking, row) {
            rows.push(Weighed { row, weight, marked: looking.marked_part(row)? });
        }
    }
    Some(rows)
}

/// What the rows in scope weigh together; nothing when the prices cannot all be true.
pub(crate) fn weight_in_scope(looking: &Looking<'_>) -> Option<Number> {
    Some(weigh(looking)?.iter().map(|row| row.weight).sum())
}

fn is_in_scope(looking: &Looking<'_>, row: &Row) -> bool {
    let scenario = looking.scenario;
    let closure = scenario.rule.unknown_scope.filter(|_| looking.is_closed);
    let class = scenario.parts[row.item.part].class;
    let is_sensitive =
        || looking.world.sensitive.get(&row.item.part).copied().unwrap_or(class == Some(Class::Sensitive));
    match scenario.rule.scope {
        Scope::All => true,
        Scope::Sensitive if row.is_own_work => false,
        Scope::NotSensitive if row.is_own_work => true,
        Scope::NotOwnWork => !row.is_own_work,
        Scope::Sensitive | Scope::NotSensitive if class.is_none() && closure.is_some() => {
            closure == Some(true)
        }
        Scope::Sensitive => is_sensitive(),
        Scope::NotSensitive => !is_sensitive(),
        Scope::DomesticSupplier => {
            let seat = seat_of(row);
            let is_unknown = crate::unknowns::seats(scenario, seat).len() > 1;
            match closure.filter(|_| is_unknown) {
                Some(counts_in) => counts_in,
                None => looking.world.seats.get(&seat).is_some_and(|land| is_domestic(scenario, land)),
            }
        }
    }
}

/// The threshold of the rule on a day; nothing when the law says nothing yet, or no more.
pub(crate) fn threshold(rule: &Rule, day: Day) -> Option<Number> {
    if rule.ends_on.is_some_and(|ends| ends < day) {
        return None;
    }
    let step = rule.ladder.iter().rev().find(|(from, ..)| *from <= day);
    step.map(|(_, top, bottom)| Number::new(i128::from(*top), i128::from(*bottom)))
}

/// Whether a value passes.
pub(crate) fn verdict(rule: &Rule, value: Number, threshold: Number) -> Verdict {
    use filiera_model::Operator as O;
    let zero = Number::from(0);
    let passes = match (&rule.form, rule.operator) {
        (Form::Every | Form::None, _) => value == zero,
        (Form::Any, _) => value > zero,
        (_, O::AtLeast) => value >= threshold,
        (_, O::AtMost) => value <= threshold,
        (_, O::MoreThan) => value > threshold,
        (_, O::LessThan) => value < threshold,
    };
    if passes { Verdict::Met } else { Verdict::NotMet }
}
