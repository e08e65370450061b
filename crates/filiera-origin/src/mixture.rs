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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn n(value: i64) -> Exact {
        Exact::from_int(value)
    }

    fn range(least: i64, more: Option<i64>) -> Range {
        Range { least: n(least), most: more.map(|more| n(least + more)) }
    }

    /// Every whole-number mixture: its marked part in tenths of its weight, and its weight.
    fn mixtures(pieces: &[(i64, Option<i64>, i64)], limit: i64) -> Vec<(i64, i64)> {
        let mut all = vec![(0i64, 0i64)];
        for (least, more, mark) in pieces {
            let weights = *least..=least + more.unwrap_or(limit);
            all = all
                .iter()
                .flat_map(|(marked, weight)| weights.clone().map(move |w| (marked + w * mark, weight + w)))
                .collect();
        }
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// A best mixture has all weights but one at an end of their range, so whole numbers find it.
        #[test]
        fn bounds_are_those_of_every_mixture(
            pieces in proptest::collection::vec((0i64..5, 0i64..5, 0i64..=10), 1..5),
            total in (0i64..20, 0i64..12),
        ) {
            let some: Vec<(i64, Option<i64>, i64)> = pieces.iter().map(|(a, b, c)| (*a, Some(*b), *c)).collect();
            let of = range(total.0, Some(total.1));
            let possible: Vec<(i64, i64)> = mixtures(&some, 0).into_iter()
                .filter(|(_, weight)| (total.0..=total.0 + total.1).contains(weight) && *weight > 0).collect();
            if possible.is_empty() {
                return Ok(());
            }
            let shares = possible.iter().filter_map(|(marked, weight)| Exact::ratio(*marked, weight * 10));
            let (least, most) = (shares.clone().min(), shares.max());
            let pieces: Vec<Piece> = some.iter().map(|(least, more, mark)| Piece {
                weight: range(*least, *more),
                fraction: Fraction::exactly(Exact::ratio(*mark, 10).unwrap_or_default()),
            }).collect();
            let found = bounds(&pieces, &of);
            prop_assert_eq!((Some(found.least), Some(found.most)), (least, most));
        }
    }

    #[test]
    fn a_weight_without_limit_pulls_as_far_as_its_mark() {
        let piece = |weight, tenths: i64| Piece {
            weight,
            fraction: Fraction::exactly(Exact::ratio(tenths, 10).unwrap_or_default()),
        };
        let pieces = [piece(range(10, Some(0)), 2), piece(range(0, None), 7)];
        let anything = Range::anything();
        let found = bounds(&pieces, &anything);
        assert_eq!((found.least.to_text(), found.most.to_text()), ("0.2".into(), "0.7".into()));
        // Together 20: half of it at 20 %, half at 70 %.
        let found = bounds(&pieces, &range(20, Some(0)));
        assert_eq!((found.least.to_text(), found.most.to_text()), ("0.45".into(), "0.45".into()));
        let nothing = bounds(&[], &range(0, Some(0)));
        assert_eq!(nothing, Fraction { least: n(0), most: n(1) });
    }
}
