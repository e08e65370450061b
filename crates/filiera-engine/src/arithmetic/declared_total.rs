use filiera_model::{Bounds, End, Exact, Fraction, Mark, Quality, Range};

use super::{RatioOutcome, Sums, Term, ratio_bounds};

/// What the difference between a declared total and the sum of the lines counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remainder {
    /// It counts as marked.
    Yes,
    /// It counts as not marked: labour and profit are never non-originating material.
    No,
    /// It may count either way.
    Maybe,
}

/// The marked share of a declared total, over the completions in which the lines' sum stays within
/// it; nothing when the lines weigh more than the total in every completion (a conflict), or when
/// the total is zero.
pub(crate) fn share_of_declared_total(sums: &Sums, total: &Exact, remainder: Remainder) -> Option<Bounds> {
    let is_possible = total.is_positive() && least_weight(sums) <= *total;
    is_possible.then(|| within(sums, total, remainder))
}

/// The marked share of a total that is to be declared and is not: whatever it is, it holds the lines,
/// and what it holds beyond them is one more item of any weight.
pub(crate) fn share_of_open_total(mut sums: Sums, remainder: Remainder) -> RatioOutcome {
    let marked = match remainder {
        Remainder::Yes => Mark::Yes,
        Remainder::No => Mark::No,
        Remainder::Maybe => Mark::Maybe,
    };
    sums.add(Term::of_share(Range::anything(), &Fraction::from(marked), Mark::Yes));
    ratio_bounds(&sums)
}

/// For one total: the marked weight is `Σ w·y`, plus what is left of the total when that counts
/// as marked. The constraint `Σ w ≤ total` is a knapsack with divisible items, solved by taking
/// the most profitable first. An item that may be out of scope is taken as divisible from zero,
/// which can only widen the bounds.
fn within(sums: &Sums, total: &Exact, remainder: Remainder) -> Bounds {
    let least = if remainder == Remainder::Yes { Exact::one() } else { Exact::zero() };
    let most = if remainder == Remainder::No { Exact::zero() } else { Exact::one() };
    let share = |value: Exact| value.checked_div(total).map_or_else(End::unlimited, End::closed);
    let relaxed = !sums.choices.is_empty() || sums.open.iter().any(may_be_out);
    Bounds {
        lower: share(-knapsack(sums, total, &least, false)),
        upper: share(knapsack(sums, total, &most, true)),
        quality: if relaxed { Quality::Sound } else { Quality::Exact },
    }
}

fn may_be_out(term: &Term) -> bool {
    term.options.iter().any(|(_, bottom)| bottom.is_zero())
}

/// The most of `±(Σ w·y + left·rest)` where `left = total − Σ w ≥ 0` and `rest` is what the
/// remainder counts as; `up` seeks the greatest value, otherwise the negated least.
fn knapsack(sums: &Sums, total: &Exact, rest: &Exact, up: bool) -> Exact {
    let signed = |value: Exact| if up { value } else { -value };
    let mut room = total - &sums.known_bottom;
    let mut value = signed(&sums.known_top + &(&room * rest));
    let mut gains: Vec<(Exact, Option<Exact>)> = Vec::new();
    let optional = sums.choices.iter().flat_map(|choice| choice.alternatives.iter().flatten());
    let terms =
        sums.open.iter().map(|term| (term, may_be_out(term))).chain(optional.map(|term| (term, true)));
    for (term, may_be_out) in terms {
        // What one more unit of weight changes: it is marked in part, and uses up the remainder.
        let inside = term.options.iter().filter(|(_, bottom)| bottom.is_positive());
        let Some(gain) = inside.map(|(top, _)| signed(top - rest)).max() else { continue };
        let sure = if may_be_out { Exact::zero() } else { term.weight.least.clone() };
        value += &(&gain * &sure);
        room = &room - &sure;
        if gain.is_positive() {
            gains.push((gain, term.weight.most.as_ref().map(|most| most - &sure)));
        }
    }
    gains.sort_by(|a, b| b.0.cmp(&a.0));
    for (gain, most) in gains {
        if !room.is_positive() {
            break;
        }
        let taken = most.map_or_else(|| room.clone(), |most| most.min(room.clone()));
        value += &(&gain * &taken);
        room = &room - &taken;
    }
    value
}

fn least_weight(sums: &Sums) -> Exact {
    let of_term = |term: &Term| {
        term.options.iter().map(|(_, bottom)| &term.weight.least * bottom).min().unwrap_or_default()
    };
    let open: Exact = sums.open.iter().map(of_term).sum();
    let choices = sums.choices.iter().map(|choice| {
        let sides = choice.alternatives.iter().map(|terms| terms.iter().map(of_term).sum::<Exact>());
        sides.min().unwrap_or_default()
    });
    &(&sums.known_bottom + &open) + &choices.sum()
}
