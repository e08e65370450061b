//! Compositions about vehicles, from what their members were found to be.

use filiera_engine::{Composed, Engine, Judgement};
use filiera_finding::Finding;
use filiera_model::{Mark, Verdict};
use filiera_tables::Table;
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::cohorts::Cohorts;
use crate::judge::{FleetComposition, FleetCondition};
use crate::sums::Told;

/// Pack and condition; what was found of each subject that is no vehicle.
type Others = FxHashMap<(String, String, String), [Verdict; 2]>;

/// A cohort, and what was found of one of its vehicles so far.
type Alike = (u32, Vec<Option<[Verdict; 2]>>);

/// Every composition for every vehicle. `engine` knows the first vehicle of each cohort.
pub(crate) fn compositions(
    engine: &Engine<'_>,
    vehicles: &Table,
    cohorts: &Cohorts,
    conditions: &[FleetCondition],
    judged: &Judgement,
) -> Result<Vec<FleetComposition>, FleetError> {
    let others = others(judged);
    let mut found: Vec<FleetComposition> = Vec::new();
    for composed in engine.composed() {
        let Some((pack, name, reading)) = engine.name_of_composed(composed) else { continue };
        let speaks = engine.speaks(composed)?;
        // Of vehicles of one cohort of which the same was found, one is asked.
        let mut known: FxHashMap<Alike, Option<[Verdict; 2]>> = FxHashMap::default();
        let verdicts = (0..vehicles.len()).map(|vehicle| {
            let cohort = cohorts.of.get(vehicle).copied().flatten()?;
            let leaves = conditions.iter().map(|one| one.told.get(vehicle).copied().and_then(Told::pair));
            let wholes =
                found.iter().map(|one: &FleetComposition| one.verdicts.get(vehicle).copied().flatten());
            let key = (cohort, leaves.chain(wholes).collect());
            if let Some(verdicts) = known.get(&key) {
                return *verdicts;
            }
            let first = *cohorts.first.get(cohort as usize)? as usize;
            let first = vehicles.text("vehicle", first)?;
            let speaks = *speaks.get(first)?;
            let verdicts =
                of_vehicle(engine, composed, (vehicle, first), speaks, conditions, &found, &others);
            known.insert(key, verdicts);
            verdicts
        });
        let verdicts = verdicts.collect();
        let reading = reading.map(str::to_owned);
        let one = FleetComposition { pack: pack.to_owned(), condition: name.to_owned(), reading, verdicts };
        found.push(one);
    }
    Ok(found)
}

fn others(judged: &Judgement) -> Others {
    let key = |one: &Finding| (one.pack.clone(), one.condition.clone(), one.subject.clone());
    judged.findings.iter().map(|one| (key(one), [one.verdict, one.legal])).collect()
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
