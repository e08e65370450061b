//! Over many subjects: which paper decides most, and which papers decide all of them together.

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{CommonSet, CommonStep, PaperRanked, PaperSays, Settling};
use filiera_model::Verdict;

use super::evidence::with_papers;
use super::paper::{Answer, Names, Paper};
use super::solved::Solved;
use crate::EngineError;
use crate::engine::Engine;

/// One open finding and what settles it.
pub(super) struct Entry<'a> {
    pub(super) settling: &'a Settling,
    pub(super) solved: &'a Solved,
    /// What kind of subject it is about.
    pub(super) per: &'a [String],
}

type Subject<'a> = (&'a [String], &'a str);

impl<'a> Entry<'a> {
    fn subject(&self) -> Subject<'a> {
        (self.per, &self.settling.finding.subject)
    }
}

/// Every paper by its name, as all findings that ask for it accept it.
fn papers(names: &Names<'_>, entries: &[Entry<'_>]) -> BTreeMap<String, Paper> {
    let mut papers: BTreeMap<String, Paper> = BTreeMap::new();
    let mut seen: BTreeSet<*const Solved> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| seen.insert(std::ptr::from_ref(entry.solved))) {
        for paper in &entry.solved.papers {
            let name = paper.slot.name(names);
            papers.entry(name).and_modify(|known| known.join(paper)).or_insert_with(|| paper.clone());
        }
    }
    papers
}

/// Every paper that could be asked for: those that decide the most subjects by themselves first,
/// then those in the sets of the most subjects, then by name.
pub(super) fn ranked(names: &Names<'_>, entries: &[Entry<'_>]) -> Vec<PaperRanked> {
    let mut ranked: Vec<PaperRanked> = Vec::new();
    for (name, paper) in papers(names, entries) {
        let count = |holds: &dyn Fn(&Settling) -> bool| {
            let subjects: BTreeSet<Subject<'_>> =
                entries.iter().filter(|entry| holds(entry.settling)).map(Entry::subject).collect();
            subjects.len() as u64
        };
        let asks = |settling: &Settling| settling.papers.contains(&name);
        let cannot = |settling: &Settling| settling.cannot_matter.contains(&name);
        let in_set =
            |settling: &Settling| settling.hoped.iter().any(|set| set.names().any(|own| own == name));
        let mut asked_by = entries.iter().filter(|entry| asks(entry.settling)).peekable();
        ranked.push(PaperRanked {
            decides_alone: count(&|settling| settling.alone.iter().any(|says| says.paper == name)),
            in_sets: count(&in_set),
            asked_by: count(&asks),
            says: says(entries, &name),
            cannot_matter: asked_by.peek().is_some() && asked_by.all(|entry| cannot(entry.settling)),
            paper: paper.asked(names),
        });
    }
    ranked.sort_by(|a, b| {
        let key = |one: &PaperRanked| (one.decides_alone, one.in_sets, one.asked_by);
        key(b).cmp(&key(a)).then_with(|| a.paper.paper.cmp(&b.paper.paper))
    });
    ranked
}

/// What most sets hope the paper says.
fn says(entries: &[Entry<'_>], name: &str) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for set in entries.iter().filter_map(|entry| entry.settling.hoped.as_ref()) {
        for says in
            set.papers.iter().filter(|says| says.paper == name).filter_map(|says| says.says.as_deref())
        {
            *counts.entry(says).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    most.map(|(says, _)| says.to_owned())
}

/// What findings still need: papers by name, with what they must say; and papers of which one is
/// enough.
struct Need<'a> {
    set: BTreeMap<String, &'a Answer>,
    alone: BTreeMap<String, &'a Answer>,
    subjects: Vec<Subject<'a>>,
}

/// Papers that together bring every finding to met that papers can bring there, each chosen
/// because it completes the most; then everything is judged again with all of them.
pub(super) fn common(
    engine: &Engine<'_>,
    names: &Names<'_>,
    entries: &[Entry<'_>],
) -> Result<Option<CommonSet>, EngineError> {
    let mut left = needs(names, entries);
    let within_reach: usize = left.iter().map(|need| need.subjects.len()).sum();
    if within_reach == 0 {
        return Ok(None);
    }
    let answers = agreed(&left);
    // Whoever hopes for something else than is agreed on is not completed by it.
    let is_agreed =
        |name: &String, answer: &Answer| answers.get(name).is_none_or(|agreed| agreed.may_serve(answer));
    left.retain(|need| need.set.iter().all(|(name, answer)| is_agreed(name, answer)));
    left.iter_mut().for_each(|need| need.alone.retain(|name, answer| is_agreed(name, answer)));
    let mut chosen: BTreeSet<String> = BTreeSet::new();
    let mut steps = Vec::new();
    while let Some(next) = best_next(&left, &chosen) {
        chosen.insert(next.clone());
        let (done, open): (Vec<Need<'_>>, Vec<Need<'_>>) =
            left.into_iter().partition(|need| is_done(need, &chosen));
        left = open;
        let subjects: BTreeSet<Subject<'_>> =
            done.iter().flat_map(|need| need.subjects.iter().copied()).collect();
        let says = answers.get(&next).and_then(|answer| answer.says.clone());
        steps.push(CommonStep {
            says: PaperSays { paper: next, says },
            findings: done.iter().map(|need| need.subjects.len() as u64).sum(),
            subjects: subjects.len() as u64,
        });
    }
    let met = met_with(engine, names, entries, &answers, &chosen)?;
    Ok(Some(CommonSet { steps, within_reach: within_reach as u64, met, open: entries.len() as u64 }))
}

/// The findings that papers can bring to met, those that need the same together.
fn needs<'a>(names: &Names<'_>, entries: &[Entry<'a>]) -> Vec<Need<'a>> {
    let mut places: BTreeMap<*const Solved, usize> = BTreeMap::new();
    let mut needs: Vec<Need<'a>> = Vec::new();
    for entry in entries {
        let Ok(set) = &entry.solved.hoped else { continue };
        let place = *places.entry(std::ptr::from_ref(entry.solved)).or_insert_with(|| {
            let own = set
                .papers
                .iter()
                .filter_map(|(place, answer)| Some((entry.solved.name(names, *place), answer.as_ref()?)));
            let alone =
                entry.solved.alone.iter().map(|(place, answer)| (entry.solved.name(names, *place), answer));
            needs.push(Need { set: own.collect(), alone: alone.collect(), subjects: Vec::new() });
            needs.len() - 1
        });
        if let Some(need) = needs.get_mut(place) {
            need.subjects.push(entry.subject());
        }
    }
    needs
}

/// What each paper must say: where findings hope for different things, what the most hope for; of an
/// amount the most demanding.
fn agreed(needs: &[Need<'_>]) -> BTreeMap<String, Answer> {
    let mut hopes: BTreeMap<&str, Vec<(&Answer, usize)>> = BTreeMap::new();
    for need in needs {
        for (name, answer) in &need.set {
            hopes.entry(name).or_default().push((answer, need.subjects.len()));
        }
        for (name, answer) in &need.alone {
            hopes.entry(name).or_default().push((answer, 0));
        }
    }
    hopes.into_iter().filter_map(|(name, hopes)| Some((name.to_owned(), most_wanted(&hopes)?))).collect()
}

fn most_wanted(hopes: &[(&Answer, usize)]) -> Option<Answer> {
    let all = |word: &str| {
        hopes.iter().all(|(answer, _)| answer.says.as_ref().is_some_and(|says| says.starts_with(word)))
    };
    let by_amount = |a: &&(&Answer, usize), b: &&(&Answer, usize)| a.0.amount().cmp(&b.0.amount());
    if all("at least") {
        return hopes.iter().max_by(by_amount).map(|(answer, _)| (*answer).clone());
    }
    if all("at most") {
        return hopes.iter().min_by(by_amount).map(|(answer, _)| (*answer).clone());
    }
    let votes = |answer: &Answer| -> usize {
        hopes.iter().filter(|(other, _)| other.content == answer.content).map(|(_, count)| *count).sum()
    };
    hopes.iter().rev().max_by_key(|(answer, _)| votes(answer)).map(|(answer, _)| (*answer).clone())
}

fn is_done(need: &Need<'_>, chosen: &BTreeSet<String>) -> bool {
    need.set.keys().all(|name| chosen.contains(name)) || need.alone.keys().any(|name| chosen.contains(name))
}

/// The paper that completes the most findings; when none completes any, the one most wanted among
/// the findings nearest to completion.
fn best_next(left: &[Need<'_>], chosen: &BTreeSet<String>) -> Option<String> {
    let missing = |need: &Need<'_>| need.set.keys().filter(|name| !chosen.contains(*name)).count();
    let nearest = left.iter().map(missing).min()?;
    let mut votes: BTreeMap<&String, (usize, usize)> = BTreeMap::new();
    for need in left {
        let weight = need.subjects.len();
        for name in need.set.keys().filter(|name| !chosen.contains(*name)) {
            let vote = votes.entry(name).or_default();
            vote.1 += weight;
            vote.0 += if missing(need) == nearest { weight } else { 0 };
        }
        if nearest == 1 {
            for name in need.alone.keys().filter(|name| !need.set.contains_key(*name)) {
                votes.entry(name).or_default().0 += weight;
            }
        }
    }
    let best = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    best.map(|(name, _)| name.clone())
}

/// How many of the findings are met when everything is judged again with these papers.
fn met_with(
    engine: &Engine<'_>,
    names: &Names<'_>,
    entries: &[Entry<'_>],
    answers: &BTreeMap<String, Answer>,
    chosen: &BTreeSet<String>,
) -> Result<u64, EngineError> {
    let papers = papers(names, entries);
    let given: Vec<(&Paper, &Answer)> =
        chosen.iter().filter_map(|name| papers.get(name).zip(answers.get(name))).collect();
    let dossier = with_papers(engine.ground.dossier, &given)?;
    let again = engine.over(&dossier)?;
    let judgement = again.judge(&|_, _| {})?;
    let met: BTreeSet<(&str, &str, Option<&str>, &str)> = judgement
        .findings
        .iter()
        .chain(&judgement.readings)
        .filter(|finding| finding.verdict == Verdict::Met)
        .map(|f| (f.pack.as_str(), f.condition.as_str(), f.reading.as_deref(), f.subject.as_str()))
        .collect();
    let is_met = |entry: &&Entry<'_>| {
        let f = &entry.settling.finding;
        met.contains(&(f.pack.as_str(), f.condition.as_str(), f.reading.as_deref(), f.subject.as_str()))
    };
    Ok(entries.iter().filter(is_met).count() as u64)
}
