//! Where every box and line stands in its row: few crossings, boxes near what they own.

use super::graph::Graph;
use super::layers::Layers;

/// Width of a box.
pub(super) const BOX: i64 = 192;
/// Width kept free for a line that passes a row.
const LANE: i64 = 8;
/// Between two boxes, and between a box and a line or two lines.
const GAP: i64 = 20;
const LANE_GAP: i64 = 7;
/// Around the picture.
pub(super) const MARGIN: i64 = 14;

/// How often rows are sorted and pulled.
const SWEEPS: usize = 12;

/// Boxes and lanes with their rows and middles.
pub(super) struct Places {
    /// Of every party, then of every lane: the row.
    pub(super) row: Vec<usize>,
    /// The middle.
    pub(super) x: Vec<i64>,
    /// Of every edge the lanes it passes, from its upper end.
    pub(super) lanes: Vec<Vec<usize>>,
    /// Width of the picture.
    pub(super) width: i64,
}

struct Net {
    boxes: usize,
    row: Vec<usize>,
    /// Pairs of neighbours, the upper first.
    pairs: Vec<(usize, usize)>,
    rows: Vec<Vec<usize>>,
}

impl Places {
    pub(super) fn of(graph: &Graph<'_>, layers: &Layers) -> Self {
        let (mut net, lanes) = net(graph, layers);
        net.sort();
        let mut x = net.packed();
        for sweep in 0..SWEEPS {
            net.pull(&mut x, sweep % 2 == 0);
        }
        let half = |one: usize| net.width(one) / 2;
        let left = x.iter().enumerate().map(|(one, x)| x - half(one)).min().unwrap_or(0);
        let right = x.iter().enumerate().map(|(one, x)| x + half(one)).max().unwrap_or(0);
        for x in &mut x {
            *x += MARGIN - left;
        }
        Self { row: net.row, x, lanes, width: right - left + 2 * MARGIN }
    }
}

/// The boxes, and a lane in every row that an edge passes.
fn net(graph: &Graph<'_>, layers: &Layers) -> (Net, Vec<Vec<usize>>) {
    let mut row = layers.of.clone();
    let mut pairs = Vec::new();
    let mut all = Vec::new();
    for (edge, back) in graph.edges.iter().zip(&layers.is_back) {
        let mut lanes = Vec::new();
        if edge.owner != edge.company {
            let (upper, lower) = if *back { (edge.company, edge.owner) } else { (edge.owner, edge.company) };
            let (from, to) = (at(&layers.of, upper), at(&layers.of, lower));
            let mut last = upper;
            for between in (to + 1..from).rev() {
                row.push(between);
                let lane = row.len() - 1;
                pairs.push((last, lane));
                lanes.push(lane);
                last = lane;
            }
            pairs.push((last, lower));
        }
        all.push(lanes);
    }
    let boxes = graph.nodes.len();
    let rows = first_order(&row, &pairs, boxes);
    (Net { boxes, row, pairs, rows }, all)
}

/// Every row with its boxes in their order and the lines that pass it in the middle, in the order of
/// where they come from: a wide row does not lean to one side.
fn first_order(row: &[usize], pairs: &[(usize, usize)], boxes: usize) -> Vec<Vec<usize>> {
    let highest = row.iter().copied().max().unwrap_or(0);
    let mut rows = vec![Vec::new(); highest + 1];
    let mut above: Vec<usize> = Vec::new();
    for (one, slot) in rows.iter_mut().enumerate().rev() {
        let own = (0..row.len()).filter(|item| at(row, *item) == one);
        let (mut own, mut lanes): (Vec<usize>, Vec<usize>) = own.partition(|item| *item < boxes);
        lanes.sort_by_key(|lane| {
            let upper = pairs.iter().find(|(_, lower)| lower == lane).map(|(upper, _)| upper);
            above.iter().position(|item| Some(item) == upper)
        });
        let half = own.len().div_ceil(2);
        own.splice(half..half, lanes);
        above.clone_from(&own);
        *slot = own;
    }
    rows
}

fn at(list: &[usize], place: usize) -> usize {
    list.get(place).copied().unwrap_or(0)
}

fn x_of(list: &[i64], place: usize) -> i64 {
    list.get(place).copied().unwrap_or(0)
}

impl Net {
    fn width(&self, one: usize) -> i64 {
        if one < self.boxes { BOX } else { LANE }
    }

    fn gap(&self, a: usize, b: usize) -> i64 {
        if a < self.boxes && b < self.boxes { GAP } else { LANE_GAP }
    }

    fn neighbours(&self, one: usize, above: bool) -> impl Iterator<Item = usize> + '_ {
        self.pairs.iter().filter_map(move |(upper, lower)| match above {
            true if *lower == one => Some(*upper),
            false if *upper == one => Some(*lower),
            _ => None,
        })
    }

    /// Sorts every row by the middle of its neighbours, down and up, and keeps what crosses least.
    fn sort(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for sweep in 0..SWEEPS {
            let above = sweep % 2 == 1;
            let mut rows: Vec<usize> = (0..self.rows.len()).collect();
            if above {
                rows.reverse();
            }
            for row in rows {
                let sorted = self.sorted(row, above);
                if let Some(slot) = self.rows.get_mut(row) {
                    *slot = sorted;
                }
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn sorted(&self, row: usize, above: bool) -> Vec<usize> {
        let own = self.rows.get(row).cloned().unwrap_or_default();
        let other = if above { row + 1 } else { row.wrapping_sub(1) };
        let other = self.rows.get(other).cloned().unwrap_or_default();
        let middle = |one: usize, place: usize| {
            let places =
                self.neighbours(one, above).filter_map(|two| other.iter().position(|item| *item == two));
            let places: Vec<usize> = places.collect();
            let scaled = places.iter().sum::<usize>() * 1000 / places.len().max(1);
            if places.is_empty() { place * 1000 * other.len().max(1) / own.len().max(1) } else { scaled }
        };
        let mut keyed: Vec<(usize, usize)> =
            own.iter().enumerate().map(|(place, one)| (middle(*one, place), *one)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, one)| one).collect()
    }

    fn crossings(&self) -> usize {
        let place = |one: usize| {
            self.rows.get(at(&self.row, one)).and_then(|row| row.iter().position(|item| *item == one))
        };
        let lines: Vec<(usize, Option<usize>, Option<usize>)> = self
            .pairs
            .iter()
            .map(|(upper, lower)| (at(&self.row, *lower), place(*upper), place(*lower)))
            .collect();
        let crossed = |(n, a): (usize, &(usize, Option<usize>, Option<usize>))| {
            lines
                .iter()
                .skip(n + 1)
                .filter(|b| a.0 == b.0 && ((a.1 < b.1 && a.2 > b.2) || (a.1 > b.1 && a.2 < b.2)))
                .count()
        };
        lines.iter().enumerate().map(crossed).sum()
    }

    /// Every row side by side, in the middle.
    fn packed(&self) -> Vec<i64> {
        let mut x = vec![0; self.row.len()];
        for row in &self.rows {
            let offsets = self.offsets(row);
            let half = offsets.last().copied().unwrap_or(0) / 2;
            for (one, offset) in row.iter().zip(offsets) {
                if let Some(slot) = x.get_mut(*one) {
                    *slot = offset - half;
                }
            }
        }
        x
    }

    /// Moves every box and lane as near to its neighbours as the row lets it.
    fn pull(&self, x: &mut [i64], above: bool) {
        let mut rows: Vec<usize> = (0..self.rows.len()).collect();
        if above {
            rows.reverse();
        }
        for row in rows {
            let Some(own) = self.rows.get(row) else { continue };
            let wanted: Vec<i64> = own.iter().map(|one| self.wanted(*one, x)).collect();
            let places = spread(&wanted, &self.offsets(own));
            for (one, place) in own.iter().zip(places) {
                if let Some(slot) = x.get_mut(*one) {
                    *slot = place;
                }
            }
        }
    }

    fn wanted(&self, one: usize, x: &[i64]) -> i64 {
        let all = self.neighbours(one, true).chain(self.neighbours(one, false));
        let all: Vec<i64> = all.map(|other| x_of(x, other)).collect();
        match i64::try_from(all.len()) {
            Ok(n) if n > 0 => all.iter().sum::<i64>() / n,
            _ => x_of(x, one),
        }
    }

    /// How far from the first of a row every other one must stand at least.
    fn offsets(&self, row: &[usize]) -> Vec<i64> {
        let mut offset = 0;
        let mut before: Option<usize> = None;
        let mut offsets = Vec::new();
        for one in row {
            if let Some(last) = before {
                offset += (self.width(last) + self.width(*one)) / 2 + self.gap(last, *one);
            }
            offsets.push(offset);
            before = Some(*one);
        }
        offsets
    }
}

/// The places nearest to those wanted that keep the order and the distances: neighbours that would
/// overlap are moved together to their mean.
fn spread(wanted: &[i64], offsets: &[i64]) -> Vec<i64> {
    let mut pools: Vec<(i64, i64)> = Vec::new();
    for (wanted, offset) in wanted.iter().zip(offsets) {
        pools.push((wanted - offset, 1));
        while let [.., (a, n), (b, m)] = pools.as_slice() {
            if a / n <= b / m {
                break;
            }
            let merged = (a + b, n + m);
            pools.truncate(pools.len() - 2);
            pools.push(merged);
        }
    }
    let middles = pools.iter().flat_map(|(sum, n)| (0..*n).map(move |_| sum / n));
    middles.zip(offsets).map(|(middle, offset)| middle + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn boxes_keep_their_distance_and_stay_near() {
        assert_eq!(spread(&[0, 0, 0], &[0, 10, 20]), [-10, 0, 10]);
        assert_eq!(spread(&[0, 50], &[0, 10]), [0, 50]);
        assert_eq!(spread(&[], &[]), [0; 0]);
    }
}
