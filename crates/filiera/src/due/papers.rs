use std::collections::BTreeMap;

use filiera_finding::DueKind;
use filiera_model::Day;
use filiera_tables::{Dossier, Table, TableKind};

use super::Window;
use super::ending::{Ending, Told, Touches};

/// Declarations of origin whose validity ends in the window, and those that have ended without
/// another that speaks for the same.
///
/// A paper of one lot that has ended is nobody's concern any more: a lot is received once.
pub(super) fn declarations(dossier: &Dossier, window: Window, facts_as_of: Day) -> Vec<Ending> {
    let Some(table) = dossier.table(TableKind::Declarations) else { return Vec::new() };
    let series = |row: usize| ["part", "supplier", "basis", "lot"].map(|column| table.text(column, row));
    let signed = |row: usize| table.day("signed_on", row).is_none_or(|signed| signed <= facts_as_of);
    let end = |row: usize| {
        let revoked = table.day("revoked_on", row).map(Day::previous);
        table.days("valid_to", row).last.into_iter().chain(revoked).min()
    };
    let rows = (0..table.len()).filter(|row| signed(*row));
    let mut endings = Vec::new();
    for (row, on) in ending_rows(table, rows, series, end, window) {
        if on < window.on && table.text("lot", row).is_some() {
            continue;
        }
        let told =
            Told { kind: DueKind::Declaration, name: "part", party: "supplier", what: what(table, row) };
        let item = told.of(dossier, table, row);
        let touches = Touches::Part(item.name.clone());
        endings.push(Ending { on, item, touches });
    }
    endings
}

/// `IT · non-preferential · lot L-1`.
fn what(table: &Table, row: usize) -> Option<String> {
    let lot = table.text("lot", row).map(|lot| format!("lot {lot}"));
    let cells = ["origin", "basis"].into_iter().filter_map(|column| table.text(column, row));
    let cells: Vec<String> = cells.map(str::to_owned).chain(lot).collect();
    (!cells.is_empty()).then(|| cells.join(" · "))
}

/// Stated prices whose time ends in the window, or has ended without another for the same part and
/// basis.
pub(super) fn prices(dossier: &Dossier, window: Window) -> Vec<Ending> {
    let Some(table) = dossier.table(TableKind::Values) else { return Vec::new() };
    let series = |row: usize| ["part", "basis"].map(|column| table.text(column, row));
    let end = |row: usize| table.day("valid_to", row);
    let rows = ending_rows(table, 0..table.len(), series, end, window).into_iter();
    let ending = |(row, on)| {
        let what = table.text("basis", row).map(str::to_owned);
        let item =
            Told { kind: DueKind::Price, name: "part", party: "supplier", what }.of(dossier, table, row);
        let touches = Touches::Part(item.name.clone());
        Ending { on, item, touches }
    };
    rows.map(ending).collect()
}

/// Certificates and confirmations that lapse in the window, or have lapsed without another for the
/// same requirement.
pub(super) fn attestations(dossier: &Dossier, window: Window) -> Vec<Ending> {
    let Some(table) = dossier.table(TableKind::Attestations) else { return Vec::new() };
    let series = |row: usize| ["subject", "requirement"].map(|column| table.text(column, row));
    let end = |row: usize| table.days("valid_to", row).last;
    let rows = ending_rows(table, 0..table.len(), series, end, window).into_iter();
    let ending = |(row, on)| {
        let what = table.text("requirement", row).map(str::to_owned);
        let told = Told { kind: DueKind::Attestation, name: "subject", party: "issuer", what };
        let item = told.of(dossier, table, row);
        let touches = Touches::Subject(item.name.clone());
        Ending { on, item, touches }
    };
    rows.map(ending).collect()
}

/// The rows that end in the window, and of each series that has ended altogether the rows that
/// ended last.
fn ending_rows<K: Ord>(
    table: &Table,
    rows: impl Iterator<Item = usize>,
    series: impl Fn(usize) -> K,
    end: impl Fn(usize) -> Option<Day>,
    window: Window,
) -> Vec<(usize, Day)> {
    let mut last: BTreeMap<K, Option<Day>> = BTreeMap::new();
    let mut ended: Vec<(usize, Day)> = Vec::new();
    let mut found: Vec<(usize, Day)> = Vec::new();
    for row in rows {
        let end = end(row);
        // What has not begun does not speak for today.
        if table.day("valid_from", row).is_none_or(|from| from <= window.on) {
            let entry = last.entry(series(row)).or_insert(end);
            // Without an end: for ever.
            *entry = entry.zip(end).map(|(known, end)| known.max(end));
        }
        match end {
            Some(on) if window.is_near(on) => found.push((row, on)),
            Some(on) if on < window.on => ended.push((row, on)),
            _ => {}
        }
    }
    let is_last = |(row, on): &(usize, Day)| last.get(&series(*row)).is_some_and(|last| *last == Some(*on));
    found.extend(ended.into_iter().filter(is_last));
    found
}
