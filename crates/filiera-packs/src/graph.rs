/// What refers to what, in an order and without ends.
pub(crate) struct Order {
    /// Every node after the nodes it refers to; those that reach a cycle are left out.
    pub(crate) order: Vec<usize>,
    /// Cycles, each from a node back to before itself; every cycle shares a node with one of them.
    pub(crate) cycles: Vec<Vec<usize>>,
}

/// Orders the nodes `0..references.len()`, where `references[n]` lists what `n` refers to.
pub(crate) fn order(references: &[Vec<usize>]) -> Order {
    let mut open: Vec<usize> = references.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); references.len()];
    for (user, used) in
        references.iter().enumerate().flat_map(|(user, all)| all.iter().map(move |used| (user, *used)))
    {
        if let Some(users) = users.get_mut(used) {
            users.push(user);
        }
    }
    let mut order: Vec<usize> = (0..references.len()).filter(|node| open.get(*node) == Some(&0)).collect();
    let mut next = 0;
    while let Some(node) = order.get(next).copied() {
        next += 1;
        for user in users.get(node).into_iter().flatten() {
            if let Some(count) = open.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    order.push(*user);
                }
            }
        }
    }
    Order { order, cycles: cycles(references, &open) }
}

/// Walks on from every node that still refers to an open one, and keeps where it came back to.
fn cycles(references: &[Vec<usize>], open: &[usize]) -> Vec<Vec<usize>> {
    let is_open = |node: &usize| open.get(*node).is_some_and(|count| *count > 0);
    let mut walk_of: Vec<Option<usize>> = vec![None; references.len()];
    let mut cycles = Vec::new();
    for start in (0..references.len()).filter(is_open) {
        let (mut path, mut at) = (Vec::new(), Some(start));
        while let Some(node) = at {
            match walk_of.get_mut(node) {
                Some(walk @ None) => *walk = Some(start),
                Some(Some(walk)) if *walk == start => {
                    cycles.push(path.iter().copied().skip_while(|before| *before != node).collect());
                    break;
                }
                _ => break,
            }
            path.push(node);
            at = references.get(node).into_iter().flatten().copied().find(is_open);
        }
    }
    cycles
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn members_come_first() {
        let found = order(&[vec![1, 2], vec![2], vec![], vec![0]]);
        assert_eq!(found.order, vec![2, 1, 0, 3]);
        assert!(found.cycles.is_empty());
    }

    #[test]
    fn every_knot_gives_a_cycle() {
        let found = order(&[vec![1], vec![2], vec![1], vec![3], vec![]]);
        assert_eq!(found.order, vec![4]);
        assert_eq!(found.cycles, vec![vec![1, 2], vec![3]]);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let chain: Vec<Vec<usize>> =
            (0..200_000usize).map(|node| node.checked_sub(1).into_iter().collect()).collect();
        assert_eq!(order(&chain).order.len(), 200_000);
    }
}
