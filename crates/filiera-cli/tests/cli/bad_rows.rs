//! Rows that cannot be right: every fault of a file at once, each with its place and remedy.

use insta::assert_snapshot;

use crate::support::{BOM, Ran, Written};

/// The small dossier with one file replaced, checked into a report that must not come to be.
fn refused(file: &str, text: &str) -> Ran {
    let folder = Written::dossier().with(file, text);
    let before = folder.names();
    let ran = folder.check(&["--out", "report.html"]);
    ran.refused();
    assert_eq!(folder.names(), before, "nothing is written");
    ran
}

#[test]
fn a_missing_column() {
    assert_snapshot!(refused("bom.csv", "parent,part,quantity\nCAR,DOOR,1\n").seen());
}

#[test]
fn every_fault_of_a_file_at_once() {
    let parts = "\
part,procurement,unit_value,unit_value_max,currency,mass_kg
DOOR,buy,-60,,EUR,20
SEAT,buy,4o,,EUR,15
LAMP,borrowed,100,,EUR,-2
LOCK,buy,20,10,EUR,1
,buy,1,,EUR,1
HORN,buy,5,,Taler,1
";
    assert_snapshot!(refused("parts.csv", parts).seen());
}

#[test]
fn every_faulty_file_at_once() {
    let folder = Written::dossier().with("parts.csv", "part,unit_value\nDOOR,x\n");
    let folder = folder.with("bom.csv", BOM.replace("CAR,SEAT,1", "CAR,SEAT,many"));
    let ran = folder.check(&[]);
    let err = &ran.refused().err;
    assert!(err.contains("parts.csv, row 2") && err.contains("bom.csv, row 3"), "{err}");
    assert!(err.contains("2 faults in 2 files"), "{err}");
}

#[test]
fn a_quantity_of_nothing() {
    assert_snapshot!(refused("bom.csv", &BOM.replace("CAR,SEAT,1", "CAR,SEAT,0")).seen());
}

#[test]
fn shares_above_the_whole() {
    let above = "part,origin,share,document\nDOOR,IT,101 %,D1\nSEAT,IT,60 %,D2\nSEAT,PL,60 %,D2\n";
    assert_snapshot!(refused("declarations.csv", above).seen());
}

#[test]
fn shares_without_a_unit() {
    assert_snapshot!(refused("declarations.csv", "part,origin,share\nDOOR,IT,45\nSEAT,PL,0.5\n").seen());
    refused("declarations.csv", "part,origin,share\nDOOR,IT,1\n");
}

#[test]
fn days_the_wrong_way_round() {
    let reversed = "part,origin,valid_from,valid_to\nDOOR,IT,2026-12-31,2026-01-01\nSEAT,PL,31/12/2026,\n";
    assert_snapshot!(refused("declarations.csv", reversed).seen());
}

#[test]
fn a_part_with_two_prices() {
    let twice = "part,procurement,unit_value\nDOOR,buy,60\nSEAT,buy,40\nLAMP,buy,100\nDOOR,buy,70\n";
    assert_snapshot!(refused("parts.csv", twice).seen());
}

#[test]
fn a_vehicle_told_twice() {
    let twice = "vehicle,root,built_on\nV1,CAR,2026-03-01\nV1,VAN,2026-03-01\n";
    assert_snapshot!(refused("vehicles.csv", twice).seen());
}

/// A country nobody knows is no fault: the origin is unknown, and that is noted.
#[test]
fn an_unknown_country_is_a_note() {
    let odd = "part,origin,signed_on\nDOOR,Atlantis,2026-01-10\nSEAT,XX,2026-01-10\n";
    let ran = Written::dossier().with("declarations.csv", odd).check(&["--verbose"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
    assert_snapshot!(ran.seen());
}

/// A child that `parts` does not describe has an unknown price: a remainder, not zero.
#[test]
fn a_missing_child_is_no_zero() {
    let folder = Written::dossier().with("bom.csv", BOM.replace("CAR,SEAT,1", "CAR,GHOST,1"));
    let ran = folder.check(&["--format", "json"]);
    assert_eq!(ran.code, 3);
    let first = &ran.findings()[0];
    assert_eq!(first["verdict"], "undetermined");
    assert!(first["missing"].to_string().contains("GHOST"), "{first}");
    assert!(first["remarks"].to_string().contains("GHOST"), "{first}");
}

#[test]
fn set_aside_the_rest_is_judged() {
    let folder = Written::dossier().with("bom.csv", BOM.replace("CAR,SEAT,1", "CAR,SEAT,-1"));
    folder.check(&[]).refused();
    let ran = folder.check(&["--on-fault", "set-aside"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
    assert_snapshot!(ran.seen());
    let open = folder.check(&["--on-fault", "set-aside", "--format", "json"]).findings();
    let reasons: Vec<&str> = open.iter().map(|one| one["reason"].as_str().unwrap_or_default()).collect();
    assert_eq!(reasons[..2], ["set_aside", "set_aside"], "V1 and V2 are made by the faulty line");
}

#[test]
fn the_dossier_itself() {
    for (name, text) in [
        ("no_toml", "title = \"Small\npacks = []\n"),
        ("unknown_key", "titel = \"Small\"\npacks = [\"pack.toml\"]\n"),
        ("unknown_table", "packs = [\"pack.toml\"]\n[table.part]\nfile = \"parts.csv\"\n"),
        ("file_not_there", "packs = [\"pack.toml\"]\n[table.flows]\nfile = \"datenfluss.csv\"\n"),
        (
            "column_not_there",
            "packs = [\"pack.toml\"]\n[table.parts]\nfile = \"parts.csv\"\ncolumns = { part = \"Material\" }\n",
        ),
        ("complete_without_table", "packs = [\"pack.toml\"]\n[complete]\nflows = { by = \"me\" }\n"),
    ] {
        assert_snapshot!(format!("dossier_{name}"), refused("dossier.toml", text).seen());
    }
}
