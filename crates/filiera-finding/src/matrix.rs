use std::collections::BTreeSet;

use filiera_model::{Country, Day, Exact, Operator, Verdict};
use serde_json::{Value, json};

use crate::finding::fraction;
use crate::{ConditionShown, Finding, Reason};

/// The same subjects under every regime whose evidence is there.
///
/// Its JSON is versioned `filiera.matrix/1`.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The dossier's title.
    pub title: String,
    /// The regimes asked, packs in the order of the library.
    pub regimes: Vec<Regime>,
    /// The packs that were not asked, and what they would need.
    pub not_asked: Vec<NotAsked>,
    /// Conditions left out because they rest on values nobody checked, as `pack#condition`.
    pub left_out: Vec<String>,
    /// SHA-256 of the canonical evidence, as it was given.
    pub evidence_hash: String,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
}

/// One condition that answers for its pack, and what it says of every subject.
#[derive(Clone, Debug)]
pub struct Regime {
    /// The condition.
    pub shown: ConditionShown,
    /// The market the vehicles were judged as if for; nothing: the regime does not ask for it.
    pub market: Option<Market>,
    /// Whether the dossier itself names the pack: then it counts for the exit code.
    pub is_named: bool,
    /// One finding per subject, sorted by subject.
    pub findings: Vec<Finding>,
}

/// Markets that the law of a regime does not tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// What people call them: `US`, `EU`, `elsewhere`.
    pub name: String,
    /// The country that stood for all of them.
    pub judged_as: Country,
    /// How many countries they are.
    pub countries: u32,
}

/// A pack that was not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAsked {
    /// The pack.
    pub pack: String,
    /// Its title.
    pub title: String,
    /// `enacted`, `proposed`, `draft` or `repealed`.
    pub status: String,
    /// The tables it asks, none of which the dossier has; empty when there is another reason.
    pub needs: Vec<String>,
    /// The other reason: it does not fit the dossier's columns, or rests on unchecked values.
    pub why: Option<String>,
}

/// A pack of which no condition is decided for any subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded<'a> {
    /// The pack.
    pub pack: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The statuses of its conditions, each once.
    pub statuses: BTreeSet<&'a str>,
    /// What its findings miss, sorted; nothing where it applies to no subject.
    pub missing: BTreeSet<&'a str>,
    /// Why it applies to no subject; nothing where it applies to some.
    pub reason: Option<Reason>,
}

impl Regime {
    /// What the regime says of this subject, if it judges it.
    pub fn finding(&self, subject: &str) -> Option<&Finding> {
        let place = self.findings.binary_search_by(|finding| finding.subject.as_str().cmp(subject));
        place.ok().and_then(|place| self.findings.get(place))
    }
}

impl Matrix {
    /// The kinds of subject, in the order of the regimes, each with its subjects, sorted.
    pub fn kinds(&self) -> Vec<(&str, Vec<&str>)> {
        regime_kinds(&self.regimes)
    }

    /// The regimes to look at, and the packs of which nothing is decided for any subject. A pack that
    /// the dossier names is always looked at.
    pub fn fold(&self) -> (Vec<&Regime>, Vec<Folded<'_>>) {
        let decides = |regime: &&Regime| regime.is_named || regime.findings.iter().any(is_decided);
        let deciding: BTreeSet<&str> =
            self.regimes.iter().filter(decides).map(|regime| regime.shown.pack.as_str()).collect();
        let mut shown = Vec::new();
        let mut folded: Vec<Folded<'_>> = Vec::new();
        for regime in &self.regimes {
            match folded.iter_mut().find(|one| one.pack == regime.shown.pack) {
                _ if deciding.contains(regime.shown.pack.as_str()) => shown.push(regime),
                Some(one) => one.add(regime),
                None => folded.push(Folded::of(regime)),
            }
        }
        (shown, folded)
    }

    /// The findings of the packs that the dossier names; of all when it names none.
    pub fn deciding(&self) -> impl Iterator<Item = &Finding> {
        let any = self.regimes.iter().any(|regime| regime.is_named);
        self.regimes.iter().filter(move |regime| regime.is_named || !any).flat_map(|regime| &regime.findings)
    }

    /// The object of `filiera check --all-markets --format json`.
    pub fn to_json(&self) -> Value {
        json!({
            "schema": "filiera.matrix/1",
            "title": self.title,
            "law_as_of": self.law_as_of.to_string(),
            "facts_as_of": self.facts_as_of.to_string(),
            "evidence_hash": self.evidence_hash,
            "regimes": self.regimes.iter().map(regime).collect::<Vec<_>>(),
            "not_asked": self.not_asked.iter().map(not_asked).collect::<Vec<_>>(),
            "left_out": self.left_out,
        })
    }
}

/// The kinds of subject, in the order of the regimes, each with its subjects, sorted.
pub fn regime_kinds<'a>(regimes: impl IntoIterator<Item = &'a Regime>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut kinds: Vec<(&str, Vec<&str>)> = Vec::new();
    for regime in regimes {
        let own = regime.findings.iter().map(|finding| finding.subject.as_str());
        match kinds.iter_mut().find(|(kind, _)| *kind == regime.shown.per) {
            Some((_, subjects)) => subjects.extend(own),
            None => kinds.push((&regime.shown.per, own.collect())),
        }
    }
    for (_, subjects) in &mut kinds {
        subjects.sort_unstable();
        subjects.dedup();
    }
    kinds
}

fn is_decided(finding: &Finding) -> bool {
    [finding.verdict, finding.legal].iter().any(|verdict| matches!(verdict, Verdict::Met | Verdict::NotMet))
}

impl<'a> Folded<'a> {
    fn of(regime: &'a Regime) -> Self {
        let shown = &regime.shown;
        let reason = regime.findings.first().and_then(|finding| finding.reason);
        let mut folded = Self {
            pack: &shown.pack,
            title: &shown.pack_title,
            statuses: BTreeSet::new(),
            missing: BTreeSet::new(),
            reason,
        };
        folded.add(regime);
        folded
    }

    fn add(&mut self, regime: &'a Regime) {
        self.statuses.insert(&regime.shown.pack_status);
        self.missing.extend(regime.findings.iter().flat_map(|finding| &finding.missing).map(String::as_str));
        let applies = regime.findings.iter().any(|finding| finding.legal != Verdict::NotApplicable);
        self.reason = self.reason.filter(|_| !applies);
    }
}

/// How many of the verdicts are each: met, not met, undetermined, not applicable.
pub(crate) fn counts(verdicts: impl Iterator<Item = Verdict> + Clone) -> Value {
    let of = |wanted: Verdict| verdicts.clone().filter(|verdict| *verdict == wanted).count();
    json!({
        "met": of(Verdict::Met),
        "not_met": of(Verdict::NotMet),
        "undetermined": of(Verdict::Undetermined),
        "not_applicable": of(Verdict::NotApplicable),
    })
}

fn regime(regime: &Regime) -> Value {
    let shown = &regime.shown;
    json!({
        "pack": shown.pack,
        "pack_title": shown.pack_title,
        "pack_status": shown.pack_status,
        "condition": shown.condition,
        "title": shown.title,
        "per": shown.per,
        "named": regime.is_named,
        "market": regime.market.as_ref().map(|market| json!({
            "name": market.name,
            "judged_as": market.judged_as.alpha2(),
            "countries": market.countries,
        })),
        "counts": counts(regime.findings.iter().map(|finding| finding.verdict)),
        "legal_counts": counts(regime.findings.iter().map(|finding| finding.legal)),
        "cells": regime.findings.iter().map(cell).collect::<Vec<_>>(),
    })
}

/// One cell: what a finding says, without what is the same for the whole regime.
fn cell(finding: &Finding) -> Value {
    let bounds = finding.bounds.as_ref();
    json!({
        "subject": finding.subject,
        "on": finding.on.map(|day| day.to_string()),
        "verdict": finding.verdict.name(),
        "legal": finding.legal.name(),
        "operator": finding.operator.map(Operator::name),
        "threshold": finding.threshold.as_ref().map(Exact::to_text),
        "lower_fraction": bounds.and_then(|bounds| fraction(&bounds.lower)),
        "upper_fraction": bounds.and_then(|bounds| fraction(&bounds.upper)),
        "reason": finding.reason.map(Reason::name),
        "missing": finding.missing,
        "remarks": finding.remarks,
        "members": finding.members,
        "unverified": finding.unverified,
    })
}

fn not_asked(pack: &NotAsked) -> Value {
    json!({
        "pack": pack.pack,
        "title": pack.title,
        "pack_status": pack.status,
        "needs": pack.needs,
        "why": pack.why,
    })
}
