//! The greatest part of the votes, where shares of one class count as one.

use filiera_model::{End, Exact};

use crate::sum::Sum;

/// Shares with the same votes on the same side.
pub(crate) struct Lot<'a> {
    /// Whether they are the coalition's.
    pub inside: bool,
    /// Votes per share; nothing: without limit, which only shares inside are.
    pub votes: Option<&'a Exact>,
    pub sum: Sum,
}

/// A division of what lots can have beyond their least.
struct Division {
    /// Of every lot its shares.
    shares: Vec<Exact>,
    /// Σ worth · shares.
    value: Exact,
    /// Whether the value is reached, or only approached because an end is open.
    attained: bool,
}

/// The greatest part of the votes inside, over every division of the whole; `room` is what the lots leave
/// of it at their least, nothing where no division is possible.
///
/// Dinkelbach's steps, each from a better fraction, end at the best one exactly, because every step ends in
/// another corner. Parts of equal worth are one, so that an open end does not count against a value reached
/// another way; the best fraction does not depend on how they share what falls to them.
pub(crate) fn greatest_fraction(lots: &[Lot<'_>], room: Option<&Exact>) -> End {
    let is_limitless = |lot: &Lot<'_>| lot.inside && lot.votes.is_none() && lot.sum.counts.positive > 0;
    if lots.iter().any(is_limitless) {
        return End::open(Exact::one());
    }
    let Some(room) = room else { return End::closed(Exact::zero()) };
    if lots.iter().all(|lot| lot.sum.is_firm()) {
        return End::closed(part(lots, lots.iter().map(|lot| &lot.sum.least)));
    }
    let mut fraction = Exact::zero();
    loop {
        let best = best(lots, &worths(lots, &fraction), room);
        if !best.value.is_positive() {
            return End { value: Some(fraction), open: !best.attained };
        }
        fraction = part(lots, best.shares.iter());
    }
}

/// What a whole of every lot adds to the votes inside above a fraction of all.
fn worths(lots: &[Lot<'_>], fraction: &Exact) -> Vec<Exact> {
    let rest = Exact::one() - fraction.clone();
    let worth = |lot: &Lot<'_>| match lot.votes {
        None => Exact::zero(),
        Some(votes) if lot.inside => votes * &rest,
        Some(votes) => -(votes * fraction),
    };
    lots.iter().map(worth).collect()
}

/// The part of the votes inside with these shares, 0 of nothing.
fn part<'a>(lots: &[Lot<'_>], shares: impl Iterator<Item = &'a Exact>) -> Exact {
    let (mut inside, mut all) = (Exact::zero(), Exact::zero());
    for (lot, share) in lots.iter().zip(shares) {
        let Some(votes) = lot.votes else { continue };
        let votes = votes * share;
        all += &votes;
        if lot.inside {
            inside += &votes;
        }
    }
    inside.checked_div(&all).unwrap_or_default()
}

/// Everybody has the least, the room goes to the worthiest first.
fn best(lots: &[Lot<'_>], worths: &[Exact], room: &Exact) -> Division {
    let mut order: Vec<(&Exact, &Lot<'_>, usize)> =
        worths.iter().zip(lots).zip(0..).map(|((worth, lot), place)| (worth, lot, place)).collect();
    order.sort_by(|a, b| b.0.cmp(a.0));
    let mut found = Division {
        shares: lots.iter().map(|lot| lot.sum.least.clone()).collect(),
        value: Exact::zero(),
        attained: true,
    };
    let mut room = room.clone();
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        found.attained &= is_attained(group.iter().map(|(_, lot, _)| &lot.sum), &room);
        for (worth, lot, place) in group {
            let taken = (&lot.sum.slack).min(&room).clone();
            room = &room - &taken;
            if let Some(share) = found.shares.get_mut(*place) {
                *share += &taken;
                found.value += &(*worth * &*share);
            }
        }
    }
    found
}

/// Whether shares of equal worth can take exactly this much above their least.
fn is_attained<'a>(sums: impl Iterator<Item = &'a Sum>, room: &Exact) -> bool {
    let (mut slack, mut least_open, mut most_open) = (Exact::zero(), false, false);
    for sum in sums {
        slack += &sum.slack;
        least_open |= sum.counts.moving_least_open > 0;
        most_open |= sum.counts.moving_most_open > 0;
    }
    if room.is_zero() {
        return !least_open;
    }
    *room < slack || !most_open
}
