use std::collections::BTreeSet;

use filiera_finding::ReaderReport;
use filiera_tables::{Population, TableKind};

use super::{read, recognises};
use crate::gather::Cells;
use crate::{Imported, ImportedRow};

fn bom(version: &str, more: &str) -> (Option<Imported>, ReaderReport) {
    document(&format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "{version}", "version": 1, {more}}}"#))
}

fn document(text: &str) -> (Option<Imported>, ReaderReport) {
    assert!(recognises(text.as_bytes()), "{text:.60}");
    let mut report = ReaderReport::default();
    let imported = read("bom.json", text.as_bytes(), &mut report);
    (imported, report)
}

fn sound(more: &str) -> (Imported, ReaderReport) {
    let (imported, report) = bom("1.7", more);
    assert!(report.is_sound(), "{:?}", report.faults);
    (imported.unwrap(), report)
}

fn codes(report: &ReaderReport) -> Vec<&str> {
    report.faults.iter().map(|fault| fault.code.as_str()).collect()
}

fn rows(imported: &Imported, table: TableKind) -> &[ImportedRow] {
    imported.rows.get(&table).map_or(&[], Vec::as_slice)
}

fn get<'c>(cells: &'c Cells, column: &str) -> Option<&'c str> {
    cells.get(column).map(String::as_str)
}

fn notes(report: &ReaderReport, kind: &str) -> u64 {
    report.notes().find(|note| note.kind == kind).map_or(0, |note| note.count)
}

fn edges(imported: &Imported) -> Vec<(&str, &str)> {
    let mut edges: Vec<_> =
        imported.boms[""].lines.iter().map(|line| (line.parent.as_str(), line.child.as_str())).collect();
    edges.sort_unstable();
    edges
}

/// The head unit of the format notes, with everything in it that we read.
const HEAD_UNIT: &str = r#"
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "metadata": {"timestamp": "2026-11-22T00:00:00Z", "component": {"type": "device", "bom-ref": "car", "name": "Example BEV"}},
  "components": [{"type": "device", "bom-ref": "ihu-1", "name": "Head unit",
    "manufacturer": {"name": "Electronics S.p.A.", "address": {"country": "IT"}},
    "supplier": {"name": "Distribution GmbH", "address": {"country": "Germany"}},
    "properties": [{"name": "cdx:device:quantity", "value": "2"}, {"name": "cdx:device:countryOfOrigin", "value": "TWN"}],
    "components": [{"type": "firmware", "bom-ref": "fw", "name": "os"}]}],
  "dependencies": [{"ref": "car", "dependsOn": ["ihu-1"]}],
  "compositions": [{"aggregate": "incomplete_third_party_only", "assemblies": ["ihu-1"]}]"#;

#[test]
fn an_address_is_no_origin() {
    let (imported, report) = sound(HEAD_UNIT);
    let rows = rows(&imported, TableKind::Declarations);
    assert_eq!(rows.len(), 2);
    let cells = &rows[0].cells;
    assert_eq!(
        (get(cells, "basis"), get(cells, "evidence"), get(cells, "origin")),
        (Some("address"), Some("observed"), Some("IT"))
    );
    let cells = &rows[1].cells;
    assert_eq!(
        (get(cells, "basis"), get(cells, "evidence"), get(cells, "origin")),
        (None, Some("declared"), Some("TW"))
    );
    assert_eq!(
        (get(cells, "signed_on"), get(cells, "supplier")),
        (Some("2026-11-22"), Some("Distribution GmbH"))
    );
    assert_eq!(notes(&report, "unofficial property cdx:device:countryOfOrigin"), 1);
    assert!(self::rows(&imported, TableKind::Parts).iter().all(|row| !row.cells.contains_key("made_in")));
    let companies = self::rows(&imported, TableKind::Companies);
    let countries: Vec<_> =
        companies.iter().map(|row| (get(&row.cells, "company"), get(&row.cells, "country"))).collect();
    assert_eq!(
        countries,
        [(Some("Distribution GmbH"), Some("DE")), (Some("Electronics S.p.A."), Some("IT"))]
    );
}

#[test]
fn what_is_not_complete_has_an_unknown_child() {
    let (imported, report) = sound(HEAD_UNIT);
    assert_eq!(imported.incomplete.iter().collect::<Vec<_>>(), ["ihu-1"]);
    assert!(imported.complete.is_empty());
    assert_eq!(notes(&report, "composition incomplete_third_party_only"), 1);
    let rest =
        rows(&imported, TableKind::Bom).iter().find(|row| row.cells["child"] == "ihu-1#unknown").unwrap();
    assert_eq!(rest.cells["parent"], "ihu-1");
    assert_eq!(edges(&imported), [("car", "ihu-1"), ("ihu-1", "fw")]);
    assert_eq!(imported.boms[""].lines[0].quantity.as_deref(), Some("2"));
    assert_eq!(
        (imported.boms[""].lines[1].quantity.as_deref(), notes(&report, "quantity not stated, read as 1")),
        (None, 1)
    );
}

fn compositions(all: &str) -> (Imported, ReaderReport) {
    sound(&format!(
        r#""metadata": {{"component": {{"type": "device", "bom-ref": "car", "name": "car"}}}},
        "components": [{{"type": "device", "bom-ref": "a", "name": "a", "components": [{{"type": "device", "bom-ref": "b", "name": "b"}}]}}],
        "compositions": [{all}]"#
    ))
}

#[test]
fn complete_means_complete_all_the_way_down() {
    let subjects =
        |all: &str| compositions(all).0.complete.remove(&Population::Components).and_then(|one| one.subjects);
    let car = r#"{"aggregate": "complete", "assemblies": ["car"]}"#;
    assert_eq!(subjects(car), None, "nobody says what is in `a`");
    assert_eq!(
        subjects(r#"{"aggregate": "complete", "assemblies": ["car", "a"]}"#).unwrap(),
        BTreeSet::from(["a", "car"].map(str::to_owned))
    );
    assert_eq!(subjects(&format!(r#"{car}, {{"aggregate": "unknown", "assemblies": ["a"]}}"#)), None);
    let both = r#"{"aggregate": "incomplete", "assemblies": ["b"]}, {"aggregate": "complete", "assemblies": ["car", "a", "b"]}"#;
    assert_eq!(subjects(both), None, "of two statements the less complete one counts");
}

#[test]
fn nesting_counts_only_where_dependencies_are_silent() {
    let nested = r#""components": [{"type": "library", "bom-ref": "a", "name": "a", "components": [{"type": "library", "bom-ref": "b", "name": "b"}]},
        {"type": "library", "bom-ref": "c", "name": "c"}]"#;
    let (imported, _) = sound(nested);
    assert_eq!(edges(&imported), [("a", "b")]);
    let (imported, report) = sound(&format!(
        r#"{nested}, "dependencies": [{{"ref": "c", "dependsOn": ["b", "gone"]}}, {{"ref": "lost", "dependsOn": ["a"]}}]"#
    ));
    assert_eq!(edges(&imported), [("c", "b"), ("c", "gone")]);
    assert_eq!(
        (notes(&report, "dependency without component"), notes(&report, "dependency of nothing")),
        (1, 1)
    );
    assert!(!imported.boms[""].described.contains("gone"));
}

#[test]
fn components_without_reference_get_a_lasting_id() {
    let (imported, report) = sound(
        r#""components": [{"type": "library", "group": "g", "name": "a", "version": "1"}, {"type": "library", "group": "g", "name": "a", "version": "1", "scope": "optional"},
        {"type": "library", "name": "b", "purl": "pkg:npm/b@2"}]"#,
    );
    let ids: Vec<&str> =
        rows(&imported, TableKind::Parts).iter().map(|row| row.cells["part"].as_str()).collect();
    assert_eq!(ids, ["g/a@1", "g/a@1#/components/1", "pkg:npm/b@2"]);
    assert_eq!(notes(&report, "component without bom-ref"), 3);
}

#[test]
fn a_reference_given_twice_is_a_fault() {
    let part = r#"{"type": "library", "bom-ref": "a", "name": "NAME"}"#;
    let two = format!("{}, {}", part.replace("NAME", "x"), part.replace("NAME", "y"));
    let (_, report) = bom("1.6", &format!(r#""components": [{two}]"#));
    assert_eq!(codes(&report), ["cyclonedx/bom-ref-twice"]);
    let (_, report) =
        bom("1.6", &format!(r#""components": [{part}], "services": [{{"bom-ref": "a", "name": "s"}}]"#));
    assert_eq!(codes(&report), ["cyclonedx/bom-ref-twice"]);
}

#[test]
fn what_is_outside_the_product_is_no_line() {
    let (imported, report) = sound(
        r#""metadata": {"component": {"type": "device", "bom-ref": "car", "name": "car"}},
        "components": [{"type": "library", "bom-ref": "test", "name": "t", "scope": "excluded"}, {"type": "device", "bom-ref": "w", "name": "w"}]"#,
    );
    assert_eq!(edges(&imported), [("car", "w")]);
    assert_eq!(notes(&report, "component that is not in the product"), 1);
}

#[test]
fn a_quantity_that_is_no_number_is_a_fault() {
    let (_, report) = bom(
        "1.6",
        r#""components": [{"type": "device", "name": "a", "properties": [{"name": "cdx:device:quantity", "value": "a few"}]}]"#,
    );
    assert_eq!(codes(&report), ["cyclonedx/quantity"]);
}

#[test]
fn flows_name_both_ends_when_the_file_does() {
    let (imported, report) = sound(
        r#""services": [{"bom-ref": "s", "name": "s", "provider": {"name": "P"}, "data": [
        {"classification": "PII", "flow": "inbound", "source": ["https://car"], "name": "trips"}, {"classification": "PII", "flow": "outbound"}, {"classification": "x", "flow": "unknown"}]}]"#,
    );
    let flows: Vec<_> = rows(&imported, TableKind::Flows)
        .iter()
        .map(|row| (row.cells["data"].as_str(), row.cells["from"].as_str(), row.cells["to"].as_str()))
        .collect();
    assert_eq!(
        flows,
        [
            ("trips", "https://car", "s"),
            ("PII", "s", "unknown"),
            ("x", "unknown", "s"),
            ("x", "s", "unknown")
        ]
    );
    assert_eq!(notes(&report, "flow of unknown direction"), 1);
    assert!(rows(&imported, TableKind::Flows).iter().all(|row| row.cells["operator"] == "P"));
}

#[test]
fn versions_we_do_not_know_are_refused() {
    for version in ["1.3", "1.8", "2.0", "one"] {
        let (imported, report) = bom(version, r#""components": []"#);
        assert!(imported.is_none());
        assert_eq!(codes(&report), ["cyclonedx/version"], "{version}");
        assert!(report.faults[0].message.contains(&format!("`{version}`")));
    }
    let (_, report) = document(r#"{"specFormat": "CycloneDX", "specVersion": "2.0"}"#);
    assert_eq!(codes(&report), ["cyclonedx/version"]);
    let (_, report) = document(r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>"#);
    assert_eq!(codes(&report), ["cyclonedx/xml"]);
    assert!(report.faults[0].remedy.contains("JSON"));
}

#[test]
fn every_version_is_validated_with_its_own_schema() {
    for (version, knows) in [("1.4", false), ("1.5", false), ("1.6", true), ("1.7", true)] {
        let more = r#""components": [{"type": "device", "name": "a", "tags": ["t"]}]"#;
        let (imported, report) = bom(version, more);
        assert_eq!(imported.is_some(), knows, "{version}: {:?}", report.faults);
    }
}

#[test]
fn makers_named_before_their_version_are_noted() {
    for (version, early) in [("1.4", 1), ("1.5", 1), ("1.6", 0), ("1.7", 0)] {
        let more = r#""components": [{"type": "device", "name": "a", "manufacturer": {"name": "M"}}]"#;
        let (imported, report) = bom(version, more);
        let offer = imported.unwrap().offer.unwrap();
        assert_eq!(offer.items[0].cells["format"], format!("CycloneDX {version}"));
        assert_eq!(notes(&report, &format!("says {version} and names makers as 1.6 does")), early);
    }
    let both =
        r#""components": [{"type": "device", "name": "a", "tags": ["t"], "manufacturer": {"name": "M"}}]"#;
    assert!(bom("1.5", both).0.is_none());
}

/// Item, entry, level, country, how it is written, what the entry lacks.
fn items(more: &str) -> Vec<String> {
    let (imported, _) = bom("1.6", more);
    let columns = ["item", "entry", "level", "country", "country_form", "lacks"];
    let line = |row: &ImportedRow| columns.map(|column| get(&row.cells, column).unwrap_or("-")).join(" ");
    imported.unwrap().offer.unwrap().items.iter().map(line).collect()
}

#[test]
fn a_bill_of_materials_is_an_offer_too() {
    let maker = |country: &str| {
        format!(
            r#""manufacturer": {{"name": "M", "url": ["https://m.test"], "address": {{"country": "{country}"}}}}"#
        )
    };
    let object = r#""metadata": {"component": {"type": "device", "name": "fw", "bom-ref": "root"}}"#;
    let parts = format!(
        r#"{object}, "components": [
        {{"type": "library", "name": "a", "version": "1", {}, "components": [{{"type": "library", "name": "deep", "version": "1", {}}}]}},
        {{"type": "library", "bom-ref": "b", "name": "b", "version": " ", "manufacturer": {{"name": "M", "url": [""], "address": {{"country": "EL"}}}}}},
        {{"type": "library", "name": "c", "version": "1", "externalReferences": [{{"type": "vcs", "url": "https://c.test"}}]}},
        {{"type": "library", "name": "d", "version": "1", {}}}],
        "services": [{{"name": "s", "version": "1", "provider": {{"name": "P"}}, "services": [{{"name": "t"}}]}}]"#,
        maker("IT"),
        maker("CN"),
        maker("Italy")
    );
    assert_eq!(
        items(&parts),
        [
            "root object 0 - absent nothing",
            "a@1 component 1 IT code nothing",
            "b component 1 GR reserved version, manufacturer.url",
            "c@1 component 1 - absent manufacturer",
            "d@1 component 1 IT name nothing",
            "deep@1 component 2 CN code nothing",
            "s service 1 - absent provider.url, provider.address.country",
            "t service 2 - absent version, provider",
        ]
    );
    assert_eq!(items(object), ["root object 0 - absent components and services"]);
    assert_eq!(items(r#""components": []"#), ["metadata.component object 0 - absent metadata.component"]);
}

#[test]
fn only_what_nobody_makes_may_point_to_its_home() {
    let part = |kind: &str, more: &str| {
        format!(
            r#"{{"type": "{kind}", "name": "{kind}{}", "version": "1", "externalReferences": [{{"type": "vcs", "url": "https://c.test"}}]{more}}}"#,
            more.len()
        )
    };
    let supplied = r#", "supplier": {"name": "S"}"#;
    let more = format!(
        r#""components": [{}, {}, {}, {{"type": "library", "name": "bare", "version": "1"}}]"#,
        part("library", ""),
        part("library", supplied),
        part("device", "")
    );
    let (imported, _) = bom("1.6", &more);
    let offer = imported.unwrap().offer.unwrap();
    let said: Vec<_> = offer.items.iter().map(|item| get(&item.cells, "referenced")).collect();
    assert_eq!(said, [None, Some("true"), Some("false"), Some("false"), Some("false")]);
}

#[test]
fn an_offer_is_whole_unless_its_file_says_otherwise() {
    let whole = |all: &str| compositions(all).0.offer.unwrap().complete.is_some();
    assert!(whole(""));
    assert!(!whole(r#"{"aggregate": "incomplete", "assemblies": ["car"]}"#));
}

#[test]
fn schema_errors_say_where_and_what() {
    let (imported, report) = bom(
        "1.6",
        r#""components": [{"type": "gadget", "nam": "a"}, {"type": "device", "name": "b", "bom-ref": ""}]"#,
    );
    assert!(imported.is_none());
    let shown: Vec<_> = report
        .faults
        .iter()
        .map(|fault| (fault.row, fault.column.as_deref().unwrap_or(""), fault.message.as_str()))
        .collect();
    assert!(
        shown.contains(&(Some(1), "/components/0/type", "`gadget` is not one of the values allowed here")),
        "{shown:?}"
    );
    assert!(shown.contains(&(Some(1), "/components/0", "`name` is missing")), "{shown:?}");
    assert!(shown.contains(&(Some(1), "/components/0", "`nam` is not known here")), "{shown:?}");
    assert!(
        shown.iter().any(|(row, pointer, _)| *row == Some(2) && *pointer == "/components/1/bom-ref"),
        "{shown:?}"
    );
}

#[test]
fn at_most_a_hundred_errors_are_listed() {
    let many = vec![r#"{"type": "gadget", "name": "a"}"#; 150].join(",");
    let (_, report) = bom("1.4", &format!(r#""components": [{many}]"#));
    assert_eq!(report.faults.len(), 101);
    assert_eq!(report.faults.last().unwrap().code, "cyclonedx/more");
}

#[test]
fn deep_nesting_is_read_or_refused_and_never_a_crash() {
    let nest = |depth: usize| {
        let open = r#"{"type": "device", "name": "a", "components": ["#.repeat(depth);
        format!(r#""components": [{open}{{"type": "device", "name": "b"}}{}]"#, "]}".repeat(depth))
    };
    let (imported, report) = bom("1.7", &nest(75));
    assert!(report.is_sound(), "{:?}", report.faults);
    assert_eq!(imported.unwrap().boms[""].lines.len(), 75);
    let (_, report) = bom("1.7", &nest(10_000));
    assert_eq!(codes(&report), ["json/depth"]);
}

#[test]
fn a_hundred_thousand_components_take_time_in_proportion() {
    let (mut components, mut dependencies) = (String::new(), String::new());
    for index in 0..100_000_u32 {
        let comma = if index == 0 { "" } else { "," };
        components.push_str(&format!(r#"{comma}{{"type":"device","bom-ref":"p{index}","name":"p"}}"#));
        dependencies.push_str(&format!(
            r#"{comma}{{"ref":"p{}","dependsOn":["p{index}"]}}"#,
            index / 2 + 100_000 * u32::from(index == 0)
        ));
    }
    let more = format!(
        r#""components": [{components}], "dependencies": [{dependencies}], "compositions": [{{"aggregate": "complete", "assemblies": ["p0"]}}]"#
    );
    let (imported, report) = bom("1.5", &more);
    assert!(report.is_sound(), "{:?}", report.faults.first());
    assert_eq!(imported.unwrap().boms[""].lines.len(), 99_999);
}
