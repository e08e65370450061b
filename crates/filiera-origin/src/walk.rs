//! Depth-first walks without recursion: a chain of a million parts needs a longer stack of
//! numbers, not a deeper call stack.

use crate::Shape;

/// What a walk meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The line at this place leads back to a node that is still open: it closes a cycle.
    Back(usize),
    /// Everything below this node is done, and now the node is.
    Done(u32),
}

/// Walks everything below `starts`, in their order, children in the order of the shape, and
/// reports each step. Lines that close a cycle are reported and not followed. Linear in nodes and lines.
pub(crate) fn walk(shape: &Shape, starts: impl IntoIterator<Item = u32>, mut report: impl FnMut(Step)) {
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![0u8; shape.nodes()];
    let mut stack: Vec<(u32, usize, usize)> = Vec::new();
    let open = |node: u32| (node, shape.places(node).start, shape.places(node).end);
    for start in starts {
        if state[start as usize] != 0 {
            continue;
        }
        state[start as usize] = OPEN;
        stack.push(open(start));
        while let Some((node, next, end)) = stack.last_mut() {
            if next == end {
                state[*node as usize] = DONE;
                report(Step::Done(*node));
                stack.pop();
                continue;
            }
            let place = *next;
            *next += 1;
            let child = shape.child_at(place);
            match state[child as usize] {
                0 => {
                    state[child as usize] = OPEN;
                    stack.push(open(child));
                }
                OPEN => report(Step::Back(place)),
                _ => {}
            }
        }
    }
}

/// Nodes without a parent by number, then all others by number: the order of an id-ordered walk
/// that enters every cycle from above where it can, so that nothing is lost below a root.
pub(crate) fn roots_first(shape: &Shape) -> impl Iterator<Item = u32> {
    let mut has_parent = vec![false; shape.nodes()];
    for node in 0..shape.nodes() as u32 {
        for child in shape.children(node) {
            has_parent[*child as usize] = true;
        }
    }
    let all = 0..shape.nodes() as u32;
    let roots: Vec<u32> = all.clone().filter(|node| !has_parent[*node as usize]).collect();
    roots.into_iter().chain(all)
}

/// Children before parents, or nothing when there is a cycle.
pub(crate) fn bottom_up(shape: &Shape) -> Option<Vec<u32>> {
    let mut order = Vec::with_capacity(shape.nodes());
    let mut cyclic = false;
    walk(shape, 0..shape.nodes() as u32, |step| match step {
        Step::Done(node) => order.push(node),
        Step::Back(_) => cyclic = true,
    });
    (!cyclic).then_some(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_a_million_parts_is_walked() {
        let last = 1_000_000u32;
        let (parents, children): (Vec<u32>, Vec<u32>) = (0..last).map(|n| (n, n + 1)).unzip();
        let shape = Shape::new(last as usize + 1, &parents, children).unwrap();
        let order = bottom_up(&shape).unwrap();
        assert_eq!((order.first(), order.last()), (Some(&last), Some(&0)));
    }

    #[test]
    fn a_line_back_to_an_open_node_is_reported_once_per_line() {
        let shape = Shape::new(3, &[0, 1, 1, 2], [1, 0, 0, 2]).unwrap();
        let mut back = Vec::new();
        walk(&shape, 0..3, |step| {
            if let Step::Back(place) = step {
                back.push(place);
            }
        });
        assert_eq!(back, [1, 2, 3]);
        assert_eq!(bottom_up(&shape), None);
        assert_eq!(bottom_up(&shape.without(&back)), Some(vec![1, 0, 2]));
    }
}
