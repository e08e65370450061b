//! What the engine says of the distinct rows, and of the vehicles they are in.

use filiera_engine::{Additive, Engine};
use filiera_tables::{Dossier, Table};
use rustc_hash::FxHashSet;

use super::distinct::Distinct;
use crate::FleetError;
use crate::asked::{Stands, addends, standings};
use crate::cohorts::Cohorts;
use crate::judged::{KindOf, KindsOf};
use crate::lanes::{Lanes, Packed};
use crate::papers::Waiting;
use crate::sums::{Sums, base};
use crate::tenths::Share;
use crate::views::Views;

/// What rows of each kind add, and how each cohort stands.
pub(super) struct Learned {
    /// Of each range and distinct row the kind.
    pub numbers: Vec<Vec<KindOf>>,
    /// How many kinds the engine judged.
    pub kinds: u64,
    pub packed: Packed,
    stands: Vec<Vec<Stands>>,
    base: Vec<Vec<i64>>,
    shares: Vec<Option<Share>>,
    /// Nothing: which papers a vehicle waits for is not asked.
    waiting: Waiting,
    skipped: FxHashSet<u32>,
}

impl Learned {
    /// `firsts` are the first vehicles of the cohorts.
    pub fn new<'e>(
        (engine, bare): (&'e Engine<'_>, &Dossier),
        vehicles: &Table,
        views: &'e Views<'e>,
        firsts: &Table,
        distinct: &[Distinct],
    ) -> Result<Self, FleetError> {
        let mut kinds = KindsOf::new(engine, views);
        let numbers = distinct.iter().map(|one| kinds.of(&one.rows)).collect::<Result<_, _>>()?;
        let conditions = engine.additive();
        let mut lanes = Lanes::new(conditions.len());
        lanes.extend(addends(engine, bare, vehicles, &views.first, kinds.samples())?)?;
        let stands = match kinds.samples().first() {
            Some(any) => standings(engine, bare, firsts, any)?,
            // No part is of any kind, so nothing can be asked: all go back to the engine.
            None => Vec::new(),
        };
        let base = base(&stands, &mut lanes)?;
        Ok(Self {
            numbers,
            kinds: kinds.samples().len() as u64,
            packed: lanes.packed()?,
            stands,
            base,
            shares: conditions.iter().map(|one| Share::of(engine, *one)).collect(),
            waiting: Waiting::default(),
            skipped: FxHashSet::default(),
        })
    }

    /// What decides of sums.
    pub fn sums<'s, 'a>(
        &'s self,
        (engine, conditions): (&'s Engine<'a>, &'s [Additive]),
        cohorts: &'s Cohorts,
        wants_bounds: bool,
    ) -> Sums<'s, 'a> {
        let (cohorts, stands, base) = (cohorts.of.as_slice(), self.stands.as_slice(), self.base.clone());
        let (waiting, shares, skipped) = (&self.waiting, self.shares.as_slice(), &self.skipped);
        let packed = &self.packed;
        Sums { engine, conditions, cohorts, stands, base, packed, waiting, shares, skipped, wants_bounds }
    }
}
