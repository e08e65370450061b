use std::sync::Arc;

use filiera_model::Exact;
use filiera_origin::{Components, Item};
use filiera_tables::TableKind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::boms::{Bom, Boms, Span};
use crate::EngineError;
use crate::ground::Ground;

/// What the plan of a vehicle says of the parts that may be installed in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlanLines {
    lines: FxHashMap<String, PlanLine>,
    /// Parts that count within another component, or by their own parts.
    within: FxHashSet<String>,
}

/// What the lines of a part leave to the installed part that takes their place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlanLine {
    unit: String,
    listed: Option<Exact>,
    /// Whether all lines list the same unit.
    is_one_unit: bool,
    pub(crate) supplier: Option<String>,
    is_priceless: bool,
    /// Whether it is only taken as bought: then nobody has shown the vehicle's list whole.
    pub(crate) is_assumed: bool,
}

impl PlanLine {
    /// A part that no line names.
    fn unnamed() -> Self {
        Self {
            unit: "piece".to_owned(),
            listed: Some(Exact::one()),
            is_one_unit: true,
            supplier: None,
            is_priceless: false,
            is_assumed: false,
        }
    }

    fn of(items: &[&Item]) -> Self {
        let Some(first) = items.first() else { return Self::unnamed() };
        let all = |same: fn(&Item, &Item) -> bool| items.iter().all(|item| same(item, first));
        Self {
            unit: first.unit.clone(),
            listed: first.listed.clone(),
            is_one_unit: all(|a, b| a.unit == b.unit && a.listed == b.listed),
            supplier: first.supplier.clone().filter(|_| all(|a, b| a.supplier == b.supplier)),
            is_priceless: items.iter().any(|item| item.mixed_units || item.empty_phantom),
            is_assumed: items.iter().any(|item| item.assumed_bought),
        }
    }
}

impl PlanLines {
    fn new(bom: &Bom, components: &Components) -> Self {
        let mut items: FxHashMap<&str, Vec<&Item>> = FxHashMap::default();
        for item in &components.items {
            items.entry(&item.part).or_default().push(item);
        }
        let lines: FxHashMap<String, PlanLine> =
            items.into_iter().map(|(part, items)| (part.to_owned(), PlanLine::of(&items))).collect();
        let nodes = components.opened.iter().chain(&components.inside);
        let within = nodes.map(|node| bom.graph.part(*node)).filter(|part| !lines.contains_key(*part));
        Self { within: within.map(str::to_owned).collect(), lines }
    }

    /// What stands in place of the part's lines; nothing: it is no component of its own.
    pub(crate) fn line(&self, part: &str) -> Option<PlanLine> {
        if self.within.contains(part) {
            return None;
        }
        Some(self.lines.get(part).cloned().unwrap_or_else(PlanLine::unnamed))
    }
}

/// The plan of each vehicle of the dossier; vehicles of one plan share it.
pub(crate) fn plans(ground: &Ground<'_>) -> Result<Vec<Arc<PlanLines>>, EngineError> {
    let Some(vehicles) = ground.dossier.table(TableKind::Vehicles) else { return Ok(Vec::new()) };
    let nothing = Arc::new(PlanLines::default());
    let Some(mut boms) = Boms::new(ground) else { return Ok(vec![nothing; vehicles.len()]) };
    let mut known: FxHashMap<(Span, String), Arc<PlanLines>> = FxHashMap::default();
    let mut plans = Vec::with_capacity(vehicles.len());
    for vehicle in 0..vehicles.len() {
        let (span, bom) = boms.on(vehicles.days("built_on", vehicle))?;
        let root = vehicles.text("root", vehicle).or_else(|| vehicles.text("vehicle", vehicle));
        let Some((root, node)) = root.and_then(|root| Some((root, bom.graph.graph().node(root)?))) else {
            plans.push(Arc::clone(&nothing));
            continue;
        };
        let key = (span, root.to_owned());
        let plan = match known.get(&key) {
            Some(plan) => Arc::clone(plan),
            None => Arc::new(PlanLines::new(&bom, &*boms.components(span, &bom, node)?)),
        };
        known.insert(key, Arc::clone(&plan));
        plans.push(plan);
    }
    Ok(plans)
}
