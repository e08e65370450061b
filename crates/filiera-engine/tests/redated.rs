//! A dossier taken to another day.

use std::collections::BTreeMap;

use filiera_engine::redated;
use filiera_evidence::read_text_tables;
use filiera_model::Day;
use filiera_tables::{Dossier, TableKind};

fn dossier() -> Dossier {
    let tables = [
        ("vehicles", "vehicle,root,built_on,model_year\nV1,CAR,2026-03-01,2027\nV2,CAR,,2026\n"),
        ("installed", "vehicle,part,lot,received_on\nV1,DOOR,L1,2026-02-01\nV1,SEAT,,\n"),
        (
            "attestations",
            "subject,requirement,status,valid_to\nV1,test,confirmed,2027-01-01\nV2,test,confirmed,\n",
        ),
    ];
    let tables: BTreeMap<String, String> =
        tables.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let read = read_text_tables(&tables);
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    read.dossier
}

#[test]
fn vehicles_and_lots_move_and_papers_stay() {
    let day = |text: &str| text.parse::<Day>().unwrap();
    let moved = redated(&dossier(), day("2027-01-01")).unwrap();
    let vehicles = moved.table(TableKind::Vehicles).unwrap();
    for column in ["built_on", "exported_on", "declared_on", "registered_on"] {
        assert_eq!(vehicles.days(column, 1).single(), Some(day("2027-01-01")), "{column}");
    }
    // The year moves with the day of building, where that is known.
    let years = [0, 1].map(|row| vehicles.number("model_year", row).unwrap().to_text());
    assert_eq!(years, ["2028", "2026"]);
    let installed = moved.table(TableKind::Installed).unwrap();
    assert_eq!(installed.day("received_on", 0), Some(day("2027-01-01")));
    assert_eq!(installed.day("received_on", 1), None, "what has no day keeps none");
    // Whether a certificate has lapsed by then is for whoever judges the day.
    let batch = |of: &Dossier| of.table(TableKind::Attestations).unwrap().batch().clone();
    assert_eq!(batch(&moved), batch(&dossier()));
}
