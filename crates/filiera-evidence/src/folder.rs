use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use filiera_finding::{Fault, ReaderReport};
use filiera_tables::TableKind;

use crate::EvidenceError;
use crate::dossier_file::{DossierFile, Import};
use crate::faults::{FileFaults, OnFault, Saying};
use crate::format::{Format, sniff};
use crate::infer;
use crate::settings::TableSettings;
use crate::source::sheet_names;
use crate::words::{plain, suggestion};

/// One table to be read from one file.
#[derive(Debug)]
pub(crate) struct Job {
    /// The table.
    pub kind: TableKind,
    /// The file.
    pub path: PathBuf,
    /// The file as the user named it.
    pub name: String,
    /// How it is built.
    pub format: Format,
    /// How it fills the table.
    pub settings: TableSettings,
}

/// What is to be read.
#[derive(Default)]
pub(crate) struct Plan {
    /// Tables to be read.
    pub jobs: Vec<Job>,
    /// Files of outside formats, with the name the user knows.
    pub imports: Vec<(PathBuf, String)>,
    /// The offers that files of outside formats are the bills of materials of, by file.
    pub offers: BTreeMap<String, String>,
}

/// The files of a folder and the folders in it, by name, sorted.
fn entries_of(folder: &Path) -> Result<(Vec<String>, Vec<String>), EvidenceError> {
    let unreadable = |source| EvidenceError::Unreadable { path: folder.to_owned(), source };
    let (mut files, mut folders) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        if path.is_file() {
            files.extend(entry.file_name().into_string().ok());
        } else if path.is_dir() {
            folders.extend(entry.file_name().into_string().ok());
        }
    }
    Ok((files.into_iter().collect(), folders.into_iter().collect()))
}

/// Plans the reading of a folder: what its `dossier.toml` names, then files with canonical names.
pub(crate) fn plan(
    folder: &Path,
    dossier: &mut DossierFile,
    report: &mut ReaderReport,
) -> Result<Plan, EvidenceError> {
    let (files, folders) = entries_of(folder)?;
    let mut planner = Planner { folder, files: &files, report, plan: Plan::default(), seen: BTreeSet::new() };
    let named: BTreeSet<TableKind> = dossier.tables.iter().filter_map(|settings| settings.kind).collect();
    for settings in std::mem::take(&mut dossier.tables) {
        planner.mapped(settings);
    }
    for kind in TableKind::ALL {
        let is_mapped = named.contains(&kind);
        planner.canonical(kind, is_mapped);
        planner.folders(kind, &folders);
        if kind == TableKind::Installed && !is_mapped {
            planner.files_of(kind, &folders)?;
        }
    }
    planner.imports(dossier.imports.as_deref());
    Ok(planner.plan)
}

/// Whether a file has the name of a table and the ending of a format that holds tables.
fn is_named_as(kind: TableKind, name: &str) -> bool {
    let path = Path::new(name);
    let format = Format::of_ending(path).filter(|format| *format != Format::Imported);
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    format.is_some() && stem.is_some_and(|stem| plain(stem) == kind.name())
}

struct Planner<'a> {
    folder: &'a Path,
    files: &'a [String],
    report: &'a mut ReaderReport,
    plan: Plan,
    seen: BTreeSet<String>,
}

impl Planner<'_> {
    /// A table that `dossier.toml` describes.
    fn mapped(&mut self, settings: TableSettings) {
        let Some(kind) = settings.kind else { return };
        let name = match &settings.file {
            Some(name) => name.clone(),
            None => match self.candidates(kind).as_slice() {
                [only] => only.clone(),
                several => {
                    let message = if several.is_empty() {
                        format!("there is no file for the table `{}`", kind.name())
                    } else {
                        format!("several files may be the table `{}`: {}", kind.name(), several.join(", "))
                    };
                    self.fault(settings.line, "dossier/file", message, "name it: `file = \"…\"`".to_owned());
                    return;
                }
            },
        };
        let path = self.folder.join(&name);
        if !path.is_file() {
            let hint = suggestion(&name, self.files.iter().map(String::as_str));
            let remedy = format!("check the name{hint}");
            self.fault(settings.line, "dossier/file", format!("there is no file `{name}`"), remedy);
            return;
        }
        self.job(kind, path, name, settings);
    }

    fn job(&mut self, kind: TableKind, path: PathBuf, name: String, settings: TableSettings) {
        self.seen.insert(name.clone());
        match sniff(&path) {
            // A dossier that names a JSON file as a table means one object per line.
            Ok(Format::Imported) => self.push(kind, path, name, Format::JsonLines, settings),
            Ok(format) => self.push(kind, path, name, format, settings),
            Err(error) => {
                let mut faults = FileFaults::new(&name, OnFault::Stop, 1);
                let message = format!("the file cannot be read: {error}");
                faults.whole(
                    None,
                    None,
                    Saying::new("file/unreadable", message, "check that it is there and whole"),
                );
                faults.finish(self.report);
            }
        }
    }

    fn push(
        &mut self,
        kind: TableKind,
        path: PathBuf,
        name: String,
        format: Format,
        settings: TableSettings,
    ) {
        self.plan.jobs.push(Job { kind, path, name, format, settings });
    }

    /// The files whose name, without its ending, is that of the table.
    fn candidates(&self, kind: TableKind) -> Vec<String> {
        self.files.iter().filter(|name| is_named_as(kind, name)).cloned().collect()
    }

    /// A folder with the name of a table's file is not what somebody meant by it.
    fn folders(&mut self, kind: TableKind, folders: &[String]) {
        for name in folders.iter().filter(|name| is_named_as(kind, name)) {
            let remedy = format!(
                "put the file itself there, or name the files in the folder as `[[table.{0}]]`, `file = \"{name}/…\"`",
                kind.name()
            );
            let fault = Saying::new("file/folder", format!("`{name}` is a folder, not a file"), remedy);
            let mut faults = FileFaults::new(name, OnFault::Stop, 1);
            faults.whole(None, None, fault);
            faults.finish(self.report);
        }
    }

    /// A file with the canonical name of a table that `dossier.toml` does not describe.
    fn canonical(&mut self, kind: TableKind, is_mapped: bool) {
        let free: Vec<String> =
            self.candidates(kind).into_iter().filter(|name| !self.seen.contains(name)).collect();
        match free.as_slice() {
            [] => {}
            _ if is_mapped => {
                for name in &free {
                    let kind = kind.name();
                    let first = || format!("dossier.toml takes `{kind}` from another file");
                    self.report.note(name, "file left out", first);
                }
            }
            [only] => {
                let settings = TableSettings { kind: Some(kind), ..TableSettings::default() };
                self.job(kind, self.folder.join(only), only.clone(), settings);
            }
            several => {
                let message = format!("{} all claim to be the table `{}`", several.join(", "), kind.name());
                let remedy =
                    format!("keep one, or describe each as `[[table.{}]]` in dossier.toml", kind.name());
                self.fault(None, "dossier/file", message, remedy);
            }
        }
    }

    /// The files of a folder with the canonical name of a table: a fleet comes in many.
    fn files_of(&mut self, kind: TableKind, folders: &[String]) -> Result<(), EvidenceError> {
        for folder in folders.iter().filter(|name| plain(name) == kind.name()) {
            let is_there = self.plan.jobs.iter().any(|job| job.kind == kind);
            let (files, _) = entries_of(&self.folder.join(folder))?;
            for file in files {
                let name = format!("{folder}/{file}");
                let holds_a_table =
                    Format::of_ending(Path::new(&file)).is_some_and(|one| one != Format::Imported);
                if is_there || !holds_a_table {
                    let why =
                        if is_there { "there is a file for the whole table" } else { "it holds no table" };
                    self.report.note(&name, "file left out", || why.to_owned());
                    continue;
                }
                let settings = TableSettings { kind: Some(kind), ..TableSettings::default() };
                self.job(kind, self.folder.join(folder).join(&file), name, settings);
            }
        }
        Ok(())
    }

    fn imports(&mut self, named: Option<&[Import]>) {
        match named {
            Some(named) => {
                for Import { file: name, offer } in named {
                    let path = self.folder.join(name);
                    if path.is_file() {
                        self.plan.imports.push((path, name.clone()));
                        self.plan.offers.extend(offer.clone().map(|offer| (name.clone(), offer)));
                    } else {
                        let hint = suggestion(name, self.files.iter().map(String::as_str));
                        let message = format!("`imports` names `{name}`, which is not there");
                        self.fault(None, "dossier/file", message, format!("check the name{hint}"));
                    }
                }
            }
            None => self.found_imports(),
        }
    }

    fn found_imports(&mut self) {
        for name in self.files {
            let path = self.folder.join(name);
            if self.seen.contains(name) || name == "dossier.toml" {
                continue;
            }
            let promises = Format::of_ending(&path) == Some(Format::Imported);
            if is_imported(&path, promises) {
                self.plan.imports.push((path, name.clone()));
            } else if promises {
                let what = if name.to_lowercase().ends_with(".xml") { "XML" } else { "JSON" };
                self.report.note(name, "file left out", || format!("the {what} is of no format known here"));
            }
        }
    }

    fn fault(&mut self, line: Option<u32>, code: &str, message: String, remedy: String) {
        let (file, code) = ("dossier.toml".to_owned(), code.to_owned());
        self.report.fault(Fault { file, row: line, column: None, code, message, remedy });
    }
}

/// Whether a file is of an outside format. Only a file whose ending promises one is worth reading to its
/// end for that: others must say it at their start.
fn is_imported(path: &Path, promises: bool) -> bool {
    crate::formats::starts_like_one(path).unwrap_or(false)
        || (promises && fs::read(path).is_ok_and(|bytes| crate::formats::recognises(&bytes)))
}

/// Plans the reading of one file alone. A workbook may hold several tables, one per sheet named
/// as a table; otherwise the file's name says which table it is, or its columns do.
pub(crate) fn plan_file(path: &Path, report: &mut ReaderReport) -> Result<(Plan, Format), EvidenceError> {
    let name = path.display().to_string();
    let format = sniff(path).map_err(|source| EvidenceError::Unreadable { path: path.to_owned(), source })?;
    let mut plan = Plan::default();
    let is_text = matches!(format, Format::JsonLines | Format::Csv | Format::Tsv);
    if format == Format::Imported || (is_text && is_imported(path, false)) {
        plan.imports.push((path.to_owned(), name));
        return Ok((plan, format));
    }
    let job = |kind, settings| Job { kind, path: path.to_owned(), name: name.clone(), format, settings };
    let stem = path.file_stem().and_then(|stem| stem.to_str()).map(plain).unwrap_or_default();
    if let Some(kind) = TableKind::from_name(&stem) {
        plan.jobs.push(job(kind, TableSettings { kind: Some(kind), ..TableSettings::default() }));
        return Ok((plan, format));
    }
    let mut faults = FileFaults::new(&name, OnFault::Stop, 10);
    let tables = match format {
        Format::Xlsx => sheets(path, &mut faults),
        _ => BTreeMap::new(),
    };
    for (kind, sheet) in tables {
        let settings = TableSettings { kind: Some(kind), sheet: Some(sheet), ..TableSettings::default() };
        plan.jobs.push(job(kind, settings));
    }
    let readable = faults.is_empty();
    if plan.jobs.is_empty()
        && readable
        && let Some(kind) = infer::table(path, format, &mut faults)
    {
        plan.jobs.push(job(kind, TableSettings { kind: Some(kind), ..TableSettings::default() }));
    }
    faults.finish(report);
    Ok((plan, format))
}

fn sheets(path: &Path, faults: &mut FileFaults) -> BTreeMap<TableKind, String> {
    let sheets = sheet_names(path, faults).unwrap_or_default();
    sheets.into_iter().filter_map(|sheet| Some((TableKind::from_name(&plain(&sheet))?, sheet))).collect()
}
