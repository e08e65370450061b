//! The distinct rows of `installed`, vehicles told apart only as far as their parts are judged apart.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray,
    new_null_array,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Int32Type, Schema};
use filiera_tables::SCALE;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{FleetError, Pieces};

/// So many pieces are in memory at once.
const AT_ONCE: usize = 32;

/// One row; texts by number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    view: i32,
    part: u32,
    supplier: Option<u32>,
    lot: Option<u32>,
    quantity: Option<i128>,
    days: (i32, i32),
}

/// View and day of building of a vehicle.
type Seen<'v> = FxHashMap<&'v str, (i32, i32)>;

/// The distinct rows of `installed` in vehicles that have a view, in the order in which they are met: `view`,
/// `part`, `supplier`, `lot`, `quantity`, and the first and the last day that its papers may have to be valid
/// on, `tested_from` and `tested_to`: that of receipt, else that of building.
///
/// Memory holds the distinct rows and 32 pieces.
///
/// # Errors
/// [`FleetError`] when a piece cannot be read.
pub fn distinct_rows(pieces: &dyn Pieces, vehicles: &RecordBatch) -> Result<RecordBatch, FleetError> {
    let seen = seen(vehicles);
    let mut all = Rows::default();
    let mut done = 0;
    while done < pieces.count() {
        let end = pieces.count().min(done + AT_ONCE);
        let found: Vec<OfPiece> = (done..end)
            .into_par_iter()
            .map(|piece| of_piece(pieces, piece, &seen))
            .collect::<Result<_, _>>()?;
        found.iter().for_each(|one| all.add(one));
        done = end;
    }
    all.batch()
}

fn seen(vehicles: &RecordBatch) -> Seen<'_> {
    let texts = vehicles.column_by_name("vehicle").and_then(|column| column.as_string_opt::<i32>());
    let views = vehicles.column_by_name("view").and_then(|column| column.as_primitive_opt::<Int32Type>());
    let days = vehicles.column_by_name("built_on").and_then(|column| column.as_primitive_opt::<Date32Type>());
    let (Some(texts), Some(views), Some(days)) = (texts, views, days) else { return Seen::default() };
    let each = texts.iter().zip(views).zip(days);
    each.filter_map(|((name, view), day)| Some((name?, (view?, day?)))).collect()
}

struct OfPiece {
    keys: Vec<Key>,
    parts: StringArray,
    suppliers: StringArray,
    lots: StringArray,
}

fn of_piece(pieces: &dyn Pieces, piece: usize, seen: &Seen<'_>) -> Result<OfPiece, FleetError> {
    let batch = pieces.read(piece)?;
    let rows = batch.num_rows();
    let (vehicle, vehicles) = numbered(batch.column_by_name("vehicle"), rows)?;
    let (part, parts) = numbered(batch.column_by_name("part"), rows)?;
    let (supplier, suppliers) = numbered(batch.column_by_name("supplier"), rows)?;
    let (lot, lots) = numbered(batch.column_by_name("lot"), rows)?;
    let quantities = decimals(batch.column_by_name("quantity"), rows)?;
    let (first, last) = (days(&batch, "received_on")?, days(&batch, "received_on_max")?);
    let known: Vec<Option<(i32, i32)>> = vehicles.iter().map(|name| seen.get(name?).copied()).collect();
    let mut keys: FxHashSet<Key> = FxHashSet::default();
    let at = |codes: &Int32Array, row: usize| codes.is_valid(row).then(|| codes.value(row).cast_unsigned());
    for row in 0..rows {
        let of_vehicle = at(&vehicle, row).and_then(|code| known.get(code as usize).copied().flatten());
        let (Some((view, built_on)), Some(part)) = (of_vehicle, at(&part, row)) else { continue };
        let received = first.is_valid(row).then(|| first.value(row));
        let from = received.unwrap_or(built_on);
        let to = received.and(last.is_valid(row).then(|| last.value(row))).map_or(from, |to| to.max(from));
        keys.insert(Key {
            view,
            part,
            supplier: at(&supplier, row),
            lot: at(&lot, row),
            quantity: quantities.is_valid(row).then(|| quantities.value(row)),
            days: (from, to),
        });
    }
    let mut keys: Vec<Key> = keys.into_iter().collect();
    keys.sort_unstable_by_key(|key| (key.view, key.part, key.supplier, key.lot, key.days, key.quantity));
    Ok(OfPiece { keys, parts, suppliers, lots })
}

/// The number of each text, and the texts.
fn numbered(column: Option<&ArrayRef>, rows: usize) -> Result<(Int32Array, StringArray), FleetError> {
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let column = match column {
        Some(column) => cast(column, &kind)?,
        None => new_null_array(&kind, rows),
    };
    let dictionary = column.as_dictionary::<Int32Type>();
    Ok((dictionary.keys().clone(), dictionary.values().as_string::<i32>().clone()))
}

fn decimals(column: Option<&ArrayRef>, rows: usize) -> Result<Decimal128Array, FleetError> {
    let kind = DataType::Decimal128(38, SCALE.cast_signed());
    let column = match column {
        Some(column) => cast(column, &kind)?,
        None => new_null_array(&kind, rows),
    };
    Ok(column.as_primitive::<Decimal128Type>().clone())
}

fn days(batch: &RecordBatch, name: &str) -> Result<Date32Array, FleetError> {
    let column = match batch.column_by_name(name) {
        Some(column) => cast(column, &DataType::Date32)?,
        None => new_null_array(&DataType::Date32, batch.num_rows()),
    };
    Ok(column.as_primitive::<Date32Type>().clone())
}

/// Texts by their number.
#[derive(Default)]
struct Names {
    numbers: FxHashMap<String, u32>,
    texts: Vec<String>,
}

impl Names {
    fn all(&mut self, texts: &StringArray) -> Vec<u32> {
        texts.iter().map(|text| self.number(text.unwrap_or_default())).collect()
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        self.texts.push(text.to_owned());
        number
    }

    fn column(&self, numbers: impl Iterator<Item = Option<u32>>) -> ArrayRef {
        let text = |number: u32| self.texts.get(number as usize).map(String::as_str);
        Arc::new(numbers.map(|number| number.and_then(text)).collect::<StringArray>())
    }
}

#[derive(Default)]
struct Rows {
    parts: Names,
    suppliers: Names,
    lots: Names,
    known: FxHashSet<Key>,
    keys: Vec<Key>,
}

impl Rows {
    fn add(&mut self, piece: &OfPiece) {
        let parts = self.parts.all(&piece.parts);
        let (suppliers, lots) = (self.suppliers.all(&piece.suppliers), self.lots.all(&piece.lots));
        let number = |numbers: &[u32], code: u32| numbers.get(code as usize).copied();
        for key in &piece.keys {
            let Some(part) = number(&parts, key.part) else { continue };
            let key = Key {
                part,
                supplier: key.supplier.and_then(|code| number(&suppliers, code)),
                lot: key.lot.and_then(|code| number(&lots, code)),
                ..*key
            };
            if self.known.insert(key) {
                self.keys.push(key);
            }
        }
    }

    fn batch(&self) -> Result<RecordBatch, FleetError> {
        let keys = || self.keys.iter();
        let quantities: Decimal128Array = keys().map(|key| key.quantity).collect();
        let quantities = quantities.with_precision_and_scale(38, SCALE.cast_signed())?;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(keys().map(|key| Some(key.view)).collect::<Int32Array>()),
            self.parts.column(keys().map(|key| Some(key.part))),
            self.suppliers.column(keys().map(|key| key.supplier)),
            self.lots.column(keys().map(|key| key.lot)),
            Arc::new(quantities),
            Arc::new(keys().map(|key| Some(key.days.0)).collect::<Date32Array>()),
            Arc::new(keys().map(|key| Some(key.days.1)).collect::<Date32Array>()),
        ];
        Ok(RecordBatch::try_new(schema(), columns)?)
    }
}

/// The columns of distinct rows.
fn schema() -> Arc<Schema> {
    let field = |name: &str, kind: DataType| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("view", DataType::Int32),
        field("part", DataType::Utf8),
        field("supplier", DataType::Utf8),
        field("lot", DataType::Utf8),
        field("quantity", DataType::Decimal128(38, SCALE.cast_signed())),
        field("tested_from", DataType::Date32),
        field("tested_to", DataType::Date32),
    ]))
}

/// The columns in their own order and types, whoever made them.
pub(crate) fn canonical(batch: &RecordBatch) -> Result<RecordBatch, FleetError> {
    let schema = schema();
    let column = |field: &Arc<Field>| match batch.column_by_name(field.name()) {
        Some(column) => Ok(cast(column, field.data_type())?),
        None => Ok::<ArrayRef, FleetError>(new_null_array(field.data_type(), batch.num_rows())),
    };
    let columns = schema.fields().iter().map(column).collect::<Result<_, _>>()?;
    Ok(RecordBatch::try_new(schema, columns)?)
}
