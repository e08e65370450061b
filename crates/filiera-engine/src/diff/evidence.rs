//! The evidence of a world: rows that count on one day as they do on another.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_model::{Day, Exact};
use filiera_tables::{ColumnKind, Dossier, Place, SCALE, Table, TableKind, arrow_field};

use super::paper_rows::{Span, effective, holds_on};
use crate::EngineError;

/// The evidence with the rows of a table counting on the day `on` as they do on `taken_from`, and on
/// every other day as they do.
pub(super) fn rows_as_on(
    dossier: &Dossier,
    kind: TableKind,
    on: Day,
    taken_from: Day,
) -> Result<Dossier, EngineError> {
    let mut moved = dossier.clone();
    let Some(table) = dossier.table(kind) else { return Ok(moved) };
    let mut rows: Vec<u32> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for (number, row) in (0u32..).zip(0..table.len()) {
        let span = effective(table, row);
        let own = if holds_on(span, on) == holds_on(span, taken_from) {
            vec![span]
        } else {
            stretches(span, on, holds_on(span, taken_from))
        };
        rows.extend(own.iter().map(|_| number));
        spans.extend(own);
    }
    let taken = table.take(&rows)?;
    let days = |which: fn(&Span) -> Option<Day>| -> ArrayRef {
        let days: Date32Array = spans.iter().map(|span| which(span).map(Day::days)).collect();
        Arc::new(days)
    };
    let (from, to) = (days(|span| span.0), days(|span| span.1));
    let fields = taken.batch().schema();
    let columns = fields.fields().iter().zip(taken.batch().columns()).filter_map(|(field, array)| {
        let array = match field.name().as_str() {
            "valid_from" => &from,
            "valid_to" => &to,
            // The spans say it already.
            "revoked_on" | "valid_from_max" | "valid_to_max" => return None,
            _ => array,
        };
        Some((field.as_ref().clone(), Arc::clone(array)))
    });
    let mut columns: Vec<(Field, ArrayRef)> = columns.collect();
    for (name, days) in [("valid_from", from), ("valid_to", to)] {
        if columns.iter().all(|(field, _)| field.name() != name) {
            columns.push((arrow_field(name, ColumnKind::Day), days));
        }
    }
    replace(&mut moved, Table::new(kind, columns, taken.places().to_vec())?);
    Ok(moved)
}

/// The span without a day of it, and with the day alone where it is to count.
fn stretches((from, to): Span, on: Day, counts: bool) -> Vec<Span> {
    let before = (from, Some(to.map_or(on.previous(), |to| to.min(on.previous()))));
    let after = (Some(from.map_or(on.next(), |from| from.max(on.next()))), to);
    let alone = (Some(on), Some(on));
    let is_some = |span: &Span| !matches!(span, (Some(from), Some(to)) if to < from);
    [before, after].into_iter().filter(is_some).chain(counts.then_some(alone)).collect()
}

/// The evidence with the exchange rates of the day `on` as they are on `taken_from`.
pub(super) fn rates_as_on(dossier: &Dossier, on: Day, taken_from: Day) -> Result<Dossier, EngineError> {
    let mut moved = dossier.clone();
    let mut rates = rates(dossier);
    for own in rates.values_mut() {
        let last = |day: Day| own.range(..=day).next_back().map(|(_, rate)| rate.clone());
        let (there, here) = (last(taken_from), last(on));
        if let Some(rate) = here.filter(|_| !own.contains_key(&on.next())) {
            own.insert(on.next(), rate);
        }
        match there {
            Some(rate) => {
                own.insert(on, rate);
            }
            // There was none by then: nothing before the day may be taken for it.
            None => own.retain(|day, _| *day > on),
        }
    }
    let flat: Vec<(String, Day, Exact)> = rates
        .into_iter()
        .flat_map(|(currency, own)| own.into_iter().map(move |(day, rate)| (currency.clone(), day, rate)))
        .collect();
    if dossier.table(TableKind::Rates).is_some() {
        replace(&mut moved, rates_table(&flat)?);
    }
    Ok(moved)
}

/// Rates by currency and day.
pub(super) fn rates(dossier: &Dossier) -> BTreeMap<String, BTreeMap<Day, Exact>> {
    let mut rates: BTreeMap<String, BTreeMap<Day, Exact>> = BTreeMap::new();
    if let Some(table) = dossier.table(TableKind::Rates) {
        for row in 0..table.len() {
            let cells = (table.text("currency", row), table.day("on", row), table.number("per_eur", row));
            if let (Some(currency), Some(on), Some(rate)) = cells {
                rates.entry(currency.to_owned()).or_default().insert(on, rate);
            }
        }
    }
    rates
}

fn rates_table(rates: &[(String, Day, Exact)]) -> Result<Table, EngineError> {
    let currencies: StringArray = rates.iter().map(|(currency, ..)| Some(currency.clone())).collect();
    let days: Date32Array = rates.iter().map(|(_, day, _)| Some(day.days())).collect();
    // INVARIANT: every rate was read from a cell with no more than SCALE decimals.
    let numbers: Decimal128Array =
        rates.iter().map(|(.., rate)| rate.to_unscaled(u32::from(SCALE))).collect();
    let numbers = numbers.with_precision_and_scale(38, SCALE.cast_signed())?;
    let columns: Vec<(Field, ArrayRef)> = vec![
        (arrow_field("currency", ColumnKind::Currency), Arc::new(currencies)),
        (arrow_field("on", ColumnKind::Day), Arc::new(days)),
        (arrow_field("per_eur", ColumnKind::Positive), Arc::new(numbers)),
    ];
    Ok(Table::new(TableKind::Rates, columns, vec![Place::default(); rates.len()])?)
}

fn replace(dossier: &mut Dossier, table: Table) {
    dossier.tables.insert(table.kind(), table);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_cut_out_of_a_span_or_put_beside_it() {
        let year = (Some(day("2026-01-01")), Some(day("2026-12-31")));
        let cut = stretches(year, day("2026-03-01"), false);
        assert_eq!(
            cut,
            [
                (Some(day("2026-01-01")), Some(day("2026-02-28"))),
                (Some(day("2026-03-02")), Some(day("2026-12-31")))
            ]
        );
        let last = stretches(year, day("2026-12-31"), false);
        assert_eq!(last, [(Some(day("2026-01-01")), Some(day("2026-12-30")))]);
        let beside = stretches(year, day("2027-01-01"), true);
        assert_eq!(beside, [year, (Some(day("2027-01-01")), Some(day("2027-01-01")))]);
        let endless = stretches((None, None), day("2026-03-01"), false);
        assert_eq!(endless, [(None, Some(day("2026-02-28"))), (Some(day("2026-03-02")), None)]);
    }
}
