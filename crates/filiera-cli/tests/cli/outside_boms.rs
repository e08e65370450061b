//! Bills of materials that others published, with the counts they are known to have.

use std::path::Path;

use filiera_testkit::outside_data;
use serde_json::{Value, json};

use crate::support::{filiera, root};

fn inspected(path: &Path, more: &[&str]) -> Value {
    let path = path.display().to_string();
    let ran = filiera(&root(), &[&["inspect", "--format", "json", &path], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.seen());
    let file = ran.inspected();
    assert_eq!(file["path"], path.as_str());
    file
}

/// Whether each stated count is as expected.
fn has(counts: &Value, expected: &Value) {
    for (key, value) in expected.as_object().expect("counts") {
        assert_eq!(&counts[key], value, "{key} of {counts}");
    }
}

#[test]
fn part_types() {
    let Some(path) = outside_data("part_types", "catenax/irs/CX_Testdata_v.1.7.0_PartType.json") else {
        return;
    };
    let expected = json!({
        "entries": 42, "nodes": 42, "rows": 70, "edges": 44, "roots": 7, "leaves": 19, "depth": 4,
        "cycles": [], "missing": [], "repeated_rows": 26,
    });
    has(&inspected(&path, &[])["bom"], &expected);
}

#[test]
fn small_test_data() {
    let Some(path) = outside_data("small_test_data", "catenax/irs/smallTestdata.json") else { return };
    let expected = json!({
        "nodes": 161, "edges": 283, "roots": 4, "leaves": 77, "depth": 4, "max_parents": 31,
        "cycles": [], "missing": [],
    });
    has(&inspected(&path, &[])["bom"], &expected);
}

#[test]
fn ess() {
    let Some(path) = outside_data("ess", "catenax/irs/ESS_Testdata_v2.0.0-AsPlanned.json") else { return };
    has(&inspected(&path, &[])["bom"], &json!({ "nodes": 34, "edges": 33, "roots": 14 }));
}

#[test]
fn twins_stored_twice() {
    let name = "catenax/umbrella/Testdata_AsBuilt-combustion.json";
    let Some(path) = outside_data("twins_stored_twice", name) else { return };
    let file = inspected(&path, &[]);
    has(&file["bom"], &json!({ "entries": 12, "edges": 12, "repeated_rows": 0 }));
    let twice =
        file["notes"].as_array().expect("notes").iter().find(|note| note["kind"] == "twin stored twice");
    assert_eq!(twice.expect("the note")["count"], 12);
}

#[test]
fn a_cycle_of_two() {
    let name = "catenax/traceability/CX_Testdata_MessagingTest_v0.0.14.json";
    let Some(path) = outside_data("a_cycle_of_two", name) else { return };
    let bom = &inspected(&path, &[])["bom"];
    let one = "urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4da01";
    let other = "urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4eb01";
    has(&bom["as_planned"], &json!({ "cycles": [[one, other]], "missing": [] }));
    has(&bom["as_built"], &json!({ "cycles": [], "missing": [] }));
}

#[test]
fn a_cycle_and_a_missing_child() {
    let name = "catenax/traceability/CX_Testdata_MessagingTest_v0.0.14-ev.json";
    let Some(path) = outside_data("a_cycle_and_a_missing_child", name) else { return };
    let bom = &inspected(&path, &[])["bom"];
    let planned = &bom["as_planned"];
    assert_eq!(planned["cycles"].as_array().map(Vec::len), Some(1));
    has(planned, &json!({ "missing": ["urn:uuid:e5c96ab5-896a-482c-8761-efd74777ca97"] }));
}

/// Parent, child and quantity, sorted; published quantities carry a decimal point.
type Lines = Vec<(String, String, String)>;

fn published(path: &Path) -> Lines {
    let text = std::fs::read_to_string(path).expect("a file");
    let parsed: Value = serde_json::from_str(&text).expect("JSON");
    let lines = parsed["relationships"].as_array().expect("relationships").iter().map(|one| {
        let item = &one["linkedItem"];
        let quantity = item["quantity"]["quantityNumber"].as_f64().expect("a number");
        let text = |value: &Value| value.as_str().expect("an id").to_owned();
        (text(&one["catenaXId"]), text(&item["childCatenaXId"]), quantity.to_string())
    });
    let mut lines: Lines = lines.collect();
    lines.sort();
    lines
}

fn listed(file: &Value) -> Lines {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let lines = file["relationships"].as_array().expect("relationships").iter();
    let mut lines: Lines =
        lines.map(|one| (text(&one["parent"]), text(&one["child"]), text(&one["quantity"]))).collect();
    lines.sort();
    lines
}

fn equals_published(test: &str, data: &str, root: &str, expected: &str, count: usize) {
    let (data, expected) = (format!("catenax/irs/{data}"), format!("catenax/irs-expected/{expected}"));
    let (Some(data), Some(expected)) = (outside_data(test, &data), outside_data(test, &expected)) else {
        return;
    };
    let listed = listed(&inspected(&data, &["--root", root, "--depth", "10"]));
    assert_eq!(listed, published(&expected), "{test}");
    assert_eq!(listed.len(), count);
}

/// Downward from Model A, B and C, as planned, ten levels.
#[test]
fn the_published_relationships() {
    let data = "CX_Testdata_v.1.7.0_PartType.json";
    for (test, root, count) in [
        ("TRI-821", "urn:uuid:0733946c-59c6-41ae-9570-cb43a6e4c79e", 12),
        ("TRI-891", "urn:uuid:68904173-ad59-4a77-8412-3e73fcafbd8b", 10),
        ("TRI-893", "urn:uuid:65e1554e-e5cd-4560-bac1-1352582122fb", 5),
    ] {
        equals_published(test, data, root, &format!("{test}-expected-relationships.json"), count);
    }
}

/// Three versions of one schema in one chain.
#[test]
fn the_published_relationships_across_versions() {
    for (life, root) in [
        ("AsBuilt", "urn:uuid:bec0a457-4d6b-4c1c-88f7-125d04f04d68"),
        ("AsPlanned", "urn:uuid:0bc18367-69c3-428f-925d-6f8a461edefd"),
    ] {
        let data = format!("CX_Testdata_529_compatibility_SingleLevelBom{life}.json");
        let life = if life == "AsBuilt" { "as-built" } else { "as-planned" };
        let expected = format!("529-single-level-bom-{life}-expected-relationships.json");
        equals_published(&format!("529 {life}"), &data, root, &expected, 3);
    }
}

#[test]
fn depth_ends_the_list() {
    let Some(path) = outside_data("depth_ends_the_list", "catenax/irs/CX_Testdata_v.1.7.0_PartType.json")
    else {
        return;
    };
    // The `urn:uuid:` before an id may be left out.
    let root = "0733946c-59c6-41ae-9570-cb43a6e4c79e";
    let counts: Vec<usize> = ["0", "1", "10", "1000000"]
        .iter()
        .map(|depth| listed(&inspected(&path, &["--root", root, "--depth", depth])).len())
        .collect();
    assert_eq!(counts[0], 0);
    assert!(0 < counts[1] && counts[1] < counts[2] && counts[2] == counts[3], "{counts:?}");
    assert_eq!(listed(&inspected(&path, &["--root", root])).len(), counts[2]);
}

#[test]
fn nested_and_flat_are_one_graph() {
    let folder = "cyclonedx/SBOM/juice-shop/via_npm";
    let (nested, flat) = (format!("{folder}/bare/bom.1.4.json"), format!("{folder}/flat/bom.1.4.json"));
    let test = "nested_and_flat_are_one_graph";
    let (Some(nested), Some(flat)) = (outside_data(test, &nested), outside_data(test, &flat)) else { return };
    let (nested, flat) = (inspected(&nested, &[]), inspected(&flat, &[]));
    assert_eq!(nested["bom"], flat["bom"]);
    has(&nested["bom"], &json!({ "nodes": 1116, "edges": 1775, "depth": 15 }));
    assert_eq!(nested["bom"]["cycles"].as_array().map(Vec::len), Some(1));
}
