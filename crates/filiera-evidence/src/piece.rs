use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder, UInt32Array, new_null_array};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Field};
use filiera_tables::{ColumnKind, TableKind, arrow_field};

use crate::binding::{Binding, Input, Target, bind};
use crate::checks;
use crate::columns::{Memory, Read, Reading, decimal_builder, finish_decimals, is_money};
use crate::currency::CurrencyMark;
use crate::extra::ExtraColumn;
use crate::faults::{FileFaults, Saying};
use crate::number;
use crate::settings::TableSettings;
use crate::source::{Cell, CellRef, Chunk, RawColumn, Source};

/// What one file gives one table.
pub(crate) struct Piece {
    /// Its columns, canonical ones first.
    pub columns: Vec<(Field, ArrayRef)>,
    /// The number in the file of each row.
    pub rows: Vec<u32>,
    /// The canonical names of the file's columns, for rows that could not be taken apart.
    pub names: BTreeMap<String, String>,
}

/// Reads a whole source into the columns of a table; faults say what is wrong with it.
pub(crate) fn read(
    kind: TableKind,
    source: &mut dyn Source,
    settings: &TableSettings,
    faults: &mut FileFaults,
) -> Option<Piece> {
    let headers = source.headers().to_vec();
    let binding = bind(kind, &headers, settings, faults)?;
    source.want(&wanted(&binding, headers.len()));
    let mut columns = Columns::new(&binding);
    while let Some(chunk) = source.next_chunk(faults) {
        columns.take(&chunk, settings, source.hints(), faults);
    }
    let mut names = BTreeMap::new();
    for target in &binding.targets {
        names.insert(target.header.clone(), target.name.clone());
    }
    columns.finish(names, faults)
}

/// Reads a source chunk by chunk and hands each on, its canonical columns alone, as long as nothing is wrong and
/// they are taken.
pub(crate) fn read_each(
    kind: TableKind,
    source: &mut dyn Source,
    settings: &TableSettings,
    faults: &mut FileFaults,
    takes: &mut dyn FnMut(Vec<(Field, ArrayRef)>) -> bool,
) {
    let headers = source.headers().to_vec();
    let Some(binding) = bind(kind, &headers, settings, faults) else { return };
    let binding = Binding { extras: Vec::new(), ..binding };
    source.want(&wanted(&binding, headers.len()));
    let mut columns = Columns::new(&binding);
    while let Some(chunk) = source.next_chunk(faults) {
        columns.take(&chunk, settings, source.hints(), faults);
        let memories = std::mem::take(&mut columns.memories);
        let done = std::mem::replace(&mut columns, Columns { memories, ..Columns::new(&binding) });
        let piece =
            done.arrays(faults).and_then(|columns| done.finish_extras(columns, BTreeMap::new(), faults));
        let is_wanted = faults.is_empty();
        if let Some(piece) = piece.filter(|_| is_wanted)
            && !takes(piece.columns)
        {
            return;
        }
    }
    for (target, memory) in binding.targets.iter().zip(&columns.memories) {
        memory.finish(target, faults);
    }
}

fn wanted(binding: &Binding, count: usize) -> Vec<bool> {
    let mut wanted = vec![false; count];
    let inputs = binding.targets.iter().flat_map(|target| &target.inputs);
    let extras = binding.extras.iter().flat_map(|extra| &extra.inputs);
    let mut need = |place: usize| wanted.get_mut(place).into_iter().for_each(|slot| *slot = true);
    for input in inputs.chain(extras) {
        match input {
            Input::Column(place) => need(*place),
            Input::Product(places) => places.iter().copied().for_each(&mut need),
            Input::Same(_) | Input::RowNumber => {}
        }
    }
    binding.sum.iter().for_each(|(place, _)| need(*place));
    wanted
}

/// The inputs of a group that make it a row, when one of them is filled.
fn group_inputs(binding: &Binding, group: usize) -> impl Iterator<Item = &Input> {
    let targets = binding.targets.iter().filter(|target| target.of_group).map(|target| &target.inputs);
    let extras = binding.extras.iter().filter(|extra| extra.of_group).map(|extra| &extra.inputs);
    targets.chain(extras).filter_map(move |inputs| inputs.get(group))
}

fn is_filled(chunk: &Chunk, binding: &Binding, group: usize, row: usize) -> bool {
    group_inputs(binding, group).any(|input| match input {
        Input::Column(place) => chunk.columns.get(*place).is_some_and(|c| c.get(row) != CellRef::Empty),
        Input::Product(places) => {
            places.iter().any(|place| chunk.columns.get(*place).is_some_and(|c| c.get(row) != CellRef::Empty))
        }
        Input::Same(_) | Input::RowNumber => false,
    })
}

fn note_empty_groups(chunk: &Chunk, binding: &Binding, faults: &mut FileFaults) {
    for (place, row) in chunk.rows.iter().enumerate() {
        if !(0..binding.groups).any(|group| is_filled(chunk, binding, group, place)) {
            faults.note("row without a filled group", || format!("row {row}"));
        }
    }
}

/// What a source knows of how its file was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints {
    /// A plain number may be a day of a spreadsheet.
    pub serial_days: bool,
    /// The decimal mark is likely a comma.
    pub comma_likely: bool,
}

struct Columns<'a> {
    binding: &'a Binding,
    memories: Vec<Memory>,
    read: Vec<Vec<ArrayRef>>,
    last: Vec<Vec<Option<ArrayRef>>>,
    currency: Vec<ArrayRef>,
    extras: Vec<ExtraColumn>,
    rows: Vec<u32>,
}

impl<'a> Columns<'a> {
    fn new(binding: &'a Binding) -> Self {
        let count = binding.targets.len();
        Self {
            binding,
            memories: binding.targets.iter().map(|target| Memory::new(target.kind)).collect(),
            read: vec![Vec::new(); count],
            last: vec![Vec::new(); count],
            currency: Vec::new(),
            extras: binding.extras.iter().map(|_| ExtraColumn::new()).collect(),
            rows: Vec::new(),
        }
    }

    /// Reads a chunk.
    fn take(&mut self, chunk: &Chunk, settings: &TableSettings, hints: Hints, faults: &mut FileFaults) {
        for group in 0..self.binding.groups {
            self.read(chunk, group, settings, hints, faults);
        }
        if self.binding.groups > 1 {
            note_empty_groups(chunk, self.binding, faults);
        }
    }

    /// Reads one group of the rows of a chunk.
    fn read(
        &mut self,
        chunk: &Chunk,
        group: usize,
        settings: &TableSettings,
        hints: Hints,
        faults: &mut FileFaults,
    ) {
        let binding = self.binding;
        let picked = picked_rows(chunk, binding, group);
        let (rows, pointers) = match &picked {
            None => (chunk.rows.clone(), chunk.pointers.clone()),
            Some(places) => (pick(&chunk.rows, places), chunk.pointers.as_ref().map(|all| pick(all, places))),
        };
        if rows.is_empty() {
            return;
        }
        let mut reading = Reading {
            rows: &rows,
            pointers: pointers.as_deref(),
            settings,
            serial_days: hints.serial_days,
            comma_likely: hints.comma_likely,
            faults,
            failed: BTreeSet::new(),
        };
        let mut done: Vec<Read> = Vec::new();
        for (target, memory) in binding.targets.iter().zip(&mut self.memories) {
            let raw = gather(chunk, &target.inputs, group, picked.as_deref(), &target.header, &mut reading);
            done.push(reading.column(target, &raw, memory));
        }
        let currency = settle_currency(&mut done, binding, &mut reading);
        checks::row_sum(chunk, picked.as_deref(), binding, &mut reading);
        checks::rows(&binding.targets, &done, &mut reading);
        for (extra, column) in binding.extras.iter().zip(&mut self.extras) {
            let raw = gather(chunk, &extra.inputs, group, picked.as_deref(), &extra.name, &mut reading);
            column.read(extra, &raw, &rows, settings, reading.faults);
        }
        self.currency.extend(currency);
        for ((read, last), done) in self.read.iter_mut().zip(&mut self.last).zip(done) {
            read.push(done.array);
            last.push(done.last);
        }
        self.rows.extend(rows);
    }

    fn finish(self, names: BTreeMap<String, String>, faults: &mut FileFaults) -> Option<Piece> {
        for (target, memory) in self.binding.targets.iter().zip(&self.memories) {
            memory.finish(target, faults);
        }
        let columns = self.arrays(faults)?;
        self.finish_extras(columns, names, faults)
    }

    /// The canonical columns.
    fn arrays(&self, faults: &mut FileFaults) -> Option<Vec<(Field, ArrayRef)>> {
        let mut columns = Vec::new();
        for (target, parts) in self.binding.targets.iter().zip(&self.read) {
            let field = arrow_field(&target.name, target.kind);
            columns.push((field.clone(), joined(parts, field.data_type(), faults)?));
        }
        for ((target, first), last) in self.binding.targets.iter().zip(&self.read).zip(&self.last) {
            if last.iter().any(Option::is_some) {
                let days: Vec<ArrayRef> = first
                    .iter()
                    .zip(last)
                    .map(|(first, last)| Arc::clone(last.as_ref().unwrap_or(first)))
                    .collect();
                let days = joined(&days, &DataType::Date32, faults)?;
                add_later(&mut columns, &format!("{}_max", target.name), days);
            }
        }
        Some(columns)
    }

    fn finish_extras(
        self,
        mut columns: Vec<(Field, ArrayRef)>,
        names: BTreeMap<String, String>,
        faults: &mut FileFaults,
    ) -> Option<Piece> {
        if !self.currency.is_empty() && !columns.iter().any(|(field, _)| field.name() == "currency") {
            let array = joined(&self.currency, &DataType::Utf8, faults)?;
            if array.null_count() < array.len() {
                columns.push((arrow_field("currency", ColumnKind::Currency), array));
            }
        }
        for (extra, column) in self.binding.extras.iter().zip(self.extras) {
            match column.finish(extra) {
                Some((_, array)) if array.len() != self.rows.len() => mixed(&extra.name, faults),
                Some(column) => columns.push(column),
                None => mixed(&extra.name, faults),
            }
        }
        let mut piece = Piece { columns, rows: self.rows, names };
        if self.binding.groups > 1 {
            piece = piece.in_row_order()?;
        }
        Some(piece)
    }
}

fn mixed(name: &str, faults: &mut FileFaults) {
    faults.note("extra column left out, its type changes", || format!("column {name}"));
}

impl Piece {
    /// The rows as the file has them, the groups of one row together.
    fn in_row_order(self) -> Option<Self> {
        let mut order: Vec<u32> = (0..u32::try_from(self.rows.len()).ok()?).collect();
        order.sort_by_key(|place| self.rows.get(*place as usize).copied());
        let rows = pick(&self.rows, &order);
        let order = UInt32Array::from(order);
        let columns =
            self.columns.into_iter().map(|(field, array)| Some((field, take(&array, &order, None).ok()?)));
        Some(Self { columns: columns.collect::<Option<_>>()?, rows, ..self })
    }
}

/// The rows of a chunk that make a row in this group; nothing: all of them.
fn picked_rows(chunk: &Chunk, binding: &Binding, group: usize) -> Option<Vec<u32>> {
    if !binding.targets.iter().any(|target| target.of_group)
        && !binding.extras.iter().any(|extra| extra.of_group)
    {
        return None;
    }
    let places = (0..chunk.rows.len()).filter(|row| is_filled(chunk, binding, group, *row));
    Some(places.filter_map(|place| u32::try_from(place).ok()).collect())
}

fn pick<T: Clone>(from: &[T], places: &[u32]) -> Vec<T> {
    places.iter().filter_map(|place| from.get(*place as usize).cloned()).collect()
}

/// The raw cells of an input, in the rows picked.
fn gather(
    chunk: &Chunk,
    inputs: &[Input],
    group: usize,
    picked: Option<&[u32]>,
    header: &str,
    reading: &mut Reading<'_>,
) -> RawColumn {
    reading.failed.clear();
    match inputs.get(group).or_else(|| inputs.first()) {
        None => RawColumn::Same(Cell::Empty),
        Some(Input::Same(cell)) => RawColumn::Same(cell.clone()),
        Some(Input::RowNumber) => {
            RawColumn::Cells(reading.rows.iter().map(|row| Cell::Number(row.to_string())).collect())
        }
        Some(Input::Column(place)) => column(chunk, *place, picked),
        Some(Input::Product(places)) => {
            let factors: Vec<RawColumn> = places.iter().map(|place| column(chunk, *place, picked)).collect();
            product(&factors, header, reading)
        }
    }
}

/// A column of the chunk, in the rows picked.
pub(crate) fn column(chunk: &Chunk, place: usize, picked: Option<&[u32]>) -> RawColumn {
    let Some(raw) = chunk.columns.get(place) else { return RawColumn::Same(Cell::Empty) };
    let Some(places) = picked else { return raw.clone() };
    let indices = UInt32Array::from(places.to_vec());
    let taken = |array: &ArrayRef| {
        take(array, &indices, None).unwrap_or_else(|_| new_null_array(array.data_type(), places.len()))
    };
    match raw {
        RawColumn::Texts(texts) => {
            let texts: StringArray = places
                .iter()
                .map(|place| (*place as usize) < texts.len())
                .zip(places)
                .map(|(inside, place)| inside.then(|| texts.value(*place as usize)))
                .collect();
            RawColumn::Texts(texts)
        }
        RawColumn::Cells(cells) => RawColumn::Cells(pick(cells, places)),
        RawColumn::Typed(array) => RawColumn::Typed(taken(array)),
        RawColumn::Moments(first, last) => RawColumn::Moments(taken(first), taken(last)),
        RawColumn::Same(cell) => RawColumn::Same(cell.clone()),
    }
}

/// The exact product of some columns; a row with an empty factor is empty.
fn product(factors: &[RawColumn], header: &str, reading: &mut Reading<'_>) -> RawColumn {
    let mut builder = decimal_builder(reading.rows.len());
    for place in 0..reading.rows.len() {
        let product = product_at(factors, header, place, reading);
        if let Err(Failed) = product {
            reading.failed.insert(place);
        }
        builder.append_option(product.ok().flatten());
    }
    RawColumn::Typed(Arc::new(finish_decimals(&mut builder)))
}

/// A fault already told.
struct Failed;

fn product_at(
    factors: &[RawColumn],
    header: &str,
    place: usize,
    reading: &mut Reading<'_>,
) -> Result<Option<i128>, Failed> {
    let mut total: Option<i128> = None;
    for factor in factors {
        let cell = match factor.get(place) {
            CellRef::Empty => return Ok(None),
            CellRef::Text(text) if reading.settings.nulls.iter().any(|null| null == text) => return Ok(None),
            cell => cell,
        };
        let value = reading.number(header, cell, place).ok_or(Failed)?.unscaled;
        total = match total.map_or(Ok(value), |total| number::product(total, value)) {
            Ok(total) => Some(total),
            Err(_) => {
                let message =
                    format!("the product that makes `{header}` has more than 12 decimals or is too large");
                reading.fault(place, header, Saying::new("number/bad", message, "round a factor"));
                return Err(Failed);
            }
        };
    }
    Ok(total)
}

/// Takes the currency marks beside amounts into the currency column; a mark that contradicts it is
/// a fault. Returns the column where the table has none of its own.
fn settle_currency(done: &mut [Read], binding: &Binding, reading: &mut Reading<'_>) -> Option<ArrayRef> {
    if !binding.targets.iter().any(|target| is_money(&target.name, target.kind)) {
        return None;
    }
    let place = binding.targets.iter().position(|target| target.name == "currency");
    let mut marks: Vec<(usize, CurrencyMark, &Target)> = Vec::new();
    for (read, target) in done.iter().zip(&binding.targets) {
        marks.extend(read.marks.iter().map(|(row, mark)| (*row, *mark, target)));
    }
    let stated = place.and_then(|place| done.get(place)).map(|read| Arc::clone(&read.array));
    if marks.is_empty() {
        let none = place.is_none().then(|| new_null_array(&DataType::Utf8, reading.rows.len()));
        return none;
    }
    marks.sort_by_key(|(row, ..)| *row);
    let settled = settle_marks(stated.as_ref(), &marks, reading);
    match place.and_then(|place| done.get_mut(place)) {
        Some(read) => {
            read.array = settled;
            None
        }
        None => Some(settled),
    }
}

fn settle_marks(
    stated: Option<&ArrayRef>,
    marks: &[(usize, CurrencyMark, &Target)],
    reading: &mut Reading<'_>,
) -> ArrayRef {
    let mut builder = StringBuilder::new();
    let mut marks = marks.iter().peekable();
    for row in 0..reading.rows.len() {
        let own = stated.map(|array| array.as_string::<i32>()).filter(|texts| texts.is_valid(row));
        let mut currency = own.map(|texts| texts.value(row).to_owned());
        while let Some((_, mark, target)) = marks.next_if(|(at, ..)| *at == row) {
            match &currency {
                Some(stated) if mark.agrees_with(stated) => {}
                Some(stated) => reading.fault(row, &target.header, conflict(*mark, stated)),
                None => match mark.code() {
                    Some(code) => {
                        reading.faults.note_cell(
                            "currency taken from beside the amount",
                            reading.rows.get(row).copied().unwrap_or(0),
                            &target.header,
                            code,
                        );
                        currency = Some(code.to_owned());
                    }
                    None => reading.fault(row, &target.header, ambiguous()),
                },
            }
        }
        builder.append_option(currency);
    }
    Arc::new(builder.finish())
}

fn conflict(mark: CurrencyMark, stated: &str) -> Saying {
    let mark = mark.code().unwrap_or("¥");
    Saying::new(
        "currency/conflict",
        format!("the amount is marked `{mark}`, the row says `{stated}`"),
        "correct one of them",
    )
}

fn ambiguous() -> Saying {
    Saying::new("currency/bad", "`¥` may be yen or yuan", "state `JPY` or `CNY` in the currency column")
}

fn joined(parts: &[ArrayRef], empty: &DataType, faults: &mut FileFaults) -> Option<ArrayRef> {
    match parts {
        [] => return Some(new_null_array(empty, 0)),
        [only] => return Some(Arc::clone(only)),
        _ => {}
    }
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    concat(&parts)
        .map_err(|error| {
            let remedy = "split the file: one column holds at most 2 GiB of text";
            faults.whole(None, None, Saying::new("file/too-large", error.to_string(), remedy));
        })
        .ok()
}

/// Adds the last possible days, where the file does not state them itself.
fn add_later(columns: &mut Vec<(Field, ArrayRef)>, name: &str, found: ArrayRef) {
    match columns.iter_mut().find(|(field, _)| field.name() == name) {
        None => columns.push((arrow_field(name, ColumnKind::Day), found)),
        Some((_, stated)) => {
            let nulls = arrow::compute::is_null(stated);
            let filled = nulls.and_then(|nulls| arrow::compute::kernels::zip::zip(&nulls, &found, stated));
            if let Ok(filled) = filled {
                *stated = filled;
            }
        }
    }
}
