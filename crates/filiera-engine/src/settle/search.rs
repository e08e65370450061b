//! Every other form: sets are found by judging again, and certified the same way. Nobody claims
//! that they are the smallest.

use std::collections::BTreeMap;

use filiera_finding::NoSet;
use filiera_model::{End, Exact, Operator, Verdict};
use filiera_packs::Form;

use super::again::Bench;
use super::paper::{Answer, Content, Paper, Slot};
use super::solved::{Limits, MOST_CERTIFIED, Set, Solved, certified_either_way, combinations};
use super::waits::Waits;
use crate::EngineError;
use crate::bind::BoundCondition;
use crate::judge::Outcome;

/// What settles a finding, by trying.
pub(super) fn search(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    waits: Waits,
    limits: Limits,
) -> Result<Solved, EngineError> {
    if waits.papers.is_empty() {
        return Ok(Solved::without_papers(waits.unforeseen));
    }
    let papers = &waits.papers;
    let (best, alone) = single(bench, bound, papers)?;
    let hoped = hoped(bench, bound, papers, best, &alone, limits)?;
    let (either, cannot_matter) = either(bench, papers, limits)?;
    let unforeseen = !waits.unforeseen.is_empty();
    let why = |why: NoSet| if unforeseen && why == NoSet::StaysOpen { NoSet::Unforeseen } else { why };
    Ok(Solved {
        hoped: hoped.map_err(why),
        either: either.map_err(why),
        alone,
        cannot_matter,
        papers: waits.papers,
        unforeseen: waits.unforeseen,
    })
}

/// The papers that each decide it by themselves, and what they say.
type Alone = Vec<(usize, Answer)>;

/// The best that each paper may say, by itself.
fn single(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    papers: &[Paper],
) -> Result<(Vec<Answer>, Alone), EngineError> {
    let (mut best, mut alone) = (Vec::new(), Vec::new());
    for (place, paper) in papers.iter().enumerate() {
        let mut found: Option<(Score, &Answer)> = None;
        for answer in &paper.answers {
            let score = score(bench, bound, &[(paper, answer)])?;
            if found.as_ref().is_none_or(|(known, _)| score > *known) {
                found = Some((score, answer));
            }
        }
        let Some((score, answer)) = found else { continue };
        if score.is_met() {
            alone.push((place, answer.clone()));
        }
        best.push(answer.clone());
    }
    Ok((best, alone))
}

fn hoped(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    papers: &[Paper],
    mut best: Vec<Answer>,
    alone: &Alone,
    limits: Limits,
) -> Result<Result<Set, NoSet>, EngineError> {
    if let Some((place, answer)) = alone.first() {
        let papers = vec![(*place, Some(answer.clone()))];
        return Ok(Ok(Set { papers, minimal: true, certified: 1 }));
    }
    let mut whole = score(bench, bound, &pairs(papers, &best, &all(papers)))?;
    if !whole.is_met() {
        whole = improved(bench, bound, papers, &mut best, whole)?;
    }
    if !whole.is_met() {
        return Ok(Err(why_not(bench, bound, papers, best, &whole)?));
    }
    let places = without_needless(bench, papers, &best)?;
    if places.len() > limits.within {
        return Ok(Err(NoSet::BeyondLimit));
    }
    let papers = places.iter().map(|place| (*place, best.get(*place).cloned())).collect();
    Ok(Ok(Set { papers, minimal: false, certified: 1 }))
}

/// Why every paper together does not make it met.
fn why_not(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    papers: &[Paper],
    mut best: Vec<Answer>,
    whole: &Score,
) -> Result<NoSet, EngineError> {
    if whole.verdict != Verdict::Undetermined {
        return Ok(NoSet::NotFound);
    }
    let lists = papers.iter().zip(&mut best).filter(|(paper, _)| matches!(paper.slot, Slot::Complete(_)));
    let mut is_listed = false;
    for (_, answer) in lists {
        *answer = Answer::new(Content::Complete, None);
        is_listed = true;
    }
    let fails =
        is_listed && score(bench, bound, &pairs(papers, &best, &all(papers)))?.verdict == Verdict::NotMet;
    Ok(if fails { NoSet::Unlisted } else { NoSet::StaysOpen })
}

fn all(papers: &[Paper]) -> Vec<usize> {
    (0..papers.len()).collect()
}

fn pairs<'a>(papers: &'a [Paper], says: &'a [Answer], places: &[usize]) -> Vec<(&'a Paper, &'a Answer)> {
    places.iter().filter_map(|place| papers.get(*place).zip(says.get(*place))).collect()
}

/// What each paper says, given what all others do: facts that only count together.
fn improved(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    papers: &[Paper],
    best: &mut [Answer],
    mut whole: Score,
) -> Result<Score, EngineError> {
    for place in 0..papers.len() {
        for answer in papers.get(place).map(|paper| paper.answers.clone()).unwrap_or_default() {
            let Some(slot) = best.get_mut(place) else { continue };
            let before = std::mem::replace(slot, answer);
            let score = score(bench, bound, &pairs(papers, best, &all(papers)))?;
            if score > whole {
                whole = score;
            } else if let Some(slot) = best.get_mut(place) {
                *slot = before;
            }
        }
    }
    Ok(whole)
}

/// The papers without which it is not met any more, the lightest tried first.
fn without_needless(bench: &Bench<'_>, papers: &[Paper], best: &[Answer]) -> Result<Vec<usize>, EngineError> {
    let mut places = all(papers);
    for place in all(papers).into_iter().rev() {
        let fewer: Vec<usize> = places.iter().copied().filter(|other| *other != place).collect();
        if bench.all_are(Verdict::Met, &pairs(papers, best, &fewer))? {
            places = fewer;
        }
    }
    Ok(places)
}

/// The papers that decide it whatever they say, and those that change nothing.
///
/// Where every paper says one of a few things, all of them are tried together: a paper matters when
/// two such completions differ in it alone and in the verdict.
fn either(
    bench: &Bench<'_>,
    papers: &[Paper],
    limits: Limits,
) -> Result<(Result<Set, NoSet>, Vec<usize>), EngineError> {
    let chosen: Vec<&Paper> = papers.iter().collect();
    let Some(completions) = combinations(&chosen) else { return Ok((Err(NoSet::TooMany), Vec::new())) };
    let mut verdicts = Vec::new();
    for said in &completions {
        let again = bench.judge(said)?;
        let verdict: Vec<Option<Verdict>> =
            again.outcomes.iter().map(|outcome| outcome.as_ref().map(|outcome| outcome.verdict)).collect();
        if verdict.iter().any(|verdict| !verdict.is_some_and(Verdict::is_decided)) {
            return Ok((Err(NoSet::StaysOpen), Vec::new()));
        }
        verdicts.push(verdict);
    }
    let places: Vec<usize> = if papers.iter().any(Paper::is_amount) {
        all(papers)
    } else {
        all(papers).into_iter().filter(|place| matters(papers, *place, &verdicts)).collect()
    };
    let (places, certified) = match certified_either_way(bench, papers, &places)? {
        Ok(certified) => (places, certified),
        Err(_) => (all(papers), completions.len().min(MOST_CERTIFIED) as u64),
    };
    let cannot: Vec<usize> = all(papers).into_iter().filter(|place| !places.contains(place)).collect();
    if places.len() > limits.within {
        return Ok((Err(NoSet::BeyondLimit), cannot));
    }
    let set = Set { papers: places.iter().map(|place| (*place, None)).collect(), minimal: false, certified };
    Ok((Ok(set), cannot))
}

/// Whether two completions that differ in this paper alone have different verdicts. The completions
/// stand in the order of their answers, the last paper's changing fastest.
fn matters(papers: &[Paper], place: usize, verdicts: &[Vec<Option<Verdict>>]) -> bool {
    let after: usize = papers.iter().skip(place + 1).map(|paper| paper.answers.len()).product();
    let own = papers.get(place).map_or(1, |paper| paper.answers.len());
    let mut seen: BTreeMap<(usize, usize), &Vec<Option<Verdict>>> = BTreeMap::new();
    verdicts.iter().enumerate().any(|(number, verdict)| {
        let key = (number / (after * own), number % after);
        *seen.entry(key).or_insert(verdict) != verdict
    })
}

/// How near an outcome is to being met: greater is nearer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Score {
    verdict: Verdict,
    /// The end that must pass, signed so that more is better; nothing: without limit on that side.
    worst: Option<Exact>,
    /// The other end.
    best: Option<Exact>,
}

impl Score {
    fn is_met(&self) -> bool {
        self.verdict == Verdict::Met
    }

    fn rank(&self) -> u8 {
        match self.verdict {
            Verdict::Met => 2,
            Verdict::Undetermined => 1,
            Verdict::NotMet | Verdict::NotApplicable => 0,
        }
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // No limit is worst at the end that must pass, and best at the other.
        let best = |score: &Self| (score.best.is_none(), score.best.clone());
        let worst = |score: &Self| score.worst.clone();
        let ends = worst(self).cmp(&worst(other)).then_with(|| best(self).cmp(&best(other)));
        self.rank().cmp(&other.rank()).then(ends)
    }
}

fn score(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    papers: &[(&Paper, &Answer)],
) -> Result<Score, EngineError> {
    let again = bench.judge(papers)?;
    let scores = again.outcomes.iter().map(|outcome| of_outcome(bound, outcome.as_ref()));
    let nothing = || Score { verdict: Verdict::NotMet, worst: None, best: None };
    Ok(scores.min().unwrap_or_else(nothing))
}

fn of_outcome(bound: &BoundCondition, outcome: Option<&Outcome>) -> Score {
    let Some(outcome) = outcome else { return Score { verdict: Verdict::NotMet, worst: None, best: None } };
    let wants_more = match &bound.condition.form {
        Form::Every(_) | Form::None(_) => false,
        Form::Any(_) => true,
        _ => bound.operator().is_none_or(Operator::wants_more),
    };
    let (lower, upper) = match &outcome.bounds {
        Some(bounds) => (bounds.lower.clone(), bounds.upper.clone()),
        None => (End::unlimited(), End::unlimited()),
    };
    let verdict = outcome.verdict;
    if wants_more {
        Score { verdict, worst: lower.value, best: upper.value }
    } else {
        Score { verdict, worst: upper.value.map(|value| -value), best: lower.value.map(|value| -value) }
    }
}
