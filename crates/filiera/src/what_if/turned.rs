use std::collections::BTreeMap;

use filiera_finding::{ConditionTurned, Finding, Verdicts, WhatIf};
use filiera_fleet::FleetJudgement;
use filiera_model::Verdict;

use super::pair;
use crate::Dossier;

/// Pack, condition, reading.
type Name = (String, String, Option<String>);

/// The verdicts of all findings, conditions in order.
#[derive(Default)]
pub(super) struct Judged {
    order: Vec<Name>,
    of: BTreeMap<Name, BTreeMap<String, Verdicts>>,
    pub left_out: Vec<String>,
}

impl Judged {
    pub fn of_findings<'f>(findings: impl Iterator<Item = &'f Finding>, left_out: Vec<String>) -> Self {
        let mut judged = Self { left_out, ..Self::default() };
        for one in findings {
            let name = (one.pack.clone(), one.condition.clone(), one.reading.clone());
            judged.slot(name).insert(one.subject.clone(), pair([one.verdict, one.legal]));
        }
        judged
    }

    /// What was found of the subjects of a fleet that are no vehicles.
    pub fn of_fleet_others(fleet: &FleetJudgement) -> Self {
        Self::of_findings(fleet.others.findings.iter(), fleet.others.left_out.clone())
    }

    /// The vehicles of a fleet, by the row they stand in.
    pub fn add<'n>(
        &mut self,
        pack: &str,
        condition: &str,
        reading: Option<&str>,
        told: impl Iterator<Item = (usize, Option<[Verdict; 2]>)>,
        name: &dyn Fn(usize) -> &'n str,
    ) {
        let own = self.slot((pack.to_owned(), condition.to_owned(), reading.map(str::to_owned)));
        own.extend(told.filter_map(|(row, verdicts)| Some((name(row).to_owned(), pair(verdicts?)))));
    }

    fn slot(&mut self, name: Name) -> &mut BTreeMap<String, Verdicts> {
        if !self.of.contains_key(&name) {
            self.order.push(name.clone());
        }
        self.of.entry(name).or_default()
    }

    /// The verdicts that exit codes follow: not those of readings, nor of packs that nobody asked for.
    pub fn deciding(&self, dossier: &Dossier, legal: bool) -> Vec<Verdict> {
        let asked = |pack: &str| dossier.packs.along.iter().all(|(id, _)| id != pack);
        let own = self.of.iter().filter(|((pack, _, reading), _)| reading.is_none() && asked(pack));
        let mut verdicts: Vec<Verdict> = own
            .flat_map(|(_, all)| all.values().map(|one| if legal { one.legal } else { one.range }))
            .collect();
        verdicts.sort_unstable();
        verdicts.dedup();
        verdicts
    }
}

/// Tells what is another in the second judgement.
pub(super) fn turned(mut old: Judged, mut new: Judged, found: &mut WhatIf) {
    let added: Vec<Name> = new.order.iter().filter(|name| !old.of.contains_key(*name)).cloned().collect();
    for (pack, condition, reading) in old.order.into_iter().chain(added) {
        let name = (pack, condition, reading);
        let before = old.of.remove(&name).unwrap_or_default();
        let mut after = new.of.remove(&name).unwrap_or_default();
        let mut changes = Vec::new();
        for (subject, before) in before {
            let after = after.remove(&subject);
            found.judged += 1;
            if after != Some(before) {
                changes.push((subject, Some(before), after));
            }
        }
        found.judged += after.len() as u64;
        changes.extend(after.into_iter().map(|(subject, after)| (subject, None, Some(after))));
        changes.sort();
        let (pack, condition, reading) = name;
        if !changes.is_empty() {
            found.conditions.push(ConditionTurned { pack, condition, reading, changes });
        }
    }
}
