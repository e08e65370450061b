/// The strongly connected components of a graph, each after every component it leads to.
#[derive(Clone, Debug, Default)]
pub struct Components {
    /// Of every node its component.
    of: Vec<u32>,
    /// The nodes, component by component.
    nodes: Vec<u32>,
    /// Where each component starts among the nodes, and where the last ends.
    starts: Vec<u32>,
}

const UNSEEN: u32 = u32::MAX;

impl Components {
    /// Of a graph where the targets of node `n` stand at `starts[n]..starts[n + 1]`. Nothing recurses.
    ///
    /// `starts` has one entry more than there are nodes, rising; targets are nodes.
    pub fn of_graph(starts: &[u32], targets: &[u32]) -> Self {
        let nodes = starts.len().saturating_sub(1);
        debug_assert!(targets.iter().all(|target| (*target as usize) < nodes));
        let mut walk = Walk {
            starts,
            targets,
            low: vec![UNSEEN; nodes],
            next: 0,
            stack: Vec::new(),
            path: Vec::new(),
            found: Self { of: vec![UNSEEN; nodes], nodes: Vec::with_capacity(nodes), starts: vec![0] },
        };
        for root in 0..nodes as u32 {
            if walk.low[root as usize] == UNSEEN {
                walk.from(root);
            }
        }
        walk.found
    }

    /// How many components.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The component of a node.
    pub fn of(&self, node: u32) -> u32 {
        self.of.get(node as usize).copied().unwrap_or(UNSEEN)
    }

    /// The nodes of a component.
    pub fn nodes(&self, component: u32) -> &[u32] {
        let at = |place: usize| self.starts.get(place).copied().unwrap_or(0) as usize;
        self.nodes.get(at(component as usize)..at(component as usize + 1)).unwrap_or_default()
    }

    /// All nodes, component by component: every node after those it leads to, cycles apart.
    pub fn all_nodes(&self) -> &[u32] {
        &self.nodes
    }
}

/// Tarjan's walk. `low` holds the least number reached so far; it is of use only while its node is
/// on the stack, so one array serves for numbers too.
struct Walk<'a> {
    starts: &'a [u32],
    targets: &'a [u32],
    low: Vec<u32>,
    next: u32,
    stack: Vec<u32>,
    /// Nodes being walked: the node, the number it was given, the place of its next target.
    path: Vec<(u32, u32, u32)>,
    found: Components,
}

impl Walk<'_> {
    fn from(&mut self, root: u32) {
        self.enter(root);
        while let Some((node, number, place)) = self.path.last_mut() {
            let (node, number) = (*node, *number);
            if *place == self.starts[node as usize + 1] {
                self.path.pop();
                self.leave(node, number);
                continue;
            }
            let target = self.targets[*place as usize];
            *place += 1;
            if self.low[target as usize] == UNSEEN {
                self.enter(target);
            } else if self.found.of[target as usize] == UNSEEN {
                self.lower(node, target);
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.low[node as usize] = self.next;
        self.path.push((node, self.next, self.starts[node as usize]));
        self.stack.push(node);
        self.next += 1;
    }

    fn lower(&mut self, node: u32, by: u32) {
        self.low[node as usize] = self.low[node as usize].min(self.low[by as usize]);
    }

    fn leave(&mut self, node: u32, number: u32) {
        if self.low[node as usize] == number {
            let component = self.found.len() as u32;
            while let Some(member) = self.stack.pop() {
                self.found.of[member as usize] = component;
                self.found.nodes.push(member);
                if member == node {
                    break;
                }
            }
            self.found.starts.push(self.found.nodes.len() as u32);
        }
        if let Some((parent, ..)) = self.path.last() {
            let parent = *parent;
            if self.found.of[node as usize] == UNSEEN {
                self.lower(parent, node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(nodes: usize, edges: &[(u32, u32)]) -> Components {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        let starts: Vec<u32> =
            (0..=nodes as u32).map(|node| edges.partition_point(|edge| edge.0 < node) as u32).collect();
        let targets: Vec<u32> = edges.iter().map(|edge| edge.1).collect();
        Components::of_graph(&starts, &targets)
    }

    #[test]
    fn a_component_comes_after_those_it_leads_to() {
        let found = components(6, &[(0, 1), (1, 2), (2, 1), (2, 3), (4, 4), (3, 5), (0, 5)]);
        assert_eq!(found.len(), 5);
        assert_eq!(found.of(1), found.of(2));
        for (from, to) in [(0, 1), (2, 3), (3, 5), (0, 5)] {
            assert!(found.of(from) > found.of(to), "{from} → {to}");
        }
        let mut members = found.nodes(found.of(1)).to_vec();
        members.sort_unstable();
        assert_eq!(members, [1, 2]);
        assert_eq!(found.all_nodes().len(), 6);
    }

    #[test]
    fn a_long_cycle_is_one_component() {
        let edges: Vec<(u32, u32)> = (0..200_000).map(|n| (n, (n + 1) % 200_000)).collect();
        assert_eq!(components(200_000, &edges).len(), 1);
    }
}
