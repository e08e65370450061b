//! New rows for the files of a dossier, in the files' own format and mapping: what the files would
//! hold is handed back, and nothing is written here.

mod described;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use filiera_finding::ReaderReport;
use filiera_tables::TableKind;

use crate::dossier_file::{self, DossierFile};
use crate::folder::{Job, plan};
use crate::{EvidenceError, ImportedRow};

use described::describe;
use lines::{Added, add};

/// A file of the dossier with what it would hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name in the dossier.
    pub name: String,
    /// What it holds now; nothing: it is not there.
    pub old: Option<Vec<u8>>,
    /// What it would hold.
    pub new: Vec<u8>,
    /// How many rows it gains.
    pub rows: u64,
}

/// The files that take new rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// The files, data before `dossier.toml`.
    pub files: Vec<AppendedFile>,
    /// Columns of the new rows that a file has no place for, as `table.column`: they are left out.
    pub not_kept: BTreeSet<String>,
}

/// Columns that a paper can do without: they say who stands behind it, and decide nothing.
const DISPENSABLE: [&str; 2] = ["issuer", "issuer_country"];

/// What the files of the dossier at `path` would hold with these rows at their ends. No row that is
/// there is touched.
///
/// A delimited or JSON Lines file takes them in its own columns, encoding, marks and days. Where the
/// table is a workbook, Parquet or spread so that no file can take them, a new file
/// `answers-TABLE.csv` does, and `dossier.toml` names it beside the others.
///
/// # Errors
/// [`EvidenceError::Unreadable`], and [`EvidenceError::NoRoom`] when the dossier is a single file or
/// its `dossier.toml` cannot be extended.
pub fn append_rows(
    path: &Path,
    rows: &BTreeMap<TableKind, Vec<ImportedRow>>,
) -> Result<Appended, EvidenceError> {
    let folder = folder_of(path)?;
    let settings = folder.join("dossier.toml");
    let text = if settings.is_file() { Some(read(&settings)?) } else { None };
    let mut report = ReaderReport::default();
    let parsed = text.as_deref().and_then(|text| std::str::from_utf8(text).ok());
    let mut file = match parsed.map(|text| text.trim_start_matches('\u{feff}')) {
        Some(text) => dossier_file::parse("dossier.toml", text, &mut report).unwrap_or_default(),
        None => DossierFile::default(),
    };
    let jobs = plan(folder, &mut file, &mut report)?.jobs;
    let mut appended = Appended::default();
    let mut named: Vec<(TableKind, String)> = Vec::new();
    for (kind, rows) in rows.iter().filter(|(_, rows)| !rows.is_empty()) {
        let own: Vec<&Job> = jobs.iter().filter(|job| job.kind == *kind).collect();
        if let Some(added) = own.iter().find_map(|job| add(job, rows)) {
            let Added { bytes, not_kept } = added.0;
            appended.not_kept.extend(not_kept.iter().map(|column| format!("{}.{column}", kind.name())));
            let file = added.1;
            let old = Some(read(&file.path)?);
            appended.files.push(filled(file.path.clone(), file.name.clone(), old, bytes, rows.len()));
            continue;
        }
        let name = new_name(folder, *kind, own.is_empty());
        let bytes = lines::whole_file(*kind, rows);
        appended.files.push(filled(folder.join(&name), name.clone(), None, bytes, rows.len()));
        if !own.is_empty() {
            named.push((*kind, name));
        }
    }
    if !named.is_empty() {
        let new = describe(parsed.unwrap_or_default(), &jobs, &named).ok_or_else(|| no_room(path))?;
        appended.files.push(filled(settings, "dossier.toml".to_owned(), text, new.into_bytes(), 0));
    }
    Ok(appended)
}

fn filled(path: PathBuf, name: String, old: Option<Vec<u8>>, new: Vec<u8>, rows: usize) -> AppendedFile {
    AppendedFile { path, name, old, new, rows: rows as u64 }
}

fn folder_of(path: &Path) -> Result<&Path, EvidenceError> {
    if path.is_dir() {
        return Ok(path);
    }
    if path.file_name().is_some_and(|name| name == "dossier.toml") {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        return Ok(parent.unwrap_or(Path::new(".")));
    }
    Err(no_room(path))
}

fn no_room(path: &Path) -> EvidenceError {
    EvidenceError::NoRoom { path: path.to_owned() }
}

fn read(path: &Path) -> Result<Vec<u8>, EvidenceError> {
    fs::read(path).map_err(|source| EvidenceError::Unreadable { path: path.to_owned(), source })
}

/// The canonical name where the table has no file yet, else one that is free.
fn new_name(folder: &Path, kind: TableKind, is_first: bool) -> String {
    let canonical = format!("{}.csv", kind.name());
    if is_first && !folder.join(&canonical).exists() {
        return canonical;
    }
    let numbered = (2..).map(|n| format!("answers-{}-{n}.csv", kind.name()));
    let mut names = std::iter::once(format!("answers-{}.csv", kind.name())).chain(numbered);
    names.find(|name| !folder.join(name).exists()).unwrap_or(canonical)
}
