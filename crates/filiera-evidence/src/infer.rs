use std::collections::BTreeSet;
use std::path::Path;

use filiera_tables::TableKind;

use crate::faults::{FileFaults, OnFault};
use crate::format::Format;
use crate::settings::TableSettings;
use crate::source;
use crate::words::plain;

/// The table whose columns a file most likely holds: every required one and two at least.
pub(crate) fn table(path: &Path, format: Format, faults: &mut FileFaults) -> Option<TableKind> {
    // Faults of the cells are found when the file is really read.
    let mut quiet = FileFaults::new(faults.file(), OnFault::Stop, 1);
    let source = source::open(path, format, &TableSettings::default(), &[], &mut quiet);
    let Some(source) = source else {
        faults.take_over(quiet);
        return None;
    };
    by_headers(source.headers())
}

fn by_headers(headers: &[String]) -> Option<TableKind> {
    let names: BTreeSet<String> = headers.iter().map(|header| plain(header)).collect();
    let has = |name: &str| names.contains(name);
    let fits = |kind: &TableKind| kind.columns().iter().all(|column| !column.required || has(column.name));
    let count = |kind: TableKind| kind.columns().iter().filter(|column| has(column.name)).count();
    let mut best: Option<(usize, TableKind)> = None;
    for kind in TableKind::ALL.into_iter().filter(fits) {
        let found = count(kind);
        if found >= 2 && best.is_none_or(|(most, _)| found > most) {
            best = Some((found, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_tell_the_table() {
        let infer =
            |names: &[&str]| by_headers(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(infer(&["Parent", "Child", "Quantity"]), Some(TableKind::Bom));
        assert_eq!(infer(&["part", "origin", "supplier"]), Some(TableKind::Declarations));
        assert_eq!(infer(&["part", "unit_value", "currency", "supplier"]), Some(TableKind::Parts));
        assert_eq!(infer(&["part"]), None);
        assert_eq!(infer(&["supplier", "usd"]), None);
    }
}
