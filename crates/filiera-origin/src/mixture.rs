use filiera_model::{Exact, Fraction, Range};

/// A piece of something: what it may weigh, and what part of it may be marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) weight: Range,
    pub(crate) fraction: Fraction,
}

/// The marked part of a mixture: over all weights within the ranges whose sum is within `total`
/// (a fact besides the pieces' own ranges), and all marks within theirs. Attained, or approached where a weight is without limit.
pub(crate) fn bounds(pieces: &[Piece], total: &Range) -> Fraction {
    let least: Vec<(&Range, Exact)> =
        pieces.iter().map(|piece| (&piece.weight, &Exact::one() - &piece.fraction.least)).collect();
    let most: Vec<(&Range, Exact)> =
        pieces.iter().map(|piece| (&piece.weight, piece.fraction.most.clone())).collect();
    Fraction {
        least: most_marked(&least, total).map_or_else(Exact::zero, |unmarked| Exact::one() - unmarked),
        most: most_marked(&most, total).unwrap_or_else(Exact::one),
    }
}

/// The greatest marked part of pieces with these marks, or nothing when they weigh nothing.
///
/// Everything starts at its least weight; first as much of the best-marked is added as the total
/// needs, then as long as it raises the part that is marked and the total allows. The marked part
/// rises and then falls along that way, and no other way of reaching a total marks more of it.
pub(crate) fn most_marked(pieces: &[(&Range, Exact)], total: &Range) -> Option<Exact> {
    let mut sorted: Vec<&(&Range, Exact)> = pieces.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1));
    let mut weight: Exact = pieces.iter().map(|(range, _)| range.least.clone()).sum();
    let mut marked: Exact = pieces.iter().map(|(range, mark)| &range.least * mark).sum();
    for (range, mark) in sorted {
        let missing = if weight < total.least { &total.least - &weight } else { Exact::zero() };
        let best = marked.checked_div(&weight);
        let free = match &total.most {
            Some(most) if weight < *most => Some(most - &weight),
            Some(_) => Some(Exact::zero()),
            None => None,
        };
        let capacity = range.most.as_ref().map(|most| most - &range.least);
        let raises = best.is_none_or(|best| *mark > best);
        let amount = match (smaller(capacity, free), raises) {
            // Without limit: the rest becomes as light as one likes beside it.
            (None, true) => return Some(mark.clone()),
            (None, false) => missing,
            (Some(room), true) => room,
            (Some(room), false) => room.min(missing),
        };
        marked += &(&amount * mark);
        weight += &amount;
    }
    marked.checked_div(&weight)
}

fn smaller(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
