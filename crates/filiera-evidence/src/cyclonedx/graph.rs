use std::collections::BTreeSet;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, Wrong, number, put};
use crate::json_text::Json;
use crate::{ImportedBom, ImportedLine};

use super::components::{Part, Parts, properties};
use super::services::Services;

/// A line: the part above, the part below. The one below may be a reference nobody describes.
pub(super) struct Edge<'j> {
    pub(super) parent: usize,
    pub(super) child: &'j str,
    spot: Spot,
}

/// The lines of a document.
///
/// `dependencies` decide. A component they put under nothing stands below the one it is nested in,
/// or below what the document is about; so a nested and a flat document of the same product give
/// the same lines.
pub(super) fn edges<'p>(
    document: &'p Json,
    parts: &'p Parts<'_>,
    services: &Services<'_>,
    gather: &mut Gather<'_>,
) -> Vec<Edge<'p>> {
    let mut edges = dependencies(document, parts, services, gather);
    let below: BTreeSet<&str> = edges.iter().map(|edge| edge.child).collect();
    let mut more = Vec::new();
    for (place, part) in parts.list.iter().enumerate() {
        let above = part.inside.or(parts.root()).filter(|above| *above != place);
        if let Some(parent) = above.filter(|_| !below.contains(part.id.as_str())) {
            more.push(Edge { parent, child: &part.id, spot: part.spot.clone() });
        }
    }
    edges.append(&mut more);
    edges.retain(|edge| !is_outside(edge, parts, gather));
    edges
}

fn dependencies<'p>(
    document: &'p Json,
    parts: &Parts<'_>,
    services: &Services<'_>,
    gather: &mut Gather<'_>,
) -> Vec<Edge<'p>> {
    let mut edges = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, dependency) in document.get("dependencies").map_or(&[][..], Json::items).iter().enumerate() {
        let spot = Spot::entry("/dependencies", index);
        let reference = dependency.text_of("ref").unwrap_or("");
        let Some(parent) = parts.place(reference) else {
            let kind =
                if services.has(reference) { "dependency of a service" } else { "dependency of nothing" };
            gather.note(&spot, kind, reference);
            continue;
        };
        for child in dependency.get("dependsOn").map_or(&[][..], Json::items).iter().filter_map(Json::text) {
            if services.has(child) {
                gather.note(&spot, "dependency on a service", child);
            } else if seen.insert((parent, child)) {
                if parts.place(child).is_none() {
                    gather.note(&spot, "dependency without component", child);
                }
                edges.push(Edge { parent, child, spot: spot.clone() });
            } else {
                gather.note(&spot, "dependency listed twice", child);
            }
        }
    }
    edges
}

/// Components that the document says are not in the product.
fn is_outside(edge: &Edge<'_>, parts: &Parts<'_>, gather: &mut Gather<'_>) -> bool {
    let Some(part) = parts.place(edge.child).and_then(|place| parts.list.get(place)) else { return false };
    let outside = part.json.text_of("scope") == Some("excluded")
        || part.json.get("isExternal") == Some(&Json::Bool(true));
    if outside {
        gather.note(&part.spot, "component that is not in the product", &part.id);
    }
    outside
}

/// The lines as rows, and for inspection.
pub(super) fn rows(parts: &Parts<'_>, edges: &[Edge<'_>], gather: &mut Gather<'_>) {
    let described: BTreeSet<String> = parts.list.iter().map(|part| part.id.clone()).collect();
    let entries = u64::try_from(parts.list.len()).unwrap_or(u64::MAX);
    let quantities: Vec<Option<String>> = parts.list.iter().map(|part| quantity(part, gather)).collect();
    let mut bom = ImportedBom { entries, described, lines: Vec::with_capacity(edges.len()) };
    for edge in edges {
        let Some(parent) = parts.list.get(edge.parent) else { continue };
        let quantity = parts.place(edge.child).and_then(|place| quantities.get(place)).cloned().flatten();
        if quantity.is_none() {
            gather.note(&edge.spot, "quantity not stated, read as 1", edge.child);
        }
        let mut cells = Cells::new();
        put(&mut cells, "parent", Some(parent.id.as_str()));
        put(&mut cells, "child", Some(edge.child));
        put(&mut cells, "quantity", Some(quantity.as_deref().unwrap_or("1")));
        gather.row(TableKind::Bom, &edge.spot, cells);
        let (parent, child) = (parent.id.clone(), edge.child.to_owned());
        bom.lines.push(ImportedLine { parent, child, quantity, unit: None });
    }
    if entries > 0 {
        gather.imported().boms.insert(String::new(), bom);
    }
}

/// How many pieces a component says there are of it.
fn quantity(part: &Part<'_>, gather: &mut Gather<'_>) -> Option<String> {
    let written = properties(part.json, "cdx:device:quantity").next()?;
    let read = number(written);
    if read.is_none() {
        let message = format!("quantity `{written}` is no number");
        let remedy = "write `cdx:device:quantity` as `8` or `0.5`";
        gather.fault(&part.spot.at("properties"), Wrong { code: "cyclonedx/quantity", message, remedy });
    }
    read.map(|number| number.to_text())
}
