//! What if a paper, a supplier or a country were gone, or a file were there: every finding judged both ways.

mod turned;
mod without;

use std::collections::BTreeMap;
use std::path::PathBuf;

use filiera_evidence::ReadOptions;
use filiera_finding::{Verdicts, WhatIf};
use filiera_fleet::{FleetJudgement, judge_whole};
use filiera_model::Verdict;
use filiera_tables::TableKind;

use crate::check::Evidence;
use crate::fleet::{Fleet, Opened};
use crate::{Dossier, FilieraError, Library, Request};
use turned::{Judged, turned};
use without::take_away;

pub use without::Without;

/// What is taken from the evidence, and what is added to it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What is taken away.
    pub without: Vec<Without>,
    /// Files of evidence, as if they lay in the folder.
    pub with: Vec<PathBuf>,
}

/// What a change does, and the verdicts of the changed state that an exit code follows: legal or not.
pub struct Changed {
    /// Which findings change.
    pub found: WhatIf,
    deciding: [Vec<Verdict>; 2],
}

impl Changed {
    /// The verdicts of the changed state that exit codes follow.
    pub fn deciding(&self, legal: bool) -> &[Verdict] {
        let [range, own] = &self.deciding;
        if legal { own } else { range }
    }
}

/// Judges the dossier as it is and as it would be. `fleet_from`: as for [`Dossier::open`]; `progress` hears how
/// many of how many steps are done.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::check`]; [`FilieraError::NothingWithout`] where nothing is to be taken
/// away.
pub fn what_if(
    request: &Request,
    library: &Library,
    change: &Change,
    fleet_from: u64,
    progress: &dyn Fn(u64, u64),
) -> Result<Changed, FilieraError> {
    let asked = Asked { request, library, change, fleet_from };
    match both(asked, progress) {
        Err(FilieraError::Fleet(error)) if error.can_be_held() => {
            both(Asked { fleet_from: u64::MAX, ..asked }, progress)
        }
        told => told,
    }
}

/// What is asked, and from how many rows on they are streamed.
#[derive(Clone, Copy)]
struct Asked<'a> {
    request: &'a Request,
    library: &'a Library,
    change: &'a Change,
    fleet_from: u64,
}

fn both(asked: Asked<'_>, progress: &dyn Fn(u64, u64)) -> Result<Changed, FilieraError> {
    let change = asked.change;
    let half =
        |second: bool| move |done: u64, of: u64| progress(if second { of + done } else { done }, 2 * of);
    let before = Dossier::open(asked.request, asked.library, asked.fleet_from)?;
    let mut found = WhatIf { title: dossier_of(&before).tables.title.clone(), ..WhatIf::default() };
    let old = judged(&before, &half(false))?;
    let mut after = if change.with.is_empty() { before } else { opened(asked)? };
    for without in &change.without {
        let gone = take_away(&mut dossier_mut(&mut after).tables, without)?;
        found.without.push((without.to_string(), gone));
    }
    found.with = change.with.iter().map(|file| file.display().to_string()).collect();
    let new = judged(&after, &half(true))?;
    let deciding = [false, true].map(|legal| new.deciding(dossier_of(&after), legal));
    found.left_out = new.left_out.clone();
    turned(old, new, &mut found);
    Ok(Changed { found, deciding })
}

/// The evidence with the files that are added.
fn opened(asked: Asked<'_>) -> Result<Opened, FilieraError> {
    let Asked { request, library, change, fleet_from } = asked;
    let options = ReadOptions { with: change.with.clone(), ..request.options(Some(fleet_from)) };
    let evidence = Evidence::read(&request.path, options, BTreeMap::new())?;
    Dossier::opened(evidence, request, library)
}

fn dossier_of(opened: &Opened) -> &Dossier {
    match opened {
        Opened::Whole(dossier) => dossier,
        Opened::Fleet(fleet) => &fleet.dossier,
    }
}

fn dossier_mut(opened: &mut Opened) -> &mut Dossier {
    match opened {
        Opened::Whole(dossier) => dossier,
        Opened::Fleet(fleet) => &mut fleet.dossier,
    }
}

fn judged(opened: &Opened, progress: &dyn Fn(u64, u64)) -> Result<Judged, FilieraError> {
    match opened {
        Opened::Whole(dossier) => {
            let engine = dossier.uncited()?;
            let told = |done: usize, of: usize| progress(done as u64, of as u64);
            let found = engine.judge(&told).map_err(|error| dossier.told(error))?;
            Ok(Judged::of_findings(found.findings.iter().chain(&found.readings), found.left_out))
        }
        Opened::Fleet(fleet) => of_fleet(fleet, progress),
    }
}

fn of_fleet(fleet: &Fleet, progress: &dyn Fn(u64, u64)) -> Result<Judged, FilieraError> {
    let dossier = &fleet.dossier;
    let (packs, zones) = (&dossier.packs.packs, &dossier.packs.zones);
    let rows = fleet.rows();
    let hears = |done: usize, of: usize| progress(rows * done as u64 / of.max(1) as u64, rows);
    let judged: FleetJudgement =
        judge_whole(&dossier.tables, &fleet.pieces, packs, zones, &dossier.settings, None, &hears)
            .map_err(|error| fleet.told(error))?;
    let vehicles = dossier.tables.table(TableKind::Vehicles);
    let name = |row: usize| vehicles.and_then(|vehicles| vehicles.text("vehicle", row)).unwrap_or_default();
    let mut all = Judged::of_fleet_others(&judged);
    let readings = dossier.settings.readings;
    for one in judged.conditions.iter().filter(|one| readings || one.reading.is_none()) {
        let told = one.told.iter().map(|told| told.pair());
        all.add(&one.pack, &one.condition, one.reading.as_deref(), told.enumerate(), &name);
    }
    for one in judged.compositions.iter().filter(|one| readings || one.reading.is_none()) {
        let told = one.verdicts.iter().copied();
        all.add(&one.pack, &one.condition, one.reading.as_deref(), told.enumerate(), &name);
    }
    Ok(all)
}

fn pair([range, legal]: [Verdict; 2]) -> Verdicts {
    Verdicts { range, legal }
}
