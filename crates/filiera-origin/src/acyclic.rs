use std::ops::Deref;

use crate::cycles;
use crate::walk::{Step, bottom_up, roots_first, walk};
use crate::{BomGraph, Node, OriginError};

/// A cycle: the ids of the parts on it, in order, from the smallest; the first follows the last.
pub type Cycle = Vec<String>;

/// A bill of materials without cycles: what can be multiplied and added up.
///
/// Everything a [`BomGraph`] answers, it answers too.
#[derive(Clone, Debug)]
pub struct AcyclicBom {
    graph: BomGraph,
    /// Parents before children.
    rank: Vec<u32>,
    /// Parts whose lines count in units that cannot be converted into each other.
    mixed: Vec<bool>,
}

/// A line that was cut because it closed a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutLine {
    /// The id of the part that contains.
    pub parent: String,
    /// The id of the part that is contained.
    pub child: String,
    /// The row of the table, counted from 0.
    pub row: u32,
}

impl BomGraph {
    /// The cycles: of every group of parts that contain each other one, as short as possible, from
    /// its smallest id, and every part that contains itself; sorted.
    pub fn cycles(&self) -> Vec<Cycle> {
        let ids = |cycle: Vec<u32>| cycle.into_iter().map(|node| self.names.text(node).to_owned()).collect();
        cycles::cycles(&self.shape).into_iter().map(ids).collect()
    }

    /// The graph, once it is known to have no cycle.
    ///
    /// # Errors
    /// [`OriginError::Cycles`] with all of them.
    pub fn acyclic(self) -> Result<AcyclicBom, OriginError> {
        match bottom_up(&self.shape) {
            Some(order) => Ok(AcyclicBom::new(self, &order)),
            None => Err(OriginError::Cycles { cycles: self.cycles() }),
        }
    }

    /// The graph without the lines that close a cycle, and those lines, in the order of the ids.
    ///
    /// A line is cut when a depth-first walk, children in the order of their ids, finds it leading
    /// back to a part that it is still below. The walk starts at the roots in the order of
    /// their ids, then at whatever only cycles contain: so everything below the first root that
    /// reaches a cycle stays below it. Every repeat of a cut line is cut too.
    pub fn cut_cycles(mut self) -> (AcyclicBom, Vec<CutLine>) {
        let mut places = Vec::new();
        walk(&self.shape, roots_first(&self.shape), |step| {
            if let Step::Back(place) = step {
                places.push(place);
            }
        });
        places.sort_unstable();
        let cut = self.describe(&places);
        self.shape = self.shape.without(&places);
        let order = bottom_up(&self.shape).unwrap_or_default();
        debug_assert_eq!(order.len(), self.shape.nodes(), "back lines are all lines of cycles");
        (AcyclicBom::new(self, &order), cut)
    }

    fn describe(&self, places: &[usize]) -> Vec<CutLine> {
        let mut wanted = places.iter().copied().peekable();
        let mut cut = Vec::new();
        for parent in self.nodes() {
            for (place, line) in self.shape.places(parent.0).zip(self.lines(parent)) {
                if wanted.next_if_eq(&place).is_some() {
                    let (parent, child) = (self.part(parent).to_owned(), self.part(line.child).to_owned());
                    cut.push(CutLine { parent, child, row: line.row });
                }
            }
        }
        cut
    }
}

impl AcyclicBom {
    /// `order`: children before parents.
    fn new(graph: BomGraph, order: &[u32]) -> Self {
        let mut rank = vec![0; graph.shape.nodes()];
        for (place, node) in (0u32..).zip(order.iter().rev()) {
            rank[*node as usize] = place;
        }
        let mixed = mixed_units(&graph);
        Self { graph, rank, mixed }
    }

    /// The graph itself.
    pub fn graph(&self) -> &BomGraph {
        &self.graph
    }

    /// Whether lines count this part in units that cannot be converted into each other, pieces
    /// here and kilograms there: then nobody knows which of them its price is for.
    pub fn has_mixed_units(&self, node: Node) -> bool {
        self.mixed.get(node.place()).copied().unwrap_or(false)
    }

    /// Parents before children.
    pub(crate) fn rank(&self, node: Node) -> u32 {
        self.rank.get(node.place()).copied().unwrap_or(0)
    }

    /// The parts that can be reached from `starts`, themselves included, parents before children.
    /// Costs what is reached, not the whole graph.
    pub fn reachable(&self, starts: &[Node]) -> Vec<Node> {
        let mut reached = self.graph.reachable_from(starts);
        reached.sort_unstable_by_key(|node| self.rank(*node));
        reached
    }
}

impl Deref for AcyclicBom {
    type Target = BomGraph;
    fn deref(&self) -> &BomGraph {
        &self.graph
    }
}

fn mixed_units(graph: &BomGraph) -> Vec<bool> {
    let mut unit_of: Vec<Option<&str>> = vec![None; graph.shape.nodes()];
    let mut mixed = vec![false; graph.shape.nodes()];
    for parent in graph.nodes() {
        for line in graph.lines(parent) {
            let child = line.child.place();
            let before = unit_of[child].replace(line.unit.base());
            mixed[child] |= before.is_some_and(|before| before != line.unit.base());
        }
    }
    mixed
}
