//! One finding explained; of a fleet, only what it rests on is read.

use std::collections::BTreeMap;

use filiera_engine::Question;
use filiera_evidence::ReadOptions;
use filiera_finding::Explanation;
use filiera_tables::TableKind;

use crate::check::Evidence;
use crate::{Dossier, FilieraError, Library, Opened, Request};

/// Explains one finding. From so many installed rows on, where their files allow it, only the rows of the
/// subject are read: the explanation is the same, but cites no hash of the evidence, and faults in other rows
/// are not found.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::explain`].
pub fn explain(
    request: &Request,
    library: &Library,
    question: Question<'_>,
    fleet_from: u64,
) -> Result<Explanation, FilieraError> {
    let vehicle = Some(question.subject.to_owned());
    let options = ReadOptions { vehicle, ..request.options(Some(fleet_from)) };
    let evidence = Evidence::read(&request.path, options, BTreeMap::new())?;
    let is_picked = evidence.is_picked;
    let dossier = evidence.under(request, library)?;
    if !is_picked {
        return dossier.explain(question);
    }
    let vehicles = dossier.tables.table(TableKind::Vehicles);
    let is_vehicle = vehicles.is_some_and(|vehicles| {
        (0..vehicles.len()).any(|row| vehicles.text("vehicle", row) == Some(question.subject))
    });
    let engine = dossier.uncited()?;
    if is_vehicle && engine.rests_on_own_rows(question).map_err(|error| dossier.told(error))? {
        return engine.explain(question).map_err(|error| dossier.told(error));
    }
    of_another(request, library, question, fleet_from)
}

/// Explains a finding on a subject that is no vehicle, or whose finding rests on other vehicles too.
fn of_another(
    request: &Request,
    library: &Library,
    question: Question<'_>,
    fleet_from: u64,
) -> Result<Explanation, FilieraError> {
    match Dossier::open(request, library, fleet_from)? {
        Opened::Whole(dossier) => dossier.explain(question),
        Opened::Fleet(fleet) => {
            let dossier = &fleet.dossier;
            let engine = dossier.uncited()?;
            let is_there = engine.has_subject(question).map_err(|error| dossier.told(error))?;
            if is_there && engine.rests_on_parts(question).map_err(|error| dossier.told(error))? {
                return Dossier::read(request, library)?.explain(question);
            }
            engine.explain(question).map_err(|error| dossier.told(error))
        }
    }
}
