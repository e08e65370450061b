use std::collections::VecDeque;

use crate::Shape;

/// The strongly connected group of every node: two nodes share a group when each contains the
/// other. Groups are numbered children before parents. Linear in nodes and lines.
pub(crate) fn groups(shape: &Shape) -> (Vec<u32>, u32) {
    let nodes = shape.nodes();
    let mut search = Search {
        shape,
        met: vec![UNMET; nodes],
        low: vec![0; nodes],
        group: vec![UNMET; nodes],
        waiting: Vec::new(),
        groups: 0,
        next: 0,
    };
    for node in 0..nodes as u32 {
        if search.met[node as usize] == UNMET {
            search.from(node);
        }
    }
    (search.group, search.groups)
}

const UNMET: u32 = u32::MAX;

struct Search<'a> {
    shape: &'a Shape,
    met: Vec<u32>,
    low: Vec<u32>,
    group: Vec<u32>,
    waiting: Vec<u32>,
    groups: u32,
    next: u32,
}

impl Search<'_> {
    fn from(&mut self, start: u32) {
        let mut stack = vec![self.enter(start)];
        while let Some((node, next, end)) = stack.last_mut() {
            let node = *node;
            if next == end {
                stack.pop();
                self.leave(node);
                if let Some((parent, ..)) = stack.last() {
                    self.low[*parent as usize] = self.low[*parent as usize].min(self.low[node as usize]);
                }
                continue;
            }
            let child = self.shape.child_at(*next);
            *next += 1;
            if self.met[child as usize] == UNMET {
                let entered = self.enter(child);
                stack.push(entered);
            } else if self.group[child as usize] == UNMET {
                self.low[node as usize] = self.low[node as usize].min(self.met[child as usize]);
            }
        }
    }

    fn enter(&mut self, node: u32) -> (u32, usize, usize) {
        self.met[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.waiting.push(node);
        let places = self.shape.places(node);
        (node, places.start, places.end)
    }

    /// Closes the group when `node` is the first of it that was met.
    fn leave(&mut self, node: u32) {
        if self.low[node as usize] != self.met[node as usize] {
            return;
        }
        while let Some(member) = self.waiting.pop() {
            self.group[member as usize] = self.groups;
            if member == node {
                break;
            }
        }
        self.groups += 1;
    }
}

/// One cycle of every group that has one, through its smallest node and as short as possible, and
/// every node that contains itself; sorted. Linear in nodes and lines.
pub(crate) fn cycles(shape: &Shape) -> Vec<Vec<u32>> {
    let (group, groups) = groups(shape);
    let mut size = vec![0u32; groups as usize];
    for of in &group {
        size[*of as usize] += 1;
    }
    let mut seen = vec![false; groups as usize];
    let mut came_from = vec![UNMET; shape.nodes()];
    let mut found = Vec::new();
    for node in 0..shape.nodes() as u32 {
        let of = group[node as usize] as usize;
        if size[of] > 1 && !seen[of] {
            found.push(through(shape, &group, node, &mut came_from));
        }
        seen[of] = true;
        if shape.children(node).contains(&node) {
            found.push(vec![node]);
        }
    }
    found.sort_unstable();
    found
}

/// The shortest way from `start` back to itself inside its group.
fn through(shape: &Shape, group: &[u32], start: u32, came_from: &mut [u32]) -> Vec<u32> {
    let of = group[start as usize];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for child in shape.children(node) {
            if *child == start && node != start {
                return way_back(start, node, came_from);
            }
            if *child != start && group[*child as usize] == of && came_from[*child as usize] == UNMET {
                came_from[*child as usize] = node;
                queue.push_back(*child);
            }
        }
    }
    vec![start]
}

fn way_back(start: u32, last: u32, came_from: &[u32]) -> Vec<u32> {
    let mut cycle = vec![last];
    let mut node = last;
    while node != start {
        node = came_from[node as usize];
        cycle.push(node);
    }
    cycle.reverse();
    cycle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_shows_its_shortest_cycle_and_every_self_line_itself() {
        // 0→1→2→0 with a short cut 1→0; 3→3; 4→5→4 and 5→5; 6 hangs below.
        let parents = [0, 1, 2, 1, 3, 4, 5, 5, 2];
        let children = [1, 2, 0, 0, 3, 5, 4, 5, 6];
        let shape = Shape::new(7, &parents, children).unwrap();
        assert_eq!(cycles(&shape), [vec![0, 1], vec![3], vec![4, 5], vec![5]]);
        let (group, count) = groups(&shape);
        assert_eq!(count, 4);
        assert!(group[0] == group[2] && group[4] == group[5] && group[6] < group[2]);
    }

    #[test]
    fn one_ring_of_a_million_parts_is_one_cycle() {
        let count = 1_000_000u32;
        let (parents, children): (Vec<u32>, Vec<u32>) = (0..count).map(|n| (n, (n + 1) % count)).unzip();
        let shape = Shape::new(count as usize, &parents, children).unwrap();
        let found = cycles(&shape);
        assert_eq!((found.len(), found[0].len(), found[0][0]), (1, 1_000_000, 0));
    }
}
