use filiera_finding::{Finding, ReadingRow, Reason};
use filiera_model::{Exact, Verdict};

use super::bars::{Bar, bar};
use super::cards::Count;
use super::left;
use crate::clean::clean;
use crate::digest::{Digest, Group, gap};
use crate::number::count;
use crate::scale::Scale;
use crate::text::{seen, turns, value_text, values};
use crate::words::{missing, reading_name, subjects};

/// Rows of all tables together, shared among the conditions.
const ROWS: usize = 2_000;
/// Rows of one table, at least and at most.
const ROWS_EACH: (usize, usize) = (50, 500);
/// Missing things named per row.
const NAMED: usize = 4;

/// The subjects of one condition.
pub(super) struct SubjectTable {
    pub(super) condition: String,
    pub(super) title: String,
    pub(super) asked: String,
    pub(super) subjects: String,
    pub(super) drawn: bool,
    /// What the bars are drawn on.
    pub(super) scale: String,
    /// Remarks that hold for every subject: said once.
    pub(super) common: Vec<String>,
    pub(super) rows: Vec<Row>,
    pub(super) shown: String,
    pub(super) left: String,
}

/// One subject.
pub(super) struct Row {
    pub(super) subject: String,
    pub(super) on: String,
    pub(super) bar: Option<Bar>,
    pub(super) value: String,
    pub(super) range: Count,
    pub(super) legal: Count,
    pub(super) open: String,
    pub(super) remarks: String,
}

/// A table per condition; those that need attention stand first.
pub(super) fn tables(digest: &Digest<'_>) -> Vec<SubjectTable> {
    let most = (ROWS / digest.groups.len().max(1)).clamp(ROWS_EACH.0, ROWS_EACH.1);
    let judged = digest.groups.iter().filter(|group| !group.findings.is_empty());
    judged.map(|group| table(group, most)).collect()
}

fn table(group: &Group<'_>, most: usize) -> SubjectTable {
    let mut sorted: Vec<(u8, Option<Exact>, &Finding)> =
        group.findings.iter().map(|finding| (concern(finding), gap(finding), *finding)).collect();
    sorted.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let window = if group.is_single() { group.scale.clone() } else { group.window() };
    let common = common_remarks(&group.findings);
    let rows = sorted.into_iter().take(most).map(|(_, _, finding)| row(group, &window, finding, &common));
    let rows: Vec<Row> = rows.collect();
    let end = |value| group.measure.value(value, None);
    SubjectTable {
        condition: clean(&group.shown.condition),
        title: clean(&group.shown.title),
        asked: clean(&group.asked().unwrap_or_default()),
        subjects: clean(&subjects(group.findings.len() as u64, &group.shown.per)),
        drawn: group.is_drawn(),
        scale: format!("{} to {}", end(&window.from), end(&window.to)),
        shown: count(rows.len() as u64),
        left: left(group.findings.len(), most),
        common: common.iter().map(|remark| clean(remark)).collect(),
        rows,
    }
}

/// The remarks that stand in every finding, when there are several.
fn common_remarks(findings: &[&Finding]) -> Vec<String> {
    let [first, others @ ..] = findings else { return Vec::new() };
    if others.is_empty() {
        return Vec::new();
    }
    let in_all = |remark: &&String| others.iter().all(|finding| finding.remarks.contains(*remark));
    first.remarks.iter().filter(in_all).cloned().collect()
}

/// Failures first, then the unknown, then what is met.
fn concern(finding: &Finding) -> u8 {
    match (finding.legal, finding.verdict) {
        (Verdict::NotApplicable, _) => 4,
        (Verdict::NotMet, _) => 0,
        (Verdict::Undetermined, _) => 1,
        (Verdict::Met, Verdict::Met) => 3,
        (Verdict::Met, _) => 2,
    }
}

fn row(group: &Group<'_>, window: &Scale, finding: &Finding, common: &[String]) -> Row {
    let mut open: Vec<String> = finding.missing.iter().take(NAMED).map(|key| missing(key)).collect();
    let more = finding.missing.len().saturating_sub(NAMED);
    if more > 0 {
        open.push(format!("and {} more", count(more as u64)));
    }
    let reason = finding.reason.map(Reason::sentence);
    let own = finding.remarks.iter().filter(|remark| !common.contains(remark)).cloned();
    let remarks = reason.into_iter().map(str::to_owned).chain(own);
    let sound = finding.is_sound_only().then(|| "bounds sound, maybe wider than necessary".to_owned());
    let unverified = finding.unverified.then(|| "UNVERIFIED".to_owned());
    let remarks: Vec<String> = remarks.chain(sound).chain(unverified).collect();
    Row {
        subject: clean(&finding.subject),
        on: finding.on.map(|day| day.to_string()).unwrap_or_default(),
        bar: bar(group, window, finding),
        value: clean(&value_text(finding, &group.measure)),
        range: Count::word(finding.verdict),
        legal: Count::word(finding.legal),
        open: clean(&open.join(", ")),
        remarks: clean(&remarks.join("; ")),
    }
}

/// A condition under its readings.
pub(super) struct Matrix {
    pub(super) condition: String,
    pub(super) title: String,
    pub(super) verdicts: Vec<Count>,
    pub(super) rows: Vec<ReadingLine>,
}

/// One reading: a cell per verdict, shaded by how many subjects it holds.
pub(super) struct ReadingLine {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) cells: Vec<Heat>,
    pub(super) values: String,
    pub(super) changes: String,
}

/// A shaded cell.
pub(super) struct Heat {
    pub(super) class: &'static str,
    pub(super) n: String,
    /// 0 for none, 5 for all.
    pub(super) shade: u64,
}

pub(super) fn matrices(digest: &Digest<'_>) -> Vec<Matrix> {
    let matrix = digest.run.readings_matrix();
    let per_condition = matrix.chunk_by(|a, b| (&a.pack, &a.condition) == (&b.pack, &b.condition));
    per_condition
        .filter_map(|rows| {
            let first = rows.first()?;
            let group = digest.group(&first.pack, &first.condition);
            let verdicts = seen(rows);
            Some(Matrix {
                condition: clean(&first.condition),
                title: clean(group.map(|group| group.shown.title.as_str()).unwrap_or_default()),
                rows: rows.iter().map(|row| line(group, row, &verdicts)).collect(),
                verdicts: verdicts.into_iter().map(Count::word).collect(),
            })
        })
        .collect()
}

fn line(group: Option<&Group<'_>>, row: &ReadingRow, verdicts: &[Verdict]) -> ReadingLine {
    let name = reading_name(row.reading.as_deref());
    let offered = group.and_then(|group| group.shown.readings.iter().find(|(reading, _)| reading == name));
    let total: u64 = row.verdicts.values().sum();
    let heat = |verdict: &Verdict| {
        let n = row.verdicts.get(verdict).copied().unwrap_or(0);
        let shade = n.saturating_mul(5).div_ceil(total.max(1));
        Heat { class: verdict.name(), n: count(n), shade }
    };
    let changes = match &row.reading {
        None => String::new(),
        Some(_) if row.flips.is_empty() => "none".to_owned(),
        Some(_) => turns(&row.turns),
    };
    ReadingLine {
        name: clean(name),
        title: clean(offered.map(|(_, title)| title.as_str()).unwrap_or_default()),
        cells: verdicts.iter().map(heat).collect(),
        values: values(group, row),
        changes,
    }
}
