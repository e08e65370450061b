use std::sync::Arc;

use filiera_model::{Day, Zones};
use filiera_packs::Pack;
use filiera_tables::Dossier;

use crate::facts::{Companies, Declarations, Prices, Rates};
use crate::ownership::Ownership;

/// What to judge by, beside packs and evidence.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
    /// Whether the readings are judged too.
    pub readings: bool,
    /// Whether conditions that rest on unchecked values are judged.
    pub unverified: bool,
    /// Whether cycles in a bill of materials are cut (and the lines named) instead of refused.
    pub cut_cycles: bool,
}

/// The evidence, indexed, with the zones and clocks: what every judgement stands on.
pub(crate) struct Ground<'a> {
    pub(crate) dossier: &'a Dossier,
    pub(crate) zones: &'a Zones,
    pub(crate) settings: &'a Settings,
    pub(crate) companies: Companies,
    pub(crate) declarations: Declarations,
    pub(crate) prices: Prices,
    pub(crate) rates: Rates,
    /// The day every subject is taken to be of, whatever dates it; nothing: its own.
    pub(crate) subjects_on: Option<Day>,
    pub(crate) ownership: Ownership<'a>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        dossier: &'a Dossier,
        packs: &[Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
    ) -> Self {
        let conditions = packs.iter().flat_map(|pack| {
            pack.conditions.iter().chain(pack.readings.iter().map(|reading| &reading.condition))
        });
        let control_rules = conditions.filter_map(|condition| condition.control_rule.as_ref());
        Self {
            dossier,
            zones,
            settings,
            companies: Companies::new(dossier),
            declarations: Declarations::new(dossier),
            prices: Prices::new(dossier),
            rates: Rates::new(dossier),
            subjects_on: None,
            ownership: Ownership::new(dossier, control_rules),
        }
    }

    /// The days on which a price or a rate changes, each the first of a new one.
    pub(crate) fn price_changes(&self) -> Vec<Day> {
        let mut days = self.rates.changes();
        days.extend(self.prices.changes());
        days.sort_unstable();
        days.dedup();
        days
    }
}
