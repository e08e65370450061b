use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Exact, Mark, Range};

use super::outcome::JudgedRow;
use crate::rows::{Alternative, Rows};

/// What makes a component one and the same, wherever it stands.
type Identity<'a> = (&'a str, Option<&'a str>, Option<u32>, bool);

/// The rows that are counted, each component once however many lists it stands in: a component of the
/// vehicle is not counted again in an alternative, nor twice in one list. What may stand in several
/// choices counts at most once in each, and maybe not at all. Every installed row is one.
pub(crate) fn once_each(rows: &Rows, judged: Vec<JudgedRow>) -> Vec<JudgedRow> {
    let choice = |row: &JudgedRow| rows.info(row.row).and_then(|info| info.choice);
    let base: BTreeSet<Identity<'_>> =
        judged.iter().filter(|row| choice(row).is_none()).filter_map(|row| identity(rows, row)).collect();
    let mut choices: BTreeMap<Identity<'_>, BTreeSet<u32>> = BTreeMap::new();
    for row in &judged {
        if let Some((identity, choice)) = identity(rows, row).zip(choice(row)) {
            choices.entry(identity).or_default().insert(choice.choice);
        }
    }
    let mut seen: BTreeSet<(Identity<'_>, Option<(u32, u32)>)> = BTreeSet::new();
    let mut counted = Vec::new();
    for mut row in judged {
        let choice = choice(&row);
        if let Some(identity) = identity(rows, &row) {
            let list = choice.map(|Alternative { choice, number, .. }| (choice, number));
            if (list.is_some() && base.contains(&identity)) || !seen.insert((identity, list)) {
                continue;
            }
            if list.is_some() && choices.get(&identity).is_some_and(|choices| choices.len() > 1) {
                row.weight.range = Range { least: Exact::zero(), most: Some(Exact::one()) };
                row.is_sound = true;
            }
        }
        counted.push(row);
    }
    counted
}

fn identity<'a>(rows: &'a Rows, row: &JudgedRow) -> Option<Identity<'a>> {
    let component = rows.info(row.row)?.component.as_ref()?;
    Some((component.part.as_str(), component.supplier.as_deref(), component.installed, component.is_own_work))
}

/// Whether some row is in scope in every completion: one that is surely there, or one in every
/// alternative of some choice.
pub(crate) fn surely_has_rows(rows: &Rows, judged: &[JudgedRow]) -> bool {
    let mut alternatives: BTreeMap<u32, (u32, BTreeSet<u32>)> = BTreeMap::new();
    for row in judged.iter().filter(|row| row.scope == Mark::Yes) {
        let Some(choice) = rows.info(row.row).and_then(|info| info.choice) else { return true };
        alternatives.entry(choice.choice).or_insert((choice.of, BTreeSet::new())).1.insert(choice.number);
    }
    alternatives.into_values().any(|(of, held)| held.len() >= of as usize)
}
