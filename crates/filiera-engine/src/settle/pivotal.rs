use filiera_model::{Exact, Operator};

use super::model::{Block, Model, Said};
use super::sum::Sum;

/// Whether each paper can matter: whether something that all the others may say leaves the verdict
/// to it.
///
/// A verdict is decided either way exactly by the papers that can matter: what they say decides it
/// whatever the rest says, and without one of them it may stay open. So they are the smallest such
/// set, and there is no other.
pub(super) struct Pivotal {
    pub(super) matters: Vec<bool>,
    /// Whether every paper was told apart; otherwise some of `matters` are true out of caution.
    pub(super) is_exact: bool,
}

/// So many steps of the search for one paper; what takes more is taken to matter.
const MOST_STEPS: usize = 20_000;

pub(super) fn pivotal(model: &Model) -> Pivotal {
    let values: Vec<Vec<Span>> = model.blocks.iter().map(|block| spans(model, block)).collect();
    let mut found = Pivotal { matters: vec![false; model.papers], is_exact: true };
    for (place, block) in model.blocks.iter().enumerate() {
        let others: Vec<&[Span]> = values
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, spans)| spans.as_slice())
            .collect();
        for paper in &block.papers {
            let mut search = Search::new(&others, model.goal.operator);
            let matters =
                windows(model, block, *paper).iter().any(|window| search.meets(window, &model.fixed));
            found.is_exact &= !search.gave_up;
            if let Some(slot) = found.matters.get_mut(*paper) {
                *slot = matters || search.gave_up;
            }
        }
    }
    found
}

/// The slacks that a block has from one value to another; nothing: without limit.
#[derive(Clone, Debug)]
struct Span {
    low: Option<Exact>,
    high: Option<Exact>,
}

fn span_of(low: &Sum, high: &Sum) -> Span {
    Span { low: low.finite().cloned(), high: high.finite().cloned() }
}

/// Every slack the block may come to once all its papers are there: one span for each way the
/// marks may fall, over which the prices run.
fn spans(model: &Model, block: &Block) -> Vec<Span> {
    let is_weight = |paper: usize| block.is_weight(paper);
    let marks = block.all_said(&|paper| !is_weight(paper));
    let prices = block.all_said(&is_weight);
    let mut spans: Vec<Span> = marks.iter().filter_map(|marks| hull(model, block, marks, &prices)).collect();
    spans.sort_by(|a, b| a.low.cmp(&b.low).then_with(|| a.high.cmp(&b.high)));
    spans.dedup_by(|a, b| a.low == b.low && a.high == b.high);
    spans
}

fn hull(model: &Model, block: &Block, marks: &Said, prices: &[Said]) -> Option<Span> {
    let ends = prices.iter().map(|prices| {
        let mut said = marks.clone();
        said.extend(prices.iter().map(|(paper, answer)| (*paper, *answer)));
        block.ends(&model.goal, &said)
    });
    let joined = ends.reduce(|(low, high), (l, h)| (least(low, l), greatest(high, h)));
    joined.map(|(low, high)| span_of(&low, &high))
}

fn least(a: Sum, b: Sum) -> Sum {
    // A term without lower limit is least of all, one without upper limit greatest.
    if is_before(&b, &a) { b } else { a }
}

fn greatest(a: Sum, b: Sum) -> Sum {
    if is_before(&a, &b) { b } else { a }
}

fn is_before(a: &Sum, b: &Sum) -> bool {
    match (a.finite(), b.finite()) {
        (Some(a), Some(b)) => a < b,
        (None, Some(_)) => !a.is_unlimited(),
        (Some(_), None) => b.is_unlimited(),
        (None, None) => !a.is_unlimited() && b.is_unlimited(),
    }
}

/// The sums of the others at which the paper decides: between what it takes away and what it adds,
/// for each thing the rest of its block may say.
fn windows(model: &Model, block: &Block, paper: usize) -> Vec<Span> {
    let is_weight = |other: usize| block.is_weight(other);
    let marks = block.all_said(&|other| other != paper && !is_weight(other));
    let prices = block.all_said(&|other| other != paper && is_weight(other));
    let own = block.all_said(&|other| other == paper);
    let mut windows = Vec::new();
    for marks in &marks {
        let mut window: Option<(Sum, Sum)> = None;
        for prices in &prices {
            let of_own = own.iter().map(|own| {
                let mut said = marks.clone();
                said.extend(prices.iter().chain(own).map(|(paper, answer)| (*paper, *answer)));
                block.ends(&model.goal, &said)
            });
            let Some((low, high)) = of_own.reduce(|(low, high), (l, h)| (least(low, l), greatest(high, h)))
            else {
                continue;
            };
            if low == high {
                continue;
            }
            window = Some(match window {
                None => (low, high),
                Some((l, h)) => (least(l, low), greatest(h, high)),
            });
        }
        windows.extend(window.map(|(low, high)| span_of(&low, &high)));
    }
    windows
}

/// Looks for values of the other blocks whose sum falls into a window.
struct Search<'a> {
    blocks: Vec<&'a [Span]>,
    /// The hull of all sums of the blocks from each on.
    rest: Vec<Span>,
    strict: bool,
    steps: usize,
    gave_up: bool,
}

impl<'a> Search<'a> {
    fn new(blocks: &[&'a [Span]], operator: Operator) -> Self {
        let mut blocks = blocks.to_vec();
        blocks.sort_by_key(|spans| std::cmp::Reverse(width(spans)));
        let mut rest = vec![Span { low: Some(Exact::zero()), high: Some(Exact::zero()) }];
        for spans in blocks.iter().rev() {
            let whole = outer(spans);
            let last = rest.last().cloned();
            rest.extend(last.map(|last| plus(&last, &whole)));
        }
        rest.reverse();
        let strict = matches!(operator, Operator::MoreThan | Operator::LessThan);
        Self { blocks, rest, strict, steps: 0, gave_up: false }
    }

    /// Whether the others may add up to a sum at which the window's paper decides.
    fn meets(&mut self, window: &Span, fixed: &Sum) -> bool {
        let start = span_of(fixed, fixed);
        self.from(0, &start, window)
    }

    fn from(&mut self, place: usize, so_far: &Span, window: &Span) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            self.gave_up = true;
            return false;
        }
        let Some(rest) = self.rest.get(place) else { return false };
        if !self.decides(&plus(so_far, rest), window) {
            return false;
        }
        let Some(spans) = self.blocks.get(place).copied() else { return true };
        spans.iter().any(|span| self.from(place + 1, &plus(so_far, span), window))
    }

    /// Whether some sum `c` of the span has `c + low` failing and `c + high` passing.
    fn decides(&self, sums: &Span, window: &Span) -> bool {
        let fails = |c: &Option<Exact>, low: &Option<Exact>| match (c, low) {
            (Some(c), Some(low)) => {
                let sum = c + low;
                sum.is_negative() || (self.strict && sum.is_zero())
            }
            _ => true,
        };
        let passes = |c: &Option<Exact>, high: &Option<Exact>| match (c, high) {
            (Some(c), Some(high)) => {
                let sum = c + high;
                sum.is_positive() || (!self.strict && sum.is_zero())
            }
            _ => true,
        };
        fails(&sums.low, &window.low) && passes(&sums.high, &window.high)
    }
}

fn plus(a: &Span, b: &Span) -> Span {
    let add = |a: &Option<Exact>, b: &Option<Exact>| a.as_ref().zip(b.as_ref()).map(|(a, b)| a + b);
    Span { low: add(&a.low, &b.low), high: add(&a.high, &b.high) }
}

fn outer(spans: &[Span]) -> Span {
    let low = spans.iter().map(|span| span.low.clone()).reduce(|a, b| a.zip(b).map(|(a, b)| a.min(b)));
    let high = spans.iter().map(|span| span.high.clone()).reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b)));
    let zero = || Some(Exact::zero());
    Span { low: low.unwrap_or_else(zero), high: high.unwrap_or_else(zero) }
}

/// The widest first; without limit is wider than anything.
fn width(spans: &[Span]) -> (bool, Option<Exact>) {
    let whole = outer(spans);
    let width = whole.low.zip(whole.high).map(|(low, high)| high - low);
    (width.is_none(), width)
}
