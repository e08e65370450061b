//! A large cyclic core in fixed point, by elimination without a single subtraction.
//!
//! Nothing is subtracted, so that every number keeps its leading digits, and nothing is negative, so
//! that lower ends stay lower ends and upper ends upper ones whatever is rounded.

use crate::book::{Between, ShareBook};
use crate::{Components, Party};

/// Of every member how much of it leaves the core at every other one.
pub(crate) struct Solved {
    /// Of every member the part that owners outside have, listed or not.
    pub leaks: Vec<Between>,
    /// Members at which something leaves the core to a listed owner.
    exits: Vec<usize>,
    /// Exit by exit, the part of every member that leaves there.
    leaving: Vec<Between>,
}

impl Solved {
    /// Adds to `totals` what the ultimate owners have of one member, `outside` being the part of what
    /// leaves at each exit, by ultimate owner.
    pub fn spread(&self, member: usize, outside: &[Vec<(u32, Between)>], totals: &mut [Between]) {
        let members = self.leaks.len();
        for (place, exit) in self.exits.iter().enumerate() {
            let leaving = self.leaving[place * members + member];
            if leaving.upper == 0 {
                continue;
            }
            for (ultimate, share) in &outside[*exit] {
                let total = &mut totals[*ultimate as usize];
                *total = total.plus(leaving.times(*share));
            }
        }
    }
}

/// One eliminated member, expressed by those eliminated after it.
struct Pivot {
    member: usize,
    /// What it passes on to others, its own loop solved.
    factors: Vec<(u32, Between)>,
    /// The members eliminated later that had a part in it, with that part.
    users: Vec<(u32, Between)>,
    /// What of it does not come back to it.
    leaves: Between,
}

/// Solves the core of these members; `reaching` tells at which something leaves to a listed owner.
pub(crate) fn solve(book: &ShareBook, components: &Components, members: &[u32], reaching: &[bool]) -> Solved {
    let mut elimination = Elimination::of(book, components, members);
    let leaks = elimination.leaks.clone();
    let exits: Vec<usize> = (0..members.len()).filter(|member| reaching[*member]).collect();
    let mut leaving = Vec::with_capacity(exits.len() * members.len());
    if !exits.is_empty() {
        let pivots = elimination.run();
        let mut place_of = vec![0; members.len()];
        pivots.iter().enumerate().for_each(|(place, pivot)| place_of[pivot.member] = place);
        for exit in &exits {
            leaving.extend(leaving_at(*exit, leaks[*exit], &pivots, place_of[*exit]));
        }
    }
    Solved { leaks, exits, leaving }
}

/// The part of every member that leaves at one of them.
fn leaving_at(exit: usize, leak: Between, pivots: &[Pivot], first: usize) -> Vec<Between> {
    let mut known = vec![Between::default(); pivots.len()];
    known[exit] = leak;
    for pivot in &pivots[first..] {
        let own = known[pivot.member];
        if own.upper == 0 {
            continue;
        }
        let own = own.over(pivot.leaves);
        known[pivot.member] = own;
        for (user, part) in &pivot.users {
            let user = &mut known[*user as usize];
            *user = user.plus(part.times(own));
        }
    }
    for pivot in pivots.iter().rev() {
        let mut own = known[pivot.member];
        for (other, factor) in &pivot.factors {
            own = own.plus(factor.times(known[*other as usize]));
        }
        known[pivot.member] = own;
    }
    known
}

/// The members that are left, each a row of parts in the others; its part in itself is not kept.
struct Elimination {
    rows: Vec<Vec<(u32, Between)>>,
    /// Who has a part in each member; may hold members twice, or that have none any more.
    users: Vec<Vec<u32>>,
    leaks: Vec<Between>,
    left: Vec<bool>,
}

impl Elimination {
    fn of(book: &ShareBook, components: &Components, members: &[u32]) -> Self {
        let inside = members.first().map(|member| components.of(*member));
        let mut sorted: Vec<(u32, u32)> = members.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let place =
            |party: u32| sorted.binary_search_by_key(&party, |(one, _)| *one).ok().map(|at| sorted[at].1);
        let mut found = Self {
            rows: vec![Vec::new(); members.len()],
            users: vec![Vec::new(); members.len()],
            leaks: Vec::with_capacity(members.len()),
            left: vec![true; members.len()],
        };
        for (row, member) in members.iter().enumerate() {
            let mut listed = 0;
            for (owner, part) in book.owners_of(Party(*member)) {
                let Some(place) = place(owner.0).filter(|_| Some(components.of(owner.0)) == inside) else {
                    continue;
                };
                listed += part;
                if place as usize != row {
                    found.rows[row].push((place, Between::part(part, book.whole)));
                    found.users[place as usize].push(row as u32);
                }
            }
            found.rows[row].sort_unstable_by_key(|(place, _)| *place);
            found.leaks.push(Between::part(book.whole - listed, book.whole));
        }
        found
    }

    fn run(&mut self) -> Vec<Pivot> {
        let mut pivots = Vec::with_capacity(self.rows.len());
        while let Some(next) = self.next() {
            pivots.push(self.eliminate(next));
        }
        pivots
    }

    /// The member whose elimination makes the fewest products.
    fn next(&self) -> Option<usize> {
        let left = (0..self.rows.len()).filter(|member| self.left[*member]);
        left.min_by_key(|member| self.rows[*member].len() * self.users[*member].len())
    }

    fn eliminate(&mut self, member: usize) -> Pivot {
        self.left[member] = false;
        let mut factors = std::mem::take(&mut self.rows[member]);
        let leak = self.leaks[member];
        let leaves = factors.iter().fold(leak, |sum, (_, part)| sum.plus(*part));
        for (_, part) in &mut factors {
            *part = part.over(leaves);
        }
        let leak = leak.over(leaves);
        let mut candidates = std::mem::take(&mut self.users[member]);
        candidates.sort_unstable();
        candidates.dedup();
        let mut users = Vec::with_capacity(candidates.len());
        candidates.retain(|user| self.left[*user as usize]);
        for user in candidates {
            let row = &mut self.rows[user as usize];
            let Ok(place) = row.binary_search_by_key(&(member as u32), |(one, _)| *one) else { continue };
            let (_, part) = row.remove(place);
            users.push((user, part));
            self.leaks[user as usize] = self.leaks[user as usize].plus(part.times(leak));
            self.add(user, part, &factors);
        }
        Pivot { member, factors, users, leaves }
    }

    /// Adds `part` of these factors to a row.
    fn add(&mut self, user: u32, part: Between, factors: &[(u32, Between)]) {
        let old = std::mem::take(&mut self.rows[user as usize]);
        let mut new = Vec::with_capacity(old.len() + factors.len());
        let mut old = old.into_iter().peekable();
        for (other, factor) in factors.iter().filter(|(other, _)| *other != user) {
            while let Some(before) = old.next_if(|(one, _)| one < other) {
                new.push(before);
            }
            let more = part.times(*factor);
            match old.next_if(|(one, _)| one == other) {
                Some((_, before)) => new.push((*other, before.plus(more))),
                None => {
                    new.push((*other, more));
                    self.users[*other as usize].push(user);
                }
            }
        }
        new.extend(old);
        self.rows[user as usize] = new;
    }
}
