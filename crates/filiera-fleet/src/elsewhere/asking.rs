//! Range by range asked, several at once, each again until its answer holds good or nobody believes it will.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use arrow::array::RecordBatch;

use super::Elsewhere;
use super::ranges::Range;
use crate::FleetError;

/// No more is asked at once, whatever is answered.
const MOST_AT_ONCE: usize = 256;

/// How often it is looked whether more may be asked.
const LOOK: Duration = Duration::from_millis(50);

/// Whom to ask, and how.
#[derive(Clone, Copy)]
pub struct Asking<'e> {
    /// Who has the rows.
    pub elsewhere: &'e dyn Elsewhere,
    /// So many rows are asked about at a time.
    pub rows: u64,
    /// So often a question is asked before its answer is given up.
    pub tries: usize,
    /// After a failure, so long is waited before the question is asked again.
    pub pause: Duration,
}

/// What is asked about the rows of `installed` of some vehicles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The distinct rows, each with how many there are of it.
    Distinct,
    /// What the rows of each vehicle add up to, in so many lanes.
    Sums(usize),
    /// All rows of those vehicles that are wanted.
    Rows,
}

/// A statement, and the tables that go with it.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub asks: Asks,
    /// About these vehicles: from the first of the names on, to before the second.
    pub vehicles: [Option<String>; 2],
    /// The same in the SQL of DataFusion, over `installed` and the tables beside it.
    pub statement: String,
    /// The tables, by name.
    pub beside: Vec<(&'static str, RecordBatch)>,
}

/// What there is to ask about each range, and what is made of an answer; both by the number of the range. What an
/// answer lacks is a [`FleetError::NoAnswer`].
pub(super) struct Round<'r, T> {
    pub ranges: &'r [Range],
    pub question: &'r (dyn Fn(usize) -> Result<Question, FleetError> + Sync),
    pub checked: &'r (dyn Fn(usize, &RecordBatch) -> Result<T, FleetError> + Sync),
}

impl Asking<'_> {
    /// Asks about every range; `takes` gets what is made of the answers, in the order of the ranges.
    pub(super) fn each<T: Send>(
        &self,
        round: &Round<'_, T>,
        takes: &mut dyn FnMut(usize, T) -> Result<(), FleetError>,
    ) -> Result<(), FleetError> {
        let count = round.ranges.len();
        let (next, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (tell, told) = channel();
        thread::scope(|scope| {
            for number in 0..count.min(MOST_AT_ONCE) {
                let (tell, next, ended) = (tell.clone(), &next, &ended);
                scope.spawn(move || self.work(round, number, (next, ended), &tell));
            }
            drop(tell);
            let (mut early, mut due) = (BTreeMap::new(), 0);
            let mut taken = Ok(());
            for (place, one) in told {
                early.insert(place, one);
                while taken.is_ok()
                    && let Some(one) = early.remove(&due)
                {
                    taken = one.and_then(|one| takes(due, one));
                    due += 1;
                }
                if taken.is_ok()
                    && let Some(failed) = early.values().position(Result::is_err)
                {
                    // What comes before it is of no use any more.
                    taken = early.into_values().nth(failed).map_or(Ok(()), |one| one.map(drop));
                    early = BTreeMap::new();
                }
                if taken.is_err() {
                    ended.store(true, Ordering::Relaxed);
                }
            }
            taken
        })
    }

    fn work<T>(
        &self,
        round: &Round<'_, T>,
        number: usize,
        (next, ended): (&AtomicUsize, &AtomicBool),
        tell: &Sender<(usize, Result<T, FleetError>)>,
    ) {
        while !ended.load(Ordering::Relaxed) && next.load(Ordering::Relaxed) < round.ranges.len() {
            if number > 0 && number >= self.elsewhere.at_once() {
                thread::sleep(LOOK);
                continue;
            }
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = round.ranges.get(place) else { return };
            let one = self.one(round, (place, range), ended);
            if tell.send((place, one)).is_err() {
                return;
            }
        }
    }

    fn one<T>(
        &self,
        round: &Round<'_, T>,
        (place, range): (usize, &Range),
        ended: &AtomicBool,
    ) -> Result<T, FleetError> {
        let is_wanted = || !ended.load(Ordering::Relaxed);
        let question = (round.question)(place)?;
        let mut failures: Vec<String> = Vec::new();
        for number in 0..self.tries.max(1) {
            if number > 0 && is_wanted() {
                thread::sleep(self.pause);
            }
            let answer = self.elsewhere.ask(&question, &is_wanted);
            match answer.and_then(|answer| (round.checked)(place, &answer)) {
                Err(FleetError::NoAnswer(why)) if is_wanted() => failures.push(why),
                // What is faulty stays so; an answer that only says so does not.
                Err(FleetError::Faulty { column }) if number + 1 < self.tries && is_wanted() => {
                    failures.push(format!("cells of `{column}` are faulty"));
                }
                done => return done,
            }
        }
        Err(FleetError::NoAnswer(self.given_up(range, &failures)))
    }

    fn given_up(&self, range: &Range, failures: &[String]) -> String {
        let (who, range) = (self.elsewhere.name(), range.shown());
        let mut seen = String::new();
        for (number, why) in (1..).zip(failures) {
            seen.push_str(&format!("\n  {number}: {why}"));
        }
        let times = failures.len();
        format!(
            "{who} was asked {times} times about {range}, and no answer holds good:{seen}\nsee what the scheduler and \
             its executors log, whether all of them run, and whether somebody writes the files of `installed`"
        )
    }
}
