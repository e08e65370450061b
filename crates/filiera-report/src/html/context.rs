use filiera_finding::{Finding, Reference, Run};

use super::Listed;
use crate::clean::clean;
use crate::digest::Digest;
use crate::needs;
use crate::number::count;
use crate::words::{missing as in_words, plural, stamp};

/// Rows of a list in the page.
const MOST: usize = 100;

/// Something missing.
pub(super) struct MissingRow {
    pub(super) what: String,
    pub(super) subjects: String,
    pub(super) conditions: String,
}

pub(super) fn missing(run: &Run) -> Listed<MissingRow> {
    Listed::first(&needs::missing(run), MOST, |entry| MissingRow {
        what: clean(&in_words(entry.key)),
        subjects: count(entry.subjects),
        conditions: clean(&entry.conditions.join(", ")),
    })
}

/// A row that was left out.
pub(super) struct SetAsideRow {
    pub(super) place: String,
    pub(super) fault: String,
    pub(super) subjects: String,
}

pub(super) fn set_aside(run: &Run) -> Listed<SetAsideRow> {
    Listed::first(&run.set_aside, MOST, |row| SetAsideRow {
        place: clean(&row.place),
        fault: clean(&row.fault),
        subjects: match row.subjects.as_slice() {
            [] => "all".to_owned(),
            [only] => clean(only),
            many => plural(many.len() as u64, "subject"),
        },
    })
}

/// A remark of one or more findings.
pub(super) struct RemarkRow {
    pub(super) says: String,
    pub(super) first: String,
    pub(super) findings: String,
    pub(super) boundary: bool,
}

pub(super) fn remarks<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Listed<RemarkRow> {
    Listed::first(&needs::remarks(findings), MOST, |remark| RemarkRow {
        says: clean(remark.says),
        first: clean(&format!("{}, {}", remark.first.condition, remark.first.subject)),
        findings: count(remark.count),
        boundary: needs::is_boundary(remark.says),
    })
}

/// The law that one or more conditions of a pack cite.
pub(super) struct Cited {
    pub(super) pack: String,
    pub(super) title: String,
    pub(super) status: String,
    pub(super) stamped: bool,
    pub(super) references: Vec<CitedReference>,
}

/// A source with the conditions that cite it.
pub(super) struct CitedReference {
    pub(super) title: String,
    /// The address as text.
    pub(super) address: String,
    /// Whether the address is a link a browser may follow.
    pub(super) link: bool,
    pub(super) checked: String,
    pub(super) confidence: String,
    pub(super) conditions: String,
}

pub(super) fn law(digest: &Digest<'_>) -> Vec<Cited> {
    let packs = digest.packs();
    packs
        .into_iter()
        .map(|pack| {
            let mut cited: Vec<(&Reference, Vec<&str>)> = Vec::new();
            for group in digest.groups.iter().filter(|group| group.shown.pack == pack.pack) {
                for reference in &group.shown.references {
                    match cited.iter_mut().find(|(known, _)| *known == reference) {
                        Some((_, conditions)) => conditions.push(&group.shown.condition),
                        None => cited.push((reference, vec![&group.shown.condition])),
                    }
                }
            }
            Cited {
                pack: clean(&pack.pack),
                title: clean(&pack.pack_title),
                status: clean(&stamp(&pack.pack_status).unwrap_or_else(|| pack.pack_status.clone())),
                stamped: stamp(&pack.pack_status).is_some(),
                references: cited
                    .into_iter()
                    .map(|(reference, conditions)| cite(reference, &conditions))
                    .collect(),
            }
        })
        .collect()
}

fn cite(reference: &Reference, conditions: &[&str]) -> CitedReference {
    let address = reference.url.as_deref().unwrap_or_default();
    CitedReference {
        title: clean(&reference.title),
        address: clean(address),
        link: is_link(address),
        checked: reference.checked.map_or_else(|| "not checked".to_owned(), |day| format!("checked {day}")),
        confidence: clean(reference.confidence.as_deref().unwrap_or_default()),
        conditions: clean(&conditions.join(", ")),
    }
}

/// Only addresses of the web become links: `javascript:` and the like stay text.
pub(super) fn is_link(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.starts_with("https://") || address.starts_with("http://")
}

/// Each note on whether a rule is lawful itself, once, with its pack.
pub(super) fn lawfulness(digest: &Digest<'_>) -> Vec<(String, String)> {
    let mut said: Vec<(String, String)> = Vec::new();
    for group in &digest.groups {
        let Some(note) = &group.shown.lawfulness else { continue };
        let entry = (clean(&group.shown.pack), clean(note));
        if !said.contains(&entry) {
            said.push(entry);
        }
    }
    said
}

/// What the readers noticed.
pub(super) struct NoteRow {
    pub(super) file: String,
    pub(super) kind: String,
    pub(super) count: String,
    pub(super) first: String,
}

pub(super) fn notes(run: &Run) -> Listed<NoteRow> {
    Listed::first(&run.notes, MOST, |note| NoteRow {
        file: clean(&note.file),
        kind: clean(&note.kind),
        count: count(note.count),
        first: clean(&note.first),
    })
}

/// What is needed to run the same again.
pub(super) struct Replay {
    pub(super) evidence: String,
    pub(super) packs: Vec<(String, String)>,
    pub(super) files: Listed<(String, String)>,
    pub(super) command: String,
}

pub(super) fn replay(run: &Run) -> Replay {
    let both = |pair: &(String, String)| (clean(&pair.0), clean(&pair.1));
    let readings = if run.readings.is_empty() { "" } else { " --readings" };
    Replay {
        evidence: clean(&run.evidence_hash),
        packs: run.packs.iter().map(both).collect(),
        files: Listed::first(&run.files, 5 * MOST, both),
        command: format!(
            "filiera check DOSSIER{readings} --law-as-of {} --facts-as-of {}",
            run.law_as_of, run.facts_as_of
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::is_link;

    #[test]
    fn only_the_web_is_linked() {
        assert!(is_link("https://eur-lex.europa.eu/x") && is_link("HTTP://x"));
        assert!(
            !is_link("javascript:alert(1)")
                && !is_link("data:text/html,x")
                && !is_link("")
                && !is_link(" https://x")
        );
    }
}
