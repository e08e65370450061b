//! Fleets: the vehicles of a dossier whose installed parts are streamed from their files.

use std::collections::BTreeMap;
use std::path::Path;

use filiera_evidence::{
    DeferredFile, DossierRead, ImportedRow, ReadOptions, read_dossier_streamed, read_dossier_with,
};
use filiera_finding::{ConditionShown, FleetRun, FleetTally, ModelTally, Note, PaperTally};
use filiera_fleet::{
    Copied, Copying, FleetError, FleetJudgement, ParquetFiles, Tells, Unlisted, judge_whole,
};
use filiera_model::Verdict;
use filiera_tables::{Table, TableKind};
use rustc_hash::FxHashMap;

use crate::check::UNLISTED;
use crate::cluster::OnCluster;
use crate::{Dossier, FilieraError};

/// From so many installed rows on, a dossier is a fleet: below, one judgement of all in memory takes no longer,
/// and says more of each vehicle.
pub const FLEET_ROWS: u64 = 500_000;

/// A dossier as it is to be judged.
pub enum Opened {
    /// All of it is in memory.
    Whole(Dossier),
    /// The installed parts are streamed.
    Fleet(Fleet),
}

/// Evidence, law, and the files of `installed`.
pub struct Fleet {
    pub(crate) dossier: Dossier,
    pub(crate) pieces: ParquetFiles,
    /// What some of the pieces are read from.
    _copied: Option<Copied>,
    /// Where rows are added up, if it is not here.
    pub(crate) cluster: Option<Box<OnCluster>>,
}

/// Reads evidence; where `installed` is streamed, rows of its text files go to a copy.
pub(crate) fn read_streamed(
    path: &Path,
    options: ReadOptions,
    added: BTreeMap<TableKind, Vec<ImportedRow>>,
) -> Result<(DossierRead, Option<Copied>), FilieraError> {
    if options.defer_from.is_none() {
        return Ok((read_dossier_with(path, options, added)?, None));
    }
    let mut copying: Option<Result<Copying, FleetError>> = None;
    let mut takes = |rows| {
        let copying = copying.get_or_insert_with(Copying::begin);
        copying.as_ref().is_ok_and(|copying| copying.take(rows))
    };
    let read = read_dossier_streamed(path, options.clone(), added.clone(), &mut takes)?;
    // Of a text without rows there is a copy without rows.
    let copying = copying.or_else(|| read.handed_on.map(|_| Copying::begin()));
    let copied = copying.map(|copying| copying?.finish()).transpose().map_err(FilieraError::Fleet)?;
    if read.is_to_be_held {
        let options = ReadOptions { defer_from: None, ..options };
        return Ok((read_dossier_with(path, options, added)?, None));
    }
    Ok((read, copied))
}

impl Fleet {
    pub(crate) fn new(
        dossier: Dossier,
        files: &[DeferredFile],
        copied: Option<Copied>,
    ) -> Result<Self, FilieraError> {
        let paths = files.iter().map(|file| file.path.as_path());
        let paths = paths.chain(copied.iter().flat_map(Copied::files)).collect::<Vec<&Path>>();
        let pieces = ParquetFiles::open(paths).map_err(FilieraError::Fleet)?;
        Ok(Self { dossier, pieces, _copied: copied, cluster: None })
    }

    /// How many installed rows there are.
    pub fn rows(&self) -> u64 {
        self.pieces.rows()
    }

    /// Whether rows are added up elsewhere.
    pub fn is_on_cluster(&self) -> bool {
        self.cluster.is_some()
    }

    /// Judges every vehicle, and counts. `progress` hears how many of how many rows are done, or questions that a
    /// cluster is asked.
    ///
    /// # Errors
    /// [`FilieraError::Fleet`]; where [`FleetError::can_be_held`], the dossier can be read whole instead.
    pub fn check(&self, progress: &dyn Fn(u64, u64)) -> Result<FleetRun, FilieraError> {
        self.judge(None, progress)
    }

    /// The same; `tells` hears each finding as it is made, and whether by adding up, which leaves out what only
    /// rows tell.
    ///
    /// # Errors
    /// As [`Fleet::check`]; then what was told is to be thrown away.
    pub fn check_told(
        &self,
        tells: Tells<'_>,
        progress: &dyn Fn(u64, u64),
    ) -> Result<FleetRun, FilieraError> {
        self.judge(Some(tells), progress)
    }

    fn judge(&self, tells: Option<Tells<'_>>, progress: &dyn Fn(u64, u64)) -> Result<FleetRun, FilieraError> {
        // A cluster tells of questions, not of rows.
        let rows = |of: usize| if self.is_on_cluster() { of as u64 } else { self.pieces.rows() };
        let hears = |done: usize, of: usize| progress(rows(of) * done as u64 / of.max(1) as u64, rows(of));
        Ok(self.run(self.judged(tells, &hears).map_err(|error| self.told(error))?))
    }

    fn judged(
        &self,
        tells: Option<Tells<'_>>,
        progress: &dyn Fn(usize, usize),
    ) -> Result<FleetJudgement, FleetError> {
        if let Some(cluster) = &self.cluster {
            return cluster.judge(self, tells, progress);
        }
        let dossier = &self.dossier;
        let (packs, zones) = (&dossier.packs.packs, &dossier.packs.zones);
        judge_whole(&dossier.tables, &self.pieces, packs, zones, &dossier.settings, tells, progress)
    }

    pub(crate) fn told(&self, error: FleetError) -> FilieraError {
        match error {
            FleetError::Engine(error) => self.dossier.told(error),
            error => FilieraError::Fleet(error),
        }
    }

    fn run(&self, judged: FleetJudgement) -> FleetRun {
        let dossier = &self.dossier;
        let vehicles = dossier.tables.table(TableKind::Vehicles);
        let models = Models::new(vehicles);
        let shown = |pack: &str, name: &str| {
            let mut all = judged.others.conditions.iter();
            all.find(|shown| shown.pack == pack && shown.condition == name).cloned()
        };
        let tallied = |shown: ConditionShown, reading: Option<String>, verdicts: &[Option<[Verdict; 2]>]| {
            let (range, legal) = (tally(verdicts, 0), tally(verdicts, 1));
            let models = models.tallies(verdicts);
            FleetTally {
                shown,
                reading,
                range,
                legal,
                models,
                tenths: None,
                looked_into: 0,
                papers: Vec::new(),
            }
        };
        let told = judged.conditions.into_iter().filter_map(|one| {
            let verdicts: Vec<_> = one.told.iter().map(|told| told.pair()).collect();
            let own = tallied(shown(&one.pack, &one.condition)?, one.reading, &verdicts);
            let (tenths, looked_into, mut papers) = (one.tenths, one.looked_into, one.papers);
            most_first(&mut papers);
            Some(FleetTally { tenths, looked_into, papers, ..own })
        });
        let wholes = judged
            .compositions
            .into_iter()
            .filter_map(|one| Some(tallied(shown(&one.pack, &one.condition)?, one.reading, &one.verdicts)));
        let tallies = told.chain(wholes);
        let mut conditions: Vec<FleetTally> = tallies.collect();
        let place = |one: &FleetTally| {
            let mut shown = judged.others.conditions.iter();
            shown.position(|shown| shown.pack == one.shown.pack && shown.condition == one.shown.condition)
        };
        conditions.sort_by_key(|one| (place(one), one.reading.clone()));
        let is_of_vehicles = |shown: &ConditionShown| shown.per == "vehicle";
        FleetRun {
            title: dossier.tables.title.clone(),
            vehicles: vehicles.map_or(0, |table| table.len() as u64),
            rows: judged.counts.rows,
            kinds: judged.counts.kinds,
            singly: judged.left.len() as u64,
            not_summed: judged.singly.iter().map(|(name, why)| (name.clone(), (*why).to_owned())).collect(),
            conditions,
            shown: judged.others.conditions.iter().filter(|one| !is_of_vehicles(one)).cloned().collect(),
            others: judged.others.findings.clone(),
            left_out: judged.others.left_out.clone(),
            notes: dossier.report().notes().chain(unlisted(&judged.unlisted)).collect(),
            files: dossier.hashes().to_vec(),
            packs: dossier.packs.packs.iter().map(|pack| (pack.id.clone(), pack.hash.clone())).collect(),
            along: dossier.packs.along.clone(),
            law_as_of: dossier.settings.law_as_of,
            facts_as_of: dossier.settings.facts_as_of,
        }
    }
}

/// Papers that decide most vehicles by themselves first, then those that are missing in most.
fn most_first(papers: &mut [PaperTally]) {
    let key = |one: &PaperTally| (one.decides_in, one.either_way_in, one.missing_in);
    papers.sort_by(|a, b| key(b).cmp(&key(a)).then_with(|| a.paper.paper.cmp(&b.paper.paper)));
}

/// Rows of vehicles that are not listed, if there are any.
fn unlisted(rows: &Unlisted) -> Option<Note> {
    let vehicle = rows.first.as_ref()?;
    let (file, kind) = (TableKind::Installed.name().to_owned(), UNLISTED.to_owned());
    Some(Note { file, kind, count: rows.rows, first: format!("vehicle {vehicle}") })
}

fn tally(verdicts: &[Option<[Verdict; 2]>], which: usize) -> BTreeMap<Verdict, u64> {
    let mut counts = Counts::default();
    verdicts.iter().flatten().filter_map(|pair| pair.get(which)).for_each(|verdict| counts.add(*verdict));
    counts.given()
}

/// How often each verdict was met.
#[derive(Clone, Copy, Default)]
struct Counts([u64; VERDICTS.len()]);

const VERDICTS: [Verdict; 4] = [Verdict::Met, Verdict::NotMet, Verdict::Undetermined, Verdict::NotApplicable];

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        let [met, not_met, undetermined, not_applicable] = &mut self.0;
        *match verdict {
            Verdict::Met => met,
            Verdict::NotMet => not_met,
            Verdict::Undetermined => undetermined,
            Verdict::NotApplicable => not_applicable,
        } += 1;
    }

    fn given(self) -> BTreeMap<Verdict, u64> {
        VERDICTS.into_iter().zip(self.0).filter(|(_, count)| *count > 0).collect()
    }
}

/// The model of each vehicle, by number.
struct Models {
    names: Vec<String>,
    of: Vec<Option<u32>>,
}

impl Models {
    fn new(vehicles: Option<&Table>) -> Self {
        let mut models = Self { names: Vec::new(), of: Vec::new() };
        let Some(vehicles) = vehicles else { return models };
        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        for model in vehicles.texts("model") {
            let number = model.map(|model| {
                *numbers.entry(model).or_insert_with(|| {
                    models.names.push(model.to_owned());
                    models.names.len() as u32 - 1
                })
            });
            models.of.push(number);
        }
        models
    }

    /// Vehicles per model and verdict on the range: most that are not met first.
    fn tallies(&self, verdicts: &[Option<[Verdict; 2]>]) -> Vec<ModelTally> {
        let mut counts = vec![Counts::default(); self.names.len()];
        for (model, pair) in self.of.iter().zip(verdicts) {
            let own = model.and_then(|model| counts.get_mut(model as usize));
            if let (Some(own), Some([range, _])) = (own, pair) {
                own.add(*range);
            }
        }
        let tallies = self.names.iter().zip(counts);
        let mut tallies: Vec<ModelTally> =
            tallies.map(|(model, own)| ModelTally { model: model.clone(), range: own.given() }).collect();
        let count = |one: &ModelTally, verdict| one.range.get(&verdict).copied().unwrap_or(0);
        tallies.sort_by(|a, b| {
            let key = |one: &ModelTally| (count(one, Verdict::NotMet), count(one, Verdict::Undetermined));
            key(b).cmp(&key(a)).then_with(|| a.model.cmp(&b.model))
        });
        tallies
    }
}
