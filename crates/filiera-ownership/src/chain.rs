//! How much of a company ends, over all ways upward through its owners, with a set of owners.

use std::borrow::Cow;
use std::rc::Rc;

use filiera_model::{Exact, Mark};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::components::Components;
use crate::crowd::{Share, Usual};
use crate::cyclic::Core;
use crate::kept::{Kept, KeptCores, Whose};
use crate::knapsack::{Item, Side, choose, is_open, value};
use crate::matrix::{Matrix, State};
use crate::totals::Totals;
use crate::{Party, fixed};

/// A core with more members is bounded in fixed point; it says so by [`Value::sound`].
pub(crate) const MOST_EXACT: usize = 100;

/// The set that is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// Who is in it.
    pub marks: &'a dyn Fn(Party) -> Mark,
    /// Whether owners are in it who are not listed.
    pub unlisted: Mark,
    /// Whether the owners are in it whom nobody names and who have what complete lists leave.
    pub float: Mark,
    /// The only one who can be in it, where there is only one above what is asked for.
    pub only: Option<Party>,
    /// Who it is, where it is worth keeping what cores give it.
    pub whose: Option<Whose>,
}

impl<'a> Target<'a> {
    /// Owners who are listed, several maybe.
    pub fn listed(marks: &'a dyn Fn(Party) -> Mark, unlisted: Mark) -> Self {
        Self { marks, unlisted, float: Mark::No, only: None, whose: None }
    }

    /// The same target, if among these parties only one can be in it, knowing who.
    pub fn with_only(self, parties: impl Iterator<Item = Party>) -> Self {
        let nobody_else = self.unlisted == Mark::No && self.float == Mark::No;
        let mut inside = parties.filter(|party| (self.marks)(*party) != Mark::No);
        let only = inside.next().filter(|only| nobody_else && inside.all(|other| other == *only));
        Self { only, ..self }
    }

    fn counts(mark: Mark, side: Side) -> bool {
        match side {
            Side::Least => mark == Mark::Yes,
            Side::Most => mark != Mark::No,
        }
    }

    pub fn has(&self, party: Party, side: Side) -> bool {
        Self::counts((self.marks)(party), side)
    }

    /// The value of what is not listed; nothing where everything is.
    fn rest(&self, state: State, side: Side) -> Option<Exact> {
        let mark = match state {
            State::Complete | State::Conflict => return None,
            State::Float => self.float,
            State::Open => self.unlisted,
        };
        Some(if Self::counts(mark, side) { Exact::one() } else { Exact::zero() })
    }
}

/// The part of a company that ends with the set, at its least or most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Value {
    pub share: Exact,
    /// Whether it is only approached.
    pub open: bool,
    /// Whether it may lie beyond what is possible.
    pub sound: bool,
}

impl Value {
    pub fn exactly(share: Exact) -> Self {
        Self { share, open: false, sound: false }
    }
}

/// The owners of a matrix as a graph, its cyclic cores known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chain {
    components: Components,
    kept: KeptCores,
}

impl Chain {
    pub fn of(matrix: &Matrix) -> Self {
        let (starts, owners) = matrix.graph();
        Self { components: Components::of_graph(&starts, &owners), kept: KeptCores::default() }
    }

    pub fn components(&self) -> &Components {
        &self.components
    }

    /// The components from which `company` may be owned, its own last.
    pub fn above(&self, matrix: &Matrix, company: Party) -> Vec<u32> {
        let mut seen = FxHashSet::from_iter([company]);
        let mut open = vec![company];
        let mut above = FxHashSet::default();
        while let Some(party) = open.pop() {
            above.insert(self.components.of(party.0));
            let owners = matrix.owners_of(party).filter(|(_, band)| !band.is_nothing());
            open.extend(owners.map(|(owner, _)| owner).filter(|owner| seen.insert(*owner)));
        }
        let mut above: Vec<u32> = above.into_iter().collect();
        above.sort_unstable();
        above
    }

    /// Of every party whether it is one of these or owned by one, however indirectly; empty for none.
    pub fn below(&self, matrix: &Matrix, parties: impl Iterator<Item = Party>) -> Vec<bool> {
        let mut parties = parties.peekable();
        if parties.peek().is_none() {
            return Vec::new();
        }
        let mut below = vec![false; matrix.len()];
        parties.for_each(|party| set_all(&mut below, &[party.0]));
        for component in 0..self.components.len() as u32 {
            let members = self.components.nodes(component);
            let owners =
                members.iter().flat_map(|node| matrix.owners_of(Party(*node)).map(|(owner, _)| owner.0));
            let mut all = owners.chain(members.iter().copied());
            if all.any(|party| below.get(party as usize) == Some(&true)) {
                set_all(&mut below, members);
            }
        }
        below
    }

    /// The parties of these components.
    pub fn members(&self, components: &[u32]) -> impl Iterator<Item = Party> {
        components.iter().flat_map(|component| self.components.nodes(*component)).map(|node| Party(*node))
    }

    /// The values of all members of these components, which come owners first; within what is stated of
    /// totals.
    pub fn values(
        &self,
        matrix: &Matrix,
        totals: &Totals,
        components: impl Iterator<Item = u32>,
        target: Target<'_>,
        side: Side,
    ) -> Values {
        let mut values = Values::default();
        components.for_each(|component| self.add(&mut values, matrix, totals, component, target, side));
        values
    }

    /// Adds the values of one component to those of the components above it.
    pub fn add(
        &self,
        values: &mut Values,
        matrix: &Matrix,
        totals: &Totals,
        component: u32,
        target: Target<'_>,
        side: Side,
    ) {
        let members: Vec<Party> = self.components.nodes(component).iter().map(|node| Party(*node)).collect();
        if !is_core(matrix, &members) {
            for party in members {
                let value = values.of_company(matrix, party, target, side);
                values.set(party, totals.bound(party, value, target, side), target, side);
            }
            return;
        }
        let kept = target.whose.and_then(|whose| self.kept.get(component, whose, side));
        if let Some(kept) = kept {
            values.take(&kept);
            return;
        }
        values.add_core(matrix, totals, &members, target, side);
        if let Some(whose) = target.whose {
            self.kept.put(component, whose, side, values.of_core(&members));
        }
    }
}

/// Whether companies own each other, or one of them itself.
fn is_core(matrix: &Matrix, members: &[Party]) -> bool {
    let owns_itself = |party: &Party| matrix.part(*party, *party).is_some_and(|band| !band.is_nothing());
    members.len() > 1 || members.iter().any(owns_itself)
}

fn set_all(marked: &mut [bool], parties: &[u32]) {
    for party in parties {
        if let Some(slot) = marked.get_mut(*party as usize) {
            *slot = true;
        }
    }
}

/// Of every party treated so far, what reaches the set from it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    /// A member of the set counts in full, whoever owns it.
    reached: FxHashMap<Party, Value>,
    /// What the set has of a member of it by its owners.
    of_members: FxHashMap<Party, Value>,
    /// What holds for everybody else.
    usual: Option<Rc<Usual>>,
}

impl Values {
    /// The part of the company that the set holds, also where the company is in the set.
    pub fn get(&self, company: Party) -> Value {
        let own = self.of_members.get(&company).or_else(|| self.known(company));
        own.cloned().unwrap_or_default()
    }

    /// Values that differ from the usual ones in some parties only.
    pub fn but_for(usual: &Rc<Usual>) -> Self {
        Self { usual: Some(Rc::clone(usual)), ..Self::default() }
    }

    /// What reaches the set from a party.
    pub fn known(&self, party: Party) -> Option<&Value> {
        let usual = || self.usual.as_ref().and_then(|usual| usual.values.known(party));
        self.reached.get(&party).or_else(usual)
    }

    /// The owners of a company with their values, without some of them; where there are usual values, owners
    /// of the same value are one.
    fn owners<'a>(&'a self, matrix: &'a Matrix, company: Party, without: &[Party]) -> Vec<Share<'a>> {
        let owners = matrix.owners_of(company);
        if let Some(usual) = self.usual.as_ref().filter(|_| self.reached.len() + without.len() < owners.len())
        {
            let changed = self.reached.iter().map(|(party, value)| (*party, Some(value)));
            let left_out = without.iter().map(|party| (*party, None));
            let others: Vec<(Party, Option<&Value>)> = changed.chain(left_out).collect();
            return usual.owners(matrix, company, &others);
        }
        self.one_by_one(matrix, company, without)
    }

    /// The same, every owner for itself.
    fn one_by_one<'a>(&'a self, matrix: &'a Matrix, company: Party, without: &[Party]) -> Vec<Share<'a>> {
        let owners = matrix.owners_of(company).filter(|(owner, _)| without.binary_search(owner).is_err());
        owners
            .map(|(owner, band)| (Cow::Borrowed(band), self.known(owner).cloned().unwrap_or_default()))
            .collect()
    }

    /// What is known of the members of a core.
    fn of_core(&self, members: &[Party]) -> Kept {
        let known = |of: &FxHashMap<Party, Value>, member| of.get(member).cloned();
        members
            .iter()
            .map(|member| (*member, known(&self.reached, member), known(&self.of_members, member)))
            .collect()
    }

    fn take(&mut self, kept: &Kept) {
        for (member, reached, own) in kept {
            self.reached.extend(reached.clone().map(|value| (*member, value)));
            self.of_members.extend(own.clone().map(|value| (*member, value)));
        }
    }

    fn set(&mut self, party: Party, value: Value, target: Target<'_>, side: Side) {
        if target.has(party, side) {
            self.reached.insert(party, Value::exactly(Exact::one()));
            self.of_members.insert(party, value);
        } else {
            self.reached.insert(party, value);
        }
    }

    /// What its owners, all of them treated, make of a company.
    fn of_company(&self, matrix: &Matrix, company: Party, target: Target<'_>, side: Side) -> Value {
        let state = matrix.state(company);
        if state == State::Conflict {
            return conflict(side);
        }
        let parts = self.owners(matrix, company, &[]);
        if parts.is_empty() {
            return Value::default();
        }
        let items: Vec<Item<'_>> =
            parts.iter().map(|(band, value)| Item { band, value: &value.share, open: value.open }).collect();
        let rest = target.rest(state, side);
        let share = value(&items, &choose(&items, rest.as_ref(), side), rest.as_ref());
        let sound = parts.iter().any(|(band, value)| value.sound && band.most.is_positive());
        Value { share, open: is_open(&items, rest.as_ref(), side), sound }
    }

    /// Solves a cyclic core; members of the set stand firm in it.
    fn add_core(
        &mut self,
        matrix: &Matrix,
        totals: &Totals,
        members: &[Party],
        target: Target<'_>,
        side: Side,
    ) {
        let (marked, unknown): (Vec<Party>, Vec<Party>) =
            members.iter().partition(|party| target.has(**party, side));
        for party in &marked {
            self.reached.insert(*party, Value::exactly(Exact::one()));
        }
        for party in unknown.iter().filter(|party| matrix.state(**party) == State::Conflict) {
            self.reached.insert(*party, conflict(side));
        }
        let mut unknown: Vec<Party> =
            unknown.into_iter().filter(|party| matrix.state(*party) != State::Conflict).collect();
        let mut solved = self.solved(matrix, &unknown, target, side);
        while let Some(firm) = totals.firm(&unknown, &solved, target, side) {
            // What is stated of a member's total is better than what its core gives it: it stands firm, and
            // the others follow. They cannot move it back, because no core passes on more than it gets.
            unknown.retain(|party| !firm.iter().any(|(one, _)| one == party));
            self.reached.extend(firm);
            solved = self.solved(matrix, &unknown, target, side);
        }
        self.reached.extend(unknown.into_iter().zip(solved));
        for party in marked {
            let value = self.of_company(matrix, party, target, side);
            self.of_members.insert(party, totals.bound(party, value, target, side));
        }
    }

    /// The values of members of a core that are not known yet.
    fn solved(&self, matrix: &Matrix, unknown: &[Party], target: Target<'_>, side: Side) -> Vec<Value> {
        let is_exact = unknown.len() <= MOST_EXACT;
        let mut inside = unknown.to_vec();
        inside.sort_unstable();
        // What is rounded is rounded owner by owner.
        let outside = |company| {
            if is_exact {
                self.owners(matrix, company, &inside)
            } else {
                self.one_by_one(matrix, company, &inside)
            }
        };
        let rest = |company| target.rest(matrix.state(company), side);
        let core = Core::new(matrix, unknown, side, outside, rest);
        if is_exact { core.solve() } else { fixed::solve(&core) }
    }
}

/// Nothing is known of a company whose list cannot be true.
fn conflict(side: Side) -> Value {
    let share = if side == Side::Most { Exact::one() } else { Exact::zero() };
    Value { share, open: false, sound: true }
}
