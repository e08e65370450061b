use std::collections::BTreeMap;

use filiera_model::{Day, Exact};
use filiera_tables::{Dossier, TableKind};

/// Exchange rates: units of a currency for one euro, by day.
pub(crate) struct Rates {
    per_eur: BTreeMap<String, BTreeMap<Day, Exact>>,
}

impl Rates {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let mut per_eur: BTreeMap<String, BTreeMap<Day, Exact>> = BTreeMap::new();
        if let Some(table) = dossier.table(TableKind::Rates) {
            for row in 0..table.len() {
                let cells = (table.text("currency", row), table.day("on", row), table.number("per_eur", row));
                if let (Some(currency), Some(on), Some(rate)) = cells {
                    per_eur.entry(currency.to_owned()).or_default().insert(on, rate);
                }
            }
        }
        Self { per_eur }
    }

    /// The factor from `from` to `to` with the last rates on or before `day`; nothing when one of
    /// the two is missing.
    pub(crate) fn factor(&self, from: &str, to: &str, day: Option<Day>) -> Option<Exact> {
        if from == to {
            return Some(Exact::one());
        }
        self.per_eur(to, day)?.checked_div(&self.per_eur(from, day)?)
    }

    /// The days of new rates.
    pub(crate) fn changes(&self) -> Vec<Day> {
        self.per_eur.values().flat_map(|rates| rates.keys().copied()).collect()
    }

    fn per_eur(&self, currency: &str, day: Option<Day>) -> Option<Exact> {
        if currency == "EUR" {
            return Some(Exact::one());
        }
        let rates = self.per_eur.get(currency)?;
        rates.range(..=day?).next_back().map(|(_, rate)| rate.clone())
    }
}
