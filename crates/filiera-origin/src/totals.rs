use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use filiera_model::Exact;
use rayon::prelude::*;

use crate::heights::Heights;
use crate::walk::{Step, walk};
use crate::{Cycle, OriginError, Shape};

/// Whole numbers over one common denominator: `unscaled[i] / denominator`.
#[derive(Clone, Copy, Debug)]
pub struct Scaled<'a, T> {
    /// The numerators.
    pub unscaled: &'a [T],
    /// The common denominator, above zero.
    pub denominator: u64,
}

/// The total of every node, exact.
///
/// Totals are kept as whole numbers over a common denominator, in 64 bits where they fit, in 128
/// where not, and as exact numbers of any size beyond. Nothing is rounded and nothing overflows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// [`ELSEWHERE`] where 64 bits do not hold it.
    small: Small,
    /// As long as `small`, or empty while nothing needs it.
    wide: Vec<i128>,
    /// Totals that 128 bits do not hold.
    big: BTreeMap<u32, Exact>,
    /// Each level down multiplies the denominator by this.
    per_level: u64,
    /// Levels below each node; empty when `per_level` is 1.
    levels: Vec<u32>,
    denominator: u64,
}

const ELSEWHERE: i64 = i64::MIN;

/// Totals that threads write side by side, each its own: who reads one has waited for its writer.
#[derive(Debug)]
struct Small(Vec<AtomicI64>);

impl Small {
    #[inline]
    fn get(&self, node: u32) -> i64 {
        self.0[node as usize].load(Ordering::Relaxed)
    }

    #[inline]
    fn set(&self, node: u32, total: i64) {
        self.0[node as usize].store(total, Ordering::Relaxed);
    }
}

impl Clone for Small {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|total| AtomicI64::new(total.load(Ordering::Relaxed))).collect())
    }
}

impl PartialEq for Small {
    fn eq(&self, other: &Self) -> bool {
        let plain =
            |small: &Self| -> Vec<i64> { small.0.iter().map(|one| one.load(Ordering::Relaxed)).collect() };
        plain(self) == plain(other)
    }
}

impl Eq for Small {}

impl Totals {
    fn empty(nodes: usize, per_level: u64, denominator: u64) -> Self {
        Self {
            small: Small((0..nodes).map(|_| AtomicI64::new(0)).collect()),
            wide: Vec::new(),
            big: BTreeMap::new(),
            per_level,
            levels: vec![0; if per_level == 1 { 0 } else { nodes }],
            denominator,
        }
    }

    /// Totals that were computed in numbers of any size.
    pub(crate) fn of_any_size(nodes: usize, big: BTreeMap<u32, Exact>) -> Self {
        let totals = Self { big, ..Self::empty(nodes, 1, 1) };
        (0..nodes as u32).for_each(|node| totals.small.set(node, ELSEWHERE));
        totals
    }

    /// The total of the node with this number, or nothing when there is no such node.
    pub fn get(&self, node: u32) -> Option<Exact> {
        let Some(unscaled) = self.unscaled(node) else { return self.big.get(&node).cloned() };
        let levels = self.levels.get(node as usize).copied().unwrap_or(0);
        Some(over(unscaled, self.per_level, levels, self.denominator))
    }

    /// All totals as numerators over the values' denominator, when quantities are whole and every
    /// total fits 128 bits.
    pub fn whole(&self) -> Option<impl Iterator<Item = i128>> {
        let all = (0..self.small.0.len() as u32).filter_map(|node| self.unscaled(node));
        (self.per_level == 1 && self.big.is_empty()).then_some(all)
    }

    /// The numerator of a total that 128 bits hold.
    #[inline]
    fn unscaled(&self, node: u32) -> Option<i128> {
        match self.small.0.get(node as usize)?.load(Ordering::Relaxed) {
            ELSEWHERE if self.big.contains_key(&node) => None,
            ELSEWHERE => self.wide.get(node as usize).copied(),
            small => Some(i128::from(small)),
        }
    }

    /// How many totals needed more than 128 bits.
    pub fn beyond_128_bits(&self) -> usize {
        self.big.len()
    }
}

/// `unscaled / (per_level ^ levels · denominator)`.
pub(crate) fn over(unscaled: i128, per_level: u64, levels: u32, denominator: u64) -> Exact {
    let one_level = Exact::ratio(1, per_level).unwrap_or_else(Exact::one);
    let mut value = Exact::ratio(unscaled, denominator).unwrap_or_default();
    for _ in 0..if per_level == 1 { 0 } else { levels } {
        value = value * one_level.clone();
    }
    value
}

/// The total of every node: its own value, and for each of its lines quantity times the child's
/// total. `quantities` holds one number per line given to [`Shape::new`], `own` one per node.
///
/// Children before parents, each part once: linear in nodes and lines, however many paths there
/// are. Many lines are worked on by all threads, level by level.
///
/// # Errors
/// [`OriginError::Mismatch`] when the numbers do not fit the shape or a denominator is zero;
/// [`OriginError::Cycles`] when a part contains itself, its cycles by node number.
pub fn roll_up_values<Q, V>(
    shape: &Shape,
    quantities: Scaled<'_, Q>,
    own: Scaled<'_, V>,
) -> Result<Totals, OriginError>
where
    Q: Copy + Into<i128> + Sync,
    V: Copy + Into<i128> + Sync,
{
    fits("quantities", quantities.unscaled.len(), shape.given())?;
    fits("values", own.unscaled.len(), shape.nodes())?;
    fits("denominators above zero", usize::from(quantities.denominator.min(own.denominator) > 0), 1)?;
    let mut totals = Totals::empty(shape.nodes(), quantities.denominator, own.denominator);
    let heights = if shape.rows() < LEVELS_FROM { None } else { Heights::of(shape) };
    match heights {
        Some(heights) => totals.by_level(shape, &heights, quantities.unscaled, own.unscaled),
        None => totals.by_walk(shape, quantities.unscaled, own.unscaled)?,
    }
    Ok(totals)
}

/// From so many lines on, levels on all threads are quicker than one walk.
const LEVELS_FROM: usize = 100_000;

pub(crate) fn fits(what: &'static str, found: usize, expected: usize) -> Result<(), OriginError> {
    if found == expected { Ok(()) } else { Err(OriginError::Mismatch { what, found, expected }) }
}

fn cycles_by_number(shape: &Shape) -> OriginError {
    let ids = |cycle: Vec<u32>| cycle.iter().map(u32::to_string).collect::<Cycle>();
    OriginError::Cycles { cycles: crate::cycles::cycles(shape).into_iter().map(ids).collect() }
}

impl Totals {
    /// Settles every node in one walk.
    fn by_walk<Q, V>(&mut self, shape: &Shape, quantities: &[Q], own: &[V]) -> Result<(), OriginError>
    where
        Q: Copy + Into<i128>,
        V: Copy + Into<i128>,
    {
        let mut cyclic = false;
        walk(shape, 0..shape.nodes() as u32, |step| match step {
            Step::Back(_) => cyclic = true,
            Step::Done(node) if !cyclic => {
                if !self.levels.is_empty() {
                    let below = shape.children(node).iter();
                    let deepest = below.map(|child| self.levels[*child as usize] + 1).max();
                    self.levels[node as usize] = deepest.unwrap_or(0);
                }
                let total = self.fast(shape, node, quantities, own);
                self.settle(shape, node, total, quantities, own);
            }
            Step::Done(_) => {}
        });
        if cyclic { Err(cycles_by_number(shape)) } else { Ok(()) }
    }

    /// Settles the nodes of one level after the other, those of a level side by side.
    fn by_level<Q, V>(&mut self, shape: &Shape, heights: &Heights, quantities: &[Q], own: &[V])
    where
        Q: Copy + Into<i128> + Sync,
        V: Copy + Into<i128> + Sync,
    {
        for (node, levels) in (0u32..).zip(&mut self.levels) {
            *levels = heights.height(node);
        }
        for level in heights.levels() {
            let of = &*self;
            let large = |node: &u32| {
                let total = of.fast(shape, *node, quantities, own);
                small(total).map_or(Some((*node, total)), |total| {
                    of.small.set(*node, total);
                    None
                })
            };
            let beyond: Vec<(u32, Option<i128>)> =
                level.par_iter().with_min_len(1024).filter_map(large).collect();
            for (node, total) in beyond {
                self.settle(shape, node, total, quantities, own);
            }
        }
    }

    /// Keeps the total of a node, or computes it when 128 bits did not hold it.
    fn settle<Q, V>(&mut self, shape: &Shape, node: u32, total: Option<i128>, quantities: &[Q], own: &[V])
    where
        Q: Copy + Into<i128>,
        V: Copy + Into<i128>,
    {
        if let Some(small) = small(total) {
            return self.small.set(node, small);
        }
        match total {
            Some(total) => {
                self.wide.resize(self.small.0.len(), 0);
                self.wide[node as usize] = total;
            }
            None => {
                let total = self.slow(shape, node, quantities, own[node as usize].into());
                self.big.insert(node, total);
            }
        }
        self.small.set(node, ELSEWHERE);
    }

    /// The total in 128 bits, or nothing when some step leaves them.
    fn fast<Q, V>(&self, shape: &Shape, node: u32, quantities: &[Q], own: &[V]) -> Option<i128>
    where
        Q: Copy + Into<i128>,
        V: Copy + Into<i128>,
    {
        let own: i128 = own[node as usize].into();
        let whole = self.levels.is_empty();
        let levels = self.levels.get(node as usize).copied().unwrap_or(0);
        let mut total = if whole { own } else { own.checked_mul(self.power(levels)?)? };
        for (child, line) in shape.below(node) {
            let quantity: i128 = quantities[line as usize].into();
            let small = self.small.get(child);
            let mut term = match i64::try_from(quantity) {
                // Two 64-bit numbers always fit, and the machine multiplies them in one step.
                Ok(quantity) if small != ELSEWHERE => i128::from(quantity) * i128::from(small),
                _ => quantity.checked_mul(self.unscaled(child)?)?,
            };
            if !whole {
                term = term.checked_mul(self.power(levels - 1 - self.levels[child as usize])?)?;
            }
            total = total.checked_add(term)?;
        }
        Some(total)
    }

    #[inline]
    fn power(&self, levels: u32) -> Option<i128> {
        i128::from(self.per_level).checked_pow(levels)
    }

    /// The same in numbers of any size.
    fn slow<Q: Copy + Into<i128>>(&self, shape: &Shape, node: u32, quantities: &[Q], own: i128) -> Exact {
        let mut total = over(own, 1, 0, self.denominator);
        let one_level = over(1, self.per_level, 1, 1);
        for (child, line) in shape.below(node) {
            let quantity = Exact::from_int(quantities[line as usize].into()) * one_level.clone();
            total += &(quantity * self.get(child).unwrap_or_default());
        }
        total
    }
}

/// A total that 64 bits hold, and that does not mean that they do not.
#[inline]
fn small(total: Option<i128>) -> Option<i64> {
    total.and_then(|total| i64::try_from(total).ok()).filter(|total| *total != ELSEWHERE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole<T>(unscaled: &[T]) -> Scaled<'_, T> {
        Scaled { unscaled, denominator: 1 }
    }

    #[test]
    fn a_shared_part_counts_on_every_way_and_is_computed_once() {
        // 0 holds 2×1 and 3×2; both hold 4×3 of the part worth 5 cents.
        let shape = Shape::new(4, &[0, 0, 1, 2], [1, 2, 3, 3]).unwrap();
        let totals = roll_up_values(
            &shape,
            whole(&[2i64, 3, 4, 4]),
            Scaled { unscaled: &[1i64, 0, 0, 5], denominator: 100 },
        )
        .unwrap();
        assert_eq!(totals.whole().map(Iterator::collect::<Vec<_>>), Some(vec![101, 20, 20, 5]));
        assert_eq!(totals.get(0), Exact::ratio(101, 100));
        assert_eq!(totals.get(4), None);
    }

    #[test]
    fn a_chain_that_leaves_128_bits_stays_exact() {
        let steps = 200u32;
        let (parents, children): (Vec<u32>, Vec<u32>) = (0..steps).map(|n| (n, n + 1)).unzip();
        let shape = Shape::new(steps as usize + 1, &parents, children).unwrap();
        let mut own = vec![0i64; steps as usize + 1];
        own[steps as usize] = 1;
        let totals = roll_up_values(&shape, whole(&vec![3u8; steps as usize]), whole(&own)).unwrap();
        let expected = (0..steps).fold(Exact::one(), |power, _| power * Exact::from_int(3));
        assert_eq!(totals.get(0), Some(expected));
        assert_eq!((totals.whole().is_none(), totals.beyond_128_bits()), (true, 120));
    }

    #[test]
    fn halves_of_halves_share_a_denominator_per_level() {
        let shape = Shape::new(4, &[0, 1, 0, 2], [1, 2, 3, 3]).unwrap();
        let halves = Scaled { unscaled: &[1i64, 3, 5, 1], denominator: 2 };
        let totals = roll_up_values(&shape, halves, whole(&[0i64, 1, 0, 10])).unwrap();
        // 2: 5. 1: 1 + 3/2·5 = 17/2. 0: 1/2·17/2 + 5/2·10 = 117/4.
        assert_eq!(totals.get(2), Some(Exact::from_int(5)));
        assert_eq!(totals.get(1), Exact::ratio(17, 2));
        assert_eq!(totals.get(0), Exact::ratio(117, 4));
    }

    #[test]
    fn levels_and_walk_agree() {
        // Twelve levels of 250 nodes, each with three lines further down, values that overflow half-way.
        let count = 3000u64;
        let mut lines = Vec::new();
        for node in 0..count - 250 {
            let next = |n: u64| (node / 250 + 1) * 250 + (node * 7919 + n * 104_729) % 250 + n * 250;
            lines.extend((0..3).map(|n| (node as u32, next(n))).filter(|(_, child)| *child < count));
        }
        let (parents, children): (Vec<u32>, Vec<u32>) = lines.iter().map(|(a, b)| (*a, *b as u32)).unzip();
        let shape = Shape::new(count as usize, &parents, children).unwrap();
        let quantities: Vec<i64> = (0..shape.rows() as i64).map(|line| line % 5 + 1).collect();
        let own: Vec<i128> =
            (0..i128::from(count)).map(|node| if node % 3 == 0 { node << 100 } else { node }).collect();
        for denominator in [1, 10] {
            let mut one = Totals::empty(count as usize, denominator, 1);
            let mut other = one.clone();
            one.by_walk(&shape, &quantities, &own).unwrap();
            other.by_level(&shape, &Heights::of(&shape).unwrap(), &quantities, &own);
            assert!(one.beyond_128_bits() > 100);
            assert!(
                one.wide.iter().any(|total| *total > 0)
                    && (0..3000).any(|node| one.small.get(node) != ELSEWHERE)
            );
            assert_eq!(one, other);
        }
    }

    #[test]
    fn cycles_and_misfits_are_errors() {
        let ring = Shape::new(2, &[0, 1], [1, 0]).unwrap();
        let found = roll_up_values(&ring, whole(&[1i64, 1]), whole(&[1i64, 1])).unwrap_err();
        assert_eq!(found, OriginError::Cycles { cycles: vec![vec!["0".into(), "1".into()]] });
        let misfit = roll_up_values(&ring, whole(&[1i64]), whole(&[1i64, 1])).unwrap_err();
        assert_eq!(misfit, OriginError::Mismatch { what: "quantities", found: 1, expected: 2 });
    }
}
