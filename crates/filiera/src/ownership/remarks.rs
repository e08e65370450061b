use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Exact, Rounding};
use filiera_ownership::{Band, Conflict, Party, Register, Remark, Snapshot};
use filiera_tables::{Dossier, TableKind};

use super::shown::source;

/// What was done with statements and what cannot be true, by the party it is about.
pub(super) struct Remarks {
    remarks: BTreeMap<Party, Vec<String>>,
    conflicts: BTreeMap<Party, Vec<String>>,
}

impl Remarks {
    pub(super) fn of(tables: &Dossier, snapshot: &Snapshot) -> Self {
        let teller = Teller { tables, register: snapshot.register() };
        let mut remarks: BTreeMap<Party, Vec<String>> = BTreeMap::new();
        for (party, text) in snapshot.remarks().filter_map(|remark| teller.remark(remark)) {
            remarks.entry(party).or_default().push(text);
        }
        let mut conflicts: BTreeMap<Party, Vec<String>> = BTreeMap::new();
        for (party, text) in snapshot.conflicts().filter_map(|conflict| teller.conflict(conflict)) {
            conflicts.entry(party).or_default().push(text);
        }
        Self { remarks, conflicts }
    }

    pub(super) fn of_companies(&self, above: &BTreeSet<Party>) -> Vec<String> {
        of(&self.remarks, above)
    }

    pub(super) fn conflicts(&self, above: &BTreeSet<Party>) -> Vec<String> {
        of(&self.conflicts, above)
    }
}

fn of(texts: &BTreeMap<Party, Vec<String>>, above: &BTreeSet<Party>) -> Vec<String> {
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    let all = above.iter().filter_map(|party| texts.get(party)).flatten();
    all.filter(|text| seen.insert(*text)).cloned().collect()
}

struct Teller<'a> {
    tables: &'a Dossier,
    register: &'a Register,
}

impl Teller<'_> {
    fn remark(&self, remark: &Remark) -> Option<(Party, String)> {
        Some(match remark {
            Remark::Merged { kept, merged, identifier } => {
                let party = self.register.party(kept)?;
                let text = format!("`{merged}` and `{kept}` are one party: both bear {identifier}");
                (party, text)
            }
            Remark::StatedTwice { owner, company, rows } => {
                let pair = self.pair(*owner, *company);
                (*company, format!("{pair} is stated more than once and counts once ({})", self.places(rows)))
            }
            Remark::NotSeparable { owner, company, rows, share } => {
                let (pair, places) = (self.pair(*owner, *company), self.places(rows));
                let text = format!(
                    "{pair}: the papers differ, or may be about one stake or several; {} is possible \
                     ({places})",
                    percent(share)
                );
                (*company, text)
            }
            Remark::Explained { owner, company, row } => {
                let (pair, places) = (self.pair(*owner, *company), self.places(&[*row]));
                let text = format!(
                    "{pair} may be held through others, and other stakes lead there already: it adds no \
                     stake, and bounds what there is in all ({places})"
                );
                (*company, text)
            }
            Remark::Contradicted { owner, company, rows, stated, found } => {
                let (pair, places) = (self.pair(*owner, *company), self.places(rows));
                let text = format!(
                    "{pair} is stated as {} in all and other stakes make it {}: one of the papers is wrong \
                     ({places})",
                    percent(stated),
                    percent(found)
                );
                (*company, text)
            }
            _ => return None,
        })
    }

    fn conflict(&self, conflict: &Conflict) -> Option<(Party, String)> {
        Some(match conflict {
            Conflict::OverWhole { company, sum, rows } => {
                let whole = sum.clone() * Exact::from_int(100);
                let sum = whole.to_decimal(2, Rounding::Down);
                let (name, places) = (self.name(*company), self.places(rows));
                let text = format!(
                    "the stakes in {name} add up to {sum} % at least, more than the whole ({places})"
                );
                (*company, text)
            }
            Conflict::Impossible { row } => {
                let table = self.tables.table(TableKind::Interests)?;
                let company = self.register.party(table.text("company", *row as usize)?)?;
                let places = self.places(&[*row]);
                (
                    company,
                    format!("a share outside 0 to 100 %, or with its ends the wrong way round ({places})"),
                )
            }
            Conflict::Countries { party, countries } => {
                let text = format!(
                    "papers about {} name two countries, {} and {}: its country counts as not stated",
                    self.name(*party),
                    countries.0,
                    countries.1
                );
                (*party, text)
            }
            _ => return None,
        })
    }

    fn name(&self, party: Party) -> String {
        let own = self.register.facts(party).and_then(|facts| facts.name.clone());
        own.unwrap_or_else(|| self.register.name(party).to_owned())
    }

    fn pair(&self, owner: Party, company: Party) -> String {
        format!("what {} holds in {}", self.name(owner), self.name(company))
    }

    fn places(&self, rows: &[u32]) -> String {
        let told = |row: &u32| {
            let source = source(self.tables, *row)?;
            Some(source.document.map_or(source.place.clone(), |paper| format!("{}: {paper}", source.place)))
        };
        rows.iter().filter_map(told).collect::<Vec<_>>().join("; ")
    }
}

/// A band in words: `25 to 50 %`, rounded outwards to two decimals.
fn percent(band: &Band) -> String {
    let hundred = |value: &Exact, rounding| {
        let text = (value * &Exact::from_int(100)).to_decimal(2, rounding);
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let (least, most) = (hundred(&band.least, Rounding::Down), hundred(&band.most, Rounding::Up));
    if band.is_point() {
        return format!("{least} %");
    }
    let over = if band.least_open { "over " } else { "" };
    let under = if band.most_open { "under " } else { "" };
    format!("{over}{least} to {under}{most} %")
}
