use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Mark;

use super::sum::{Goal, Line, Sum};

/// A single share as a sum of slacks that papers change independently: the share is met when the
/// sum cannot fall below zero.
///
/// INVARIANT: every row is known, or becomes known when its papers are there; no row waits for two
/// papers about its weight, two about its mark or two about whether it counts.
pub(super) struct Model {
    pub(super) goal: Goal,
    /// What the rows that wait for nothing add.
    pub(super) fixed: Sum,
    pub(super) blocks: Vec<Block>,
    /// How many papers there are.
    pub(super) papers: usize,
}

/// Papers that meet in some row, and their rows: independent of all other blocks.
pub(super) struct Block {
    pub(super) papers: Vec<usize>,
    rows: Vec<Row>,
    /// For each paper of the block, whether each of its answers is without limit.
    unlimited: Vec<Vec<bool>>,
}

struct Row {
    base: Line,
    weight: Option<Open>,
    mark: Option<Open>,
    scope: Option<Open>,
}

/// What one paper makes of one side of a row.
struct Open {
    paper: usize,
    /// The row by the paper's answers.
    lines: Vec<Line>,
}

/// The rows of a share, by their place.
pub(super) type Lines = BTreeMap<u32, Line>;

/// Rows by paper and answer, and whether the answer is without limit.
pub(super) type Answered = Vec<Vec<(Lines, bool)>>;

/// What papers say: an answer for each that is there.
pub(super) type Said = BTreeMap<usize, usize>;

/// More papers than this in one block are not told apart.
const MOST_IN_A_BLOCK: usize = 6;

impl Model {
    /// The model of a share, judged as it is and with each answer of each paper; nothing when the
    /// papers do not change it independently.
    pub(super) fn new(goal: Goal, base: &Lines, answered: &Answered) -> Option<Self> {
        let papers = answered.len();
        let mut fixed = Sum::default();
        let mut rows: Vec<Row> = Vec::new();
        let places: BTreeSet<u32> = base
            .keys()
            .chain(answered.iter().flatten().flat_map(|(lines, _)| lines.keys()))
            .copied()
            .collect();
        for place in places {
            let row = Row::new(base.get(&place)?.clone(), place, answered)?;
            if row.papers().next().is_none() {
                fixed.add(&goal.ends(&row.base).0);
            } else {
                rows.push(row);
            }
        }
        let flags = |paper: usize| -> Vec<bool> {
            answered.get(paper).into_iter().flatten().map(|(_, unlimited)| *unlimited).collect()
        };
        let blocks: Vec<Block> = joined(papers, rows)
            .into_iter()
            .map(|(papers, rows)| Block {
                unlimited: papers.iter().map(|paper| flags(*paper)).collect(),
                papers,
                rows,
            })
            .collect();
        let small = blocks.iter().all(|block| block.papers.len() <= MOST_IN_A_BLOCK);
        small.then_some(Self { goal, fixed, blocks, papers })
    }

    /// The least sum of slacks once these papers are there.
    pub(super) fn least(&self, said: &Said) -> Sum {
        let mut sum = self.fixed.clone();
        self.blocks.iter().for_each(|block| sum.add(&block.ends(&self.goal, said).0));
        sum
    }

    /// The same with a price without limit taken at the value it was tried with.
    pub(super) fn least_as_tried(&self, said: &Said) -> Sum {
        let mut sum = self.fixed.clone();
        for row in self.blocks.iter().flat_map(|block| &block.rows) {
            sum.add(&self.goal.ends(&row.line(said)).0);
        }
        sum
    }
}

impl Row {
    fn new(base: Line, place: u32, answered: &Answered) -> Option<Self> {
        let of = |paper: &Vec<(Lines, bool)>| -> Vec<Line> {
            paper.iter().map(|(lines, _)| lines.get(&place).cloned().unwrap_or_else(Line::out)).collect()
        };
        let mut row = Self { base, weight: None, mark: None, scope: None };
        for (paper, answers) in answered.iter().enumerate() {
            let lines = of(answers);
            let inside = || lines.iter().filter(|line| !is_out(line));
            let moves = [
                inside().any(|line| line.weight != row.base.weight),
                inside().any(|line| line.marked != row.base.marked),
                lines.iter().any(|line| line.scope != row.base.scope),
            ];
            for (moves, side) in moves.into_iter().zip([&mut row.weight, &mut row.mark, &mut row.scope]) {
                if moves && side.replace(Open { paper, lines: lines.clone() }).is_some() {
                    return None;
                }
            }
        }
        row.becomes_known().then_some(row)
    }

    fn papers(&self) -> impl Iterator<Item = usize> {
        [&self.weight, &self.mark, &self.scope].into_iter().flatten().map(|open| open.paper)
    }

    fn becomes_known(&self) -> bool {
        let all = |side: &Option<Open>, is_known: fn(&Line) -> bool| match side {
            None => is_known(&self.base),
            Some(open) => open.lines.iter().all(is_known),
        };
        all(&self.weight, |line| is_out(line) || line.weight.is_exact())
            && all(&self.mark, |line| is_out(line) || line.marked.least == line.marked.most)
            && all(&self.scope, |line| line.scope != Mark::Maybe)
    }

    /// The row once these papers are there.
    fn line(&self, said: &Said) -> Line {
        let given = |side: &'_ Option<Open>| {
            let open = side.as_ref()?;
            open.lines.get(*said.get(&open.paper)?).cloned()
        };
        let mut line = self.base.clone();
        if let Some(scope) = given(&self.scope) {
            line.scope = scope.scope;
        }
        if let Some(marked) = given(&self.mark).filter(|line| !is_out(line)) {
            line.marked = marked.marked;
        }
        if let Some(weighed) = given(&self.weight).filter(|line| !is_out(line)) {
            line.weight = weighed.weight;
        }
        line
    }
}

fn is_out(line: &Line) -> bool {
    line.scope == Mark::No
}

impl Block {
    /// The least and greatest slack of its rows once these papers are there.
    pub(super) fn ends(&self, goal: &Goal, said: &Said) -> (Sum, Sum) {
        let mut ends = (Sum::default(), Sum::default());
        for row in &self.rows {
            let line = row.line(said);
            let limit = row.weight.as_ref().is_some_and(|open| self.is_unlimited(open.paper, said));
            let (low, high) = if limit { goal.limits(&line) } else { goal.ends(&line) };
            ends.0.add(&low);
            ends.1.add(&high);
        }
        ends
    }

    fn is_unlimited(&self, paper: usize, said: &Said) -> bool {
        let place = self.papers.iter().position(|known| *known == paper);
        let flags = place.and_then(|place| self.unlimited.get(place));
        flags.zip(said.get(&paper)).and_then(|(flags, answer)| flags.get(*answer)) == Some(&true)
    }

    /// How many answers each of its papers has.
    pub(super) fn answers(&self) -> impl Iterator<Item = (usize, usize)> {
        self.papers.iter().copied().zip(self.unlimited.iter().map(Vec::len))
    }

    /// Whether the paper is about weights: its answers are ends of what it may say.
    pub(super) fn is_weight(&self, paper: usize) -> bool {
        self.rows.iter().any(|row| row.weight.as_ref().is_some_and(|open| open.paper == paper))
    }

    /// Everything that these papers of the block may say together.
    pub(super) fn all_said(&self, wanted: &dyn Fn(usize) -> bool) -> Vec<Said> {
        let mut all = vec![Said::new()];
        for (paper, answers) in self.answers().filter(|(paper, _)| wanted(*paper)) {
            let with = |said: &Said| -> Vec<Said> {
                (0..answers)
                    .map(|answer| {
                        let mut said = said.clone();
                        said.insert(paper, answer);
                        said
                    })
                    .collect()
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }
}

/// Rows and papers, joined where they meet.
fn joined(papers: usize, rows: Vec<Row>) -> Vec<(Vec<usize>, Vec<Row>)> {
    let mut groups: Vec<(Vec<usize>, Vec<Row>)> =
        (0..papers).map(|paper| (vec![paper], Vec::new())).collect();
    for row in rows {
        let own: BTreeSet<usize> = row.papers().collect();
        let (meets, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(papers, _)| papers.iter().any(|paper| own.contains(paper)));
        groups = apart;
        let mut group = (Vec::new(), Vec::new());
        for (papers, rows) in meets {
            group.0.extend(papers);
            group.1.extend(rows);
        }
        group.1.push(row);
        groups.push(group);
    }
    groups.iter_mut().for_each(|(papers, _)| papers.sort_unstable());
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    groups
}
