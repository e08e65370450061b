use crate::cycles::groups;
use crate::{BomGraph, Cycle, Shape};

/// The shape of a bill of materials, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphCounts {
    /// Distinct parts that stand on some line.
    pub nodes: u64,
    /// Distinct parts that stand on no line.
    pub isolated: u64,
    /// Lines as listed.
    pub rows: u64,
    /// Distinct parent–child pairs.
    pub edges: u64,
    /// Parts on a line without a parent.
    pub roots: u64,
    /// Parts on a line without a child.
    pub leaves: u64,
    /// Edges on the longest way down, parts that contain each other counted as one.
    pub depth: u64,
    /// Parts with more than one parent.
    pub shared: u64,
    /// The most parents a part has.
    pub max_parents: u64,
    /// The cycles: see [`BomGraph::cycles`].
    pub cycles: Vec<Cycle>,
    /// Children that no entry describes, in the order of their ids.
    pub missing: Vec<String>,
    /// Lines that repeat a parent–child pair.
    pub repeated_rows: u64,
}

impl BomGraph {
    /// Counts the graph. `is_described` says whether some entry describes a part; without it no
    /// child is missing. Linear in parts and lines.
    pub fn counts(&self, is_described: Option<&dyn Fn(&str) -> bool>) -> GraphCounts {
        let (edges, parents) = self.pairs();
        let mut counts = GraphCounts {
            rows: self.shape.rows() as u64,
            edges,
            depth: depth(&self.shape),
            shared: parents.iter().filter(|parents| **parents > 1).count() as u64,
            max_parents: parents.iter().copied().max().map_or(0, u64::from),
            cycles: self.cycles(),
            repeated_rows: self.shape.rows() as u64 - edges,
            ..GraphCounts::default()
        };
        for (node, parents) in self.nodes().zip(&parents) {
            let has_lines = self.has_lines(node);
            counts.nodes += u64::from(has_lines || *parents > 0);
            counts.isolated += u64::from(!has_lines && *parents == 0);
            counts.roots += u64::from(has_lines && *parents == 0);
            counts.leaves += u64::from(!has_lines && *parents > 0);
            if *parents > 0 && is_described.is_some_and(|is_described| !is_described(self.part(node))) {
                counts.missing.push(self.part(node).to_owned());
            }
        }
        counts
    }

    /// Distinct pairs, and how many distinct parents each part has.
    fn pairs(&self) -> (u64, Vec<u32>) {
        let mut edges = 0;
        let mut parents = vec![0u32; self.shape.nodes()];
        for node in self.nodes() {
            // Repeats stand side by side, because children are sorted.
            let mut before = None;
            for child in self.shape.children(node.0) {
                if before.replace(*child) != Some(*child) {
                    edges += 1;
                    parents[*child as usize] += 1;
                }
            }
        }
        (edges, parents)
    }
}

/// Edges on the longest way between groups of parts that contain each other.
fn depth(shape: &Shape) -> u64 {
    let (group, groups) = groups(shape);
    let mut by_group: Vec<u32> = (0..shape.nodes() as u32).collect();
    by_group.sort_unstable_by_key(|node| group[*node as usize]);
    let mut height = vec![0u64; groups as usize];
    // Groups are numbered children before parents.
    for node in by_group {
        let of = group[node as usize];
        for child in shape.children(node) {
            let below = group[*child as usize];
            if below != of {
                height[of as usize] = height[of as usize].max(height[below as usize] + 1);
            }
        }
    }
    height.into_iter().max().unwrap_or(0)
}
