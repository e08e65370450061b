use std::sync::Arc;

use arrow::array::UInt32Array;
use arrow::compute::take;
use filiera_packs::{ColumnOwner, ExtraColumn, Pack};
use filiera_tables::{COMPANY_COLUMNS, CompanyColumn, Dossier, Table, TableKind};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::columns::{Columns, pack_kind};

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

    /// Adds to every column that names a company what the dossier's own columns of `companies` say of it,
    /// for those that the pack declares: `owner_blocked`. Who has no row there, or an empty cell, is null.
    pub(crate) fn join_own(
        &self,
        columns: &mut Columns,
        dossier: &Dossier,
        pack: &Pack,
    ) -> Result<(), EngineError> {
        let declared = pack.columns.iter().filter(|column| column.of == ColumnOwner::Companies);
        for own in declared {
            let (source, kind) = (own.name.value.as_str(), pack_kind(own.kind));
            let mut known = dossier.table(TableKind::Companies).map(Columns::of_table).unwrap_or_default();
            known.declare(source, own.kind);
            for company in COMPANY_COLUMNS {
                if columns.get(company.name).is_none() {
                    continue;
                }
                let name = format!("{}_{source}", company.name);
                let named = (0..columns.len()).map(|row| columns.text(company.name, row));
                let rows: UInt32Array = named.map(|named| self.row(named?)).collect();
                match known.get(source) {
                    Some(array) => {
                        let array = take(array, &rows, None)?;
                        columns.push(&name, known.kind(source).unwrap_or(kind), array);
                    }
                    None => columns.push_null(&name, kind),
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

/// What of `companies` a column tells of the company that another column names, where the pack declares it
/// as the dossier's own: `blocked` for `owner_blocked`, of `owner`.
pub(crate) fn own_of_company<'a>(company: &CompanyColumn, column: &'a str, pack: &Pack) -> Option<&'a str> {
    let source = column.strip_prefix(company.name)?.strip_prefix('_')?;
    let is_it = |own: &ExtraColumn| own.of == ColumnOwner::Companies && own.name.value == source;
    pack.columns.iter().any(is_it).then_some(source)
}

fn ids(table: &Table) -> impl Iterator<Item = (u32, String)> + '_ {
    (0u32..)
        .zip(0..table.len())
        .filter_map(|(row, place)| table.text("company", place).map(|company| (row, company.to_owned())))
}
