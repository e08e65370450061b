use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::Verdicts;

use super::world::{Side, Worlds};
use super::{Found, Key, verdicts};
use crate::EngineError;

/// The items that have a hand in a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hand {
    /// Whether there is one, it makes the change alone, and without it there is none.
    pub(super) is_certified: bool,
    /// Places among the items that differ.
    pub(super) items: Vec<usize>,
}

/// The verdicts of every finding in one mixed world; nothing when the mixture makes no sense.
type Mixed = Option<BTreeMap<Key, Verdicts>>;

/// What has a hand in each change, found by judging again with one item at a time switched: the old
/// side with the item as it is on the new, and the new side with the item as it was on the old.
pub(super) fn attribute(
    worlds: &dyn Worlds,
    changed: &[(Key, Verdicts, Verdicts)],
    progress: &dyn Fn(usize, usize),
) -> Result<Vec<Hand>, EngineError> {
    if changed.is_empty() {
        progress(2, 2);
        return Ok(Vec::new());
    }
    let keys: BTreeSet<&Key> = changed.iter().map(|(key, ..)| key).collect();
    let mut tried: Vec<(Mixed, Mixed)> = Vec::new();
    let runs = worlds.items() * 2 + 2;
    for item in 0..worlds.items() {
        progress(2 + item * 2, runs);
        let only = BTreeSet::from([item]);
        tried.push((mixed(worlds, Side::Old, &only, &keys)?, mixed(worlds, Side::New, &only, &keys)?));
    }
    progress(runs, runs);
    Ok(changed.iter().map(|change| hand(change, &tried)).collect())
}

fn mixed(
    worlds: &dyn Worlds,
    side: Side,
    switched: &BTreeSet<usize>,
    keys: &BTreeSet<&Key>,
) -> Result<Mixed, EngineError> {
    let world = worlds.world(side, switched)?;
    let found = match world.engine() {
        Ok(engine) => Found::of(&engine)?,
        // Texts of two packs need not fit each other.
        Err(EngineError::Packs(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let own = found.findings.iter().filter(|(key, _)| keys.contains(key));
    Ok(Some(own.map(|(key, finding)| (key.clone(), verdicts(finding))).collect()))
}

/// The items that make the change alone, or all that do something about it.
fn hand((key, before, after): &(Key, Verdicts, Verdicts), tried: &[(Mixed, Mixed)]) -> Hand {
    let told = |mixed: &Mixed| mixed.as_ref().and_then(|found| found.get(key)).copied();
    let places = |is_so: &dyn Fn(&(Mixed, Mixed)) -> bool| -> Vec<usize> {
        tried.iter().enumerate().filter(|(_, one)| is_so(one)).map(|(place, _)| place).collect()
    };
    let makes_it = places(&|(on_old, _)| told(on_old) == Some(*after));
    let is_needed = places(&|(_, on_new)| told(on_new).is_some_and(|without| without != *after));
    if let ([only], true) = (makes_it.as_slice(), makes_it.iter().all(|item| is_needed.contains(item))) {
        return Hand { is_certified: true, items: vec![*only] };
    }
    let does_something = places(&|(on_old, on_new)| {
        told(on_old).is_some_and(|with| with != *before)
            || told(on_new).is_some_and(|without| without != *after)
    });
    let all = || (0..tried.len()).collect();
    Hand { is_certified: false, items: if does_something.is_empty() { all() } else { does_something } }
}
