use std::collections::VecDeque;

use filiera_model::Exact;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{BomGraph, Node};

/// A distinct parent–child pair below a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// The id of the part that contains.
    pub parent: String,
    /// The id of the part that is contained.
    pub child: String,
    /// The quantity of the line listed first, when stated.
    pub quantity: Option<Exact>,
    /// The unit of that line, as listed.
    pub unit: Option<String>,
    /// How many lines the pair has.
    pub rows: u64,
}

impl BomGraph {
    /// The relationships below `root` whose child is at most `depth` edges away, nearest first,
    /// then in the order of the ids; each pair once. Cycles are listed and not followed round.
    pub fn subtree(&self, root: Node, depth: u64) -> Vec<Relationship> {
        let mut distance = FxHashMap::from_iter([(root, 0u64)]);
        let mut queue = VecDeque::from([root]);
        let mut found = Vec::new();
        while let Some(node) = queue.pop_front() {
            let below = distance.get(&node).map_or(0, |steps| steps + 1);
            if below > depth {
                continue;
            }
            found.extend(self.relationships(node));
            for line in self.lines(node) {
                distance.entry(line.child).or_insert_with(|| {
                    queue.push_back(line.child);
                    below
                });
            }
        }
        found
    }

    /// The distinct pairs of one parent.
    fn relationships(&self, parent: Node) -> Vec<Relationship> {
        let mut found: Vec<(Node, Relationship)> = Vec::new();
        for line in self.lines(parent) {
            match found.last_mut() {
                Some((child, pair)) if *child == line.child => pair.rows += 1,
                _ => found.push((
                    line.child,
                    Relationship {
                        parent: self.part(parent).to_owned(),
                        child: self.part(line.child).to_owned(),
                        quantity: line.quantity(),
                        unit: line.unit.listed().map(str::to_owned),
                        rows: 1,
                    },
                )),
            }
        }
        found.into_iter().map(|(_, pair)| pair).collect()
    }

    /// The parts that can be reached from `starts`, themselves included, in the order of the ids.
    /// Costs what is reached, not the whole graph.
    pub fn reachable_from(&self, starts: &[Node]) -> Vec<Node> {
        let mut reached: FxHashSet<Node> = starts.iter().copied().collect();
        let mut stack: Vec<Node> = starts.to_vec();
        while let Some(node) = stack.pop() {
            let children = self.shape.children(node.0).iter().map(|child| Node(*child));
            stack.extend(children.filter(|child| reached.insert(*child)));
        }
        let mut reached: Vec<Node> = reached.into_iter().collect();
        reached.sort_unstable();
        reached
    }
}
