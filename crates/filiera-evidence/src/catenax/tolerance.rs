//! One test for each rule of tolerance, on the smallest input that shows it.

use filiera_finding::ReaderReport;
use filiera_tables::TableKind;

use super::read;
use crate::gather::Cells;
use crate::{Imported, ImportedRow};

const A: &str = "urn:uuid:00000000-0000-0000-0000-00000000000a";
const B: &str = "urn:uuid:00000000-0000-0000-0000-00000000000b";
const C: &str = "urn:uuid:00000000-0000-0000-0000-00000000000c";

/// A test container; `A`, `B` and `C` in quotes stand for the ids.
fn container(twins: &str) -> (Imported, ReaderReport) {
    document(&format!(r#"{{"https://catenax.io/schema/TestDataContainer/1.0.0": [{twins}]}}"#))
}

fn document(text: &str) -> (Imported, ReaderReport) {
    let mut text = text.to_owned();
    for (short, id) in [("\"A\"", A), ("\"B\"", B), ("\"C\"", C)] {
        text = text.replace(short, &format!("\"{id}\""));
    }
    let mut report = ReaderReport::default();
    assert!(super::recognises(text.as_bytes()));
    let imported = read("test.json", text.as_bytes(), &mut report).unwrap_or_default();
    (imported, report)
}

fn twin(id: &str, aspect: &str, payload: &str) -> String {
    format!(
        r#"{{"catenaXId": "{id}", "bpnl": "BPNL1", "urn:samm:io.catenax.x:1.0.0#{aspect}": [{payload}]}}"#
    )
}

fn rows(imported: &Imported, table: TableKind) -> &[ImportedRow] {
    imported.rows.get(&table).map_or(&[], Vec::as_slice)
}

fn part<'i>(imported: &'i Imported, id: &str) -> &'i Cells {
    &rows(imported, TableKind::Parts).iter().find(|row| row.cells["part"] == id).unwrap().cells
}

fn declared<'i>(imported: &'i Imported, basis: &str) -> Option<&'i Cells> {
    let rows = rows(imported, TableKind::Declarations).iter().map(|row| &row.cells);
    rows.into_iter().find(|cells| cells.get("basis").is_some_and(|one| one == basis))
}

fn get<'c>(cells: &'c Cells, column: &str) -> Option<&'c str> {
    cells.get(column).map(String::as_str)
}

fn notes(report: &ReaderReport, kind: &str) -> u64 {
    report.notes().find(|note| note.kind == kind).map_or(0, |note| note.count)
}

fn codes(report: &ReaderReport) -> Vec<&str> {
    report.faults.iter().map(|fault| fault.code.as_str()).collect()
}

#[test]
fn rule_1_ids_have_two_names_and_an_optional_prefix() {
    let bare = A.strip_prefix("urn:uuid:").unwrap().to_uppercase();
    for id in
        [format!(r#""globalAssetId": "{bare}""#), format!(r#""catenaXId": "{A}", "globalAssetId": "{bare}""#)]
    {
        let payload = format!(
            r#"{{{id}, "childItems": [{{"globalAssetId": "B", "quantity": {{"value": 2, "unit": "unit:piece"}}}}]}}"#
        );
        let (imported, report) = container(&twin("A", "SingleLevelBomAsBuilt", &payload));
        assert!(report.is_sound(), "{:?}", report.faults);
        let line = &imported.boms["as_built"].lines[0];
        assert_eq!((line.parent.as_str(), line.child.as_str()), (A, B));
    }
}

#[test]
fn rule_1_two_different_ids_are_a_fault_with_both_values() {
    let (_, report) = container(&twin("A", "SerialPart", r#"{"catenaXId": "A", "globalAssetId": "B"}"#));
    assert_eq!(codes(&report), ["catenax/two-ids"]);
    assert!(report.faults[0].message.contains(A) && report.faults[0].message.contains(B));
    let (imported, report) = container(&twin(
        "A",
        "SingleLevelBomAsBuilt",
        r#"{"childItems": [{"catenaXId": "B", "childCatenaXId": "C", "quantity": 1}]}"#,
    ));
    assert_eq!(codes(&report), ["catenax/two-ids"]);
    assert!(imported.boms["as_built"].lines.is_empty());
    let (_, report) = container(&twin("no-uuid", "SerialPart", r#"{"catenaXId": "A"}"#));
    assert_eq!(codes(&report), ["catenax/id"]);
}

#[test]
fn rule_2_fields_have_older_and_newer_names() {
    let older = r#"{"manufacturingInformation": {"date": "2026-01-15", "country": "ITA", "sites": [{"catenaXsiteId": "BPNS1", "function": "production"}]},
        "partTypeInformation": {"manufacturerPartId": "P-1", "nameAtManufacturer": "Unit", "partClassification": [{"classificationStandard": "HS", "classificationID": "8527.21", "classificationDescription": "x"}]}}"#;
    let newer = r#"{"manufacturingInformation": {"productionDate": "2026-01-15", "country": "ITA", "sites": [{"siteId": "BPNS1", "function": "production"}]},
        "partTypeInformation": {"customerPartId": "P-1", "nameAtManufacturer": "Unit", "partClassification": [{"standard": "HS", "id": "8527.21", "description": "x"}]}}"#;
    for payload in [older, newer] {
        let (imported, report) = container(&twin("A", "SerialPart", payload));
        assert!(report.is_sound() && report.notes().count() == 0, "{report:?}");
        let cells = part(&imported, A);
        for (column, value) in [
            ("made_on", "2026-01-15"),
            ("site", "BPNS1"),
            ("hs", "8527.21"),
            ("name", "Unit"),
            ("supplier", "BPNL1"),
        ] {
            assert_eq!(get(cells, column), Some(value), "{column}");
        }
    }
}

#[test]
fn rule_3_a_time_without_zone_is_two_days() {
    let payload =
        |date: &str| format!(r#"{{"manufacturingInformation": {{"date": "{date}", "country": "IT"}}}}"#);
    let (imported, report) = container(&twin("A", "SerialPart", &payload("2026-03-31T20:00:00")));
    assert_eq!(notes(&report, "time without zone"), 1);
    assert_eq!(
        (get(part(&imported, A), "made_on"), get(part(&imported, A), "made_on_max")),
        (Some("2026-03-31"), Some("2026-04-01"))
    );
    let (imported, report) = container(&twin("A", "SerialPart", &payload("2026-03-31T20:00:00Z")));
    assert_eq!((notes(&report, "time without zone"), get(part(&imported, A), "made_on_max")), (0, None));
    let (_, report) = container(&twin("A", "SerialPart", &payload("31.03.2026")));
    assert_eq!(codes(&report), ["catenax/date"]);
}

#[test]
fn rule_4_unknown_codes_are_no_country() {
    let payload = |code: &str| format!(r#"{{"manufacturingInformation": {{"country": "{code}"}}}}"#);
    for (code, made_in) in [("ITA", Some("IT")), ("it", Some("IT")), ("XX", None), ("HUR", None)] {
        let (imported, report) = container(&twin("A", "Batch", &payload(code)));
        assert_eq!(get(part(&imported, A), "made_in"), made_in);
        assert_eq!(get(part(&imported, A), "made_in_as_written"), Some(code));
        assert_eq!(notes(&report, "unknown country"), u64::from(made_in.is_none()));
        assert_eq!(rows(&imported, TableKind::Declarations).len(), usize::from(made_in.is_some()));
    }
    let (imported, _) =
        container(&twin("A", "CustomsInformation", &customs(r#""commercialCountryOfOrigin": "EU""#)));
    assert_eq!(get(declared(&imported, "non-preferential").unwrap(), "origin"), Some("@EU"));
}

#[test]
fn rule_5_place_of_making_is_observed() {
    let (imported, _) =
        container(&twin("A", "SerialPart", r#"{"manufacturingInformation": {"country": "DEU"}}"#));
    let cells = declared(&imported, "production-site").unwrap();
    assert_eq!((get(cells, "evidence"), get(cells, "origin")), (Some("observed"), Some("DE")));
}

fn customs(more: &str) -> String {
    format!(
        r#"{{"type": "AnnualRequest", "status": "Committed", "confirmationDate": "2026-01-15", "validFrom": "2026-01-01", {more}}}"#
    )
}

#[test]
fn rule_6_trade_relations_are_split() {
    for relations in
        [r#"["EU-MX, EU-CA"]"#, r#"["EU-MX; EU-CA"]"#, r#"["EU-MX", "EU-CA"]"#, r#"" eu-mx ,EU-CA""#]
    {
        let payload = customs(&format!(r#""tradeRelation": {relations}, "preferredStatus": "Y-Certified""#));
        let (imported, report) = container(&twin("A", "CustomsInformation", &payload));
        assert!(report.is_sound());
        for basis in ["pref:EU-MX", "pref:EU-CA"] {
            let cells = declared(&imported, basis).unwrap_or_else(|| panic!("{relations}"));
            assert_eq!(
                (get(cells, "origin"), get(cells, "kind")),
                (Some("@EU"), Some("supplier-declaration"))
            );
            assert_eq!(
                (get(cells, "signed_on"), get(cells, "valid_from")),
                (Some("2026-01-15"), Some("2026-01-01"))
            );
        }
        assert_eq!(rows(&imported, TableKind::Declarations).len(), 2);
    }
}

#[test]
fn rule_7_no_end_is_made_up() {
    let (imported, report) = container(&twin(
        "A",
        "CustomsInformation",
        &customs(r#""commercialCountryOfOrigin": "DE", "tracedWorth": {"value": 120.50, "currency": "EUR"}"#),
    ));
    assert_eq!(notes(&report, "declaration without end date"), 1);
    let cells = declared(&imported, "non-preferential").unwrap();
    assert_eq!(
        (get(cells, "origin"), get(cells, "evidence"), get(cells, "valid_to")),
        (Some("DE"), Some("declared"), None)
    );
    let value = &rows(&imported, TableKind::Values)[0].cells;
    assert_eq!((get(value, "value"), get(value, "currency")), (Some("120.5"), Some("EUR")));
}

#[test]
fn rule_8_a_request_declares_nothing() {
    for (kind, status) in
        [("Reminder-2", "Committed"), ("AnnualRequest", "Not-Completed"), ("AnnualRequest", "Perhaps")]
    {
        let payload = format!(
            r#"{{"type": "{kind}", "status": "{status}", "commercialCountryOfOrigin": "DE", "tradeRelation": ["EU-MX"], "preferredStatus": "Y-Certified"}}"#
        );
        let (imported, report) = container(&twin("A", "CustomsInformation", &payload));
        assert_eq!(notes(&report, "request, not a declaration"), 1);
        assert!(rows(&imported, TableKind::Declarations).is_empty(), "{kind} {status}");
    }
}

#[test]
fn rule_8_not_certified_is_a_declared_no() {
    let payload = customs(
        r#""tradeRelation": ["EU-MX"], "preferredStatus": "N-NotCertified", "commercialCountryOfOrigin": "DE""#,
    );
    let (imported, _) = container(&twin("A", "CustomsInformation", &payload));
    let no = declared(&imported, "pref:EU-MX").unwrap();
    assert_eq!(
        (get(no, "kind"), get(no, "origin"), get(no, "evidence")),
        (Some("not-certified"), None, Some("declared"))
    );
    assert_eq!(get(declared(&imported, "non-preferential").unwrap(), "origin"), Some("DE"));
}

#[test]
fn rule_8_no_longer_ends_a_declaration() {
    let before = twin("A", "CustomsInformation", &customs(r#""commercialCountryOfOrigin": "DE""#));
    let ended = |status: &str, signed: &str| {
        let payload = format!(
            r#"{{"type": "AnnualRequest", "status": "Committed", "preferredStatus": "{status}", "confirmationDate": "{signed}", "validFrom": "2026-06-01"}}"#
        );
        container(&format!("{before}, {}", twin("A", "CustomsInformation", &payload)))
    };
    for (status, kind) in [("NoLongerSupplied", "no-longer-supplied"), ("NoLongerUsed", "no-longer-used")] {
        let (imported, report) = ended(status, "2026-05-20");
        assert_eq!(get(declared(&imported, "non-preferential").unwrap(), "revoked_on"), Some("2026-06-01"));
        assert!(
            rows(&imported, TableKind::Declarations).iter().any(|row| get(&row.cells, "kind") == Some(kind))
        );
        assert_eq!(notes(&report, "declaration ended"), 1);
    }
    let (imported, _) = ended("NoLongerUsed", "2025-12-31");
    assert_eq!(
        get(declared(&imported, "non-preferential").unwrap(), "revoked_on"),
        None,
        "signed after the end"
    );
}

fn job(more: &str) -> (Imported, ReaderReport) {
    document(&format!(
        r#"{{"job": {{"globalAssetId": "A"}}, "relationships": [{{"catenaXId": "A", "aspectType": "SingleLevelBomAsBuilt", "bpn": "BPNL2",
            "linkedItem": {{"childCatenaXId": "B", "lifecycleContext": "asBuilt", "quantity": {{"quantityNumber": 1.0, "measurementUnit": {{"lexicalValue": "unit:piece"}}}}}}}}],
            "shells": [{{"globalAssetId": "A", "idShort": "car"}}, {{"payload": {{"globalAssetId": "B", "idShort": "wheel"}}}}], "bpns": [{{"manufacturerId": "BPNL2", "manufacturerName": "Wheels"}}], {more}}}"#
    ))
}

const TOMBSTONE: &str =
    r#""tombstones": [{"catenaXId": "B", "processingError": {"processStep": "UsagePolicyValidation"}}]"#;

#[test]
fn rule_9_a_tombstone_keeps_its_edge_and_its_reason() {
    let (imported, report) = job(&format!(r#""submodels": [], {TOMBSTONE}"#));
    let bom = &imported.boms["as_built"];
    assert_eq!((bom.lines.len(), bom.described.contains(B), bom.described.contains(A)), (1, false, true));
    assert_eq!(notes(&report, "tombstone: UsagePolicyValidation"), 1);
    assert!(report.notes().any(|note| note.first.contains("contract")));
    assert!(
        rows(&imported, TableKind::Parts).iter().all(|row| row.cells["part"] != B),
        "nothing is known about it"
    );
    assert_eq!(rows(&imported, TableKind::Bom).len(), 1);
    assert_eq!(rows(&imported, TableKind::Companies)[0].cells["name"], "Wheels");
}

#[test]
fn rule_9_a_part_fetched_in_part_has_an_unknown_below() {
    let submodel = r#""submodels": [{"aspectType": "urn:samm:io.catenax.serial_part:3.0.0#SerialPart", "contractAgreementId": "k1", "payload": {"catenaXId": "B", "manufacturingInformation": {"country": "ITA"}}}]"#;
    let (imported, _) = job(&format!("{submodel}, {TOMBSTONE}"));
    assert_eq!(get(part(&imported, B), "made_in"), Some("IT"));
    assert_eq!(get(declared(&imported, "production-site").unwrap(), "contract"), Some("k1"));
    let below = rows(&imported, TableKind::Bom).iter().find(|row| row.cells["parent"] == B).unwrap();
    assert_eq!(get(&below.cells, "child"), Some(format!("{B}#unknown").as_str()));
    let (imported, _) = job(submodel);
    assert!(rows(&imported, TableKind::Bom).iter().all(|row| row.cells["parent"] != B));
}

#[test]
fn rule_11_shares_are_summed() {
    let tariff = |shares: &[&str]| {
        let origins: Vec<String> = shares
            .iter()
            .map(|share| format!(r#"{{"materialOriginCountry": "NOR", "valuePercentage": {share}}}"#))
            .collect();
        let payload = format!(
            r#"{{"partOriginCountry": "ITA", "partValue": {{"amount": 180.0, "currency": "EUR"}}, "partWeight": 2.1, "materialList": [{{"materialOrigin": [{}], "processing": [{{"processingType": "Smelting", "processingCountry": "NOR"}}]}}]}}"#,
            origins.join(",")
        );
        container(&twin("A", "UsTariffInformation", &payload))
    };
    let shares = |imported: &Imported| -> Vec<String> {
        rows(imported, TableKind::Declarations)
            .iter()
            .filter_map(|row| row.cells.get("share").cloned())
            .collect()
    };
    let (imported, report) = tariff(&["80.0"]);
    assert_eq!((shares(&imported), notes(&report, "shares below 100 %")), (vec!["80 %".to_owned()], 1));
    let (imported, report) = tariff(&["0", "100"]);
    assert_eq!((shares(&imported).len(), notes(&report, "shares below 100 %")), (2, 0), "0 is not missing");
    let (imported, report) = tariff(&["60", "40.000000000000000001"]);
    assert_eq!((shares(&imported).len(), codes(&report)), (0, vec!["catenax/shares"]));
    assert_eq!(get(declared(&imported, "processing:smelting").unwrap(), "origin"), Some("NO"));
    assert_eq!((get(part(&imported, A), "mass_kg"), rows(&imported, TableKind::Bom).len()), (Some("2.1"), 0));
}

#[test]
fn rule_12_alternatives_share_a_choice() {
    let child = |id: &str, alternatives: bool| {
        format!(
            r#"{{"catenaXId": "{id}", "quantity": {{"value": 1, "unit": "unit:piece"}}, "hasAlternatives": {alternatives}}}"#
        )
    };
    let bom = |children: &[String]| {
        container(&twin(
            "A",
            "SingleLevelBomAsBuilt",
            &format!(r#"{{"childItems": [{}]}}"#, children.join(",")),
        ))
    };
    let (imported, _) = bom(&[child("B", true), child("C", true)]);
    let choices: Vec<Option<&str>> =
        rows(&imported, TableKind::Bom).iter().map(|row| get(&row.cells, "choice")).collect();
    assert!(choices.len() == 2 && choices[0].is_some() && choices[0] == choices[1], "{choices:?}");
    let (imported, report) = bom(&[child("B", true), child("C", false)]);
    let rows = rows(&imported, TableKind::Bom);
    assert_eq!((rows.len(), notes(&report, "alternative that is not listed")), (3, 1));
    assert_eq!(rows.iter().filter(|row| row.cells.contains_key("choice")).count(), 2);
    assert_eq!(imported.boms["as_built"].lines.len(), 2);
}

#[test]
fn rule_14_unknown_fields_are_counted() {
    let payload = r#"{"catenaXId": "A", "futureAddedField": 1, "childItems": [{"catenaXId": "B", "quantity": 1, "colour": "red"}]}"#;
    let (_, report) = container(&twin("A", "SingleLevelBomAsBuilt", payload));
    assert!(report.is_sound());
    assert_eq!(notes(&report, "unknown field"), 2);
    assert!(report.notes().any(|note| note.first.ends_with("futureAddedField")));
    let (imported, report) = container(&twin("A", "NewAspect", "{}"));
    assert_eq!((notes(&report, "aspect not read: NewAspect"), part(&imported, A).len()), (1, 1));
}

#[test]
fn quantities_are_read_in_every_form_and_exactly() {
    for (quantity, unit) in [
        (r#"{"value": 0.2014, "unit": "unit:kilogram"}"#, Some("unit:kilogram")),
        (r#"{"quantityNumber": "0.2014", "measurementUnit": "unit:kilogram"}"#, Some("unit:kilogram")),
        (
            r#"{"quantityNumber": 2.014e-1, "measurementUnit": {"datatypeURI": null, "lexicalValue": "kilogram"}}"#,
            Some("kilogram"),
        ),
        ("0.20140", None),
    ] {
        let payload = format!(r#"{{"childParts": [{{"childCatenaXId": "B", "quantity": {quantity}}}]}}"#);
        let (imported, report) = container(&twin("A", "AssemblyPartRelationship", &payload));
        assert!(report.is_sound(), "{:?}", report.faults);
        let line = &imported.boms["as_built"].lines[0];
        assert_eq!((line.quantity.as_deref(), line.unit.as_deref()), (Some("0.2014"), unit));
        let expected = unit.map(|_| "kilogram");
        assert_eq!(get(&rows(&imported, TableKind::Bom)[0].cells, "unit"), expected);
    }
    let (_, report) = container(&twin(
        "A",
        "SingleLevelBomAsBuilt",
        r#"{"childItems": [{"catenaXId": "B", "quantity": {"value": "many"}}]}"#,
    ));
    assert_eq!(codes(&report), ["catenax/number"]);
}

#[test]
fn repeats_stay_and_twins_stored_twice_do_not() {
    let line =
        r#"{"catenaXId": "B", "quantity": {"value": 1, "unit": "unit:piece"}, "businessPartner": "BPNL9"}"#;
    let once = twin("A", "SingleLevelBomAsPlanned", &format!(r#"{{"childItems": [{line}, {line}]}}"#));
    let more =
        twin("A", "SingleLevelBomAsPlanned", &format!(r#"{{"childItems": [{line}, {line}, {line}]}}"#));
    for (twins, lines) in [(once.clone(), 2), (format!("{once}, {once}"), 2), (format!("{once}, {more}"), 3)]
    {
        let (imported, _) = container(&twins);
        assert_eq!(imported.boms["as_planned"].lines.len(), lines);
        let rows = rows(&imported, TableKind::Bom);
        assert!(rows.iter().all(|row| get(&row.cells, "choice") == get(&rows[0].cells, "choice")));
        assert!(rows[0].cells.contains_key("choice"), "several sources of one part are alternatives");
    }
}

#[test]
fn usages_are_not_counted_again() {
    let bom = twin("A", "SingleLevelBomAsBuilt", r#"{"childItems": [{"catenaXId": "B", "quantity": 1}]}"#);
    let usage = |child: &str, parent: &str| {
        twin(
            child,
            "SingleLevelUsageAsBuilt",
            &format!(r#"{{"parentItems": [{{"catenaXId": "{parent}", "quantity": 1}}]}}"#),
        )
    };
    let (imported, report) = container(&format!("{bom}, {}, {}", usage("B", "A"), usage("C", "A")));
    assert_eq!((imported.boms.len(), imported.boms["as_built"].lines.len()), (1, 1));
    assert_eq!(notes(&report, "usage that the parent does not list"), 1);
    let (imported, _) = container(&usage("B", "A"));
    let line = &imported.boms["usage_as_built"].lines[0];
    assert_eq!((line.parent.as_str(), line.child.as_str()), (A, B));
    assert!(rows(&imported, TableKind::Bom).is_empty());
}

#[test]
fn a_part_is_not_counted_both_as_planned_and_as_built() {
    let aspect = |name: &str, child: &str| {
        twin("A", name, &format!(r#"{{"childItems": [{{"catenaXId": "{child}", "quantity": 1}}]}}"#))
    };
    let (imported, report) = container(&format!(
        "{}, {}",
        aspect("SingleLevelBomAsPlanned", "B"),
        aspect("SingleLevelBomAsBuilt", "C")
    ));
    assert_eq!(imported.boms.keys().collect::<Vec<_>>(), ["as_built", "as_planned"]);
    let rows = rows(&imported, TableKind::Bom);
    assert_eq!((rows.len(), rows[0].cells["child"].as_str()), (1, C));
    assert_eq!(notes(&report, "line of another life cycle, not used"), 1);
}

#[test]
fn aspects_that_disagree_leave_nothing_to_rest_on() {
    let made = |country: &str, name: &str| {
        twin(
            "A",
            "SerialPart",
            &format!(
                r#"{{"manufacturingInformation": {{"country": "{country}"}}, "partTypeInformation": {{"nameAtManufacturer": "{name}"}}}}"#
            ),
        )
    };
    let (imported, report) = container(&format!("{}, {}", made("ITA", "one"), made("CHN", "two")));
    assert_eq!((get(part(&imported, A), "made_in"), get(part(&imported, A), "name")), (None, Some("one")));
    assert_eq!(notes(&report, "two values of made_in"), 1);
    assert_eq!(rows(&imported, TableKind::Declarations).len(), 2, "both places are observed");
}

#[test]
fn broken_files_are_faults() {
    let fault = |text: &str| {
        let mut report = ReaderReport::default();
        assert!(read("test.json", text.as_bytes(), &mut report).is_none(), "{text:.40}");
        report.faults[0].code.clone()
    };
    assert_eq!(fault(r#"{"assets": ["#), "json/syntax");
    assert_eq!(fault(&format!(r#"{{"assets": {}"#, "[".repeat(10_000))), "json/depth");
    assert_eq!(fault(r#"{"other": 1}"#), "catenax/container");
    let (_, report) = document(r#"{"assets": {"assetMetaInfo": 1}}"#);
    assert_eq!(codes(&report), ["catenax/shape"]);
    let (_, report) = document(
        r#"{"assets": [1, null, {"assetMetaInfo": 5, "submodels": [7, {"aspectType": "x#Batch", "payload": []}]}]}"#,
    );
    assert!(codes(&report).len() >= 3, "{:?}", report.faults);
}
