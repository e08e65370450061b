//! What the engine found of vehicles of which a sum does not tell, taken over.

use std::collections::BTreeMap;

use filiera_engine::Judgement;
use filiera_finding::Finding;
use filiera_model::Verdict;
use filiera_tables::Table;

use crate::{FleetCondition, FleetJudgement, Told, tenths};

/// Of which row of `vehicles` each finding is, where it is about one of these and a condition about vehicles.
pub(crate) fn of_vehicles<'f>(
    judged: &FleetJudgement,
    vehicles: &Table,
    some: &[u32],
    found: &'f Judgement,
) -> Vec<(u32, &'f Finding)> {
    let rows: BTreeMap<&str, u32> =
        some.iter().filter_map(|row| Some((vehicles.text("vehicle", *row as usize)?, *row))).collect();
    let findings = found.findings.iter().chain(&found.readings);
    let own = findings.filter_map(|one| Some((*rows.get(one.subject.as_str())?, one)));
    own.filter(|(_, one)| judged.is_asked(one)).collect()
}

impl FleetJudgement {
    /// Whether the finding is of a condition about vehicles.
    fn is_asked(&self, one: &Finding) -> bool {
        self.conditions.iter().any(|own| is(&own.pack, &own.condition, own.reading.as_ref(), one))
            || self.is_composed(one)
    }

    /// Whether the finding is of a composition.
    pub(crate) fn is_composed(&self, one: &Finding) -> bool {
        self.compositions.iter().any(|own| is(&own.pack, &own.condition, own.reading.as_ref(), one))
    }

    /// The condition of the finding by its place, if the vehicle stays open under it and no sum told so.
    pub(crate) fn opens(&self, row: u32, finding: &Finding) -> Option<usize> {
        let own = |one: &FleetCondition| is(&one.pack, &one.condition, one.reading.as_ref(), finding);
        let place = self.conditions.iter().position(own)?;
        let told = self.conditions.get(place)?.told.get(row as usize)?;
        (finding.verdict == Verdict::Undetermined && told.pair().is_none()).then_some(place)
    }

    /// Takes the verdict on a vehicle over.
    pub(crate) fn take(&mut self, row: u32, finding: &Finding) {
        let verdicts = [finding.verdict, finding.legal];
        for one in &mut self.conditions {
            if is(&one.pack, &one.condition, one.reading.as_ref(), finding)
                && let Some(slot) = one.told.get_mut(row as usize)
            {
                if slot.pair().is_none() {
                    tenths::count(&mut one.tenths, finding);
                }
                *slot = Told::of(verdicts);
            }
        }
        for one in &mut self.compositions {
            if is(&one.pack, &one.condition, one.reading.as_ref(), finding)
                && let Some(slot) = one.verdicts.get_mut(row as usize)
            {
                *slot = Some(verdicts);
            }
        }
    }
}

fn is(pack: &str, name: &str, reading: Option<&String>, finding: &Finding) -> bool {
    pack == finding.pack && name == finding.condition && reading == finding.reading.as_ref()
}
