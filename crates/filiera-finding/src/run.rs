use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Bounds, Day, Exact, Operator, Verdict};

use crate::{Finding, Form, Note};

/// Everything one `filiera check` found: what the reports are drawn from.
#[derive(Clone, Debug)]
pub struct Run {
    /// The dossier's title.
    pub title: String,
    /// One finding per condition and subject, conditions in pack order, subjects sorted.
    pub findings: Vec<Finding>,
    /// The findings of the readings, when asked for; same order.
    pub readings: Vec<Finding>,
    /// The conditions judged, in pack order, with what the reports say about each.
    pub conditions: Vec<ConditionShown>,
    /// Value of the components by country of declared origin, over all vehicles, per currency-free
    /// unit; `?` is unknown.
    pub value_by_country: Vec<Slice>,
    /// Value by the strength of the evidence for its origin.
    pub evidence_strength: Vec<EvidenceStrength>,
    /// Rows that were left out because of a fault.
    pub set_aside: Vec<SetAsideShown>,
    /// What the readers noticed.
    pub notes: Vec<Note>,
    /// The files read, with their SHA-256.
    pub files: Vec<(String, String)>,
    /// The packs judged: id and hash.
    pub packs: Vec<(String, String)>,
    /// The packs nobody asked for: the id of each, and of the pack whose conditions it has members of.
    pub along: Vec<(String, String)>,
    /// SHA-256 of the canonical evidence.
    pub evidence_hash: String,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
    /// The currency money is reported in.
    pub currency: Option<String>,
}

/// A condition as the reports present it.
#[derive(Clone, Debug)]
pub struct ConditionShown {
    /// The pack.
    pub pack: String,
    /// The pack's title.
    pub pack_title: String,
    /// `enacted`, `proposed`, `draft` or `repealed`.
    pub pack_status: String,
    /// The name.
    pub condition: String,
    /// The title, in the law's words.
    pub title: String,
    /// What kind of subject it judges: `vehicle`, `maker`, …
    pub per: String,
    /// How its value is made.
    pub form: FormShown,
    /// The law cited, most specific first.
    pub references: Vec<Reference>,
    /// The pack's note on whether the rule itself is lawful, if it has one.
    pub lawfulness: Option<String>,
    /// What meeting it earns, if anything: `automotive incentive, up to …`.
    pub grants: Option<String>,
    /// The readings of the condition that the pack offers, by name, with their titles.
    pub readings: Vec<(String, String)>,
}

/// The form of a condition with its target.
#[derive(Clone, Debug)]
pub struct FormShown {
    /// The form.
    pub form: Form,
    /// Operator and threshold, when one holds for all subjects.
    pub target: Option<Target>,
    /// The unit of the value: `EUR`, `kg`, `pieces`, `rows`, or empty for a share.
    pub unit: String,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How.
    pub operator: Operator,
    /// With what.
    pub threshold: Exact,
}

/// A source of law.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The act, the article, or the page.
    pub title: String,
    /// Its address.
    pub url: Option<String>,
    /// When somebody last read it.
    pub checked: Option<Day>,
    /// `primary`, `secondary` or `memory`.
    pub confidence: Option<String>,
}

/// A part of a whole, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The name: a country code, `several`, or `?`.
    pub name: String,
    /// The least value known to belong here.
    pub value: Exact,
}

/// How much value rests on evidence of one strength.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceStrength {
    /// `declared`, `observed`, `inferred`, `assumed` or `none`.
    pub class: String,
    /// The value of the components whose origin rests on it.
    pub value: Exact,
}

/// One line of the readings matrix: a condition or reading, and its verdicts over all subjects.
#[derive(Clone, Debug)]
pub struct ReadingRow {
    /// The pack.
    pub pack: String,
    /// The condition.
    pub condition: String,
    /// The reading; nothing: as written.
    pub reading: Option<String>,
    /// Subjects per verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Subjects per legal verdict.
    pub legal: BTreeMap<Verdict, u64>,
    /// Subjects whose verdict differs from the condition as written.
    pub flips: Vec<String>,
    /// The same subjects counted by what their verdict was as written, if it was judged, and is
    /// under the reading.
    pub turns: BTreeMap<(Option<Verdict>, Verdict), u64>,
    /// The bounds over all subjects.
    pub hull: Option<Bounds>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAsideShown {
    /// `file, row N`.
    pub place: String,
    /// The fault.
    pub fault: String,
    /// The subject it names and leaves undetermined; empty: those that it can touch.
    pub subjects: Vec<String>,
}

impl Run {
    /// The findings of the packs that were asked for.
    pub fn deciding(&self) -> impl Iterator<Item = &Finding> {
        let is_along = |finding: &&Finding| self.along.iter().any(|(id, _)| *id == finding.pack);
        self.findings.iter().filter(move |finding| !is_along(finding))
    }

    /// The readings matrix: each condition that has readings, as written and under every reading.
    pub fn readings_matrix(&self) -> Vec<ReadingRow> {
        let read: BTreeSet<(&str, &str)> = self.readings.iter().map(of_condition).collect();
        let written: BTreeMap<_, Verdict> =
            self.findings.iter().map(|f| ((of_condition(f), f.subject.as_str()), f.verdict)).collect();
        let as_written = self.findings.iter().filter(|f| read.contains(&of_condition(f)));
        let mut matrix: BTreeMap<_, ReadingRow> = BTreeMap::new();
        for finding in as_written.chain(&self.readings) {
            let key = (of_condition(finding), finding.reading.as_deref());
            let row = matrix.entry(key).or_insert_with(|| ReadingRow::empty(finding));
            row.take(finding);
            if finding.reading.is_none() {
                continue;
            }
            let before = written.get(&(of_condition(finding), finding.subject.as_str())).copied();
            if before != Some(finding.verdict) {
                row.flips.push(finding.subject.clone());
                *row.turns.entry((before, finding.verdict)).or_default() += 1;
            }
        }
        matrix.into_values().collect()
    }
}

fn of_condition(finding: &Finding) -> (&str, &str) {
    (&finding.pack, &finding.condition)
}

impl ReadingRow {
    fn empty(finding: &Finding) -> Self {
        Self {
            pack: finding.pack.clone(),
            condition: finding.condition.clone(),
            reading: finding.reading.clone(),
            verdicts: BTreeMap::new(),
            legal: BTreeMap::new(),
            flips: Vec::new(),
            turns: BTreeMap::new(),
            hull: None,
        }
    }

    fn take(&mut self, finding: &Finding) {
        *self.verdicts.entry(finding.verdict).or_default() += 1;
        *self.legal.entry(finding.legal).or_default() += 1;
        self.hull = match (self.hull.take(), finding.bounds.clone()) {
            (Some(hull), Some(bounds)) => Some(hull.hull(bounds)),
            (hull, bounds) => hull.or(bounds),
        };
    }
}
