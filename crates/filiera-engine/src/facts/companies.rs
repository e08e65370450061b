use std::sync::Arc;

use arrow::array::UInt32Array;
use filiera_tables::{COMPANY_COLUMNS, Dossier, Table, TableKind};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::Columns;

/// The companies of a dossier by their id.
pub(crate) struct Companies {
    rows: FxHashMap<String, u32>,
    assets: FxHashMap<String, String>,
}

impl Companies {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let mut rows = FxHashMap::default();
        let mut assets: FxHashMap<String, String> = FxHashMap::default();
        if let Some(table) = dossier.table(TableKind::Companies) {
            for (row, company) in ids(table) {
                if let Some(asset) = table.text("asset", row as usize) {
                    assets.entry(company.clone()).or_insert_with(|| asset.to_owned());
                }
                rows.entry(company).or_insert(row);
            }
        }
        Self { rows, assets }
    }

    /// Adds to every column that names a company what `companies` knows of it: name, country, sector.
    /// Columns of these names that are there already stay.
    pub(crate) fn join(&self, columns: &mut Columns, dossier: &Dossier) -> Result<(), EngineError> {
        let known = dossier.table(TableKind::Companies).map(Columns::of_table);
        for company in COMPANY_COLUMNS {
            if columns.get(company.name).is_none() {
                continue;
            }
            let named = (0..columns.len()).map(|row| columns.text(company.name, row));
            let rows: UInt32Array = named.map(|named| self.row(named?)).collect();
            let taken = known.as_ref().map(|known| known.take(&rows)).transpose()?;
            for (name, source, kind) in company.known {
                match taken.as_ref().and_then(|taken| taken.get(source)) {
                    Some(array) => columns.push(name, kind, Arc::clone(array)),
                    None => columns.push_null(name, kind),
                }
            }
        }
        Ok(())
    }

    /// The strategic asset or activity of a company.
    pub(crate) fn asset(&self, company: &str) -> Option<&str> {
        self.assets.get(company).map(String::as_str)
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
