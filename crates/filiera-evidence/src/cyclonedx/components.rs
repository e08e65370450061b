use std::collections::{BTreeMap, BTreeSet};

use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;

/// One component of the document.
pub(super) struct Part<'j> {
    /// The `bom-ref`, or an id made from what the component is.
    pub(super) id: String,
    pub(super) json: &'j Json,
    /// The component it is nested in, by place in the list.
    pub(super) inside: Option<usize>,
    pub(super) spot: Spot,
}

/// The components of a document, outer ones before inner ones.
#[derive(Default)]
pub(super) struct Parts<'j> {
    pub(super) list: Vec<Part<'j>>,
    /// Whether the first is what the document is about (`metadata.component`).
    pub(super) has_root: bool,
    places: BTreeMap<String, usize>,
}

impl Parts<'_> {
    /// The place of a component in the list.
    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// What the document is about.
    pub(super) fn root(&self) -> Option<usize> {
        self.has_root.then_some(0)
    }
}

/// The nested and the flat components in one list, each with an id of its own.
pub(super) fn collect<'j>(document: &'j Json, gather: &mut Gather<'_>) -> Parts<'j> {
    let mut parts = Parts::default();
    if let Some(root) = document.get("metadata").and_then(|metadata| metadata.get("component")) {
        parts.has_root = true;
        let spot = Spot { row: 0, pointer: "/metadata/component".to_owned() };
        parts.list.push(Part { id: String::new(), json: root, inside: None, spot });
    }
    for (index, component) in document.get("components").map_or(&[][..], Json::items).iter().enumerate() {
        let spot = Spot::entry("/components", index);
        parts.list.push(Part { id: String::new(), json: component, inside: None, spot });
    }
    let mut next = 0;
    while let Some(outer) = parts.list.get(next) {
        let (json, spot) = (outer.json, outer.spot.clone());
        for (index, component) in json.get("components").map_or(&[][..], Json::items).iter().enumerate() {
            let spot = spot.at("components").at(index);
            parts.list.push(Part { id: String::new(), json: component, inside: Some(next), spot });
        }
        next += 1;
    }
    name(&mut parts, gather);
    parts
}

fn name(parts: &mut Parts<'_>, gather: &mut Gather<'_>) {
    let given: BTreeSet<&str> = parts.list.iter().filter_map(|part| part.json.text_of("bom-ref")).collect();
    for (place, part) in parts.list.iter_mut().enumerate() {
        let id = match part.json.text_of("bom-ref") {
            Some(given) => given.to_owned(),
            None => {
                let made = made_up(part.json);
                gather.note(&part.spot, "component without bom-ref", &made);
                let taken = given.contains(made.as_str()) || parts.places.contains_key(&made);
                if taken { format!("{made}#{}", part.spot.pointer) } else { made }
            }
        };
        part.id.clone_from(&id);
        if parts.places.insert(id, place).is_some() {
            gather.fault(&part.spot.at("bom-ref"), twice(&part.id));
        }
    }
}

/// The package URL, or group, name and version.
fn made_up(component: &Json) -> String {
    if let Some(purl) = component.text_of("purl") {
        return purl.to_owned();
    }
    let group = component.text_of("group").map(|group| format!("{group}/")).unwrap_or_default();
    let version = component.text_of("version").map(|version| format!("@{version}")).unwrap_or_default();
    format!("{group}{}{version}", component.text_of("name").unwrap_or("unnamed"))
}

/// The fault of a reference that two things have.
pub(super) fn twice(reference: &str) -> Wrong<'static> {
    Wrong {
        code: "cyclonedx/bom-ref-twice",
        message: format!("`bom-ref` `{reference}` is given twice"),
        remedy: "give every component and service its own `bom-ref`",
    }
}

/// The values of a property of this name, in the order of the file.
pub(super) fn properties<'j>(component: &'j Json, name: &str) -> impl Iterator<Item = &'j str> {
    let properties = component.get("properties").map_or(&[][..], Json::items).iter();
    let named = properties.filter(move |property| property.text_of("name") == Some(name));
    named.filter_map(|property| property.text_of("value"))
}
