use filiera_tables::{COMPANY_COLUMNS, Dossier, Population, SetAside, TableKind};
use rustc_hash::{FxHashMap, FxHashSet};

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
    let above = Above::new(ground.dossier);
    for one in &ground.dossier.set_aside {
        if !matters(one.table, population) {
            continue;
        }
        for (place, slot) in touched.iter_mut().enumerate() {
            *slot |= match (one.table, one.cells.get("parent")) {
                (TableKind::Bom, Some(parent)) => above.reaches(parent, subjects, rows, place),
                _ => touches(one, subjects, rows, place),
            };
        }
    }
    touched
}

/// From which parts each part that lost a line can be reached, by the lines of any day.
///
/// A way that leads through another lost line is found too: that line's own parent is reached first.
struct Above<'a>(FxHashMap<&'a str, FxHashSet<&'a str>>);

impl<'a> Above<'a> {
    fn new(dossier: &'a Dossier) -> Self {
        let lost = dossier.set_aside.iter().filter(|one| one.table == TableKind::Bom);
        let lost: FxHashSet<&str> =
            lost.filter_map(|one| one.cells.get("parent").map(String::as_str)).collect();
        let mut parents: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        if let Some(bom) = dossier.table(TableKind::Bom).filter(|_| !lost.is_empty()) {
            for row in 0..bom.len() {
                if let Some((parent, child)) = bom.text("parent", row).zip(bom.text("child", row)) {
                    parents.entry(child).or_default().push(parent);
                }
            }
        }
        Self(lost.into_iter().map(|part| (part, ancestors(part, &parents))).collect())
    }

    /// Whether the subject may contain `parent`: by its root, or by a part among its rows, which
    /// may have been installed without standing in the plan. A subject without a root may be anything.
    fn reaches(&self, parent: &str, subjects: &Subjects, rows: &Rows, subject: usize) -> bool {
        let Some(above) = self.0.get(parent) else { return true };
        let Some(root) = subjects.columns.text("root", subject) else { return true };
        let own = u32::try_from(subject).map(|subject| rows.of(subject)).unwrap_or_default();
        above.contains(root)
            || own
                .iter()
                .filter_map(|row| rows.columns.text("part", *row as usize))
                .any(|part| above.contains(part))
    }
}

/// The part itself and all it is part of.
fn ancestors<'a>(part: &'a str, parents: &FxHashMap<&'a str, Vec<&'a str>>) -> FxHashSet<&'a str> {
    let mut found = FxHashSet::from_iter([part]);
    let mut open = vec![part];
    while let Some(next) = open.pop() {
        for parent in parents.get(next).into_iter().flatten() {
            if found.insert(parent) {
                open.push(parent);
            }
        }
    }
    found
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
            let names = COMPANY_COLUMNS.map(|company| company.name);
            is_in_a_row(&names, company)
                || names.iter().any(|name| subjects.columns.text(name, subject) == Some(company.as_str()))
                || subjects.names.get(subject) == Some(company)
        }
        // A line without a parent may stand anywhere; a rate may touch any price.
        _ => true,
    }
}
