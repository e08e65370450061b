use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{Finding, Run};
use filiera_model::{Exact, Verdict};

use crate::digest::gap;

/// One missing thing and whom it touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing<'a> {
    /// As findings name it: `declaration:PACK-1`.
    pub(crate) key: &'a str,
    /// Distinct subjects whose findings name it.
    pub(crate) subjects: u64,
    /// The conditions whose findings name it.
    pub(crate) conditions: Vec<&'a str>,
}

/// Missing things of the conditions as written, those that touch the most subjects first, then by
/// name.
pub(crate) fn missing(run: &Run) -> Vec<Missing<'_>> {
    let mut touched: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for finding in &run.findings {
        for key in &finding.missing {
            let (subjects, conditions) = touched.entry(key).or_default();
            subjects.insert(&finding.subject);
            conditions.insert(&finding.condition);
        }
    }
    let mut ranked: Vec<Missing<'_>> = touched
        .into_iter()
        .map(|(key, (subjects, conditions))| Missing {
            key,
            subjects: subjects.len() as u64,
            conditions: conditions.into_iter().collect(),
        })
        .collect();
    ranked.sort_by(|a, b| b.subjects.cmp(&a.subjects).then_with(|| a.key.cmp(b.key)));
    ranked
}

/// A remark and how many findings carry it, with the first of them.
#[derive(Clone, Debug)]
pub(crate) struct Remark<'a> {
    pub(crate) says: &'a str,
    pub(crate) count: u64,
    pub(crate) first: &'a Finding,
}

/// The remarks of findings: crossed boundaries first, then the most frequent.
pub(crate) fn remarks<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Remark<'a>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut remarks: Vec<Remark<'_>> = Vec::new();
    for finding in findings {
        for says in &finding.remarks {
            let place = *places.entry(says).or_insert_with(|| {
                remarks.push(Remark { says, count: 0, first: finding });
                remarks.len() - 1
            });
            if let Some(remark) = remarks.get_mut(place) {
                remark.count += 1;
            }
        }
    }
    remarks.sort_by_key(|remark| (!is_boundary(remark.says), std::cmp::Reverse(remark.count)));
    remarks
}

/// Whether the remark says that a value lies on a boundary which the law calls "crossed".
pub(crate) fn is_boundary(remark: &str) -> bool {
    remark.contains("the law says \"crossing\"")
}

/// The finding most worth explaining: one that is open although its value is limited, else any
/// open one, else a failure; the one nearest to a decision, first in order.
pub(crate) fn worth_explaining(run: &Run) -> Option<&Finding> {
    let judged = run.findings.iter().filter(|f| f.verdict != Verdict::NotApplicable);
    judged.min_by_key(|f| (interest(f), or_last(gap(f)), or_last(width(f))))
}

/// What is not known stands after everything that is.
fn or_last(distance: Option<Exact>) -> (bool, Option<Exact>) {
    (distance.is_none(), distance)
}

fn width(finding: &Finding) -> Option<Exact> {
    let bounds = finding.bounds.as_ref()?;
    Some(bounds.upper.value.as_ref()? - bounds.lower.value.as_ref()?)
}

/// 0 for what deserves the most attention, 5 for the least.
pub(crate) fn interest(finding: &Finding) -> u8 {
    let open = [finding.verdict, finding.legal].contains(&Verdict::Undetermined);
    let failed = [finding.verdict, finding.legal].contains(&Verdict::NotMet);
    match finding.verdict {
        Verdict::NotApplicable => 5,
        _ if open && width(finding).is_some() => 0,
        _ if open && !finding.form.is_composition() => 1,
        _ if failed => 2,
        _ if open => 3,
        _ => 4,
    }
}
