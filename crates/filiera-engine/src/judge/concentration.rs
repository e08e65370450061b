use std::collections::BTreeMap;

use filiera_finding::Reason;
use filiera_model::{Bounds, Exact, Mark, Quality, Range};

use super::forms::{Case, Valued, may_weigh_below_zero, no_shares};
use super::outcome::JudgedRow;
use super::quality::quality;
use crate::arithmetic::{Groups, concentration_bounds};
use crate::facts::{Candidates, Claim, Origin};
use crate::rows::Rows;

/// The value of `concentration`: how far the weight of the rows in scope lies with few groups.
///
/// Of a list that nobody vouches for nothing is known: one heavy row more turns any value into another.
pub(crate) fn concentration(case: &Case<'_>, judged: &[JudgedRow]) -> Valued {
    if !case.is_complete() {
        return Valued { bounds: None, reason: Some(Reason::Incomplete), remark: None };
    }
    let by = case.leaf.by.as_deref().unwrap_or_default();
    if may_weigh_below_zero(judged) {
        return no_shares();
    }
    let mut both = BothEnds { is_sound: hangs_together(case, judged), ..BothEnds::default() };
    for row in judged {
        // Of alternatives only one is there.
        let is_alternative = case.rows.info(row.row).is_some_and(|info| info.choice.is_some());
        for piece in pieces(case.rows, row, by) {
            both.add(row, piece, row.scope == Mark::Yes && !is_alternative);
        }
    }
    let (least, greatest) = both.groups();
    let may_be_zero = both.least_total.is_zero();
    let bounds = concentration_bounds(&least, &greatest);
    let quality = if both.is_sound { Quality::Sound } else { quality(case, judged) };
    let remark = heaviest(&both.greatest).map(|name| format!("most of the weight lies with `{name}`"));
    Valued {
        remark: remark.filter(|_| bounds.is_some()),
        bounds: bounds.map(|bounds| {
            let quality =
                if bounds.lower == bounds.upper { Quality::Exact } else { quality.max(bounds.quality) };
            Bounds { quality, ..bounds }
        }),
        reason: may_be_zero.then_some(Reason::ZeroTotal),
    }
}

/// The weight of every group by name, the heaviest first; what has none is `not known`.
pub(crate) fn group_weights(rows: &Rows, by: &str, judged: &[JudgedRow]) -> Vec<(String, Range)> {
    let mut groups: BTreeMap<String, Range> = BTreeMap::new();
    if may_weigh_below_zero(judged) {
        return Vec::new();
    }
    for row in judged.iter().filter(|row| row.scope != Mark::No && !row.marked.most.is_zero()) {
        for piece in pieces(rows, row, by) {
            let name = piece.group.unwrap_or_else(|| "not known".to_owned());
            let weight = row.weight.range.times(&piece.part);
            let sum = groups.get(&name).map_or(weight.clone(), |so_far| so_far.plus(&weight));
            groups.insert(name, sum);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(_, a), (_, b)| b.least.cmp(&a.least));
    groups
}

/// A part of a row, and the group it belongs to; nothing: nobody knows.
struct Piece {
    group: Option<String>,
    part: Exact,
    /// Whether the row is in several pieces, or the group one of a few only.
    is_sound: bool,
    /// Whether it may belong to several groups in parts.
    may_split: bool,
}

fn pieces(rows: &Rows, row: &JudgedRow, by: &str) -> Vec<Piece> {
    let whole = |group, is_sound| vec![Piece { group, part: Exact::one(), is_sound, may_split: false }];
    match row.origin.as_deref().filter(|_| by == "origin") {
        Some(origin) => of_origin(row, origin),
        None => whole(rows.columns.display(by, row.row as usize), false),
    }
}

fn of_origin(row: &JudgedRow, origin: &Origin) -> Vec<Piece> {
    let [claim] = origin.claims.as_slice() else {
        let is_shared = |claim: &Claim| {
            claim.parts.len() > 1 || claim.parts.iter().any(|(_, part)| *part == Candidates::Unknown)
        };
        let may_split = origin.claims.iter().any(is_shared);
        return vec![Piece { group: None, part: Exact::one(), is_sound: true, may_split }];
    };
    let in_pieces = claim.parts.len() > 1;
    let piece = |(share, candidates): &(Exact, Candidates)| {
        let mut countries = candidates.list().into_iter().flatten();
        let (first, second) = (countries.next(), countries.next());
        let only = first.filter(|_| second.is_none());
        Piece {
            group: only.map(|country| country.alpha2().to_owned()),
            part: share.clone(),
            // What nobody declares may be shared out, too.
            may_split: *candidates == Candidates::Unknown,
            is_sound: *candidates == Candidates::Unknown
                || (in_pieces && (only.is_none() || !row.weight.range.is_exact()))
                || second.is_some(),
        }
    };
    claim.parts.iter().map(piece).collect()
}

/// The weights as either end needs them.
#[derive(Default)]
struct BothEnds {
    least: Side,
    greatest: Side,
    least_total: Exact,
    is_sound: bool,
}

#[derive(Default)]
struct Side {
    known: BTreeMap<String, Range>,
    strays: Vec<Range>,
    /// Nothing: without limit.
    rest: Rest,
}

/// What belongs to no group.
struct Rest(Option<Exact>);

impl Default for Rest {
    fn default() -> Self {
        Self(Some(Exact::zero()))
    }
}

impl Side {
    fn add(&mut self, group: Option<&String>, range: Range) {
        match group {
            None => self.strays.push(range),
            Some(group) => {
                let sum = self.known.get(group).map_or(range.clone(), |so_far| so_far.plus(&range));
                self.known.insert(group.clone(), sum);
            }
        }
    }

    fn leave(&mut self, weight: Option<Exact>) {
        self.rest = Rest(self.rest.0.take().zip(weight).map(|(so_far, weight)| so_far + weight));
    }

    fn groups(&self) -> Groups {
        let known = self.known.values().cloned().collect();
        Groups { known, strays: self.strays.clone(), rest: self.rest.0.clone() }
    }
}

impl BothEnds {
    /// A row that may be out of scope weighs nothing there. Whatever the total, what may or may not be
    /// marked concentrates the more the more of it is, and the less the less.
    fn add(&mut self, row: &JudgedRow, piece: Piece, is_sure: bool) {
        if row.scope == Mark::No || piece.part.is_zero() {
            return;
        }
        let (least, most) = (&row.marked.least, &row.marked.most);
        let whole = row.weight.range.times(&piece.part);
        let floor = if is_sure { whole.least.clone() } else { Exact::zero() };
        let in_scope = Range { least: floor.clone(), most: whole.most.clone() };
        let is_split = |part: &Exact| !part.is_zero() && *part != Exact::one();
        // What tells the group of a row may tell its mark as well.
        let both_open = piece.group.is_none() && (least != most || !is_sure);
        self.is_sound |= piece.is_sound
            || both_open
            || ((is_split(least) || is_split(most)) && !(is_sure && whole.is_exact()))
            || (!is_sure && least.is_positive() && whole.least.is_positive());
        self.least_total += &floor;
        let group = piece.group.as_ref();
        if most.is_positive() {
            self.greatest.add(group, in_scope.times(most));
        }
        self.greatest.leave(Some(&floor * &(&Exact::one() - most)));
        // In enough groups it concentrates as little as in none.
        let grouped = if piece.may_split { Exact::zero() } else { least.clone() };
        if grouped.is_positive() {
            self.least.add(group, in_scope.times(&grouped));
        }
        let unmarked = &Exact::one() - &grouped;
        self.least.leave(if unmarked.is_zero() { Some(unmarked) } else { in_scope.times(&unmarked).most });
    }

    fn groups(&self) -> (Groups, Groups) {
        (self.least.groups(), self.greatest.groups())
    }
}

/// The group that no other can outweigh, where there is one.
fn heaviest(side: &Side) -> Option<&String> {
    let strays = side.strays.iter().cloned().reduce(|a, b| a.plus(&b));
    let (name, range) = side.known.iter().max_by(|a, b| a.1.least.cmp(&b.1.least))?;
    let most_of = |other: &Range| match &strays {
        Some(strays) => other.plus(strays).most,
        None => other.most.clone(),
    };
    let outweighs = |other: &Range| most_of(other).is_some_and(|most| most < range.least);
    let alone = strays.as_ref().is_none_or(outweighs);
    (alone && side.known.iter().all(|(other, range)| other == name || outweighs(range))).then_some(name)
}

/// Alternatives, one missing price in several rows, and several rows whose group one fact would tell
/// move together, and here each by itself.
fn hangs_together(case: &Case<'_>, judged: &[JudgedRow]) -> bool {
    let is_choice = |row: &JudgedRow| case.rows.info(row.row).is_some_and(|info| info.choice.is_some());
    let mut prices: Vec<&str> = judged
        .iter()
        .filter(|row| !row.weight.range.is_exact())
        .filter_map(|row| row.weight.missing.as_deref())
        .collect();
    prices.sort_unstable();
    let by = case.leaf.by.as_deref().unwrap_or_default();
    let is_stray = |row: &&JudgedRow| pieces(case.rows, row, by).iter().any(|piece| piece.group.is_none());
    let strays = judged.iter().filter(|row| row.scope != Mark::No).filter(is_stray).count();
    let is_joined = case.leaf.population.is_of_vehicles() || by.contains('_') || by == "origin";
    judged.iter().any(is_choice)
        || prices.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
        || (strays > 1 && is_joined)
}
