use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use filiera_evidence::{AnyFile, ReadOptions, read_any, read_dossier};
use filiera_finding::{Fault, ReaderReport};
use filiera_tables::{Table, evidence_hash};

/// Reads `bytes` as one file of this name, twice: what comes out is the same, and every fault helps.
pub fn read_one(name: &str, bytes: &[u8]) -> AnyFile {
    let path = put(name, bytes);
    let read = || read_any(&path, ReadOptions::default()).expect("the file is there");
    let (any, again) = (read(), read());
    assert_eq!((&any.report, &any.boms, &any.sums), (&again.report, &again.boms, &again.sums));
    any.tables.values().for_each(placed);
    helpful(&any.report);
    any
}

/// Reads a folder of these files, twice: the evidence has the same hash, and every fault helps.
pub fn read_folder(files: &[(&str, &[u8])]) {
    for (name, bytes) in files {
        put(name, bytes);
    }
    let read = || read_dossier(folder(), ReadOptions::default()).ok();
    let (Some(first), Some(again)) = (read(), read()) else { return };
    assert_eq!(evidence_hash(&first.dossier), evidence_hash(&again.dossier));
    assert_eq!(first.report, again.report);
    first.dossier.tables.values().for_each(placed);
    helpful(&first.report);
}

/// Every row knows where it stood.
fn placed(table: &Table) {
    assert_eq!(table.len(), table.places().len());
}

fn helpful(report: &ReaderReport) {
    report.faults.iter().chain(&report.set_aside).for_each(helps);
    assert!(report.notes().all(|note| note.count > 0 && !note.kind.is_empty()));
}

/// Where, what, and the remedy.
fn helps(fault: &Fault) {
    let said = [&fault.file, &fault.code, &fault.message, &fault.remedy];
    assert!(said.iter().all(|text| !text.is_empty()), "{fault:?}");
    assert!(fault.row != Some(0), "rows count from 1: {fault:?}");
}

fn put(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).expect("the folder for temporary files takes a file");
    path
}

/// A folder of this process's own: fuzzers run side by side.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("filiera-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder for temporary files takes a folder");
        folder
    })
}
