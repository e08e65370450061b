use filiera_model::Verdict;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Sheet};
use crate::digest::{Digest, Group, Tally};
use crate::text::{turns, values};
use crate::words::{VERDICTS, reading_name, stamp, subjects};

/// One line per condition with its verdicts counted, then what the run was.
pub(super) fn summary(sheet: &mut Worksheet, digest: &Digest<'_>) -> Result<(), XlsxError> {
    let columns = [
        ("pack", 26),
        ("condition", 24),
        ("title", 60),
        ("asked", 18),
        ("range: worst", 16),
        ("legal: worst", 16),
        ("subjects", 10),
        ("range: met", 9),
        ("range: not met", 9),
        ("range: undetermined", 13),
        ("range: not applicable", 12),
        ("legal: met", 9),
        ("legal: not met", 9),
        ("legal: undetermined", 13),
        ("legal: not applicable", 12),
        ("earns", 40),
        ("pack status", 22),
    ];
    let mut sheet = Sheet::new(sheet, "Summary", &columns)?;
    for group in &digest.groups {
        sheet.row(condition(group))?;
    }
    sheet.row(Vec::new())?;
    for (name, value) in facts(digest) {
        sheet.row(vec![Cell::Bold(name), Cell::Empty, Cell::Text(value)])?;
    }
    sheet.finish(&[4, 5])
}

fn condition(group: &Group<'_>) -> Vec<Cell> {
    let shown = &group.shown;
    let mut cells = vec![
        Cell::text(&shown.pack),
        Cell::text(&shown.condition),
        Cell::text(&shown.title),
        Cell::maybe(group.asked()),
        Cell::Text(group.range.overall().to_string()),
        Cell::Text(group.legal.overall().to_string()),
        Cell::Count(group.findings.len() as u64),
    ];
    cells.extend(counts(&group.range));
    cells.extend(counts(&group.legal));
    cells.push(Cell::maybe(shown.grants.clone()));
    cells.push(Cell::Text(stamp(&shown.pack_status).unwrap_or_else(|| shown.pack_status.clone())));
    cells
}

fn counts(tally: &Tally) -> impl Iterator<Item = Cell> + '_ {
    VERDICTS.into_iter().map(|verdict| Cell::Count(tally.get(verdict)))
}

fn facts(digest: &Digest<'_>) -> Vec<(String, String)> {
    let run = digest.run;
    let subjects: Vec<String> = digest.subjects().iter().map(|(kind, n)| subjects(*n, kind)).collect();
    let mut facts = vec![
        ("dossier".to_owned(), run.title.clone()),
        ("subjects".to_owned(), subjects.join(", ")),
        ("law as of".to_owned(), run.law_as_of.to_string()),
        ("facts as of".to_owned(), run.facts_as_of.to_string()),
        ("evidence".to_owned(), run.evidence_hash.clone()),
    ];
    facts.extend(run.currency.iter().map(|currency| ("currency".to_owned(), currency.clone())));
    facts.extend(run.packs.iter().map(|(pack, hash)| (format!("pack {pack}"), hash.clone())));
    facts.extend(run.files.iter().map(|(file, hash)| (format!("file {file}"), hash.clone())));
    facts
}

/// The readings matrix.
pub(super) fn readings(sheet: &mut Worksheet, digest: &Digest<'_>) -> Result<(), XlsxError> {
    let columns = [
        ("pack", 26),
        ("condition", 24),
        ("reading", 24),
        ("title", 60),
        ("met", 9),
        ("not met", 9),
        ("undetermined", 13),
        ("not applicable", 13),
        ("changes", 9),
        ("how", 40),
        ("values", 26),
        ("who", 60),
    ];
    let mut sheet = Sheet::new(sheet, "Readings", &columns)?;
    for row in digest.run.readings_matrix() {
        let group = digest.group(&row.pack, &row.condition);
        let name = reading_name(row.reading.as_deref());
        let offered =
            group.and_then(|group| group.shown.readings.iter().find(|(reading, _)| reading == name));
        let title = offered.map(|(_, title)| title.clone());
        let own = group.filter(|_| row.reading.is_none()).map(|group| group.shown.title.clone());
        let n = |verdict: Verdict| Cell::Count(row.verdicts.get(&verdict).copied().unwrap_or(0));
        let mut cells = vec![
            Cell::text(&row.pack),
            Cell::text(&row.condition),
            Cell::text(name),
            Cell::maybe(title.or(own)),
        ];
        cells.extend(VERDICTS.map(n));
        cells.push(Cell::Count(row.flips.len() as u64));
        cells.push(Cell::maybe((!row.turns.is_empty()).then(|| turns(&row.turns))));
        cells.extend([Cell::Text(values(group, &row)), Cell::text(&row.flips.join("; "))]);
        sheet.row(cells)?;
    }
    sheet.finish(&[])
}
