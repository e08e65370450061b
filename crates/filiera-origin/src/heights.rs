use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};

use rayon::prelude::*;

use crate::Shape;

/// Nodes in the order of their heights: the edges on the longest way down from each.
///
/// A node's children all stand in earlier levels, so the nodes of one level are independent.
pub(crate) struct Heights {
    of: Vec<AtomicU8>,
    /// All nodes, lowest first, each level in the order of the numbers.
    order: Vec<u32>,
    /// The places of each level in `order`.
    levels: Vec<Range<usize>>,
}

/// Sweeps after which a walk is the better way: bills of materials are rarely deeper than twenty.
const SWEEPS: usize = 32;

/// The height of a node whose children are not all known yet.
const OPEN: u8 = u8::MAX;

impl Heights {
    /// The heights, or nothing for a graph so deep, or with a cycle, that sweeps do not find them.
    ///
    /// Every sweep asks, from all threads at once, the nodes that are left whether all their children
    /// are known by now. The one byte per node that is read at random stays in the nearest caches.
    pub(crate) fn of(shape: &Shape) -> Option<Self> {
        let of: Vec<AtomicU8> = (0..shape.nodes()).map(|_| AtomicU8::new(OPEN)).collect();
        let still_open = |node: &u32| !settle(shape, &of, *node);
        let all = (0..shape.nodes() as u32).into_par_iter();
        let mut left: Vec<u32> = all.with_min_len(8_192).filter(still_open).collect();
        for _ in 0..SWEEPS {
            if left.is_empty() {
                break;
            }
            left = left.into_par_iter().with_min_len(8_192).filter(still_open).collect();
        }
        left.is_empty().then(|| Self::by_height(of))
    }

    /// Counting sort by height.
    fn by_height(of: Vec<AtomicU8>) -> Self {
        let mut counts = [0usize; 256];
        for height in &of {
            counts[usize::from(height.load(Ordering::Relaxed))] += 1;
        }
        let mut next = [0usize; 256];
        let mut levels = Vec::new();
        let mut start = 0;
        for (height, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            next[height] = start;
            levels.push(start..start + count);
            start += count;
        }
        let mut order = vec![0u32; of.len()];
        for (node, height) in (0u32..).zip(&of) {
            let place = &mut next[usize::from(height.load(Ordering::Relaxed))];
            order[*place] = node;
            *place += 1;
        }
        Self { of, order, levels }
    }

    /// The height of a node.
    pub(crate) fn height(&self, node: u32) -> u32 {
        self.of.get(node as usize).map_or(0, |height| u32::from(height.load(Ordering::Relaxed)))
    }

    /// The levels, lowest first.
    pub(crate) fn levels(&self) -> impl Iterator<Item = &[u32]> {
        self.levels.iter().filter_map(|level| self.order.get(level.clone()))
    }
}

/// Sets the height of a node when those of all its children are known; says whether they are.
fn settle(shape: &Shape, of: &[AtomicU8], node: u32) -> bool {
    let mut height = 0;
    for child in shape.children(node) {
        // One below `OPEN` is no height either: above it there is room for none.
        match of[*child as usize].load(Ordering::Relaxed) {
            below if below >= OPEN - 1 => return false,
            below => height = height.max(below + 1),
        }
    }
    of[node as usize].store(height, Ordering::Relaxed);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_stand_in_earlier_levels() {
        let shape = Shape::new(5, &[0, 0, 1, 3, 3], [1, 2, 2, 0, 2]).unwrap();
        let heights = Heights::of(&shape).unwrap();
        assert_eq!((0..5).map(|node| heights.height(node)).collect::<Vec<_>>(), [2, 1, 0, 3, 0]);
        let levels: Vec<&[u32]> = heights.levels().collect();
        assert_eq!(levels, [[2, 4].as_slice(), &[1], &[0], &[3]]);
    }

    #[test]
    fn cycles_and_long_chains_are_left_to_the_walk() {
        let ring = Shape::new(2, &[0, 1], [1, 0]).unwrap();
        assert!(Heights::of(&ring).is_none());
        let chain = |edges: u32| {
            let (parents, children): (Vec<u32>, Vec<u32>) = (0..edges).map(|n| (n, n + 1)).unzip();
            Heights::of(&Shape::new(edges as usize + 1, &parents, children).unwrap())
        };
        assert_eq!(chain(20).map(|heights| heights.height(0)), Some(20));
        assert!(chain(300).is_none());
    }
}
