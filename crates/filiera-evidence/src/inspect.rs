use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use filiera_finding::ReaderReport;
use filiera_tables::{Table, TableKind};

use crate::dossier::{DossierReader, ReadOptions};
use crate::faults::{FileFaults, OnFault};
use crate::folder::plan_file;
use crate::format::{Format, sniff};
use crate::sums::{self, Sums};
use crate::{EvidenceError, ImportedBom, guess};

/// What one file is and holds.
#[derive(Clone, Debug, Default)]
pub struct AnyFile {
    /// The format: `csv`, `xlsx`, `catena-x test container`, `cyclonedx 1.6`, …
    pub format: String,
    /// The canonical tables it fills.
    pub tables: BTreeMap<TableKind, Table>,
    /// The bills of materials that an importer found, by life-cycle relation.
    pub boms: BTreeMap<String, ImportedBom>,
    /// What its amounts add up to.
    pub sums: Sums,
    /// Faults and oddities.
    pub report: ReaderReport,
}

/// The format of a file, as far as its ending and first bytes tell: `csv`, `tsv`, `xlsx`, `jsonl`,
/// `parquet`, `json`.
///
/// # Errors
/// [`EvidenceError::Unreadable`].
pub fn sniff_format(path: &Path) -> Result<&'static str, EvidenceError> {
    sniff(path)
        .map(Format::name)
        .map_err(|source| EvidenceError::Unreadable { path: path.to_owned(), source })
}

/// The files to look into: the path itself, or the files of evidence in a folder, by name.
///
/// # Errors
/// [`EvidenceError::Unreadable`]; [`EvidenceError::Nothing`] for a folder without a file of a known ending.
pub fn files_of(path: &Path) -> Result<Vec<PathBuf>, EvidenceError> {
    let unreadable = |source| EvidenceError::Unreadable { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.is_file() && Format::of_ending(&file).is_some() {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(EvidenceError::Nothing { path: path.to_owned() });
    }
    files.sort_unstable();
    Ok(files)
}

/// Reads one file of any format, whatever it may hold, to say what that is.
///
/// Which table a file fills is told by its name, its sheets' names or its columns. A list of costs
/// that is none of the tables is added up as its column names suggest.
///
/// # Errors
/// [`EvidenceError::Unreadable`]; whatever is wrong inside the file is in the report.
pub fn read_any(path: &Path, options: ReadOptions) -> Result<AnyFile, EvidenceError> {
    let faults_listed = options.faults_listed;
    let mut reader = DossierReader::new(options);
    let (plan, format) = plan_file(path, &mut reader.read.report)?;
    let is_unknown = plan.jobs.is_empty() && plan.imports.is_empty();
    reader.run(plan, &[]);
    let mut any = AnyFile { format: format.name().to_owned(), ..AnyFile::default() };
    if let Some(imported) = reader.formats.first() {
        any.format.clone_from(imported);
    }
    any.boms = reader.read.boms.into_values().next().unwrap_or_default();
    any.tables = reader.read.dossier.tables;
    any.report = reader.read.report;
    for (kind, table) in &any.tables {
        merge(&mut any.sums, *kind, sums::of_table(table));
    }
    if is_unknown && any.report.is_sound() && matches!(format, Format::Csv | Format::Tsv) {
        let mut faults = FileFaults::new(&path.display().to_string(), OnFault::Stop, faults_listed);
        let (sums, rows) = guess::costs(path, format, &mut faults);
        faults.note("no table of filiera", || format!("{rows} rows"));
        faults.finish(&mut any.report);
        any.sums = sums;
    }
    Ok(any)
}

/// A name that an earlier table has taken is told apart by its table: `declarations.value`.
fn merge(sums: &mut Sums, kind: TableKind, more: Sums) {
    for (name, by_currency) in more {
        let name = if sums.contains_key(&name) { format!("{}.{name}", kind.name()) } else { name };
        sums.insert(name, by_currency);
    }
}
