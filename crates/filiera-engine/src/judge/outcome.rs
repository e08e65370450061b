use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_finding::{Rank, Reason, RowCounts};
use filiera_model::{Bounds, Day, Exact, Fraction, Mark, Quality, Verdict};

use super::score::Scored;
use super::weights::Weight;
use crate::facts::Origin;

/// What is found for one subject under one condition.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The day judged for; nothing when several were.
    pub(crate) on: Option<Day>,
    pub(crate) verdict: Verdict,
    pub(crate) legal: Verdict,
    pub(crate) bounds: Option<Bounds>,
    pub(crate) legal_bounds: Option<Bounds>,
    pub(crate) threshold: Option<Exact>,
    pub(crate) counts: RowCounts,
    pub(crate) reason: Option<Reason>,
    /// Missing papers, the heaviest first.
    pub(crate) missing: Vec<String>,
    pub(crate) members: Vec<String>,
    pub(crate) remarks: Vec<String>,
    /// The dated values used: parameter and place in it.
    pub(crate) used: BTreeSet<(String, usize)>,
    /// The rows in scope, for explaining.
    pub(crate) rows: Vec<JudgedRow>,
    /// The place among those it competes with; only of a score.
    pub(crate) rank: Option<Rank>,
    /// How the score came about, for explaining.
    pub(crate) scored: Option<Scored>,
}

/// One row as it was judged.
#[derive(Clone, Debug)]
pub(crate) struct JudgedRow {
    pub(crate) row: u32,
    pub(crate) weight: Weight,
    pub(crate) marked: Fraction,
    /// The marked part once the law's closure has decided what is not known of marks; what prices leave
    /// open stays open.
    pub(crate) closed: Fraction,
    /// The same for each value of a list that tells the marked rows apart.
    pub(crate) each: Vec<Alone>,
    /// Whether it counts: that it is there, and in scope.
    pub(crate) scope: Mark,
    /// Whether it is in scope, if it is there.
    pub(crate) in_scope: Mark,
    /// Whether it is there at all: of a holding or a controller that may be none, nobody knows.
    pub(crate) exists: Mark,
    /// What each named total of a ratio says.
    pub(crate) totals: Vec<Mark>,
    pub(crate) origin: Option<Arc<Origin>>,
    /// Whether something about the row may be wider than it could be: its unknowns hang together.
    pub(crate) is_sound: bool,
}

/// How a row is marked by one value of a list alone.
#[derive(Clone, Debug)]
pub(crate) struct Alone {
    pub(crate) marked: Fraction,
    /// The same once the law's closure has decided what is not known.
    pub(crate) closed: Fraction,
}

impl JudgedRow {
    /// Whether it is open what of the row is marked, by the whole list or by one of its values.
    pub(crate) fn is_open(&self) -> bool {
        let is_open = |marked: &Fraction| marked.least != marked.most;
        is_open(&self.marked) || self.each.iter().any(|alone| is_open(&alone.marked))
    }
}

impl Outcome {
    /// A verdict with a reason and no value.
    pub(crate) fn without_value(verdict: Verdict, reason: Reason) -> Self {
        Self {
            on: None,
            verdict,
            legal: verdict,
            bounds: None,
            legal_bounds: None,
            threshold: None,
            counts: RowCounts::default(),
            reason: Some(reason),
            missing: Vec::new(),
            members: Vec::new(),
            remarks: Vec::new(),
            used: BTreeSet::new(),
            rows: Vec::new(),
            rank: None,
            scored: None,
        }
    }

    /// What holds whichever of the two days is the right one.
    pub(crate) fn or_else(self, other: Self) -> Self {
        let hull = |a: Option<Bounds>, b: Option<Bounds>| a.zip(b).map(|(a, b)| a.hull(b));
        let mut missing = self.missing;
        missing.extend(other.missing);
        let mut remarks = self.remarks;
        remarks.extend(other.remarks);
        Self {
            on: None,
            verdict: self.verdict.or_else(other.verdict),
            legal: self.legal.or_else(other.legal),
            bounds: hull(self.bounds, other.bounds),
            legal_bounds: hull(self.legal_bounds, other.legal_bounds),
            threshold: self.threshold.filter(|threshold| Some(threshold) == other.threshold.as_ref()),
            counts: wider(self.counts, other.counts),
            reason: self.reason.filter(|reason| Some(*reason) == other.reason),
            missing: unique(missing),
            members: self.members,
            remarks: unique(remarks),
            used: self.used.into_iter().chain(other.used).collect(),
            rows: self.rows,
            rank: self
                .rank
                .zip(other.rank)
                .map(|(a, b)| Rank { best: a.best.min(b.best), worst: a.worst.max(b.worst) }),
            scored: self.scored,
        }
    }

    /// The same with bounds that may be wider than they could be.
    pub(crate) fn sound(mut self) -> Self {
        for bounds in [&mut self.bounds, &mut self.legal_bounds].into_iter().flatten() {
            bounds.quality = Quality::Sound;
        }
        self
    }

    /// Never decided: the bounds stay, the verdicts go.
    pub(crate) fn never_decided(mut self, reason: Reason) -> Self {
        self.verdict = Verdict::Undetermined;
        self.legal = Verdict::Undetermined;
        self.reason = Some(reason);
        self
    }
}

/// The same texts in the same order, each once.
pub(crate) fn unique(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

/// Counts under two days: what both say, the rest open.
fn wider(a: RowCounts, b: RowCounts) -> RowCounts {
    let (yes, no) = (a.yes.min(b.yes), a.no.min(b.no));
    let rows = (a.yes + a.no + a.maybe).max(b.yes + b.no + b.maybe);
    RowCounts { yes, no, maybe: rows.saturating_sub(yes + no) }
}
