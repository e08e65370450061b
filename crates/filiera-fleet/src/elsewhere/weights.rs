//! What the distinct rows of a range add, as it is sent along, and what all of them come to.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Decimal128Type, Field, Schema};
use filiera_tables::SCALE;

use super::columns::odd;
use super::distinct::Distinct;
use super::sql::lane_name;
use crate::FleetError;
use crate::judged::KindOf;
use crate::lanes::{Packed, Values};

/// What kinds add, lane by lane, without lanes that hold nothing.
pub(super) struct Adding<'p> {
    packed: &'p Packed,
    /// How many lanes hold something.
    pub lanes: usize,
    /// Whether sums of so many rows may leave a word.
    pub is_wide: bool,
}

/// What all rows of a range come to, as told by counting the distinct ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// How many rows there are.
    pub rows: u64,
    /// Of them those of vehicles that are judged by kind.
    pub seen_rows: u64,
    /// Of these those that are more than a sum.
    pub open_rows: i128,
    /// The sum of each lane.
    pub lanes: Vec<i128>,
}

impl<'p> Adding<'p> {
    /// `rows` is the most that are added up.
    pub fn new(packed: &'p Packed, rows: u64) -> Self {
        let mut adding = Self { packed, lanes: 0, is_wide: false };
        let kinds = match &packed.values {
            Values::Narrow(all, _) => all.len(),
            Values::Wide(all, _) => all.len(),
        } / packed.width.max(1);
        let mut most: u128 = 0;
        for kind in 0..kinds as u32 {
            for lane in 0..packed.width {
                let value = adding.value(&KindOf::Some(kind), lane);
                if value != 0 {
                    adding.lanes = adding.lanes.max(lane + 1);
                    most = most.max(u128::from(value.unsigned_abs()));
                }
            }
        }
        adding.is_wide = most.saturating_mul(u128::from(rows)) > u128::from(i64::MAX.unsigned_abs());
        adding
    }

    fn value(&self, kind: &KindOf, lane: usize) -> i64 {
        let KindOf::Some(kind) = kind else { return 0 };
        let place = *kind as usize * self.packed.width + lane;
        match &self.packed.values {
            Values::Narrow(all, _) => all.get(place).copied().map_or(0, i64::from),
            Values::Wide(all, _) => all.get(place).copied().unwrap_or(0),
        }
    }

    /// What the rows of a range come to.
    pub fn expected(&self, distinct: &Distinct, kinds: &[KindOf]) -> Expected {
        let mut expected = Expected {
            rows: distinct.all_rows,
            seen_rows: distinct.seen_rows(),
            open_rows: 0,
            lanes: vec![0; self.lanes],
        };
        for (kind, count) in kinds.iter().zip(&distinct.counts) {
            let count = i128::from(*count);
            expected.open_rows += if *kind == KindOf::Open { count } else { 0 };
            for (lane, sum) in expected.lanes.iter_mut().enumerate() {
                *sum += count * i128::from(self.value(kind, lane));
            }
        }
        expected
    }

    /// The distinct rows with what one of each adds; what may be missing is empty or zero, so that it joins.
    pub fn table(&self, distinct: &Distinct, kinds: &[KindOf]) -> Result<RecordBatch, FleetError> {
        let rows = &distinct.rows;
        let own = |name: &'static str| {
            rows.column_by_name(name)
                .cloned()
                .ok_or_else(|| odd(format!("the answer has no column `{name}`")))
        };
        let open = kinds.iter().map(|kind| i64::from(*kind == KindOf::Open));
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("view".into(), own("view")?),
            ("part".into(), own("part")?),
            ("supplier".into(), or_empty(&own("supplier")?)),
            ("lot".into(), or_empty(&own("lot")?)),
            ("quantity".into(), or_zero(&own("quantity")?)?),
            ("tested_from".into(), own("tested_from")?),
            ("tested_to".into(), own("tested_to")?),
            ("open_rows".into(), Arc::new(open.collect::<Int64Array>())),
        ];
        for lane in 0..self.lanes {
            let values = kinds.iter().map(|kind| self.value(kind, lane));
            columns.push((lane_name(lane), Arc::new(values.collect::<Int64Array>())));
        }
        let field = |(name, array): &(String, ArrayRef)| Field::new(name, array.data_type().clone(), true);
        let fields: Vec<Field> = columns.iter().map(field).collect();
        let arrays = columns.into_iter().map(|(_, array)| array).collect();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
    }
}

fn or_empty(texts: &ArrayRef) -> ArrayRef {
    Arc::new(
        texts.as_string::<i32>().iter().map(|text| Some(text.unwrap_or_default())).collect::<StringArray>(),
    )
}

fn or_zero(numbers: &ArrayRef) -> Result<ArrayRef, FleetError> {
    let numbers =
        numbers.as_primitive::<Decimal128Type>().iter().map(|number| Some(number.unwrap_or_default()));
    let numbers: Decimal128Array = numbers.collect();
    Ok(Arc::new(numbers.with_precision_and_scale(38, SCALE.cast_signed())?))
}
