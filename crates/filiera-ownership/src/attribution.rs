use filiera_model::{Bounds, End, Exact, Mark, Quality};

use crate::division::{Part, greatest};
use crate::{Band, Control, Matrix, Metric, Party, Snapshot, State};

/// How a law counts what is held through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// An entity of which the set holds at least this part counts in full, with all that it holds.
    pub full_at: Exact,
    /// What an entity below that counts for.
    pub below: Below,
}

/// What an entity counts for that is not held enough to count in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Below {
    /// Its holdings times the part that is held of it.
    Product,
    /// Nothing.
    Nothing,
}

impl Snapshot {
    /// The part of every party, by number, that the law attributes to a set of owners together.
    ///
    /// The least solution: from what the set holds itself, entities that reach the tier join it with all
    /// that they hold, until none does. A *maybe* counts at the upper end only, and so does `unlisted`, the
    /// mark of what is not listed in companies whose list is not complete. A company whose statements
    /// cannot be true together is known to lie between 0 and 1 only.
    pub fn attributed(
        &self,
        metric: Metric,
        tier: &Tier,
        marks: &dyn Fn(Party) -> Mark,
        unlisted: Mark,
    ) -> Vec<Bounds> {
        let mut full = vec![Mark::No; self.register().len()];
        loop {
            let now = |party: Party| marks(party).or(full.get(party.place()).copied().unwrap_or(Mark::No));
            let parts = match tier.below {
                Below::Product => self.held_in_the_end(metric, &now, unlisted),
                Below::Nothing => self.held_directly(metric, &now, unlisted),
            };
            let next: Vec<Mark> = parts.iter().map(|part| tier.reached(part)).collect();
            if next == full {
                return parts;
            }
            full = next;
        }
    }

    /// What a set of owners holds of every party, directly and through others. What a member has in itself
    /// does not count for the set.
    fn held_in_the_end(&self, metric: Metric, marks: &dyn Fn(Party) -> Mark, unlisted: Mark) -> Vec<Bounds> {
        let matrix = self.matrix(metric);
        let own = |party: Party| {
            let own = matrix.part(party, party).filter(|own| !own.is_nothing());
            own.filter(|_| matrix.state(party) != State::Conflict)
        };
        let mut parts = self.reach_all(metric, marks, unlisted);
        for (number, part) in (0u32..).zip(&mut parts) {
            let party = Party::numbered(number);
            if let Some(own) = own(party) {
                take_out(part, own, marks(party));
            }
        }
        parts
    }

    /// What a set of owners holds itself of every party.
    fn held_directly(&self, metric: Metric, marks: &dyn Fn(Party) -> Mark, unlisted: Mark) -> Vec<Bounds> {
        let matrix = self.matrix(metric);
        let surely = |party: Party| marks(party) == Mark::Yes;
        let possibly = |party: Party| marks(party) != Mark::No;
        let parties = (0..self.register().len() as u32).map(Party::numbered);
        parties.map(|company| held(matrix, company, &surely, &possibly, unlisted)).collect()
    }
}

impl Tier {
    /// Whether an entity of which so much is held counts in full.
    fn reached(&self, part: &Bounds) -> Mark {
        let above = |end: &End, or_open: bool| {
            let Some(value) = &end.value else { return !or_open };
            *value > self.full_at || (*value == self.full_at && (or_open || !end.open))
        };
        match (above(&part.lower, true), above(&part.upper, false)) {
            (true, _) => Mark::Yes,
            (false, true) => Mark::Maybe,
            (false, false) => Mark::No,
        }
    }
}

impl Control {
    /// The part of a company's capital that a party holds itself and through companies that it controls,
    /// each of them in full: attribution along chains of control. `unlisted`: what is not listed may be
    /// its own, in the upper end.
    pub fn equity_of(&self, party: Party, company: Party, unlisted: bool) -> Bounds {
        let mark = |one: Party| if one == party { Mark::Yes } else { self.mark_of(party, one, unlisted) };
        let unlisted = if unlisted { Mark::Maybe } else { Mark::No };
        let (surely, possibly) = (|one| mark(one) == Mark::Yes, |one| mark(one) != Mark::No);
        held(self.snapshot().equity(), company, &surely, &possibly, unlisted)
    }
}

/// The part of one company that its owners inside hold together: at least the first, at most the second.
/// Shares that the company has in itself are no part of the whole.
fn held(
    matrix: &Matrix,
    company: Party,
    surely: &dyn Fn(Party) -> bool,
    possibly: &dyn Fn(Party) -> bool,
    unlisted: Mark,
) -> Bounds {
    let state = matrix.state(company);
    if state == State::Conflict {
        return Band::anything().bounds(Quality::Sound);
    }
    if matrix.owners_of(company).len() == 0 {
        return Bounds::exactly(Exact::zero());
    }
    let open = state == State::Open;
    let inside = |owner| owner != company && possibly(owner);
    let outside = |owner| owner == company || !surely(owner);
    let upper = most(matrix, company, &inside, open && unlisted != Mark::No);
    let others = most(matrix, company, &outside, !open || unlisted != Mark::Yes);
    let lower = End { value: others.value.map(|value| Exact::one() - value), open: others.open };
    let held = Bounds { lower, upper, quality: Quality::Exact };
    match matrix.part(company, company) {
        Some(own) if !own.is_nothing() => of_outstanding(held, own),
        _ => held,
    }
}

/// Takes a company's own shares out of the part that a set has together with them, where the company is in
/// the set; tight where they are exact.
fn take_out(part: &mut Bounds, own: &Band, inside: Mark) {
    let without = |end: &mut End, own: &Exact| {
        let left = Exact::one() - own.clone();
        let rest = end.value.as_ref().and_then(|part| (part - own).checked_div(&left)).unwrap_or_default();
        end.value = Some(rest.max(Exact::zero()));
    };
    if inside == Mark::Yes {
        without(&mut part.lower, &own.most);
    }
    if inside != Mark::No {
        without(&mut part.upper, &own.least);
    }
    if !own.is_point() && inside != Mark::No {
        (part.lower.open, part.upper.open, part.quality) = (false, false, Quality::Sound);
    }
}

/// Parts of the capital as parts of what is left of it without a company's own shares: tight where these
/// are exact.
fn of_outstanding(held: Bounds, own: &Band) -> Bounds {
    let left = |own: &Exact| Exact::one() - own.clone();
    let lower = held.lower.value.and_then(|part| part.checked_div(&left(&own.least))).unwrap_or_default();
    let all_or_nothing = |part: &Exact| if part.is_positive() { Exact::one() } else { Exact::zero() };
    let upper = held.upper.value.map(|part| {
        let whole = part.checked_div(&left(&own.most)).unwrap_or_else(|| all_or_nothing(&part));
        whole.min(Exact::one())
    });
    if own.is_point() {
        let upper = End { value: upper, open: held.upper.open };
        return Bounds {
            lower: End { value: Some(lower), open: held.lower.open },
            upper,
            quality: held.quality,
        };
    }
    let upper = End { value: upper, open: false };
    Bounds { lower: End::closed(lower), upper, quality: Quality::Sound }
}

/// The most that the owners inside can have, with the rest where told.
fn most(matrix: &Matrix, company: Party, inside: &dyn Fn(Party) -> bool, rest: bool) -> End {
    let whole = Band::anything();
    let worth = |counts: bool| if counts { Exact::one() } else { Exact::zero() };
    let listed = matrix.owners_of(company);
    let mut parts: Vec<Part<'_>> =
        listed.map(|(owner, share)| Part { worth: worth(inside(owner)), share }).collect();
    if matrix.state(company) != State::Complete {
        parts.push(Part { worth: worth(rest), share: &whole });
    }
    greatest(&parts).map_or_else(
        || End::closed(Exact::one()),
        |best| End { value: Some(best.value), open: !best.attained },
    )
}
