use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Day;

use crate::fault::Faults;
use crate::{Cause, DatedValue};

/// A value's place in time: the day it begins, then its place in the file.
type Place = (Option<Day>, usize);

/// Notes overlaps and gaps among values that are known on the same day.
///
/// Walks the days on which values become known or cease to be, and looks at the neighbours of what
/// changed: values sorted by their first day overlap or leave a gap only if some neighbours do.
pub(crate) fn check(name: &str, values: &[DatedValue], faults: &mut Faults) {
    let mut known: BTreeSet<Place> = BTreeSet::new();
    let mut reported = BTreeSet::new();
    for (_, (leaving, coming)) in turns(values) {
        leaving.iter().for_each(|place| {
            known.remove(place);
        });
        known.extend(&coming);
        for place in leaving.iter().chain(&coming) {
            for (a, b) in neighbours(&known, *place) {
                if reported.insert((a, b)) {
                    compare(name, values.get(a), values.get(b), faults);
                }
            }
        }
    }
}

/// By day (nothing: from the beginning), the values that cease to be known and those that become so.
fn turns(values: &[DatedValue]) -> BTreeMap<Option<Day>, (Vec<Place>, Vec<Place>)> {
    let mut turns: BTreeMap<Option<Day>, (Vec<Place>, Vec<Place>)> = BTreeMap::new();
    for (place, value) in values.iter().enumerate() {
        turns.entry(value.published).or_default().1.push((value.from, place));
        if value.repealed_on.is_some() {
            turns.entry(value.repealed_on).or_default().0.push((value.from, place));
        }
    }
    turns
}

/// The pairs of neighbours around `place`, which is known or has just ceased to be.
fn neighbours(known: &BTreeSet<Place>, place: Place) -> Vec<(usize, usize)> {
    let before = known.range(..place).next_back();
    let after = known.range((std::ops::Bound::Excluded(place), std::ops::Bound::Unbounded)).next();
    let here = known.get(&place);
    let pairs = match here {
        Some(here) => vec![(before, Some(here)), (Some(here), after)],
        None => vec![(before, after)],
    };
    pairs.into_iter().filter_map(|(a, b)| Some((a?.1, b?.1))).collect()
}

fn compare(name: &str, earlier: Option<&DatedValue>, later: Option<&DatedValue>, faults: &mut Faults) {
    let (Some(earlier), Some(later)) = (earlier, later) else { return };
    let also = vec![(earlier.span.clone(), "and here".to_owned())];
    let name = name.to_owned();
    let Some(begins) = later.from else {
        return faults.push_with(Cause::Overlap { name, on: None }, &later.span, also);
    };
    if earlier.from == later.from || earlier.to.is_some_and(|to| begins <= to) {
        faults.push_with(Cause::Overlap { name, on: Some(begins) }, &later.span, also);
    } else if let Some(ends) = earlier.to.filter(|ends| ends.next() < begins) {
        let cause = Cause::Gap { name, first: ends.next(), last: begins.previous() };
        faults.push_with(cause, &later.span, also);
    }
}
