mod hand_over;

use std::collections::{BTreeMap, BTreeSet};

use crate::gather::{Cells, Gather, Spot, Wrong, put};
use crate::json_text::Json;

use super::customs::number_cell;
use super::ids;
use super::kind::{Kind, Named, named};
use super::parts::count_unknown;
use super::times::put_day;

/// The stage of life a relation belongs to. In this order a stage is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LifeCycle {
    Built,
    Planned,
    Specified,
}

impl LifeCycle {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Built => "as_built",
            Self::Planned => "as_planned",
            Self::Specified => "as_specified",
        }
    }

    fn from_context(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "asbuilt" => Some(Self::Built),
            "asplanned" => Some(Self::Planned),
            "asspecified" => Some(Self::Specified),
            _ => None,
        }
    }
}

/// One line as an aspect or a relationship gives it; equal lines are repeats.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    cycle: LifeCycle,
    parent: String,
    child: String,
    quantity: Option<String>,
    unit: Option<String>,
    supplier: Option<String>,
    alternatives: bool,
    /// `valid_from` and `valid_to`.
    validity: Cells,
}

/// The lines of a file while it is read.
#[derive(Default)]
pub(super) struct Lines {
    kept: Vec<(Line, Spot)>,
    /// How often each line was kept: a payload stored twice adds nothing.
    counts: BTreeMap<Line, u32>,
    /// Pairs that relationships give; payloads do not repeat them.
    related: BTreeSet<(LifeCycle, String, String)>,
    /// Parts whose own list of children is in the file.
    listed: BTreeSet<(LifeCycle, String)>,
    usages: Vec<(Line, Spot)>,
}

const PAYLOAD: &[&str] = &[
    "catenaXId",
    "globalAssetId",
    "childItems",
    "childParts",
    "assetId",
    "manufacturerId",
    "identifier",
    "item",
];

const LINE: &[&str] = &[
    "catenaXId",
    "globalAssetId",
    "childCatenaXId",
    "parentCatenaXId",
    "quantity",
    "hasAlternatives",
    "businessPartner",
    "createdOn",
    "lastModifiedOn",
    "assembledOn",
    "lifecycleContext",
    "validityPeriod",
    "isOnlyPotentialParent",
];

impl Lines {
    /// The children one part lists.
    ///
    /// Repeats inside one payload are lines of their own; a second payload of the same part adds
    /// only what the first had fewer of. Without any list nothing is known below the part; when
    /// there are members of other names beside, one of them may be the list: a fault.
    pub(super) fn payload(
        &mut self,
        cycle: LifeCycle,
        parent: &str,
        payload: &Json,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let unknown = count_unknown(payload, PAYLOAD, spot, gather);
        let Some((key, children)) = children(payload) else {
            if unknown == 0 {
                return gather.note(spot, "part without a list of children", parent);
            }
            return gather.fault(spot, no_children());
        };
        self.listed.insert((cycle, parent.to_owned()));
        let mut here: BTreeMap<Line, u32> = BTreeMap::new();
        for (index, child) in children.iter().enumerate() {
            let spot = spot.at(key).at(index);
            let lines = if cycle == LifeCycle::Specified {
                specified(parent, child, &spot, gather)
            } else {
                line(cycle, (parent, ids::CHILD), child, &spot, gather).into_iter().collect()
            };
            for line in lines {
                self.keep(line, &mut here, spot.clone(), gather);
            }
        }
    }

    /// The parents one part says it is built into.
    pub(super) fn usage(
        &mut self,
        cycle: LifeCycle,
        child: &str,
        payload: &Json,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) {
        let known = ["catenaXId", "globalAssetId", "parentItems", "parentParts", "customers"];
        let tolerated = ["businessPartner", "createdOn", "lastModifiedOn"];
        count_unknown(payload, &[&known[..], &tolerated].concat(), spot, gather);
        for key in ["parentItems", "parentParts"] {
            for (index, parent) in payload.get(key).map_or(&[][..], Json::items).iter().enumerate() {
                let spot = spot.at(key).at(index);
                let Some(mut line) = line(cycle, (child, ids::PARENT), parent, &spot, gather) else {
                    continue;
                };
                std::mem::swap(&mut line.parent, &mut line.child);
                self.usages.push((line, spot));
            }
        }
    }

    /// The relationships of a job response.
    pub(super) fn relationships(&mut self, relationships: &[Json], gather: &mut Gather<'_>) {
        for (index, relation) in relationships.iter().enumerate() {
            let spot = Spot::entry("/relationships", index);
            let Some((line, usage)) = relationship(relation, &spot, gather) else { continue };
            if usage {
                self.usages.push((line, spot));
                continue;
            }
            self.related.insert((line.cycle, line.parent.clone(), line.child.clone()));
            self.listed.insert((line.cycle, line.parent.clone()));
            self.kept.push((line, spot));
        }
    }

    fn keep(&mut self, line: Line, here: &mut BTreeMap<Line, u32>, spot: Spot, gather: &mut Gather<'_>) {
        let pair = (line.cycle, line.parent.clone(), line.child.clone());
        if self.related.contains(&pair) {
            return;
        }
        let now = here.entry(line.clone()).or_default();
        *now += 1;
        let kept = self.counts.entry(line.clone()).or_default();
        if *now > *kept {
            *kept = *now;
            self.kept.push((line, spot));
        } else {
            gather.note(&spot, "line of a twin stored twice", &line.child);
        }
    }
}

fn no_children() -> Wrong<'static> {
    Wrong {
        code: "catenax/no-children",
        message: "the aspect has no list of children".to_owned(),
        remedy: "add `childItems`, empty when the part has none",
    }
}

fn children(payload: &Json) -> Option<(&'static str, &[Json])> {
    ["childItems", "childParts", "item"]
        .into_iter()
        .find_map(|key| payload.get(key).filter(|list| list.is_list()).map(|list| (key, list.items())))
}

/// One entry of a list of children or parents; the other end is `known`.
fn line(
    cycle: LifeCycle,
    (known, names): (&str, &[&str]),
    entry: &Json,
    spot: &Spot,
    gather: &mut Gather<'_>,
) -> Option<Line> {
    count_unknown(entry, LINE, spot, gather);
    let before = gather.faults();
    let Some(other) = ids::identity(entry, names, spot, gather) else {
        if gather.faults() == before {
            ids::missing(spot, "line", gather);
        }
        return None;
    };
    let (quantity, unit) = quantity(entry.get("quantity"), spot, gather);
    let context = entry.text_of("lifecycleContext").and_then(LifeCycle::from_context);
    Some(Line {
        cycle: context.unwrap_or(cycle),
        parent: known.to_owned(),
        child: other,
        quantity,
        unit,
        supplier: entry.text_of("businessPartner").map(str::to_owned),
        alternatives: entry.get("hasAlternatives") == Some(&Json::Bool(true)),
        validity: validity(entry.get("validityPeriod"), spot, gather),
    })
}

fn validity(period: Option<&Json>, spot: &Spot, gather: &mut Gather<'_>) -> Cells {
    let mut cells = Cells::new();
    if let Some(period) = period {
        let spot = spot.at("validityPeriod");
        put_day(&mut cells, "valid_from", period.get("validFrom"), &spot, gather);
        put_day(&mut cells, "valid_to", period.get("validTo"), &spot, gather);
    }
    cells
}

/// Number and unit, in every way they are written.
fn quantity(value: Option<&Json>, spot: &Spot, gather: &mut Gather<'_>) -> (Option<String>, Option<String>) {
    let Some(value) = value else { return (None, None) };
    let spot = spot.at("quantity");
    if !value.is_object() {
        return (number_cell(Some(value), &spot, gather), None);
    }
    let amount = number_cell(value.get_any(&["value", "quantityNumber"]), &spot, gather);
    let unit = value.get_any(&["unit", "measurementUnit"]);
    let unit = unit.and_then(|unit| unit.text().or_else(|| unit.text_of("lexicalValue")));
    (amount, unit.map(str::to_owned))
}

/// The line of a relationship, and whether it comes from a usage.
fn relationship(relation: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<(Line, bool)> {
    count_unknown(relation, &["catenaXId", "linkedItem", "bpn", "aspectType"], spot, gather);
    let parent = ids::identity(relation, ids::OWN, spot, gather);
    let (Some(parent), Some(linked)) = (parent, relation.get("linkedItem")) else {
        ids::missing(spot, "relationship", gather);
        return None;
    };
    let (cycle, usage) = match relation.text_of("aspectType").map(named) {
        Some(Named::Read(Kind::Bom(cycle))) => (cycle, false),
        Some(Named::Read(Kind::Usage(cycle))) => (cycle, true),
        _ => (LifeCycle::Built, false),
    };
    let mut line = line(cycle, (&parent, ids::CHILD), linked, &spot.at("linkedItem"), gather)?;
    if line.supplier.is_none() {
        line.supplier = relation.text_of("bpn").map(str::to_owned);
    }
    Some((line, usage))
}

/// The lines of one entry of a list as specified: one for each item it stands for.
fn specified(parent: &str, entry: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let asset =
        entry.text_of("childassetId").map(|text| ids::normal(text).unwrap_or_else(|| text.to_owned()));
    let items = entry.get_any(&["item", "part"]).map_or(&[][..], Json::items);
    for (index, item) in items.iter().enumerate() {
        let own = item.get_any(&["ownerItemId", "ownerPartId"]).and_then(Json::scalar);
        let Some(child) = asset.clone().or_else(|| own.map(str::to_owned)) else {
            ids::missing(&spot.at(index), "item", gather);
            continue;
        };
        let counted = item.get_any(&["itemQuantity", "partQuantity"]).or_else(|| entry.get("quantity"));
        let (quantity, unit) = quantity(counted, &spot.at(index), gather);
        lines.push(Line {
            cycle: LifeCycle::Specified,
            parent: parent.to_owned(),
            child,
            quantity,
            unit,
            supplier: None,
            alternatives: false,
            validity: Cells::new(),
        });
    }
    lines
}

impl Line {
    /// The cells of the line, without its choice.
    fn cells(&self) -> Cells {
        let mut cells = self.validity.clone();
        put(&mut cells, "parent", Some(self.parent.as_str()));
        put(&mut cells, "child", Some(self.child.as_str()));
        put(&mut cells, "quantity", self.quantity.as_deref());
        let unit = self.unit.as_deref().map(|unit| unit.strip_prefix("unit:").unwrap_or(unit));
        put(&mut cells, "unit", unit);
        put(&mut cells, "supplier", self.supplier.as_deref());
        put(&mut cells, "relation", Some(self.cycle.name()));
        cells
    }
}
