use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_finding::{CauseItem, Finding};
use filiera_model::Zones;
use filiera_packs::{Pack, Parameter};
use filiera_tables::Dossier;

use super::text::condition_text;
use super::values::dated;
use super::world::{Side, World, Worlds};
use crate::{EngineError, Settings};

/// Two texts of one pack.
pub(super) struct PackWorlds<'a> {
    dossier: &'a Dossier,
    old: &'a Arc<Pack>,
    new: &'a Arc<Pack>,
    others: &'a [Arc<Pack>],
    zones: &'a Zones,
    settings: &'a Settings,
    items: Vec<Item>,
}

/// What the two texts say differently and can be taken from either.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Parameter(String),
    Condition(String),
}

impl<'a> PackWorlds<'a> {
    pub(super) fn new(
        dossier: &'a Dossier,
        old: &'a Arc<Pack>,
        new: &'a Arc<Pack>,
        others: &'a [Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
    ) -> Self {
        let shared =
            new.parameters.iter().filter_map(|(name, is)| Some((name, old.parameters.get(name)?, is)));
        let parameters = shared.filter(|(_, was, is)| !says_the_same(was, is));
        let mut items: Vec<Item> = parameters.map(|(name, ..)| Item::Parameter(name.clone())).collect();
        let conditions = new.conditions.iter().filter(|is| {
            let was = old.condition(&is.name);
            was.is_some_and(|was| condition_text(old, was) != condition_text(new, is))
        });
        items.extend(conditions.map(|condition| Item::Condition(condition.name.clone())));
        Self { dossier, old, new, others, zones, settings, items }
    }

    fn pack(&self, side: Side) -> &Arc<Pack> {
        side.of(self.old, self.new)
    }
}

/// Whether two parameters hold the same values on the same days.
fn says_the_same(was: &Parameter, is: &Parameter) -> bool {
    let said = |parameter: &Parameter| -> Vec<_> {
        let values = parameter.values.iter();
        values.map(|v| (v.from, v.to, v.published, v.repealed_on, v.value.clone())).collect()
    };
    was.unit == is.unit && said(was) == said(is)
}

impl Worlds for PackWorlds<'_> {
    fn items(&self) -> usize {
        self.items.len()
    }

    fn world(&self, side: Side, switched: &BTreeSet<usize>) -> Result<World, EngineError> {
        let (own, other) = (self.pack(side), self.pack(side.other()));
        let mut pack = Pack::clone(own);
        if !switched.is_empty() {
            // A condition taken over may use a parameter that only its own text has.
            for (name, parameter) in &other.parameters {
                pack.parameters.entry(name.clone()).or_insert_with(|| parameter.clone());
            }
        }
        for item in switched.iter().filter_map(|item| self.items.get(*item)) {
            match item {
                Item::Parameter(name) => {
                    if let Some(parameter) = other.parameters.get(name) {
                        pack.parameters.insert(name.clone(), parameter.clone());
                    }
                }
                Item::Condition(name) => {
                    let place = pack.conditions.iter_mut().find(|condition| condition.name == *name);
                    if let (Some(place), Some(condition)) = (place, other.condition(name)) {
                        *place = condition.clone();
                    }
                }
            }
        }
        let packs = std::iter::once(Arc::new(pack)).chain(self.others.iter().cloned());
        Ok(World {
            dossier: self.dossier.clone(),
            packs: packs.collect(),
            zones: self.zones.clone(),
            settings: self.settings.clone(),
            subjects_on: None,
        })
    }

    fn item(&self, item: usize, was: &Finding, is: &Finding, _parts: &BTreeSet<String>) -> CauseItem {
        match self.items.get(item) {
            Some(Item::Parameter(name)) => {
                let clock = self.settings.law_as_of;
                let value = |side: Side| {
                    let parameter = self.pack(side).parameters.get(name)?;
                    let on = side.of(was.on, is.on).unwrap_or(clock);
                    parameter.value_on(clock, on).ok().map(dated)
                };
                let pack = self.new.id.clone();
                CauseItem::Parameter {
                    pack,
                    name: name.clone(),
                    old: value(Side::Old),
                    new: value(Side::New),
                }
            }
            Some(Item::Condition(name)) => {
                CauseItem::Text { pack: self.new.id.clone(), condition: name.clone() }
            }
            None => CauseItem::Dates,
        }
    }
}
