use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_finding::{Cause, CauseItem, Finding};
use filiera_model::{Day, Zones};
use filiera_packs::Pack;
use filiera_tables::Dossier;

use super::attribute::Hand;
use crate::{EngineError, Settings};

/// Which of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

impl Side {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }

    /// Which of two values is of this side.
    pub(super) fn of<T>(self, old: T, new: T) -> T {
        match self {
            Self::Old => old,
            Self::New => new,
        }
    }
}

/// Evidence and law of one side, or of one side with some items as they are on the other.
pub(super) struct World {
    pub(super) dossier: Dossier,
    pub(super) packs: Vec<Arc<Pack>>,
    pub(super) zones: Zones,
    pub(super) settings: Settings,
    pub(super) subjects_on: Option<Day>,
}

/// Two sides that differ in so many items, each of which can be taken from the other side alone.
pub(super) trait Worlds {
    /// How many items differ.
    fn items(&self) -> usize;

    /// One side, with these items as they are on the other.
    fn world(&self, side: Side, switched: &BTreeSet<usize>) -> Result<World, EngineError>;

    /// One item, as it bears on a finding of a subject with these parts.
    fn item(&self, item: usize, was: &Finding, is: &Finding, parts: &BTreeSet<String>) -> CauseItem;

    /// The cause, in full.
    fn cause(&self, hand: &Hand, was: &Finding, is: &Finding, parts: &BTreeSet<String>) -> Cause {
        let items = hand.items.iter().map(|item| self.item(*item, was, is, parts));
        Cause { certified: hand.is_certified, items: items.collect() }
    }
}
