use std::sync::Arc;

use arrow::array::UInt32Array;
use filiera_tables::{ColumnKind, Dossier, Population, TableKind};

use super::{RowInfo, Rows};
use crate::EngineError;
use crate::columns::Columns;
use crate::facts::Companies;
use crate::subjects::Subjects;

/// The rows of a population that is a table of the dossier: flows, production, costs, ….
pub(crate) fn plain_rows(
    dossier: &Dossier,
    companies: &Companies,
    population: Population,
    subjects: &Subjects,
) -> Result<Rows, EngineError> {
    let mut rows = Rows::new(subjects.len());
    let Some(table) = dossier.table(population.table()) else { return Ok(rows) };
    let mut columns = Columns::of_table(table);
    join_operators(&mut columns, dossier, companies, population)?;
    for (row, place) in (0u32..).zip(table.places()) {
        let own = subjects.of_row(&columns, row as usize);
        if let Some(list) = own.and_then(|own| rows.by_subject.get_mut(own as usize)) {
            list.push(row);
        }
        let name = name_of(&columns, population, row as usize);
        rows.infos.push(RowInfo { name, component: None, choice: None, place: Some(*place) });
    }
    rows.columns = columns;
    Ok(rows)
}

/// Flows know their operator's name and seat.
fn join_operators(
    columns: &mut Columns,
    dossier: &Dossier,
    companies: &Companies,
    population: Population,
) -> Result<(), EngineError> {
    if population != Population::Flows {
        return Ok(());
    }
    let Some(table) = dossier.table(TableKind::Companies) else {
        columns.push_null("operator_name", ColumnKind::Text);
        columns.push_null("operator_country", ColumnKind::Country);
        return Ok(());
    };
    let operators = (0..columns.len()).map(|row| columns.text("operator", row));
    let rows: UInt32Array = operators.map(|operator| companies.row(operator?)).collect();
    let known = Columns::of_table(table).take(&rows)?;
    for (name, kind, source) in
        [("operator_name", ColumnKind::Text, "name"), ("operator_country", ColumnKind::Country, "country")]
    {
        if let Some(array) = known.get(source) {
            columns.push(name, kind, Arc::clone(array));
        }
    }
    Ok(())
}

/// What a person would call the row.
fn name_of(columns: &Columns, population: Population, row: usize) -> String {
    let names: &[&str] = match population {
        Population::Flows => &["data", "activity", "from", "to", "country"],
        Population::Production => &["publisher", "maker", "kind", "period", "plant"],
        Population::OfferItems => &["offer", "item"],
        Population::Attestations => &["subject", "requirement"],
        Population::Costs => &["subject", "kind"],
        Population::Trade => &["publisher", "reporter", "partner", "flow", "period", "product"],
        Population::Components | Population::Content | Population::Holdings | Population::Control => &[],
    };
    let cells: Vec<String> = names.iter().filter_map(|name| columns.display(name, row)).collect();
    cells.join(" · ")
}
