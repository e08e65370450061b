use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int64Array};
use arrow::datatypes::{Field, Int64Type};
use filiera_model::Day;
use filiera_tables::{ColumnKind, Dossier, Table, TableKind, arrow_field};

use crate::EngineError;

/// The days that date a vehicle.
const DATING: [&str; 4] = ["built_on", "exported_on", "declared_on", "registered_on"];

/// The same dossier on another day: every vehicle as if it had been built, exported, declared and
/// registered on `day`, from lots received that day. Papers stay as they are: the engine tests them on
/// the day.
///
/// A model year moves by as many years as the day of building does. Facts of the past (production,
/// trade, transactions) stay where they are.
///
/// # Errors
/// [`EngineError::Table`], which would be our bug.
pub fn redated(dossier: &Dossier, day: Day) -> Result<Dossier, EngineError> {
    let mut moved = dossier.clone();
    if let Some(table) = dossier.table(TableKind::Vehicles) {
        let years = model_years(table, day);
        let table = with_days(table, &DATING, day, |_| true)?;
        moved.tables.insert(TableKind::Vehicles, replaced(&table, vec![years])?);
    }
    if let Some(table) = dossier.table(TableKind::Installed) {
        let received = |row: usize| table.day("received_on", row).is_some();
        moved.tables.insert(TableKind::Installed, with_days(table, &["received_on"], day, received)?);
    }
    Ok(moved)
}

fn model_years(table: &Table, day: Day) -> (Field, ArrayRef) {
    let given = table.column("model_year").and_then(|array| array.as_primitive_opt::<Int64Type>());
    let years = (0..table.len()).map(|row| {
        let year = given.filter(|years| years.is_valid(row)).map(|years| years.value(row))?;
        let moved =
            table.day("built_on", row).map_or(0, |built| i64::from(day.year()) - i64::from(built.year()));
        Some(year.saturating_add(moved))
    });
    let years: Int64Array = years.collect();
    (arrow_field("model_year", ColumnKind::Whole), Arc::new(years))
}

/// The table with `day` in these columns, in the rows that `moves` names; the ends of days that were
/// not certain go with it.
fn with_days(
    table: &Table,
    columns: &[&str],
    day: Day,
    moves: impl Fn(usize) -> bool,
) -> Result<Table, EngineError> {
    let filled = columns.iter().flat_map(|name| {
        let cells = |name: &str| -> ArrayRef {
            let cells = (0..table.len())
                .map(|row| if moves(row) { Some(day.days()) } else { table.day(name, row).map(Day::days) });
            Arc::new(cells.collect::<Date32Array>())
        };
        let end = format!("{name}_max");
        let own = (arrow_field(name, ColumnKind::Day), cells(name));
        let end = table.column(&end).map(|_| (arrow_field(&end, ColumnKind::Day), cells(&end)));
        std::iter::once(own).chain(end)
    });
    replaced(table, filled.collect())
}

/// The table with these columns in place of its own.
fn replaced(table: &Table, columns: Vec<(Field, ArrayRef)>) -> Result<Table, EngineError> {
    let schema = table.batch().schema();
    let kept = schema.fields().iter().zip(table.batch().columns());
    let kept = kept
        .filter(|(field, _)| !columns.iter().any(|(new, _)| new.name() == field.name()))
        .map(|(field, array)| (field.as_ref().clone(), Arc::clone(array)));
    let all = kept.chain(columns.iter().cloned()).collect();
    Ok(Table::new(table.kind(), all, table.places().to_vec())?)
}
