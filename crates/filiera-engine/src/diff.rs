//! Who changes verdict between two laws, and because of which dated value.

mod attribute;
mod evidence;
mod items;
mod law;
mod packs;
mod paper_rows;
mod text;
mod values;
mod world;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_finding::{Change, Compared, ConditionShown, Diff, Finding, Verdicts};
use filiera_model::{Day, Zones};
use filiera_packs::Pack;
use filiera_tables::{Dossier, evidence_hash};

use crate::engine::Engine;
use crate::{EngineError, Settings};

use attribute::{Hand, attribute};
use items::DayWorlds;
use packs::PackWorlds;
use world::{Side, World, Worlds};

/// Two days of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiffDays {
    /// The earlier side.
    pub from: Day,
    /// The later side.
    pub to: Day,
    /// Whether only the law clock moves: subjects keep their dates, and the law is taken as known on
    /// each of the days. Else every subject is taken to be of each day, under the law as known on the
    /// day of the settings.
    pub law_only: bool,
}

/// Who changes verdict between two days, on which condition and because of which dated value.
///
/// What made a change is found by judging again with one dated value at a time as it is on the
/// other day. It is certified when that value alone makes the change, no other does, and without it
/// there is none; else the change is said to come from several. `progress` hears how many of how
/// many judgements are done.
///
/// # Errors
/// As [`Engine::new`].
pub fn diff(
    dossier: &Dossier,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    days: DiffDays,
    progress: &dyn Fn(usize, usize),
) -> Result<Diff, EngineError> {
    let worlds = DayWorlds::new(dossier, packs, zones, settings, days);
    let (changes, compared_findings) = changes(&worlds, progress)?;
    let (from, to) = (days.from, days.to);
    Ok(Diff {
        title: dossier.title.clone(),
        compared: if days.law_only { Compared::Law { from, to } } else { Compared::Days { from, to } },
        values: worlds.values(),
        text: Vec::new(),
        changes,
        compared_findings,
        packs: packs.iter().map(|pack| (pack.id.clone(), pack.hash.clone())).collect(),
        evidence_hash: Some(evidence_hash(dossier)),
        law_as_of: settings.law_as_of,
        facts_as_of: settings.facts_as_of,
    })
}

/// What a newer text of a pack says otherwise and, with a dossier, who changes verdict because of
/// which condition's or parameter's text.
///
/// Both packs must bear the same id. `others` are the packs whose conditions they take as members.
///
/// # Errors
/// As [`Engine::new`].
pub fn diff_packs(
    dossier: Option<&Dossier>,
    old: &Arc<Pack>,
    new: &Arc<Pack>,
    others: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    progress: &dyn Fn(usize, usize),
) -> Result<Diff, EngineError> {
    let (changes, compared_findings) = match dossier {
        None => (Vec::new(), 0),
        Some(dossier) => changes(&PackWorlds::new(dossier, old, new, others, zones, settings), progress)?,
    };
    let hashes = [old, new].into_iter().chain(others);
    Ok(Diff {
        title: dossier.map(|dossier| dossier.title.clone()).unwrap_or_default(),
        compared: Compared::Packs { old: old.file.clone(), new: new.file.clone() },
        values: Vec::new(),
        text: text::changes(old, new, settings.law_as_of),
        changes,
        compared_findings,
        packs: hashes.map(|pack| (pack.id.clone(), pack.hash.clone())).collect(),
        evidence_hash: dossier.map(evidence_hash),
        law_as_of: settings.law_as_of,
        facts_as_of: settings.facts_as_of,
    })
}

/// Pack, condition, subject.
type Key = (String, String, String);

/// Every finding by who and what, and the conditions in their order.
struct Found {
    findings: BTreeMap<Key, Finding>,
    conditions: Vec<ConditionShown>,
}

impl Found {
    fn of(engine: &Engine<'_>) -> Result<Self, EngineError> {
        let judgement = engine.judge(&|_, _| ())?;
        let key =
            |finding: &Finding| (finding.pack.clone(), finding.condition.clone(), finding.subject.clone());
        Ok(Self {
            conditions: judgement.conditions,
            findings: judgement.findings.into_iter().map(|finding| (key(&finding), finding)).collect(),
        })
    }
}

/// The verdicts of a finding.
fn verdicts(finding: &Finding) -> Verdicts {
    Verdicts { range: finding.verdict, legal: finding.legal }
}

/// The findings that differ between the two sides, gathered by condition, verdicts and cause; and how
/// many findings there are on both sides.
fn changes(worlds: &dyn Worlds, progress: &dyn Fn(usize, usize)) -> Result<(Vec<Change>, u64), EngineError> {
    let nothing = BTreeSet::new();
    let (old_world, new_world) = (worlds.world(Side::Old, &nothing)?, worlds.world(Side::New, &nothing)?);
    let (old_engine, new_engine) = (old_world.engine()?, new_world.engine()?);
    progress(0, 2);
    let (old, new) = (Found::of(&old_engine)?, Found::of(&new_engine)?);
    let on_both = |(key, after): (&Key, &Finding)| {
        let before = old.findings.get(key)?;
        Some((key.clone(), verdicts(before), verdicts(after)))
    };
    let both: Vec<(Key, Verdicts, Verdicts)> = new.findings.iter().filter_map(on_both).collect();
    let compared = both.len() as u64;
    let changed: Vec<_> = both.into_iter().filter(|(_, before, after)| before != after).collect();
    let hands = attribute(worlds, &changed, progress)?;
    let mut gathered: BTreeMap<(usize, Verdicts, Verdicts, Hand), Vec<Key>> = BTreeMap::new();
    for ((key, before, after), hand) in changed.into_iter().zip(hands) {
        let is_of = |shown: &ConditionShown| (&shown.pack, &shown.condition) == (&key.0, &key.1);
        let place = new.conditions.iter().position(is_of).unwrap_or(usize::MAX);
        gathered.entry((place, before, after, hand)).or_default().push(key);
    }
    let mut changes = Vec::new();
    for ((place, before, after, hand), keys) in gathered {
        let (Some(key), Some(shown)) = (keys.first(), new.conditions.get(place)) else { continue };
        let (Some(was), Some(is)) = (old.findings.get(key), new.findings.get(key)) else { continue };
        let mut parts = old_engine.parts_of(&key.2);
        parts.extend(new_engine.parts_of(&key.2));
        changes.push(Change {
            shown: shown.clone(),
            before,
            after,
            cause: worlds.cause(&hand, was, is, &parts),
            witness_before: was.clone(),
            witness_after: is.clone(),
            subjects: keys.into_iter().map(|(.., subject)| subject).collect(),
        });
    }
    Ok((changes, compared))
}

impl World {
    fn engine(&self) -> Result<Engine<'_>, EngineError> {
        let engine = Engine::new(&self.dossier, &self.packs, &self.zones, &self.settings)?;
        Ok(engine.with_subjects_on(self.subjects_on))
    }
}
