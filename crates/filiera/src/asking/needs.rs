use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_finding::{Finding, Limit, QuestionKind, Run};
use filiera_packs::{Condition, DECLARATION_VALID_DAYS, Form, Pack, Value};

use super::limit_of;
use super::places::Places;

/// What findings miss and a supplier can tell.
pub(super) struct Needs {
    /// By kind and part.
    pub(super) papers: BTreeMap<(QuestionKind, String), Need>,
    /// What no supplier can tell.
    pub(super) not_asked: BTreeSet<String>,
}

/// Why one paper is needed.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// The conditions, as `pack#condition`.
    pub(super) conditions: BTreeSet<String>,
    /// The subjects.
    pub(super) subjects: BTreeSet<String>,
    /// What each condition accepts: bases, or any.
    accepts: BTreeSet<Option<Vec<String>>>,
    /// The longest validity of all the packs that ask.
    pub(super) limit: Limit,
}

impl Needs {
    pub(super) fn of(run: &Run, packs: &[Arc<Pack>]) -> Self {
        let mut needs = Self { papers: BTreeMap::new(), not_asked: BTreeSet::new() };
        for finding in run.findings.iter().chain(&run.readings) {
            // What a composition misses its members miss.
            if finding.form.is_composition() {
                continue;
            }
            let pack = packs.iter().find(|pack| pack.id == finding.pack);
            for paper in &finding.missing {
                needs.add(paper, finding, pack.map(Arc::as_ref));
            }
        }
        needs
    }

    fn add(&mut self, paper: &str, finding: &Finding, pack: Option<&Pack>) {
        let kind =
            paper.split_once(':').and_then(|(kind, part)| Some((QuestionKind::from_name(kind)?, part)));
        let Some((kind, part)) = kind else {
            self.not_asked.insert(paper.to_owned());
            return;
        };
        let condition = pack.and_then(|pack| condition_of(pack, finding));
        let accepts = condition.and_then(|condition| accepted(condition, kind));
        let limit = pack.map_or(Limit::CalendarYear, |pack| validity(pack, finding));
        let need = self.papers.entry((kind, part.to_owned())).or_insert_with(|| Need {
            conditions: BTreeSet::new(),
            subjects: BTreeSet::new(),
            accepts: BTreeSet::new(),
            limit: Limit::CalendarYear,
        });
        need.conditions.insert(format!("{}#{}", finding.pack, finding.condition));
        need.subjects.insert(finding.subject.clone());
        need.accepts.insert(accepts);
        need.limit = limit_of([need.limit.clone(), limit]);
    }
}

fn condition_of<'a>(pack: &'a Pack, finding: &Finding) -> Option<&'a Condition> {
    match &finding.reading {
        Some(reading) => pack.reading(reading).map(|reading| &reading.condition),
        None => pack.condition(&finding.condition),
    }
}

/// The bases a condition takes: of a declaration those it accepts, of a price the one it weighs by.
fn accepted(condition: &Condition, kind: QuestionKind) -> Option<Vec<String>> {
    let basis = match &condition.form {
        Form::Share(share) => share.basis.as_ref(),
        Form::Total(sum) => sum.basis.as_ref(),
        Form::Ratio(ratio) => ratio.basis.as_ref(),
        _ => None,
    };
    match kind {
        QuestionKind::Declaration => condition.accepts.basis.clone(),
        QuestionKind::Price => basis.map(|basis| vec![basis.value.clone()]),
    }
}

/// How long the pack says that a supplier's paper may be valid, on the day of the finding.
fn validity(pack: &Pack, finding: &Finding) -> Limit {
    let value = pack.parameters.get(DECLARATION_VALID_DAYS).and_then(|parameter| {
        parameter.value_on(finding.law_as_of, finding.on.unwrap_or(finding.law_as_of)).ok()
    });
    let days = value.and_then(|value| match &value.value {
        Value::Number(number) => Some((number.to_text().parse::<u32>().ok()?, value.cite.clone())),
        _ => None,
    });
    days.map_or(Limit::CalendarYear, |(days, cite)| Limit::Days { days, cite })
}

impl Need {
    /// The bases to ask for, one question for each list: those that conditions accept in common. A
    /// condition that takes any is content with whatever the others ask for.
    pub(super) fn bases(
        &self,
        kind: QuestionKind,
        places: &Places<'_>,
        wanted: Option<&str>,
    ) -> Vec<Vec<String>> {
        let mut groups: Vec<Vec<String>> = Vec::new();
        for bases in self.accepts.iter().flatten() {
            let common = |group: &Vec<String>| -> Vec<String> {
                group.iter().filter(|basis| bases.contains(basis)).cloned().collect()
            };
            let shared = groups.iter_mut().find(|group| !common(group).is_empty());
            match shared {
                Some(group) => *group = group.iter().filter(|basis| bases.contains(basis)).cloned().collect(),
                None => groups.push(bases.clone()),
            }
        }
        if groups.is_empty() {
            let any = match (kind, wanted) {
                (QuestionKind::Declaration, Some(basis)) => vec![basis.to_owned()],
                (QuestionKind::Declaration, None) => places.bases(),
                (QuestionKind::Price, _) => vec![PRICE_PAID.to_owned()],
            };
            return vec![any];
        }
        if let (QuestionKind::Declaration, Some(wanted)) = (kind, wanted) {
            groups.retain(|group| group.iter().any(|basis| basis == wanted));
            groups.iter_mut().for_each(|group| group.retain(|basis| basis == wanted));
        }
        groups
    }
}

/// The basis of a price where the law names none: what was paid.
const PRICE_PAID: &str = "price-paid";
