//! In which row every party stands: the company at the bottom, owners above what they own.

use super::graph::Graph;

/// The most boxes side by side.
const WIDE: usize = 5;

/// Rows of a graph.
pub(super) struct Layers {
    /// Of every party its row, from 0 at the bottom.
    pub(super) of: Vec<usize>,
    /// Of every edge whether it leads upwards, closing a cycle, or to its own party.
    pub(super) is_back: Vec<bool>,
}

impl Layers {
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        let (order, is_back) = walk(graph);
        let mut least = vec![0; graph.nodes.len()];
        let mut of = longest(graph, &order, &is_back, &least);
        let mut row = 1;
        while row <= of.iter().copied().max().unwrap_or(0) && row <= graph.nodes.len() {
            let surplus = surplus(graph, &of, row);
            if !surplus.is_empty() {
                for one in surplus {
                    set(&mut least, one, row + 1);
                }
                of = longest(graph, &order, &is_back, &least);
            }
            row += 1;
        }
        Self { of, is_back }
    }
}

fn set<T>(list: &mut [T], place: usize, value: T) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}

fn get(list: &[usize], place: usize) -> usize {
    list.get(place).copied().unwrap_or(0)
}

/// The parties owners last, and the edges that lead back to one that is being walked.
fn walk(graph: &Graph<'_>) -> (Vec<usize>, Vec<bool>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut seen = vec![Seen::No; graph.nodes.len()];
    let mut is_back = vec![false; graph.edges.len()];
    let mut done = Vec::new();
    let mut path = vec![(0, 0)];
    set(&mut seen, 0, Seen::Open);
    while let Some((party, from)) = path.pop() {
        let next = graph.edges.iter().enumerate().skip(from).find(|(_, edge)| edge.company == party);
        let Some((place, edge)) = next else {
            set(&mut seen, party, Seen::Done);
            done.push(party);
            continue;
        };
        path.push((party, place + 1));
        match seen.get(edge.owner).copied().unwrap_or(Seen::Done) {
            Seen::No => {
                set(&mut seen, edge.owner, Seen::Open);
                path.push((edge.owner, 0));
            }
            Seen::Open => set(&mut is_back, place, true),
            Seen::Done => {}
        }
    }
    done.reverse();
    (done, is_back)
}

/// Every party one row above the highest company that it owns, and not below its least row.
fn longest(graph: &Graph<'_>, order: &[usize], is_back: &[bool], least: &[usize]) -> Vec<usize> {
    let mut of = least.to_vec();
    for party in order {
        let own = get(&of, *party);
        for (edge, back) in graph.edges.iter().zip(is_back) {
            if edge.company == *party && !back {
                let higher = get(&of, edge.owner).max(own + 1);
                set(&mut of, edge.owner, higher);
            }
        }
    }
    of
}

/// The parties of a row for which there is no room: those that nobody owns first, the last of them.
fn surplus(graph: &Graph<'_>, of: &[usize], row: usize) -> Vec<usize> {
    let mut own: Vec<usize> = (0..of.len()).filter(|party| get(of, *party) == row).collect();
    let is_owned = |party: &usize| graph.edges.iter().any(|edge| edge.company == *party);
    own.sort_by_key(|party| (!is_owned(party), *party));
    own.split_off(own.len().min(WIDE))
}
