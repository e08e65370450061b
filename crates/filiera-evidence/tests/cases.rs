//! Folders of evidence and what the reader says of them: `good/` beside `bad/`.

mod render;

use std::fs;
use std::path::PathBuf;

use filiera_evidence::{ReadOptions, read_dossier};

fn cases(kind: &str) -> Vec<(String, PathBuf)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(kind);
    let mut cases: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    cases.sort();
    cases
}

#[test]
fn bad_input_is_told_what_is_wrong() {
    for (name, path) in cases("bad") {
        let read = read_dossier(&path, ReadOptions::default()).unwrap();
        let clean = read.report.is_sound() && read.report.set_aside.is_empty();
        assert!(!clean, "{name} has no fault");
        insta::with_settings!({snapshot_suffix => &name, omit_expression => true}, {
            insta::assert_snapshot!("bad", render::report(&read));
        });
    }
}

#[test]
fn good_input_becomes_tables() {
    for (name, path) in cases("good") {
        let read = read_dossier(&path, ReadOptions::default()).unwrap();
        assert!(read.report.is_sound(), "{name}: {:#?}", read.report.faults);
        insta::with_settings!({snapshot_suffix => &name, omit_expression => true}, {
            insta::assert_snapshot!("good", render::dossier(&read));
        });
    }
}
