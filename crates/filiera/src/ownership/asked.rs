use filiera_ownership::{Party, Register, Snapshot};

use crate::FilieraError;

/// So many names are offered for one that nobody bears.
const OFFERED: usize = 3;

/// The companies of these names, in that order, each once; without names every company with a stake
/// in it, by id.
pub(super) fn companies(snapshot: &Snapshot, names: &[String]) -> Result<Vec<Party>, FilieraError> {
    if names.is_empty() {
        return Ok(snapshot.companies().collect());
    }
    let mut found = Vec::new();
    for name in names {
        for party in bearers(snapshot.register(), name)? {
            if !found.contains(&party) {
                found.push(party);
            }
        }
    }
    Ok(found)
}

/// The party of this id; else every party of this name, capitals and spaces around it apart.
fn bearers(register: &Register, name: &str) -> Result<Vec<Party>, FilieraError> {
    let name = name.trim();
    if let Some(party) = register.party(name) {
        return Ok(vec![party]);
    }
    let wanted = name.to_lowercase();
    let bears = |party: &Party| {
        let own = register.facts(*party).and_then(|facts| facts.name.as_deref());
        let id = register.name(*party);
        [own, Some(id)].into_iter().flatten().any(|one| one.trim().to_lowercase() == wanted)
    };
    let found: Vec<Party> = register.parties().filter(bears).collect();
    if found.is_empty() {
        return Err(FilieraError::NoCompany { name: name.to_owned(), help: nearest(register, &wanted) });
    }
    Ok(found)
}

/// `did you mean …?`, with the names that are most like it.
fn nearest(register: &Register, wanted: &str) -> String {
    let likeness = |party: Party| {
        let own = register.facts(party).and_then(|facts| facts.name.as_deref());
        let texts = [own, Some(register.name(party))].into_iter().flatten();
        texts.map(|one| strsim::jaro_winkler(&one.to_lowercase(), wanted)).fold(0.0, f64::max) // display only
    };
    let mut ranked: Vec<(f64, Party)> = register.parties().map(|party| (likeness(party), party)).collect(); // display only
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let named = |party: Party| {
        let id = register.name(party);
        let own = register.facts(party).and_then(|facts| facts.name.as_deref());
        own.filter(|own| *own != id).map_or_else(|| format!("`{id}`"), |own| format!("`{id}` ({own})"))
    };
    let names: Vec<String> = ranked.into_iter().take(OFFERED).map(|(_, party)| named(party)).collect();
    if names.is_empty() {
        return "the dossier names nobody at all".to_owned();
    }
    format!("the nearest are {}; give an id or a name", names.join(", "))
}
