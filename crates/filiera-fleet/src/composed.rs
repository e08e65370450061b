//! Compositions about vehicles, from what their members were found to be.

use filiera_engine::{Composed, Engine, Judgement};
use filiera_model::{Mark, Verdict};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::cohorts::Cohorts;
use crate::judge::{FleetComposition, FleetCondition};

/// Pack and condition; what was found of each subject that is no vehicle.
type Others = FxHashMap<(String, String, String), [Verdict; 2]>;

/// Every composition for every vehicle. `engine` knows the first vehicle of each cohort.
pub(crate) fn compositions(
    engine: &Engine<'_>,
    vehicles: &Table,
    cohorts: &Cohorts,
    conditions: &[FleetCondition],
) -> Result<Vec<FleetComposition>, FleetError> {
    let others = others(engine.judge(&|_, _| {})?);
    let mut found: Vec<FleetComposition> = Vec::new();
    for composed in engine.composed() {
        let Some((pack, name, reading)) = engine.name_of_composed(composed) else { continue };
        let speaks = engine.speaks(composed)?;
        let verdicts = (0..vehicles.len()).map(|vehicle| {
            let cohort = cohorts.of.get(vehicle).copied().flatten()?;
            let first = *cohorts.first.get(cohort as usize)? as usize;
            let first = vehicles.text("vehicle", first)?;
            let speaks = *speaks.get(first)?;
            of_vehicle(engine, composed, (vehicle, first), speaks, conditions, &found, &others)
        });
        let verdicts = verdicts.collect();
        let reading = reading.map(str::to_owned);
        let one = FleetComposition { pack: pack.to_owned(), condition: name.to_owned(), reading, verdicts };
        found.push(one);
    }
    Ok(found)
}

fn others(judgement: Judgement) -> Others {
    let findings = judgement.findings.into_iter();
    findings.map(|one| ((one.pack, one.condition, one.subject), [one.verdict, one.legal])).collect()
}

/// The verdicts for one vehicle; nothing where a member of its own is not told.
fn of_vehicle(
    engine: &Engine<'_>,
    composed: Composed,
    (vehicle, first): (usize, &str),
    speaks: Mark,
    conditions: &[FleetCondition],
    found: &[FleetComposition],
    others: &Others,
) -> Option<[Verdict; 2]> {
    let is_told = std::cell::Cell::new(true);
    let member = |(pack, name, other): (&str, &str, Option<&str>)| {
        if let Some(other) = other {
            return others.get(&(pack.to_owned(), name.to_owned(), other.to_owned())).copied();
        }
        let leaf =
            conditions.iter().find(|one| one.pack == pack && one.condition == name && one.reading.is_none());
        let whole =
            found.iter().find(|one| one.pack == pack && one.condition == name && one.reading.is_none());
        let told = match (leaf, whole) {
            (Some(leaf), _) => leaf.told.get(vehicle)?.pair(),
            (None, Some(whole)) => whole.verdicts.get(vehicle).copied().flatten(),
            // A condition that is not judged is undetermined in a composition.
            (None, None) => return None,
        };
        is_told.set(is_told.get() && told.is_some());
        told
    };
    let verdicts = engine.compose(composed, first, speaks, &member);
    (is_told.get() || speaks != Mark::Yes).then_some(verdicts)
}
