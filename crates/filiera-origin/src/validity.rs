use arrow::array::{Array, AsArray, Date32Array};
use arrow::datatypes::Date32Type;
use filiera_model::{Day, Days, Mark};
use filiera_tables::Table;

/// Whether the lines of a table hold on the days a subject may be dated.
pub(crate) struct Validity<'a> {
    from: Ends<'a>,
    to: Ends<'a>,
    at: Option<Days>,
}

/// A day column and the column of the later possible days, when there is one.
struct Ends<'a> {
    first: Option<&'a Date32Array>,
    last: Option<&'a Date32Array>,
}

impl<'a> Ends<'a> {
    fn of(table: &'a Table, column: &str) -> Self {
        let days = |name: &str| table.column(name).and_then(|c| c.as_primitive_opt::<Date32Type>());
        Self { first: days(column), last: days(&format!("{column}_max")) }
    }

    /// The possible days of a cell; nothing when it is empty, which means without end.
    fn days(&self, row: usize) -> Option<(Day, Day)> {
        let first = cell(self.first, row)?;
        Some((first, cell(self.last, row).unwrap_or(first).max(first)))
    }
}

fn cell(column: Option<&Date32Array>, row: usize) -> Option<Day> {
    let column = column?;
    (row < column.len() && column.is_valid(row)).then(|| Day::from_days(column.value(row)))
}

impl<'a> Validity<'a> {
    /// Of the lines of `bom` on one of the days `at`; without days every line holds.
    pub(crate) fn of(bom: &'a Table, at: Option<Days>) -> Self {
        Self { from: Ends::of(bom, "valid_from"), to: Ends::of(bom, "valid_to"), at }
    }

    /// Yes: the line holds whichever day it is. No: on none. Maybe: the day decides.
    pub(crate) fn holds(&self, row: usize) -> Mark {
        let Some(at) = self.at else { return Mark::Yes };
        let (from, to) = (self.from.days(row), self.to.days(row));
        let begins_before = |day: Option<Day>, edge: Day| day.is_none_or(|day| edge <= day);
        let reversed = from.zip(to).is_some_and(|((from, _), (_, to))| from > to);
        let possible = !reversed
            && from.is_none_or(|(earliest, _)| begins_before(at.last, earliest))
            && to.is_none_or(|(_, latest)| at.first.is_none_or(|first| first <= latest));
        let sure = from.is_none_or(|(_, latest)| at.first.is_some_and(|first| latest <= first))
            && to.is_none_or(|(earliest, _)| at.last.is_some_and(|last| last <= earliest));
        match (possible, sure) {
            (false, _) => Mark::No,
            (true, true) => Mark::Yes,
            (true, false) => Mark::Maybe,
        }
    }
}

/// The days on which the set of valid lines changes, each the first day of a new set, sorted.
///
/// Between two of them every day has the same bill of materials, so it is walked once.
pub fn changes(bom: &Table) -> Vec<Day> {
    let (from, to) = (Ends::of(bom, "valid_from"), Ends::of(bom, "valid_to"));
    let mut days: Vec<Day> = Vec::new();
    for row in 0..bom.len() {
        days.extend(from.days(row).into_iter().flat_map(|(first, last)| [first, last]));
        days.extend(to.days(row).into_iter().flat_map(|(first, last)| [first.next(), last.next()]));
    }
    days.sort_unstable();
    days.dedup();
    days
}
