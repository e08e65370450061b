use filiera_finding::{NoSet, PaperSays, PaperSet};
use filiera_model::Verdict;

use super::again::Bench;
use super::paper::{Answer, Content, Names, Paper};
use crate::EngineError;

/// What settles a finding, and all findings like it.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub(super) papers: Vec<Paper>,
    pub(super) unforeseen: Vec<String>,
    pub(super) hoped: Result<Set, NoSet>,
    /// Papers, by their place, of which each makes it met by itself when it says this.
    pub(super) alone: Vec<(usize, Answer)>,
    pub(super) either: Result<Set, NoSet>,
    /// Places of papers that change nothing.
    pub(super) cannot_matter: Vec<usize>,
}

/// Papers, by their place, with what they must say; nothing: anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) papers: Vec<(usize, Option<Answer>)>,
    pub(super) minimal: bool,
    pub(super) certified: u64,
}

/// How far to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Papers in a set.
    pub(super) within: usize,
}

/// So many combinations of answers are judged again to certify one set.
pub(super) const MOST_CERTIFIED: usize = 256;

impl Solved {
    /// Nothing can be asked for.
    pub(super) fn without_papers(unforeseen: Vec<String>) -> Self {
        let why = if unforeseen.is_empty() { NoSet::StaysOpen } else { NoSet::Unforeseen };
        Self {
            papers: Vec::new(),
            unforeseen,
            hoped: Err(why),
            alone: Vec::new(),
            either: Err(why),
            cannot_matter: Vec::new(),
        }
    }

    /// The name of the paper at a place.
    pub(super) fn name(&self, names: &Names<'_>, place: usize) -> String {
        self.papers.get(place).map(|paper| paper.slot.name(names)).unwrap_or_default()
    }

    /// A set as reports show it.
    pub(super) fn shown(&self, names: &Names<'_>, set: &Set) -> PaperSet {
        let says = set.papers.iter().map(|(place, answer)| PaperSays {
            paper: self.name(names, *place),
            says: answer.as_ref().and_then(|answer| answer.says.clone()),
        });
        PaperSet { papers: says.collect(), minimal: set.minimal, certified: set.certified }
    }
}

/// The set with every combination of what its papers may say judged again, if all are decided.
pub(super) fn certified_either_way(
    bench: &Bench<'_>,
    papers: &[Paper],
    places: &[usize],
) -> Result<Result<u64, NoSet>, EngineError> {
    let chosen: Vec<&Paper> = places.iter().filter_map(|place| papers.get(*place)).collect();
    let Some(all) = combinations(&chosen) else { return Ok(Err(NoSet::TooMany)) };
    let mut certified = 0;
    for said in &all {
        if !bench.all_decided(said)? {
            return Ok(Err(NoSet::StaysOpen));
        }
        certified += 1;
    }
    Ok(Ok(certified))
}

/// Everything that these papers may say together; nothing when that is too much.
pub(super) fn combinations<'a>(papers: &[&'a Paper]) -> Option<Vec<Vec<(&'a Paper, &'a Answer)>>> {
    let count = papers.iter().try_fold(1usize, |count, paper| count.checked_mul(paper.answers.len()))?;
    if count > MOST_CERTIFIED {
        return None;
    }
    let mut all: Vec<Vec<(&Paper, &Answer)>> = vec![Vec::new()];
    for paper in papers {
        let with = |said: &Vec<(&'a Paper, &'a Answer)>| -> Vec<Vec<(&'a Paper, &'a Answer)>> {
            let one = |answer: &'a Answer| said.iter().copied().chain([(*paper, answer)]).collect();
            paper.answers.iter().map(one).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    Some(all)
}

/// Those of `alone` that the engine confirms.
pub(super) fn certified_alone(
    bench: &Bench<'_>,
    papers: &[Paper],
    alone: Vec<(usize, Answer)>,
) -> Result<Vec<(usize, Answer)>, EngineError> {
    let mut certified = Vec::new();
    for (place, answer) in alone {
        let Some(paper) = papers.get(place) else { continue };
        if bench.all_are(Verdict::Met, &[(paper, &answer)])? {
            certified.push((place, answer));
        }
    }
    Ok(certified)
}

impl Paper {
    /// Whether what it says is a number with ends, rather than one of a few things.
    pub(super) fn is_amount(&self) -> bool {
        self.answers.iter().any(|answer| matches!(answer.content, Content::Price(_) | Content::Number(_)))
    }
}
