use std::collections::BTreeSet;

use filiera_model::Exact;
use filiera_origin::{Choice, ChoiceId, List};

/// The alternative a row belongs to: one of `of` alternatives of a choice of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alternative {
    pub(crate) choice: u32,
    pub(crate) number: u32,
    pub(crate) of: u32,
}

/// A row of a list, how many times it counts, and the alternative it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flat {
    pub(crate) place: Place,
    pub(crate) times: Exact,
    pub(crate) choice: Option<Alternative>,
}

/// A place among the rows, or among the made parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Row(usize),
    Made(usize),
}

/// What a vehicle consists of, nested choices spelt out as alternatives of the outermost one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flattened {
    pub(crate) rows: Vec<Flat>,
    /// A choice stands in several places, so the alternatives hang together beyond the rows.
    pub(crate) entangled: bool,
    /// There are too many combinations of nested choices to spell out.
    pub(crate) too_many: bool,
}

/// More combinations of nested choices than this are not spelt out.
const MOST_ALTERNATIVES: usize = 4_096;

/// Spells the choices of a vehicle out.
pub(crate) fn flatten(base: &List, choices: &[Choice]) -> Flattened {
    let plain = |(place, times)| Flat { place, times, choice: None };
    let rows = rows_of(base, &Exact::one()).map(plain).collect();
    let mut flat = Flattened { rows, entangled: stands_twice(base, choices), too_many: false };
    for (choice, (id, times)) in (0u32..).zip(&base.choices) {
        let Some(alternatives) = alternatives(*id, times, choices) else {
            flat.too_many = true;
            continue;
        };
        let of = u32::try_from(alternatives.len()).unwrap_or(u32::MAX);
        for (number, rows) in (0u32..).zip(alternatives) {
            let choice = Some(Alternative { choice, number, of });
            flat.rows.extend(rows.into_iter().map(|(place, times)| Flat { place, times, choice }));
        }
    }
    flat
}

fn rows_of<'a>(list: &'a List, times: &'a Exact) -> impl Iterator<Item = (Place, Exact)> + 'a {
    let rows = list.rows.iter().map(|row| Place::Row(*row));
    rows.chain(list.made.iter().map(|made| Place::Made(*made))).map(|place| (place, times.clone()))
}

type Rows = Vec<(Place, Exact)>;

/// Every way a choice may fall, those of choices inside it included; nothing when too many.
fn alternatives(id: ChoiceId, times: &Exact, choices: &[Choice]) -> Option<Vec<Rows>> {
    let mut all: Vec<Rows> = Vec::new();
    for list in choices.get(id.place()).into_iter().flat_map(|choice| &choice.alternatives) {
        let mut combinations: Vec<Rows> = vec![rows_of(list, times).collect()];
        for (nested, nested_times) in &list.choices {
            let inner = alternatives(*nested, &(times * nested_times), choices)?;
            if inner.is_empty() {
                continue;
            }
            let joined = |rows: &Rows| -> Vec<Rows> {
                inner.iter().map(|more| rows.iter().chain(more).cloned().collect()).collect()
            };
            if combinations.len().saturating_mul(inner.len()) > MOST_ALTERNATIVES {
                return None;
            }
            combinations = combinations.iter().flat_map(joined).collect();
        }
        all.extend(combinations);
    }
    Some(all)
}

/// Whether a choice stands in more than one list, so that it is made once for several places.
fn stands_twice(base: &List, choices: &[Choice]) -> bool {
    let mut seen = BTreeSet::new();
    let lists = std::iter::once(base).chain(choices.iter().flat_map(|choice| &choice.alternatives));
    lists.flat_map(|list| &list.choices).any(|(id, _)| !seen.insert(*id))
}
