use filiera_model::{Bounds, End, Exact, Quality, Range};

use super::{Sums, Term, total_bounds};

/// What a numerator over a denominator can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RatioOutcome {
    /// The bounds over every completion with a denominator above zero; nothing when there is none.
    pub(crate) bounds: Option<Bounds>,
    /// Whether some completion has a denominator of zero.
    pub(crate) may_be_zero: bool,
}

/// The least and greatest numerator over denominator, exactly.
///
/// Denominators are sums of non-negative parts. The least ratio is found by Dinkelbach's method:
/// for a candidate `t` take the completion with the least `top − t·bottom`; when that is below
/// zero its own ratio is a smaller candidate, otherwise `t` is the least. Each step picks one of
/// finitely many completions and strictly lowers `t`, so it ends, usually within four steps.
///
/// Where an open item may take something away from the denominator, top and bottom are bounded apart
/// and divided, which can only widen the bounds.
pub(crate) fn ratio_bounds(sums: &Sums) -> RatioOutcome {
    let takes_away = |term: &Term| {
        let is_below = term.weight.least.is_negative();
        term.options.iter().any(|(_, bottom)| bottom.is_negative() || (is_below && !bottom.is_zero()))
    };
    let choices = sums.choices.iter().flat_map(|choice| choice.alternatives.iter().flatten());
    if sums.open.iter().chain(choices).any(takes_away) || sums.known_bottom.is_negative() {
        return divided(sums);
    }
    let may_be_zero = least_bottom(sums).is_zero();
    let bounds = start(sums).map(|first| Bounds {
        lower: least_ratio(sums, first.clone(), Side::Least),
        upper: least_ratio(sums, first, Side::Greatest),
        quality: Quality::Exact,
    });
    RatioOutcome { bounds, may_be_zero }
}

/// Top over bottom, each bounded by itself.
fn divided(sums: &Sums) -> RatioOutcome {
    let top = total_bounds(sums);
    let mut swapped = sums.clone();
    swapped.known_top = sums.known_bottom.clone();
    let terms = swapped.choices.iter_mut().flat_map(|choice| choice.alternatives.iter_mut().flatten());
    for option in swapped.open.iter_mut().chain(terms).flat_map(|term| &mut term.options) {
        option.0 = option.1.clone();
    }
    let bottom = total_bounds(&swapped);
    let least = bottom.lower.value.filter(Exact::is_positive);
    let Some(least) = least else { return RatioOutcome { bounds: None, may_be_zero: true } };
    let by = |top: &End, most_when: fn(&Exact) -> bool| {
        let Some(value) = &top.value else { return End::unlimited() };
        let divisor = if most_when(value) { bottom.upper.value.clone() } else { Some(least.clone()) };
        match divisor {
            Some(divisor) => value.checked_div(&divisor).map_or_else(End::unlimited, End::closed),
            None => End::open(Exact::zero()),
        }
    };
    let bounds = Bounds {
        lower: by(&top.lower, Exact::is_positive),
        upper: by(&top.upper, Exact::is_negative),
        quality: Quality::Sound,
    };
    RatioOutcome { bounds: Some(bounds), may_be_zero: false }
}

/// Which end is sought; the greatest ratio is the least of the negated one, negated back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Least,
    Greatest,
}

/// What one item, alternative or subject adds to top and bottom, in one completion.
#[derive(Clone)]
struct Part {
    top: Exact,
    bottom: Exact,
}

/// The best completion for a candidate, or the limit that a weight without end drives it to.
enum Picked {
    Completion(Part),
    /// A weight without end pulls the ratio towards this value without attaining it.
    Limit(Exact),
    /// A weight without end pulls the ratio below every value.
    Unlimited,
}

fn least_ratio(sums: &Sums, first: Exact, side: Side) -> End {
    let sign = |value: Exact| if side == Side::Least { value } else { -value };
    let mut candidate = sign(first);
    loop {
        match pick(sums, &candidate, side) {
            Picked::Unlimited => return End::unlimited(),
            Picked::Limit(limit) => candidate = limit,
            Picked::Completion(part) => {
                let slack = &part.top - &(&candidate * &part.bottom);
                if !slack.is_negative() {
                    let attained = slack.is_zero() && part.bottom.is_positive();
                    let value = Some(sign(candidate));
                    return End { value, open: !attained };
                }
                match part.top.checked_div(&part.bottom) {
                    Some(ratio) => candidate = ratio,
                    None => return End::unlimited(),
                }
            }
        }
    }
}

/// The completion with the least `top − t·bottom`; among equals the one with most bottom.
fn pick(sums: &Sums, t: &Exact, side: Side) -> Picked {
    let known_top = if side == Side::Least { sums.known_top.clone() } else { -sums.known_top.clone() };
    let mut whole = Part { top: known_top, bottom: sums.known_bottom.clone() };
    for term in &sums.open {
        match pick_term(term, t, side) {
            Picked::Completion(part) => whole.add(&part),
            other => return other,
        }
    }
    for choice in &sums.choices {
        let mut best: Option<Part> = None;
        for alternative in &choice.alternatives {
            let mut part = Part { top: Exact::zero(), bottom: Exact::zero() };
            for term in alternative {
                match pick_term(term, t, side) {
                    Picked::Completion(item) => part.add(&item),
                    other => return other,
                }
            }
            if best.as_ref().is_none_or(|best| part.is_before(best, t)) {
                best = Some(part);
            }
        }
        if let Some(best) = best {
            whole.add(&best);
        }
    }
    Picked::Completion(whole)
}

fn pick_term(term: &Term, t: &Exact, side: Side) -> Picked {
    let mut best: Option<Part> = None;
    for (top, bottom) in &term.options {
        let top = if side == Side::Least { top.clone() } else { -top.clone() };
        let slope = &top - &(t * bottom);
        let weight = match (&term.weight, slope.is_negative()) {
            (Range { most: None, .. }, true) => {
                return top.checked_div(bottom).map_or(Picked::Unlimited, Picked::Limit);
            }
            // Without end, any positive weight attains a slope of zero.
            (Range { most: None, least }, false) if slope.is_zero() => least + &Exact::one(),
            (Range { most: Some(most), .. }, negative) if negative || slope.is_zero() => most.clone(),
            (Range { least, .. }, _) => least.clone(),
        };
        let part = Part { top: &top * &weight, bottom: bottom * &weight };
        if best.as_ref().is_none_or(|best| part.is_before(best, t)) {
            best = Some(part);
        }
    }
    Picked::Completion(best.unwrap_or_else(|| Part { top: Exact::zero(), bottom: Exact::zero() }))
}

impl Part {
    fn add(&mut self, other: &Self) {
        self.top += &other.top;
        self.bottom += &other.bottom;
    }

    fn is_before(&self, other: &Self, t: &Exact) -> bool {
        let slack = |part: &Self| &part.top - &(t * &part.bottom);
        let (mine, theirs) = (slack(self), slack(other));
        mine < theirs || (mine == theirs && self.bottom > other.bottom)
    }
}

fn least_bottom(sums: &Sums) -> Exact {
    let of_term = |term: &Term| {
        let factors = term.options.iter().map(|(_, bottom)| &term.weight.least * bottom);
        factors.min().unwrap_or_default()
    };
    let open: Exact = sums.open.iter().map(of_term).sum();
    let choices = sums.choices.iter().map(|choice| {
        let sides = choice.alternatives.iter().map(|terms| terms.iter().map(of_term).sum::<Exact>());
        sides.min().unwrap_or_default()
    });
    &(&sums.known_bottom + &open) + &choices.sum()
}

/// The ratio of some completion whose denominator is above zero.
fn start(sums: &Sums) -> Option<Exact> {
    let mut whole = Part { top: sums.known_top.clone(), bottom: sums.known_bottom.clone() };
    for term in &sums.open {
        whole.add(&heaviest(term));
    }
    for choice in &sums.choices {
        let parts = choice.alternatives.iter().map(|terms| {
            let mut part = Part { top: Exact::zero(), bottom: Exact::zero() };
            terms.iter().for_each(|term| part.add(&heaviest(term)));
            part
        });
        if let Some(part) = parts.max_by(|a, b| a.bottom.cmp(&b.bottom)) {
            whole.add(&part);
        }
    }
    whole.top.checked_div(&whole.bottom)
}

/// The completion of one item with most bottom; a weight without end counts one more than least.
fn heaviest(term: &Term) -> Part {
    let weight = term.weight.most.clone().unwrap_or_else(|| &term.weight.least + &Exact::one());
    let option = term.options.iter().max_by(|a, b| a.1.cmp(&b.1));
    let (top, bottom) = option.cloned().unwrap_or_default();
    Part { top: &top * &weight, bottom: &bottom * &weight }
}
