//! The two rounds of questions about all ranges.

use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch, new_null_array};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Int32Type, Schema};

use super::asking::{Asking, Asks, Question, Round};
use super::columns::odd;
use super::distinct::Distinct;
use super::footers::Footers;
use super::ranges::Range;
use super::sql::{Columns, SEEN, WEIGHTS};
use super::sums::OfVehicles;
use super::weights::Adding;
use crate::FleetError;
use crate::judged::KindOf;
use crate::views::Views;

/// What is sent along, and how rows are asked about.
pub(super) struct Ready<'r> {
    pub columns: Columns,
    pub ranges: Vec<Range>,
    views: &'r Views<'r>,
    /// `vehicle`, `view` and `built_on` of the vehicles that are judged by kind.
    seen: RecordBatch,
}

impl<'r> Ready<'r> {
    /// `told` are the columns of all vehicles.
    pub fn new(
        footers: &Footers,
        ranges: Vec<Range>,
        views: &'r Views<'r>,
        told: &RecordBatch,
    ) -> Result<Self, FleetError> {
        Ok(Self { columns: Columns::of(footers)?, ranges, views, seen: seen(told)? })
    }

    /// The distinct rows of every range: of all of them there are as many rows as the footers tell.
    pub fn distinct(
        &self,
        asking: &Asking<'_>,
        rows: u64,
        progress: &dyn Fn(usize),
    ) -> Result<Vec<Distinct>, FleetError> {
        let question = |place: usize| {
            let range = self.range(place)?;
            let statement = self.columns.distinct(range);
            let beside = vec![(SEEN, self.seen_in(range)?)];
            Ok(Question { asks: Asks::Distinct, vehicles: range.ends(), statement, beside })
        };
        let checked =
            |place: usize, answer: &RecordBatch| Distinct::of(answer, self.range(place)?, self.views.len());
        let round = Round { ranges: &self.ranges, question: &question, checked: &checked };
        let mut met = 0;
        // Which range is wrong is not known where their rows lie anywhere, so all are asked again.
        for _ in 0..asking.tries.max(1) {
            let mut all = Vec::with_capacity(self.ranges.len());
            asking.each(&round, &mut |place, one| {
                all.push(one);
                progress(place + 1);
                Ok(())
            })?;
            met = all.iter().map(|one: &Distinct| one.all_rows).sum();
            if met == rows {
                return Ok(all);
            }
        }
        Err(odd(format!(
            "{} met {met} rows of `installed` and its files hold {rows}; see whether somebody writes them, and \
             whether executors read the files that this machine reads",
            asking.elsewhere.name(),
        )))
    }

    /// What the rows of each vehicle add up to, range by range.
    pub fn sums(
        &self,
        asking: &Asking<'_>,
        (distinct, kinds): (&[Distinct], &[Vec<KindOf>]),
        adding: &Adding<'_>,
        takes: &mut dyn FnMut(usize, OfVehicles) -> Result<(), FleetError>,
    ) -> Result<(), FleetError> {
        let of = |place: usize| distinct.get(place).zip(kinds.get(place)).ok_or(FleetError::NoPiece(place));
        let question = |place: usize| {
            let (range, (distinct, kinds)) = (self.range(place)?, of(place)?);
            let statement = self.columns.sums(range, adding.lanes, adding.is_wide);
            let weights = never_empty(&adding.table(distinct, kinds)?)?;
            let beside = vec![(SEEN, self.seen_in(range)?), (WEIGHTS, weights)];
            Ok(Question { asks: Asks::Sums(adding.lanes), vehicles: range.ends(), statement, beside })
        };
        let checked = |place: usize, answer: &RecordBatch| {
            let (distinct, kinds) = of(place)?;
            let expected = adding.expected(distinct, kinds);
            OfVehicles::of(answer, self.range(place)?, &expected, self.views)
        };
        asking.each(&Round { ranges: &self.ranges, question: &question, checked: &checked }, takes)
    }

    fn range(&self, place: usize) -> Result<&Range, FleetError> {
        self.ranges.get(place).ok_or(FleetError::NoPiece(place))
    }

    /// The vehicles of a range that are judged by kind.
    fn seen_in(&self, range: &Range) -> Result<RecordBatch, FleetError> {
        let names = self.seen.column_by_name("vehicle").and_then(|column| column.as_string_opt::<i32>());
        let own: BooleanArray = names
            .into_iter()
            .flatten()
            .map(|name| Some(name.is_some_and(|name| range.holds(name))))
            .collect();
        never_empty(&filter_record_batch(&self.seen, &own)?)
    }
}

/// Those that are judged by kind.
fn seen(vehicles: &RecordBatch) -> Result<RecordBatch, FleetError> {
    let places: Result<Vec<usize>, _> =
        ["vehicle", "view", "built_on"].into_iter().map(|name| vehicles.schema().index_of(name)).collect();
    let all = vehicles.project(&places?)?;
    let views = all.column_by_name("view").and_then(|column| column.as_primitive_opt::<Int32Type>());
    let is_seen: BooleanArray = views.into_iter().flatten().map(|view| Some(view.is_some())).collect();
    Ok(filter_record_batch(&all, &is_seen)?)
}

/// The table, or one row of nulls, which joins with nothing: Ballista 55 waits for ever on a file without rows.
fn never_empty(table: &RecordBatch) -> Result<RecordBatch, FleetError> {
    if table.num_rows() > 0 {
        return Ok(table.clone());
    }
    let fields = table.schema();
    let fields: Vec<_> =
        fields.fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let nulls = fields.iter().map(|field| new_null_array(field.data_type(), 1)).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), nulls)?)
}
