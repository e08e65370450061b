use filiera_finding::{PartyShown, StakeSource};
use filiera_model::Country;
use filiera_ownership::Party;
use filiera_tables::TableKind;

use super::Owners;

impl Owners {
    /// A party as a report names it.
    pub(super) fn shown(&self, party: Party) -> PartyShown {
        let register = self.snapshot().register();
        let facts = register.facts(party).cloned().unwrap_or_default();
        PartyShown {
            id: register.name(party).to_owned(),
            name: facts.name,
            country: facts.country,
            is_person: facts.person == Some(true),
            is_listed: facts.listed == Some(true),
            unnamed: facts.unnamed,
            pacts: self.pacts.get(&party).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn all_shown(&self, parties: &[Party]) -> Vec<PartyShown> {
        parties.iter().map(|party| self.shown(*party)).collect()
    }

    pub(super) fn country(&self, party: Party) -> Option<Country> {
        self.snapshot().register().facts(party)?.country
    }

    /// Where rows of `interests` stand.
    pub(super) fn sources(&self, rows: &[u32]) -> Vec<StakeSource> {
        rows.iter().filter_map(|row| source(&self.tables, *row)).collect()
    }
}

/// Where one row of `interests` stands, with its paper or the statement it was read from.
pub(super) fn source(tables: &filiera_tables::Dossier, row: u32) -> Option<StakeSource> {
    let table = tables.table(TableKind::Interests)?;
    let row = row as usize;
    let place = table.places().get(row).map(|place| tables.describe(*place))?;
    let document = table.text("document", row).or_else(|| table.text("statement", row));
    Some(StakeSource { place, document: document.map(str::to_owned) })
}
