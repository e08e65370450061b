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
    /// A number of parts is larger than whole numbers of its smallest unit hold.
    #[error("a quantity in `installed` is too large to be added up lot by lot")]
    TooLarge,
    /// A weight has no whole number of units in a word.
    #[error("weights are too fine to be added up lot by lot")]
    TooFine,
    /// A column of `installed` holds what a table never does: the files have to be read row by row to say where.
    #[error("the column `{column}` of `installed` has cells that have to be read one by one")]
    Faulty {
        /// The column.
        column: &'static str,
    },
    /// A column is of a type that no table has.
    #[error("the column `{column}` of `installed` is of the type `{kind}`")]
    Type {
        /// The column.
        column: &'static str,
        /// Its type.
        kind: String,
    },
    /// A file cannot be read.
    #[error("{path}: cannot be read: {why}; write it again, it may be truncated", path = path.display())]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        why: String,
    },
    /// Whoever has the rows cannot be asked.
    #[error("{0}")]
    NotAsked(String),
    /// Whoever has the rows did not answer.
    #[error("no answer about `installed`: {0}")]
    NoAnswer(String),
    /// There is no such piece: a fault of the program.
    #[error("there is no piece {0}")]
    NoPiece(usize),
    /// Who hears the findings wants no more of them.
    #[error("the findings were not taken; check that there is room and that the reader still listens")]
    NotTaken,
    /// No condition about vehicles is of this name, or several are.
    #[error("there is no one condition `{name}` about vehicles; there are {known}")]
    NoCondition {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// The dossier has no vehicles.
    #[error("there is no table `vehicles`")]
    NoVehicles,
    /// What was exported is not what a statement is asked about.
    #[error("`{folder}` {what}; export again into it with `--force`", folder = folder.display())]
    Exported {
        /// The folder.
        folder: std::path::PathBuf,
        /// How it differs.
        what: String,
    },
    /// Tables would be written over those they are made from.
    #[error("`{}` holds a dossier, whose files would be replaced; choose another folder", .0.display())]
    OverDossier(std::path::PathBuf),
    /// A file cannot be written, or its place is taken.
    #[error(transparent)]
    Write(#[from] crate::synth::SynthError),
    /// The engine cannot judge.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Columns do not fit: a fault of the program.
    #[error(transparent)]
    Columns(#[from] arrow::error::ArrowError),
    /// Rows do not make a table: a fault of the program.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl FleetError {
    /// Whether the fleet can be judged all the same, with all its rows in memory.
    pub fn can_be_held(&self) -> bool {
        let is_of_sums =
            matches!(self, Self::NotAdditive { .. } | Self::NotComplete | Self::TooLarge | Self::TooFine);
        is_of_sums || matches!(self, Self::Faulty { .. } | Self::Type { .. })
    }
}
