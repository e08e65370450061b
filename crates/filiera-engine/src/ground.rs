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
    pub(crate) companies: Arc<Companies>,
    pub(crate) declarations: Arc<Declarations>,
    pub(crate) prices: Arc<Prices>,
    pub(crate) rates: Arc<Rates>,
    /// The day every subject is taken to be of, whatever dates it; nothing: its own.
    pub(crate) subjects_on: Option<Day>,
    pub(crate) ownership: Arc<Ownership<'a>>,
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
            companies: Arc::new(Companies::new(dossier)),
            declarations: Arc::new(Declarations::new(dossier)),
            prices: Arc::new(Prices::new(dossier)),
            rates: Arc::new(Rates::new(dossier)),
            subjects_on: None,
            ownership: Arc::new(Ownership::new(dossier, control_rules)),
        }
    }

    /// The same facts under a dossier that differs in its vehicles and installed parts only.
    pub(crate) fn under<'b>(&self, dossier: &'b Dossier) -> Ground<'b>
    where
        'a: 'b,
    {
        Ground {
            dossier,
            zones: self.zones,
            settings: self.settings,
            companies: Arc::clone(&self.companies),
            declarations: Arc::clone(&self.declarations),
            prices: Arc::clone(&self.prices),
            rates: Arc::clone(&self.rates),
            subjects_on: self.subjects_on,
            ownership: Arc::clone(&self.ownership) as Arc<Ownership<'b>>,
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
