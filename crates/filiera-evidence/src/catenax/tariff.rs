use filiera_model::Exact;
use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, Wrong, number, put};
use crate::json_text::Json;

use super::customs::{number_cell, value_row};
use super::parts::{Parts, count_unknown};
use super::twins::Subject;

const KNOWN: &[&str] = &[
    "catenaXId",
    "globalAssetId",
    "partOriginCountry",
    "partWeight",
    "referenceNumber",
    "partValue",
    "customsClassification",
    "materialList",
];

/// Reads what a supplier tells for the tariff of the United States.
///
/// Each material becomes a part of its own, `<part>#material-1`, with its origins as shares; it is
/// no line of the bill of materials, because the list is not one.
pub(super) fn read(
    subject: &Subject<'_>,
    payload: &Json,
    spot: &Spot,
    parts: &mut Parts,
    gather: &mut Gather<'_>,
) {
    count_unknown(payload, KNOWN, spot, gather);
    let part = subject.part.as_str();
    parts.add(part, "hs", tariff_code(payload), spot, gather);
    let mass = number_cell(payload.get("partWeight"), &spot.at("partWeight"), gather);
    parts.add(part, "mass_kg", mass, spot, gather);
    if let Some(value) = payload.get("partValue") {
        value_row(subject, (value, "amount"), "partValue", &spot.at("partValue"), gather);
    }
    let document = payload.get("referenceNumber").and_then(Json::scalar);
    if let Some(written) = payload.text_of("partOriginCountry") {
        let at = spot.at("partOriginCountry");
        origin_row(subject, (part, written), "non-preferential", document, None, &at, gather);
    }
    for (index, material) in payload.get("materialList").map_or(&[][..], Json::items).iter().enumerate() {
        let spot = spot.at("materialList").at(index);
        let name = format!("{part}#material-{}", index + 1);
        read_material(subject, &name, material, document, &spot, gather);
    }
}

fn tariff_code(holder: &Json) -> Option<&str> {
    holder
        .get("customsClassification")
        .and_then(|code| code.get("customClassificationCode"))
        .and_then(Json::scalar)
}

fn read_material(
    subject: &Subject<'_>,
    name: &str,
    material: &Json,
    document: Option<&str>,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(name));
    put(&mut cells, "hs", tariff_code(material));
    let class = material.get("materialClassification");
    let class =
        class.and_then(|class| class.get_any(&["materialSubgroup", "materialGroup", "materialCategory"]));
    put(&mut cells, "class", class.and_then(Json::scalar));
    if let Some(value) = material.get("materialValue") {
        put(&mut cells, "unit_value", number_cell(value.get("amount"), &spot.at("materialValue"), gather));
        put(&mut cells, "currency", value.text_of("currency"));
    }
    put(&mut cells, "material_of", Some(subject.part.as_str()));
    gather.row_once(TableKind::Parts, spot, cells);
    origins(subject, name, material, document, spot, gather);
    for (index, step) in material.get("processing").map_or(&[][..], Json::items).iter().enumerate() {
        let (Some(kind), Some(country)) = (step.text_of("processingType"), step.text_of("processingCountry"))
        else {
            continue;
        };
        let basis = format!("processing:{}", kind.to_ascii_lowercase());
        origin_row(
            subject,
            (name, country),
            &basis,
            document,
            None,
            &spot.at("processing").at(index),
            gather,
        );
    }
}

fn origins(
    subject: &Subject<'_>,
    name: &str,
    material: &Json,
    document: Option<&str>,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let spot = spot.at("materialOrigin");
    let listed = material.get("materialOrigin").map_or(&[][..], Json::items);
    let percentage = |origin: &Json| origin.get("valuePercentage").and_then(Json::scalar).and_then(number);
    let sum: Exact = listed.iter().filter_map(percentage).sum();
    let hundred = Exact::from_int(100);
    if sum > hundred {
        let message = format!("the shares of `{name}` add up to {} %", sum.to_text());
        let remedy = "correct `valuePercentage`, so that the shares are at most 100 %";
        return gather.fault(&spot, Wrong { code: "catenax/shares", message, remedy });
    }
    if sum < hundred && !listed.is_empty() {
        gather.note(&spot, "shares below 100 %", &format!("{} %", sum.to_text()));
    }
    for (index, origin) in listed.iter().enumerate() {
        let spot = spot.at(index);
        let share =
            number_cell(origin.get("valuePercentage"), &spot, gather).map(|share| format!("{share} %"));
        let Some(written) = origin.text_of("materialOriginCountry") else {
            gather.note(&spot, "share without country", "");
            continue;
        };
        origin_row(subject, (name, written), "non-preferential", document, share, &spot, gather);
    }
}

fn origin_row(
    subject: &Subject<'_>,
    (part, written): (&str, &str),
    basis: &str,
    document: Option<&str>,
    share: Option<String>,
    spot: &Spot,
    gather: &mut Gather<'_>,
) {
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(part));
    put(&mut cells, "origin", gather.origin(spot, written));
    put(&mut cells, "origin_as_written", Some(written));
    put(&mut cells, "basis", Some(basis));
    put(&mut cells, "evidence", Some("declared"));
    put(&mut cells, "kind", Some("us-tariff-information"));
    put(&mut cells, "supplier", subject.partner);
    put(&mut cells, "issuer", subject.partner);
    put(&mut cells, "document", document);
    put(&mut cells, "share", share);
    put(&mut cells, "contract", subject.contract);
    gather.row_once(TableKind::Declarations, spot, cells);
}
