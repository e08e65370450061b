//! Fleets whose installed parts are added up on a cluster.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use arrow::array::RecordBatch;
use filiera_fleet::{
    Asking, Elsewhere, FleetError, FleetJudgement, Footers, Question, Tells, judge_elsewhere, read_rows,
    write_rows,
};
use filiera_tables::TableKind;
use tempfile::TempDir;

use crate::{Dossier, FilieraError, Fleet, Library, Opened, Request};

/// A cluster, and the program that asks it.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// `filiera-cluster`.
    pub program: PathBuf,
    /// The scheduler, as `df://host:port`.
    pub scheduler: String,
    /// Folder that executors can read, as URL or path; nothing: they read the files of this machine.
    pub share: Option<String>,
    /// Where executors find `installed`, as URL or path; nothing: in the files of the dossier.
    pub rows: Option<String>,
    /// Seconds after which a question without an answer is asked again; nothing: as long as the program waits by
    /// itself.
    pub patience: Option<u64>,
    /// So many rows are asked about at a time; nothing: [`Cluster::RANGE_ROWS`].
    pub range_rows: Option<u64>,
    /// How many questions are asked at once; nothing: as many as the executors work on, as
    /// far as they are known.
    pub at_once: Option<usize>,
    /// How often a question is asked before its answer is given up; nothing: [`Cluster::TRIES`].
    pub tries: Option<usize>,
}

/// A cluster, and where its executors find the rows.
#[derive(Debug)]
pub(crate) struct OnCluster {
    cluster: Cluster,
    rows: String,
    /// How many rows this machine knows of, if it does.
    known_rows: Option<u64>,
    /// What the scheduler says of how many questions its executors work on at once.
    slots: OnceLock<Option<usize>>,
    /// The executors that have answered, and how many questions each works on at once.
    met: Mutex<BTreeMap<String, usize>>,
}

/// So many questions are asked at once where a scheduler does not say how many its executors work on, and none has
/// answered yet.
const AT_ONCE: usize = 8;

/// And so many more than those that have answered work on: there may be others.
const BESIDE: usize = 2;

/// More are not asked at once: each is a process of this machine.
const MOST_AT_ONCE: usize = 64;

/// After a failure, so long is waited before a question is asked again.
const PAUSE: Duration = Duration::from_secs(2);

/// How often an answer is looked for.
const LOOK: Duration = Duration::from_millis(10);

impl Cluster {
    /// So many rows are asked about at a time: enough for an executor to be at work for some seconds, few enough for
    /// one that is lost to cost no more.
    pub const RANGE_ROWS: u64 = 5_000_000;

    /// How often a question is asked before its answer is given up.
    pub const TRIES: usize = 3;

    /// A fleet to be judged as any other, its rows being added up on the cluster.
    ///
    /// # Errors
    /// As [`Dossier::open`]; [`FilieraError::Fleet`] where it is not known where the rows are.
    pub fn open(self, request: &Request, library: &Library) -> Result<Fleet, FilieraError> {
        let mut fleet = match Dossier::open(request, library, 0)? {
            Opened::Fleet(fleet) => fleet,
            Opened::Whole(dossier) => {
                let has_rows =
                    dossier.tables.table(TableKind::Installed).is_some_and(|table| !table.is_empty());
                if has_rows {
                    return Err(told(HELD));
                }
                Fleet::new(dossier, &[], None)?
            }
        };
        let known_rows = Some(fleet.rows()).filter(|rows| *rows > 0);
        let rows = match &self.rows {
            Some(rows) => rows.clone(),
            None => fleet.rows_at().ok_or_else(|| told(NOWHERE))?,
        };
        let on_cluster =
            OnCluster { cluster: self, rows, known_rows, slots: OnceLock::new(), met: Mutex::default() };
        fleet.cluster = Some(Box::new(on_cluster));
        Ok(fleet)
    }
}

const NOWHERE: &str =
    "a cluster reads one Parquet file or one folder of them; say where it is with `--rows URL`";
const HELD: &str = "a cluster reads `installed` from Parquet with canonical columns and types, and that of the \
                    dossier is something else; write it anew with `filiera export`";

fn told(why: &str) -> FilieraError {
    FilieraError::Fleet(FleetError::NoAnswer(why.to_owned()))
}

impl OnCluster {
    /// Judges every vehicle of a fleet.
    pub fn judge(
        &self,
        fleet: &Fleet,
        tells: Option<Tells<'_>>,
        progress: &dyn Fn(usize, usize),
    ) -> Result<FleetJudgement, FleetError> {
        let dossier = &fleet.dossier;
        let (packs, zones) = (&dossier.packs.packs, &dossier.packs.zones);
        let asking = Asking {
            elsewhere: self,
            rows: self.cluster.range_rows.unwrap_or(Cluster::RANGE_ROWS),
            tries: self.cluster.tries.unwrap_or(Cluster::TRIES),
            pause: PAUSE,
        };
        judge_elsewhere(&dossier.tables, &asking, packs, zones, &dossier.settings, tells, progress)
    }

    /// How many questions the executors that have answered work on at once, and some more for those that have not.
    fn met(&self) -> usize {
        let met = self.met.lock().map(|met| met.values().sum()).unwrap_or(0);
        if met == 0 { AT_ONCE } else { met + BESIDE }
    }

    /// Remembers who has answered: a name in quotes and a number.
    fn meet(&self, told: &str) {
        let told = told.trim().trim_start_matches('[').trim_end_matches(']');
        let one =
            told.rsplit_once(',').and_then(|(name, slots)| Some((name.to_owned(), slots.parse().ok()?)));
        if let (Some((name, slots)), Ok(mut met)) = (one, self.met.lock()) {
            met.insert(name, slots);
        }
    }

    /// Runs the program, as long as what it does is wanted.
    fn run(&self, arguments: &[String], is_wanted: &dyn Fn() -> bool) -> Result<Output, FleetError> {
        let program = &self.cluster.program;
        let mut asking = Command::new(program);
        asking.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = asking.spawn().and_then(|child| waited(child, is_wanted));
        let ran = started.map_err(|error| {
            FleetError::NotAsked(format!(
                "`{}` cannot be run ({error}); put it beside `filiera`, or name it in FILIERA_CLUSTER",
                program.display()
            ))
        })?;
        if ran.status.success() {
            return Ok(ran);
        }
        let told = String::from_utf8_lossy(&ran.stderr);
        // Before its own words stands what Ballista logs.
        let own =
            told.strip_prefix(COMPLAINT).or_else(|| Some(told.rsplit_once(&format!("\n{COMPLAINT}"))?.1));
        let own = own.map(str::trim).filter(|own| !own.is_empty());
        Err(FleetError::NoAnswer(own.map_or_else(|| ran.status.to_string(), str::to_owned)))
    }

    fn arguments(&self, question: &Question, folder: &Path) -> Result<Vec<String>, FleetError> {
        let unwritable = |error: std::io::Error| FleetError::NotAsked(error.to_string());
        let text = |path: &Path| path.display().to_string();
        let sql = folder.join("statement.sql");
        std::fs::File::create(&sql)
            .and_then(|mut file| file.write_all(question.statement.as_bytes()))
            .map_err(unwritable)?;
        let mut all = vec!["query".to_owned(), "--attached".to_owned()];
        let mut add = |flag: &str, value: String| all.extend([flag.to_owned(), value]);
        add("--scheduler", self.cluster.scheduler.clone());
        add("--sql", text(&sql));
        add("--out", text(&folder.join(ANSWER)));
        add("--table", format!("{}={}", TableKind::Installed.name(), self.rows));
        if let Some(share) = &self.cluster.share {
            add("--share", share.clone());
        }
        if let Some(patience) = self.cluster.patience {
            add("--patience", patience.to_string());
        }
        for (name, rows) in &question.beside {
            let file = folder.join(format!("{name}.parquet"));
            write_rows(&file, rows)?;
            add("--ship", format!("{name}={}", text(&file)));
        }
        Ok(all)
    }
}

const ANSWER: &str = "answer.parquet";

/// What the program's own words begin with.
const COMPLAINT: &str = "error: ";

/// Waits for a program; its standard input ends when nobody wants to hear of it any more, which ends it.
fn waited(mut child: Child, is_wanted: &dyn Fn() -> bool) -> std::io::Result<Output> {
    let mut input = child.stdin.take();
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    let out = thread::spawn(move || read(out.as_mut()));
    let err = thread::spawn(move || read(err.as_mut()));
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if !is_wanted() {
            drop(input.take());
        }
        thread::sleep(LOOK);
    };
    Ok(Output { status, stdout: out.join().unwrap_or_default(), stderr: err.join().unwrap_or_default() })
}

fn read(stream: Option<&mut impl std::io::Read>) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(stream) = stream {
        // What a program that ends badly could not say any more is not missed.
        drop(stream.read_to_end(&mut all));
    }
    all
}

impl Elsewhere for OnCluster {
    fn name(&self) -> String {
        format!("the cluster at {}", self.cluster.scheduler)
    }

    fn at_once(&self) -> usize {
        let asked = || {
            let arguments = ["slots", "--scheduler", self.cluster.scheduler.as_str()].map(str::to_owned);
            let told = self.run(&arguments, &|| true).ok()?;
            String::from_utf8_lossy(&told.stdout).trim().parse().ok().filter(|slots| *slots > 0)
        };
        let slots = self.cluster.at_once.or_else(|| *self.slots.get_or_init(asked));
        slots.unwrap_or_else(|| self.met()).clamp(1, MOST_AT_ONCE)
    }

    fn footers(&self) -> Result<Footers, FleetError> {
        let table = format!("{}={}", TableKind::Installed.name(), self.rows);
        let told = self.run(&["footers".to_owned(), "--table".to_owned(), table], &|| true)?;
        let footers = Footers::from_json(&String::from_utf8_lossy(&told.stdout))?;
        match self.known_rows.filter(|known| *known != footers.rows()) {
            None => Ok(footers),
            Some(known) => Err(FleetError::NotAsked(format!(
                "there are {} rows at `{}`, and {known} in the files of the dossier: they are not the same",
                footers.rows(),
                self.rows,
            ))),
        }
    }

    fn ask(&self, question: &Question, is_wanted: &dyn Fn() -> bool) -> Result<RecordBatch, FleetError> {
        let folder = TempDir::new().map_err(|error| FleetError::NotAsked(error.to_string()))?;
        let ran = self.run(&self.arguments(question, folder.path())?, is_wanted)?;
        self.meet(&String::from_utf8_lossy(&ran.stdout));
        read_rows(&folder.path().join(ANSWER)).map_err(|error| FleetError::NoAnswer(error.to_string()))
    }
}

impl Fleet {
    /// Where the rows of `installed` stand, if they stand in one place.
    fn rows_at(&self) -> Option<String> {
        let files = self.pieces.paths();
        let place = match files.as_slice() {
            [] => return None,
            [one] => one.to_path_buf(),
            [first, rest @ ..] => {
                let folder = first.parent()?;
                let is_theirs = folder.file_name()? == TableKind::Installed.name()
                    && rest.iter().all(|file| file.parent() == Some(folder));
                is_theirs.then(|| folder.to_path_buf())?
            }
        };
        Some(std::path::absolute(place).ok()?.to_str()?.to_owned())
    }
}
