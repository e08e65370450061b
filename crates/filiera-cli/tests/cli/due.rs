use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{CLOCKS, Ran, Written, filiera};

/// Two doors' papers end with the year, one of them is renewed; a seat's paper has ended; the law
/// asks more from March on.
const PAPERS: &str = "\
part,origin,supplier,basis,valid_from,valid_to,signed_on,document
DOOR,IT,S1,non-preferential,2026-01-01,2026-12-31,2026-01-10,D-1
SEAT,IT,S2,non-preferential,2025-01-01,2026-10-31,2025-01-10,D-2
LAMP,IT,S2,non-preferential,2026-01-01,2026-12-31,2026-01-10,D-3
LAMP,IT,S2,non-preferential,2027-01-01,2027-12-31,2026-11-10,D-4
";

const LAW: &str = "\
[pack]
title = \"A law in steps\"
status = \"enacted\"

[parameter.share]
unit = \"share\"
values = [
    { from = 2025-01-01, to = 2027-01-31, value = \"40 %\", cite = \"art. 1\" },
    { from = 2027-02-01, value = \"70 %\", cite = \"art. 2\" },
]

[condition.content]
title = \"The share of each vehicle's value that comes from Italy\"
per = \"vehicle\"
dated_by = \"built_on\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"$share\"
due = 2026-12-31

[condition.tested]
title = \"The crash test is certified\"
per = \"vehicle\"
count = { of = \"attestations\", where = \"requirement = 'crash test' AND status = 'confirmed'\" }
at_least = 1
";

const COMMITMENTS: &str = "\
commitment,due_on,party,amount,horizon,done_on,document
hire 200 people,2026-11-01,M,,,,PR-1
open the paint shop,2026-06-30,M,,,2026-06-01,PR-2
second shift,2026-12-15,M,1000000,2027-01-15,,PR-3
far away,2029-01-01,M,,,,PR-4
";

const ATTESTATIONS: &str = "\
subject,requirement,status,document,valid_to
V1,crash test,confirmed,C-1,2026-12-20
V2,crash test,confirmed,C-2,2028-12-31
V3,crash test,confirmed,C-3,2026-10-01
";

fn folder() -> Written {
    Written::dossier()
        .with("pack.toml", LAW)
        .with("declarations.csv", PAPERS)
        .with("commitments.csv", COMMITMENTS)
        .with("attestations.csv", ATTESTATIONS)
}

fn due(folder: &Written, more: &[&str]) -> Ran {
    let start = ["due", ".", "--on", "2026-11-22"];
    filiera(folder.path(), &start.iter().chain(&CLOCKS).chain(more).copied().collect::<Vec<_>>())
}

fn listed(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()))
}

#[test]
fn what_ends_is_listed_day_by_day_with_what_falls() {
    let folder = folder();
    assert_snapshot!("due_text", due(&folder, &[]).seen());
    assert_snapshot!("due_csv", due(&folder, &["--format", "csv"]).seen());
    assert_snapshot!("due_ics", due(&folder, &["--format", "ics"]).seen().replace('\r', ""));
}

/// The verdict is judged on both sides of the day: a renewed paper ends and nothing falls.
#[test]
fn a_verdict_falls_only_where_judging_again_says_so() {
    let list = listed(&due(&folder(), &["--format", "json"]));
    assert_eq!(list["schema"], "filiera.due/1");
    let day = |on: &str| {
        let days = list["days"].as_array().expect("days");
        days.iter().find(|day| day["on"] == on).unwrap_or_else(|| panic!("no {on}: {list:#}")).clone()
    };
    let year = day("2026-12-31");
    let changed: Vec<(&str, &str, &str)> = year["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| {
            let text =
                |value: &'_ Value| -> &'static str { value.as_str().unwrap_or_default().to_owned().leak() };
            (text(&change["subject"]), text(&change["before"]["verdict"]), text(&change["after"]["verdict"]))
        })
        .collect();
    // V1 and V2 lose their door; V3 keeps its lamp (100 of 220) through the renewed paper.
    assert_eq!(changed, [("V1", "met", "undetermined"), ("V2", "met", "undetermined")]);
    let because = &year["changes"][0]["because"];
    let items = year["items"].as_array().expect("items");
    let names: Vec<&Value> = because
        .as_array()
        .expect("places")
        .iter()
        .map(|at| &items[at.as_u64().expect("a place") as usize]["name"])
        .collect();
    assert!(names.contains(&&Value::from("DOOR")) && !names.contains(&&Value::from("LAMP")), "{names:?}");
    // A certificate that lapses confirms nothing the day after.
    let lapse = day("2026-12-20");
    assert_eq!(lapse["changes"][0]["subject"], "V1");
    assert_eq!(lapse["changes"][0]["condition"], "tested");
    // What has ended says what it felled, and what is so today.
    let over = day("2026-10-31");
    assert_eq!((&over["overdue"], &over["items"][0]["name"]), (&true.into(), &"SEAT".into()));
}

#[test]
fn the_exit_code_says_how_pressing_it_is() {
    let calm = Written::dossier();
    let ran = due(&calm, &[]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(ran.out.contains("Nothing expires or falls due."), "{}", ran.seen());
    let papers = "part,origin,valid_to\nDOOR,IT,2026-12-31\nSEAT,PL,\nLAMP,IT,\n";
    let falls = Written::dossier().with("declarations.csv", papers);
    assert_eq!(due(&falls, &[]).code, 1);
    assert_eq!(due(&falls, &["--within", "5w"]).code, 0, "the day lies beyond the window");
    let papers = "part,origin,valid_to\nDOOR,IT,\nSEAT,PL,2026-12-31\nLAMP,IT,\n";
    let harmless = Written::dossier().with("declarations.csv", papers);
    let ran = due(&harmless, &[]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
    due(&calm, &["--within", "soon"]).refused();
    due(&calm, &["--out", "due.pdf"]).refused();
}

#[test]
fn the_calendar_and_the_workbook_can_be_written() {
    let folder = folder();
    for name in ["due.xlsx", "due.ics", "due.csv", "due.json", "due.txt"] {
        let ran = due(&folder, &["--out", name]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.seen());
        assert!(folder.names().contains(&name.to_owned()));
    }
}
