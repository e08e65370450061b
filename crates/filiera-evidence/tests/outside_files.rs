//! Files made by others: the AALA list, the iPhone's parts, the rover's parts list.

use std::fs;
use std::path::Path;

use filiera_evidence::{ReadOptions, read_any, read_dossier};
use filiera_model::Exact;
use filiera_tables::TableKind;
use filiera_testkit::{outside_data, workspace_root};

fn folder(settings: &str, files: &[(&str, &Path)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dossier.toml"), settings).unwrap();
    for (name, path) in files {
        fs::copy(path, folder.path().join(name)).unwrap();
    }
    folder
}

#[test]
fn carlines_above_a_hundred_per_cent_are_set_aside() {
    let Some(path) = outside_data("aala", "origin/nhtsa-aala/aala_clean.csv") else { return };
    let settings = r#"
        [table.attestations]
        file = "aala.csv"
        columns = { subject = { row = true }, requirement = { const = "aala" } }
        unit = { us_ca_pct = "percent" }
        row_sum = { of = ["us_ca_pct", "f1_pct", "f2_pct"], at_most = 100 }
        on_fault = "set-aside"
    "#;
    let folder = folder(settings, &[("aala.csv", &path)]);
    let read = read_dossier(folder.path(), ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    let table = read.dossier.table(TableKind::Attestations).unwrap();
    assert_eq!(table.len() + read.dossier.set_aside.len(), 3540);
    assert_eq!((read.dossier.set_aside.len(), read.report.set_aside.len()), (8, 8));
    let share = table.column("us_ca_pct").unwrap();
    assert_eq!(share.null_count(), 54);
    let field = table.batch().schema().field_with_name("us_ca_pct").unwrap().clone();
    assert_eq!(field.metadata().get("unit").map(String::as_str), Some("percent"));
    let threshold = Exact::from_int(75);
    let (mut met, mut not_met) = (0, 0);
    for row in 0..table.len() {
        match table.number("us_ca_pct", row) {
            Some(share) if share >= threshold => met += 1,
            Some(_) => not_met += 1,
            None => {}
        }
    }
    assert_eq!((met, not_met), (18, 3460));
    let aside = read.dossier.set_aside.first().unwrap();
    assert_eq!(aside.cells.get("subject"), Some(&aside.place.row.to_string()));
}

#[test]
fn one_list_fills_three_tables() {
    let Some(path) = outside_data("iphone", "origin/value-by-country/iphone-3gs-bom.csv") else { return };
    let settings = r#"
        currency = "USD"
        [complete]
        components = true
        [table.parts]
        file = "list.csv"
        only = true
        columns = { part = "component", supplier = "supplier", unit_value = "usd", currency = { const = "USD" } }
        [table.bom]
        file = "list.csv"
        only = true
        columns = { parent = { const = "iphone" }, child = "component", quantity = { const = 1 } }
        [table.declarations]
        file = "list.csv"
        only = true
        columns = { part = "component", origin = "country_iso2", supplier = "supplier" }
    "#;
    let folder = folder(settings, &[("list.csv", &path)]);
    let read = read_dossier(folder.path(), ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    let dossier = &read.dossier;
    for kind in [TableKind::Parts, TableKind::Bom, TableKind::Declarations] {
        assert_eq!(dossier.table(kind).unwrap().len(), 17, "{kind:?}");
    }
    assert_eq!(dossier.files, ["dossier.toml", "list.csv"]);
    assert_eq!(read.hashes.len(), 2);
    let parts = dossier.table(TableKind::Parts).unwrap();
    let total: Exact = (0..parts.len()).filter_map(|row| parts.number("unit_value", row)).sum();
    assert_eq!(total.to_text(), "178.96");
    let declarations = dossier.table(TableKind::Declarations).unwrap();
    assert_eq!(declarations.column("origin").unwrap().null_count(), 1);
    let any = read_any(&path, ReadOptions::default()).unwrap();
    assert_eq!(any.sums["value"]["USD"], "178.96");
}

#[test]
fn the_rover_costs_what_it_costs() {
    let Some(path) = outside_data("rover", "origin/jpl-rover/parts_list.csv") else { return };
    let any = read_any(&path, ReadOptions::default()).unwrap();
    assert_eq!(any.format, "csv");
    assert_eq!(any.sums["value"]["USD"], "1253.31");
    let rows: Vec<_> = any.report.faults.iter().map(|fault| (fault.row, fault.code.as_str())).collect();
    assert_eq!(rows, [43, 44, 45, 46].map(|row| (Some(row), "row/ragged")));
    assert!(any.report.faults.iter().all(|fault| fault.remedy.contains("long name")));

    let settings = r##"
        [table.parts]
        file = "parts_list.csv"
        only = true
        ragged = { join = "long name" }
        columns = { part = "short name", unit_value = "cost pp" }
        [table.bom]
        file = "parts_list.csv"
        only = true
        ragged = { join = "long name" }
        columns.parent = { const = "rover" }
        columns.child = "short name"
        columns.quantity = { product = ["# req in assy", "assembly multiplier"] }
    "##;
    let folder = folder(settings, &[("parts_list.csv", &path)]);
    let read = read_dossier(folder.path(), ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    let joined = read.report.notes().find(|note| note.kind == "surplus fields joined").unwrap();
    assert_eq!((joined.count, joined.first.as_str()), (8, "row 43, column long name"));
    let (parts, bom) =
        (read.dossier.table(TableKind::Parts).unwrap(), read.dossier.table(TableKind::Bom).unwrap());
    let price = |part| {
        let row = (0..parts.len()).find(|row| parts.text("part", *row) == part)?;
        parts.number("unit_value", row)
    };
    let value = |row| Some(price(bom.text("child", row))? * bom.number("quantity", row)?);
    let total: Exact = (0..bom.len()).filter_map(value).sum();
    assert_eq!(total.to_text(), "1253.31", "{:?}", read.report);
}

#[test]
fn the_example_plant_is_read_without_faults() {
    let folder = workspace_root().join("examples/new-plant");
    if !folder.is_dir() {
        return;
    }
    let read = read_dossier(&folder, ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{:#?}", read.report.faults);
    assert_eq!(read.dossier.table(TableKind::Vehicles).unwrap().len(), 40);
}
