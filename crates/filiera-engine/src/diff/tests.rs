use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_evidence::read_text_tables;
use filiera_model::{Country, Day, Membership, Zones};
use filiera_packs::Pack;
use filiera_tables::Dossier;

use super::items::DayWorlds;
use super::world::{Side, Worlds};
use super::{DiffDays, Found, Key, diff, verdicts};
use crate::Settings;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn settings() -> Settings {
    let today = day("2030-06-01");
    Settings { law_as_of: today, facts_as_of: today, readings: false, unverified: false, cut_cycles: false }
}

/// Everything that can differ between 2027-12-31 and 2028-01-01 does: a threshold, a list, a zone,
/// papers, prices, lines, a rate and the model year.
const TABLES: [(&str, &str); 7] = [
    ("vehicles", "vehicle,root,built_on,model_year\nV,R,2026-03-01,2026\nW,S,,\n"),
    (
        "bom",
        "parent,child,quantity,valid_from,valid_to\nR,A,1,,\nR,B,1,,2027-12-31\nR,C,1,2028-01-01,\nS,A,2,,\nS,D,1,,\n",
    ),
    ("parts", "part,procurement,unit_value,currency\nA,buy,40,USD\nB,buy,30,EUR\nC,buy,90,EUR\nD,buy,,\n"),
    (
        "values",
        "part,basis,value,currency,valid_from,valid_to\nD,price-paid,60,EUR,,2027-12-31\nD,price-paid,20,EUR,2028-01-01,\n",
    ),
    (
        "declarations",
        "part,origin,valid_from,valid_to\nA,IT,,2027-12-31\nA,GB,2028-01-01,\nB,EU,,\nC,IT,,\nD,GB,,\n",
    ),
    ("attestations", "subject,requirement,status,valid_to\nV,R155,confirmed,2027-12-31\n"),
    ("rates", "currency,on,per_eur\nUSD,2020-01-01,2\nUSD,2028-01-01,1\n"),
];

const PACK: &str = "\
[pack]
title = \"all at once\"
status = \"draft\"
[parameter.least]
unit = \"share\"
values = [{ from = 2020-01-01, value = \"40 %\", cite = \"a\" }, { from = 2028-01-01, value = \"55 %\", cite = \"b\" }]
[parameter.home]
unit = \"countries\"
values = [{ from = 2020-01-01, value = [\"IT\"], cite = \"a\" }, { from = 2028-01-01, value = [\"IT\", \"FR\"], cite = \"b\" }]
[condition.share]
title = \"a share\"
per = \"vehicle\"
dated_by = \"built_on\"
share = { of = \"components\", weigh = \"value\", where = \"origin IN $home\" }
at_least = \"$least\"
[condition.zone]
title = \"a zone\"
per = \"vehicle\"
dated_by = \"built_on\"
share = { of = \"components\", weigh = \"value\", where = \"origin IN @EU\" }
at_least = \"60 %\"
[condition.later]
title = \"of later model years only\"
per = \"vehicle\"
when = \"model_year >= 2028\"
share = { of = \"components\", weigh = \"value\", where = \"origin IN @EU\" }
at_least = \"50 %\"
[condition.paper]
title = \"somebody confirms it\"
per = \"vehicle\"
any = { of = \"attestations\", where = \"status = 'confirmed'\" }
[condition.all]
title = \"all of them\"
all_of = [\"share\", \"zone\"]
";

fn dossier() -> Dossier {
    let tables: BTreeMap<String, String> =
        TABLES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let read = read_text_tables(&tables);
    assert!(read.report.is_sound(), "{:?}", read.report.faults);
    read.dossier
}

fn zones() -> Zones {
    let member = |code, to: Option<&str>| Membership {
        country: Country::from_code(code).unwrap(),
        from: None,
        to: to.map(day),
    };
    let members = vec![member("IT", None), member("FR", None), member("GB", Some("2027-12-31"))];
    Zones::new(BTreeMap::from([("EU".to_owned(), members)]))
}

fn pack() -> Arc<Pack> {
    Arc::new(Pack::parse("test/all", "all.toml", PACK).unwrap())
}

const DAYS: (&str, &str) = ("2027-12-31", "2028-01-01");

fn days(law_only: bool) -> DiffDays {
    DiffDays { from: day(DAYS.0), to: day(DAYS.1), law_only }
}

fn found(worlds: &DayWorlds<'_>, side: Side, switched: &BTreeSet<usize>) -> BTreeMap<Key, String> {
    let world = worlds.world(side, switched).unwrap();
    let found = Found::of(&world.engine().unwrap()).unwrap();
    let told = found.findings.into_iter();
    told.map(|(key, finding)| (key, format!("{:?} {:?}", verdicts(&finding), finding.bounds))).collect()
}

/// The worlds between the two sides lead from one to the other: with every item switched, one side
/// is the other; and a mixture is the same from whichever side it is reached.
#[test]
fn mixtures_lead_from_one_side_to_the_other() {
    let (dossier, zones, settings, packs) = (dossier(), zones(), settings(), [pack()]);
    let worlds = DayWorlds::new(&dossier, &packs, &zones, &settings, days(false));
    let all: BTreeSet<usize> = (0..worlds.items()).collect();
    assert_eq!(all.len(), 8, "{:?}", worlds.values());
    let nothing = BTreeSet::new();
    assert_eq!(found(&worlds, Side::Old, &all), found(&worlds, Side::New, &nothing));
    assert_eq!(found(&worlds, Side::New, &all), found(&worlds, Side::Old, &nothing));
    assert_ne!(found(&worlds, Side::Old, &nothing), found(&worlds, Side::New, &nothing));
    for mask in (0usize..256).step_by(7) {
        let some: BTreeSet<usize> = all.iter().copied().filter(|item| mask >> item & 1 == 1).collect();
        let rest: BTreeSet<usize> = all.difference(&some).copied().collect();
        assert_eq!(found(&worlds, Side::Old, &some), found(&worlds, Side::New, &rest), "{some:?}");
    }
}

/// Each thing that differs makes a difference when it is switched alone.
#[test]
fn every_item_reaches_the_sums() {
    let (dossier, zones, settings, packs) = (dossier(), zones(), settings(), [pack()]);
    let worlds = DayWorlds::new(&dossier, &packs, &zones, &settings, days(false));
    let old = found(&worlds, Side::Old, &BTreeSet::new());
    let idle: Vec<usize> = (0..worlds.items())
        .filter(|item| found(&worlds, Side::Old, &BTreeSet::from([*item])) == old)
        .collect();
    // The list of home countries gains one that nothing comes from.
    let shown: Vec<_> = idle.iter().filter_map(|item| worlds.values().get(*item).cloned()).collect();
    let names: Vec<&str> = shown.iter().map(filiera_finding::CauseItem::kind).collect();
    assert_eq!(names, ["parameter"], "{shown:?}");
}

#[test]
fn subjects_that_do_not_change_are_counted() {
    let (dossier, zones, settings, packs) = (dossier(), zones(), settings(), [pack()]);
    let found = diff(&dossier, &packs, &zones, &settings, days(false), &|_, _| ()).unwrap();
    assert_eq!(found.compared_findings, 10);
    let later = found.changes.iter().find(|change| change.shown.condition == "later").unwrap();
    assert_eq!(later.cause_kind(), "dates", "{later:?}");
    let paper = found.changes.iter().find(|change| change.shown.condition == "paper").unwrap();
    assert_eq!((paper.cause_kind(), paper.subjects.as_slice()), ("papers", ["V".to_owned()].as_slice()));
}
