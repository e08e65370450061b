use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::datatypes::Field;
use filiera_tables::{ColumnKind, Dossier, Table, TableKind, arrow_field};

use crate::EngineError;

/// Vehicles that name no destination go to the market that the dossier names.
///
/// # Errors
/// [`EngineError::Table`], which would be our bug.
pub fn fill_destination(dossier: &mut Dossier) -> Result<(), EngineError> {
    let (Some(market), Some(table)) = (dossier.destination, dossier.table(TableKind::Vehicles)) else {
        return Ok(());
    };
    let stated = table.texts("destination").map(|stated| Some(stated.unwrap_or(market.alpha2())));
    let filled: StringArray = stated.collect();
    let schema = table.batch().schema();
    let given = schema.fields().iter().zip(table.batch().columns()).map(|(field, array)| {
        let array = if field.name() == "destination" { Arc::new(filled.clone()) } else { Arc::clone(array) };
        (field.as_ref().clone(), array)
    });
    let given: Vec<(Field, ArrayRef)> = given.collect();
    let table = Table::new(TableKind::Vehicles, given, table.places().to_vec())?;
    dossier.tables.insert(TableKind::Vehicles, table);
    Ok(())
}

/// A dossier without a table of vehicles judges the roots of its bill of materials: each part
/// that stands in no other becomes a vehicle of that name. Returns how many were added.
///
/// # Errors
/// [`EngineError::Table`], which would be our bug.
pub fn add_missing_vehicles(dossier: &mut Dossier) -> Result<usize, EngineError> {
    let Some(bom) = dossier.table(TableKind::Bom) else { return Ok(0) };
    if dossier.table(TableKind::Vehicles).is_some() {
        return Ok(0);
    }
    let children: BTreeSet<&str> = (0..bom.len()).filter_map(|row| bom.text("child", row)).collect();
    let mut seen = BTreeSet::new();
    let mut roots = Vec::new();
    let mut places = Vec::new();
    for row in 0..bom.len() {
        let parent = bom.text("parent", row).filter(|parent| !children.contains(parent));
        if let Some(parent) = parent.filter(|parent| seen.insert(*parent)) {
            roots.push(parent.to_owned());
            places.extend(bom.places().get(row));
        }
    }
    let count = roots.len();
    let column = |name: &str| {
        let array: ArrayRef = Arc::new(StringArray::from(roots.clone()));
        (arrow_field(name, ColumnKind::Text), array)
    };
    let table = Table::new(TableKind::Vehicles, vec![column("vehicle"), column("root")], places)?;
    dossier.tables.insert(TableKind::Vehicles, table);
    Ok(count)
}
