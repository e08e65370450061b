//! Registers and tender notices that others made: GLEIF, the United Kingdom's register of control, OCDS
//! and eForms, each file recognised by its content and read without a fault.

use std::fmt::Write;
use std::fs;

use filiera_evidence::{AnyFile, ReadOptions, read_any};
use filiera_model::Exact;
use filiera_tables::{Table, TableKind};
use filiera_testkit::outside_data;

fn read(test: &str, file: &str) -> Option<AnyFile> {
    let path = outside_data(test, file)?;
    let any = read_any(&path, ReadOptions::default()).unwrap();
    assert!(any.report.is_sound(), "{file}: {:?}", any.report.faults);
    Some(any)
}

fn cells(table: &Table, columns: &[&str], row: usize) -> String {
    let cell = |column: &&str| {
        let text = table.text(column, row).map(str::to_owned);
        let number = || table.number(column, row).map(|number| number.to_text());
        let truth = || table.truth(column, row).map(|truth| truth.to_string());
        text.or_else(number).or_else(truth).or_else(|| table.day(column, row).map(|day| day.to_string()))
    };
    columns.iter().map(|column| cell(column).unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
}

fn rows(any: &AnyFile, kind: TableKind, columns: &[&str]) -> Vec<String> {
    let Some(table) = any.tables.get(&kind) else { return Vec::new() };
    (0..table.len()).map(|row| cells(table, columns, row)).collect()
}

/// The format and the tables of every file of a folder.
fn overview(test: &str, folder: &str) -> Option<String> {
    let path = outside_data(test, folder)?;
    let mut names: Vec<String> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".json") || name.ends_with(".xml"));
    names.sort();
    let mut text = String::new();
    for name in names {
        let any = read(test, &format!("{folder}/{name}"))?;
        let tables: Vec<String> =
            any.tables.iter().map(|(kind, table)| format!("{} {}", table.len(), kind.name())).collect();
        writeln!(text, "{name}: {}: {}", any.format, tables.join(", ")).unwrap();
        for note in any.report.notes() {
            writeln!(text, "  {} × {}, first {}", note.count, note.kind, note.first).unwrap();
        }
    }
    Some(text)
}

#[test]
fn every_file_is_recognised() {
    let folders = ["gleif", "psc", "ocds/fictional-example-1.1", "eforms"];
    let Some(texts) =
        folders.map(|folder| overview("registers", folder)).into_iter().collect::<Option<Vec<_>>>()
    else {
        return;
    };
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn xml_and_json_of_one_register_say_the_same() {
    let (Some(json), Some(xml)) = (read("gleif", "gleif/rr-data.json"), read("gleif", "gleif/rr-data.xml"))
    else {
        return;
    };
    let columns = ["owner", "company", "kind", "share_min", "direct", "valid_from", "valid_to", "interest"];
    let of_json = rows(&json, TableKind::Interests, &columns);
    assert_eq!(of_json, rows(&xml, TableKind::Interests, &columns));
    assert_eq!(of_json.len(), 10);
    let consolidated: Vec<&String> = of_json.iter().filter(|row| row.contains("CONSOLIDATED")).collect();
    assert_eq!(
        consolidated,
        [
            "ZZG38T0MDR3QY1ETUA76 010CMKZ3VON21WF2ZD45 contract 0.5 true 2018-02-06 - IS_DIRECTLY_CONSOLIDATED_BY",
            "3C7474T6CDKPR9K6YT90 010CMKZ3VON21WF2ZD45 contract 0.5 false 2018-02-06 - IS_ULTIMATELY_CONSOLIDATED_BY",
        ]
    );
}

#[test]
fn exceptions_name_the_reason_for_somebody_unnamed() {
    let Some(any) = read("gleif", "gleif/repex-data.json") else { return };
    let found = rows(&any, TableKind::Interests, &["owner", "company", "kind", "share_min", "reason"]);
    assert_eq!(found.len(), 10);
    assert_eq!(
        found[..2],
        [
            "unspecified:001GPB6A9XPE8XJICC14:NO_KNOWN_PERSON 001GPB6A9XPE8XJICC14 shares - NO_KNOWN_PERSON",
            "unspecified:004L5FPTUREIWK9T2N63:NON_CONSOLIDATING 004L5FPTUREIWK9T2N63 contract 0.5 NON_CONSOLIDATING",
        ]
    );
}

#[test]
fn a_british_company_is_the_same_in_every_register() {
    let Some(any) = read("gleif", "gleif/lei-data.json") else { return };
    let found = rows(&any, TableKind::Companies, &["company", "identifier"]);
    assert!(found.contains(&"213800FERQ5LE3H7WJ58 213800FERQ5LE3H7WJ58".to_owned()));
    assert!(found.contains(&"213800FERQ5LE3H7WJ58 GB-COH-01403668".to_owned()));
    let Some(any) = read("psc", "psc/psc_corporate.json") else { return };
    let found = rows(&any, TableKind::Companies, &["company", "name", "identifier"]);
    assert_eq!(found[0], "GB-COH-89101112 Foo Bar Limited GB-COH-89101112");
    assert!(found.contains(&"GB-COH-01234567 - GB-COH-01234567".to_owned()));
}

#[test]
fn bands_are_indirect_and_end_before_the_day_of_ceasing() {
    let Some(any) = read("psc", "psc/psc_ceased_on.json") else { return };
    let columns = ["company", "kind", "share_min", "share_max", "min_open", "max_open", "direct"];
    let found = rows(&any, TableKind::Interests, &columns);
    assert_eq!(
        found,
        ["GB-COH-01234567 shares 0.25 0.5 true - false", "GB-COH-01234567 votes 0.25 0.5 true - false"]
    );
    let found = rows(&any, TableKind::Interests, &["valid_from", "valid_to"]);
    assert_eq!(found, ["2016-04-06 2016-10-10"; 2]);
}

#[test]
fn an_italian_notice_names_winner_price_and_origin() {
    let Some(any) = read("eforms", "eforms/can_25_ITA.xml") else { return };
    let offers = rows(&any, TableKind::Offers, &["offer", "lot", "bidder", "price", "currency", "awarded"]);
    let (tender, notice) = ("5a695dd9-076c-419f-98f0-dc42d31ae277", "904890c7-9743-410c-b75c-8c60d9930633");
    assert_eq!(offers, [format!("{tender}/TEN-0001 LOT-0000 {notice}/ORG-0005 4000000 EUR true")]);
    let items = rows(&any, TableKind::OfferItems, &["item", "category", "country", "value"]);
    assert_eq!(items, ["LOT-0000 60210000 IT 4000000"]);
    let criteria = rows(&any, TableKind::Criteria, &["lot", "criterion", "type", "weight", "cpv"]);
    assert_eq!(criteria, ["LOT-0000 Price price 100 60210000"]);
    let owners = rows(&any, TableKind::Interests, &["owner", "company", "direct", "interest"]);
    assert_eq!(owners, [format!("{notice}/UBO-0001 {notice}/ORG-0005 false beneficialOwner")]);
}

#[test]
fn weights_of_a_notice_add_up_lot_by_lot() {
    for file in ["eforms/cn_24_maximal.xml", "eforms/can_24_maximal.xml"] {
        let Some(any) = read("eforms", file) else { return };
        let table = &any.tables[&TableKind::Criteria];
        let mut lots: std::collections::BTreeMap<String, Exact> = std::collections::BTreeMap::new();
        for row in 0..table.len() {
            if table.text("weight_kind", row) == Some("per-exa") {
                let lot = lots.entry(table.text("lot", row).unwrap().to_owned()).or_insert_with(Exact::zero);
                *lot += &table.number("weight", row).unwrap();
            }
        }
        assert!(!lots.is_empty(), "{file}");
        assert!(lots.values().all(|sum| *sum == Exact::from_int(100)), "{file}: {lots:?}");
    }
}

#[test]
fn a_contracting_process_keeps_its_latest_state() {
    let Some(any) = read("ocds", "ocds/fictional-example-1.1/ocds-213czf-000-00001.json") else { return };
    let offers = rows(&any, TableKind::Offers, &["tender", "offer", "bidder", "price", "currency"]);
    assert_eq!(
        offers,
        [
            "ocds-213czf-000-00001 ocds-213czf-000-00001/ocds-213czf-000-00001-award-01 GB-COH-11111111 11000000 GBP",
            "ocds-213czf-000-00001 ocds-213czf-000-00001/tenderer/GB-COH-22222222 GB-COH-22222222 - -",
        ]
    );
    let items = rows(&any, TableKind::OfferItems, &["item", "category", "value"]);
    assert_eq!(items, ["1 45233130 1096000"]);
}
