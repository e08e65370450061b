//! What every holder alone has of one company: what is the same for all of them is worked out once.

use std::collections::BTreeSet;
use std::rc::Rc;

use filiera_model::{Bounds, Mark};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::chain::{Target, Values};
use crate::crowd::Usual;
use crate::kept::Whose;
use crate::knapsack::Side;
use crate::{Metric, Party, Snapshot};

/// The ways that lead to one company.
pub(crate) struct Alone<'a> {
    snapshot: &'a Snapshot,
    metric: Metric,
    company: Party,
    /// The components from which the company may be owned, owners first.
    above: Vec<u32>,
    /// Of a component those that it has a part of.
    below: FxHashMap<u32, Vec<u32>>,
    /// Of a party the components of which a total is stated that it has.
    stated: FxHashMap<Party, Vec<u32>>,
    /// What somebody has who has nothing to do with the company, at least and at most.
    nobody: [Rc<Usual>; 2],
}

impl<'a> Alone<'a> {
    /// The ways to a company.
    pub fn of(snapshot: &'a Snapshot, company: Party, metric: Metric) -> Self {
        let (matrix, chain, totals) =
            (snapshot.matrix(metric), snapshot.chain(metric), snapshot.totals(metric));
        let above = chain.above(matrix, company);
        let mut below: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut stated: FxHashMap<Party, Vec<u32>> = FxHashMap::default();
        for component in &above {
            for member in chain.members(&[*component]) {
                let owners = matrix.owners_of(member).map(|(owner, _)| chain.components().of(owner.0));
                owners.for_each(|owner| below.entry(owner).or_default().push(*component));
                let totals = totals.of_company(member).iter().map(|total| total.owner);
                totals.for_each(|owner| stated.entry(owner).or_default().push(*component));
            }
        }
        let target = Target::listed(&|_| Mark::No, Mark::No);
        let nobody = [Side::Least, Side::Most]
            .map(|side| Usual::of(chain.values(matrix, totals, above.iter().copied(), target, side)));
        Self { snapshot, metric, company, above, below, stated, nobody }
    }

    /// The components from which the company may be owned, owners first.
    pub fn above(&self) -> &[u32] {
        &self.above
    }

    /// The part of the company that one party has in the end: [`Snapshot::reach`] of it alone.
    pub fn reach(&self, owner: Party) -> Bounds {
        let [least, most] = &self.nobody;
        let (least, most) = (self.values(owner, least, Side::Least), self.values(owner, most, Side::Most));
        self.snapshot.reached(self.company, self.metric, &least, &most)
    }

    /// The values for one owner, of the components that depend on it.
    fn values(&self, owner: Party, nobody: &Rc<Usual>, side: Side) -> Values {
        let (snapshot, metric) = (self.snapshot, self.metric);
        let (matrix, chain, totals) =
            (snapshot.matrix(metric), snapshot.chain(metric), snapshot.totals(metric));
        let marks = |party| if party == owner { Mark::Yes } else { Mark::No };
        let only = (!totals.is_empty()).then_some(owner);
        let whose = Some(Whose::Party(owner));
        let target = Target { whose, only, ..Target::listed(&marks, Mark::No) };
        let mut values = Values::but_for(nobody);
        let own = Some(chain.components().of(owner.0)).filter(|own| self.above.binary_search(own).is_ok());
        let stated = self.stated.get(&owner).into_iter().flatten().copied();
        let mut open: BTreeSet<u32> = own.into_iter().chain(stated).collect();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        while let Some(component) = open.pop_first() {
            seen.insert(component);
            chain.add(&mut values, matrix, totals, component, target, side);
            let below = self.below.get(&component).into_iter().flatten();
            open.extend(below.filter(|one| !seen.contains(*one)));
        }
        values
    }
}
