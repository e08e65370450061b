use filiera_model::{Bounds, End, Exact, Quality, Range};

/// The weights of groups, as one end of a concentration needs them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    /// What each group weighs, any of the range.
    pub(crate) known: Vec<Range>,
    /// Rows of which nobody knows the group.
    pub(crate) strays: Vec<Range>,
    /// What weighs in the whole and belongs to no group: the least of it where the greatest
    /// concentration is sought, the most (nothing: without limit) where the least is.
    pub(crate) rest: Option<Exact>,
}

/// So many vertices are tried one by one; beyond that the greatest value is bounded by shares.
const MOST_VERTICES: usize = 4_096;

/// The greatest `Σ m² / (Σ m + rest)²`, and whether it is attained; nothing when everything weighs 0.
///
/// The root of the value is a convex length over a positive linear total, so it is greatest where every
/// group weighs its least or its most. Strays together in the group that is heaviest in the end weigh
/// the most, so each group is tried that can be it.
pub(crate) fn greatest(groups: &Groups) -> Option<(End, Quality)> {
    let rest = groups.rest.clone().unwrap_or_default();
    let all = || groups.known.iter().chain(&groups.strays);
    if all().any(|range| range.most.is_none()) {
        return Some((
            End { value: Some(Exact::one()), open: !may_stand_alone(groups, &rest) },
            Quality::Exact,
        ));
    }
    let targets = targets(groups);
    let vertices = targets.iter().map(|ranges| vertices(ranges)).fold(0usize, usize::saturating_add);
    let found = targets.iter().filter_map(|ranges| {
        if vertices <= MOST_VERTICES { best_vertex(ranges, &rest) } else { by_shares(ranges, &rest) }
    });
    let value = found.max()?;
    Some((End::closed(value), if vertices <= MOST_VERTICES { Quality::Exact } else { Quality::Sound }))
}

/// Whether one group may weigh something and everything else nothing.
fn may_stand_alone(groups: &Groups, rest: &Exact) -> bool {
    let heavy = groups.known.iter().filter(|range| range.least.is_positive()).count();
    rest.is_zero() && heavy <= 1
}

/// The ranges of groups with the strays in one of them, for each that can be the heaviest.
fn targets(groups: &Groups) -> Vec<Vec<Range>> {
    let strays = groups.strays.iter().cloned().reduce(|a, b| a.plus(&b));
    let Some(strays) = strays else { return vec![groups.known.clone()] };
    if groups.known.is_empty() {
        return vec![vec![strays]];
    }
    let heaviest = groups.known.iter().map(|range| &range.least).max();
    let mut seen_fixed = false;
    let can_be = |range: &&Range| {
        let reaches = range.most.as_ref() >= heaviest;
        let again = range.is_exact() && seen_fixed;
        seen_fixed |= range.is_exact() && reaches;
        reaches && !again
    };
    let places: Vec<&Range> = groups.known.iter().filter(can_be).collect();
    let with_strays = |place: &Range| {
        let mut done = false;
        let ranges = groups.known.iter().map(|range| {
            if !done && range == place {
                done = true;
                return range.plus(&strays);
            }
            range.clone()
        });
        ranges.collect()
    };
    places.into_iter().map(with_strays).collect()
}

fn vertices(ranges: &[Range]) -> usize {
    let open = ranges.iter().filter(|range| !range.is_exact()).count();
    u32::try_from(open)
        .ok()
        .and_then(|open| 1usize.checked_shl(open))
        .filter(|_| open < 60)
        .unwrap_or(usize::MAX)
}

/// The greatest value over every way to give each group its least or its most weight.
fn best_vertex(ranges: &[Range], rest: &Exact) -> Option<Exact> {
    let open: Vec<&Range> = ranges.iter().filter(|range| !range.is_exact()).collect();
    let mut fixed = Part { squares: Exact::zero(), total: rest.clone() };
    ranges.iter().filter(|range| range.is_exact()).for_each(|range| fixed.add(&range.least));
    let mut best: Option<Exact> = None;
    for choice in 0..vertices(ranges) {
        let mut part = fixed.clone();
        for (place, range) in open.iter().enumerate() {
            let takes_most = choice >> place & 1 == 1;
            part.add(if takes_most { range.most.as_ref().unwrap_or(&range.least) } else { &range.least });
        }
        best = best.max(part.value());
    }
    best
}

/// Never less than the greatest value: every group's share lies between two ends and all of them come to
/// one at most; a square lies below the chord between its ends, so the heaviest slopes are filled first.
fn by_shares(ranges: &[Range], rest: &Exact) -> Option<Exact> {
    let least: Exact = ranges.iter().map(|range| range.least.clone()).sum();
    let most: Exact = ranges.iter().filter_map(|range| range.most.clone()).sum();
    let mut room = Exact::one();
    let mut value = Exact::zero();
    let mut slopes: Vec<(Exact, Exact)> = Vec::new();
    for range in ranges {
        let high = range.most.as_ref()?;
        let others_most = &(&most - high) + rest;
        let others_least = &(&least - &range.least) + rest;
        let low_share = range.least.checked_div(&(&range.least + &others_most)).unwrap_or_default();
        let high_share = high.checked_div(&(high + &others_least)).unwrap_or_default();
        room = &room - &low_share;
        value += &(&low_share * &low_share);
        slopes.push((&low_share + &high_share, &high_share - &low_share));
    }
    slopes.sort_by(|a, b| b.0.cmp(&a.0));
    for (slope, width) in slopes {
        if !room.is_positive() {
            break;
        }
        let taken = width.min(room.clone());
        value += &(&slope * &taken);
        room = &room - &taken;
    }
    (&most + rest).is_positive().then(|| value.min(Exact::one()))
}

/// The least `Σ m² / (Σ m + rest)²`; nothing when everything weighs 0.
///
/// The least value has one level: groups that can weigh it do, the others weigh the end nearest to it.
/// Between two ends of ranges the value is least where the level is the mean of the rest, weighed by
/// itself. Strays each by itself weigh the least.
pub(crate) fn least(groups: &Groups) -> Option<End> {
    let ranges: Vec<Range> = groups.known.iter().chain(&groups.strays).cloned().collect();
    let Some(rest) = groups.rest.clone() else {
        let may_be_none = ranges.iter().all(|range| range.least.is_zero());
        return Some(End { value: Some(Exact::zero()), open: !may_be_none });
    };
    let mut ends: Vec<Exact> =
        ranges.iter().flat_map(|range| [Some(range.least.clone()), range.most.clone()]).flatten().collect();
    ends.sort();
    ends.dedup();
    let mut levels = ends.clone();
    let last = ends.last().cloned().unwrap_or_default();
    levels.push(&last + &Exact::one());
    for (place, low) in ends.iter().enumerate() {
        levels.extend(turning_level(&ranges, &rest, low, ends.get(place + 1)));
    }
    let values = levels.iter().filter_map(|level| at_level(&ranges, &rest, level));
    values.min().map(End::closed)
}

/// The level between two neighbouring ends at which the value is least, if it lies between them.
fn turning_level(ranges: &[Range], rest: &Exact, low: &Exact, high: Option<&Exact>) -> Option<Exact> {
    let mut fixed = Part { squares: Exact::zero(), total: rest.clone() };
    for range in ranges {
        if range.most.as_ref().is_some_and(|most| most <= low) {
            fixed.add(range.most.as_ref()?);
        } else if range.least > *low {
            fixed.add(&range.least);
        }
    }
    let level = fixed.squares.checked_div(&fixed.total)?;
    (level > *low && high.is_none_or(|high| level < *high)).then_some(level)
}

fn at_level(ranges: &[Range], rest: &Exact, level: &Exact) -> Option<Exact> {
    let mut part = Part { squares: Exact::zero(), total: rest.clone() };
    for range in ranges {
        let above = level.clone().max(range.least.clone());
        part.add(&range.most.as_ref().map_or(above.clone(), |most| above.min(most.clone())));
    }
    part.value()
}

/// The sum of squares and the sum, as far as added up.
#[derive(Clone)]
struct Part {
    squares: Exact,
    total: Exact,
}

impl Part {
    fn add(&mut self, weight: &Exact) {
        self.squares += &(weight * weight);
        self.total += weight;
    }

    fn value(&self) -> Option<Exact> {
        self.squares.checked_div(&(&self.total * &self.total))
    }
}

/// Both ends; nothing when everything weighs 0.
pub(crate) fn concentration_bounds(least_of: &Groups, greatest_of: &Groups) -> Option<Bounds> {
    let (upper, quality) = greatest(greatest_of)?;
    Some(Bounds { lower: least(least_of)?, upper, quality })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Weights of a range in quarters, both ends among them.
    fn quarters((least, width): (i64, i64)) -> Vec<i64> {
        (4 * least..=4 * (least + width)).collect()
    }

    fn range((least, width): (i64, i64)) -> Range {
        Range { least: Exact::from_int(least), most: Some(Exact::from_int(least + width)) }
    }

    /// Every concentration of these groups, strays put wherever they may belong: into a group, by
    /// themselves, or together.
    fn all(known: &[(i64, i64)], strays: &[(i64, i64)], rest: i64) -> Vec<Exact> {
        let mut groups: Vec<Vec<i64>> = vec![vec![0; known.len() + strays.len()]];
        for (place, one) in known.iter().enumerate() {
            groups = grow(&groups, &[place], &quarters(*one));
        }
        let homes: Vec<usize> = (0..known.len() + strays.len()).collect();
        for stray in strays {
            groups = grow(&groups, &homes, &quarters(*stray));
        }
        let value = |weights: &Vec<i64>| {
            let total: i64 = weights.iter().sum::<i64>() + 4 * rest;
            Exact::ratio(weights.iter().map(|weight| weight * weight).sum::<i64>(), total * total)
        };
        groups.iter().filter_map(value).collect()
    }

    fn grow(groups: &[Vec<i64>], homes: &[usize], weights: &[i64]) -> Vec<Vec<i64>> {
        let mut grown = Vec::new();
        for group in groups {
            for home in homes {
                for weight in weights {
                    let mut next = group.clone();
                    next[*home] += weight;
                    grown.push(next);
                }
            }
        }
        grown.sort();
        grown.dedup();
        grown
    }

    fn some(most: usize) -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((0i64..6, prop_oneof![Just(0i64), Just(0), 0i64..3]), 0..=most)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        /// Every value lies inside; the upper end is one of them, the lower end next to one.
        #[test]
        fn concentration_bounds_are_the_extremes(known in some(3), strays in some(1), rest in 0i64..3) {
            let values = all(&known, &strays, rest);
            let groups = Groups {
                known: known.iter().copied().map(range).collect(),
                strays: strays.iter().copied().map(range).collect(),
                rest: Some(Exact::from_int(rest)),
            };
            let bounds = concentration_bounds(&groups, &groups);
            let Some(bounds) = bounds else {
                prop_assert!(values.is_empty());
                return Ok(());
            };
            let (lowest, highest) = (values.iter().min().unwrap(), values.iter().max().unwrap());
            let lower = bounds.lower.value.unwrap();
            prop_assert_eq!(bounds.upper.value.as_ref(), Some(highest));
            prop_assert!(lower <= *lowest, "{} > {}", lower, lowest);
            prop_assert!(lowest - &lower <= Exact::ratio(1, 40).unwrap(), "{} < {}", lower, lowest);
        }

        /// Where there are too many ways to try, no way is left out.
        #[test]
        fn shares_bound_every_vertex(known in some(7), rest in 0i64..3) {
            let ranges: Vec<Range> = known.iter().copied().map(range).collect();
            let rest = Exact::from_int(rest);
            let (best, bound) = (best_vertex(&ranges, &rest), by_shares(&ranges, &rest));
            prop_assert!(best <= bound, "{:?} > {:?}", best, bound);
        }
    }

    #[test]
    fn a_weight_without_limit_may_be_nearly_everything() {
        let exactly = |weight: i64| Range::exactly(Exact::from_int(weight));
        let zero = Some(Exact::zero());
        let groups = Groups { known: vec![exactly(3), Range::anything()], strays: vec![], rest: zero };
        let bounds = concentration_bounds(&groups, &groups).unwrap();
        // Nothing at all of the second leaves the first alone: that is attained.
        assert_eq!(bounds.upper, End::closed(Exact::one()));
        assert_eq!(bounds.lower, End::closed(Exact::ratio(1, 2).unwrap()));
        let two = Groups { known: vec![exactly(3), exactly(1), Range::anything()], ..groups };
        let bounds = concentration_bounds(&two, &two).unwrap();
        assert_eq!(bounds.upper, End::open(Exact::one()));
        // 3, 1 and a third of (9 + 1) / (3 + 1).
        assert_eq!(bounds.lower, End::closed(Exact::ratio(5, 13).unwrap()));
    }

    #[test]
    fn many_open_groups_are_bounded_by_their_shares() {
        let groups = Groups {
            known: (0..40).map(|_| range((1, 2))).collect(),
            strays: vec![],
            rest: Some(Exact::zero()),
        };
        let (upper, quality) = greatest(&groups).unwrap();
        assert_eq!(quality, Quality::Sound);
        assert!(upper.value.unwrap() < Exact::ratio(1, 15).unwrap());
    }
}
