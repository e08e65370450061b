use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;

use super::sites;
use super::times::put_day;
use super::twins::Subject;

/// What the aspects of a file say about each part.
#[derive(Default)]
pub(super) struct Parts {
    facts: BTreeMap<String, Facts>,
    described: BTreeSet<String>,
}

#[derive(Default)]
struct Facts {
    cells: Cells,
    fall_backs: Cells,
    /// Columns on which two aspects disagree: then nothing is known.
    disputed: BTreeSet<String>,
    spot: Spot,
}

/// Columns a verdict may rest on: two values are none. Of other columns the first value is kept.
const WEIGHTY: &[&str] = &["supplier", "hs", "made_in", "class", "mass_kg"];

/// Members of a part aspect that we read or know to leave alone.
const KNOWN: &[&str] = &[
    "catenaXId",
    "globalAssetId",
    "localIdentifiers",
    "manufacturingInformation",
    "partTypeInformation",
    "sites",
    "partSitesInformationAsPlanned",
    "validityPeriod",
];

impl Parts {
    /// The part has an entry of its own.
    pub(super) fn describe(&mut self, part: &str, spot: &Spot) {
        if self.described.insert(part.to_owned()) {
            self.facts.entry(part.to_owned()).or_default().spot = spot.clone();
        }
    }

    /// The parts that some entry describes.
    pub(super) fn described(&self) -> &BTreeSet<String> {
        &self.described
    }

    /// Takes the entry of a part away; true when it still has facts, so that it stays known.
    pub(super) fn forget_description(&mut self, part: &str) -> bool {
        self.described.remove(part);
        let known = self.facts.get(part).is_some_and(|facts| !facts.cells.is_empty());
        if !known {
            self.facts.remove(part);
        }
        known
    }

    /// Something an aspect says.
    pub(super) fn add(
        &mut self,
        part: &str,
        column: &str,
        value: Option<impl Into<String>>,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let Some(value) = value.map(Into::into) else { return };
        let facts = self.facts.entry(part.to_owned()).or_default();
        match facts.cells.get(column) {
            Some(before) if *before != value => {
                gather.note(spot, &format!("two values of {column}"), &format!("{before}, {value}"));
                if WEIGHTY.contains(&column) {
                    facts.disputed.insert(column.to_owned());
                }
            }
            Some(_) => {}
            None => {
                facts.cells.insert(column.to_owned(), value);
            }
        }
    }

    /// Something that is true as long as no aspect says better.
    pub(super) fn fall_back(&mut self, part: &str, column: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            let facts = self.facts.entry(part.to_owned()).or_default();
            facts.fall_backs.entry(column.to_owned()).or_insert_with(|| value.into());
        }
    }

    /// A serial part, a batch, a part as planned, …
    pub(super) fn part(
        &mut self,
        subject: &Subject<'_>,
        payload: &Json,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        count_unknown(payload, KNOWN, spot, gather);
        let part = subject.part.as_str();
        if let Some(kind) = payload.get("partTypeInformation") {
            self.kind(part, kind, &spot.at("partTypeInformation"), gather);
        }
        let maker = self.local_identifiers(part, payload, spot, gather);
        sites::lists(self, part, payload, spot, gather);
        if let Some(made) = payload.get("manufacturingInformation") {
            let spot = spot.at("manufacturingInformation");
            sites::lists(self, part, made, &spot, gather);
            self.making(subject, maker.as_deref(), made, &spot, gather);
        }
    }

    /// The code of a traction battery, kept beside the part.
    pub(super) fn battery(&mut self, part: &str, payload: &Json, spot: &Spot, gather: &mut Gather<'_>) {
        let known = ["productType", "tractionBatteryCode", "subcomponents"];
        count_unknown(payload, &known, spot, gather);
        self.add(part, "battery_code", payload.text_of("tractionBatteryCode"), spot, gather);
        self.add(part, "battery_type", payload.text_of("productType"), spot, gather);
    }

    fn kind(&mut self, part: &str, kind: &Json, spot: &Spot, gather: &mut Gather<'_>) {
        let first = |names: &[&str]| kind.get_any(names).and_then(Json::text).map(str::to_owned);
        self.add(part, "name", first(&["nameAtManufacturer", "nameAtOwner", "nameAtCustomer"]), spot, gather);
        let numbers = ["manufacturerPartId", "manufacturerPartID", "ownerPartId"];
        self.add(part, "manufacturer_part", first(&numbers), spot, gather);
        self.add(part, "customer_part", first(&["customerPartId", "customerPartID"]), spot, gather);
        self.add(part, "class", first(&["classification", "itemCategory"]), spot, gather);
        for entry in kind.get("partClassification").map_or(&[][..], Json::items) {
            self.classification(part, entry, spot, gather);
        }
    }

    fn classification(&mut self, part: &str, entry: &Json, spot: &Spot, gather: &mut Gather<'_>) {
        let text = |names: &[&str]| entry.get_any(names).and_then(Json::scalar);
        let standard = text(&["classificationStandard", "standard", "key"]).unwrap_or("");
        let Some(id) = text(&["classificationID", "id", "value"]) else { return };
        if is_tariff(standard) {
            self.add(part, "hs", Some(id), spot, gather);
        } else {
            self.fall_back(part, "class", Some(id));
        }
    }

    /// Reads the keys beside the id; the maker's business partner number comes back.
    fn local_identifiers(
        &mut self,
        part: &str,
        payload: &Json,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) -> Option<String> {
        let mut maker = None;
        for pair in payload.get("localIdentifiers").map_or(&[][..], Json::items) {
            let value = pair.get("value").and_then(Json::scalar);
            let key = pair.text_of("key").unwrap_or("").to_ascii_lowercase();
            let column = match key.as_str() {
                "manufacturerid" => "supplier",
                "partinstanceid" => "serial",
                "batchid" => "batch",
                "jisnumber" => "jis_number",
                "van" => "van",
                "manufacturerpartid" => "manufacturer_part",
                _ => continue,
            };
            if column == "supplier" {
                maker = value.map(str::to_owned);
            }
            self.add(part, column, value, spot, gather);
        }
        maker
    }

    /// When and where the part was made: observed, not declared.
    fn making(
        &mut self,
        subject: &Subject<'_>,
        maker: Option<&str>,
        made: &Json,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let part = subject.part.as_str();
        let mut day = Cells::new();
        put_day(&mut day, "made_on", made.get_any(&["date", "productionDate"]), spot, gather);
        for (column, value) in day {
            self.add(part, &column, Some(value), spot, gather);
        }
        let Some(written) = made.text_of("country") else { return };
        self.add(part, "made_in_as_written", Some(written), spot, gather);
        let Some(country) = gather.country(&spot.at("country"), written) else { return };
        self.add(part, "made_in", Some(country.as_str()), spot, gather);
        let mut cells = Cells::new();
        put(&mut cells, "part", Some(part));
        put(&mut cells, "origin", Some(country));
        put(&mut cells, "origin_as_written", Some(written));
        put(&mut cells, "basis", Some("production-site"));
        put(&mut cells, "evidence", Some("observed"));
        put(&mut cells, "supplier", maker.or(subject.partner));
        put(&mut cells, "contract", subject.contract);
        gather.row_once(TableKind::Declarations, spot, cells);
    }

    /// One row for every part some aspect describes.
    pub(super) fn finish(self, gather: &mut Gather<'_>) {
        for (part, facts) in self.facts {
            let mut cells = facts.cells;
            for (column, value) in facts.fall_backs {
                cells.entry(column).or_insert(value);
            }
            for column in &facts.disputed {
                cells.remove(column);
            }
            cells.insert("part".to_owned(), part);
            gather.row(TableKind::Parts, &facts.spot, cells);
        }
    }
}

fn is_tariff(standard: &str) -> bool {
    let standard = standard.trim().to_ascii_uppercase();
    ["HS", "HTS", "HTSUS", "CN", "TARIC", "HS CODE"].contains(&standard.as_str())
}

/// Counts the members of an object that are not among `known`; their number comes back.
pub(super) fn count_unknown(object: &Json, known: &[&str], spot: &Spot, gather: &mut Gather<'_>) -> usize {
    let unknown = object.members().iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, _)| gather.note(spot, "unknown field", name)).count()
}
