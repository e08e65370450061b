//! What single rows wait for, for whoever adds rows up himself: papers, and what they make of the row.

use std::collections::BTreeMap;

use filiera_finding::PaperAsked;
use filiera_model::{Exact, Mark};
use filiera_predicate::ParameterValue;

use super::paper::{Content, Names, Paper, Slot};
use super::waits::waits_of_row;
use crate::bind::{BoundCondition, BoundLeaf};
use crate::engine::Engine;
use crate::judge::JudgedRow;

/// A paper that installed rows wait for, in however many vehicles they stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Awaited {
    /// Without its lot.
    slot: Slot,
    /// Whether the paper is of one lot, where the row names one.
    of_lot: bool,
}

/// What a row waits for, and what that makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowWaits {
    /// Each paper once, and what the row is when it is there.
    pub papers: Vec<(Awaited, Takes)>,
}

/// What becomes of a row when a paper is there, between the least and the most that the row adds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Takes {
    /// It stays as it is.
    Nothing,
    /// It adds its least or its most, and so does every other row of the subject that takes its ends together
    /// from the same paper: all their least, or all their most.
    EndsTogether,
    /// It adds its least or its most. What other rows make of the paper is not told.
    Ends,
    /// It adds its least, its most, or anything between. What other rows make of the paper is not told.
    Between,
    /// That is not told.
    Untold,
}

impl Awaited {
    /// Whether the paper is of one lot, where the row names one.
    pub fn is_of_lot(&self) -> bool {
        self.of_lot
    }
}

impl Engine<'_> {
    /// These papers as reports show them; of those that are of one lot, with the lot.
    pub fn papers_asked<'p>(
        &self,
        papers: impl Iterator<Item = (&'p Awaited, Option<&'p str>)>,
    ) -> Vec<PaperAsked> {
        let names = Names::new(self);
        papers.map(|(paper, lot)| Paper::of(paper.slot.of_lot(lot)).asked(&names)).collect()
    }
}

/// What a row of a subject waits for; nothing where nothing about it is open, or what is open is no paper.
pub(crate) fn row_waits(
    engine: &Engine<'_>,
    (bound, leaf): (&BoundCondition, &BoundLeaf),
    subject: usize,
    values: &BTreeMap<String, ParameterValue>,
    row: &JudgedRow,
) -> Option<RowWaits> {
    let is_marked = row.marked.least == row.marked.most;
    if is_marked && row.scope != Mark::Maybe && row.weight.range.is_exact() {
        return None;
    }
    let waits = waits_of_row(engine, bound, leaf, subject, values.clone(), row);
    // A fact about the vehicle is no paper about what is installed.
    let is_of_row = |paper: &&Paper| !paper.slot.is_of_vehicle();
    let moves = |paper: &Paper| paper.answers.len() > 1;
    let is_one = waits.unforeseen.is_empty()
        && waits.papers.iter().all(|paper| is_of_row(&paper))
        && waits.papers.iter().filter(|paper| moves(paper)).count() == 1
        && !row.is_sound
        && !leaf.repeats_a_column();
    let takes = |paper: &Paper| match (moves(paper), is_one) {
        (false, _) => Takes::Nothing,
        (true, true) => takes(paper, row),
        (true, false) => Takes::Untold,
    };
    let own = waits.papers.iter().filter(is_of_row);
    let papers: Vec<(Awaited, Takes)> = own.map(|paper| (awaited(engine, paper), takes(paper))).collect();
    (!papers.is_empty()).then_some(RowWaits { papers })
}

fn awaited(engine: &Engine<'_>, paper: &Paper) -> Awaited {
    let of_lot =
        matches!(&paper.slot, Slot::Origin { part, .. } if engine.ground.declarations.names_lots(part));
    Awaited { slot: paper.slot.of_lot(None), of_lot }
}

/// What the only paper that moves a row makes of it.
fn takes(paper: &Paper, row: &JudgedRow) -> Takes {
    let open = (row.marked.least != row.marked.most, row.scope == Mark::Maybe, !row.weight.range.is_exact());
    match open {
        (true, false, false) => of_mark(paper, row),
        (false, true, false) => Takes::Ends,
        (false, false, true) if paper.is_amount() && paper.answers.iter().all(|answer| !answer.unlimited) => {
            Takes::Between
        }
        _ => Takes::Untold,
    }
}

fn of_mark(paper: &Paper, row: &JudgedRow) -> Takes {
    let is_whole = row.marked.least.is_zero() && row.marked.most == Exact::one();
    let of_one_country = |content: &Content| matches!(content, Content::Origin(parts) if parts.len() == 1);
    let all = |is: &dyn Fn(&Content) -> bool| paper.answers.iter().all(|answer| is(&answer.content));
    if all(&of_one_country) && is_whole {
        Takes::EndsTogether
    } else if paper.answers.len() == 2 || (is_whole && all(&|one| matches!(one, Content::Text(_)))) {
        Takes::Ends
    } else {
        Takes::Untold
    }
}
