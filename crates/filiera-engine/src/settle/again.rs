use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_model::{Verdict, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, TableKind};

use super::evidence::{keep, with_papers};
use super::paper::{Answer, Paper};
use crate::EngineError;
use crate::bind::BoundCondition;
use crate::engine::Engine;
use crate::ground::Settings;
use crate::judge::{Judgements, Outcome};

/// One condition and a few subjects, ready to be judged again under other evidence.
pub(super) struct Bench<'a> {
    dossier: Dossier,
    packs: Vec<Arc<Pack>>,
    zones: &'a Zones,
    settings: Settings,
    condition: Asked,
    subjects: Vec<String>,
}

/// The condition judged, or its reading.
struct Asked {
    pack: String,
    name: String,
    reading: Option<String>,
}

/// What the engine says under other evidence.
pub(super) struct Again {
    /// One outcome per subject; nothing where there is no such subject any more.
    pub(super) outcomes: Vec<Option<Outcome>>,
    /// How many rows the population has.
    pub(super) rows: usize,
}

impl<'a> Bench<'a> {
    /// The condition `bound` and these subjects; whatever is not needed to judge them is left out.
    pub(super) fn new(
        engine: &Engine<'a>,
        bound: &BoundCondition,
        subjects: &[String],
    ) -> Result<Self, EngineError> {
        let condition = Asked {
            pack: bound.pack.id.clone(),
            name: bound.condition.name.clone(),
            reading: bound.reading.clone(),
        };
        let packs = needed(engine, bound);
        let mut settings = engine.ground.settings.clone();
        settings.readings = bound.is_reading();
        let dossier = narrowed(engine, bound, subjects)?;
        let (zones, subjects) = (engine.ground.zones, subjects.to_vec());
        Ok(Self { dossier, packs, zones, settings, condition, subjects })
    }

    /// Judges again with these papers in the evidence.
    pub(super) fn judge(&self, papers: &[(&Paper, &Answer)]) -> Result<Again, EngineError> {
        let dossier = with_papers(&self.dossier, papers)?;
        let engine = Engine::with_hash(&dossier, &self.packs, self.zones, &self.settings, String::new())?;
        let asked = engine.bound.iter().find(|bound| {
            bound.pack.id == self.condition.pack
                && bound.condition.name == self.condition.name
                && bound.reading == self.condition.reading
        });
        let none = || vec![None; self.subjects.len()];
        let Some(bound) = asked else { return Ok(Again { outcomes: none(), rows: 0 }) };
        let mut judgements = Judgements::new();
        engine.judge_members(bound, &mut judgements)?;
        let found = engine.judge_one(bound, &judgements)?;
        let of_subject = |subject: &String| {
            let place = engine.subjects_of(bound)?.find(subject)?;
            found.get(place as usize).cloned()
        };
        let rows = engine.rows_of(bound).map_or(0, |rows| rows.infos.len());
        Ok(Again { outcomes: self.subjects.iter().map(of_subject).collect(), rows })
    }

    /// Whether every subject has this verdict with these papers.
    pub(super) fn all_are(
        &self,
        verdict: Verdict,
        papers: &[(&Paper, &Answer)],
    ) -> Result<bool, EngineError> {
        let again = self.judge(papers)?;
        Ok(again.outcomes.iter().all(|outcome| outcome.as_ref().is_some_and(|o| o.verdict == verdict)))
    }

    /// Whether every subject is decided with these papers.
    pub(super) fn all_decided(&self, papers: &[(&Paper, &Answer)]) -> Result<bool, EngineError> {
        let again = self.judge(papers)?;
        let decided = |outcome: &Option<Outcome>| outcome.as_ref().is_some_and(|o| o.verdict.is_decided());
        Ok(again.outcomes.iter().all(decided))
    }
}

/// The packs with nothing in them but the condition and its members.
fn needed(engine: &Engine<'_>, bound: &BoundCondition) -> Vec<Arc<Pack>> {
    let mut names: BTreeSet<(String, String)> = BTreeSet::new();
    let mut left = vec![bound];
    while let Some(next) = left.pop() {
        if next.is_reading() || names.insert((next.pack.id.clone(), next.condition.name.clone())) {
            for member in next.condition.form.members() {
                let (pack, name) = next.member(&member.value);
                let known = names.contains(&(pack.to_owned(), name.to_owned()));
                left.extend(engine.bound.iter().find(|other| !known && other.is(pack, name)));
            }
        }
    }
    let mut packs: Vec<Arc<Pack>> = Vec::new();
    for other in engine.bound.iter() {
        let pack = &other.pack;
        let reads = bound.reading.as_ref().filter(|_| pack.id == bound.pack.id);
        let is_needed = reads.is_some() || names.iter().any(|(id, _)| *id == pack.id);
        if !is_needed || packs.iter().any(|known| known.id == pack.id) {
            continue;
        }
        let mut narrow = Pack::clone(pack);
        narrow.conditions.retain(|condition| names.contains(&(pack.id.clone(), condition.name.clone())));
        narrow
            .readings
            .retain(|reading| reads == Some(&reading.name) && reading.of.value == bound.condition.name);
        packs.push(Arc::new(narrow));
    }
    packs
}

/// The evidence of these vehicles alone, where vehicles are judged and nothing else is asked.
fn narrowed(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    subjects: &[String],
) -> Result<Dossier, EngineError> {
    let mut dossier = engine.ground.dossier.clone();
    if bound.per != ["vehicle"] || !stays_with_vehicles(engine, bound, 0) {
        return Ok(dossier);
    }
    let wanted: BTreeSet<&str> = subjects.iter().map(String::as_str).collect();
    for kind in [TableKind::Vehicles, TableKind::Installed] {
        if let Some(table) = dossier.table(kind) {
            let is_wanted = |row: usize| table.text("vehicle", row).is_some_and(|v| wanted.contains(v));
            let table = keep(table, is_wanted)?;
            dossier.tables.insert(kind, table);
        }
    }
    Ok(dossier)
}

/// Members inside members are followed no further than this.
const DEEPEST: usize = 16;

/// Whether the condition and its members judge the vehicle itself, by its own rows.
fn stays_with_vehicles(engine: &Engine<'_>, bound: &BoundCondition, depth: usize) -> bool {
    let own = bound.leaf.as_ref().is_none_or(|leaf| leaf.population.is_of_vehicles());
    own && depth < DEEPEST
        && bound.per == ["vehicle"]
        && bound.condition.via.is_empty()
        && bound.condition.form.members().iter().all(|member| {
            let (pack, name) = bound.member(&member.value);
            let other = engine.bound.iter().find(|other| other.is(pack, name));
            other.is_some_and(|other| stays_with_vehicles(engine, other, depth + 1))
        })
}
