use filiera_model::{Exact, Operator, Rounding, Verdict};

use crate::digest::{Group, proven};
use crate::number::{Measure, count};

/// The most columns of a histogram.
const MOST_COLUMNS: i64 = 28;
/// The picture's height of a full column.
const HEIGHT: u64 = 150;
/// The picture's width.
const WIDTH: u64 = 800;

/// Subjects by the value that is proven for them, in columns around the threshold.
pub(super) struct Histogram {
    pub(super) columns: Vec<Column>,
    /// Where the threshold stands, and its text.
    pub(super) mark: u64,
    pub(super) asked: String,
    /// What the columns count, for those who do not see them.
    pub(super) description: String,
    /// Labels under the axis, with their places.
    pub(super) labels: Vec<(u64, String)>,
    /// The most subjects in one column.
    pub(super) most: String,
    /// Subjects without a limited proven value.
    pub(super) off_scale: u64,
    /// Which end stands for a subject: `least` or `greatest`.
    pub(super) end: &'static str,
    pub(super) step: String,
}

/// One column: stacked pieces from the bottom up.
pub(super) struct Column {
    pub(super) x: u64,
    pub(super) width: u64,
    pub(super) label: String,
    /// Where the number over the column stands, and the number.
    pub(super) middle: u64,
    pub(super) top: u64,
    pub(super) n: String,
    pub(super) pieces: Vec<Piece>,
}

/// The subjects of one verdict in a column.
pub(super) struct Piece {
    pub(super) class: &'static str,
    pub(super) y: u64,
    pub(super) height: u64,
}

/// The columns: how wide each is, which is the first, counted from the threshold, and how many.
struct Grid {
    step: Exact,
    threshold: Exact,
    first: i64,
    columns: i64,
    /// A value equal to the threshold stands left of it.
    left_of: bool,
}

/// The histogram of a condition; nothing when there is no threshold for all, or no value.
pub(super) fn histogram(group: &Group<'_>) -> Option<Histogram> {
    if !group.is_drawn() {
        return None;
    }
    let (operator, threshold) = group.target()?;
    let valued = group.findings.iter().filter(|f| f.verdict != Verdict::NotApplicable);
    let valued: Vec<(Verdict, Option<&Exact>)> = valued.map(|f| (f.verdict, proven(f))).collect();
    let values: Vec<(Verdict, &Exact)> =
        valued.iter().filter_map(|(v, value)| Some((*v, (*value)?))).collect();
    let grid = Grid::over(&group.measure, operator, threshold, &values)?;
    let counts = grid.counts(&values);
    Some(drawn(group, operator, &grid, &counts, (valued.len() - values.len()) as u64))
}

impl Grid {
    fn over(
        measure: &Measure,
        operator: Operator,
        threshold: Exact,
        values: &[(Verdict, &Exact)],
    ) -> Option<Self> {
        let least = values.iter().map(|(_, value)| *value).min()?.min(&threshold).clone();
        let most = values.iter().map(|(_, value)| *value).max()?.max(&threshold).clone();
        let left_of = matches!(operator, Operator::AtMost | Operator::MoreThan);
        let mut grid = Self { step: Exact::zero(), threshold, first: 0, columns: 0, left_of };
        for step in steps(measure) {
            grid.step = step;
            let (Some(first), Some(last)) = (grid.column(&least), grid.column(&most)) else { continue };
            grid.first = first.min(-1) - 1;
            grid.columns = last.max(0) + 2 - grid.first;
            if grid.columns <= MOST_COLUMNS {
                return Some(grid);
            }
        }
        None
    }

    /// The column of a value, counted from the threshold: 0 begins there.
    fn column(&self, value: &Exact) -> Option<i64> {
        let distance = (value - &self.threshold).checked_div(&self.step)?;
        let rounding = if self.left_of { Rounding::Up } else { Rounding::Down };
        let whole: i64 = distance.to_decimal(0, rounding).parse().ok()?;
        Some(if self.left_of { whole.checked_sub(1)? } else { whole })
    }

    fn counts(&self, values: &[(Verdict, &Exact)]) -> Vec<[u64; 3]> {
        let mut counts = vec![[0u64; 3]; usize::try_from(self.columns).unwrap_or(0)];
        for (verdict, value) in values {
            let place = self.column(value).and_then(|column| usize::try_from(column - self.first).ok());
            let piece = STACK.iter().position(|stacked| stacked == verdict);
            let cell = place.and_then(|place| counts.get_mut(place)).zip(piece);
            if let Some(n) = cell.and_then(|(column, piece)| column.get_mut(piece)) {
                *n += 1;
            }
        }
        counts
    }

    /// The value at the left edge of a column.
    fn edge(&self, column: i64) -> Exact {
        &self.threshold + &(&self.step * &Exact::from_int(self.first + column))
    }

    fn x(&self, column: i64) -> u64 {
        u64::try_from(column).unwrap_or(0) * WIDTH / u64::try_from(self.columns.max(1)).unwrap_or(1)
    }
}

/// The verdicts of a column from the bottom up.
const STACK: [Verdict; 3] = [Verdict::Met, Verdict::Undetermined, Verdict::NotMet];

/// Widths of columns to try, the finest first: 1, 2, 5, 10 … times a thousandth of the unit.
fn steps(measure: &Measure) -> impl Iterator<Item = Exact> {
    let finest = if matches!(measure, Measure::Percent | Measure::Index) { 200 } else { 1 };
    let powers = (0..60u32).map(|power| Exact::parse(&format!("1{}", "0".repeat(power as usize))));
    powers.flatten().flat_map(move |power| {
        [1, 2, 5].into_iter().filter_map(move |n| Exact::ratio(n, finest).map(|step| &step * &power))
    })
}

fn drawn(
    group: &Group<'_>,
    operator: Operator,
    grid: &Grid,
    counts: &[[u64; 3]],
    off_scale: u64,
) -> Histogram {
    let most = counts.iter().map(|pieces| pieces.iter().sum::<u64>()).max().unwrap_or(0);
    let measure = &group.measure;
    let columns = (0i64..).zip(counts).filter(|(_, pieces)| pieces.iter().any(|n| *n > 0));
    let columns = columns.map(|(place, pieces)| column(measure, grid, place, pieces, most)).collect();
    let labels = (0..=grid.columns).filter(|column| (column + grid.first) % 5 == 0);
    let labels = labels.map(|column| (grid.x(column), measure.value(&grid.edge(column), None))).collect();
    Histogram {
        columns,
        mark: grid.x(-grid.first),
        asked: measure.asked(operator, &grid.threshold),
        description: description(group, off_scale),
        labels,
        most: count(most),
        off_scale,
        end: if operator.wants_more() { "least" } else { "greatest" },
        step: measure.value(&grid.step, None),
    }
}

fn column(measure: &Measure, grid: &Grid, place: i64, pieces: &[u64; 3], most: u64) -> Column {
    let (from, to) = (measure.value(&grid.edge(place), None), measure.value(&grid.edge(place + 1), None));
    let said: Vec<String> = STACK
        .iter()
        .zip(pieces)
        .filter(|(_, n)| **n > 0)
        .map(|(verdict, n)| format!("{} {verdict}", count(*n)))
        .collect();
    let mut below = 0u64;
    let mut stacked = Vec::new();
    for (verdict, n) in STACK.iter().zip(pieces).filter(|(_, n)| **n > 0) {
        let bottom = HEIGHT * below / most.max(1);
        below += n;
        let top = HEIGHT * below / most.max(1);
        stacked.push(Piece { class: verdict.name(), y: HEIGHT - top, height: (top - bottom).max(1) });
    }
    let (x, end) = (grid.x(place), grid.x(place + 1));
    Column {
        x: x + 1,
        width: end.saturating_sub(x + 2).max(1),
        label: format!("{from} to {to}: {}", said.join(", ")),
        middle: x.midpoint(end),
        top: HEIGHT - HEIGHT * below / most.max(1),
        n: count(below),
        pieces: stacked,
    }
}

fn description(group: &Group<'_>, off_scale: u64) -> String {
    let counted: Vec<String> =
        group.range.seen().map(|(verdict, n)| format!("{} {verdict}", count(n))).collect();
    let off = if off_scale == 0 {
        String::new()
    } else {
        format!("; {} without a limited value", count(off_scale))
    };
    format!("{}{off}", counted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn grid(operator: Operator, values: &[&str]) -> (Grid, Vec<[u64; 3]>) {
        let values: Vec<Exact> = values.iter().map(|text| n(text)).collect();
        let threshold = n("45 %");
        let judged: Vec<(Verdict, &Exact)> = values
            .iter()
            .map(|v| (if operator.passes(v, &threshold) { Verdict::Met } else { Verdict::NotMet }, v))
            .collect();
        let grid = Grid::over(&Measure::Percent, operator, threshold, &judged).unwrap();
        let counts = grid.counts(&judged);
        (grid, counts)
    }

    #[test]
    fn what_passes_stands_on_its_side_of_the_threshold() {
        for operator in Operator::ALL {
            let (grid, counts) = grid(operator, &["44.99996 %", "45 %", "45.00004 %", "30 %", "61 %"]);
            assert_eq!(counts.iter().flatten().sum::<u64>(), 5, "{operator:?}");
            let mark = usize::try_from(-grid.first).unwrap();
            let (left, right) = counts.split_at(mark);
            let (passing, failing) = if operator.wants_more() { (right, left) } else { (left, right) };
            assert!(passing.iter().all(|pieces| pieces[2] == 0), "{operator:?}");
            assert!(failing.iter().all(|pieces| pieces[0] == 0), "{operator:?}");
        }
    }

    #[test]
    fn columns_stay_few_however_wide_the_values() {
        let (narrow, _) = grid(Operator::AtLeast, &["45 %"]);
        assert!(narrow.columns <= MOST_COLUMNS);
        let (wide, counts) = grid(Operator::AtLeast, &["-3", "100000000000", "1/3"]);
        assert!(wide.columns <= MOST_COLUMNS);
        assert_eq!(counts.iter().flatten().sum::<u64>(), 3);
    }
}
