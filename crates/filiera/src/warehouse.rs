//! A dossier for a warehouse: its tables in a folder, and findings as one SQL statement over them.

use std::path::Path;

use filiera_fleet::{Exported, Exporting, InMemory, Manifest, Pieces, Wanted, export, has_spans, statement};
use filiera_tables::{Dossier as Tables, TableKind};

use crate::{Dossier, FilieraError, FleetError, Opened};

impl Opened {
    /// Writes the canonical tables, and the judged ones where rows add up, into a folder. `progress` hears how
    /// much of `installed` is written.
    ///
    /// # Errors
    /// [`FilieraError::Fleet`] when something cannot be written or read; where
    /// [`FleetError::can_be_held`], the dossier can be read whole instead.
    pub fn export(
        &self,
        folder: &Path,
        force: bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Exported, FilieraError> {
        match self {
            Self::Whole(dossier) => dossier.export_with(&held(&dossier.tables), folder, force, progress),
            Self::Fleet(fleet) => fleet.dossier.export_with(&fleet.pieces, folder, force, progress),
        }
    }

    /// A statement that gives the findings of one condition over the exported tables.
    ///
    /// # Errors
    /// [`FilieraError::Fleet`] when there is no such condition, when rows do not add up, or when the folder of
    /// `wanted` holds something else.
    pub fn statement(&self, wanted: &Wanted) -> Result<String, FilieraError> {
        match self {
            Self::Whole(dossier) => dossier.statement_with(&held(&dossier.tables), wanted),
            Self::Fleet(fleet) => fleet.dossier.statement_with(&fleet.pieces, wanted),
        }
    }
}

/// The rows of `installed` that are in memory.
fn held(tables: &Tables) -> InMemory {
    InMemory::new(tables.table(TableKind::Installed))
}

impl Dossier {
    fn export_with(
        &self,
        pieces: &dyn Pieces,
        folder: &Path,
        force: bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Exported, FilieraError> {
        let what = Exporting {
            dossier: &self.tables,
            pieces,
            packs: &self.packs.packs,
            zones: &self.packs.zones,
            settings: &self.settings,
        };
        export(&what, folder, force, progress).map_err(|error| self.told_of_fleet(error))
    }

    fn statement_with(&self, pieces: &dyn Pieces, wanted: &Wanted) -> Result<String, FilieraError> {
        let (packs, zones, settings) = (&self.packs.packs, &self.packs.zones, &self.settings);
        let spans = || match &wanted.folder {
            Some(folder) => {
                let manifest = Manifest::read(folder)?;
                manifest.is_of(folder, packs, settings)?;
                Ok(manifest.has_spans)
            }
            None => has_spans(pieces),
        };
        let told = spans().and_then(|has_spans| {
            let wanted = Wanted { has_spans, ..wanted.clone() };
            statement(&self.tables, packs, zones, settings, &wanted)
        });
        told.map_err(|error| self.told_of_fleet(error))
    }

    fn told_of_fleet(&self, error: FleetError) -> FilieraError {
        match error {
            FleetError::Engine(error) => self.told(error),
            error => FilieraError::Fleet(error),
        }
    }
}
