use filiera_tables::{Dossier, Population, Table};

use super::{RowInfo, Rows, trade};
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
    companies.join(&mut columns, dossier)?;
    if population == Population::TradeChange {
        return change_rows(table, &columns, subjects);
    }
    for (row, place) in (0u32..).zip(table.places()) {
        for own in subjects.all_of_row(&columns, row as usize) {
            if let Some(list) = rows.by_subject.get_mut(own as usize) {
                list.push(row);
            }
        }
        let name = name_of(&columns, population, row as usize);
        rows.infos.push(RowInfo { name, component: None, choice: None, place: Some(*place), held: None });
    }
    rows.columns = columns;
    Ok(rows)
}

/// Each figure of `trade`, and the same flow a year before; both belong to the figure's subject.
fn change_rows(table: &Table, columns: &Columns, subjects: &Subjects) -> Result<Rows, EngineError> {
    let mut rows = Rows::new(subjects.len());
    let change = trade::change(columns)?;
    for (row, (source, computed)) in (0u32..).zip(change.sources.iter().zip(&change.computed)) {
        let own = subjects.of_row(columns, *source as usize).map(|own| own as usize);
        if let Some(list) = own.and_then(|own| rows.by_subject.get_mut(own)) {
            list.push(row);
        }
        if let Some(flag) = own.and_then(|own| rows.entangled.get_mut(own)) {
            *flag |= computed;
        }
        let name = name_of(&change.columns, Population::TradeChange, row as usize);
        let place = table.places().get(*source as usize).copied();
        rows.infos.push(RowInfo { name, component: None, choice: None, place, held: None });
    }
    rows.columns = change.columns;
    Ok(rows)
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
        Population::TradeChange => &["publisher", "reporter", "partner", "flow", "period", "product", "year"],
        Population::Appointments => &["company", "seat", "role"],
        Population::Transactions => &["transaction", "acquirer", "company", "kind", "signed_on"],
        Population::Commitments => &["commitment", "due_on"],
        Population::Grants => &["grant", "party"],
        Population::Offers => &["tender", "lot", "offer"],
        Population::Components | Population::Content | Population::Holdings | Population::Control => &[],
    };
    let cells: Vec<String> = names.iter().filter_map(|name| columns.display(name, row)).collect();
    cells.join(" · ")
}
