use filiera_finding::{Explanation, ParameterUsed, RowGroup, RowShown};

use super::bars::{Bar, bar};
use super::cards::Count;
use super::left as left_of;
use crate::clean::{clean, clean_lines};
use crate::digest::{Digest, bare_measure, measure};
use crate::number::count;
use crate::text::{days, fact_text, reference_text, value_text};
use crate::words::{asked_of_rows, plural};

/// Explanations in the page, members counted.
const MOST: usize = 25;
/// Rows of a group, and facts that did not count.
const ROWS: usize = 20;

/// Why one finding is what it is.
pub(super) struct Why {
    pub(super) condition: String,
    pub(super) subject: String,
    pub(super) on: String,
    pub(super) member: bool,
    pub(super) range: Count,
    pub(super) legal: Count,
    pub(super) value: String,
    pub(super) asked: String,
    pub(super) bar: Option<Bar>,
    pub(super) law_title: String,
    pub(super) law_place: String,
    pub(super) law_text: String,
    pub(super) references: Vec<String>,
    pub(super) parameters: Vec<[String; 4]>,
    pub(super) groups: Vec<WhyGroup>,
    pub(super) steps: Vec<(String, String, String)>,
    pub(super) unread: Vec<(String, String)>,
    pub(super) unread_left: String,
}

/// The rows of one mark.
pub(super) struct WhyGroup {
    pub(super) mark: String,
    pub(super) count: String,
    pub(super) weight: String,
    pub(super) rows: Vec<WhyRow>,
    pub(super) left: String,
}

/// One row with the facts its mark rests on.
pub(super) struct WhyRow {
    pub(super) name: String,
    pub(super) weight: String,
    pub(super) marked: String,
    pub(super) facts: Vec<String>,
}

/// The explanations with their members behind them, the first ones.
pub(super) fn explained(digest: &Digest<'_>, explanations: &[Explanation]) -> Vec<Why> {
    flat(explanations)
        .into_iter()
        .take(MOST)
        .map(|(explanation, member)| why(digest, explanation, member))
        .collect()
}

/// How many explanations the page leaves out; empty when none.
pub(super) fn left(explanations: &[Explanation]) -> String {
    left_of(flat(explanations).len(), MOST)
}

fn flat(explanations: &[Explanation]) -> Vec<(&Explanation, bool)> {
    let mut open: Vec<(&Explanation, bool)> = explanations.iter().rev().map(|e| (e, false)).collect();
    let mut flat = Vec::new();
    while let Some((explanation, member)) = open.pop() {
        flat.push((explanation, member));
        open.extend(explanation.members.iter().rev().map(|e| (e, true)));
    }
    flat
}

fn why(digest: &Digest<'_>, explanation: &Explanation, member: bool) -> Why {
    let finding = &explanation.finding;
    let group = digest.group(&finding.pack, &finding.condition);
    let measure = group.map_or_else(|| bare_measure(finding.form), |group| measure(&group.shown.form));
    let compared = finding.operator.zip(finding.threshold.as_ref());
    let asked = compared.map(|(operator, threshold)| measure.asked(operator, threshold));
    let asked = asked_of_rows(finding.form).map(str::to_owned).or(asked);
    Why {
        condition: clean(&finding.condition),
        subject: clean(&finding.subject),
        on: finding.on.map(|day| day.to_string()).unwrap_or_default(),
        member,
        range: Count::word(finding.verdict),
        legal: Count::word(finding.legal),
        value: clean(&value_text(finding, &measure)),
        asked: asked.unwrap_or_default(),
        bar: group.and_then(|group| bar(group, &group.scale, finding)),
        law_title: clean(&explanation.law.title),
        law_place: clean(&format!("{}, line {}", explanation.law.file, explanation.law.line)),
        law_text: clean_lines(&explanation.law.text).collect::<Vec<_>>().join("\n"),
        references: explanation.law.references.iter().map(|r| clean(&reference_text(r))).collect(),
        parameters: explanation.parameters.iter().map(parameter).collect(),
        groups: explanation.groups.iter().map(rows).collect(),
        steps: explanation
            .arithmetic
            .iter()
            .map(|s| (clean(&s.what), clean(&s.how), clean(&s.result)))
            .collect(),
        unread: explanation.unread.iter().take(ROWS).map(unread).collect(),
        unread_left: left_of(explanation.unread.len(), ROWS),
    }
}

fn parameter(parameter: &ParameterUsed) -> [String; 4] {
    let cite = parameter.cite.as_deref().unwrap_or("no source given");
    [
        clean(&parameter.name),
        clean(&parameter.value),
        days(parameter),
        clean(&format!("{cite} ({})", parameter.confidence)),
    ]
}

fn unread(fact: &filiera_finding::UnreadFact) -> (String, String) {
    let place = fact.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    (clean(&fact.says), clean(&format!("{}{place}", fact.why)))
}

fn rows(group: &RowGroup) -> WhyGroup {
    let row = |row: &RowShown| WhyRow {
        name: clean(&row.name),
        weight: clean(&row.weight),
        marked: clean(&row.marked),
        facts: row.facts.iter().map(|fact| clean(&fact_text(fact))).collect(),
    };
    WhyGroup {
        mark: clean(&group.mark),
        count: plural(group.rows.len() as u64, "row"),
        weight: clean(&group.weight),
        rows: group.rows.iter().take(ROWS).map(row).collect(),
        left: if group.rows.len() > ROWS { count((group.rows.len() - ROWS) as u64) } else { String::new() },
    }
}
