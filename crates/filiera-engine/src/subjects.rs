use std::collections::{BTreeMap, BTreeSet};

use arrow::array::UInt32Array;
use filiera_finding::NOBODY;
use filiera_tables::{ColumnKind, Dossier, Population, TableKind};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::Columns;
use crate::facts::Companies;

/// Who is judged: the distinct values of the `per` columns, sorted, with what is known of each.
pub(crate) struct Subjects {
    pub(crate) per: Vec<String>,
    /// The subjects as findings name them.
    pub(crate) names: Vec<String>,
    /// What `when`, `dated_by`, `of_total` and `via` may ask, one row per subject.
    pub(crate) columns: Columns,
    by_name: FxHashMap<String, u32>,
}

impl Subjects {
    /// Every value of `per` in the tables of these populations, in `vehicles`, and in rows that were
    /// set aside.
    pub(crate) fn new(
        dossier: &Dossier,
        companies: &Companies,
        per: &[String],
        populations: &BTreeSet<Population>,
    ) -> Result<Self, EngineError> {
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let own = populations.iter().filter(|population| !population.is_of_vehicles());
        let tables: BTreeSet<TableKind> = own.map(|population| population.table()).collect();
        for kind in tables.into_iter().chain([TableKind::Vehicles]) {
            if let Some(table) = dossier.table(kind) {
                let columns = Columns::of_table(table);
                for row in 0..table.len() {
                    add(&mut keys, per.iter().map(|column| columns.display(column, row)));
                }
            }
        }
        for one in &dossier.set_aside {
            add(&mut keys, per.iter().map(|column| one.cells.get(column).cloned()));
        }
        if keys.is_empty() {
            keys.insert(NOBODY.to_owned(), per.iter().map(|_| NOBODY.to_owned()).collect());
        }
        let (names, keys): (Vec<String>, Vec<Vec<String>>) = keys.into_iter().unzip();
        let columns = facts_of(dossier, companies, per, &keys)?;
        let by_name = (0u32..).zip(&names).map(|(place, name)| (name.clone(), place)).collect();
        Ok(Self { per: per.to_vec(), names, columns, by_name })
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The subject a row of the population belongs to. Costs and attestations name whomever they
    /// are about in their column `subject`, whatever that is.
    pub(crate) fn of_row(&self, columns: &Columns, row: usize) -> Option<u32> {
        let cell = |column: &String| match (columns.get(column), self.per.as_slice()) {
            (None, [_]) => columns.display("subject", row),
            _ => columns.display(column, row),
        };
        let keys: Option<Vec<String>> = self.per.iter().map(cell).collect();
        self.find(&name_of(&keys?))
    }
}

fn add(keys: &mut BTreeMap<String, Vec<String>>, cells: impl Iterator<Item = Option<String>>) {
    if let Some(key) = cells.collect::<Option<Vec<String>>>() {
        keys.entry(name_of(&key)).or_insert(key);
    }
}

/// The subject's name: its keys, joined by ` · `.
fn name_of(keys: &[String]) -> String {
    keys.join(" · ")
}

/// One row per subject: of `vehicles` when vehicles are judged, else the keys and, for a single
/// key that is a company, its row of `companies`.
fn facts_of(
    dossier: &Dossier,
    companies: &Companies,
    per: &[String],
    keys: &[Vec<String>],
) -> Result<Columns, EngineError> {
    let mut columns = Columns::of_len(keys.len());
    for (place, column) in per.iter().enumerate() {
        let texts = keys.iter().map(|key| key.get(place).map(String::as_str).filter(|text| *text != NOBODY));
        columns.push_texts(column, ColumnKind::Text, texts);
    }
    let [only] = per else { return Ok(columns) };
    let firsts = || keys.iter().map(|key| key.first().map(String::as_str).unwrap_or_default());
    let kind = if only == "vehicle" { TableKind::Vehicles } else { TableKind::Companies };
    if let Some(table) = dossier.table(kind) {
        let rows: UInt32Array = if kind == TableKind::Vehicles {
            let by_id: FxHashMap<&str, u32> = (0u32..)
                .zip(0..table.len())
                .filter_map(|(row, place)| table.text("vehicle", place).map(|vehicle| (vehicle, row)))
                .collect();
            firsts().map(|vehicle| by_id.get(vehicle).copied()).collect()
        } else {
            firsts().map(|company| companies.row(company)).collect()
        };
        columns.join(&Columns::of_table(table), &rows)?;
    }
    for column in kind.columns() {
        columns.push_null(column.name, column.kind);
    }
    Ok(columns)
}
