//! One company's shares chosen so that a set of owners gets as little or as much as possible.

use std::cmp::Ordering;

use filiera_model::Exact;

use crate::Band;

/// Which end of what is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Least,
    Most,
}

impl Side {
    /// The order in which owners are filled up: the worst value for the set first, or the best.
    fn order(self, a: &Exact, b: &Exact) -> Ordering {
        match self {
            Self::Least => a.cmp(b),
            Self::Most => b.cmp(a),
        }
    }

    /// Whether `a` is better than `b` on this side.
    pub fn is_better(self, a: &Exact, b: &Exact) -> bool {
        self.order(a, b) == Ordering::Less
    }
}

/// One owner of a company: the part it may have, and how much of every part reaches the set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    pub band: &'a Band,
    pub value: &'a Exact,
    /// Whether the value itself is only approached.
    pub open: bool,
}

/// Where a part lies in every best choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Bottom,
    Top,
    /// Between the ends; whether it must be above zero.
    Between(bool),
}

/// The best choice of parts, in the order of the items. `rest` is the value of what the items leave,
/// nothing where they are the whole.
pub(crate) fn choose(items: &[Item<'_>], rest: Option<&Exact>, side: Side) -> Vec<Exact> {
    let mut parts: Vec<Exact> = items.iter().map(|item| item.band.least.clone()).collect();
    let mut left = left(items);
    for place in order(items, side) {
        let (Some(item), Some(part)) = (items.get(place), parts.get_mut(place)) else { continue };
        if !left.is_positive() || rest.is_some_and(|rest| side.order(rest, item.value) == Ordering::Less) {
            break;
        }
        let more = (&item.band.most - &item.band.least).min(left.clone());
        left = &left - &more;
        *part += &more;
    }
    parts
}

/// What the set gets of a company with these parts.
pub(crate) fn value(items: &[Item<'_>], parts: &[Exact], rest: Option<&Exact>) -> Exact {
    let mut total = Exact::zero();
    let mut left = Exact::one();
    for (item, part) in items.iter().zip(parts) {
        left = &left - part;
        total += &(item.value * part);
    }
    if let Some(rest) = rest {
        total += &(rest * &left);
    }
    total
}

/// Whether the best value is only approached: every best choice needs an end that is not possible, or
/// a part in an owner whose own value is only approached.
///
/// Says no when it cannot tell.
pub(crate) fn is_open(items: &[Item<'_>], rest: Option<&Exact>, side: Side) -> bool {
    let places = places(items, rest, side);
    items.iter().zip(places).any(|(item, place)| match place {
        Place::Bottom => item.band.least_open || (item.open && item.band.least.is_positive()),
        Place::Top => item.band.most_open || (item.open && item.band.most.is_positive()),
        Place::Between(needed) => item.open && needed,
    })
}

fn left(items: &[Item<'_>]) -> Exact {
    items.iter().fold(Exact::one(), |left, item| &left - &item.band.least)
}

fn order(items: &[Item<'_>], side: Side) -> Vec<usize> {
    let mut order: Vec<(usize, &Exact)> = items.iter().map(|item| item.value).enumerate().collect();
    order.sort_by(|a, b| side.order(a.1, b.1));
    order.into_iter().map(|(place, _)| place).collect()
}

/// Goes through groups of equal value, the one to fill first in front.
fn places(items: &[Item<'_>], rest: Option<&Exact>, side: Side) -> Vec<Place> {
    let mut places = vec![Place::Bottom; items.len()];
    let mut left = left(items);
    let order = order(items, side);
    let same =
        |a: &usize, b: &usize| items.get(*a).map(|item| item.value) == items.get(*b).map(|item| item.value);
    for group in order.chunk_by(same) {
        let members = || group.iter().filter_map(|place| items.get(*place).map(|item| (*place, item)));
        let Some(value) = members().next().map(|(_, item)| item.value) else { continue };
        let before = rest.map(|rest| side.order(rest, value));
        if !left.is_positive() || before == Some(Ordering::Less) {
            break;
        }
        let shared = before == Some(Ordering::Equal);
        let room: Exact = members().map(|(_, item)| &item.band.most - &item.band.least).sum();
        for (place, item) in members() {
            let others = &room - &(&item.band.most - &item.band.least);
            let needed = item.band.least.is_positive() || (!shared && left > others);
            let where_ = if !shared && left >= room { Place::Top } else { Place::Between(needed) };
            if let Some(slot) = places.get_mut(place) {
                *slot = where_;
            }
        }
        left = if shared { Exact::zero() } else { (&left - &room).max(Exact::zero()) };
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn band(least: &str, most: &str) -> Band {
        Band::between(n(least), n(most))
    }

    #[test]
    fn what_is_left_goes_where_it_counts_most_or_least() {
        let bands = [band("25 %", "50 %"), band("25 %", "50 %"), band("25 %", "50 %")];
        let values = [n("1"), n("0"), n("1/2")];
        let items: Vec<Item<'_>> =
            bands.iter().zip(&values).map(|(band, value)| Item { band, value, open: false }).collect();
        let zero = Exact::zero();
        let best = |rest, side| value(&items, &choose(&items, rest, side), rest);
        assert_eq!(best(None, Side::Most), n("62.5 %"));
        assert_eq!(best(None, Side::Least), n("37.5 %"));
        assert_eq!(best(Some(&zero), Side::Most), n("62.5 %"));
        assert_eq!(best(Some(&zero), Side::Least), n("37.5 %"));
        assert_eq!(best(Some(&n("3/4")), Side::Most), n("62.5 %"));
    }

    #[test]
    fn an_end_is_open_only_where_every_best_choice_needs_it() {
        let over = Band { least_open: true, ..band("25 %", "50 %") };
        let (one, zero) = (n("1"), n("0"));
        let single = [Item { band: &over, value: &one, open: false }];
        assert!(is_open(&single, Some(&zero), Side::Least));
        assert!(!is_open(&single, Some(&zero), Side::Most));
        let twin =
            [Item { band: &over, value: &one, open: false }, Item { band: &over, value: &one, open: false }];
        assert!(is_open(&twin, Some(&zero), Side::Least));
        assert!(!is_open(&twin, None, Side::Least), "together they are the whole");
        let behind = [Item { band: &over, value: &one, open: true }];
        assert!(is_open(&behind, Some(&zero), Side::Most));
    }
}
