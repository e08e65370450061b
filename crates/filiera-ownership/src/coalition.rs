use rustc_hash::FxHashMap;

use crate::Party;
use crate::field::Field;
use crate::spread::Reached;
use crate::tally::Tally;

/// Parties that count as one: some of their own, what they reached, and those who may be anybody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coalition<'a> {
    pub own: &'a [Party],
    pub reached: Option<&'a Reached>,
    pub anybody: Option<&'a Anybody>,
}

/// Who may be anybody, or may be controlled by anybody, and what they have of every company.
#[derive(Clone, Debug, Default)]
pub(crate) struct Anybody {
    pub reached: Reached,
    pub tallies: Tallies,
}

/// What a growing coalition has of every company.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies(FxHashMap<Party, Tally>);

impl Coalition<'_> {
    pub fn has(&self, party: Party) -> bool {
        self.is_named(party) || self.anybody.is_some_and(|anybody| anybody.has(party))
    }

    fn is_named(&self, party: Party) -> bool {
        self.own.contains(&party) || self.reached.is_some_and(|reached| reached.contains_key(&party))
    }

    /// What the coalition has of one company.
    pub fn tally(&self, field: &Field, company: Party) -> Tally {
        let base = self.anybody.and_then(|anybody| anybody.tallies.get(company));
        let mut tally = base.cloned().unwrap_or_default();
        let Some(powers) = field.powers(company) else { return tally };
        let is_new = |party: &Party| !self.anybody.is_some_and(|anybody| anybody.has(*party));
        let reached = self.reached.into_iter().flat_map(|reached| reached.keys());
        let count = self.own.len() + self.reached.map_or(0, |reached| reached.len());
        if count < powers.parties().len() {
            let beside = reached.filter(|party| !self.own.contains(party));
            self.own
                .iter()
                .chain(beside)
                .filter(|party| is_new(party))
                .for_each(|party| tally.add(powers, *party));
        } else {
            let named = powers.parties().iter().filter(|party| self.is_named(**party));
            named.filter(|party| is_new(party)).for_each(|party| tally.add(powers, *party));
        }
        tally
    }
}

impl Anybody {
    pub fn has(&self, party: Party) -> bool {
        self.reached.contains_key(&party)
    }
}

impl Tallies {
    /// What the coalition has of a company; nothing: nobody in it has a say there.
    pub fn get(&self, company: Party) -> Option<&Tally> {
        self.0.get(&company)
    }

    /// Takes a party in, once, beside those of `base`.
    pub fn join(&mut self, field: &Field, party: Party, base: Option<&Anybody>) {
        if base.is_some_and(|base| base.has(party)) {
            return;
        }
        for company in field.says_of(party) {
            let Some(powers) = field.powers(company) else { continue };
            let first = || base.and_then(|base| base.tallies.get(company)).cloned().unwrap_or_default();
            self.0.entry(company).or_insert_with(first).add(powers, party);
        }
    }
}
