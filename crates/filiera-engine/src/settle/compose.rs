//! A condition made of others: what settles its open members settles it.

use std::collections::BTreeMap;

use filiera_finding::NoSet;
use filiera_model::Verdict;
use filiera_packs::Form;

use super::again::Bench;
use super::paper::{Answer, Paper};
use super::search::search;
use super::solved::{Limits, Set, Solved, certified_alone, certified_either_way};
use super::waits::Waits;
use crate::EngineError;
use crate::bind::BoundCondition;

/// What settles a composition, from what settles each of its open members.
pub(super) fn compose(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    members: &[&Solved],
    limits: Limits,
) -> Result<Solved, EngineError> {
    let mut whole = Whole::default();
    let places: Vec<Vec<usize>> = members.iter().map(|member| whole.take(member)).collect();
    if whole.papers.is_empty() {
        return Ok(Solved::without_papers(whole.unforeseen));
    }
    let hoped = match hoped(bench, bound, members, &places, &whole.papers, limits)? {
        Some(hoped) => hoped,
        None => {
            let waits = Waits { papers: whole.papers, unforeseen: whole.unforeseen };
            return search(bench, bound, waits, limits);
        }
    };
    let alone = alone(bound, members, &places);
    let alone = certified_alone(bench, &whole.papers, alone)?;
    let either = either(bench, members, &places, &whole.papers, limits)?;
    let matters = |place: usize| {
        members.iter().zip(&places).any(|(member, places)| {
            let own = places.iter().position(|known| *known == place);
            own.is_some_and(|own| !member.cannot_matter.contains(&own))
        })
    };
    let cannot_matter = (0..whole.papers.len()).filter(|place| !matters(*place)).collect();
    Ok(Solved { papers: whole.papers, unforeseen: whole.unforeseen, hoped, alone, either, cannot_matter })
}

/// The papers of all members, each once.
#[derive(Default)]
struct Whole {
    papers: Vec<Paper>,
    unforeseen: Vec<String>,
}

impl Whole {
    /// Takes a member's papers in; returns where each of them stands.
    fn take(&mut self, member: &Solved) -> Vec<usize> {
        for missing in &member.unforeseen {
            if !self.unforeseen.contains(missing) {
                self.unforeseen.push(missing.clone());
            }
        }
        let mut places = Vec::new();
        for paper in &member.papers {
            let known = self.papers.iter().position(|known| known.slot == paper.slot);
            match known.and_then(|place| self.papers.get_mut(place)) {
                Some(known) => known.join(paper),
                None => self.papers.push(paper.clone()),
            }
            places.push(known.unwrap_or(self.papers.len() - 1));
        }
        places
    }
}

/// The papers that bring it to met; nothing when the members' sets do not join to one.
fn hoped(
    bench: &Bench<'_>,
    bound: &BoundCondition,
    members: &[&Solved],
    places: &[Vec<usize>],
    papers: &[Paper],
    limits: Limits,
) -> Result<Option<Result<Set, NoSet>>, EngineError> {
    let joined = match &bound.condition.form {
        Form::AllOf(_) => joined(members, places),
        Form::AnyOf(_) => cheapest(members, places),
        _ => return Ok(None),
    };
    let said = match joined {
        Joined::Set(said) => said,
        Joined::None(why) => return Ok(Some(Err(why))),
        Joined::Contradiction => return Ok(None),
    };
    if said.len() > limits.within {
        return Ok(Some(Err(NoSet::BeyondLimit)));
    }
    let given: Vec<(&Paper, &Answer)> =
        said.iter().filter_map(|(place, answer)| Some((papers.get(*place)?, answer))).collect();
    if !bench.all_are(Verdict::Met, &given)? {
        return Ok(None);
    }
    let minimal = said.len() == 1;
    let papers = said.into_iter().map(|(place, answer)| (place, Some(answer))).collect();
    Ok(Some(Ok(Set { papers, minimal, certified: 1 })))
}

enum Joined {
    Set(BTreeMap<usize, Answer>),
    None(NoSet),
    /// Two members hope for different things of one paper.
    Contradiction,
}

/// Everything that all members need.
fn joined(members: &[&Solved], places: &[Vec<usize>]) -> Joined {
    let mut said: BTreeMap<usize, Answer> = BTreeMap::new();
    for (member, places) in members.iter().zip(places) {
        let set = match &member.hoped {
            Ok(set) => set,
            Err(why) => return Joined::None(*why),
        };
        for (own, answer) in &set.papers {
            let (Some(place), Some(answer)) = (places.get(*own), answer) else { continue };
            if said.insert(*place, answer.clone()).is_some_and(|known| known.content != answer.content) {
                return Joined::Contradiction;
            }
        }
    }
    Joined::Set(said)
}

/// What the member needs that needs the fewest papers.
fn cheapest(members: &[&Solved], places: &[Vec<usize>]) -> Joined {
    let sets = members.iter().zip(places).filter_map(|(member, places)| {
        let set = member.hoped.as_ref().ok()?;
        let said = set.papers.iter().filter_map(|(own, answer)| Some((*places.get(*own)?, answer.clone()?)));
        Some(said.collect::<BTreeMap<_, _>>())
    });
    match sets.min_by_key(BTreeMap::len) {
        Some(said) => Joined::Set(said),
        None => Joined::None(
            members.iter().find_map(|member| member.hoped.as_ref().err().copied()).unwrap_or(NoSet::NotFound),
        ),
    }
}

/// Papers that may do it by themselves: of any member where one is enough, of the only one else.
fn alone(bound: &BoundCondition, members: &[&Solved], places: &[Vec<usize>]) -> Vec<(usize, Answer)> {
    if members.len() > 1 && !matches!(bound.condition.form, Form::AnyOf(_)) {
        // One paper may be all that every member needs.
        let mut all = members.iter().zip(places).map(|(member, places)| own_alone(member, places));
        let first = all.next().unwrap_or_default();
        let rest: Vec<Vec<(usize, Answer)>> = all.collect();
        let in_all =
            |(place, _): &(usize, Answer)| rest.iter().all(|own| own.iter().any(|(other, _)| other == place));
        return first.into_iter().filter(in_all).collect();
    }
    members.iter().zip(places).flat_map(|(member, places)| own_alone(member, places)).collect()
}

fn own_alone(member: &Solved, places: &[usize]) -> Vec<(usize, Answer)> {
    member.alone.iter().filter_map(|(own, answer)| Some((*places.get(*own)?, answer.clone()))).collect()
}

/// The papers that decide every member either way decide the whole.
fn either(
    bench: &Bench<'_>,
    members: &[&Solved],
    places: &[Vec<usize>],
    papers: &[Paper],
    limits: Limits,
) -> Result<Result<Set, NoSet>, EngineError> {
    let mut wanted: Vec<usize> = Vec::new();
    for (member, places) in members.iter().zip(places) {
        let set = match &member.either {
            Ok(set) => set,
            Err(why) => return Ok(Err(*why)),
        };
        wanted.extend(set.papers.iter().filter_map(|(own, _)| places.get(*own)));
    }
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > limits.within {
        return Ok(Err(NoSet::BeyondLimit));
    }
    let certified = certified_either_way(bench, papers, &wanted)?;
    Ok(certified.map(|certified| Set {
        minimal: wanted.len() == 1,
        papers: wanted.iter().map(|place| (*place, None)).collect(),
        certified,
    }))
}
