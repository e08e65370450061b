//! Sparse systems `x = P x + b` whose rows add up to at most 1.

use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Exact;

/// One equation: the factors of the unknowns, and the constant.
pub(crate) type Row = (BTreeMap<usize, Exact>, Exact);

/// The least solution that is not negative.
///
/// Unknowns from which no constant above 0 can be reached are 0; of the others every group leads out
/// of itself, so that nothing divides by zero. The unknown with the fewest others around it goes
/// first, which keeps sparse systems sparse.
pub(crate) fn solve(rows: Vec<Row>) -> Vec<Exact> {
    let lively = lively(&rows);
    let mut system = System::of(rows, &lively);
    let mut order: Vec<usize> = Vec::new();
    let mut left: BTreeSet<usize> =
        (0..lively.len()).filter(|place| lively.get(*place) == Some(&true)).collect();
    while let Some(next) = left.iter().copied().min_by_key(|place| system.fill(*place)) {
        left.remove(&next);
        system.eliminate(next, &left);
        order.push(next);
    }
    system.values(&order)
}

/// The unknowns from which a constant above 0 can be reached.
fn lively(rows: &[Row]) -> Vec<bool> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for (place, (factors, _)) in rows.iter().enumerate() {
        for used in factors.keys() {
            if let Some(list) = users.get_mut(*used) {
                list.push(place);
            }
        }
    }
    let mut lively = vec![false; rows.len()];
    let with_constant = rows.iter().enumerate().filter(|(_, (_, constant))| constant.is_positive());
    let mut open: Vec<usize> = with_constant.map(|(place, _)| place).collect();
    while let Some(place) = open.pop() {
        match lively.get_mut(place) {
            Some(slot) if !*slot => *slot = true,
            _ => continue,
        }
        open.extend(users.get(place).into_iter().flatten());
    }
    lively
}

struct System {
    rows: Vec<Row>,
    /// Of every unknown the equations that may use it.
    users: Vec<BTreeSet<usize>>,
}

impl System {
    fn of(rows: Vec<Row>, lively: &[bool]) -> Self {
        let mut users = vec![BTreeSet::new(); rows.len()];
        let lives = |place: usize| lively.get(place) == Some(&true);
        let mut kept = Vec::with_capacity(rows.len());
        for (place, (mut factors, constant)) in rows.into_iter().enumerate() {
            factors.retain(|used, _| lives(*used) && lives(place));
            for used in factors.keys() {
                if let Some(set) = users.get_mut(*used) {
                    set.insert(place);
                }
            }
            kept.push((factors, constant));
        }
        Self { rows: kept, users }
    }

    /// How many products its elimination makes.
    fn fill(&self, place: usize) -> usize {
        let factors = self.rows.get(place).map_or(0, |(factors, _)| factors.len());
        factors * self.users.get(place).map_or(0, BTreeSet::len)
    }

    /// Expresses one unknown by the others and puts that into every equation that is left.
    fn eliminate(&mut self, place: usize, left: &BTreeSet<usize>) {
        let Some((factors, constant)) = self.rows.get_mut(place) else { return };
        if let Some(own) = factors.remove(&place) {
            let leaves = Exact::one() - own;
            // INVARIANT: an unknown that leads nowhere but to itself is not lively.
            debug_assert!(leaves.is_positive());
            let divide = |value: &mut Exact| *value = value.checked_div(&leaves).unwrap_or_default();
            factors.values_mut().for_each(divide);
            divide(constant);
        }
        let (factors, constant) = (factors.clone(), constant.clone());
        let users = self.users.get_mut(place).map(std::mem::take).unwrap_or_default();
        for user in users.iter().filter(|user| left.contains(user)) {
            let Some((row, total)) = self.rows.get_mut(*user) else { continue };
            let Some(by) = row.remove(&place) else { continue };
            *total += &(&by * &constant);
            for (used, factor) in &factors {
                *row.entry(*used).or_default() += &(&by * factor);
                if let Some(set) = self.users.get_mut(*used) {
                    set.insert(*user);
                }
            }
        }
    }

    /// From the last eliminated to the first.
    fn values(&self, order: &[usize]) -> Vec<Exact> {
        let mut values = vec![Exact::zero(); self.rows.len()];
        for place in order.iter().rev() {
            let Some((factors, constant)) = self.rows.get(*place) else { continue };
            let mut total = constant.clone();
            for (used, factor) in factors {
                if let Some(value) = values.get(*used) {
                    total += &(factor * value);
                }
            }
            if let Some(slot) = values.get_mut(*place) {
                *slot = total;
            }
        }
        values
    }
}
