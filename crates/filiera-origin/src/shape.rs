use std::ops::Range;

use crate::OriginError;
use crate::names::number_of;

/// Who contains whom, by number: the children of a node stand side by side.
///
/// Nothing but numbers: the quantities, units and names of the lines stay where they were, and
/// [`Shape::below`] says which line each place came from. 4 bytes per node and per line, and 4 more
/// per line when the lines were not given sorted by parent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    // INVARIANT: `starts` has one entry more than there are nodes, never falls, and ends with the
    // number of lines; every child is a node; `lines` is as long as `children`, or empty when
    // lines stand where they were given.
    starts: Vec<u32>,
    children: Vec<u32>,
    lines: Vec<u32>,
    /// How many lines were given; cutting lines leaves the numbers of the others as they are.
    given: usize,
}

impl Shape {
    /// The shape of the lines `parents[i]` → `children[i]` between nodes numbered from 0. Lines
    /// of one parent keep their order. Lines sorted by parent cost least.
    ///
    /// # Errors
    /// [`OriginError::Mismatch`] when the slices differ in length or name a node that is not there;
    /// [`OriginError::TooMany`] beyond 32 bits.
    pub fn new(nodes: usize, parents: &[u32], children: impl Into<Vec<u32>>) -> Result<Self, OriginError> {
        let children = children.into();
        number_of(nodes, "parts")?;
        number_of(parents.len(), "lines")?;
        if parents.len() != children.len() {
            let (found, expected) = (children.len(), parents.len());
            return Err(OriginError::Mismatch { what: "children", found, expected });
        }
        if let Some(highest) = parents.iter().chain(&children).max()
            && *highest as usize >= nodes
        {
            return Err(OriginError::Mismatch {
                what: "parts",
                found: nodes,
                expected: *highest as usize + 1,
            });
        }
        Ok(Self::sorted_by_parent(nodes, parents, children))
    }

    /// Counting sort: one pass counts, one places.
    fn sorted_by_parent(nodes: usize, parents: &[u32], children: Vec<u32>) -> Self {
        let mut starts = vec![0u32; nodes + 1];
        for parent in parents {
            starts[*parent as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let given = parents.len();
        if parents.is_sorted() {
            return Self { starts, children, lines: Vec::new(), given };
        }
        let mut next = starts.clone();
        let mut placed = vec![0u32; given];
        let mut lines = vec![0u32; given];
        for (line, (parent, child)) in (0u32..).zip(parents.iter().zip(children)) {
            let place = &mut next[*parent as usize];
            placed[*place as usize] = child;
            lines[*place as usize] = line;
            *place += 1;
        }
        Self { starts, children: placed, lines, given }
    }

    /// How many nodes.
    #[inline]
    pub fn nodes(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many lines were given: lines are numbered below this.
    pub fn given(&self) -> usize {
        self.given
    }

    /// How many lines there are, those that were cut not counted.
    #[inline]
    pub fn rows(&self) -> usize {
        self.children.len()
    }

    /// The places of a node's lines in the arrays of children and lines.
    #[inline]
    pub fn places(&self, node: u32) -> Range<usize> {
        let node = node as usize;
        match (self.starts.get(node), self.starts.get(node + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    /// The children of a node, one per line.
    #[inline]
    pub fn children(&self, node: u32) -> &[u32] {
        self.children.get(self.places(node)).unwrap_or_default()
    }

    /// Child and line of every line below a node; lines are numbered as they were given.
    #[inline]
    pub fn below(&self, node: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.places(node).map(|place| (self.children[place], self.line_at(place)))
    }

    /// The line that stands at a place.
    #[inline]
    pub(crate) fn line_at(&self, place: usize) -> u32 {
        self.lines.get(place).copied().unwrap_or(place as u32)
    }

    #[inline]
    pub(crate) fn child_at(&self, place: usize) -> u32 {
        self.children[place]
    }

    /// The same with the children of every node in the order of their numbers, repeats in the
    /// order of their lines.
    pub(crate) fn with_sorted_children(mut self) -> Self {
        let mut below: Vec<(u32, u32)> = Vec::new();
        for node in 0..self.nodes() as u32 {
            if self.children(node).is_sorted() {
                continue;
            }
            if self.lines.is_empty() {
                self.lines = (0..self.given as u32).collect();
            }
            below.clear();
            below.extend(self.below(node));
            below.sort_unstable();
            for (place, (child, line)) in self.places(node).zip(&below) {
                self.children[place] = *child;
                self.lines[place] = *line;
            }
        }
        self
    }

    /// The same without the lines at these places (ascending).
    pub(crate) fn without(&self, places: &[usize]) -> Self {
        let mut gone = places.iter().copied().peekable();
        let mut cut = Self { starts: vec![0], given: self.given, ..Self::default() };
        for node in 0..self.nodes() as u32 {
            for place in self.places(node) {
                if gone.next_if_eq(&place).is_none() {
                    cut.children.push(self.children[place]);
                    cut.lines.push(self.line_at(place));
                }
            }
            cut.starts.push(cut.children.len() as u32);
        }
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_stand_side_by_side_in_the_order_of_the_lines() {
        let shape = Shape::new(4, &[2, 0, 2, 0, 2], [1, 2, 0, 1, 1]).unwrap();
        assert_eq!((shape.nodes(), shape.rows()), (4, 5));
        assert_eq!(shape.children(2), [1, 0, 1]);
        assert_eq!(shape.below(2).collect::<Vec<_>>(), [(1, 0), (0, 2), (1, 4)]);
        assert_eq!(shape.children(0), [2, 1]);
        assert!(shape.children(3).is_empty() && shape.children(9).is_empty());
        let sorted = shape.with_sorted_children();
        assert_eq!(sorted.below(2).collect::<Vec<_>>(), [(0, 2), (1, 0), (1, 4)]);
        let cut = sorted.without(&[0, 3]);
        assert_eq!(cut.children(0), [2]);
        assert_eq!(cut.below(2).collect::<Vec<_>>(), [(0, 2), (1, 4)]);
    }

    #[test]
    fn lines_given_in_order_stay_where_they_are() {
        let shape = Shape::new(3, &[0, 0, 1], [2, 1, 2]).unwrap();
        assert!(shape.lines.is_empty());
        assert_eq!(shape.below(0).collect::<Vec<_>>(), [(2, 0), (1, 1)]);
        let sorted = shape.with_sorted_children();
        assert_eq!(sorted.below(0).collect::<Vec<_>>(), [(1, 1), (2, 0)]);
        assert_eq!(sorted.below(1).collect::<Vec<_>>(), [(2, 2)]);
        assert_eq!(sorted.without(&[0]).below(1).collect::<Vec<_>>(), [(2, 2)]);
        assert!(sorted.without(&[0, 1, 2]).below(1).next().is_none());
    }

    #[test]
    fn a_node_that_is_not_there_is_refused() {
        assert!(matches!(Shape::new(2, &[0], [2]), Err(OriginError::Mismatch { what: "parts", .. })));
        assert!(matches!(Shape::new(2, &[0], []), Err(OriginError::Mismatch { what: "children", .. })));
        assert_eq!(Shape::new(0, &[], []).unwrap().nodes(), 0);
    }
}
