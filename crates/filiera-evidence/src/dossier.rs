use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema};
use filiera_finding::{Fault, ReaderReport};
use filiera_tables::{Completeness, Dossier, Population, SetAside, Table, TableKind};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::assemble::{Filled, assemble};
use crate::binding::expected_names;
use crate::deferred::{Deferred, DeferredFile, can_be_picked, defer, picks};
use crate::dossier_file::{self, DossierFile};
use crate::faults::{FileFaults, OnFault};
use crate::folder::{Job, Plan, plan, plan_file};
use crate::offers::Stands;
use crate::settings::TableSettings;
use crate::source::{self, ImportedRows, ImportedTexts, Source};
use crate::{EvidenceError, Imported, ImportedBom, ImportedRow, formats, piece};

/// How evidence is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// How many faults of one file are listed; the rest is counted.
    pub faults_listed: usize,
    /// What happens to faulty rows, whatever the dossier says.
    pub on_fault: Option<OnFault>,
    /// From so many rows on, `installed` is left to be streamed where its files allow it; nothing: never.
    pub defer_from: Option<u64>,
    /// Where `installed` would be left to be streamed, only the rows of this vehicle are read, of it and of
    /// `vehicles`, and no file is hashed.
    pub vehicle: Option<String>,
    /// Files that are read as if they lay in the folder.
    pub with: Vec<PathBuf>,
    /// Whether the bytes of the files are hashed.
    pub hashes: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            faults_listed: 1000,
            on_fault: None,
            defer_from: None,
            vehicle: None,
            with: Vec::new(),
            hashes: true,
        }
    }
}

/// A dossier as read.
#[derive(Clone, Debug, Default)]
pub struct DossierRead {
    /// The evidence. With faults in the report it is not to be judged.
    pub dossier: Dossier,
    /// Every fault of every file, and the oddities.
    pub report: ReaderReport,
    /// The SHA-256 of each file's bytes, in hexadecimal, by the file as the user named it; nothing where none
    /// were asked for.
    pub hashes: Vec<(String, String)>,
    /// The bills of materials that importers found, by file and life-cycle relation.
    pub boms: BTreeMap<String, BTreeMap<String, ImportedBom>>,
    /// The files of `installed` that were left to be streamed; its table in the dossier is empty.
    pub deferred: Vec<DeferredFile>,
    /// Whether only the rows of one vehicle were read.
    pub is_picked: bool,
    /// How many rows of `installed` were handed on while they were read; nothing: none were to be. They are good
    /// for nothing where the report is not sound.
    pub handed_on: Option<u64>,
    /// Whether rows that were handed on are to be set aside: then the dossier has to be read without handing on.
    pub is_to_be_held: bool,
}

/// Takes rows of `installed` while they are read, by the canonical columns of their file; false: no more are
/// wanted.
pub type TakesRows<'t> = &'t mut (dyn FnMut(RecordBatch) -> bool + Sync);

/// Reads a folder with a `dossier.toml` or with files of canonical names, a `dossier.toml`, or one
/// file of evidence.
///
/// All files are read and all their faults reported; the caller stops when the report is not
/// sound. Rows of tables with `on_fault = "set-aside"` move to [`Dossier::set_aside`] instead.
///
/// # Errors
/// [`EvidenceError`] only when there is nothing to read.
pub fn read_dossier(path: &Path, options: ReadOptions) -> Result<DossierRead, EvidenceError> {
    read_dossier_with(path, options, BTreeMap::new())
}

/// As [`read_dossier`], with further rows that stand in no file, checked like all others. Faults name
/// them as rows of the file `answers`.
///
/// # Errors
/// As [`read_dossier`].
pub fn read_dossier_with(
    path: &Path,
    options: ReadOptions,
    added: BTreeMap<TableKind, Vec<ImportedRow>>,
) -> Result<DossierRead, EvidenceError> {
    read_by(path, DossierReader { added, ..DossierReader::new(options) })
}

/// As [`read_dossier_with`]; where `installed` is left to be streamed, rows of its text files, which are quicker
/// read once than found again, go to `takes`. They are read, and their faults told, as ever.
///
/// # Errors
/// As [`read_dossier`].
pub fn read_dossier_streamed(
    path: &Path,
    options: ReadOptions,
    added: BTreeMap<TableKind, Vec<ImportedRow>>,
    takes: TakesRows<'_>,
) -> Result<DossierRead, EvidenceError> {
    read_by(path, DossierReader { added, takes: Some(takes), ..DossierReader::new(options) })
}

fn read_by(path: &Path, mut reader: DossierReader<'_>) -> Result<DossierRead, EvidenceError> {
    let unreadable = |source| EvidenceError::Unreadable { path: path.to_owned(), source };
    let is_folder = std::fs::metadata(path).map_err(unreadable)?.is_dir();
    let is_settings = path.file_name().is_some_and(|name| name == "dossier.toml");
    if is_folder || is_settings {
        let folder = if is_folder { path } else { path.parent().unwrap_or(path) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        return read_folder(folder, reader);
    }
    let (mut plan, _) = plan_file(path, &mut reader.read.report)?;
    if plan.jobs.is_empty() && plan.imports.is_empty() && reader.read.report.is_sound() {
        reader.no_known_table(path);
    }
    reader.add_files(&mut plan)?;
    reader.run(plan, &[]);
    reader.read.dossier.title = stem(path);
    Ok(reader.read)
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read_folder(folder: &Path, mut reader: DossierReader<'_>) -> Result<DossierRead, EvidenceError> {
    let path = folder.join("dossier.toml");
    let mut own = Vec::new();
    let mut dossier = DossierFile::default();
    if path.is_file() {
        let text = std::fs::read(&path)
            .map_err(|source| EvidenceError::Unreadable { path: path.clone(), source })?;
        own.push((path, "dossier.toml".to_owned()));
        match settings(&text, &mut reader.read.report) {
            Some(read) => dossier = read,
            None => {
                if reader.options.hashes {
                    reader.hash(&own);
                }
                return Ok(reader.read);
            }
        }
    }
    let mut plan = plan(folder, &mut dossier, &mut reader.read.report)?;
    reader.add_files(&mut plan)?;
    if plan.jobs.is_empty() && plan.imports.is_empty() && own.is_empty() && reader.read.report.is_sound() {
        return Err(EvidenceError::Nothing { path: folder.to_owned() });
    }
    let attempted: BTreeSet<TableKind> = plan.jobs.iter().map(|job| job.kind).collect();
    reader.run(plan, &own);
    reader.describe(folder, dossier, &attempted);
    Ok(reader.read)
}

fn settings(bytes: &[u8], report: &mut ReaderReport) -> Option<DossierFile> {
    match std::str::from_utf8(bytes) {
        Ok(text) => dossier_file::parse("dossier.toml", text.trim_start_matches('\u{feff}'), report),
        Err(error) => {
            let message = format!("byte {} (counted from 0) is no UTF-8 text", error.valid_up_to());
            let (file, code) = ("dossier.toml".to_owned(), "file/encoding".to_owned());
            let remedy = "save the file as UTF-8".to_owned();
            report.fault(Fault { file, row: None, column: None, code, message, remedy });
            None
        }
    }
}

/// Reads what is planned, table by table.
pub(crate) struct DossierReader<'t> {
    options: ReadOptions,
    /// What was read so far.
    pub read: DossierRead,
    /// What each imported file turned out to be.
    pub formats: Vec<String>,
    /// Rows that stand in no file.
    added: BTreeMap<TableKind, Vec<ImportedRow>>,
    /// Who takes rows that are not held, and the files they are read from.
    takes: Option<TakesRows<'t>>,
    texts: Vec<Job>,
}

/// What faults call the rows that stand in no file.
const ADDED: &str = "answers";

impl DossierReader<'_> {
    pub fn new(options: ReadOptions) -> Self {
        Self {
            options,
            read: DossierRead::default(),
            formats: Vec::new(),
            added: BTreeMap::new(),
            takes: None,
            texts: Vec::new(),
        }
    }

    /// Reads everything; the bytes are hashed meanwhile. `own` are files that belong to the
    /// dossier but fill no table.
    pub fn run(&mut self, mut plan: Plan, own: &[(PathBuf, String)]) {
        let mut files: Vec<(PathBuf, String)> = own.to_vec();
        let tables = plan.jobs.iter().map(|job| (job.path.clone(), job.name.clone()));
        for file in tables.chain(plan.imports.iter().cloned()) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        self.read.is_picked = self.picks(&plan);
        let is_hashed = self.options.hashes && !self.read.is_picked;
        let hashed = if is_hashed { files.as_slice() } else { &[] };
        thread::scope(|scope| {
            let hashing = scope.spawn(|| hashes(hashed));
            let added = (!self.added.is_empty()).then(|| ADDED.to_owned());
            self.read.dossier.files = files.iter().map(|(_, name)| name.clone()).chain(added).collect();
            self.defer(&mut plan);
            self.tables(plan);
            self.read.hashes = hashing.join().unwrap_or_default();
        });
    }

    /// Plans the files that are to be read as well.
    fn add_files(&mut self, plan: &mut Plan) -> Result<(), EvidenceError> {
        for path in std::mem::take(&mut self.options.with) {
            let (more, _) = plan_file(&path, &mut self.read.report)?;
            if more.jobs.is_empty() && more.imports.is_empty() && self.read.report.is_sound() {
                self.no_known_table(&path);
            }
            plan.jobs.extend(more.jobs);
            plan.imports.extend(more.imports);
        }
        Ok(())
    }

    /// Nothing says which table a file holds.
    fn no_known_table(&mut self, path: &Path) {
        let message = "it is not clear which table the file holds".to_owned();
        let remedy =
            "give it the name of a table, such as `parts.csv`, or describe it in a dossier.toml".to_owned();
        let (file, code) = (path.display().to_string(), "file/table".to_owned());
        self.read.report.fault(Fault { file, row: None, column: None, code, message, remedy });
    }

    /// Whether one vehicle's rows are read alone.
    fn picks(&self, plan: &Plan) -> bool {
        let is_alone = plan.imports.is_empty() && self.added.is_empty();
        let from = self.options.defer_from.filter(|_| is_alone && self.options.vehicle.is_some());
        from.is_some_and(|from| picks(&plan.jobs, from))
    }

    /// Leaves the rows of `installed` where they are, when there are too many to be held.
    fn defer(&mut self, plan: &mut Plan) {
        let is_alone = plan.imports.is_empty() && !self.added.contains_key(&TableKind::Installed);
        let is_wanted = is_alone && self.options.vehicle.is_none();
        let Some(from) = self.options.defer_from.filter(|_| is_wanted) else { return };
        let Deferred { files, texts } = defer(&mut plan.jobs, from, self.takes.is_some());
        (self.read.deferred, self.texts) = (files, texts);
        if !self.read.deferred.is_empty() || !self.texts.is_empty() {
            self.read.dossier.tables.insert(TableKind::Installed, Table::empty(TableKind::Installed));
        }
    }

    fn hash(&mut self, files: &[(PathBuf, String)]) {
        self.read.dossier.files = files.iter().map(|(_, name)| name.clone()).collect();
        self.read.hashes = hashes(files);
    }

    fn tables(&mut self, plan: Plan) {
        let mut filled: BTreeMap<TableKind, Vec<Filled>> = BTreeMap::new();
        let jobs = plan.jobs.par_iter().map(|job| (job.kind, self.fill(job)));
        for (kind, one) in jobs.collect::<Vec<(TableKind, Filled)>>() {
            filled.entry(kind).or_default().push(one);
        }
        for job in std::mem::take(&mut self.texts) {
            filled.entry(job.kind).or_default().push(self.hand_on(&job));
        }
        let stands = Stands { offers: plan.offers, tables: filled.keys().copied().collect() };
        for (path, name) in plan.imports {
            let mut imported = self.import(&path, &name);
            stands.settle(&name, &mut imported, &mut self.read);
            for (kind, rows) in imported.rows {
                let one = self.fill_imported(kind, &name, &mut ImportedRows::new(rows));
                filled.entry(kind).or_default().push(one);
            }
            for (kind, columns) in imported.columns {
                let one = self.fill_imported(kind, &name, &mut ImportedTexts::new(columns));
                filled.entry(kind).or_default().push(one);
            }
        }
        for (kind, rows) in std::mem::take(&mut self.added) {
            let one = self.fill_imported(kind, ADDED, &mut ImportedRows::new(rows));
            filled.entry(kind).or_default().push(one);
        }
        let mut set_aside: Vec<SetAside> = Vec::new();
        for (kind, filled) in filled {
            let table = assemble(kind, filled, &mut self.read.report, &mut set_aside);
            self.read.dossier.tables.extend(table.map(|table| (kind, table)));
        }
        self.read.dossier.set_aside = set_aside;
    }

    /// Takes rows over as they are, one nameless file per table.
    pub fn run_texts(&mut self, rows: BTreeMap<TableKind, Vec<ImportedRow>>) {
        let names = rows.keys().map(|kind| kind.name().to_owned());
        self.read.dossier.files = names.collect();
        let mut set_aside = Vec::new();
        for (kind, rows) in rows {
            let filled = self.fill_imported(kind, kind.name(), &mut ImportedRows::new(rows));
            let table = assemble(kind, vec![filled], &mut self.read.report, &mut set_aside);
            self.read.dossier.tables.extend(table.map(|table| (kind, table)));
        }
        self.read.dossier.set_aside = set_aside;
    }

    fn file(&self, name: &str) -> u32 {
        let place = self.read.dossier.files.iter().position(|file| file == name);
        place.and_then(|place| u32::try_from(place).ok()).unwrap_or(0)
    }

    fn faults(&self, name: &str, on_fault: OnFault) -> FileFaults {
        FileFaults::new(name, self.options.on_fault.unwrap_or(on_fault), self.options.faults_listed)
    }

    fn fill(&self, job: &Job) -> Filled {
        let mut faults = self.faults(&job.name, job.settings.on_fault);
        let source = match self.options.vehicle.as_ref().filter(|_| self.read.is_picked && can_be_picked(job))
        {
            Some(vehicle) => source::open_of_vehicle(&job.path, vehicle, &mut faults),
            None => {
                let expected = expected_names(Some(job.kind), &job.settings);
                source::open(&job.path, job.format, &job.settings, &expected, &mut faults)
            }
        };
        let piece =
            source.and_then(|mut source| piece::read(job.kind, source.as_mut(), &job.settings, &mut faults));
        Filled { piece, file: self.file(&job.name), faults }
    }

    /// Reads a file whose rows are not held: what is left of it is what was wrong.
    fn hand_on(&mut self, job: &Job) -> Filled {
        let mut faults = self.faults(&job.name, job.settings.on_fault);
        let file = self.file(&job.name);
        let expected = expected_names(Some(job.kind), &job.settings);
        let source = source::open(&job.path, job.format, &job.settings, &expected, &mut faults);
        if let (Some(mut source), Some(takes)) = (source, &mut self.takes) {
            let mut rows = 0;
            let mut hand_on = |columns: Vec<(Field, ArrayRef)>| {
                let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
                // INVARIANT: columns of one chunk are equally long.
                let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
                rows += batch.as_ref().map_or(0, RecordBatch::num_rows) as u64;
                batch.is_ok_and(&mut *takes)
            };
            piece::read_each(job.kind, source.as_mut(), &job.settings, &mut faults, &mut hand_on);
            *self.read.handed_on.get_or_insert(0) += rows;
        }
        self.read.is_to_be_held |= !faults.rows().is_empty() && faults.on_fault() == OnFault::SetAside;
        Filled { piece: None, file, faults }
    }

    fn import(&mut self, path: &Path, name: &str) -> Imported {
        let report = &mut self.read.report;
        let bytes = formats::bytes_of(path, name, report);
        let Some(mut imported) = bytes.and_then(|bytes| formats::import(name, &bytes, report)) else {
            return Imported::default();
        };
        self.read.boms.insert(name.to_owned(), std::mem::take(&mut imported.boms));
        self.read.dossier.complete.extend(std::mem::take(&mut imported.complete));
        self.formats.push(imported.format.clone());
        imported
    }

    fn fill_imported(&self, kind: TableKind, name: &str, source: &mut dyn Source) -> Filled {
        let mut faults = self.faults(name, OnFault::Stop);
        let piece = piece::read(kind, source, &TableSettings::default(), &mut faults);
        Filled { piece, file: self.file(name), faults }
    }

    /// Takes over what `dossier.toml` says apart from the tables.
    fn describe(&mut self, folder: &Path, file: DossierFile, attempted: &BTreeSet<TableKind>) {
        let dossier = &mut self.read.dossier;
        dossier.title = file.title.unwrap_or_else(|| folder_name(folder));
        dossier.packs = file.packs;
        dossier.destination = file.destination;
        dossier.currency = file.currency;
        if let Some(line) = file.installed_complete {
            dossier.installed_complete = dossier.tables.contains_key(&TableKind::Installed);
            if !dossier.installed_complete && !attempted.contains(&TableKind::Installed) {
                self.no_table(TableKind::Installed, TableKind::Installed.name(), line);
            }
        }
        for (population, (declared, line)) in file.complete {
            self.complete(population, declared, line, attempted);
        }
    }

    /// A population whose table is absent cannot be complete.
    fn complete(
        &mut self,
        population: Population,
        declared: Completeness,
        line: u32,
        attempted: &BTreeSet<TableKind>,
    ) {
        let dossier = &mut self.read.dossier;
        let table = population.table();
        // Without a plan, components are all there only where the installed ones are.
        let by_installed = population == Population::Components && dossier.installed_complete;
        if dossier.tables.contains_key(&table) || by_installed {
            dossier.complete.insert(population, declared);
        } else if !attempted.contains(&table) {
            self.no_table(table, population.name(), line);
        }
    }

    fn no_table(&mut self, table: TableKind, what: &str, line: u32) {
        self.read.report.fault(Fault {
            file: "dossier.toml".to_owned(),
            row: Some(line),
            column: Some(what.to_owned()),
            code: "dossier/complete".to_owned(),
            message: format!("`{what}` cannot be complete: there is no table `{}`", table.name()),
            remedy: format!(
                "add `{}.csv` (with nothing but its header when there are no rows), or take the entry out",
                table.name()
            ),
        });
    }
}

fn folder_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The SHA-256 of each file that can be read.
fn hashes(files: &[(PathBuf, String)]) -> Vec<(String, String)> {
    files.iter().filter_map(|(path, name)| Some((name.clone(), sha256(path).ok()?))).collect()
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 1 << 18];
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        hasher.update(buffer.get(..length).unwrap_or(&[]));
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
