//! The tables of a dossier, and the judged ones, as Parquet files in a folder.

mod manifest;
mod with_places;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use filiera_engine::Settings;
use filiera_model::Zones;
use filiera_packs::Pack;
use filiera_tables::{Dossier, Table, TableKind};

use crate::judge::judge_fleet;
use crate::judged::{distinct_rows, judged, settled};
use crate::singly::plain;
use crate::synth::{FileFormat, LEVEL, Layout, Sink, SynthError, Unfinished, cannot_write, is_free};
use crate::{FleetError, Pieces};
use with_places::with_places;

pub use manifest::Manifest;

/// What is exported: evidence with its law, and the rows of `installed`.
#[derive(Clone, Copy)]
pub struct Exporting<'e> {
    /// The tables.
    pub dossier: &'e Dossier,
    /// The rows of `installed`, where there are any.
    pub pieces: &'e dyn Pieces,
    /// The law.
    pub packs: &'e [Arc<Pack>],
    /// Who belongs to what.
    pub zones: &'e Zones,
    /// The clocks.
    pub settings: &'e Settings,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Each file's name and size in bytes.
    pub files: Vec<(String, u64)>,
    /// Why there are no judged tables; nothing: they are there.
    pub not_judged: Option<String>,
}

/// The names of the judged tables.
const JUDGED: [&str; 6] =
    ["judged_vehicles", "judged_rows", "judged_kinds", "judged_cohorts", "judged_members", "judged_settled"];

/// What a row group holds.
const ROW_GROUP: usize = 1 << 20;

/// Writes the canonical tables, and the judged ones if rows add up, into a folder, which is made if it is not
/// there. With `force` a folder that is not empty is taken too, and tables of an earlier export are replaced.
///
/// Rows of the tables say where they were read: `from_file` and `from_row`; those of a streamed `installed` do
/// not. `tell` hears how many of how many pieces of `installed` are written.
///
/// # Errors
/// [`FleetError::Write`] when something cannot be written, [`FleetError::OverDossier`], [`FleetError`] when `installed` cannot be read; then
/// the folder is as it was.
pub fn export(
    what: &Exporting<'_>,
    folder: &Path,
    force: bool,
    tell: &dyn Fn(usize, usize),
) -> Result<Exported, FleetError> {
    if !force && !is_free(folder)? {
        return Err(SynthError::NotEmpty(folder.to_owned()).into());
    }
    if folder.join("dossier.toml").exists() {
        return Err(FleetError::OverDossier(folder.to_owned()));
    }
    let unfinished = Unfinished::begin(folder)?;
    let mut writing = Writing { folder: &unfinished.0, manifest: Manifest::new(what) };
    let not_judged = writing.judged(what).map_or_else(why_not, |()| Ok(None))?;
    writing.manifest.not_judged.clone_from(&not_judged);
    for (kind, table) in what.dossier.tables.iter().filter(|(kind, _)| **kind != TableKind::Installed) {
        writing.table(kind.name(), &with_places(table, &what.dossier.files)?)?;
    }
    writing.installed(what, tell)?;
    let manifest = writing.manifest;
    let path = unfinished.0.join(Manifest::FILE);
    fs::write(&path, manifest.text()).map_err(cannot_write(&path))?;
    Ok(Exported { files: publish(&manifest, &unfinished.0, folder)?, not_judged })
}

/// Why there can be no judged tables; other errors are errors.
fn why_not(error: FleetError) -> Result<Option<String>, FleetError> {
    match error {
        FleetError::NotAdditive { .. }
        | FleetError::NotComplete
        | FleetError::NoVehicles
        | FleetError::TooLarge
        | FleetError::TooFine => Ok(Some(error.to_string())),
        other => Err(other),
    }
}

struct Writing<'f> {
    folder: &'f Path,
    manifest: Manifest,
}

impl Writing<'_> {
    fn judged(&mut self, what: &Exporting<'_>) -> Result<(), FleetError> {
        let Exporting { dossier, pieces, packs, zones, settings } = *what;
        let found = judge_fleet(dossier, pieces, packs, zones, settings, None, &|_, _| {})?;
        let mut distinct = |vehicles: &RecordBatch| Ok(vec![distinct_rows(pieces, vehicles)?]);
        let judged = judged(dossier, packs, zones, settings, &mut distinct)?;
        let settled = settled(dossier, pieces, packs, zones, settings, &found)?;
        let tables = [judged.vehicles, judged.rows, judged.kinds, judged.cohorts, judged.members, settled];
        JUDGED.iter().zip(&tables).try_for_each(|(name, batch)| self.table(name, batch))
    }

    fn table(&mut self, name: &str, batch: &RecordBatch) -> Result<(), FleetError> {
        let mut sink = self.sink(name, batch)?;
        sink.write(batch)?;
        sink.finish()?;
        self.manifest.tables.push((name.to_owned(), batch.num_rows() as u64));
        Ok(())
    }

    fn sink(&self, name: &str, batch: &RecordBatch) -> Result<Sink, FleetError> {
        let path = self.folder.join(format!("{name}.parquet"));
        let layout = Layout { row_group: ROW_GROUP, is_sorted: false, level: LEVEL };
        Ok(Sink::create(&path, FileFormat::Parquet, batch.schema(), layout)?)
    }

    fn installed(&mut self, what: &Exporting<'_>, tell: &dyn Fn(usize, usize)) -> Result<(), FleetError> {
        let name = TableKind::Installed.name();
        // Of a streamed table only the name is in memory.
        let is_held = |table: &&Table| !table.is_empty() || what.pieces.count() == 0;
        if let Some(table) = what.dossier.table(TableKind::Installed).filter(is_held) {
            self.manifest.has_spans = holds_spans(table.batch());
            return self.table(name, &with_places(table, &what.dossier.files)?);
        }
        let (count, mut rows) = (what.pieces.count(), 0);
        let mut open: Option<Sink> = None;
        for piece in 0..count {
            let batch = plain(&what.pieces.read(piece)?)?;
            rows += batch.num_rows() as u64;
            self.manifest.has_spans |= holds_spans(&batch);
            let sink = match open.take() {
                Some(sink) => open.insert(sink),
                None => open.insert(self.sink(name, &batch)?),
            };
            sink.write(&batch)?;
            tell(piece + 1, count);
        }
        if let Some(sink) = open {
            sink.finish()?;
            self.manifest.tables.push((name.to_owned(), rows));
        }
        Ok(())
    }
}

/// Whether some lot came in on a day that is only known to lie between two; rows are read only where their files
/// do not tell.
///
/// # Errors
/// [`FleetError`] when a piece cannot be read.
pub fn has_spans(pieces: &dyn Pieces) -> Result<bool, FleetError> {
    for piece in (0..pieces.count()).filter(|piece| pieces.may_have_spans(*piece)) {
        if holds_spans(&pieces.read(piece)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn holds_spans(batch: &RecordBatch) -> bool {
    batch.column_by_name("received_on_max").is_some_and(|column| column.null_count() < column.len())
}

/// Moves the files to where they belong, what says that they are whole last, and takes those of an earlier
/// export away that this one has not.
fn publish(manifest: &Manifest, from: &Path, to: &Path) -> Result<Vec<(String, u64)>, FleetError> {
    let said = to.join(Manifest::FILE);
    remove(&said)?;
    let file = |name: &str| format!("{name}.parquet");
    let mut files = Vec::new();
    let names = manifest.tables.iter().map(|(name, _)| file(name)).chain([Manifest::FILE.to_owned()]);
    for name in names {
        let (made, place): (PathBuf, PathBuf) = (from.join(&name), to.join(&name));
        let bytes = fs::metadata(&made).map_err(cannot_write(&made))?.len();
        fs::rename(&made, &place).map_err(cannot_write(&place))?;
        files.push((name, bytes));
    }
    let all = TableKind::ALL.iter().map(|kind| kind.name()).chain(JUDGED);
    let mut gone = all.filter(|name| manifest.tables.iter().all(|(written, _)| written != name));
    gone.try_for_each(|name| remove(&to.join(file(name))))?;
    Ok(files)
}

fn remove(path: &Path) -> Result<(), FleetError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot_write(path)(error).into()),
        _ => Ok(()),
    }
}
