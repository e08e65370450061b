use filiera_model::Day;
use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, put};
use crate::json_text::Json;

use super::companies::{Companies, country};
use super::components::{Part, Parts, properties};

/// The document as a paper: what it is called, when it was made, and what it says of its subject.
pub(super) struct Paper<'j> {
    document: Option<&'j str>,
    pub(super) made_on: Option<Day>,
    /// Who supplies what the document is about.
    supplier: Option<&'j Json>,
    /// Who makes what the document is about.
    pub(super) maker: Option<&'j Json>,
}

impl<'j> Paper<'j> {
    pub(super) fn of(document: &'j Json) -> Self {
        let metadata = document.get("metadata");
        let stamp = metadata.and_then(|metadata| metadata.text_of("timestamp"));
        Self {
            document: document.text_of("serialNumber"),
            made_on: stamp.and_then(|stamp| stamp.get(..10)?.parse().ok()),
            supplier: metadata.and_then(|metadata| metadata.get("supplier")),
            maker: metadata.and_then(|metadata| metadata.get("manufacture")),
        }
    }

    /// Who answers for the document.
    pub(super) fn issuer(&self) -> Option<&'j str> {
        self.supplier.or(self.maker).and_then(|entity| entity.text_of("name"))
    }
}

/// The rows of every component: what it is, and what is said of where it comes from.
pub(super) fn rows(parts: &Parts<'_>, paper: &Paper<'_>, companies: &mut Companies, gather: &mut Gather<'_>) {
    for (place, part) in parts.list.iter().enumerate() {
        let is_root = parts.root() == Some(place);
        let known = |member: &str, of_root: Option<&'_ _>| {
            part.json.get(member).or(of_root.filter(|_| is_root)).cloned()
        };
        let (supplier, maker) = (known("supplier", paper.supplier), known("manufacturer", paper.maker));
        let seller = companies.add(supplier.as_ref(), &part.spot, gather);
        let maker_name = companies.add(maker.as_ref(), &part.spot, gather);
        let supplier = seller.or(maker_name);
        part_row(part, supplier, gather);
        address_row(part, maker.as_ref(), supplier, paper, gather);
        origin_rows(part, supplier, paper, gather);
    }
}

fn part_row(part: &Part<'_>, supplier: Option<&str>, gather: &mut Gather<'_>) {
    let property = |name: &str| properties(part.json, name).next();
    let kind = part.json.text_of("type");
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(part.id.as_str()));
    put(&mut cells, "name", part.json.text_of("name"));
    put(&mut cells, "class", property("cdx:device:function").or(kind));
    put(&mut cells, "supplier", supplier);
    put(&mut cells, "type", kind);
    put(&mut cells, "version", part.json.text_of("version"));
    put(&mut cells, "group", part.json.text_of("group"));
    put(&mut cells, "purl", part.json.text_of("purl"));
    put(&mut cells, "scope", part.json.text_of("scope"));
    put(&mut cells, "device_type", property("cdx:device:deviceType"));
    put(&mut cells, "location", property("cdx:device:location"));
    put(&mut cells, "serial", property("cdx:device:serialNumber"));
    put(&mut cells, "batch", property("cdx:device:lotNumber"));
    gather.row(TableKind::Parts, &part.spot, cells);
}

/// A maker's address: observed, and no place of making.
fn address_row(
    part: &Part<'_>,
    maker: Option<&Json>,
    supplier: Option<&str>,
    paper: &Paper<'_>,
    gather: &mut Gather<'_>,
) {
    let Some(maker) = maker else { return };
    let spot = part.spot.at("manufacturer");
    let Some(country) = country(maker, &spot, gather) else { return };
    let mut cells = declaration(part, supplier, paper);
    put(&mut cells, "origin", Some(country));
    put(&mut cells, "basis", Some("address"));
    put(&mut cells, "evidence", Some("observed"));
    gather.row_once(TableKind::Declarations, &spot, cells);
}

/// The property some tools use for the country of origin: declared, on no basis, and unofficial.
fn origin_rows(part: &Part<'_>, supplier: Option<&str>, paper: &Paper<'_>, gather: &mut Gather<'_>) {
    for written in properties(part.json, "cdx:device:countryOfOrigin") {
        let spot = part.spot.at("properties");
        gather.note(&spot, "unofficial property cdx:device:countryOfOrigin", written);
        let mut cells = declaration(part, supplier, paper);
        put(&mut cells, "origin", gather.origin(&spot, written));
        put(&mut cells, "origin_as_written", Some(written));
        put(&mut cells, "evidence", Some("declared"));
        put(&mut cells, "issuer", supplier);
        gather.row_once(TableKind::Declarations, &spot, cells);
    }
}

fn declaration(part: &Part<'_>, supplier: Option<&str>, paper: &Paper<'_>) -> Cells {
    let mut cells = Cells::new();
    put(&mut cells, "part", Some(part.id.as_str()));
    put(&mut cells, "supplier", supplier);
    put(&mut cells, "document", paper.document);
    put(&mut cells, "signed_on", paper.made_on.map(|day| day.to_string()));
    cells
}
