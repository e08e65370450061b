//! The importer on files that others made: the official cases and examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use filiera_finding::ReaderReport;
use filiera_tables::TableKind;
use filiera_testkit::outside_data;

use super::{read, recognises};
use crate::{Imported, ImportedBom};

fn import(test: &str, file: &str) -> Option<(Option<Imported>, ReaderReport)> {
    let bytes = fs::read(outside_data(test, &format!("cyclonedx/{file}"))?).unwrap();
    assert!(recognises(&bytes), "{file}");
    let mut report = ReaderReport::default();
    Some((read(file, &bytes, &mut report), report))
}

/// Official cases that we judge otherwise than their names say, each with the reason.
const OTHERWISE: [(&str, &str); 0] = [];

#[test]
fn every_official_case_is_judged_as_its_name_says() {
    let test = "every_official_case_is_judged_as_its_name_says";
    let Some(folder) = outside_data(test, "cyclonedx/spec-test/1.6") else { return };
    let mut judged = (0, 0);
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (imported, report) = import(test, &format!("spec-test/1.6/{name}")).unwrap();
        let valid = name.starts_with("valid-") != OTHERWISE.iter().any(|(case, _)| *case == name);
        assert_eq!(imported.is_some() && report.is_sound(), valid, "{name}: {:?}", report.faults);
        assert_eq!(report.is_sound(), valid, "{name}");
        if valid { judged.0 += 1 } else { judged.1 += 1 }
    }
    assert_eq!(judged, (45, 25));
}

fn edges(bom: &ImportedBom) -> BTreeSet<(&str, &str)> {
    bom.lines.iter().map(|line| (line.parent.as_str(), line.child.as_str())).collect()
}

/// The nodes in an order in which parents come first, and those left over: on cycles or below.
fn layers<'e>(edges: &BTreeSet<(&'e str, &'e str)>) -> (usize, BTreeSet<&'e str>) {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for (parent, child) in edges {
        open.entry(parent).or_default();
        *open.entry(child).or_default() += 1;
    }
    let mut depth = 0;
    let mut level: Vec<&str> =
        open.iter().filter(|(_, parents)| **parents == 0).map(|(node, _)| *node).collect();
    while !level.is_empty() {
        let mut next = Vec::new();
        for node in level {
            open.remove(node);
            for (_, child) in edges.range((node, "")..).take_while(|(parent, _)| *parent == node) {
                let parents = open.get_mut(child).unwrap();
                *parents -= 1;
                if *parents == 0 {
                    next.push(*child);
                }
            }
        }
        depth += usize::from(!next.is_empty());
        level = next;
    }
    (depth, open.into_keys().collect())
}

#[test]
fn nested_and_flat_give_the_same_graph() {
    let test = "nested_and_flat_give_the_same_graph";
    let mut graphs = Vec::new();
    for form in ["bare", "flat"] {
        let Some((imported, report)) = import(test, &format!("SBOM/juice-shop/via_npm/{form}/bom.1.4.json"))
        else {
            return;
        };
        assert!(report.is_sound(), "{:?}", report.faults);
        let imported = imported.unwrap();
        assert_eq!(imported.format, "cyclonedx 1.4");
        assert_eq!(imported.rows[&TableKind::Parts].len(), 1116);
        graphs.push(imported.boms[""].clone());
    }
    let (nested, flat) = (&graphs[0], &graphs[1]);
    assert_eq!((nested.entries, nested.lines.len()), (1116, 1775));
    assert_eq!(nested.entries, flat.entries);
    let (nested, flat) = (edges(nested), edges(flat));
    let bare = |edges: &BTreeSet<(&str, &str)>| {
        let mut degrees: Vec<(usize, usize)> = Vec::new();
        let nodes: BTreeSet<&str> = edges.iter().flat_map(|(parent, child)| [*parent, *child]).collect();
        assert_eq!(nodes.len(), 1116);
        for node in nodes {
            degrees.push((
                edges.iter().filter(|e| e.0 == node).count(),
                edges.iter().filter(|e| e.1 == node).count(),
            ));
        }
        degrees.sort_unstable();
        degrees
    };
    assert_eq!(bare(&nested), bare(&flat));
    let ((_, cyclic), (_, also)) = (layers(&nested), layers(&flat));
    assert_eq!(cyclic.len(), also.len());
    assert!(!cyclic.is_empty());
}

#[test]
fn a_hardware_bom_has_quantities_and_suppliers() {
    let test = "a_hardware_bom_has_quantities_and_suppliers";
    let Some((imported, report)) = import(test, "HBOM/PCIe-SATA-adapter-board/bom.json") else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    let imported = imported.unwrap();
    let row =
        imported.rows[&TableKind::Bom].iter().find(|row| row.cells["child"] == "molex-47155-4001").unwrap();
    assert_eq!(
        (row.cells["parent"].as_str(), row.cells["quantity"].as_str()),
        ("pcie-sata-adaptor-board", "8")
    );
    let part =
        imported.rows[&TableKind::Parts].iter().find(|row| row.cells["part"] == "molex-47155-4001").unwrap();
    assert_eq!((part.cells["supplier"].as_str(), part.cells["class"].as_str()), ("Molex", "connector"));
    assert!(imported.rows[&TableKind::Companies].iter().any(|row| row.cells["company"] == "Samtec"));
}

#[test]
fn services_become_flows() {
    let test = "services_become_flows";
    let Some((imported, report)) = import(test, "SaaSBOM/apigateway-microservices-datastores/bom.json")
    else {
        return;
    };
    assert!(report.is_sound(), "{:?}", report.faults);
    let imported = imported.unwrap();
    let flows = &imported.rows[&TableKind::Flows];
    assert_eq!(flows.len(), 16, "eight classes, each in both directions");
    assert!(flows.iter().all(|row| !row.cells.contains_key("country")));
    let store = flows.iter().find(|row| row.cells["to"] == "ms-1-pgsql.example.com").unwrap();
    assert_eq!((store.cells["data"].as_str(), store.cells["from"].as_str()), ("PII", "unknown"));
    assert_eq!(imported.boms[""].lines.len(), 0, "a service is no part");
}

#[test]
fn rows_of_official_cases_pass_the_checks_of_their_tables() {
    let test = "rows_of_official_cases_pass_the_checks_of_their_tables";
    let Some(folder) = outside_data(test, "cyclonedx/spec-test/1.6") else { return };
    let more =
        ["HBOM/PCIe-SATA-adapter-board/bom.json", "SaaSBOM/apigateway-microservices-datastores/bom.json"];
    let more = more.iter().filter_map(|file| outside_data(test, &format!("cyclonedx/{file}")));
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).chain(more) {
        if path.file_name().unwrap().to_string_lossy().starts_with("invalid") {
            continue;
        }
        let any = crate::read_any(&path, crate::ReadOptions::default()).unwrap();
        assert!(any.report.is_sound(), "{}: {:#?}", path.display(), any.report.faults);
    }
}
