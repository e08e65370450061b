use filiera_tables::Completeness;

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;
use crate::{ImportedOffer, ImportedRow};

use super::companies::Written;
use super::components::{Part, Parts};
use super::facts::Paper;
use super::services::{Service, Services};

/// The document as what somebody offers: the object delivered (level 0), the entries of its lists (1), what
/// is nested in them (2 and more).
///
/// Each row says who makes or provides the entry and where, as written too, and what a complete entry would
/// say and this one does not. The list is taken as whole unless the document says otherwise.
pub(super) fn read(
    document: &Json,
    parts: &Parts<'_>,
    services: &Services<'_>,
    paper: &Paper<'_>,
    gather: &mut Gather<'_>,
) {
    let mut items = vec![object(document, parts, paper)];
    for (place, part) in parts.list.iter().enumerate().filter(|(place, _)| Some(*place) != parts.root()) {
        items.push(component(part, level(parts, place)));
    }
    items.extend(services.list.iter().map(service));
    let format = gather.imported().format.replace("cyclonedx", "CycloneDX");
    for item in &mut items {
        put(&mut item.cells, "format", Some(format.as_str()));
    }
    let root = parts.root().and_then(|root| parts.list.get(root));
    let is_open = root.is_some_and(|root| gather.imported().incomplete.contains(&root.id));
    let by = paper.issuer().unwrap_or("the file itself").to_owned();
    let complete = Completeness { by: Some(by), on: paper.made_on, subjects: None };
    gather.imported().offer = Some(ImportedOffer { items, complete: (!is_open).then_some(complete) });
}

/// The object delivered; there is a row for it even where the document does not name it.
fn object(document: &Json, parts: &Parts<'_>, paper: &Paper<'_>) -> ImportedRow {
    let lists = ["components", "services"].into_iter().filter_map(|list| document.get(list));
    let is_empty = lists.flat_map(Json::items).next().is_none();
    let root = parts.root().and_then(|root| parts.list.get(root));
    let lacks = match root {
        None => "metadata.component",
        Some(_) if is_empty => "components and services",
        Some(_) => NOTHING,
    };
    let maker =
        root.and_then(|root| root.json.get("manufacturer")).or(paper.maker.filter(|_| root.is_some()));
    let mut cells = Cells::new();
    put(&mut cells, "item", Some(root.map_or("metadata.component", |root| root.id.as_str())));
    put(&mut cells, "component", root.and_then(|root| root.json.text_of("name")));
    entry(&mut cells, "object", 0, lacks);
    made_by(&mut cells, maker);
    let spot = root.map(|root| root.spot.clone()).unwrap_or_default();
    row(cells, &spot)
}

fn component(part: &Part<'_>, level: usize) -> ImportedRow {
    let maker = part.json.get("manufacturer");
    let mut lacking = missing(part.json, &["type", "name", "version"]);
    lacking.extend(missing_of_maker("manufacturer", maker));
    let mut cells = Cells::new();
    put(&mut cells, "item", Some(part.id.as_str()));
    put(&mut cells, "component", part.json.text_of("name"));
    put(&mut cells, "category", part.json.text_of("type"));
    entry(&mut cells, "component", level, &listed(&lacking));
    made_by(&mut cells, maker);
    put(&mut cells, "referenced", Some(is_referenced(part.json).to_string()));
    if let Some(supplier) = part.json.get("supplier") {
        put(&mut cells, "supplier", supplier.text_of("name"));
        put(&mut cells, "supplier_country", address(supplier).country.map(|country| country.alpha2()));
    }
    row(cells, &part.spot)
}

/// Whether a component that no organisation stands for, as open source may be, points to its home instead. A
/// device is made by somebody.
fn is_referenced(component: &Json) -> bool {
    let is_anybodys = component.get("manufacturer").or(component.get("supplier")).is_none();
    let references = component.get("externalReferences").map_or(&[][..], Json::items);
    is_anybodys && component.text_of("type") != Some("device") && !references.is_empty()
}

fn service(service: &Service<'_>) -> ImportedRow {
    let provider = service.json.get("provider");
    let mut lacking = missing(service.json, &["name", "version"]);
    lacking.extend(missing_of_maker("provider", provider));
    let mut cells = Cells::new();
    put(&mut cells, "item", Some(service.id.as_str()));
    put(&mut cells, "component", service.json.text_of("name"));
    // One step of the pointer for each list it stands in.
    let level = service.spot.pointer.split('/').filter(|step| *step == "services").count();
    entry(&mut cells, "service", level, &listed(&lacking));
    made_by(&mut cells, provider);
    row(cells, &service.spot)
}

/// How deep a component is nested: 1 in the list itself, 2 in a component of the list or in the object.
fn level(parts: &Parts<'_>, place: usize) -> usize {
    let mut level = 1;
    let mut at = parts.list.get(place).and_then(|part| part.inside);
    while let Some(place) = at {
        level += 1;
        at = parts.list.get(place).and_then(|part| part.inside);
    }
    level
}

/// What an entry that lacks nothing says it lacks.
const NOTHING: &str = "nothing";

fn listed(lacking: &[String]) -> String {
    if lacking.is_empty() { NOTHING.to_owned() } else { lacking.join(", ") }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn missing(json: &Json, members: &[&str]) -> Vec<String> {
    let is_missing = |member: &&&str| is_blank(json.text_of(member));
    members.iter().filter(is_missing).map(|member| (*member).to_owned()).collect()
}

fn missing_of_maker(member: &str, maker: Option<&Json>) -> Vec<String> {
    let Some(maker) = maker else { return vec![member.to_owned()] };
    let mut missing = Vec::new();
    if is_blank(maker.text_of("name")) {
        missing.push(format!("{member}.name"));
    }
    let urls = maker.get("url").map_or(&[][..], Json::items);
    if urls.iter().all(|url| is_blank(url.text())) {
        missing.push(format!("{member}.url"));
    }
    if is_blank(maker.get("address").and_then(|address| address.text_of("country"))) {
        missing.push(format!("{member}.address.country"));
    }
    missing
}

fn entry(cells: &mut Cells, kind: &str, level: usize, lacks: &str) {
    put(cells, "entry", Some(kind));
    put(cells, "level", Some(level.to_string()));
    put(cells, "lacks", Some(lacks));
}

fn address(entity: &Json) -> Written {
    Written::of(entity.get("address").and_then(|address| address.text_of("country")))
}

/// Who makes or provides the entry, and where: the guideline takes the country of the address for that of
/// production or delivery.
fn made_by(cells: &mut Cells, maker: Option<&Json>) {
    put(cells, "maker", maker.and_then(|maker| maker.text_of("name")));
    let written = maker.map_or_else(|| Written::of(None), address);
    put(cells, "country", written.country.map(|country| country.alpha2()));
    put(cells, "country_code", written.code().map(|country| country.alpha2()));
    put(cells, "country_form", Some(written.form));
    let text = maker.and_then(|maker| maker.get("address")).and_then(|address| address.text_of("country"));
    put(cells, "country_as_written", text.filter(|_| written.form != "absent"));
}

fn row(cells: Cells, spot: &Spot) -> ImportedRow {
    ImportedRow { cells, row: spot.row.max(1), pointer: spot.pointer.clone() }
}
