use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use filiera_tables::TableKind;

use super::settings::{SETTINGS, settings};
use super::sink::{LEVEL, Layout, Sink};
use super::tables::KINDS;
use super::world::World;
use super::{FileFormat, Options, SynthError};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Each file's name and size in bytes, in the order of the documentation; `dossier.toml` is the last.
    pub files: Vec<(String, u64)>,
}

/// Files are made in this folder and moved out of it when all of them are whole.
const UNFINISHED: &str = ".unfinished";

/// What a row group holds in the small tables.
const SMALL_GROUP: usize = 1 << 20;

/// Writes a dossier into a folder, which is made if it is not there. With `force` a folder that is not
/// empty is taken too, and tables of the same names are replaced.
///
/// Memory holds the catalogue, the lots and one row group, however many vehicles there are. `tell` hears
/// how many of how many installed rows are written.
///
/// # Errors
/// [`SynthError::Size`] when the options do not fit each other, [`SynthError::NotEmpty`], or that something
/// cannot be written; then the folder is as it was.
pub fn write(
    options: &Options,
    folder: &Path,
    force: bool,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<Written, SynthError> {
    options.check()?;
    if !force && !is_free(folder)? {
        return Err(SynthError::NotEmpty(folder.to_owned()));
    }
    let unfinished = Unfinished::begin(folder)?;
    let world = World::new(options)?;
    for kind in KINDS {
        write_table(&world, kind, &unfinished.0, tell)?;
    }
    let path = unfinished.0.join(SETTINGS);
    fs::write(&path, settings(options)).map_err(cannot_write(&path))?;
    publish(options, &unfinished.0, folder)
}

fn write_table(
    world: &World,
    kind: TableKind,
    folder: &Path,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(), SynthError> {
    let options = &world.options;
    let path = folder.join(file_name(kind, options.format));
    let is_installed = kind == TableKind::Installed;
    let by_vehicle = kind == TableKind::Vehicles || (is_installed && !options.unsorted);
    let row_group = if is_installed { options.row_group } else { SMALL_GROUP };
    let layout = Layout { row_group, is_sorted: by_vehicle, level: LEVEL };
    let mut sink: Option<Sink> = None;
    let mut done = 0;
    world.each_batch(kind, &mut |batch: RecordBatch| {
        let open = match &mut sink {
            Some(open) => open,
            none => none.insert(Sink::create(&path, options.format, batch.schema(), layout)?),
        };
        open.write(&batch)?;
        if is_installed {
            done += batch.num_rows() as u64;
            tell(done, options.rows());
        }
        Ok(())
    })?;
    sink.map_or(Ok(()), Sink::finish)
}

fn file_name(kind: TableKind, format: FileFormat) -> String {
    format!("{}.{}", kind.name(), format.ending())
}

/// Whether a folder is absent, or holds nothing but what an interrupted run left.
pub(crate) fn is_free(folder: &Path) -> Result<bool, SynthError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(source) => return Err(SynthError::Unwritable { path: folder.to_owned(), source }),
    };
    for entry in entries {
        if entry.map_err(cannot_write(folder))?.file_name() != UNFINISHED {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Moves the files to where they belong, the settings last: without them nothing is a dossier.
fn publish(options: &Options, from: &Path, to: &Path) -> Result<Written, SynthError> {
    let mut written = Written::default();
    let tables = KINDS.map(|kind| file_name(kind, options.format));
    for name in tables.into_iter().chain([SETTINGS.to_owned()]) {
        let (made, place) = (from.join(&name), to.join(&name));
        let bytes = fs::metadata(&made).map_err(cannot_write(&made))?.len();
        fs::rename(&made, &place).map_err(cannot_write(&place))?;
        written.files.push((name, bytes));
    }
    let others = [FileFormat::Parquet, FileFormat::Csv, FileFormat::JsonLines];
    for format in others.into_iter().filter(|format| *format != options.format) {
        for path in KINDS.map(|kind| to.join(file_name(kind, format))) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(cannot_write(&path)(error));
                }
                _ => {}
            }
        }
    }
    Ok(written)
}

pub(crate) fn cannot_write(path: &Path) -> impl Fn(io::Error) -> SynthError {
    let path = path.to_owned();
    move |source| SynthError::Unwritable { path: path.clone(), source }
}

/// A folder that is gone when the work on it ends, well or not.
pub(crate) struct Unfinished(pub(crate) PathBuf);

impl Unfinished {
    pub(crate) fn begin(folder: &Path) -> Result<Self, SynthError> {
        let path = folder.join(UNFINISHED);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot_write(&path)(error)),
            _ => {}
        }
        fs::create_dir_all(&path).map_err(cannot_write(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}
