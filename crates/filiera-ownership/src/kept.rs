//! What cyclic cores give to one holder, kept, because every company below a core asks again.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::Party;
use crate::chain::Value;
use crate::knapsack::Side;

/// So many values are kept, about a hundred bytes each; what comes after is worked out every time.
const MOST_VALUES: usize = 1 << 20;

/// A set that is asked for often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    Party(Party),
    Unlisted,
    Float,
}

/// Of one member of a core its value, and where it is in the set itself what the set has of it.
pub(crate) type Kept = Vec<(Party, Option<Value>, Option<Value>)>;

/// The values of cores, by component, set and side. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptCores(Arc<Mutex<Cores>>);

#[derive(Debug, Default)]
struct Cores {
    values: FxHashMap<(u32, Whose, Side), Arc<Kept>>,
    count: usize,
}

impl KeptCores {
    pub fn get(&self, component: u32, whose: Whose, side: Side) -> Option<Arc<Kept>> {
        let cores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cores.values.get(&(component, whose, side)).map(Arc::clone)
    }

    pub fn put(&self, component: u32, whose: Whose, side: Side, values: Kept) {
        let mut cores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cores.count + values.len() <= MOST_VALUES {
            cores.count += values.len();
            cores.values.insert((component, whose, side), Arc::new(values));
        }
    }
}
