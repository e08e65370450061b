use filiera_tables::{Population, SetAside, TableKind};

use crate::ground::Ground;
use crate::rows::Rows;
use crate::subjects::Subjects;

/// Which subjects a row that was set aside touches. When that cannot be told, all of them.
pub(crate) fn touched(
    ground: &Ground<'_>,
    population: Population,
    subjects: &Subjects,
    rows: &Rows,
) -> Vec<bool> {
    let mut touched = vec![false; subjects.len()];
    for one in &ground.dossier.set_aside {
        if !matters(one.table, population) {
            continue;
        }
        for (place, slot) in touched.iter_mut().enumerate() {
            *slot |= touches(one, subjects, rows, place);
        }
    }
    touched
}

/// Whether a table feeds the population or its subjects.
fn matters(table: TableKind, population: Population) -> bool {
    use TableKind as T;
    let of_vehicles =
        [T::Parts, T::Values, T::Bom, T::Declarations, T::Vehicles, T::Installed, T::Companies, T::Rates];
    table == population.table()
        || (population.is_of_vehicles() && of_vehicles.contains(&table))
        || matches!(table, T::Companies | T::Rates)
}

fn touches(one: &SetAside, subjects: &Subjects, rows: &Rows, subject: usize) -> bool {
    let own: Option<Vec<&String>> = subjects.per.iter().map(|column| one.cells.get(column)).collect();
    if let Some(own) = own {
        let name: Vec<&str> = own.iter().map(|text| text.as_str()).collect();
        return subjects.names.get(subject).is_some_and(|known| *known == name.join(" · "));
    }
    let list = u32::try_from(subject).map(|subject| rows.of(subject)).unwrap_or_default();
    let is_in_a_row = |columns: &[&str], text: &str| {
        list.iter()
            .any(|row| columns.iter().any(|column| rows.columns.text(column, *row as usize) == Some(text)))
    };
    match (one.table, one.cells.get("part"), one.cells.get("company")) {
        (TableKind::Parts | TableKind::Values | TableKind::Declarations, Some(part), _) => {
            is_in_a_row(&["part"], part)
        }
        (TableKind::Companies, _, Some(company)) => {
            is_in_a_row(&["supplier", "operator", "maker", "company"], company)
                || subjects.names.get(subject) == Some(company)
        }
        // A line may stand anywhere below; a rate may touch any price.
        _ => true,
    }
}
