use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use filiera::{Cluster, Dossier, FilieraError, Library, Opened, Request};
use filiera_finding::{Finding, FleetRun};
use filiera_fleet::synth::{Options, write};
use filiera_fleet::{read_rows, write_rows};
use tempfile::TempDir;

use crate::nodes::Nodes;

/// Pack, condition, reading and subject.
type Key = (String, String, Option<String>, String);

/// Each finding as it is streamed, and whether it was made by adding up.
pub type Told = BTreeMap<Key, (String, bool)>;

/// A folder of files, as `filiera synth` writes it.
pub struct Written {
    _kept: TempDir,
    pub dossier: PathBuf,
}

impl Written {
    pub fn new(options: &Options) -> Self {
        let kept = TempDir::new().expect("a folder");
        let dossier = kept.path().join("fleet");
        write(options, &dossier, false, &mut |_, _| {}).expect("a fleet");
        Self { _kept: kept, dossier }
    }

    fn installed(&self) -> PathBuf {
        self.dossier.join("installed.parquet")
    }

    /// Makes so many files of the one of `installed`, cut anywhere.
    pub fn split(self, files: usize) -> Self {
        let rows = read_rows(&self.installed()).expect("rows");
        let folder = self.dossier.join("installed");
        std::fs::create_dir(&folder).expect("a folder");
        let each = rows.num_rows() / files + 1;
        for file in 0..files {
            let start = file * each;
            let some = rows.slice(start, each.min(rows.num_rows() - start));
            write_rows(&folder.join(format!("part-{file}.parquet")), &some).expect("a file");
        }
        std::fs::remove_file(self.installed()).expect("gone");
        self
    }

    /// Takes a vehicle off the list.
    pub fn strike_one(self) -> Self {
        let path = self.dossier.join("vehicles.parquet");
        let rows = read_rows(&path).expect("rows");
        write_rows(&path, &rows.slice(1, rows.num_rows() - 1)).expect("a file");
        self
    }

    /// Puts its folder of installed parts elsewhere.
    pub fn installed_away(&self, to: &Path) {
        std::fs::rename(self.dossier.join("installed"), to).expect("moved");
        std::fs::write(self.dossier.join("installed.csv"), "vehicle,part\n").expect("a file");
    }
}

fn request(dossier: &Path) -> Request {
    let day = "2026-11-22".parse().expect("a day");
    Request {
        path: dossier.to_owned(),
        packs: Vec::new(),
        law_as_of: day,
        facts_as_of: day,
        readings: true,
        unverified: false,
        cut_cycles: false,
        on_fault: None,
        hashes: true,
    }
}

/// What `filiera check` finds, here or on a cluster.
pub struct Checked {
    pub run: FleetRun,
    pub told: Told,
}

fn checked(fleet: &filiera::Fleet) -> Result<Checked, FilieraError> {
    let mut told = Told::new();
    let mut tells = |one: &Finding, by_sum: bool| {
        let key = (one.pack.clone(), one.condition.clone(), one.reading.clone(), one.subject.clone());
        let again = told.insert(key, (format!("{:?}", one.to_streamed_json(by_sum)), by_sum));
        assert!(again.is_none(), "told twice: {again:?}");
        Ok(())
    };
    let run = fleet.check_told(&mut tells, &|_, _| {})?;
    Ok(Checked { run, told })
}

/// What `filiera check --judge lots` finds.
pub fn here(dossier: &Path) -> Checked {
    let Opened::Fleet(fleet) = Dossier::open(&request(dossier), &Library::shipped(), 0).expect("read") else {
        panic!("no fleet");
    };
    checked(&fleet).expect("judged")
}

/// A cluster that is asked about few rows at a time.
pub fn cluster(nodes: &Nodes) -> Cluster {
    Cluster {
        program: nodes.program(),
        scheduler: nodes.scheduler(),
        share: None,
        rows: None,
        patience: Some(60),
        range_rows: Some(1500),
        at_once: None,
        tries: None,
    }
}

/// What `filiera check --cluster` finds.
pub fn there(dossier: &Path, cluster: Cluster) -> Result<Checked, FilieraError> {
    checked(&cluster.open(&request(dossier), &Library::shipped())?)
}

/// Every finding and every count, but the papers: which decide most vehicles a cluster does not tell.
pub fn same(here: &Checked, there: &Checked) {
    assert!(here.told.len() > 100, "{}", here.told.len());
    assert_eq!(here.told.len(), there.told.len());
    for (key, finding) in &here.told {
        assert_eq!(there.told.get(key), Some(finding), "{key:?}");
    }
    let (here, there) = (&here.run, &there.run);
    assert_eq!(here.conditions.len(), there.conditions.len());
    for (here, there) in here.conditions.iter().zip(&there.conditions) {
        let name = (&here.shown.condition, &here.reading);
        assert_eq!(name, (&there.shown.condition, &there.reading));
        assert_eq!((&here.range, &here.legal), (&there.range, &there.legal), "{name:?}");
        assert_eq!((&here.models, &here.tenths), (&there.models, &there.tenths), "{name:?}");
    }
    assert_eq!((here.vehicles, here.rows, here.kinds), (there.vehicles, there.rows, there.kinds));
    assert_eq!((here.singly, &here.others), (there.singly, &there.others));
    assert_eq!((&here.notes, &here.left_out), (&there.notes, &there.left_out));
}
