//! Taking evidence away never turns a finding into met or not applicable.

use std::fs;

use crate::support::{Key, Written, copy_of, verdicts};

type Verdicts = std::collections::BTreeMap<Key, (String, String)>;

fn judged(dossier: &Written) -> Option<Verdicts> {
    let ran = dossier.check(&["--readings", "--format", "json"]);
    if ran.code == 2 {
        ran.refused();
        return None;
    }
    Some(verdicts(&ran.findings()))
}

/// What became met or not applicable and was not, each as a line.
fn gained(before: &Verdicts, after: &Verdicts) -> Vec<String> {
    let none = (String::new(), String::new());
    let is_gain = |was: &str, is: &str| ["met", "not_applicable"].contains(&is) && was != is;
    let gains = after.iter().filter(|(key, is)| {
        let was = before.get(*key).unwrap_or(&none);
        is_gain(&was.0, &is.0) || is_gain(&was.1, &is.1)
    });
    gains.map(|(key, is)| format!("{key:?}: {:?} became {is:?}", before.get(key))).collect()
}

fn without_table(name: &str) -> Vec<String> {
    let whole = copy_of("examples/new-plant");
    let before = judged(&whole).expect("the example has no fault");
    judged(&whole.without(name)).map_or_else(Vec::new, |after| gained(&before, &after))
}

/// Blanks a column in the rows that `chosen` picks.
fn without_cells(table: &str, column: &str, chosen: impl Fn(&[&str]) -> bool) -> Written {
    let dossier = copy_of("examples/new-plant");
    let text = dossier.text(table);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let place = header.iter().position(|name| *name == column).expect("the column");
    let mut blanked = 0;
    let rows = lines.map(|line| {
        let mut cells = cells(line);
        if chosen(&cells) && !cells[place].is_empty() {
            cells[place] = "";
            blanked += 1;
        }
        cells.join(",")
    });
    let rows: Vec<String> = rows.collect();
    assert!(blanked > 0, "{table} {column}");
    fs::write(dossier.path().join(table), format!("{}\n{}\n", header.join(","), rows.join("\n")))
        .expect("a file");
    dossier
}

/// The cells of a line; commas within quotes are no separators.
fn cells(line: &str) -> Vec<&str> {
    let mut quoted = false;
    line.split(|letter| {
        quoted ^= letter == '"';
        letter == ',' && !quoted
    })
    .collect()
}

#[test]
fn a_missing_table_proves_nothing() {
    for table in [
        "flows.csv",
        "parts.csv",
        "declarations.csv",
        "companies.csv",
        "installed.csv",
        "production.csv",
        "rates.csv",
        "vehicles.csv",
    ] {
        assert_eq!(without_table(table), Vec::<String>::new(), "without {table}");
    }
}

/// Somebody vouches for a list that is not there: that is no evidence but a slip.
#[test]
fn a_table_vouched_for_cannot_be_missing() {
    let ran = copy_of("examples/new-plant").without("bom.csv").check(&[]);
    insta::assert_snapshot!(ran.refused().seen());
    let dossier = copy_of("examples/new-plant");
    let open = dossier.text("dossier.toml").replace("components = {", "# components = {");
    let before = judged(&dossier).expect("no fault");
    let after = judged(&dossier.with("dossier.toml", open).without("bom.csv")).expect("no fault");
    assert_eq!(gained(&before, &after), Vec::<String>::new());
}

#[test]
fn a_missing_class_proves_nothing() {
    let before = judged(&copy_of("examples/new-plant")).expect("no fault");
    let after = judged(&without_cells("parts.csv", "class", |row| row[2] == "infotainment"));
    let after = after.expect("no fault");
    assert_eq!(gained(&before, &after), Vec::<String>::new());
    let open = after.iter().filter(|((_, condition, ..), _)| condition == "infotainment");
    assert!(open.clone().count() > 0);
    for (key, (range, _)) in open {
        assert!(["undetermined", "not_met"].contains(&range.as_str()), "{key:?} is {range}");
    }
}

#[test]
fn a_blank_column_proves_nothing() {
    for (table, columns) in [
        ("parts.csv", &["class", "supplier", "unit_value", "currency", "mass_kg", "made_in"][..]),
        ("flows.csv", &["activity", "data_subject", "country", "released", "maker"]),
        ("vehicles.csv", &["maker", "root", "built_on", "plant_country"]),
        ("declarations.csv", &["origin", "basis", "supplier", "valid_to", "share", "signed_on"]),
        ("installed.csv", &["lot", "supplier", "received_on"]),
        ("companies.csv", &["country"]),
        ("rates.csv", &["per_eur"]),
    ] {
        let before = judged(&copy_of("examples/new-plant")).expect("no fault");
        for column in columns {
            let Some(after) = judged(&without_cells(table, column, |_| true)) else { continue };
            assert_eq!(gained(&before, &after), Vec::<String>::new(), "{table} without {column}");
        }
    }
}

/// How one grouping is come by is not known: what is in it may still be bought.
#[test]
fn a_module_of_unknown_procurement_hides_nothing() {
    let before = judged(&copy_of("examples/new-plant")).expect("no fault");
    for module in ["A-ICT", "B-ICT", "TOP-KIT", "LONG-KIT"] {
        let after = judged(&without_cells("parts.csv", "procurement", |row| row[0] == module));
        let after = after.expect("no fault");
        assert_eq!(gained(&before, &after), Vec::<String>::new(), "{module}");
    }
}
