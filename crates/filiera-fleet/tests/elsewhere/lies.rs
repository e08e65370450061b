//! Answers that are not true: none is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{Array, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use filiera_fleet::synth::{Oddities, Options, generate};
use filiera_fleet::{Asks, Elsewhere, FleetError, Footers, Question};

use crate::twin::Twin;
use crate::{asking, here, same, told};

/// Makes another answer of one.
type Lie = fn(&RecordBatch) -> Option<RecordBatch>;

/// Answers as the twin does, but for so many answers of a sort.
struct Liar {
    twin: Twin,
    about: fn(Asks) -> bool,
    lie: Lie,
    left: AtomicUsize,
}

impl Elsewhere for Liar {
    fn name(&self) -> String {
        "the liar".to_owned()
    }

    fn at_once(&self) -> usize {
        2
    }

    fn footers(&self) -> Result<Footers, FleetError> {
        self.twin.footers()
    }

    fn ask(&self, question: &Question, is_wanted: &dyn Fn() -> bool) -> Result<RecordBatch, FleetError> {
        let truth = self.twin.ask(question, is_wanted)?;
        let lies = (self.about)(question.asks)
            && self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok();
        if !lies {
            return Ok(truth);
        }
        (self.lie)(&truth).ok_or_else(|| FleetError::NoAnswer("an executor was lost".to_owned()))
    }
}

fn distinct(asks: Asks) -> bool {
    asks == Asks::Distinct
}

fn sums(asks: Asks) -> bool {
    matches!(asks, Asks::Sums(_))
}

fn rows(asks: Asks) -> bool {
    asks == Asks::Rows
}

fn none(_: &RecordBatch) -> Option<RecordBatch> {
    None
}

fn nothing(truth: &RecordBatch) -> Option<RecordBatch> {
    Some(truth.slice(0, 0))
}

fn without_the_last(truth: &RecordBatch) -> Option<RecordBatch> {
    Some(truth.slice(0, truth.num_rows() - 1))
}

fn doubled(truth: &RecordBatch) -> Option<RecordBatch> {
    concat_batches(&truth.schema(), [truth, truth]).ok()
}

fn with_one_again(truth: &RecordBatch) -> Option<RecordBatch> {
    concat_batches(&truth.schema(), [truth, &truth.slice(0, 1)]).ok()
}

/// The first row stands in for the last one: as many rows of the answer.
fn with_one_for_another(truth: &RecordBatch) -> Option<RecordBatch> {
    let others = truth.slice(0, truth.num_rows() - 1);
    concat_batches(&truth.schema(), [&others, &truth.slice(0, 1)]).ok()
}

fn as_before(truth: &RecordBatch) -> Option<RecordBatch> {
    truth.project(&(1..truth.num_columns()).collect::<Vec<_>>()).ok()
}

fn of_another_vehicle(truth: &RecordBatch) -> Option<RecordBatch> {
    replaced(truth, "vehicle", |column| {
        let names = column.as_string::<i32>().iter().enumerate();
        Arc::new(names.map(|(row, name)| if row == 0 { Some("zzz") } else { name }).collect::<StringArray>())
    })
}

fn of_another_part(truth: &RecordBatch) -> Option<RecordBatch> {
    replaced(truth, "part", |column| {
        let names = column.as_string::<i32>().iter().enumerate();
        Arc::new(names.map(|(row, name)| if row == 0 { Some("zzz") } else { name }).collect::<StringArray>())
    })
}

fn with_one_row_more(truth: &RecordBatch) -> Option<RecordBatch> {
    replaced(truth, "all_rows", one_more)
}

fn with_a_little_more(truth: &RecordBatch) -> Option<RecordBatch> {
    replaced(truth, "lane_0", one_more)
}

fn with_one_open(truth: &RecordBatch) -> Option<RecordBatch> {
    replaced(truth, "open_rows", one_more)
}

fn one_more(column: &dyn Array) -> Arc<dyn Array> {
    let counts = column.as_primitive::<Int64Type>().iter().enumerate();
    Arc::new(counts.map(|(row, count)| Some(count? + i64::from(row == 0))).collect::<Int64Array>())
}

fn replaced(
    truth: &RecordBatch,
    name: &str,
    by: impl Fn(&dyn Array) -> Arc<dyn Array>,
) -> Option<RecordBatch> {
    let place = truth.schema().index_of(name).ok()?;
    let mut columns = truth.columns().to_vec();
    columns[place] = by(columns[place].as_ref());
    RecordBatch::try_new(truth.schema(), columns).ok()
}

/// A lie by its name, about what it is told, and whether only one answer can show that another one was wrong:
/// asking that one again helps no more.
type OfLie = (&'static str, fn(Asks) -> bool, Lie, bool);

/// Every lie.
const LIES: [OfLie; 23] = [
    ("no distinct rows come", distinct, none, false),
    ("distinct rows are kept back", distinct, nothing, false),
    ("one distinct row is kept back", distinct, without_the_last, false),
    ("distinct rows are doubled", distinct, doubled, false),
    ("one distinct row comes again", distinct, with_one_again, false),
    ("a row is counted too many", distinct, with_one_row_more, false),
    ("distinct rows of an old statement", distinct, as_before, false),
    ("a distinct row of another part", distinct, of_another_part, true),
    ("no sums come", sums, none, false),
    ("sums are kept back", sums, nothing, false),
    ("one vehicle is kept back", sums, without_the_last, false),
    ("vehicles are doubled", sums, doubled, false),
    ("one vehicle comes again", sums, with_one_again, false),
    ("one vehicle stands in for another", sums, with_one_for_another, false),
    ("sums of an old statement", sums, as_before, false),
    ("sums of another vehicle", sums, of_another_vehicle, false),
    ("a row is added too many", sums, with_one_row_more, false),
    ("a little is added too much", sums, with_a_little_more, false),
    ("a row is called open", sums, with_one_open, false),
    ("no rows come", rows, none, false),
    ("one row is kept back", rows, without_the_last, false),
    ("rows are doubled", rows, doubled, false),
    ("rows of another vehicle", rows, of_another_vehicle, false),
];

#[test]
fn no_lie_is_taken_and_one_that_is_not_kept_up_costs_nothing_but_time() {
    let odd = Oddities { parts_twice: false, ..Oddities::ALL };
    let dossier = generate(&Options { oddities: odd, ..Options::new(20, 6, 60, 12) }).expect("a dossier");
    let expected = here(&dossier);
    assert!(!expected.0.left.is_empty());
    for is_sorted in [true, false] {
        for (name, about, lie, is_found_late) in LIES {
            let liar = |left: usize| {
                let (twin, left) = (Twin::new(&dossier, 7, is_sorted), AtomicUsize::new(left));
                Liar { twin, about, lie, left }
            };
            match told(&dossier, &asking(&liar(usize::MAX), 20)) {
                Err(FleetError::NoAnswer(why)) => assert!(why.contains("the liar"), "{name}: {why}"),
                // Kept up, it is believed: the cells are looked for, and nothing is judged.
                Err(FleetError::Faulty { .. }) => assert_eq!(name, "a row is counted too many"),
                other => panic!("{name} {is_sorted}: {:?}", other.map(|_| ())),
            }
            // Told once, it is found out, and the question asked again.
            match told(&dossier, &asking(&liar(1), 20)) {
                Ok(found) if !is_found_late => same(&expected, &found),
                Err(FleetError::NoAnswer(_)) if is_found_late => {}
                other => panic!("{name} {is_sorted}: {:?}", other.map(|_| ())),
            }
        }
    }
}

#[test]
fn who_was_asked_how_often_about_what_and_what_came_is_said() {
    let dossier = generate(&Options::new(20, 6, 60, 12)).expect("a dossier");
    let (twin, left) = (Twin::new(&dossier, 7, true), AtomicUsize::new(usize::MAX));
    let liar = Liar { twin, about: sums, lie: none, left };
    let error = told(&dossier, &asking(&liar, 30)).map(|_| ()).expect_err("an error").to_string();
    assert!(error.contains("the liar was asked 3 times about the vehicles"), "{error}");
    assert!(
        error.contains("1: no answer about `installed`: an executor was lost")
            || error.contains("1: an executor was lost"),
        "{error}"
    );
    assert!(error.contains("executors log"), "{error}");
}
