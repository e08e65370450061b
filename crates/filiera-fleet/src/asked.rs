//! What the engine says of small lists: how each cohort stands, and what one part of each kind adds.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, StringArray};
use filiera_engine::{Addend, Additive, Adds, Engine, RowWaits, Standing};
use filiera_model::Day;
use filiera_tables::{ColumnKind, Dossier, Place, SCALE, Table, TableError, TableKind, arrow_field};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::kinds::Sample;

/// How a vehicle of a cohort stands under one condition, and what it has beside what is installed; nothing:
/// the engine has to be asked.
pub(crate) type Stands = Option<(Standing, Adds)>;

/// So many parts are judged in one list: enough to spread what a list costs, few enough for every core to
/// have some.
const LIST: usize = 2048;

/// How each of these vehicles stands, condition by condition. `any` is some part, so that plans give way.
pub(crate) fn standings(
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
    any: &Sample,
) -> Result<Vec<Vec<Stands>>, FleetError> {
    let conditions = engine.additive();
    let rows: Vec<(&str, &Sample)> =
        (0..vehicles.len()).filter_map(|row| Some((vehicles.text("vehicle", row)?, any))).collect();
    let dossier = with_tables(bare, vehicles.clone(), installed_table(&rows)?);
    let engine = engine.over_vehicles(&dossier)?;
    let mut stands: Vec<Vec<Stands>> = vec![vec![None; conditions.len()]; vehicles.len()];
    let places: FxHashMap<&str, usize> =
        (0..vehicles.len()).filter_map(|row| Some((vehicles.text("vehicle", row)?, row))).collect();
    for (place, condition) in conditions.iter().enumerate() {
        for subject in engine.addends(*condition)? {
            let own = subject.rows.into_iter().filter(|(installed, _)| installed.is_none());
            let base = own.map(|(_, adds)| adds).fold(Some(Addend::default()), joined);
            let slot =
                places.get(subject.subject.as_str()).and_then(|row| stands.get_mut(*row)?.get_mut(place));
            slot.into_iter().for_each(|slot| *slot = Some((subject.standing.clone(), base.clone())));
        }
    }
    Ok(stands)
}

/// What one part is to the conditions.
#[derive(Clone, Debug)]
pub(crate) struct Learned {
    /// What it adds, condition by condition.
    pub adds: Vec<Adds>,
    /// What it waits for, with the places of the conditions.
    pub waits: Vec<(usize, RowWaits)>,
}

/// What each of these parts adds, condition by condition. `first` tells the vehicle of a view.
pub(crate) fn addends(
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
    first: &[u32],
    samples: &[Sample],
) -> Result<Vec<Vec<Adds>>, FleetError> {
    let all = learned(engine, bare, vehicles, first, samples)?;
    Ok(all.into_iter().map(|one| one.adds).collect())
}

/// The same, and what each of them waits for.
pub(crate) fn learned(
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
    first: &[u32],
    samples: &[Sample],
) -> Result<Vec<Learned>, FleetError> {
    let conditions = engine.additive();
    let lists: Vec<Vec<Learned>> = samples
        .par_chunks(LIST)
        .map(|list| of_list(engine, bare, vehicles, first, list, &conditions))
        .collect::<Result<_, FleetError>>()?;
    Ok(lists.into_iter().flatten().collect())
}

fn of_list(
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
    first: &[u32],
    list: &[Sample],
    conditions: &[Additive],
) -> Result<Vec<Learned>, FleetError> {
    let vehicle_of = |sample: &Sample| first.get(sample.view as usize).copied();
    let mut own: Vec<u32> = list.iter().filter_map(vehicle_of).collect();
    own.sort_unstable();
    own.dedup();
    let name = |sample: &Sample| vehicles.text("vehicle", vehicle_of(sample)? as usize);
    let rows: Vec<(&str, &Sample)> = list.iter().filter_map(|one| Some((name(one)?, one))).collect();
    let dossier = with_tables(bare, vehicles.take(&own)?, installed_table(&rows)?);
    let engine = engine.over_vehicles(&dossier)?;
    // A row that is out of scope is not told: it adds nothing.
    let adds = vec![Some(Addend::default()); conditions.len()];
    let mut found = vec![Learned { adds, waits: Vec::new() }; list.len()];
    for (place, condition) in conditions.iter().enumerate() {
        for subject in engine.addends(*condition)? {
            for (installed, adds) in subject.rows {
                let row = installed.and_then(|row| found.get_mut(row as usize));
                let slot = row.and_then(|row| row.adds.get_mut(place));
                slot.into_iter().for_each(|slot| *slot = adds.clone());
            }
            for (installed, waits) in subject.waits {
                let row = found.get_mut(installed as usize);
                row.into_iter().for_each(|row| row.waits.push((place, waits.clone())));
            }
        }
    }
    Ok(found)
}

fn joined(total: Adds, adds: Adds) -> Adds {
    let (mut total, adds) = total.zip(adds)?;
    total.add(&adds);
    Some(total)
}

/// The dossier with other vehicles and installed parts.
pub(crate) fn with_tables(dossier: &Dossier, vehicles: Table, installed: Table) -> Dossier {
    let mut other = dossier.clone();
    other.tables.insert(TableKind::Vehicles, vehicles);
    other.tables.insert(TableKind::Installed, installed);
    other
}

/// A table `installed` in which these vehicles have these parts.
fn installed_table(rows: &[(&str, &Sample)]) -> Result<Table, TableError> {
    fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
        Arc::new(values.collect::<StringArray>())
    }
    let days = |day: fn(&Sample) -> Option<Day>| -> ArrayRef {
        Arc::new(rows.iter().map(|(_, one)| day(one).map(Day::days)).collect::<Date32Array>())
    };
    let quantities: Decimal128Array = rows.iter().map(|(_, one)| one.quantity).collect();
    let quantities = quantities.with_precision_and_scale(38, SCALE.cast_signed())?;
    let columns = vec![
        (arrow_field("vehicle", ColumnKind::Text), texts(rows.iter().map(|(vehicle, _)| Some(*vehicle)))),
        (arrow_field("part", ColumnKind::Text), texts(rows.iter().map(|(_, one)| Some(one.part.as_str())))),
        (arrow_field("lot", ColumnKind::Text), texts(rows.iter().map(|(_, one)| one.lot.as_deref()))),
        (
            arrow_field("supplier", ColumnKind::Text),
            texts(rows.iter().map(|(_, one)| one.supplier.as_deref())),
        ),
        (arrow_field("quantity", ColumnKind::Positive), Arc::new(quantities) as ArrayRef),
        (arrow_field("received_on", ColumnKind::Day), days(|one| one.days.first)),
        (arrow_field("received_on_max", ColumnKind::Day), days(|one| one.days.last)),
    ];
    let places = (1..=rows.len() as u32).map(|row| Place { file: 0, row }).collect();
    Table::new(TableKind::Installed, columns, places)
}
