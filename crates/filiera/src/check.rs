use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use filiera_engine::{
    DiffDays, Engine, EngineError, Question, Settings, SettleQuestion, add_missing_vehicles, breakeven, diff,
    diff_packs, fill_destination, matrix,
};
use filiera_evidence::{DeferredFile, ImportedRow, OnFault, ReadOptions};
use filiera_finding::{Breakeven, Diff, Explanation, Fault, Matrix, ReaderReport, Run, Settlement};
use filiera_fleet::Copied;
use filiera_model::Day;
use filiera_origin::OriginError;
use filiera_packs::Pack;
use filiera_tables::TableKind;
use rustc_hash::FxHashSet;

use crate::fleet::{Fleet, Opened, read_streamed};
use crate::{FilieraError, Library, Packs};

/// What to check, and by which clocks.
#[derive(Clone, Debug)]
pub struct Request {
    /// A folder, a `dossier.toml` or one file.
    pub path: PathBuf,
    /// Packs instead of those the dossier names; empty: the dossier's.
    pub packs: Vec<String>,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
    /// Whether the readings are judged too.
    pub readings: bool,
    /// Whether conditions that rest on unchecked values are judged.
    pub unverified: bool,
    /// Whether cycles in a bill of materials are cut instead of refused.
    pub cut_cycles: bool,
    /// What happens to faulty rows, whatever the dossier says.
    pub on_fault: Option<OnFault>,
    /// Whether the bytes of the files are hashed, for reports that cite them.
    pub hashes: bool,
}

impl Request {
    /// How evidence is read for it.
    pub(crate) fn options(&self, defer_from: Option<u64>) -> ReadOptions {
        ReadOptions { on_fault: self.on_fault, hashes: self.hashes, defer_from, ..ReadOptions::default() }
    }
}

/// Evidence and law, read and found free of faults.
pub struct Dossier {
    pub(crate) tables: filiera_tables::Dossier,
    pub(crate) packs: Packs,
    pub(crate) settings: Settings,
    report: ReaderReport,
    hashes: Vec<(String, String)>,
    deferred: Vec<DeferredFile>,
    copied: Option<Copied>,
}

/// Evidence without law, read and found free of faults.
pub(crate) struct Evidence {
    pub(crate) tables: filiera_tables::Dossier,
    pub(crate) report: ReaderReport,
    hashes: Vec<(String, String)>,
    deferred: Vec<DeferredFile>,
    copied: Option<Copied>,
    /// Whether only the rows of one vehicle were read.
    pub(crate) is_picked: bool,
}

impl Evidence {
    /// Reads what is at a path.
    pub(crate) fn read(
        path: &Path,
        options: ReadOptions,
        added: BTreeMap<TableKind, Vec<ImportedRow>>,
    ) -> Result<Self, FilieraError> {
        let (read, copied) = read_streamed(path, options, added)?;
        if read.report.is_sound() {
            Ok(Self {
                tables: read.dossier,
                report: read.report,
                hashes: read.hashes,
                deferred: read.deferred,
                copied,
                is_picked: read.is_picked,
            })
        } else {
            Err(FilieraError::Faults(Box::new(read.report)))
        }
    }

    /// The packs to judge by, and the folder that files among them are relative to: those that the
    /// request names, else those of the dossier.
    pub(crate) fn named<'a>(&self, request: &'a Request) -> (Vec<String>, &'a Path) {
        if request.packs.is_empty() {
            (self.tables.packs.clone(), folder_of(&request.path))
        } else {
            (request.packs.clone(), Path::new("."))
        }
    }

    /// The evidence under the packs that are named.
    pub(crate) fn under(self, request: &Request, library: &Library) -> Result<Dossier, FilieraError> {
        let (names, base) = self.named(request);
        if names.is_empty() {
            return Err(FilieraError::NoPacks);
        }
        let packs = library.load(&names, base)?;
        self.with(packs, request)
    }

    /// The evidence under these packs.
    pub(crate) fn with(mut self, packs: Packs, request: &Request) -> Result<Dossier, FilieraError> {
        let added = add_missing_vehicles(&mut self.tables).map_err(FilieraError::Engine)?;
        fill_destination(&mut self.tables).map_err(FilieraError::Engine)?;
        note_added(&mut self.report, &self.tables, added);
        note_unsigned(&mut self.report, &self.tables);
        note_unlisted(&mut self.report, &self.tables);
        let settings = Settings {
            law_as_of: request.law_as_of,
            facts_as_of: request.facts_as_of,
            readings: request.readings,
            unverified: request.unverified,
            cut_cycles: request.cut_cycles,
        };
        let Self { tables, report, hashes, deferred, copied, is_picked: _ } = self;
        Ok(Dossier { tables, packs, settings, report, hashes, deferred, copied })
    }
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The findings, and what the reports are drawn from.
    pub run: Run,
    /// What the readers said.
    pub report: ReaderReport,
    /// Conditions left out because they rest on unchecked values.
    pub left_out: Vec<String>,
}

impl Dossier {
    /// Reads evidence and packs.
    ///
    /// # Errors
    /// [`FilieraError::Faults`] with every fault of every file, [`FilieraError::Packs`] with every
    /// fault of every pack.
    pub fn read(request: &Request, library: &Library) -> Result<Self, FilieraError> {
        Self::read_with(request, library, BTreeMap::new())
    }

    /// Reads evidence and packs; installed parts in Parquet stay where they are, and those in texts go to a
    /// temporary copy, from so many rows on.
    ///
    /// # Errors
    /// As [`Dossier::read`].
    pub fn open(request: &Request, library: &Library, fleet_from: u64) -> Result<Opened, FilieraError> {
        let evidence = Evidence::read(&request.path, request.options(Some(fleet_from)), BTreeMap::new())?;
        Self::opened(evidence, request, library)
    }

    /// The same of evidence that was read.
    pub(crate) fn opened(
        evidence: Evidence,
        request: &Request,
        library: &Library,
    ) -> Result<Opened, FilieraError> {
        let mut dossier = evidence.under(request, library)?;
        let (deferred, copied) = (std::mem::take(&mut dossier.deferred), dossier.copied.take());
        if deferred.is_empty() && copied.is_none() {
            Ok(Opened::Whole(dossier))
        } else {
            Fleet::new(dossier, &deferred, copied).map(Opened::Fleet)
        }
    }

    /// As [`Dossier::read`], with rows that stand in no file.
    pub(crate) fn read_with(
        request: &Request,
        library: &Library,
        added: BTreeMap<TableKind, Vec<ImportedRow>>,
    ) -> Result<Self, FilieraError> {
        Self::evidence_with(request, added)?.under(request, library)
    }

    /// Reads the evidence alone.
    pub(crate) fn read_evidence(request: &Request) -> Result<Evidence, FilieraError> {
        Self::evidence_with(request, BTreeMap::new())
    }

    fn evidence_with(
        request: &Request,
        added: BTreeMap<TableKind, Vec<ImportedRow>>,
    ) -> Result<Evidence, FilieraError> {
        Evidence::read(&request.path, request.options(None), added)
    }

    /// Judges every condition for every subject. `progress` hears how many of how many are done.
    ///
    /// # Errors
    /// [`FilieraError::Packs`] where a pack does not fit the evidence, [`FilieraError::Faults`] when
    /// the bill of materials has a cycle.
    pub fn check(&self, progress: &dyn Fn(usize, usize)) -> Result<Checked, FilieraError> {
        let engine = self.engine()?;
        let judgement = engine.judge(progress).map_err(|error| self.told(error))?;
        let summary = engine.summary().map_err(|error| self.told(error))?;
        let run = Run {
            title: self.tables.title.clone(),
            findings: judgement.findings,
            readings: judgement.readings,
            conditions: judgement.conditions,
            value_by_country: summary.value_by_country,
            evidence_strength: summary.evidence_strength,
            set_aside: summary.set_aside,
            notes: self.report.notes().collect(),
            files: self.hashes.clone(),
            packs: self.packs.packs.iter().map(|pack| (pack.id.clone(), pack.hash.clone())).collect(),
            along: self.packs.along.clone(),
            evidence_hash: filiera_tables::evidence_hash(&self.tables),
            law_as_of: self.settings.law_as_of,
            facts_as_of: self.settings.facts_as_of,
            currency: self.tables.currency.clone(),
        };
        Ok(Checked { run, report: self.report.clone(), left_out: judgement.left_out })
    }

    /// Explains one finding.
    ///
    /// # Errors
    /// As [`Dossier::check`], and [`EngineError::NothingToExplain`].
    pub fn explain(&self, question: Question<'_>) -> Result<Explanation, FilieraError> {
        self.engine()?.explain(question).map_err(|error| self.told(error))
    }

    /// Judges every pack whose evidence is there; `named` says which the dossier names.
    pub(crate) fn matrix(
        &self,
        named: &dyn Fn(&Pack) -> bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Matrix, FilieraError> {
        let packs = &self.packs.packs;
        let matrix = matrix(&self.tables, packs, &self.packs.zones, &self.settings, named, progress);
        matrix.map_err(|error| self.told(error))
    }

    /// What would have to change for one subject's share or ratio to stand on its threshold.
    pub(crate) fn breakeven(
        &self,
        question: Question<'_>,
        parts: &[String],
        progress: &dyn Fn(usize, usize),
    ) -> Result<Breakeven, FilieraError> {
        let (packs, zones) = (&self.packs.packs, &self.packs.zones);
        let found = breakeven(&self.tables, packs, zones, &self.settings, question, parts, progress);
        found.map_err(|error| self.told(error))
    }

    /// Who changes verdict between two days of the law.
    pub(crate) fn diff(&self, days: DiffDays, progress: &dyn Fn(usize, usize)) -> Result<Diff, FilieraError> {
        let packs = &self.packs.packs;
        let found = diff(&self.tables, packs, &self.packs.zones, &self.settings, days, progress);
        found.map_err(|error| self.told(error))
    }

    /// Who changes verdict between two texts of a pack, the older first.
    pub(crate) fn diff_packs(
        &self,
        [old, new]: [&Arc<Pack>; 2],
        others: &[Arc<Pack>],
        progress: &dyn Fn(usize, usize),
    ) -> Result<Diff, FilieraError> {
        let (zones, settings) = (&self.packs.zones, &self.settings);
        let found = diff_packs(Some(&self.tables), old, new, others, zones, settings, progress);
        found.map_err(|error| self.told_by([old, new].into_iter().chain(others), error))
    }

    /// The papers that would settle what is open. `progress` hears how many of how many open
    /// findings are done.
    ///
    /// # Errors
    /// As [`Dossier::check`], and [`EngineError::NothingToSettle`] when the question names what is not
    /// there.
    pub fn settle(
        &self,
        question: &SettleQuestion,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Settlement, FilieraError> {
        self.engine()?.settle(question, progress).map_err(|error| self.told(error))
    }

    /// SHA-256 of the canonical evidence.
    pub fn evidence_hash(&self) -> String {
        filiera_tables::evidence_hash(&self.tables)
    }

    /// The files read, with their SHA-256.
    pub(crate) fn hashes(&self) -> &[(String, String)] {
        &self.hashes
    }

    /// What the readers said.
    pub fn report(&self) -> &ReaderReport {
        &self.report
    }

    /// The engine, whose findings do not cite the hash of the evidence.
    pub(crate) fn uncited(&self) -> Result<Engine<'_>, FilieraError> {
        let engine = Engine::uncited(&self.tables, &self.packs.packs, &self.packs.zones, &self.settings);
        engine.map_err(|error| self.told(error))
    }

    fn engine(&self) -> Result<Engine<'_>, FilieraError> {
        let engine = Engine::new(&self.tables, &self.packs.packs, &self.packs.zones, &self.settings);
        engine.map_err(|error| self.told(error))
    }

    pub(crate) fn told(&self, error: EngineError) -> FilieraError {
        self.told_by(&self.packs.packs, error)
    }

    /// The error with what it says underlined in these packs, or placed in the files.
    fn told_by<'a>(
        &self,
        packs: impl IntoIterator<Item = &'a Arc<Pack>>,
        error: EngineError,
    ) -> FilieraError {
        if let EngineError::Origin(origin) = &error {
            let mut report = self.report.clone();
            self.faults_of(origin).into_iter().for_each(|fault| report.fault(fault));
            if !report.is_sound() {
                return FilieraError::Faults(Box::new(report));
            }
        }
        let packs = packs.into_iter();
        let texts: Vec<(String, Arc<str>)> =
            packs.map(|pack| (pack.file.clone(), Arc::clone(&pack.source))).collect();
        FilieraError::of_engine(error, &texts)
    }

    /// What is wrong with the bill of materials, at the rows where it stands.
    fn faults_of(&self, error: &OriginError) -> Vec<Fault> {
        match error {
            OriginError::Cycles { cycles } => cycles.iter().map(|cycle| self.cycle(cycle)).collect(),
            OriginError::NoQuantity { row, .. } => {
                let remedy = "state how many go into one parent";
                let row = usize::try_from(*row).ok();
                vec![self.bom_fault(row, "quantity", "bom/quantity", error.to_string(), remedy)]
            }
            _ => Vec::new(),
        }
    }

    fn cycle(&self, cycle: &[String]) -> Fault {
        let around = cycle.iter().chain(cycle.first()).map(|part| format!("`{part}`"));
        let around = around.collect::<Vec<_>>().join(" → ");
        let row = cycle.last().zip(cycle.first()).and_then(|(last, first)| self.line_of(last, first));
        let message = format!("part cycle in the bill of materials: {around}");
        let remedy = "remove one of the lines, end its validity, or use `--cut-cycles`";
        self.bom_fault(row, "child", "bom/cycle", message, remedy)
    }

    fn bom_fault(
        &self,
        row: Option<usize>,
        column: &str,
        code: &str,
        message: String,
        remedy: &str,
    ) -> Fault {
        let table = self.tables.table(TableKind::Bom);
        let place = table.zip(row).and_then(|(table, row)| table.places().get(row).copied());
        let file = place.and_then(|place| self.tables.files.get(place.file as usize).cloned());
        Fault {
            file: file.unwrap_or_else(|| "bom".to_owned()),
            row: place.map(|place| place.row),
            column: Some(column.to_owned()),
            code: code.to_owned(),
            message,
            remedy: remedy.to_owned(),
        }
    }

    fn line_of(&self, parent: &str, child: &str) -> Option<usize> {
        let table = self.tables.table(TableKind::Bom)?;
        (0..table.len()).find(|row| {
            table.text("parent", *row) == Some(parent) && table.text("child", *row) == Some(child)
        })
    }
}

/// Roots that became vehicles are named.
fn note_added(report: &mut ReaderReport, dossier: &filiera_tables::Dossier, added: usize) {
    let Some(vehicles) = dossier.table(TableKind::Vehicles) else { return };
    for row in 0..added {
        let name = || vehicles.text("vehicle", row).unwrap_or_default().to_owned();
        report.note("bom", "root taken as a vehicle, because there is no table `vehicles`", name);
    }
}

/// Papers without a day of signature: no clock can drop them.
fn note_unsigned(report: &mut ReaderReport, dossier: &filiera_tables::Dossier) {
    let Some(table) = dossier.table(TableKind::Declarations) else { return };
    for row in (0..table.len()).filter(|row| table.day("signed_on", *row).is_none()) {
        let place = table.places().get(row);
        let file = place.and_then(|place| dossier.files.get(place.file as usize));
        let kind = "no day of signature: kept under every --facts-as-of";
        let first = || place.map(|place| format!("row {}", place.row)).unwrap_or_default();
        report.note(file.map_or("declarations", String::as_str), kind, first);
    }
}

/// What is said of installed parts that are judged for nobody.
pub(crate) const UNLISTED: &str = "installed in a vehicle that `vehicles` does not list: judged for nobody";

fn note_unlisted(report: &mut ReaderReport, dossier: &filiera_tables::Dossier) {
    let tables = [TableKind::Vehicles, TableKind::Installed].map(|kind| dossier.table(kind));
    let [Some(vehicles), Some(installed)] = tables else { return };
    if installed.is_empty() {
        return;
    }
    let listed: FxHashSet<&str> = vehicles.texts("vehicle").flatten().collect();
    for vehicle in installed.texts("vehicle").flatten().filter(|vehicle| !listed.contains(vehicle)) {
        report.note(TableKind::Installed.name(), UNLISTED, || format!("vehicle {vehicle}"));
    }
}

/// The folder that pack files named by a dossier are relative to.
fn folder_of(path: &Path) -> &Path {
    if path.is_dir() { path } else { path.parent().unwrap_or(Path::new(".")) }
}
