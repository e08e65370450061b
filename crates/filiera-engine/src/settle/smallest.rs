use super::model::{Block, Model, Said};
use super::sum::Sum;

/// The fewest papers of a share that make it met when they say what one would hope, of those the
/// ones that carry it furthest; nothing when no papers do.
///
/// Blocks are independent, so the best of `k` papers is the best split of `k` over the blocks: an
/// exact knapsack by number. A set of at most `most` papers is looked for.
pub(super) fn smallest(model: &Model, most: usize) -> Option<Said> {
    let none = model.least(&Said::new());
    if model.goal.holds_from(&none) {
        return Some(Said::new());
    }
    let most = most.min(model.papers);
    // By number of papers: the greatest least sum, and what they say.
    let mut best: Vec<Option<(Sum, Said)>> = vec![None; most + 1];
    if let Some(first) = best.first_mut() {
        *first = Some((model.fixed.clone(), Said::new()));
    }
    for block in &model.blocks {
        best = with_block(&best, &by_number(model, block));
    }
    let enough = |found: &&(Sum, Said)| model.goal.holds_from(&found.0);
    best.iter().flatten().find(enough).map(|(_, said)| said.clone())
}

/// The best that each number of papers of the block can do.
fn by_number(model: &Model, block: &Block) -> Vec<(Sum, Said)> {
    let mut best: Vec<(Sum, Said)> = Vec::new();
    for number in 0..=block.papers.len() {
        let subsets = subsets(&block.papers, number);
        let said = subsets.iter().flat_map(|subset| block.all_said(&|paper| subset.contains(&paper)));
        let mut found: Option<(Sum, Said)> = None;
        for said in said {
            let least = block.ends(&model.goal, &said).0;
            if found.as_ref().is_none_or(|(sum, _)| least > *sum) {
                found = Some((least, said));
            }
        }
        best.extend(found);
    }
    best
}

fn with_block(best: &[Option<(Sum, Said)>], block: &[(Sum, Said)]) -> Vec<Option<(Sum, Said)>> {
    let mut next: Vec<Option<(Sum, Said)>> = vec![None; best.len()];
    // Of equally good ones those of earlier, heavier papers come first and stay.
    for (number, so_far) in best.iter().enumerate().rev() {
        let Some((sum, said)) = so_far else { continue };
        for (more, (gain, own)) in block.iter().enumerate() {
            let Some(slot) = next.get_mut(number + more) else { continue };
            let total = sum.plus(gain);
            if slot.as_ref().is_none_or(|(known, _)| total > *known) {
                let mut said = said.clone();
                said.extend(own.iter().map(|(paper, answer)| (*paper, *answer)));
                *slot = Some((total, said));
            }
        }
    }
    next
}

/// The papers of which each by itself makes the share met, with what it must say.
pub(super) fn alone(model: &Model) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for block in &model.blocks {
        for (paper, _) in block.answers() {
            let best = block
                .all_said(&|own| own == paper)
                .into_iter()
                .map(|said| (model.least(&said), said))
                .reduce(|a, b| if b.0 > a.0 { b } else { a });
            let Some((least, said)) = best.filter(|(least, _)| model.goal.holds_from(least)) else {
                continue;
            };
            debug_assert!(model.goal.holds_from(&least), "filtered");
            found.extend(said.into_iter().next());
        }
    }
    found.sort_unstable();
    found
}

/// Every choice of `number` out of `all`, in their order.
fn subsets(all: &[usize], number: usize) -> Vec<Vec<usize>> {
    let Some((first, rest)) = all.split_first() else {
        return if number == 0 { vec![Vec::new()] } else { Vec::new() };
    };
    let mut found = Vec::new();
    if number > 0 {
        found.extend(subsets(rest, number - 1).into_iter().map(|mut subset| {
            subset.insert(0, *first);
            subset
        }));
    }
    found.extend(subsets(rest, number));
    found
}
