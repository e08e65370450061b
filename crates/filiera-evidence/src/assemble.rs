use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, UInt32Array, new_null_array};
use arrow::compute::{concat, nullif, take};
use arrow::datatypes::{DataType, Field};
use filiera_finding::ReaderReport;
use filiera_tables::{Place, SetAside, Table, TableKind};

use crate::columns::text_of;
use crate::extra::as_texts;
use crate::faults::{FileFaults, LostRow, OnFault, Saying};
use crate::piece::Piece;
use crate::repeats;
use crate::source::{CellRef, RawColumn};

/// What one file gave a table, with the faults still open: rows of several files may yet
/// contradict each other.
pub(crate) struct Filled {
    /// The columns; nothing when the file could not be read as the table.
    pub piece: Option<Piece>,
    /// The file's place in the dossier's list.
    pub file: u32,
    /// What was found wrong so far.
    pub faults: FileFaults,
}

/// All rows of a table, with the columns of every file side by side.
pub(crate) struct Rows {
    /// The table.
    pub kind: TableKind,
    /// Fields and arrays.
    pub columns: Vec<(Field, ArrayRef)>,
    /// Where each row stands.
    pub places: Vec<Place>,
    /// Which of the files each row is from, as a place in the list of files given.
    pub origins: Vec<u32>,
}

/// Joins what the files gave a table, checks rows against each other, and sets rows aside.
///
/// Nothing when no file could be read as this table.
pub(crate) fn assemble(
    kind: TableKind,
    mut filled: Vec<Filled>,
    report: &mut ReaderReport,
    set_aside: &mut Vec<SetAside>,
) -> Option<Table> {
    let rows = join(kind, &mut filled);
    let table = rows.and_then(|mut rows| {
        let repeated = repeats::check(&mut rows, &mut filled);
        finish(rows, &repeated, &mut filled, set_aside)
    });
    for one in filled {
        one.faults.finish(report);
    }
    table
}

fn join(kind: TableKind, filled: &mut [Filled]) -> Option<Rows> {
    let pieces: Vec<(u32, u32, &Piece)> = (0u32..)
        .zip(filled.iter())
        .filter_map(|(origin, one)| Some((origin, one.file, one.piece.as_ref()?)))
        .collect();
    if pieces.is_empty() {
        return None;
    }
    let mut names: Vec<&Field> = Vec::new();
    for field in pieces.iter().flat_map(|(.., piece)| piece.columns.iter().map(|(field, _)| field)) {
        if !names.iter().any(|known| known.name() == field.name()) {
            names.push(field);
        }
    }
    let columns: Option<Vec<(Field, ArrayRef)>> =
        names.iter().map(|field| side_by_side(field, &pieces)).collect();
    let mut places = Vec::new();
    let mut origins = Vec::new();
    for (origin, file, piece) in &pieces {
        places.extend(piece.rows.iter().map(|row| Place { file: *file, row: *row }));
        origins.resize(places.len(), *origin);
    }
    let Some(columns) = columns else {
        let saying =
            Saying::new("file/too-large", "a column holds more than 2 GiB of text", "split the dossier");
        filled.iter_mut().take(1).for_each(|one| one.faults.whole(None, None, saying_once(&saying)));
        return None;
    };
    Some(Rows { kind, columns, places, origins })
}

fn saying_once(saying: &Saying) -> Saying {
    Saying::new(saying.code, saying.message.clone(), saying.remedy.clone())
}

/// One column over all files; where they disagree on the type, as text.
fn side_by_side(field: &Field, pieces: &[(u32, u32, &Piece)]) -> Option<(Field, ArrayRef)> {
    let find = |piece: &Piece| piece.columns.iter().find(|(other, _)| other.name() == field.name()).cloned();
    let found: Vec<Option<(Field, ArrayRef)>> = pieces.iter().map(|(.., piece)| find(piece)).collect();
    if let ([Some((field, array))], [_]) = (found.as_slice(), pieces) {
        return Some((field.clone(), Arc::clone(array)));
    }
    let filled = |array: &ArrayRef| array.null_count() < array.len();
    let types: BTreeSet<DataType> = found
        .iter()
        .flatten()
        .filter(|(_, array)| filled(array))
        .map(|(_, array)| array.data_type().clone())
        .collect();
    let mut all = types.iter();
    let common = match (all.next(), all.next()) {
        (None, _) => field.data_type().clone(),
        (Some(only), None) => only.clone(),
        _ => DataType::Utf8,
    };
    let arrays: Vec<ArrayRef> = found
        .iter()
        .zip(pieces)
        .map(|(found, (.., piece))| match found {
            Some((_, array)) if *array.data_type() == common => Arc::clone(array),
            Some((_, array)) if filled(array) => as_texts(array),
            _ => new_null_array(&common, piece.rows.len()),
        })
        .collect();
    let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    Some((field.clone().with_data_type(common), concat(&arrays).ok()?))
}

/// The text of a cell; nothing when null.
pub(crate) fn cell_text(array: &ArrayRef, row: usize) -> Option<String> {
    // Cheap: the array is only counted, not copied.
    match RawColumn::Typed(Arc::clone(array)).get(row) {
        CellRef::Empty => None,
        cell => Some(text_of(cell)),
    }
}

fn finish(
    rows: Rows,
    repeated: &BTreeSet<u32>,
    filled: &mut [Filled],
    set_aside: &mut Vec<SetAside>,
) -> Option<Table> {
    let kind = rows.kind;
    let mut drop = repeated.clone();
    for (origin, one) in (0u32..).zip(filled.iter_mut()) {
        if one.faults.on_fault() == OnFault::SetAside {
            let (from, to) = span_of(&rows.origins, origin);
            put_aside(&rows, (from, to), one, &mut drop, set_aside);
        }
    }
    let count = u32::try_from(rows.places.len()).ok()?;
    let table = Table::new(kind, rows.columns, rows.places);
    let table = table.and_then(|table| {
        if drop.is_empty() {
            return Ok(table);
        }
        let keep: Vec<u32> = (0..count).filter(|row| !drop.contains(row)).collect();
        table.take(&keep)
    });
    match table {
        Ok(table) => Some(table),
        Err(error) => {
            let saying =
                Saying::new("file/unreadable", error.to_string(), "this is a defect: please report it");
            filled.iter_mut().take(1).for_each(|one| one.faults.whole(None, None, saying_once(&saying)));
            None
        }
    }
}

/// The rows of one file are neighbours.
fn span_of(origins: &[u32], origin: u32) -> (usize, usize) {
    (origins.partition_point(|one| *one < origin), origins.partition_point(|one| *one <= origin))
}

fn put_aside(
    rows: &Rows,
    (from, to): (usize, usize),
    one: &mut Filled,
    drop: &mut BTreeSet<u32>,
    set_aside: &mut Vec<SetAside>,
) {
    for row in from..to {
        let Some(place) = rows.places.get(row).copied() else { continue };
        let Some(fault) = one.faults.rows().get(&place.row) else { continue };
        drop.extend(u32::try_from(row));
        let cells = rows
            .columns
            .iter()
            .filter_map(|(field, array)| Some((field.name().clone(), cell_text(array, row)?)));
        set_aside.push(SetAside { table: rows.kind, place, cells: cells.collect(), fault: fault.clone() });
    }
    let names = one.piece.as_ref().map(|piece| piece.names.clone()).unwrap_or_default();
    for lost in one.faults.lost() {
        set_aside.push(lost_row(rows.kind, one, lost, &names));
    }
}

fn lost_row(kind: TableKind, one: &Filled, lost: LostRow, names: &BTreeMap<String, String>) -> SetAside {
    let fault = one.faults.rows().get(&lost.row).cloned().unwrap_or_default();
    let cells = lost
        .cells
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(header, text)| (names.get(&header).cloned().unwrap_or(header), text.trim().to_owned()));
    SetAside { table: kind, place: Place { file: one.file, row: lost.row }, cells: cells.collect(), fault }
}

impl Rows {
    /// The array of a column.
    pub fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.columns.iter().find(|(field, _)| field.name() == name).map(|(_, array)| array)
    }

    /// Takes the cells of a column from other rows: each pair says which row takes over which.
    pub fn take_over(&mut self, column: usize, pairs: &[(u32, u32)]) {
        let Some((_, array)) = self.columns.get_mut(column) else { return };
        let Ok(count) = u32::try_from(array.len()) else { return };
        let mut from: Vec<u32> = (0..count).collect();
        for (to, source) in pairs {
            from.get_mut(*to as usize).into_iter().for_each(|slot| *slot = *source);
        }
        if let Ok(taken) = take(array, &UInt32Array::from(from), None) {
            *array = taken;
        }
    }

    /// Empties cells of a column.
    pub fn empty(&mut self, column: usize, rows: &[u32]) {
        let Some((_, array)) = self.columns.get_mut(column) else { return };
        let mut mask = vec![false; array.len()];
        for row in rows {
            mask.get_mut(*row as usize).into_iter().for_each(|slot| *slot = true);
        }
        if let Ok(emptied) = nullif(array, &BooleanArray::from(mask)) {
            *array = emptied;
        }
    }
}
