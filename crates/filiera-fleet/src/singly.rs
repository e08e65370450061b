//! Vehicles of which a sum does not tell everything: the engine judges them, some at a time, from all their
//! rows.

use std::cell::Cell;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::{cast, concat_batches, filter_record_batch};
use arrow::datatypes::DataType;
use filiera_engine::{Engine, Judgement};
use filiera_tables::{ColumnKind, Dossier, Place, SCALE, Table, TableKind, arrow_field};
use rustc_hash::FxHashSet;

use crate::asked::with_tables;
use crate::{FleetError, Pieces};

/// So many vehicles are judged at a time.
const AT_ONCE: usize = 2000;

/// Hears what is found of some rows of `vehicles`, from whom, and from which rows of `installed`.
pub(crate) type HearsSome<'h> = &'h mut dyn FnMut(&[u32], Judgement, (&Engine<'_>, &Table));

/// Judges these rows of `vehicles` with all that is installed in them; `rows` counts that.
pub(crate) fn judge_singly(
    engine: &Engine<'_>,
    bare: &Dossier,
    vehicles: &Table,
    these: &[u32],
    pieces: &dyn Pieces,
    rows: &Cell<u64>,
    hears: HearsSome<'_>,
) -> Result<(), FleetError> {
    for some in these.chunks(AT_ONCE) {
        let own = vehicles.take(some)?;
        let names: FxHashSet<&str> = (0..own.len()).filter_map(|row| own.text("vehicle", row)).collect();
        let installed = rows_of(pieces, &names)?;
        rows.set(rows.get() + installed.len() as u64);
        let dossier = with_tables(bare, own.clone(), installed.clone());
        let among = engine.among(&dossier)?;
        hears(some, among.judge(&|_, _| {})?, (&among, &installed));
    }
    Ok(())
}

/// All rows of these vehicles.
pub(crate) fn rows_of(pieces: &dyn Pieces, names: &FxHashSet<&str>) -> Result<Table, FleetError> {
    let mut found: Vec<RecordBatch> = Vec::new();
    for piece in 0..pieces.count() {
        if !pieces.may_have(piece, names) {
            continue;
        }
        let batch = pieces.read(piece)?;
        let Some(vehicles) = batch.column_by_name("vehicle") else { continue };
        let vehicles = cast(vehicles, &DataType::Utf8)?;
        let texts = vehicles.as_string::<i32>().iter();
        let own: BooleanArray =
            texts.map(|name| Some(name.is_some_and(|name| names.contains(name)))).collect();
        if own.true_count() > 0 {
            found.push(plain(&filter_record_batch(&batch, &own)?)?);
        }
    }
    let Some(schema) = found.first().map(RecordBatch::schema) else {
        return Ok(Table::empty(TableKind::Installed));
    };
    let all = concat_batches(&schema, &found)?;
    let fields = schema.fields().iter().zip(all.columns());
    let columns: Vec<_> = fields.map(|(field, array)| (field.as_ref().clone(), Arc::clone(array))).collect();
    let places = (1..=all.num_rows() as u32).map(|row| Place { file: 0, row }).collect();
    Ok(Table::new(TableKind::Installed, columns, places)?)
}

/// The columns in the types of tables.
pub(crate) fn plain(batch: &RecordBatch) -> Result<RecordBatch, FleetError> {
    let column = |name: &str, kind: ColumnKind, to: &DataType| -> Result<_, FleetError> {
        let array: ArrayRef = match batch.column_by_name(name) {
            Some(array) => cast(array, to)?,
            None => arrow::array::new_null_array(to, batch.num_rows()),
        };
        Ok((arrow_field(name, kind), array))
    };
    let number = DataType::Decimal128(38, SCALE.cast_signed());
    let columns = [
        column("vehicle", ColumnKind::Text, &DataType::Utf8)?,
        column("part", ColumnKind::Text, &DataType::Utf8)?,
        column("lot", ColumnKind::Text, &DataType::Utf8)?,
        column("supplier", ColumnKind::Text, &DataType::Utf8)?,
        column("quantity", ColumnKind::Positive, &number)?,
        column("received_on", ColumnKind::Day, &DataType::Date32)?,
        column("received_on_max", ColumnKind::Day, &DataType::Date32)?,
    ];
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    Ok(RecordBatch::try_new(Arc::new(arrow::datatypes::Schema::new(fields)), arrays)?)
}
