use std::collections::{BTreeMap, BTreeSet};

use filiera_engine::{Awaited, Engine};
use filiera_finding::PaperTally;
use filiera_tables::Table;
use rustc_hash::FxHashSet;

use crate::judge::bare;
use crate::told::Ground;
use crate::{FleetCondition, FleetError};

/// A paper, and the lot it is of.
type Paper = (Awaited, Option<String>);

/// The papers of vehicles that no sum tells of: in how many each is missing, not what it decides.
#[derive(Default)]
pub(crate) struct LeftPapers {
    /// Of each condition.
    looked_into: BTreeMap<usize, u64>,
    missing: BTreeMap<(usize, Paper), u64>,
}

impl LeftPapers {
    /// Takes the papers of those that are open: places of conditions, and names of vehicles.
    pub fn look(
        &mut self,
        engine: &Engine<'_>,
        installed: &Table,
        open: &FxHashSet<(usize, String)>,
    ) -> Result<(), FleetError> {
        for (place, condition) in engine.additive().into_iter().enumerate() {
            if !open.iter().any(|(own, _)| *own == place) {
                continue;
            }
            let subjects = engine.addends(condition)?.into_iter();
            for subject in subjects.filter(|one| open.contains(&(place, one.subject.clone()))) {
                let papers = subject.waits.iter().flat_map(|(row, waits)| {
                    let lot = installed.text("lot", *row as usize);
                    waits.papers.iter().map(move |(paper, _)| {
                        let lot = lot.filter(|_| paper.is_of_lot()).map(str::to_owned);
                        (paper.clone(), lot)
                    })
                });
                let papers: BTreeSet<Paper> = papers.collect();
                papers.into_iter().for_each(|paper| *self.missing.entry((place, paper)).or_default() += 1);
                *self.looked_into.entry(place).or_default() += 1;
            }
        }
        Ok(())
    }

    /// Hands over what was counted of each condition.
    pub fn give(
        self,
        (dossier, packs, zones, settings): Ground<'_>,
        conditions: &mut [FleetCondition],
    ) -> Result<(), FleetError> {
        for (place, count) in self.looked_into {
            conditions.get_mut(place).into_iter().for_each(|one| one.looked_into += count);
        }
        if self.missing.is_empty() {
            return Ok(());
        }
        let bare = bare(dossier)?;
        let engine = Engine::uncited(&bare, packs, zones, settings)?;
        let asked = engine.papers_asked(self.missing.keys().map(|(_, (paper, lot))| (paper, lot.as_deref())));
        for (((place, _), count), paper) in self.missing.iter().zip(asked) {
            let Some(one) = conditions.get_mut(*place) else { continue };
            let known = one.papers.iter_mut().find(|known| known.paper.paper == paper.paper);
            match known {
                Some(known) => {
                    known.missing_in += count;
                    known.untold_in += count;
                }
                None => one.papers.push(PaperTally {
                    paper,
                    missing_in: *count,
                    decides_in: 0,
                    either_way_in: 0,
                    untold_in: *count,
                }),
            }
        }
        Ok(())
    }
}
