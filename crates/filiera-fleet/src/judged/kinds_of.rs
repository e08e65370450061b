//! The kind of each distinct row: the engine judges one of a kind.

use arrow::array::{Array, AsArray, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type};
use filiera_engine::{Asks, Engine, Fitting};
use filiera_model::{Day, Days};
use rayon::prelude::*;

use crate::FleetError;
use crate::kinds::{NOTHING, OPEN, Sample, Sampled};
use crate::views::Views;

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
    sampled: Sampled,
}

/// So many rows are looked at together.
const AT_ONCE: usize = 1 << 16;

impl<'e, 'a> KindsOf<'e, 'a> {
    pub fn new(engine: &'e Engine<'a>, views: &'e Views<'e>) -> Self {
        Self { engine, views, asks: engine.asks(), sampled: Sampled::default() }
    }

    /// One of each kind.
    pub fn samples(&self) -> &[Sample] {
        self.sampled.samples()
    }

    /// The kind of each of these rows.
    pub fn of(&mut self, batch: &RecordBatch) -> Result<Vec<KindOf>, FleetError> {
        let Some(columns) = Columns::of(batch) else { return Err(FleetError::Faulty { column: "part" }) };
        let mut kinds = Vec::with_capacity(batch.num_rows());
        let mut done = 0;
        while done < batch.num_rows() {
            let end = batch.num_rows().min(done + AT_ONCE);
            let asked: Vec<Asked> = (done..end)
                .into_par_iter()
                .map(|row| columns.sample(row).map(|sample| self.asked(sample)))
                .collect::<Option<_>>()
                .ok_or(FleetError::Faulty { column: "part" })?;
            kinds.extend(asked.into_iter().map(|asked| self.kind(asked)));
            done = end;
        }
        Ok(kinds)
    }

    /// What the kind of a row hangs on; nothing of a view that is not there.
    fn asked(&self, sample: Sample) -> Asked {
        let view = sample.view as usize;
        let plan = self.views.plans.get(view).zip(self.views.beside.get(view));
        plan.map(|(plan, beside)| (self.engine.fitting(&self.asks, plan, sample.fitted()), *beside, sample))
    }

    fn kind(&mut self, asked: Asked) -> KindOf {
        let Some((fitting, beside, sample)) = asked else { return KindOf::Open };
        match self.sampled.kind(fitting, beside, sample) {
            NOTHING => KindOf::Nothing,
            OPEN => KindOf::Open,
            kind => KindOf::Some(kind),
        }
    }
}

/// What the engine says of a row, what its vehicle is asked beside, and the row.
type Asked = Option<(Option<Fitting>, u32, Sample)>;

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
