use std::collections::BTreeSet;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;

use super::companies::Companies;
use super::components::{Parts, twice};

/// The services of a document, nested ones too.
pub(super) struct Services<'j> {
    pub(super) list: Vec<Service<'j>>,
    references: BTreeSet<&'j str>,
}

/// One service of the document.
pub(super) struct Service<'j> {
    /// The `bom-ref`, or the name.
    pub(super) id: String,
    pub(super) json: &'j Json,
    pub(super) spot: Spot,
}

impl Services<'_> {
    /// Whether a reference means a service.
    pub(super) fn has(&self, reference: &str) -> bool {
        self.references.contains(reference)
    }
}

/// The services in one list, outer ones before inner ones.
pub(super) fn collect<'j>(document: &'j Json, parts: &Parts<'_>, gather: &mut Gather<'_>) -> Services<'j> {
    let mut services = Services { list: Vec::new(), references: BTreeSet::new() };
    let mut open: Vec<(&Json, Spot)> = Vec::new();
    for (index, service) in document.get("services").map_or(&[][..], Json::items).iter().enumerate() {
        open.push((service, Spot::entry("/services", index)));
    }
    let mut next = 0;
    while let Some((service, spot)) = open.get(next).cloned() {
        for (index, inner) in service.get("services").map_or(&[][..], Json::items).iter().enumerate() {
            open.push((inner, spot.at("services").at(index)));
        }
        let reference = service.text_of("bom-ref");
        if let Some(reference) = reference
            && (!services.references.insert(reference) || parts.place(reference).is_some())
        {
            gather.fault(&spot.at("bom-ref"), twice(reference));
        }
        let id = reference.or(service.text_of("name")).unwrap_or("unnamed").to_owned();
        services.list.push(Service { id, json: service, spot });
        next += 1;
    }
    services
}

/// One row for each class of data and direction; where it goes in the world the format cannot say.
pub(super) fn rows(services: &Services<'_>, companies: &mut Companies, gather: &mut Gather<'_>) {
    for service in &services.list {
        let operator = companies.add(service.json.get("provider"), &service.spot, gather);
        for (index, data) in service.json.get("data").map_or(&[][..], Json::items).iter().enumerate() {
            let spot = service.spot.at("data").at(index);
            flows(service, data, operator, &spot, gather);
        }
    }
}

/// The other end of a flow that does not name it.
const UNKNOWN: &str = "unknown";

fn flows(service: &Service<'_>, data: &Json, operator: Option<&str>, spot: &Spot, gather: &mut Gather<'_>) {
    let direction = data.text_of("flow").unwrap_or(UNKNOWN);
    let (comes, goes) = match direction {
        "inbound" => (true, false),
        "outbound" => (false, true),
        "bi-directional" => (true, true),
        _ => {
            gather.note(spot, "flow of unknown direction", &service.id);
            (true, true)
        }
    };
    for from in ends(data, "source").into_iter().filter(|_| comes) {
        flow(service, data, (from, &service.id), operator, spot, gather);
    }
    for to in ends(data, "destination").into_iter().filter(|_| goes) {
        flow(service, data, (&service.id, to), operator, spot, gather);
    }
}

fn ends<'j>(data: &'j Json, member: &str) -> Vec<&'j str> {
    let named: Vec<&str> =
        data.get(member).map_or(&[][..], Json::items).iter().filter_map(Json::text).collect();
    if named.is_empty() { vec![UNKNOWN] } else { named }
}

fn flow(
    service: &Service<'_>,
    data: &Json,
    (from, to): (&str, &str),
    operator: Option<&str>,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let class = data.text_of("classification");
    let mut cells = Cells::new();
    put(&mut cells, "data", data.text_of("name").or(class).or(Some(UNKNOWN)));
    put(&mut cells, "from", Some(from));
    put(&mut cells, "to", Some(to));
    put(&mut cells, "system", Some(service.id.as_str()));
    put(&mut cells, "activity", Some("transfer"));
    put(&mut cells, "category", class);
    put(&mut cells, "operator", operator);
    put(&mut cells, "direction", data.text_of("flow"));
    let endpoints = service.json.get("endpoints").map_or(&[][..], Json::items).iter().filter_map(Json::text);
    let endpoints: Vec<&str> = endpoints.collect();
    put(&mut cells, "endpoints", (!endpoints.is_empty()).then(|| endpoints.join(" ")));
    let crosses = service.json.get("x-trust-boundary").map(|truth| *truth == Json::Bool(true));
    put(&mut cells, "crosses_trust_boundary", crosses.map(|crosses| crosses.to_string()));
    gather.row(TableKind::Flows, spot, cells);
}
