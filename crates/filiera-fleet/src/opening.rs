//! A fleet before its rows are read: who is asked, and which vehicles are judged alike.

use std::sync::Arc;

use filiera_engine::{Engine, Settings, VehicleFacts};
use filiera_model::Zones;
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population, Table, TableKind};

use crate::FleetError;
use crate::asked::with_tables;
use crate::cohorts::Cohorts;
use crate::judge::adds_up;

/// What is asked of a fleet whose rows add up.
pub(crate) struct Opening<'b> {
    pub engine: Engine<'b>,
    pub facts: VehicleFacts,
    pub cohorts: Cohorts,
}

impl<'b> Opening<'b> {
    /// `bare`: the dossier without its vehicles.
    ///
    /// # Errors
    /// [`FleetError`] when some condition does not add up, or the installed parts are not all there are.
    pub fn new(
        dossier: &Dossier,
        bare: &'b Dossier,
        packs: &[Arc<Pack>],
        zones: &'b Zones,
        settings: &'b Settings,
    ) -> Result<Self, FleetError> {
        let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
        let engine = Engine::uncited(bare, packs, zones, settings)?;
        adds_up(dossier, &engine)?;
        let vouched = |vehicle: &str| dossier.is_complete(Population::Components, vehicle);
        let facts = engine.vehicle_facts();
        let cohorts = Cohorts::new(vehicles, &facts, &vouched);
        Ok(Self { engine, facts, cohorts })
    }
}

/// The dossier with the first vehicle of each cohort, in which nothing is installed.
pub(crate) fn firsts(bare: &Dossier, vehicles: &Table, cohorts: &Cohorts) -> Result<Dossier, FleetError> {
    Ok(with_tables(bare, vehicles.take(&cohorts.first)?, Table::empty(TableKind::Installed)))
}
