use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::FxHashMap;

/// The companies of a dossier by their id.
pub(crate) struct Companies {
    rows: FxHashMap<String, u32>,
}

impl Companies {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let mut rows = FxHashMap::default();
        if let Some(table) = dossier.table(TableKind::Companies) {
            for (row, company) in ids(table) {
                rows.entry(company).or_insert(row);
            }
        }
        Self { rows }
    }

    /// The row of `companies` that describes the company.
    pub(crate) fn row(&self, company: &str) -> Option<u32> {
        self.rows.get(company).copied()
    }
}

fn ids(table: &Table) -> impl Iterator<Item = (u32, String)> + '_ {
    (0u32..)
        .zip(0..table.len())
        .filter_map(|(row, place)| table.text("company", place).map(|company| (row, company.to_owned())))
}
