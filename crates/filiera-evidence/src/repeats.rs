use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Decimal128Type;
use filiera_tables::TableKind;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::assemble::{Filled, Rows, cell_text};
use crate::faults::Saying;
use crate::number;

/// Checks the rows of a table against each other; returns the rows that only repeat another.
pub(crate) fn check(rows: &mut Rows, filled: &mut [Filled]) -> BTreeSet<u32> {
    match rows.kind {
        TableKind::Parts => parts(rows, filled),
        TableKind::Vehicles => {
            vehicles(rows, filled);
            BTreeSet::new()
        }
        TableKind::Declarations => {
            apportioned(rows, filled);
            BTreeSet::new()
        }
        TableKind::Companies => {
            companies(rows);
            BTreeSet::new()
        }
        _ => BTreeSet::new(),
    }
}

/// Each later row that has the same text in `column`, with the first such row.
fn later_rows(rows: &Rows, column: &str) -> Vec<(u32, u32)> {
    let Some(keys) = rows.column(column).and_then(|array| array.as_string_opt::<i32>()) else {
        return Vec::new();
    };
    if keys.null_count() == 0 && keys.iter().is_sorted_by(|one, next| one < next) {
        return Vec::new();
    }
    let mut first: FxHashMap<&str, u32> = FxHashMap::with_capacity_and_hasher(keys.len(), FxBuildHasher);
    let mut later = Vec::new();
    for (row, key) in (0u32..).zip(keys.iter()) {
        let Some(key) = key else { continue };
        match first.get(key) {
            Some(earlier) => later.push((*earlier, row)),
            None => {
                first.insert(key, row);
            }
        }
    }
    later
}

/// A fault of `row`, which sets the other rows aside as well.
fn fault(rows: &Rows, filled: &mut [Filled], row: u32, others: &[u32], column: &str, saying: Saying) {
    for other in others {
        if let Some((one, place)) = file_of(rows, filled, *other) {
            one.faults.touch(place, &saying.message);
        }
    }
    if let Some((one, place)) = file_of(rows, filled, row) {
        one.faults.row(place, Some(column), saying);
    }
}

fn file_of<'a>(rows: &Rows, filled: &'a mut [Filled], row: u32) -> Option<(&'a mut Filled, u32)> {
    let place = rows.places.get(row as usize)?;
    let origin = rows.origins.get(row as usize)?;
    Some((filled.get_mut(*origin as usize)?, place.row))
}

/// ` (row 7 of parts.csv)`.
fn place_of(rows: &Rows, filled: &mut [Filled], row: u32) -> String {
    file_of(rows, filled, row)
        .map_or_else(String::new, |(one, place)| format!("row {place} of {}", one.faults.file()))
}

/// Rows of one part: what one leaves open another may fill, but they must not contradict.
fn parts(rows: &mut Rows, filled: &mut [Filled]) -> BTreeSet<u32> {
    let mut merge = Merge::default();
    let mut repeated = BTreeSet::new();
    for (first, row) in later_rows(rows, "part") {
        match merge.compare(rows, first, row) {
            Some(column) => {
                let part =
                    rows.column("part").and_then(|array| cell_text(array, row as usize)).unwrap_or_default();
                let place = place_of(rows, filled, first);
                let message = format!("part `{part}` has another `{column}` than in {place}");
                let remedy = "keep one of the rows, or give prices of other kinds in `values`";
                fault(rows, filled, row, &[first], &column, Saying::new("parts/duplicate", message, remedy));
            }
            None => {
                if let Some((one, place)) = file_of(rows, filled, row) {
                    one.faults.note("repeated part", || format!("row {place}"));
                }
                repeated.insert(row);
            }
        }
    }
    for (column, first) in &merge.emptied {
        let name = rows.columns.get(*column).map_or("", |(field, _)| field.name());
        for row in first {
            if let Some((one, place)) = file_of(rows, filled, *row) {
                let kind = "repeated part with other values in an extra column, taken as unknown";
                one.faults.note(kind, || format!("row {place}, column {name}"));
            }
        }
    }
    merge.apply(rows);
    repeated
}

#[derive(Default)]
struct Merge {
    /// Per column: the cells that a first row takes from a later one.
    filled: BTreeMap<usize, BTreeMap<u32, u32>>,
    /// Per extra column: the first rows whose repeats differ, so that nothing is known.
    emptied: BTreeMap<usize, BTreeSet<u32>>,
}

impl Merge {
    /// Compares a repeated row with the first; returns the canonical column that contradicts.
    fn compare(&mut self, rows: &Rows, first: u32, row: u32) -> Option<String> {
        let (mut takes, mut empties) = (Vec::new(), Vec::new());
        for (place, (field, array)) in rows.columns.iter().enumerate() {
            let source =
                self.filled.get(&place).and_then(|taken| taken.get(&first)).copied().unwrap_or(first);
            let (known, new) = (cell_text(array, source as usize), cell_text(array, row as usize));
            match (known, new) {
                (None, Some(_)) => takes.push(place),
                (Some(known), Some(new)) if known != new => {
                    if rows.kind.column(field.name()).is_some() {
                        return Some(field.name().clone());
                    }
                    empties.push(place);
                }
                _ => {}
            }
        }
        for place in takes {
            self.filled.entry(place).or_default().insert(first, row);
        }
        for place in empties {
            self.emptied.entry(place).or_default().insert(first);
        }
        None
    }

    fn apply(self, rows: &mut Rows) {
        for (column, pairs) in self.filled {
            rows.take_over(column, &pairs.into_iter().collect::<Vec<_>>());
        }
        for (column, first) in self.emptied {
            rows.empty(column, &first.into_iter().collect::<Vec<_>>());
        }
    }
}

/// Rows of one company: what the first leaves open a later one fills. All stay, because each may give
/// an identifier of its own.
fn companies(rows: &mut Rows) {
    let later = later_rows(rows, "company");
    for place in 0..rows.columns.len() {
        let Some((field, array)) = rows.columns.get(place) else { continue };
        let is_own = rows.kind.column(field.name()).is_some_and(|column| column.name != "identifier");
        if !is_own || later.is_empty() {
            continue;
        }
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        for (first, row) in &later {
            if array.is_null(*first as usize) && array.is_valid(*row as usize) {
                taken.entry(*first).or_insert(*row);
            }
        }
        if !taken.is_empty() {
            rows.take_over(place, &taken.into_iter().collect::<Vec<_>>());
        }
    }
}

fn vehicles(rows: &Rows, filled: &mut [Filled]) {
    for (first, row) in later_rows(rows, "vehicle") {
        let vehicle =
            rows.column("vehicle").and_then(|array| cell_text(array, row as usize)).unwrap_or_default();
        let message = format!("vehicle `{vehicle}` is listed before, in {}", place_of(rows, filled, first));
        let saying = Saying::new("vehicles/duplicate", message, "keep one row per vehicle");
        fault(rows, filled, row, &[first], "vehicle", saying);
    }
}

/// Shares that one paper gives one part must not add up to more than the part.
fn apportioned(rows: &Rows, filled: &mut [Filled]) {
    const PAPER: [&str; 8] =
        ["part", "lot", "supplier", "document", "basis", "valid_from", "valid_to", "signed_on"];
    let Some(shares) = rows.column("share").map(Arc::clone) else { return };
    let Some(shares) = shares.as_primitive_opt::<Decimal128Type>() else { return };
    if shares.null_count() == shares.len() {
        return;
    }
    let keys: Vec<&ArrayRef> = PAPER.iter().filter_map(|name| rows.column(name)).collect();
    let mut papers: BTreeMap<Vec<Option<String>>, (i128, Vec<u32>)> = BTreeMap::new();
    for (row, share) in (0u32..).zip(shares.iter()) {
        let Some(share) = share else { continue };
        let key = keys.iter().map(|array| cell_text(array, row as usize)).collect();
        let (total, members) = papers.entry(key).or_default();
        *total = total.saturating_add(share);
        members.push(row);
    }
    for (key, (total, mut members)) in papers {
        let Some(last) = members.pop().filter(|_| number::exceeds_one(total)) else { continue };
        let part = key.into_iter().next().flatten().unwrap_or_default();
        let percent = number::to_text(total.saturating_mul(100));
        let message = format!("the shares of one paper for part `{part}` add up to {percent} %");
        let remedy = "correct the shares; what is missing to 100 % is unknown, more there cannot be";
        fault(rows, filled, last, &members, "share", Saying::new("declarations/share-sum", message, remedy));
    }
}
