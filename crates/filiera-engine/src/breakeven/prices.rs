use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array};
use arrow::datatypes::{DataType, Decimal128Type, Field};
use filiera_finding::PriceBreakeven;
use filiera_model::{Exact, Rounding, Verdict};
use filiera_tables::{Dossier, SCALE, Table, TableKind};

use super::bench::{Bench, Measured};
use super::rounded;
use crate::EngineError;

/// So many parts are tried when none is named.
const HEAVIEST: usize = 8;

/// The parts whose price is tried, how many are left, and why none is.
pub(super) fn parts_to_try(
    bench: &Bench<'_>,
    now: &Measured,
    named: &[String],
) -> (Vec<Part>, u64, Option<String>) {
    let Some(basis) = &now.by_price else {
        return (Vec::new(), 0, Some("rows do not weigh what parts cost".to_owned()));
    };
    if now.parts.is_empty() {
        return (Vec::new(), 0, Some("no row is a part with a price of its own".to_owned()));
    }
    let mut heaviest: Vec<(&String, &Exact)> = now.parts.iter().collect();
    heaviest.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let part = |name: &String| Part::of(&bench.dossier, name, basis.as_deref());
    if !named.is_empty() {
        return (named.iter().map(part).collect(), 0, None);
    }
    let left = heaviest.len().saturating_sub(HEAVIEST) as u64;
    (heaviest.into_iter().take(HEAVIEST).map(|(name, _)| part(name)).collect(), left, None)
}

/// A part, and where its price stands.
pub(super) struct Part {
    name: String,
    table: TableKind,
    basis: Option<String>,
    now: Option<Exact>,
    currency: Option<String>,
}

impl Part {
    /// The price stands in the table that the condition takes it from: `values` on a stated basis,
    /// else `parts`, else whatever values are stated.
    fn of(dossier: &Dossier, name: &str, basis: Option<&str>) -> Self {
        let own = dossier.table(TableKind::Parts).filter(|_| basis.is_none());
        let own_row =
            own.and_then(|table| rows(table, name, None).into_iter().next().map(|row| (table, row)));
        let is_stated = |table: &&Table| !rows(table, name, basis).is_empty();
        let stated = dossier.table(TableKind::Values).filter(is_stated);
        let (table, kind, column) = match (own_row, stated) {
            (Some((table, row)), None) => (Some((table, row)), TableKind::Parts, "unit_value"),
            (Some((table, row)), Some(_)) if table.number("unit_value", row).is_some() => {
                (Some((table, row)), TableKind::Parts, "unit_value")
            }
            (_, Some(values)) => {
                let row = rows(values, name, basis).first().copied();
                (row.map(|row| (values, row)), TableKind::Values, "value")
            }
            (None, None) => (None, TableKind::Parts, "unit_value"),
        };
        let price = table.and_then(|(table, row)| table.number(column, row));
        let most = table.and_then(|(table, row)| table.number(&format!("{column}_max"), row));
        let several = table.is_some_and(|(table, _)| rows(table, name, basis).len() > 1);
        let currency = table.and_then(|(table, row)| table.text("currency", row));
        Self {
            name: name.to_owned(),
            table: kind,
            basis: basis.map(str::to_owned),
            now: price.filter(|_| most.is_none() && !several),
            currency: currency.map(str::to_owned).or_else(|| dossier.currency.clone()),
        }
    }

    /// The evidence with this price for one of the part; nothing when there is no row to put it in.
    fn at(&self, dossier: &Dossier, price: &Exact) -> Result<Option<Dossier>, EngineError> {
        let Some(table) = dossier.table(self.table) else { return Ok(None) };
        let column = if self.table == TableKind::Parts { "unit_value" } else { "value" };
        let own = rows(table, &self.name, self.basis.as_deref());
        let Some(price) = price.to_unscaled(u32::from(SCALE)).filter(|_| !own.is_empty()) else {
            return Ok(None);
        };
        let most = format!("{column}_max");
        let schema = table.batch().schema();
        let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
        for (field, array) in schema.fields().iter().zip(table.batch().columns()) {
            let array = match field.name() {
                name if name == column => with_cell(array, &own, Some(price))?,
                name if *name == most => with_cell(array, &own, None)?,
                _ => Arc::clone(array),
            };
            columns.push((field.as_ref().clone(), array));
        }
        let mut changed = dossier.clone();
        changed.tables.insert(self.table, Table::new(self.table, columns, table.places().to_vec())?);
        Ok(Some(changed))
    }
}

/// The rows of a part, on a basis where one is asked for.
fn rows(table: &Table, part: &str, basis: Option<&str>) -> Vec<usize> {
    let is_own = |row: &usize| {
        table.text("part", *row) == Some(part)
            && basis.is_none_or(|basis| table.text("basis", *row) == Some(basis))
    };
    (0..table.len()).filter(is_own).collect()
}

/// The numbers with another one in these rows.
fn with_cell(array: &ArrayRef, rows: &[usize], cell: Option<i128>) -> Result<ArrayRef, EngineError> {
    let DataType::Decimal128(precision, scale) = array.data_type() else { return Ok(Arc::clone(array)) };
    let numbers = array.as_any().downcast_ref::<arrow::array::PrimitiveArray<Decimal128Type>>();
    let known = |row: usize| numbers.filter(|n| n.is_valid(row)).map(|n| n.value(row));
    let cells = (0..array.len()).map(|row| if rows.contains(&row) { cell } else { known(row) });
    let cells: Decimal128Array = cells.collect();
    Ok(Arc::new(cells.with_precision_and_scale(*precision, *scale)?))
}

/// The price of one part at which the condition turns.
///
/// The slack is linear in the price as long as what is open falls the same way, so two prices show
/// the line; judging again at the price found says whether it held.
pub(super) fn of_part(bench: &Bench<'_>, part: &Part) -> Result<PriceBreakeven, EngineError> {
    let none = |why: String, or_less: bool| PriceBreakeven {
        part: part.name.clone(),
        currency: part.currency.clone(),
        now: part.now.clone(),
        at: None,
        or_less,
        why: Some(why),
    };
    let (one, two) = (Exact::one(), Exact::from_int(2));
    let (Some(first), Some(second)) = (slack_at(bench, part, &one)?, slack_at(bench, part, &two)?) else {
        return Ok(none("no row of the evidence holds its price".to_owned(), false));
    };
    let (first, second) = match (first, second) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(why), _) | (_, Err(why)) => return Ok(none(why, false)),
    };
    let slope = &second - &first;
    let or_less = slope.is_negative();
    let Some(steps) = first.checked_div(&slope) else {
        let why = if first.is_negative() {
            "no price does it: whatever the part costs, the condition is not met"
        } else {
            "any price does it: whatever the part costs, the condition is met"
        };
        return Ok(none(why.to_owned(), or_less));
    };
    let exact = &one - &steps;
    if exact.is_negative() {
        let why = if or_less {
            "no price does it: the condition is not met even if the part is free"
        } else {
            "any price does it"
        };
        return Ok(none(why.to_owned(), or_less));
    }
    let rounding = if or_less { Rounding::Down } else { Rounding::Up };
    let found = rounded(&exact, rounding, |price| Ok(legal_at(bench, part, price)? == Some(Verdict::Met)))?;
    if !found.certified {
        let why = if found.rounded.is_negative() {
            "no price does it: even for nothing the part leaves the condition short"
        } else {
            "no single price does it: checking again at the price found did not confirm it"
        };
        return Ok(none(why.to_owned(), or_less));
    }
    Ok(PriceBreakeven { at: Some(found), why: None, ..none(String::new(), or_less) })
}

/// The slack at a price, or why there is none; nothing when the price has no place.
type Slack = Option<Result<Exact, String>>;

fn slack_at(bench: &Bench<'_>, part: &Part, price: &Exact) -> Result<Slack, EngineError> {
    let Some(dossier) = part.at(&bench.dossier, price)? else { return Ok(None) };
    let measured = bench.measure(&dossier)?;
    let slack = measured.weighed.as_ref().and_then(|weighed| weighed.slack());
    Ok(Some(slack.ok_or_else(|| measured.unlimited())))
}

/// The legal verdict at a price; a price below zero is none.
fn legal_at(bench: &Bench<'_>, part: &Part, price: &Exact) -> Result<Option<Verdict>, EngineError> {
    if price.is_negative() {
        return Ok(None);
    }
    let Some(dossier) = part.at(&bench.dossier, price)? else { return Ok(None) };
    Ok(Some(bench.measure(&dossier)?.finding.legal))
}
