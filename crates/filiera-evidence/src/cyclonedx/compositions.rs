use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::{Completeness, Population, TableKind};

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;

use super::components::Parts;
use super::facts::Paper;
use super::graph::Edge;

/// What the document says about its own completeness.
///
/// A component that is anything else than `complete` has an unknown remainder: a child nobody
/// describes. One that is complete, and whose parts with children of their own all are, is handed
/// over as a subject whose components are complete.
pub(super) fn read(
    document: &Json,
    parts: &Parts<'_>,
    edges: &[Edge<'_>],
    paper: &Paper<'_>,
    gather: &mut Gather<'_>,
) {
    let said = statements(document, parts, gather);
    for (place, part) in parts.list.iter().enumerate() {
        if let Some(Statement { complete: false, aggregate, spot }) = said.get(&place) {
            gather.imported().incomplete.insert(part.id.clone());
            remainder(&part.id, aggregate, spot, gather);
        }
    }
    let whole = Whole::of(parts.list.len(), edges, parts, &said);
    let subjects = whole.declared(&said);
    let subjects: BTreeSet<String> =
        subjects.filter_map(|place| parts.list.get(place)).map(|part| part.id.clone()).collect();
    if !subjects.is_empty() {
        let by = paper.issuer().map(str::to_owned);
        let complete = Completeness { by, on: paper.made_on, subjects: Some(subjects) };
        gather.imported().complete.insert(Population::Components, complete);
    }
}

struct Statement<'j> {
    complete: bool,
    aggregate: &'j str,
    spot: Spot,
}

/// The statement about each component; of two the less complete one counts.
fn statements<'j>(
    document: &'j Json,
    parts: &Parts<'_>,
    gather: &mut Gather<'_>,
) -> BTreeMap<usize, Statement<'j>> {
    let mut said: BTreeMap<usize, Statement<'j>> = BTreeMap::new();
    for (index, composition) in document.get("compositions").map_or(&[][..], Json::items).iter().enumerate() {
        let spot = Spot::entry("/compositions", index);
        let aggregate = composition.text_of("aggregate").unwrap_or("not_specified");
        let complete = aggregate == "complete";
        if !complete {
            gather.note(&spot, &format!("composition {aggregate}"), "");
        }
        let named = ["assemblies", "dependencies"].into_iter().filter_map(|key| composition.get(key));
        for reference in named.flat_map(Json::items).filter_map(Json::text) {
            let Some(place) = parts.place(reference) else { continue };
            if complete && said.contains_key(&place) {
                continue;
            }
            said.insert(place, Statement { complete, aggregate, spot: spot.clone() });
        }
    }
    said
}

fn remainder(id: &str, aggregate: &str, spot: &Spot, gather: &mut Gather<'_>) {
    let mut cells = Cells::new();
    put(&mut cells, "parent", Some(id));
    put(&mut cells, "child", Some(format!("{id}#unknown")));
    put(&mut cells, "quantity", Some("1"));
    put(&mut cells, "reason", Some(format!("composition: {aggregate}")));
    gather.row(TableKind::Bom, spot, cells);
}

/// Which components are complete all the way down.
struct Whole(Vec<bool>);

impl Whole {
    /// Starts from every component that cannot be whole (it has children and nobody says that these
    /// are all, or somebody says that they are not) and walks up from there.
    fn of(
        count: usize,
        edges: &[Edge<'_>],
        parts: &Parts<'_>,
        said: &BTreeMap<usize, Statement<'_>>,
    ) -> Self {
        let mut above: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut whole: Vec<bool> = vec![true; count];
        for edge in edges {
            let child = parts.place(edge.child);
            if let Some(parents) = child.and_then(|child| above.get_mut(child)) {
                parents.push(edge.parent);
            }
            let declared = said.get(&edge.parent).is_some_and(|statement| statement.complete);
            if let Some(parent) = whole.get_mut(edge.parent).filter(|_| !declared || child.is_none()) {
                *parent = false;
            }
        }
        for (place, _) in said.iter().filter(|(_, statement)| !statement.complete) {
            whole.get_mut(*place).into_iter().for_each(|whole| *whole = false);
        }
        let mut open: Vec<usize> = (0..count).filter(|place| whole.get(*place) == Some(&false)).collect();
        while let Some(place) = open.pop() {
            for parent in above.get_mut(place).map(std::mem::take).unwrap_or_default() {
                if let Some(whole) = whole.get_mut(parent).filter(|whole| **whole) {
                    *whole = false;
                    open.push(parent);
                }
            }
        }
        Self(whole)
    }

    /// Those that are whole and said to be complete, in the order of the document.
    fn declared(&self, said: &BTreeMap<usize, Statement<'_>>) -> impl Iterator<Item = usize> {
        let complete = |place: &usize| said.get(place).is_some_and(|statement| statement.complete);
        (0..self.0.len()).filter(move |place| self.0.get(*place) == Some(&true) && complete(place))
    }
}
