//! The examples of the Beneficial Ownership Data Standard, from their files: what is held once, and who
//! controls in the end.

use filiera_evidence::{ReadOptions, read_dossier};
use filiera_model::{Bounds, Day, Exact, Mark};
use filiera_ownership::{ControlRule, Holder, Party, Register, Remark, Snapshot};
use filiera_testkit::outside_data;

/// What a file says of a day.
fn example(file: &str, on: &str) -> Option<Snapshot> {
    let path = outside_data(file, &format!("bods/data-standard-examples/{file}"))?;
    let read = read_dossier(&path, ReadOptions::default()).unwrap();
    assert!(read.report.is_sound(), "{file}: {:?}", read.report.faults);
    Some(Register::read(&read.dossier).on(on.parse::<Day>().unwrap()))
}

/// The party of this name, the only one.
fn named(snapshot: &Snapshot, name: &str) -> Party {
    let register = snapshot.register();
    let mut found = register
        .parties()
        .filter(|party| register.facts(*party).is_some_and(|facts| facts.name.as_deref() == Some(name)));
    let party = found.next().unwrap_or_else(|| panic!("nobody is called `{name}`"));
    assert_eq!(found.next(), None, "`{name}` is two");
    party
}

fn held(snapshot: &Snapshot, owner: &str, company: &str) -> Bounds {
    snapshot.holding(named(snapshot, owner), named(snapshot, company)).share
}

fn percent(text: &str) -> Exact {
    Exact::parse(&format!("{text}%")).unwrap()
}

fn contradicted(snapshot: &Snapshot) -> usize {
    snapshot.remarks().filter(|remark| matches!(remark, Remark::Contradicted { .. })).count()
}

#[test]
fn the_finnish_state_has_its_company_once() {
    let Some(snapshot) = example("bods-package-fi-soe.json", "2022-03-01") else { return };
    let (state, ministry) = ("Suomen tasavalta", "Valtiovarainministerio");
    let (network, gas) = ("Suomen Kaasuverkko Oy", "Gasgrid Finland Oy");
    // Not 176.5 %, and not nothing, although no shares lead from the state to its ministry.
    assert_eq!(held(&snapshot, state, gas), Bounds::exactly(percent("100")));
    assert_eq!(held(&snapshot, ministry, gas), Bounds::exactly(percent("100")));
    assert_eq!(held(&snapshot, network, gas), Bounds::exactly(percent("76.5")));
    assert_eq!(snapshot.conflicts().count(), 0);
    assert_eq!(contradicted(&snapshot), 0);
    let ends: Vec<(Holder, Bounds)> = snapshot
        .holdings_of(named(&snapshot, gas))
        .into_iter()
        .filter(|holding| holding.ultimate)
        .map(|holding| (holding.owner, holding.share))
        .collect();
    assert_eq!(ends, [(Holder::Party(named(&snapshot, state)), Bounds::exactly(percent("100")))]);
    let control = snapshot.control(&ControlRule::default());
    let mark = |owner| control.mark(named(&snapshot, owner), named(&snapshot, gas));
    assert_eq!((mark(state), mark(ministry), mark(network)), (Mark::Yes, Mark::Yes, Mark::Yes));
    let ultimate = control.ultimate_of(named(&snapshot, gas));
    assert_eq!((ultimate.candidates, ultimate.unknown), (vec![named(&snapshot, state)], false));
}

#[test]
fn totals_settle_what_components_leave_open() {
    let (one, a) = ("Person 1", "Company A");
    let Some(indirect) = example("indirect-ownership.json", "2019-01-01") else { return };
    assert_eq!(held(&indirect, one, a), Bounds::exactly(percent("30")), "not 0 to 60 %, and not 90 %");
    assert_eq!(held(&indirect, "Company B", a), Bounds::exactly(percent("60")));

    let mixed = example("mixed-direct-and-indirect-ownership.json", "2019-06-01").unwrap();
    assert_eq!(held(&mixed, one, a), Bounds::exactly(percent("100")), "50 % itself and 50 % through B");

    let two = example("multiple-indirect-ownership.json", "2019-06-01").unwrap();
    assert_eq!(held(&two, one, "Company B"), Bounds::exactly(percent("60")));

    let unequal = example("mutilple-indirect-ownership-2.json", "2019-01-01").unwrap();
    assert_eq!(held(&unequal, one, a), Bounds::exactly(percent("60")));
    for snapshot in [&indirect, &mixed, &two, &unequal] {
        assert_eq!((snapshot.conflicts().count(), contradicted(snapshot)), (0, 0));
    }
}

/// Who stands at the end of a company's chains of control on a day: file, day, company, ends, and where
/// they are not known for certain, why, party by party.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

const UNLISTED: &str = "too much of it is not listed";
const NO_HOLDERS: &str = "nobody says who holds it, or that it is a person or a state";

/// One line per state of every example, decided by reading the file; certain ends before possible ones.
const CASES: &[Case<'_>] = &[
    // A relationship without interests: Drillgreat has something in it, nobody says what.
    (
        "bods-package-annotations.json",
        "2020-01-01",
        "MONSOON HOLDINGS (NO.1) LIMITED",
        &["DRILLGREAT LIMITED", "MONSOON HOLDINGS (NO.1) LIMITED"],
        &[("DRILLGREAT LIMITED", NO_HOLDERS), ("MONSOON HOLDINGS (NO.1) LIMITED", UNLISTED)],
    ),
    // 75 % or more: the parent controls; who holds the parent is not said.
    (
        "bods-package-entity-owning-entity.json",
        "2020-01-01",
        "JENEX LIMITED",
        &["MVJ LIMITED"],
        &[("MVJ LIMITED", NO_HOLDERS)],
    ),
    ("bods-package-fi-soe.json", "2022-03-01", "Gasgrid Finland Oy", &["Suomen tasavalta"], &[]),
    // That the ministry is the state's is influence of a kind that is not said.
    (
        "bods-package-fi-soe.json",
        "2022-03-01",
        "Suomen Kaasuverkko Oy",
        &["Suomen tasavalta", "Valtiovarainministerio"],
        &[("Valtiovarainministerio", UNLISTED)],
    ),
    // A quarter to a half, the rest unknown: it may be his as well.
    (
        "bods-package-linking-annotations.json",
        "2020-01-01",
        "MARE POND PROPERTIES LIMITED",
        &["MARE POND PROPERTIES LIMITED", "Mr Jeremy Hunt"],
        &[("MARE POND PROPERTIES LIMITED", UNLISTED)],
    ),
    ("bods-package.json", "2021-01-01", "Profitech Ltd", &["Jennifer Hewitson-Smith"], &[]),
    // Two halves: nobody controls it.
    ("fermcat.json", "2020-01-01", "Fermcat Ltd", &["Fermcat Ltd"], &[]),
    ("fermcat.json", "2021-10-01", "Fermcat Ltd", &["Fermcat Ltd"], &[]),
    ("fermcat.json", "2022-02-01", "Fermcat Ltd", &["Patrick O'Donohue"], &[]),
    (
        "full-pep-declaration.json",
        "2020-01-01",
        "Platinum Emerald and Plutonim Mining Limited",
        &["Michael Hubbard", "Platinum Emerald and Plutonim Mining Limited"],
        &[("Platinum Emerald and Plutonim Mining Limited", UNLISTED)],
    ),
    // B controls A; Person 1 has half of B, if all of its 30 % of A is held through B, or less.
    (
        "indirect-ownership.json",
        "2019-01-01",
        "Company A",
        &["Company B", "Person 1"],
        &[("Company B", UNLISTED)],
    ),
    ("joint-ownership.json", "2019-01-01", "CHRINON LTD", &["Natalie Coleman", "Roberto Lopez"], &[]),
    // Roles in a trust say nothing about who decides, and the child need not be named.
    (
        "levent.json",
        "2021-01-01",
        "Levent Trust",
        &["81337a6e", "Andrew Anderson", "Bella Buxton", "Levent Trust"],
        &[("81337a6e", "exempt: the owner need not be named"), ("Levent Trust", UNLISTED)],
    ),
    (
        "listed-company-exempt-from-disclosure.json",
        "2020-01-01",
        "Listed Company OS-17",
        &["Listed Company OS-17", "owner not declared, the company is exempt"],
        &[("Listed Company OS-17", "exempt: listed company")],
    ),
    // Half through B, from 2019-05-01 the other half as well.
    (
        "mixed-direct-and-indirect-ownership.json",
        "2019-04-30",
        "Company A",
        &["Company A", "Company B", "Person 1"],
        &[("Company A", UNLISTED), ("Company B", UNLISTED)],
    ),
    ("mixed-direct-and-indirect-ownership.json", "2019-05-01", "Company A", &["Person 1"], &[]),
    // 60 % in all through two halves: at least one of the two is not wholly held.
    (
        "multiple-indirect-ownership.json",
        "2019-06-01",
        "Company B",
        &["Company B", "Company C", "Company D", "Person 1"],
        &[("Company C", UNLISTED), ("Company D", UNLISTED)],
    ),
    ("multiple-tax-residencies.json", "2018-01-01", "Company A", &["Logan Morton"], &[]),
    // 60 % in all is all of 40 % and 20 %, unless some of it comes by way of the 40 % that nobody lists.
    (
        "mutilple-indirect-ownership-2.json",
        "2019-01-01",
        "Company A",
        &["Company A", "Company B", "Company C", "Person 1"],
        &[("Company B", UNLISTED), ("Company C", UNLISTED)],
    ),
    // The nominator, never the nominee.
    ("nomination.json", "2023-06-01", "Los Corazones de Plata", &["Silvia Teixeira Perez"], &[]),
    ("nomination.json", "2023-06-01", "Perez-Rivero nomination", &["Silvia Teixeira Perez"], &[]),
    (
        "plc-entity-statement.json",
        "2022-01-01",
        "AstraZeneca PLC",
        &["AstraZeneca PLC"],
        &[("AstraZeneca PLC", "exempt: listed company")],
    ),
    (
        "simple-pep-declaration.json",
        "2020-01-01",
        "Platinum Emerald and Plutonim Mining Limited",
        &["Michael Hubbard", "Platinum Emerald and Plutonim Mining Limited"],
        &[("Platinum Emerald and Plutonim Mining Limited", UNLISTED)],
    ),
    ("tecido.json", "2020-01-01", "Tecido Ltd", &["Maria Esteves"], &[]),
    ("tecido.json", "2021-10-01", "Tecido Ltd", &["Shear Trust"], &[("Shear Trust", NO_HOLDERS)]),
    ("tecido.json", "2023-06-01", "Tecido Ltd", &["Shear Trust"], &[("Shear Trust", NO_HOLDERS)]),
];

fn called(snapshot: &Snapshot, party: Party) -> &str {
    let register = snapshot.register();
    let name = register.facts(party).and_then(|facts| facts.name.as_deref());
    name.unwrap_or_else(|| register.name(party))
}

#[test]
fn the_end_of_every_chain_is_what_the_file_says() {
    for (file, day, company, ends, why) in CASES {
        let Some(snapshot) = example(file, day) else { return };
        let control = snapshot.control(&ControlRule::default());
        let found = control.ultimate_of(named(&snapshot, company));
        let mut names: Vec<&str> = found.candidates.iter().map(|party| called(&snapshot, *party)).collect();
        names.sort_unstable();
        assert_eq!(&names, ends, "{file} on {day}");
        let mut reasons: Vec<(&str, &str)> =
            found.why.iter().map(|why| (called(&snapshot, why.party()), control.in_words(*why))).collect();
        reasons.sort_unstable();
        assert_eq!(&reasons, why, "{file} on {day}");
        assert_eq!(found.unknown, !why.is_empty(), "{file} on {day}");
    }
}

#[test]
fn every_example_has_a_case() {
    let Some(folder) = outside_data("all bods examples", "bods/data-standard-examples") else { return };
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let files: Vec<String> = files.map(|file| file.into_string().unwrap()).collect();
    assert_eq!(files.len(), 19);
    assert!(files.iter().all(|file| CASES.iter().any(|(of, ..)| of == file)));
}

#[test]
fn the_nominator_controls_by_way_of_the_nomination() {
    let Some(snapshot) = example("nomination.json", "2023-06-01") else { return };
    let control = snapshot.control(&ControlRule::default());
    let found = control.controllers_of(named(&snapshot, "Los Corazones de Plata"));
    let ways: Vec<(&str, Mark, Vec<&str>)> = found
        .iter()
        .map(|one| {
            let through = one.through.iter().map(|party| called(&snapshot, *party));
            (called(&snapshot, one.party), one.controls, through.collect())
        })
        .collect();
    assert_eq!(ways, [("Silvia Teixeira Perez", Mark::Yes, vec!["Perez-Rivero nomination"])]);
}
