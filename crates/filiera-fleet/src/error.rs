use filiera_engine::EngineError;
use filiera_tables::TableError;

/// Why a fleet cannot be judged lot by lot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// Some condition is more than a sum over the parts of one vehicle: the engine judges it.
    #[error("`{condition}` cannot be judged lot by lot: {why}")]
    NotAdditive {
        /// Pack and condition.
        condition: String,
        /// What it asks that no sum answers.
        why: &'static str,
    },
    /// Nobody vouches that all parts of the vehicles are listed: their plans count as well.
    #[error("`installed` is not declared complete, so what is planned and not installed counts too")]
    NotComplete,
    /// The dossier has no vehicles.
    #[error("there is no table `vehicles`")]
    NoVehicles,
    /// The engine cannot judge.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Rows do not make a table: a fault of the program.
    #[error(transparent)]
    Table(#[from] TableError),
}
