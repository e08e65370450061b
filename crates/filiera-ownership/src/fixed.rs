//! A cyclic core in fixed point: whole numbers of a 2^60th, the least value rounded down and the
//! greatest rounded up, so that the result holds the true values.

use filiera_model::{Exact, Rounding};

use crate::chain::Value;
use crate::cyclic::Core;
use crate::knapsack::Side;

/// One, in fixed point: products of two numbers up to it, and their sums over parts of one whole, stay
/// far inside 128 bits.
const ONE: i128 = 1 << 60;

/// Enough for a loop that loses a thousandth per turn to settle to the last bits; more turns only
/// bring the bounds closer.
const MOST_SWEEPS: usize = 40_000;

/// Sweeps for a first guess of an exact solution.
const SWEEPS_OF_A_START: usize = 400;

struct Core60 {
    members: Vec<Member60>,
    side: Side,
}

struct Member60 {
    /// Owners in the core: place, least and greatest part.
    inside: Vec<(usize, i128, i128)>,
    /// Owners outside: least and greatest part, value.
    outside: Vec<(i128, i128, i128)>,
    rest: Option<i128>,
}

/// The value of every member, maybe wider than necessary, never narrower.
pub(crate) fn solve(core: &Core<'_>) -> Vec<Value> {
    let fixed = Core60::of(core);
    let below = fixed.rise(MOST_SWEEPS);
    let bound = match core.side {
        Side::Least => below,
        Side::Most => fixed.settle_above(&below),
    };
    let value = |bound: i128| Value { share: exact(bound), open: false, sound: true };
    bound.into_iter().map(value).collect()
}

/// Values close to the true ones, to start an exact solution from.
pub(crate) fn start(core: &Core<'_>) -> Vec<Exact> {
    Core60::of(core).rise(SWEEPS_OF_A_START).into_iter().map(exact).collect()
}

fn exact(value: i128) -> Exact {
    Exact::ratio(value, ONE).unwrap_or_default()
}

/// The number in fixed point, rounded as told.
fn fixed(value: &Exact, rounding: Rounding) -> i128 {
    let scaled = value * &Exact::from_int(ONE);
    let whole = scaled.to_multiple(&Exact::one(), rounding).and_then(|whole| whole.to_unscaled(0));
    // INVARIANT: shares lie between 0 and 1.
    debug_assert!(whole.is_some_and(|whole| (0..=ONE).contains(&whole)));
    whole.unwrap_or_default()
}

impl Core60 {
    fn of(core: &Core<'_>) -> Self {
        let rounding = if core.side == Side::Least { Rounding::Down } else { Rounding::Up };
        let ends = |band: &crate::Band| (fixed(&band.least, Rounding::Down), fixed(&band.most, Rounding::Up));
        let member = |member: &crate::cyclic::Member<'_>| Member60 {
            inside: member.inside.iter().map(|(place, band)| (*place, ends(band).0, ends(band).1)).collect(),
            outside: member
                .outside
                .iter()
                .map(|(band, value)| (ends(band).0, ends(band).1, fixed(&value.share, rounding)))
                .collect(),
            rest: member.rest.as_ref().map(|rest| fixed(rest, rounding)),
        };
        Self { members: core.members.iter().map(member).collect(), side: core.side }
    }

    /// Rises from 0, rounding down: never above the true value, however early it stops.
    fn rise(&self, sweeps: usize) -> Vec<i128> {
        let mut values = vec![0; self.members.len()];
        let mut items = Vec::new();
        for _ in 0..sweeps {
            let mut change = 0;
            for (place, member) in self.members.iter().enumerate() {
                let next = member.best(&values, self.side, false, &mut items);
                if let Some(slot) = values.get_mut(place).filter(|slot| **slot < next) {
                    change = change.max(next - *slot);
                    *slot = next;
                }
            }
            if change == 0 {
                break;
            }
        }
        values
    }

    /// Values that the best choice, rounded up, does not raise: never below the true ones.
    ///
    /// Tries a little above `below`, then more, and in the end 1, which nothing can raise. Members that
    /// cannot reach the set stay at 0.
    fn settle_above(&self, below: &[i128]) -> Vec<i128> {
        let lively = self.lively();
        let mut margin = 1i128 << 12;
        loop {
            let raise = |(below, lively): (&i128, &bool)| if *lively { ONE.min(below + margin) } else { 0 };
            let tried: Vec<i128> = below.iter().zip(&lively).map(raise).collect();
            let settled = self.sink(tried.clone(), &lively);
            let holds = settled.iter().zip(&tried).all(|(settled, tried)| settled <= tried);
            if holds || margin > ONE {
                return settled.into_iter().zip(tried).map(|(settled, tried)| settled.min(tried)).collect();
            }
            margin <<= 8;
        }
    }

    /// Replaces values by those of the best choice, round after round; a value may rise.
    fn sink(&self, mut values: Vec<i128>, lively: &[bool]) -> Vec<i128> {
        let mut items = Vec::new();
        for _ in 0..self.members.len().max(1_000) {
            let mut changed = false;
            for (place, member) in
                self.members.iter().enumerate().filter(|(place, _)| lively.get(*place) == Some(&true))
            {
                let next = member.best(&values, self.side, true, &mut items).min(ONE);
                if let Some(slot) = values.get_mut(place) {
                    changed |= *slot != next;
                    *slot = next;
                }
            }
            if !changed {
                break;
            }
        }
        values
    }

    /// The members from which the set can be reached by some choice.
    fn lively(&self) -> Vec<bool> {
        let reaches = |member: &Member60| {
            member.rest.is_some_and(|rest| rest > 0)
                || member.outside.iter().any(|(_, most, value)| *most > 0 && *value > 0)
        };
        let mut lively: Vec<bool> = self.members.iter().map(reaches).collect();
        loop {
            let leads = |member: &Member60| {
                member.inside.iter().any(|(place, _, most)| *most > 0 && lively.get(*place) == Some(&true))
            };
            let next: Vec<bool> =
                self.members.iter().zip(&lively).map(|(member, before)| *before || leads(member)).collect();
            if next == lively {
                return lively;
            }
            lively = next;
        }
    }
}

impl Member60 {
    /// The value of the best choice, rounded down or up; `items` is scratch space.
    fn best(&self, values: &[i128], side: Side, up: bool, items: &mut Vec<(i128, i128)>) -> i128 {
        items.clear();
        let (mut left, mut total) = (ONE, 0);
        let inside = self
            .inside
            .iter()
            .map(|(place, least, most)| (*least, *most, values.get(*place).copied().unwrap_or_default()));
        for (least, most, value) in inside.chain(self.outside.iter().copied()) {
            left -= least;
            total += least * value;
            items.push((value, most - least));
        }
        items.extend(self.rest.map(|rest| (rest, ONE)));
        match side {
            Side::Least => items.sort_unstable(),
            Side::Most => items.sort_unstable_by(|a, b| b.cmp(a)),
        }
        for (value, room) in items {
            if left <= 0 {
                break;
            }
            let more = left.min(*room);
            total += more * *value;
            left -= more;
        }
        if up {
            total.div_euclid(ONE) + i128::from(total.rem_euclid(ONE) != 0)
        } else {
            total.div_euclid(ONE)
        }
    }
}

#[cfg(test)]
mod tests {
    use filiera_model::Exact;

    use std::borrow::Cow;

    use super::*;
    use crate::{Band, Matrix, Party};

    /// A ring in which everybody has a part in the next two, and one stranger a part in some, 12 decimals.
    fn ring(size: u32, seed: u64, points: bool) -> Matrix {
        let mut state = seed;
        let mut random = |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Exact::from_decimal(i128::from((state >> 33) % (most * 1_000_000)) * 10_000, 12)
        };
        let mut parts = Vec::new();
        for place in 0..size {
            for (step, most) in [(1, 70), (2, 20), (7, 9)] {
                let least = random(most) * Exact::ratio(1, 100).unwrap_or_default();
                let width = if points {
                    Exact::zero()
                } else {
                    random(20) * Exact::ratio(1, 100).unwrap_or_default()
                };
                let band = Band::between(least.clone(), (least + width).min(Exact::one()));
                parts.push((Party(place), Party((place + step) % size), band));
            }
            if place % 10 == 0 {
                parts.push((
                    Party(place),
                    Party(size),
                    Band::point(Exact::ratio(1, 100).unwrap_or_default()),
                ));
            }
        }
        Matrix::new(size as usize + 1, parts, |party| party.0 % 3 == 0)
    }

    fn both(matrix: &Matrix, side: Side) -> (Vec<Value>, Vec<Value>) {
        let members: Vec<Party> = (0..matrix.len() as u32 - 1).map(Party).collect();
        let set = Value::exactly(Exact::one());
        let last = Party::numbered(matrix.len() as u32 - 1);
        let outside = |company| {
            let own = matrix.owners_of(company).filter(|(owner, _)| !members.contains(owner));
            let value = |owner| if owner == last { set.clone() } else { Value::default() };
            own.map(|(owner, band)| (Cow::Borrowed(band), value(owner))).collect()
        };
        let rest = |party| (matrix.state(party) != crate::State::Complete).then(Exact::zero);
        let core = Core::new(matrix, &members, side, outside, rest);
        (core.solve(), solve(&core))
    }

    #[test]
    fn fixed_point_encloses_the_exact_values_closely() {
        for (seed, points) in [(1, true), (2, false), (3, false), (4, false)] {
            let matrix = ring(24, seed, points);
            for side in [Side::Least, Side::Most] {
                let (exact, fixed) = both(&matrix, side);
                for (exact, fixed) in exact.iter().zip(&fixed) {
                    let (inner, outer) = (&exact.share, &fixed.share);
                    let gap = if side == Side::Least { inner - outer } else { outer - inner };
                    assert!(
                        !gap.is_negative() && gap < Exact::from_decimal(1, 12),
                        "{side:?} {inner} {outer}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_core_of_a_hundred_is_still_exact() {
        let matrix = ring(100, 5, false);
        let (exact, fixed) = both(&matrix, Side::Most);
        assert!(exact.iter().zip(&fixed).all(|(exact, fixed)| exact.share <= fixed.share));
    }
}
