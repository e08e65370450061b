//! The kind of each distinct row: the engine judges one of a kind.

use arrow::array::{Array, AsArray, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type};
use filiera_engine::{Asks, Engine, Fitted, Fitting};
use filiera_model::{Day, Days};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::kinds::Sample;
use crate::views::Views;

/// What a row is, before the kinds are numbered.
enum Row {
    /// It counts within another component, and adds nothing.
    Nothing,
    /// It is more than a sum.
    Open,
    Some(Box<Key>, Sample),
}

/// What a kind is told apart by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    fitting: Fitting,
    quantity: Option<i128>,
    beside: u32,
}

/// The kind of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KindOf {
    Nothing,
    Open,
    Some(u32),
}

pub(crate) struct KindsOf<'e, 'a> {
    engine: &'e Engine<'a>,
    views: &'e Views<'e>,
    asks: Asks,
    keys: FxHashMap<Key, u32>,
    /// One of each kind.
    pub samples: Vec<Sample>,
}

/// So many rows are looked at together.
const AT_ONCE: usize = 1 << 16;

impl<'e, 'a> KindsOf<'e, 'a> {
    pub fn new(engine: &'e Engine<'a>, views: &'e Views<'e>) -> Self {
        Self { engine, views, asks: engine.asks(), keys: FxHashMap::default(), samples: Vec::new() }
    }

    /// The kind of each of these rows.
    pub fn of(&mut self, batch: &RecordBatch) -> Result<Vec<KindOf>, FleetError> {
        let Some(columns) = Columns::of(batch) else { return Err(FleetError::Faulty { column: "part" }) };
        let mut kinds = Vec::with_capacity(batch.num_rows());
        let mut done = 0;
        while done < batch.num_rows() {
            let end = batch.num_rows().min(done + AT_ONCE);
            let rows: Vec<Row> = (done..end)
                .into_par_iter()
                .map(|row| columns.sample(row).map(|sample| self.row(sample)))
                .collect::<Option<_>>()
                .ok_or(FleetError::Faulty { column: "part" })?;
            kinds.extend(rows.into_iter().map(|row| self.number(row)));
            done = end;
        }
        Ok(kinds)
    }

    fn row(&self, sample: Sample) -> Row {
        let view = sample.view as usize;
        let (Some(plan), Some(beside)) = (self.views.plans.get(view), self.views.beside.get(view)) else {
            return Row::Open;
        };
        let fitted = Fitted {
            part: &sample.part,
            lot: sample.lot.as_deref(),
            supplier: sample.supplier.as_deref(),
            tested_on: sample.days,
        };
        match self.engine.fitting(&self.asks, plan, fitted) {
            None => Row::Nothing,
            Some(fitting) if fitting.is_open() => Row::Open,
            Some(fitting) => {
                let key = Key { fitting, quantity: sample.quantity, beside: *beside };
                Row::Some(Box::new(key), sample)
            }
        }
    }

    fn number(&mut self, row: Row) -> KindOf {
        match row {
            Row::Nothing => KindOf::Nothing,
            Row::Open => KindOf::Open,
            Row::Some(key, sample) => {
                let next = self.samples.len() as u32;
                let number = *self.keys.entry(*key).or_insert(next);
                if number == next {
                    self.samples.push(sample);
                }
                KindOf::Some(number)
            }
        }
    }
}

struct Columns<'b> {
    views: &'b Int32Array,
    parts: &'b StringArray,
    suppliers: &'b StringArray,
    lots: &'b StringArray,
    quantities: &'b Decimal128Array,
    from: &'b Date32Array,
    to: &'b Date32Array,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch) -> Option<Self> {
        let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
        let day = |name: &str| batch.column_by_name(name)?.as_primitive_opt::<Date32Type>();
        Some(Self {
            views: batch.column_by_name("view")?.as_primitive_opt::<Int32Type>()?,
            parts: text("part")?,
            suppliers: text("supplier")?,
            lots: text("lot")?,
            quantities: batch.column_by_name("quantity")?.as_primitive_opt::<Decimal128Type>()?,
            from: day("tested_from")?,
            to: day("tested_to")?,
        })
    }

    /// One row; nothing: it has no view, part or day.
    fn sample(&self, row: usize) -> Option<Sample> {
        let text = |column: &StringArray| column.is_valid(row).then(|| column.value(row).to_owned());
        let day = |column: &Date32Array| column.is_valid(row).then(|| Day::from_days(column.value(row)));
        Some(Sample {
            view: self.views.is_valid(row).then(|| self.views.value(row))?.try_into().ok()?,
            part: text(self.parts)?,
            lot: text(self.lots),
            supplier: text(self.suppliers),
            quantity: self.quantities.is_valid(row).then(|| self.quantities.value(row)),
            days: Days::between(day(self.from)?, day(self.to)?),
        })
    }
}
