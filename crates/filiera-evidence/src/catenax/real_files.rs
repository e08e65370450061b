//! The importer on files that others made, against the answers published with them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use filiera_finding::ReaderReport;
use filiera_testkit::outside_data;

use super::{read, recognises};
use crate::json_text::{Json, parse};
use crate::{Imported, ImportedBom};

/// The file, or nothing when the folder with other people's files is absent.
fn bytes(test: &str, file: &str) -> Option<Vec<u8>> {
    outside_data(test, &format!("catenax/{file}")).map(|path| fs::read(path).unwrap())
}

fn import(test: &str, file: &str) -> Option<(Imported, ReaderReport)> {
    let bytes = bytes(test, file)?;
    assert!(recognises(&bytes), "{file}");
    let mut report = ReaderReport::default();
    let imported = read(file, &bytes, &mut report).unwrap();
    Some((imported, report))
}

/// A slow and simple count, so that the tests rest on nothing but the lines.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    nodes: usize,
    edges: usize,
    roots: usize,
    leaves: usize,
    depth: usize,
    max_parents: usize,
    missing: Vec<String>,
}

fn count(bom: &ImportedBom) -> Counts {
    let edges: BTreeSet<(&str, &str)> =
        bom.lines.iter().map(|line| (line.parent.as_str(), line.child.as_str())).collect();
    let nodes: BTreeSet<&str> = edges.iter().flat_map(|(parent, child)| [*parent, *child]).collect();
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut parents: BTreeMap<&str, usize> = BTreeMap::new();
    for (parent, child) in &edges {
        below.entry(parent).or_default().push(child);
        *parents.entry(child).or_default() += 1;
    }
    let mut depths = BTreeMap::new();
    Counts {
        nodes: nodes.len(),
        edges: edges.len(),
        roots: nodes.iter().filter(|node| !parents.contains_key(*node)).count(),
        leaves: nodes.iter().filter(|node| !below.contains_key(*node)).count(),
        depth: nodes.iter().map(|node| depth(node, &below, &mut depths, 0)).max().unwrap_or(0),
        max_parents: parents.values().copied().max().unwrap_or(0),
        missing: nodes
            .iter()
            .filter(|node| !bom.described.contains(**node))
            .map(|node| (*node).to_owned())
            .collect(),
    }
}

/// Longest way down; a cycle stops after as many steps as no sound file has.
fn depth<'n>(
    node: &'n str,
    below: &BTreeMap<&'n str, Vec<&'n str>>,
    known: &mut BTreeMap<&'n str, usize>,
    steps: usize,
) -> usize {
    if let Some(depth) = known.get(node) {
        return *depth;
    }
    if steps > 50 {
        return 0;
    }
    let children = below.get(node).into_iter().flatten();
    let deepest = children.map(|child| 1 + depth(child, below, known, steps + 1)).max().unwrap_or(0);
    known.insert(node, deepest);
    deepest
}

fn noted(report: &ReaderReport, kind: &str) -> u64 {
    report.notes().find(|note| note.kind == kind).map_or(0, |note| note.count)
}

#[test]
fn part_type_has_its_published_counts() {
    let file = "irs/CX_Testdata_v.1.7.0_PartType.json";
    let Some((imported, report)) = import("part_type_has_its_published_counts", file) else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(imported.format, "catena-x test container");
    assert_eq!(imported.boms.keys().collect::<Vec<_>>(), ["as_planned"]);
    let bom = &imported.boms["as_planned"];
    let counts = count(bom);
    assert_eq!((bom.entries, bom.lines.len()), (42, 70));
    assert_eq!(
        counts,
        Counts {
            nodes: 42,
            edges: 44,
            roots: 7,
            leaves: 19,
            depth: 4,
            max_parents: counts.max_parents,
            missing: vec![]
        }
    );
    assert_eq!(bom.lines.len() - counts.edges, 26);
    assert_eq!(noted(&report, "twin without aspects"), 1);
}

#[test]
fn small_test_data_has_its_published_counts() {
    let file = "irs/smallTestdata.json";
    let Some((imported, report)) = import("small_test_data_has_its_published_counts", file) else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(imported.boms.keys().collect::<Vec<_>>(), ["as_built"]);
    let counts = count(&imported.boms["as_built"]);
    let expected =
        Counts { nodes: 161, edges: 283, roots: 4, leaves: 77, depth: 4, max_parents: 31, missing: vec![] };
    assert_eq!(counts, expected);
}

#[test]
fn ess_has_its_published_counts() {
    let file = "irs/ESS_Testdata_v2.0.0-AsPlanned.json";
    let Some((imported, report)) = import("ess_has_its_published_counts", file) else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    let counts = count(&imported.boms["as_planned"]);
    assert_eq!((counts.nodes, counts.edges, counts.roots), (34, 33, 14));
}

#[test]
fn twins_stored_twice_are_merged() {
    let file = "umbrella/Testdata_AsBuilt-combustion.json";
    let Some((imported, report)) = import("twins_stored_twice_are_merged", file) else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(noted(&report, "twin stored twice"), 12);
    let bom = &imported.boms["as_planned"];
    assert_eq!((bom.entries, bom.lines.len(), count(bom).edges), (12, 12, 12));
}

#[test]
fn the_messaging_test_has_a_cycle_and_a_missing_child() {
    let test = "the_messaging_test_has_a_cycle_and_a_missing_child";
    let (one, other) =
        ("urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4da01", "urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4eb01");
    for (file, missing) in [("v0.0.14", 0), ("v0.0.14-ev", 1)] {
        let Some((imported, report)) =
            import(test, &format!("traceability/CX_Testdata_MessagingTest_{file}.json"))
        else {
            return;
        };
        assert!(report.is_sound(), "{:?}", report.faults);
        assert_eq!(imported.boms.keys().collect::<Vec<_>>(), ["as_built", "as_planned"]);
        let bom = &imported.boms["as_planned"];
        assert_eq!(count(bom).missing.len(), missing, "{file}");
        for (parent, child) in [(one, other), (other, one)] {
            assert!(bom.lines.iter().any(|line| line.parent == parent && line.child == child), "{file}");
        }
    }
}

#[test]
fn two_import_files_join() {
    for (first, second) in [("1.0.0", "1.0.0"), ("1.0.1", "1.0.1")] {
        let read = |partner: &str, version: &str| {
            import(
                "two_import_files_join",
                &format!("traceability/import-test-data-{partner}_v{version}.json"),
            )
        };
        let (Some((ours, _)), Some((theirs, report))) = (read("2BR4", first), read("2CS4", second)) else {
            return;
        };
        assert!(report.is_sound(), "{:?}", report.faults);
        let (mut joined, theirs) = (ours.boms["as_built"].clone(), &theirs.boms["as_built"]);
        joined.lines.extend(theirs.lines.iter().cloned());
        joined.described.extend(theirs.described.iter().cloned());
        let counts = count(&joined);
        assert_eq!((joined.described.len(), counts.edges, counts.roots), (42, 11, 8));
    }
}

type Relation = (String, String, Option<String>, Option<String>);

/// The relationships a published answer lists, read without the importer.
fn expected(test: &str, file: &str) -> Option<Vec<Relation>> {
    let document = parse(&bytes(test, &format!("irs-expected/{file}"))?).unwrap();
    let relation = |one: &Json| {
        let linked = one.get("linkedItem").unwrap();
        let quantity = linked.get("quantity").unwrap();
        let number =
            crate::gather::number(quantity.get("quantityNumber").unwrap().scalar().unwrap()).unwrap();
        let unit = quantity.get("measurementUnit").unwrap().text_of("lexicalValue").unwrap();
        let [parent, child] =
            [one.text_of("catenaXId"), linked.text_of("childCatenaXId")].map(|id| id.unwrap().to_owned());
        (parent, child, Some(number.to_text()), Some(unit.to_owned()))
    };
    let mut relations: Vec<Relation> =
        document.get("relationships").unwrap().items().iter().map(relation).collect();
    relations.sort();
    Some(relations)
}

/// The lines below a root, as a job of ten levels collects them.
fn below(bom: &ImportedBom, root: &str) -> Vec<Relation> {
    let mut found = Vec::new();
    let mut level = BTreeSet::from([root.to_owned()]);
    let mut seen = BTreeSet::new();
    for _ in 0..10 {
        let fresh: BTreeSet<String> = level.into_iter().filter(|part| seen.insert(part.clone())).collect();
        level = BTreeSet::new();
        for line in bom.lines.iter().filter(|line| fresh.contains(&line.parent)) {
            level.insert(line.child.clone());
            found.push((line.parent.clone(), line.child.clone(), line.quantity.clone(), line.unit.clone()));
        }
    }
    found.sort();
    found
}

fn distinct(relations: &[Relation]) -> BTreeSet<&Relation> {
    relations.iter().collect()
}

#[test]
fn lines_below_a_root_equal_the_published_relationships() {
    let test = "lines_below_a_root_equal_the_published_relationships";
    let published = [
        ("TRI-821", "irs/CX_Testdata_v.1.7.0_PartType.json", "as_planned", 12),
        ("TRI-891", "irs/CX_Testdata_v.1.7.0_PartType.json", "as_planned", 10),
        ("TRI-893", "irs/CX_Testdata_v.1.7.0_PartType.json", "as_planned", 5),
        (
            "529-single-level-bom-as-built",
            "irs/CX_Testdata_529_compatibility_SingleLevelBomAsBuilt.json",
            "as_built",
            3,
        ),
        (
            "529-single-level-bom-as-planned",
            "irs/CX_Testdata_529_compatibility_SingleLevelBomAsPlanned.json",
            "as_planned",
            3,
        ),
        (
            "529-single-level-usage-as-built",
            "irs/CX_Testdata_529_compatibility_SingleLevelUsageAsBuilt.json",
            "usage_as_built",
            2,
        ),
        (
            "529-single-level-usage-as-planned",
            "irs/CX_Testdata_529_compatibility_SingleLevelUsageAsPlanned.json",
            "usage_as_planned",
            2,
        ),
    ];
    for (answer, file, relation, rows) in published {
        let Some(expected) = expected(test, &format!("{answer}-expected-relationships.json")) else { return };
        let Some((imported, report)) = import(test, file) else { return };
        assert!(report.is_sound(), "{:?}", report.faults);
        let children: BTreeSet<&String> = expected.iter().map(|(_, child, ..)| child).collect();
        let root =
            expected.iter().map(|(parent, ..)| parent).find(|parent| !children.contains(parent)).unwrap();
        let found = below(&imported.boms[relation], root);
        assert_eq!(expected.len(), rows, "{answer}");
        assert_eq!(distinct(&found), distinct(&expected), "{answer}");
    }
}

#[test]
fn job_responses_keep_edges_to_tombstones() {
    let test = "job_responses_keep_edges_to_tombstones";
    let Some((imported, report)) = import(test, "irs-api/jobResponse.json") else { return };
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(imported.format, "catena-x irs job");
    let bom = &imported.boms["as_built"];
    let counts = count(bom);
    assert_eq!((bom.lines.len(), counts.roots), (37, 1));
    assert_eq!(
        noted(&report, "tombstone: SubmodelRequest") + noted(&report, "tombstone: DigitalTwinRequest"),
        5
    );
    assert!(!counts.missing.is_empty() && counts.missing.len() <= 5, "{:?}", counts.missing);
}

#[test]
fn every_sound_file_is_read_without_fault() {
    let test = "every_sound_file_is_read_without_fault";
    let Some(folder) = outside_data(test, "catenax/traceability") else { return };
    let mut read = 0;
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("invalid") {
            continue;
        }
        let (_, report) = import(test, &format!("traceability/{name}")).unwrap();
        assert!(report.is_sound(), "{name}: {:?}", report.faults);
        read += 1;
    }
    assert!(read > 20, "{read}");
}

#[test]
fn invalid_import_files_are_refused_with_every_fault() {
    let test = "invalid_import_files_are_refused_with_every_fault";
    let codes = |file: &str| {
        let bytes = bytes(test, &format!("traceability/{file}.json"))?;
        assert!(recognises(&bytes), "{file}");
        let mut report = ReaderReport::default();
        let imported = read(file, &bytes, &mut report);
        let codes: Vec<String> = report.faults.iter().map(|fault| fault.code.clone()).collect();
        Some((imported.is_some(), codes))
    };
    let Some(faults) = codes("invalidImportFile") else { return };
    assert_eq!(
        faults,
        (true, ["catenax/id", "catenax/submodel", "catenax/no-children"].map(str::to_owned).to_vec())
    );
    assert_eq!(
        codes("invalidImportFile-notSupportedAspect").unwrap(),
        (true, vec!["catenax/aspect".to_owned()])
    );
    assert_eq!(
        codes("invalidImportFileBadStructure").unwrap(),
        (false, vec!["catenax/container".to_owned()])
    );
}

#[test]
fn example_payloads_of_the_aspect_models_are_read() {
    let test = "example_payloads_of_the_aspect_models_are_read";
    let models = [
        ("batch/4.0.0/Batch", true),
        ("serial_part/1.0.1/SerialPart", true),
        ("serial_part/4.0.0/SerialPart", true),
        ("customs_information/2.0.0/CustomsInformation", true),
        ("us_tariff_information/2.0.0/UsTariffInformation", true),
        ("single_level_bom_as_built/1.0.0/SingleLevelBomAsBuilt", true),
        ("single_level_bom_as_built/4.0.0/SingleLevelBomAsBuilt", true),
        ("single_level_bom_as_specified/2.0.1/SingleLevelBomAsSpecified", true),
        ("bom_as_specified/1.0.1/BomAsSpecified", true),
        ("single_level_usage_as_planned/3.0.0/SingleLevelUsageAsPlanned", true),
        ("part_type_information/2.0.0/PartTypeInformation", true),
        ("customs_information/2.0.0/CustomsInformation-schema", false),
        ("battery.battery_pass/6.1.0/BatteryPass", false),
    ];
    for (model, ours) in models {
        let Some(bytes) = bytes(test, &format!("aspect-models/{model}.json")) else { return };
        assert_eq!(recognises(&bytes), ours, "{model}");
        let mut report = ReaderReport::default();
        if ours {
            assert!(read(model, &bytes, &mut report).is_some());
            assert!(report.is_sound(), "{model}: {:?}", report.faults);
        }
    }
}

#[test]
fn rows_of_real_files_pass_the_checks_of_their_tables() {
    let test = "rows_of_real_files_pass_the_checks_of_their_tables";
    for folder in ["irs", "umbrella", "traceability", "irs-api"] {
        let Some(folder) = outside_data(test, &format!("catenax/{folder}")) else { return };
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.ends_with(".json")
                || name.contains("invalid")
                || name.contains("-schema")
                || name.contains("slab")
            {
                continue;
            }
            let any = crate::read_any(&path, crate::ReadOptions::default()).unwrap();
            assert!(any.report.is_sound(), "{name}: {:#?}", any.report.faults);
            assert!(any.format.starts_with("catena-x"), "{name}");
        }
    }
}
