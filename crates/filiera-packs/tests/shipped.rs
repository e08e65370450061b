//! The packs of this repository are read without a fault.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::{files, report};
use filiera_packs::{CaseFile, Pack, PackFault, check_members, parse_zones};

#[test]
fn every_shipped_pack_and_its_tests_are_read() {
    let zones = fs::read_to_string(&files("../../packs", "zones.toml")[0]).unwrap();
    let (zones, _) = parse_zones("zones.toml", &zones).unwrap_or_else(|faults| panic!("{}", report(&faults)));
    let mut packs = Vec::new();
    for path in files("../../packs", ".toml") {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name == "zones.toml" || name.ends_with(".test.toml") {
            continue;
        }
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let id = format!("{folder}/{}", name.trim_end_matches(".toml"));
        let pack = Pack::parse(&id, name, &fs::read_to_string(&path).unwrap());
        let pack = pack.unwrap_or_else(|faults| panic!("{}", report(&faults)));
        refuse(&pack.check_zones(&zones));
        let tests = path.with_extension("test.toml");
        let cases = CaseFile::parse(tests.to_str().unwrap(), &fs::read_to_string(&tests).unwrap());
        let cases = cases.unwrap_or_else(|faults| panic!("{}", report(&faults)));
        refuse(&cases.check_against(&pack));
        packs.push(pack);
    }
    assert!(packs.len() >= 5, "only {} packs found", packs.len());
    refuse(&check_members(&packs.iter().collect::<Vec<_>>(), &BTreeSet::new()));
}

fn refuse(faults: &[PackFault]) {
    let reports: String = faults.iter().map(|fault| report(fault)).collect();
    assert!(reports.is_empty(), "{reports}");
}
