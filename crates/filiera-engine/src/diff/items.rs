use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_finding::{CauseItem, EvidenceKind, Finding};
use filiera_model::{Day, OriginText, Zones};
use filiera_packs::Pack;
use filiera_tables::{ColumnKind, Dossier, TableKind};

use super::DiffDays;
use super::evidence::{rates, rates_as_on, rows_as_on};
use super::law::{as_known_on, is_of_the_clock, known_on, only_value, zone_as_on};
use super::paper_rows::{effective, holds_on};
use super::values::{evidence_shown, parameter_shown, parameter_that_differs, rates_shown, zone_shown};
use super::world::{Side, World, Worlds};
use crate::redate::redated;
use crate::sql_words::words;
use crate::{EngineError, Settings};

/// Two days of the law, or of what is known of it.
pub(super) struct DayWorlds<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) packs: &'a [Arc<Pack>],
    pub(super) zones: &'a Zones,
    pub(super) settings: &'a Settings,
    pub(super) days: DiffDays,
    items: Vec<Item>,
}

/// One dated value that differs between the days.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A parameter: the pack's place, and its name.
    Parameter(usize, String),
    Zone(String),
    Rows(EvidenceKind),
    /// The subject's own dates, in predicates.
    Dates,
}

/// The tables whose rows have a validity of their own.
const DATED_ROWS: [(EvidenceKind, TableKind); 4] = [
    (EvidenceKind::Papers, TableKind::Declarations),
    (EvidenceKind::Papers, TableKind::Attestations),
    (EvidenceKind::Prices, TableKind::Values),
    (EvidenceKind::Lines, TableKind::Bom),
];

impl<'a> DayWorlds<'a> {
    pub(super) fn new(
        dossier: &'a Dossier,
        packs: &'a [Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
        days: DiffDays,
    ) -> Self {
        let mut worlds = Self { dossier, packs, zones, settings, days, items: Vec::new() };
        worlds.items = worlds.differing();
        worlds
    }

    /// The dated values that differ, whoever is touched by them; of evidence every row.
    pub(super) fn values(&self) -> Vec<CauseItem> {
        let shown = self.items.iter().filter(|item| !matches!(item, Item::Dates)).map(|item| match item {
            Item::Parameter(pack, name) => parameter_that_differs(self, *pack, name),
            other => self.shown(other, None, None),
        });
        shown.collect()
    }

    pub(super) fn day(&self, side: Side) -> Day {
        side.of(self.days.from, self.days.to)
    }

    /// The law clock on one side.
    pub(super) fn clock(&self, side: Side) -> Day {
        if self.days.law_only { self.day(side) } else { self.settings.law_as_of }
    }

    fn differing(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for (place, pack) in self.packs.iter().enumerate() {
            for (name, parameter) in &pack.parameters {
                let on = |side| parameter.value_on(self.clock(side), self.day(side)).map(|value| value.index);
                let known = |side| known_on(parameter, self.clock(side));
                let follows_day = !self.days.law_only || is_of_the_clock(pack, name);
                let differs = if follows_day {
                    on(Side::Old) != on(Side::New)
                } else {
                    known(Side::Old) != known(Side::New)
                };
                if differs {
                    items.push(Item::Parameter(place, name.clone()));
                }
            }
        }
        let (from, to) = (self.days.from, self.days.to);
        let turns = |zone: &&str| self.zones.members(zone, from) != self.zones.members(zone, to);
        let zones = self.zones.names().filter(turns).filter(|zone| self.names_zone(zone));
        items.extend(zones.map(|zone| Item::Zone(zone.to_owned())));
        for (kind, table) in DATED_ROWS.into_iter().filter(|_| !self.days.law_only) {
            let table = self.dossier.table(table);
            let turns = |table: &filiera_tables::Table| {
                let spans = (0..table.len()).map(|row| effective(table, row));
                spans.into_iter().any(|span| holds_on(span, from) != holds_on(span, to))
            };
            if table.is_some_and(turns) && !items.contains(&Item::Rows(kind)) {
                items.push(Item::Rows(kind));
            }
        }
        let last = |own: &std::collections::BTreeMap<Day, _>, day: Day| {
            own.range(..=day).next_back().map(|(_, rate): (&Day, &filiera_model::Exact)| rate.clone())
        };
        if rates(self.dossier).values().any(|own| last(own, from) != last(own, to)) {
            items.push(Item::Rows(EvidenceKind::Rates));
        }
        if !self.days.law_only && self.asks_for_dates() {
            items.push(Item::Dates);
        }
        items
    }

    /// Whether a pack or a declaration names the zone.
    fn names_zone(&self, zone: &str) -> bool {
        let is_zone = |word: &&str| word.strip_prefix('@') == Some(zone);
        let declared = self.dossier.table(TableKind::Declarations).into_iter().any(|table| {
            (0..table.len()).any(|row| match table.origin("origin", row) {
                Some(OriginText::Zone(named)) => named.trim_start_matches('@') == zone,
                _ => false,
            })
        });
        declared || self.packs.iter().any(|pack| words(&pack.source).iter().any(is_zone))
    }

    /// Whether a predicate asks for a date of the vehicle's own.
    fn asks_for_dates(&self) -> bool {
        let canonical = TableKind::Vehicles.columns().iter();
        let canonical = canonical.filter(|column| column.kind == ColumnKind::Day).map(|column| column.name);
        let declared = self.packs.iter().flat_map(|pack| &pack.columns);
        let declared = declared.filter(|column| column.kind == filiera_packs::ColumnKind::Day);
        let dates: BTreeSet<&str> = canonical
            .chain(["model_year"])
            .chain(declared.map(|column| column.name.value.as_str()))
            .collect();
        let conditions = self.packs.iter().flat_map(|pack| &pack.conditions);
        conditions
            .flat_map(|condition| condition.predicates())
            .any(|sql| words(&sql.text).iter().any(|word| dates.contains(word)))
    }

    /// The item in words; `was` and `is` are the witness, which dates a parameter's values.
    fn shown(
        &self,
        item: &Item,
        witness: Option<(&Finding, &Finding)>,
        parts: Option<&BTreeSet<String>>,
    ) -> CauseItem {
        let (from, to) = (self.days.from, self.days.to);
        match item {
            Item::Parameter(pack, name) => parameter_shown(self, *pack, name, witness),
            Item::Zone(zone) => zone_shown(self.zones, zone, from, to),
            Item::Rows(EvidenceKind::Rates) => rates_shown(self.dossier, from, to),
            Item::Rows(kind) => {
                let tables = DATED_ROWS.iter().filter(|(known, _)| known == kind);
                let tables: Vec<_> = tables.filter_map(|(_, table)| self.dossier.table(*table)).collect();
                evidence_shown(*kind, &tables, from, to, parts)
            }
            Item::Dates => CauseItem::Dates,
        }
    }
}

impl Worlds for DayWorlds<'_> {
    fn items(&self) -> usize {
        self.items.len()
    }

    fn world(&self, side: Side, switched: &BTreeSet<usize>) -> Result<World, EngineError> {
        // To move the subjects' own dates is to stand on the other side and move all else back.
        let dates = self.items.iter().position(|item| *item == Item::Dates);
        if dates.is_some_and(|dates| switched.contains(&dates)) {
            let rest = (0..self.items.len()).filter(|item| !switched.contains(item)).collect();
            return self.world(side.other(), &rest);
        }
        let (on, other) = (self.day(side), self.day(side.other()));
        let (clock, other_clock) = (self.clock(side), self.clock(side.other()));
        let mut world = World {
            dossier: if self.days.law_only { self.dossier.clone() } else { redated(self.dossier, on)? },
            packs: self.packs.to_vec(),
            zones: self.zones.clone(),
            settings: Settings { law_as_of: clock, ..self.settings.clone() },
            subjects_on: (!self.days.law_only).then_some(on),
        };
        for item in switched.iter().filter_map(|item| self.items.get(*item)) {
            match item {
                Item::Parameter(place, name) => {
                    let Some(pack) = world.packs.get_mut(*place) else { continue };
                    let mut pinned = Pack::clone(pack);
                    if let Some(parameter) = pinned.parameters.get_mut(name) {
                        let follows_day = !self.days.law_only || is_of_the_clock(pack, name);
                        *parameter = if follows_day {
                            only_value(parameter, other_clock, other)
                        } else {
                            as_known_on(parameter, other_clock)
                        };
                    }
                    *pack = Arc::new(pinned);
                }
                Item::Zone(zone) => world.zones = zone_as_on(&world.zones, zone, on, other),
                Item::Rows(EvidenceKind::Rates) => world.dossier = rates_as_on(&world.dossier, on, other)?,
                Item::Rows(kind) => {
                    for (_, table) in DATED_ROWS.iter().filter(|(known, _)| known == kind) {
                        world.dossier = rows_as_on(&world.dossier, *table, on, other)?;
                    }
                }
                Item::Dates => {}
            }
        }
        Ok(world)
    }

    fn item(&self, item: usize, was: &Finding, is: &Finding, parts: &BTreeSet<String>) -> CauseItem {
        match self.items.get(item) {
            Some(item) => self.shown(item, Some((was, is)), Some(parts)),
            None => CauseItem::Dates,
        }
    }
}
