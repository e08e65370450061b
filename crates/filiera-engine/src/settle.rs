//! What would settle an open finding: which papers decide it, and which cannot matter.
//!
//! A paper is one declaration, price or other fact that could be supplied; rows that share one are
//! one paper. For a single share the smallest set is found through sums of slack; for everything
//! else a set is found by judging again, and nobody claims that it is the smallest. Every set is
//! certified: its papers are put into the evidence, and the engine judges again.

mod again;
mod answers;
mod awaited;
mod compose;
mod evidence;
mod model;
mod paper;
mod pivotal;
mod rank;
mod search;
mod share;
mod smallest;
mod solved;
mod sum;
mod waits;

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{PaperSays, Settlement, Settling};
use filiera_model::Verdict;

use self::again::Bench;
pub(crate) use self::awaited::row_waits;
pub use self::awaited::{Awaited, RowWaits, Takes};
use self::compose::compose;
use self::paper::Names;
use self::rank::{Entry, common, ranked};
use self::search::search;
use self::share::{model, solve_share};
use self::solved::{Limits, Solved};
use self::waits::waits;
use crate::EngineError;
use crate::bind::BoundCondition;
use crate::engine::Engine;
use crate::explain::{listed, once};
use crate::judge::Outcome;
use crate::shown::{condition_shown, finding};
use crate::subjects::Subjects;

/// What to settle.
#[derive(Clone, Debug)]
pub struct SettleQuestion {
    /// Only this condition; nothing: all.
    pub condition: Option<String>,
    /// Only conditions of this pack; nothing: all.
    pub pack: Option<String>,
    /// Only this subject; nothing: all.
    pub subject: Option<String>,
    /// Sets of at most so many papers.
    pub within: usize,
}

impl Default for SettleQuestion {
    /// Everything, in sets of up to 8 papers.
    fn default() -> Self {
        Self { condition: None, pack: None, subject: None, within: 8 }
    }
}

/// A condition's place and a subject's.
type Key = (usize, usize);

/// What settles the findings looked at so far.
#[derive(Default)]
struct Known {
    solutions: Vec<Solved>,
    /// The place of each finding's solution.
    found: BTreeMap<Key, usize>,
}

impl Known {
    fn of(&self, key: &Key) -> Option<&Solved> {
        self.solutions.get(*self.found.get(key)?)
    }
}

impl Engine<'_> {
    /// What would settle every open finding that the question asks about; readings only when the
    /// settings ask for them.
    ///
    /// `progress` is told how many of how many findings are done.
    ///
    /// # Errors
    /// [`EngineError::NothingToSettle`] when there is no such condition or subject.
    pub fn settle(
        &self,
        question: &SettleQuestion,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Settlement, EngineError> {
        self.check_question(question)?;
        let names = Names::new(self);
        let outcomes = self.outcomes(false, &|_, _| {})?;
        let asked = self.asked(question, &outcomes);
        let wanted = self.with_members(&asked, &outcomes);
        let limits = Limits { within: question.within };
        let known = self.solutions(&wanted, &outcomes, limits, progress)?;
        let entries: Vec<(Key, &Solved)> =
            asked.iter().filter_map(|key| Some((*key, known.of(key)?))).collect();
        let settlings: Vec<Settling> = entries
            .iter()
            .filter_map(|(key, solved)| self.settling(&names, *key, solved, &outcomes))
            .collect();
        let judged = outcomes.values().map(Vec::len).sum::<usize>();
        let ranking: Vec<Entry<'_>> = entries
            .iter()
            .zip(&settlings)
            .filter_map(|((key, solved), settling)| {
                Some(Entry { settling, solved, per: &self.bound.get(key.0)?.per })
            })
            .collect();
        let open: BTreeSet<usize> = asked.iter().map(|(place, _)| *place).collect();
        let conditions = open
            .iter()
            .filter_map(|place| Some(condition_shown(self, self.bound.get(*place)?, outcomes.get(place)?)));
        Ok(Settlement {
            title: self.ground.dossier.title.clone(),
            judged: judged as u64,
            papers: ranked(&names, &ranking),
            common: common(self, &names, &ranking)?,
            conditions: conditions.collect(),
            within: question.within as u64,
            evidence_hash: self.evidence_hash.clone(),
            law_as_of: self.ground.settings.law_as_of,
            facts_as_of: self.ground.settings.facts_as_of,
            settlings,
        })
    }

    /// Refuses what is not there.
    fn check_question(&self, question: &SettleQuestion) -> Result<(), EngineError> {
        let of_pack =
            |bound: &&BoundCondition| question.pack.as_ref().is_none_or(|pack| *pack == bound.pack.id);
        let is_it = |bound: &&BoundCondition| {
            question.condition.as_ref().is_none_or(|name| *name == bound.condition.name)
        };
        let own: Vec<&BoundCondition> = self.bound.iter().filter(of_pack).filter(is_it).collect();
        if own.is_empty() {
            let name = question.condition.clone().or_else(|| question.pack.clone()).unwrap_or_default();
            let all = self.bound.iter().filter(of_pack).map(|bound| bound.condition.name.as_str());
            let help = listed("the conditions", &name, &once(all));
            return Err(EngineError::NothingToSettle { what: "condition", name, help });
        }
        let Some(subject) = &question.subject else { return Ok(()) };
        let all: Vec<&Subjects> = own.iter().filter_map(|bound| self.subjects_of(bound)).collect();
        if all.iter().any(|subjects| subjects.find(subject).is_some()) {
            return Ok(());
        }
        let names = all.iter().flat_map(|subjects| subjects.names.iter().map(String::as_str));
        let help = listed("the subjects", subject, &once(names));
        Err(EngineError::NothingToSettle { what: "subject", name: subject.clone(), help })
    }

    /// The open findings asked about.
    fn asked(&self, question: &SettleQuestion, outcomes: &BTreeMap<usize, Vec<Outcome>>) -> Vec<Key> {
        let mut asked = Vec::new();
        for (place, outcomes) in outcomes {
            let Some(bound) = self.bound.get(*place) else { continue };
            let is_condition = question.condition.as_ref().is_none_or(|name| *name == bound.condition.name)
                && question.pack.as_ref().is_none_or(|pack| *pack == bound.pack.id);
            let names = self.subjects_of(bound).map(|subjects| subjects.names.as_slice()).unwrap_or_default();
            let is_subject = |name: &String| question.subject.as_ref().is_none_or(|subject| subject == name);
            let open = outcomes
                .iter()
                .zip(names)
                .enumerate()
                .filter(|(_, (outcome, name))| is_condition && is_subject(name) && is_open(outcome));
            asked.extend(open.map(|(subject, _)| (*place, subject)));
        }
        asked
    }

    /// The same with the open members of compositions, and theirs.
    fn with_members(&self, asked: &[Key], outcomes: &BTreeMap<usize, Vec<Outcome>>) -> BTreeSet<Key> {
        let mut all = BTreeSet::new();
        let mut left = asked.to_vec();
        while let Some(key) = left.pop() {
            if all.insert(key) {
                left.extend(self.open_members(key, outcomes));
            }
        }
        all
    }

    /// The members of a composition that are open for its subject.
    fn open_members(&self, key: Key, outcomes: &BTreeMap<usize, Vec<Outcome>>) -> Vec<Key> {
        let Some(bound) = self.bound.get(key.0) else { return Vec::new() };
        let members = bound.condition.form.members();
        let open = members.iter().filter_map(|member| {
            let (pack, name) = bound.member(&member.value);
            let place = self.bound.iter().position(|other| other.is(pack, name))?;
            let own = self.subjects_of(bound)?;
            let subject = match bound.condition.via.get(&member.value.condition) {
                Some(column) => own.columns.text(&column.value, key.1)?,
                None => own.names.get(key.1)?,
            };
            let subject = self.subjects_of(self.bound.get(place)?)?.find(subject)? as usize;
            outcomes.get(&place)?.get(subject).filter(|outcome| is_open(outcome))?;
            Some((place, subject))
        });
        open.collect()
    }

    /// What settles each finding, members before what is made of them; findings of one condition
    /// that wait for the same are solved once.
    fn solutions(
        &self,
        wanted: &BTreeSet<Key>,
        outcomes: &BTreeMap<usize, Vec<Outcome>>,
        limits: Limits,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Known, EngineError> {
        let mut known = Known::default();
        for place in self.order(false) {
            let mut alike: BTreeMap<String, Vec<Key>> = BTreeMap::new();
            for key in wanted.range((place, 0)..=(place, usize::MAX)) {
                alike.entry(self.likeness(*key, outcomes, &known)).or_default().push(*key);
            }
            for keys in alike.into_values() {
                progress(known.found.len(), wanted.len());
                let solved = self.solve(&keys, outcomes, &known, limits)?;
                known.found.extend(keys.into_iter().map(|key| (key, known.solutions.len())));
                known.solutions.push(solved);
            }
        }
        progress(wanted.len(), wanted.len());
        Ok(known)
    }

    /// What settles these findings of one condition, which wait for the same.
    fn solve(
        &self,
        keys: &[Key],
        outcomes: &BTreeMap<usize, Vec<Outcome>>,
        known: &Known,
        limits: Limits,
    ) -> Result<Solved, EngineError> {
        let nothing = || Ok(Solved::without_papers(Vec::new()));
        let Some((first, bound)) = keys.first().and_then(|key| Some((*key, self.bound.get(key.0)?))) else {
            return nothing();
        };
        let names = self.subjects_of(bound).map(|subjects| subjects.names.as_slice()).unwrap_or_default();
        let subjects: Vec<String> = keys.iter().filter_map(|(_, at)| names.get(*at).cloned()).collect();
        let bench = Bench::new(self, bound, &subjects)?;
        let Some(leaf) = &bound.leaf else {
            let members = self.open_members(first, outcomes);
            let members: Vec<&Solved> = members.iter().filter_map(|member| known.of(member)).collect();
            return compose(&bench, bound, &members, limits);
        };
        let Some(outcome) = outcomes.get(&first.0).and_then(|all| all.get(first.1)) else { return nothing() };
        let waits = waits(self, bound, leaf, first.1, outcome);
        match model(&bench, bound, leaf, outcome, &waits)? {
            Some(model) => solve_share(&bench, &model, waits, limits),
            None => search(&bench, bound, waits, limits),
        }
    }

    /// Everything that makes two findings of one condition wait for the same.
    fn likeness(&self, key: Key, outcomes: &BTreeMap<usize, Vec<Outcome>>, known: &Known) -> String {
        let Some(bound) = self.bound.get(key.0) else { return String::new() };
        let Some(outcome) = outcomes.get(&key.0).and_then(|all| all.get(key.1)) else { return String::new() };
        let Some(leaf) = &bound.leaf else {
            let members = self.open_members(key, outcomes);
            let solved: Vec<Option<&usize>> = members.iter().map(|member| known.found.get(member)).collect();
            return format!("{:?} {:?} {solved:?}", outcome.verdict, outcome.reason);
        };
        let waits = waits(self, bound, leaf, key.1, outcome);
        let rows = outcome.rows.iter().map(|row| (&row.weight.range, &row.marked, row.scope, &row.totals));
        let rows: Vec<_> = rows.collect();
        let day = outcome.on.filter(|_| !bound.zones.is_empty());
        format!("{:?} {:?} {day:?} {rows:?} {waits:?}", outcome.used, outcome.reason)
    }

    fn settling(
        &self,
        papers: &Names<'_>,
        (place, subject): Key,
        solved: &Solved,
        outcomes: &BTreeMap<usize, Vec<Outcome>>,
    ) -> Option<Settling> {
        let bound = self.bound.get(place)?;
        let name = self.subjects_of(bound)?.names.get(subject)?;
        let outcome = outcomes.get(&place)?.get(subject)?.clone();
        let names = |places: &[usize]| places.iter().map(|place| solved.name(papers, *place)).collect();
        let all: Vec<usize> = (0..solved.papers.len()).collect();
        let alone = solved.alone.iter().map(|(place, answer)| PaperSays {
            paper: solved.name(papers, *place),
            says: answer.says.clone(),
        });
        Some(Settling {
            finding: finding(self, bound, name, outcome),
            papers: names(&all),
            unforeseen: solved.unforeseen.clone(),
            hoped: solved.hoped.as_ref().ok().map(|set| solved.shown(papers, set)),
            not_hoped: solved.hoped.as_ref().err().copied(),
            alone: alone.collect(),
            either_way: solved.either.as_ref().ok().map(|set| solved.shown(papers, set)),
            not_either_way: solved.either.as_ref().err().copied(),
            cannot_matter: names(&solved.cannot_matter),
        })
    }
}

/// Whether papers may still change something that is not decided.
fn is_open(outcome: &Outcome) -> bool {
    outcome.verdict == Verdict::Undetermined
}
