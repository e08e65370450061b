//! A single share: its papers change a sum of slacks independently, and so the smallest set can be
//! told, not only some set.

use filiera_finding::NoSet;
use filiera_model::{Exact, Mark, Quality, Rounding, Verdict};
use filiera_packs::{Form, Method, ShareMark};

use super::again::{Again, Bench};
use super::answers::amount_text;
use super::model::{Answered, Lines, Model, Said};
use super::paper::{Answer, Content, Paper};
use super::pivotal::pivotal;
use super::smallest::{alone, smallest};
use super::solved::{Limits, Set, Solved, certified_alone, certified_either_way};
use super::sum::{Goal, Line};
use super::waits::Waits;
use crate::EngineError;
use crate::bind::{BoundCondition, BoundLeaf, BoundMark};
use crate::judge::Outcome;

/// The sums of a share whose papers are independent; nothing when it is of another kind.
pub(super) fn model(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    leaf: &BoundLeaf,
    outcome: &Outcome,
    waits: &Waits,
) -> Result<Option<Model>, EngineError> {
    let (Some(operator), Some(threshold)) = (bound.operator(), outcome.threshold.clone()) else {
        return Ok(None);
    };
    if !is_single_share(bound, leaf, outcome) || !waits.unforeseen.is_empty() {
        return Ok(None);
    }
    let base = bench.judge(&[])?;
    let Some(lines) = lines(&base) else { return Ok(None) };
    if !stands(&lines) {
        return Ok(None);
    }
    let mut answered = Answered::new();
    for paper in &waits.papers {
        let mut answers = Vec::new();
        for answer in &paper.answers {
            let again = bench.judge(&[(paper, answer)])?;
            let Some(lines) = self::lines(&again).filter(|_| again.rows == base.rows) else {
                return Ok(None);
            };
            answers.push((lines, answer.unlimited));
        }
        answered.push(answers);
    }
    Ok(Model::new(Goal { threshold, operator }, &lines, &answered))
}

/// A share of listed rows with exact bounds, on one day, that nothing but its rows leaves open.
fn is_single_share(bound: &BoundCondition, leaf: &BoundLeaf, outcome: &Outcome) -> bool {
    let Form::Share(share) = &bound.condition.form else { return false };
    let exact = outcome.bounds.as_ref().is_some_and(|bounds| bounds.quality == Quality::Exact);
    let one_day = bound.condition.dated_by.is_none() || outcome.on.is_some();
    exact
        && one_day
        && outcome.reason.is_none()
        && share.method == Method::AsSupplied
        && share.roll_up.is_none()
        && share.of_total.is_none()
        && share.by.is_none()
        && matches!(share.mark, ShareMark::Where(_))
        && matches!(leaf.mark, BoundMark::Where(_))
}

fn lines(again: &Again) -> Option<Lines> {
    let outcome = again.outcomes.first()?.as_ref()?;
    let line = |row: &crate::judge::JudgedRow| Line {
        weight: row.weight.range.clone(),
        marked: row.marked.clone(),
        scope: row.scope,
    };
    Some(outcome.rows.iter().map(|row| (row.row, line(row))).collect())
}

/// Whether some weight surely counts, so that the total is never zero.
fn stands(lines: &Lines) -> bool {
    lines.values().any(|line| line.scope == Mark::Yes && line.weight.least.is_positive())
}

/// What settles the share.
pub(super) fn solve_share(
    bench: &Bench<'_>,
    model: &Model,
    waits: Waits,
    limits: Limits,
) -> Result<Solved, EngineError> {
    let papers = waits.papers;
    let hoped = hoped(bench, model, &papers, limits)?;
    let single = alone(model).into_iter().map(|(place, answer)| {
        let said = Said::from([(place, answer)]);
        (place, answers(model, &papers, &said).into_iter().next().map(|(_, answer)| answer))
    });
    let single = single.filter_map(|(place, answer)| Some((place, answer?))).collect();
    let alone = certified_alone(bench, &papers, single)?;
    let found = pivotal(model);
    let places = |wanted: bool| -> Vec<usize> {
        (0..papers.len()).filter(|place| found.matters.get(*place) == Some(&wanted)).collect()
    };
    let matter = places(true);
    let either = if matter.len() > limits.within {
        Err(NoSet::BeyondLimit)
    } else {
        certified_either_way(bench, &papers, &matter)?.map(|certified| Set {
            papers: matter.iter().map(|place| (*place, None)).collect(),
            minimal: found.is_exact,
            certified,
        })
    };
    Ok(Solved { cannot_matter: places(false), papers, unforeseen: waits.unforeseen, hoped, alone, either })
}

fn hoped(
    bench: &Bench<'_>,
    model: &Model,
    papers: &[Paper],
    limits: Limits,
) -> Result<Result<Set, NoSet>, EngineError> {
    let Some(said) = smallest(model, limits.within) else {
        let beyond = smallest(model, papers.len()).is_some();
        return Ok(Err(if beyond { NoSet::BeyondLimit } else { NoSet::CannotBeMet }));
    };
    let chosen = answers(model, papers, &said);
    let given: Vec<(&Paper, &Answer)> =
        chosen.iter().filter_map(|(place, answer)| Some((papers.get(*place)?, answer))).collect();
    if !bench.all_are(Verdict::Met, &given)? {
        // INVARIANT: the sums say what the engine says; without its word nothing is claimed.
        debug_assert!(false, "the engine does not confirm a set");
        return Ok(Err(NoSet::NotFound));
    }
    let papers = chosen.into_iter().map(|(place, answer)| (place, Some(answer))).collect();
    Ok(Ok(Set { papers, minimal: true, certified: 1 }))
}

/// What the papers must say; a single price as far as it must go, and no further.
fn answers(model: &Model, papers: &[Paper], said: &Said) -> Vec<(usize, Answer)> {
    let given = |place: &usize, answer: &usize| papers.get(*place)?.answers.get(*answer).cloned();
    let mut chosen: Vec<(usize, Answer)> =
        said.iter().filter_map(|(place, answer)| Some((*place, given(place, answer)?))).collect();
    let amounts: Vec<usize> =
        said.keys().copied().filter(|place| papers.get(*place).is_some_and(Paper::is_amount)).collect();
    if let [only] = amounts.as_slice()
        && let Some(needed) = papers.get(*only).and_then(|paper| needed(model, paper, *only, said))
    {
        chosen.iter_mut().filter(|(place, _)| place == only).for_each(|(_, answer)| *answer = needed.clone());
    }
    chosen
}

/// The amount at which the share is just met: the slack is linear in it.
fn needed(model: &Model, paper: &Paper, place: usize, said: &Said) -> Option<Answer> {
    let [low, high] = paper.answers.as_slice() else { return None };
    let at = |answer: usize| {
        let mut said = said.clone();
        said.insert(place, answer);
        model.least_as_tried(&said).finite().cloned()
    };
    let (from, to) = (low.amount()?, high.amount()?);
    let (slack_low, slack_high) = (at(0)?, at(1)?);
    let slope = (&slack_high - &slack_low).checked_div(&(to - from))?;
    let just = from - &slack_low.checked_div(&slope)?;
    let cent = Exact::ratio(1, 100)?;
    let (rounding, word) =
        if slope.is_positive() { (Rounding::Up, "at least") } else { (Rounding::Down, "at most") };
    let mut value = just.to_multiple(&cent, rounding)?;
    if value == just
        && matches!(
            model.goal.operator,
            filiera_model::Operator::MoreThan | filiera_model::Operator::LessThan
        )
    {
        value = if slope.is_positive() { &value + &cent } else { &value - &cent };
    }
    let inside = value >= *from && (value <= *to || high.unlimited);
    let content: fn(Exact) -> Content =
        if matches!(low.content, Content::Number(_)) { Content::Number } else { Content::Price };
    // `as little as 12.00 EUR`
    let unit = low.says.as_deref().and_then(|says| says.splitn(5, ' ').nth(4)).unwrap_or_default();
    let says = format!("{word} {} {unit}", amount_text(&value, &content));
    inside.then(|| Answer::new(content(value), says.trim().to_owned()))
}
