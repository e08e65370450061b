//! The examples of the Beneficial Ownership Data Standard and what each says on which day: every case
//! of the vector, and every file read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use filiera_evidence::{DossierRead, ReadOptions, read_dossier};
use filiera_model::{Day, Exact};
use filiera_tables::{Table, TableKind};
use filiera_testkit::outside_data;
use serde_json::Value;

/// One row of `interests` with its parties by name.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    owner: String,
    company: String,
    kind: String,
    share: Option<Exact>,
    ends: (Option<Exact>, Option<Exact>),
    open: (bool, bool),
    direct: Option<bool>,
    from: Day,
    to: Option<Day>,
    reason: Option<String>,
}

fn rows(read: &DossierRead) -> Vec<Row> {
    let names = names(read);
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let table = read.dossier.table(TableKind::Interests);
    let row = |table: &Table, row: usize| Row {
        owner: name(table.text("owner", row).unwrap()),
        company: name(table.text("company", row).unwrap()),
        kind: table.text("kind", row).unwrap().to_owned(),
        share: table.number("share", row),
        ends: (table.number("share_min", row), table.number("share_max", row)),
        open: (table.truth("min_open", row) == Some(true), table.truth("max_open", row) == Some(true)),
        direct: table.truth("direct", row),
        from: table.day("valid_from", row).unwrap(),
        to: table.day("valid_to", row),
        reason: table.text("reason", row).map(str::to_owned),
    };
    table.map_or_else(Vec::new, |table| (0..table.len()).map(|at| row(table, at)).collect())
}

fn names(read: &DossierRead) -> BTreeMap<String, String> {
    let table = read.dossier.table(TableKind::Companies).unwrap();
    let mut names = BTreeMap::new();
    for row in 0..table.len() {
        if let Some(name) = table.text("name", row) {
            names.insert(table.text("company", row).unwrap().to_owned(), name.to_owned());
        }
    }
    names
}

fn example(file: &str) -> Option<DossierRead> {
    let path = outside_data("bods examples", &format!("bods/data-standard-examples/{file}"))?;
    let read = read_dossier(&path, ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{file}: {:?}", read.report.faults);
    Some(read)
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn share(percent: &str) -> Option<Exact> {
    Some(Exact::parse(&format!("{percent} %")).unwrap())
}

/// What the vector says of one file.
fn case(file: &str) -> Option<Value> {
    let path = outside_data("bods as of", "tests/bods_asof.json")?;
    let vector: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let cases = vector["cases"].as_array().unwrap();
    Some(cases.iter().find(|case| case["file"] == file).unwrap().clone())
}

/// Shares held on a day, by the owner's first name; what is missing to 100 % is unknown.
fn held_on(rows: &[Row], on: Day) -> BTreeMap<String, Exact> {
    let mut held: BTreeMap<String, Exact> = BTreeMap::new();
    let mut rest = Exact::from_int(100);
    let valid = |row: &&Row| row.kind == "shares" && row.from <= on && row.to.is_none_or(|to| on <= to);
    for row in rows.iter().filter(valid) {
        let percent = row.share.clone().unwrap() * Exact::from_int(100);
        rest = rest - percent.clone();
        held.insert(row.owner.clone(), percent);
    }
    if !rest.is_zero() {
        held.insert("unknown".to_owned(), rest);
    }
    held
}

/// Every state of the vector, on the days that its key means.
fn check_states(file: &str, days: &[(&str, &[&str])]) {
    let (Some(read), Some(case)) = (example(file), case(file)) else { return };
    let rows = rows(&read);
    let states = case["as_of"].as_object().unwrap();
    let keys: BTreeSet<&str> = states.keys().map(String::as_str).collect();
    assert_eq!(keys, days.iter().map(|(key, _)| *key).collect());
    for (key, days) in days {
        let expected = states[*key].as_object().unwrap();
        for on in *days {
            let held = held_on(&rows, day(on));
            assert_eq!(held.len(), expected.len(), "{file} on {on}: {held:?}");
            for (name, percent) in expected {
                let found = held.iter().find(|(owner, _)| owner.starts_with(name.as_str()));
                let percent = Exact::from_int(percent.as_i64().unwrap());
                assert_eq!(found.map(|(_, share)| share), Some(&percent), "{file}, {name} on {on}");
            }
        }
    }
}

#[test]
fn fermcat_on_every_day() {
    check_states(
        "fermcat.json",
        &[
            ("2019-2021-04-03", &["2019-09-11", "2020-09-11", "2021-04-02"]),
            ("2021-04-03 to 2022-01-21", &["2021-04-03", "2021-09-11", "2022-01-20"]),
            ("from 2022-01-21", &["2022-01-21", "2030-01-01"]),
        ],
    );
}

#[test]
fn tecido_on_every_day() {
    check_states(
        "tecido.json",
        &[
            ("2019 to 2021-09-23", &["2019-01-20", "2021-09-23"]),
            ("2021-09-24", &["2021-09-24", "2021-09-25", "2022-09-20"]),
            ("2022-09-21", &["2022-09-21", "2022-09-25", "2023-02-28"]),
            ("2023-03-01", &["2023-03-01", "2023-03-03", "2026-01-01"]),
        ],
    );
}

#[test]
fn all_examples_are_read() {
    let Some(folder) = outside_data("all bods examples", "bods/data-standard-examples") else { return };
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files.len(), 19);
    let mut seen = String::new();
    for file in files {
        let read = example(&file).unwrap();
        let count = |kind| read.dossier.table(kind).map_or(0, Table::len);
        let tables =
            [TableKind::Companies, TableKind::Interests, TableKind::Appointments, TableKind::Agreements];
        let counts: Vec<String> = tables.map(|kind| format!("{} {}", count(kind), kind.name())).to_vec();
        seen.push_str(&format!("{file}: {}\n", counts.join(", ")));
        for note in read.report.notes() {
            seen.push_str(&format!("  {} × {}\n", note.count, note.kind));
        }
    }
    insta::assert_snapshot!(seen);
}

#[test]
fn the_finnish_state_is_stated_once_and_through_its_chain() {
    let Some(read) = example("bods-package-fi-soe.json") else { return };
    let rows = rows(&read);
    let of = |owner: &str, company: &str| -> Vec<(Option<Exact>, Option<bool>)> {
        let fits = |row: &&Row| row.owner == owner && row.company == company;
        rows.iter().filter(fits).map(|row| (row.share.clone(), row.direct)).collect()
    };
    let (state, ministry, network, company) =
        ("Suomen tasavalta", "Valtiovarainministerio", "Suomen Kaasuverkko Oy", "Gasgrid Finland Oy");
    assert_eq!(of(state, company), [(share("100"), Some(false))]);
    assert_eq!(of(ministry, company), [(share("23.5"), Some(true))]);
    assert_eq!(of(network, company), [(share("76.5"), Some(true))]);
    assert_eq!(of(ministry, network), [(share("100"), Some(true))]);
    assert_eq!(of(state, ministry), [(None, Some(true))]);
    assert_eq!(rows.iter().find(|row| row.company == ministry).unwrap().kind, "contract");
    assert_eq!(rows.len(), 5);
}

/// Owner, company, share in per cent, direct.
type Brief<'a> = (&'a str, &'a str, Option<&'a str>, Option<bool>);

fn check_rows(file: &str, expected: &[Brief<'_>]) {
    let (Some(read), Some(_)) = (example(file), case(file)) else { return };
    let mut found: Vec<_> = rows(&read)
        .into_iter()
        .map(|row| {
            assert_eq!(row.kind, "shares", "{file}");
            let percent = row.share.map(|share| (share * Exact::from_int(100)).to_text());
            (row.owner, row.company, percent, row.direct)
        })
        .collect();
    found.sort();
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(owner, company, share, direct)| {
            ((*owner).to_owned(), (*company).to_owned(), share.map(str::to_owned), *direct)
        })
        .collect();
    expected.sort();
    assert_eq!(found, expected, "{file}");
}

#[test]
fn indirect_holdings_stand_beside_their_components() {
    let (a, b, c, d, one) = ("Company A", "Company B", "Company C", "Company D", "Person 1");
    let (direct, through) = (Some(true), Some(false));
    check_rows(
        "indirect-ownership.json",
        &[(one, a, Some("30"), through), (b, a, Some("60"), direct), (one, b, None, None)],
    );
    check_rows(
        "mixed-direct-and-indirect-ownership.json",
        &[
            (one, a, Some("50"), through),
            (one, a, Some("50"), direct),
            (b, a, Some("50"), direct),
            (one, b, None, None),
        ],
    );
    check_rows(
        "multiple-indirect-ownership.json",
        &[
            (one, b, Some("60"), through),
            (c, b, Some("50"), direct),
            (d, b, Some("50"), direct),
            (one, c, None, None),
            (one, d, None, None),
        ],
    );
    check_rows(
        "mutilple-indirect-ownership-2.json",
        &[
            (one, a, Some("60"), through),
            (b, a, Some("40"), direct),
            (c, a, Some("20"), direct),
            (one, b, None, None),
            (one, c, None, None),
        ],
    );
}

#[test]
fn joint_owners_hold_through_their_arrangement() {
    let direct = Some(true);
    check_rows(
        "joint-ownership.json",
        &[
            ("Joint shareholding", "CHRINON LTD", Some("100"), direct),
            ("Natalie Coleman", "Joint shareholding", Some("50"), direct),
            ("Roberto Lopez", "Joint shareholding", Some("50"), direct),
        ],
    );
    let Some(read) = example("joint-ownership.json") else { return };
    let names = names(&read);
    let table = read.dossier.table(TableKind::Agreements).unwrap();
    let name = |column: &str, row| names[table.text(column, row).unwrap()].as_str();
    let members: Vec<_> = (0..table.len()).map(|row| (name("agreement", row), name("member", row))).collect();
    let together = "Joint shareholding";
    assert_eq!(members, [(together, "Natalie Coleman"), (together, "Roberto Lopez")]);
    let companies = read.dossier.table(TableKind::Companies).unwrap();
    let kinds: BTreeSet<_> = (0..companies.len()).filter_map(|row| companies.text("type", row)).collect();
    assert_eq!(kinds, BTreeSet::from(["arrangement", "person", "registeredEntity"]));
}

#[test]
fn ranges_keep_their_open_ends() {
    for (file, ends, open) in [
        ("bods-package-entity-owning-entity.json", (share("75"), share("100")), (false, true)),
        ("bods-package-linking-annotations.json", (share("25"), share("50")), (true, true)),
    ] {
        let (Some(read), Some(_)) = (example(file), case(file)) else { return };
        let [row] = &rows(&read)[..] else { panic!("{file}: one row") };
        assert_eq!((&row.share, &row.ends, row.open), (&None, &ends, open), "{file}");
    }
}

#[test]
fn the_nominator_stands_behind_the_seat_and_the_nominee_nowhere() {
    let (Some(read), Some(_)) = (example("nomination.json"), case("nomination.json")) else { return };
    let rows = rows(&read);
    let (silvia, vanessa) = ("Silvia Teixeira Perez", "Vanessa Rivero");
    assert!(rows.iter().all(|row| row.owner != vanessa));
    assert_eq!(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["contract", "board"]);
    let of_silvia: Vec<_> = rows.iter().map(|row| (row.owner.as_str(), row.company.as_str())).collect();
    let nomination = "Perez-Rivero nomination";
    assert_eq!(of_silvia, [(silvia, nomination), (silvia, "Los Corazones de Plata")]);
    assert_eq!((&rows[0].ends, rows[0].open), (&(share("50"), share("100")), (true, false)));
    // Control that makes her a beneficial owner, and of which the seat is a component.
    assert_eq!((&rows[1].ends, rows[1].open), (&(share("50"), share("100")), (true, false)));
    assert_eq!(rows[1].direct, Some(false));
    let names = names(&read);
    let seats = read.dossier.table(TableKind::Appointments).unwrap();
    let name = |column: &str| names[seats.text(column, 0).unwrap()].as_str();
    assert_eq!(seats.len(), 1);
    assert_eq!((name("company"), name("seat")), ("Los Corazones de Plata", nomination));
    assert_eq!(name("appointed_by"), silvia);
}

#[test]
fn an_exempt_owner_is_somebody() {
    let file = "listed-company-exempt-from-disclosure.json";
    let (Some(read), Some(_)) = (example(file), case(file)) else { return };
    let [row] = &rows(&read)[..] else { panic!("one row") };
    assert_eq!(row.reason.as_deref(), Some("subjectExemptFromDisclosure"));
    assert_eq!((row.share.as_ref(), &row.ends), (None, &(None, None)));
    assert_eq!(row.owner, "owner not declared, the company is exempt");
    let companies = read.dossier.table(TableKind::Companies).unwrap();
    assert_eq!((companies.truth("listed", 0), companies.text("type", 1)), (Some(true), Some("unspecified")));
}

#[test]
fn parties_of_a_trust_have_roles_and_no_parts() {
    let (Some(read), Some(_)) = (example("levent.json"), case("levent.json")) else { return };
    let table = read.dossier.table(TableKind::Interests).unwrap();
    let mut roles: Vec<_> = (0..table.len()).filter_map(|row| table.text("interest", row)).collect();
    roles.sort_unstable();
    assert_eq!(roles, ["beneficiaryOfLegalArrangement", "settlor", "trustee", "trustee"]);
    for row in rows(&read) {
        assert_eq!((row.kind.as_str(), row.share, row.ends), ("contract", None, (None, None)));
    }
    let underage = (0..table.len()).find(|row| table.text("interest", *row) == Some(roles[0])).unwrap();
    assert_eq!(table.text("reason", underage), Some("interestedPartyExemptFromDisclosure"));
    assert!(read.dossier.table(TableKind::Agreements).is_none(), "a trust is no agreement");
}

#[test]
fn every_case_of_the_vector_has_a_test() {
    let Some(path) = outside_data("bods as of", "tests/bods_asof.json") else { return };
    let vector: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let own = include_str!("bods_as_of.rs");
    for case in vector["cases"].as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        assert!(own.matches(&format!("\"{file}\"")).count() > 0, "{file}");
    }
}
