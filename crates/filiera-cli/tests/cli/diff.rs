use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Ran, Written, filiera};

const LADDER: &str = "\
[pack]
title = \"A law that climbs\"
status = \"enacted\"
reference = [{ title = \"Act 7\", checked = 2026-11-22 }]

[parameter.least]
unit = \"share\"
values = [
  { from = 2024-01-01, value = \"50 %\", published = 2023-12-01, cite = \"Act 7, section 2\", confidence = \"primary\" },
  { from = 2027-01-01, value = \"65 %\", published = 2025-06-30, cite = \"Act 9, section 1\" },
]

[condition.content]
title = \"A share of the value comes from Italy\"
per = \"vehicle\"
dated_by = \"built_on\"
share = { of = \"components\", weigh = \"value\", where = \"origin IN ('IT')\" }
at_least = \"$least\"

[condition.whole]
title = \"The whole act\"
all_of = [\"content\"]
";

const CLIFF: [&str; 4] = ["--from", "2026-12-31", "--to", "2027-01-01"];

fn dossier(pack: &str) -> Written {
    Written::dossier().with("pack.toml", pack)
}

fn diff(dossier: &Written, more: &[&str]) -> Ran {
    let clocks = ["--facts-as-of", "2026-11-22"];
    let law: &[&str] = if more.contains(&"--law-only") { &[] } else { &["--law-as-of", "2026-11-22"] };
    filiera(dossier.path(), &[&["diff"], &clocks[..], law, more].concat())
}

fn days(dossier: &Written, more: &[&str]) -> Ran {
    diff(dossier, &[&["."], &CLIFF[..], more].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()))
}

#[test]
fn a_threshold_that_climbs_has_a_witness() {
    let ran = days(&dossier(LADDER), &[]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.seen());
}

#[test]
fn the_object_names_the_dated_value_and_counts_the_rest() {
    let ran = days(&dossier(LADDER), &["--format", "json"]);
    let diff = json(&ran);
    assert_eq!(diff["schema"], "filiera.diff/1");
    assert_eq!((&diff["findings"], &diff["changed"], &diff["unchanged"]), (&6.into(), &6.into(), &0.into()));
    let change = &diff["changes"][0];
    assert_eq!(change["subjects"], serde_json::json!(["V1", "V2"]));
    assert_eq!(change["cause"]["certified"], true);
    let item = &change["cause"]["items"][0];
    assert_eq!((&item["kind"], &item["parameter"]), (&"parameter".into(), &"least".into()));
    assert_eq!((&item["old"]["value"], &item["new"]["value"]), (&"50 %".into(), &"65 %".into()));
    assert_eq!(
        (&item["new"]["from"], &item["new"]["published"]),
        (&"2027-01-01".into(), &"2025-06-30".into())
    );
    assert_eq!(item["new"]["cite"], "Act 9, section 1");
    let witness = &change["witness"];
    assert_eq!((&witness["subject"], &witness["after"]["lower_fraction"]), (&"V1".into(), &"3/5".into()));
    assert_eq!(
        (&witness["before"]["threshold"], &witness["after"]["threshold"]),
        (&"0.5".into(), &"0.65".into())
    );
    assert_snapshot!(ran.out);
}

#[test]
fn a_page_and_a_table_hold_the_same_changes() {
    let dossier = dossier(LADDER);
    let csv = days(&dossier, &["--format", "csv"]).out;
    assert_eq!(csv.lines().count(), 1 + 6, "{csv}");
    assert!(
        csv.contains("pack,content,V1,met,not_met,met,not_met,parameter,true,\"$least of pack: 50 % → 65 %;")
    );
    let html = days(&dossier, &["--format", "html"]).out;
    for said in ["$least of pack: 50 % → 65 %", "✓ met → ✗ not met", "before 60 %, asked ≥ 50 %", "6 changed"]
    {
        assert!(html.contains(said), "{said}: {html}");
    }
    let written = days(&dossier, &["--out", "diff.html"]);
    assert_eq!((written.code, dossier.text("diff.html")), (1, html));
    assert!(days(&dossier, &["--format", "xlsx"]).refused().err.contains("csv"));
}

#[test]
fn nothing_changes_between_days_of_one_law() {
    let ran = diff(&dossier(LADDER), &[".", "--from", "2026-01-01", "--to", "2026-12-31"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(
        ran.out.contains("6 findings: 0 changed, 6 unchanged") && ran.out.contains("Nothing changes"),
        "{}",
        ran.out
    );
}

/// The papers end with the year: the threshold stays below what they prove, and they decide.
#[test]
fn a_paper_that_ends_is_named() {
    let papers = "part,origin,signed_on,valid_to,document\nDOOR,IT,2026-01-10,2026-12-31,D-1\nSEAT,PL,2026-01-10,,D-2\n";
    let dossier = dossier(&LADDER.replace("65 %", "58 %")).with("declarations.csv", papers);
    let ran = days(&dossier, &["--format", "json"]);
    let diff = json(&ran);
    let changes = diff["changes"].as_array().expect("a list");
    let of = |subject: &str| {
        let is_of = |one: &&Value| one["witness"]["subject"] == subject && one["condition"] == "content";
        &changes.iter().find(is_of).expect("a change")["cause"]
    };
    assert_eq!((&of("V1")["kind"], &of("V1")["certified"]), (&"papers".into(), &true.into()), "{}", ran.out);
    assert_eq!(of("V1")["items"][0]["end"], serde_json::json!(["DOOR · D-1, valid to 2026-12-31"]));
    // V3 proves 54.5 %: the higher threshold alone would leave it open, and so would the paper's end.
    assert_eq!(
        (&of("V3")["kind"], &of("V3")["certified"]),
        (&"several".into(), &false.into()),
        "{}",
        ran.out
    );
}

#[test]
fn two_values_that_both_do_it_are_several() {
    let home = "[parameter.home]\nunit = \"countries\"\nvalues = [\n  { from = 2024-01-01, value = [\"IT\"], cite = \"Act 7\" },\n  { from = 2027-01-01, value = [\"PL\"], cite = \"Act 9\" },\n]\n";
    let pack = LADDER
        .replace("('IT')", "$home")
        .replace("[condition.content]", &format!("{home}\n[condition.content]"));
    let ran = days(&dossier(&pack), &[]);
    assert!(ran.out.contains("because  several"), "{}", ran.seen());
    for name in ["$home of pack: [\"IT\"] → [\"PL\"]", "$least of pack: 50 % → 65 %"] {
        assert!(ran.out.contains(name), "{name}: {}", ran.out);
    }
}

/// A value published later: subjects keep their days, and the law clock alone moves.
#[test]
fn the_law_clock_alone() {
    let later = "vehicle,root,built_on\nV1,CAR,2027-03-01\nV2,CAR,2026-03-02\n";
    let dossier = dossier(LADDER).with("vehicles.csv", later);
    let ran = diff(&dossier, &[".", "--law-only", "--from", "2025-06-29", "--to", "2025-06-30"]);
    assert_eq!(ran.code, 1, "{}", ran.seen());
    assert_snapshot!(ran.seen());
    let before = diff(&dossier, &[".", "--law-only", "--from", "2025-06-28", "--to", "2025-06-29"]);
    assert_eq!(before.code, 0, "{}", before.seen());
}

#[test]
fn a_country_that_leaves_a_zone_is_named() {
    let pack = LADDER.replace("('IT')", "@EU").replace("65 %", "50 %");
    let papers = "part,origin,signed_on\nDOOR,GB,2019-01-10\nSEAT,PL,2019-01-10\n";
    let earlier = pack.replace("2024-01-01", "2010-01-01");
    let dossier = dossier(&earlier).with("declarations.csv", papers);
    let ran = diff(&dossier, &[".", "--from", "2020-01-31", "--to", "2020-02-01"]);
    assert!(ran.out.contains("because  @EU: GB left"), "{}", ran.seen());
}

#[test]
fn two_texts_of_a_pack() {
    let newer = LADDER
        .replace("value = \"65 %\"", "value = \"62 %\"")
        .replace("origin IN ('IT')", "origin IN ('IT', 'PL')")
        .replace("[condition.whole]\ntitle = \"The whole act\"\nall_of = [\"content\"]\n", "")
        + "\n[condition.seats]\ntitle = \"No seat from China\"\nper = \"vehicle\"\nnone = { of = \"components\", among = \"class = 'interior'\", where = \"origin = 'CN'\" }\n";
    let dossier = dossier(LADDER).with("newer.toml", &newer);
    let later = "vehicle,root,built_on\nV1,CAR,2027-03-01\nV2,CAR,2026-03-02\n";
    let dossier = dossier.with("vehicles.csv", later);
    let text = diff(&dossier, &["--packs", "pack.toml", "newer.toml"]);
    assert_eq!(text.code, 1, "{}", text.seen());
    assert_snapshot!("two_texts_alone", text.seen());
    let judged = diff(&dossier, &["--packs", "pack.toml", "newer.toml", "."]);
    assert_snapshot!("two_texts_with_a_dossier", judged.seen());
    let same = diff(&dossier, &["--packs", "pack.toml", "pack.toml", "."]);
    assert_eq!(same.code, 0, "{}", same.seen());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let dossier = dossier(LADDER);
    for (arguments, said) in [
        (&["."][..], "--from DATE"),
        (&[".", "--from", "2026-01-01"], "--to"),
        (&["--from", "2026-01-01", "--to", "2026-01-02"], "no dossier"),
        (&["--packs", "pack.toml"], "2 values required"),
        (&["--packs", "pack.toml", "no.toml"], "no.toml"),
        (
            &[".", "--packs", "pack.toml", "pack.toml", "--from", "2026-01-01", "--to", "2026-01-02"],
            "cannot be used",
        ),
    ] {
        let ran = diff(&dossier, arguments);
        assert!(ran.refused().err.contains(said), "{said}: {}", ran.err);
    }
}

const PLUG_IN: [(&str, &str); 5] = [
    (
        "dossier.toml",
        "title = \"A plug-in hybrid for Italy\"\npacks = [\"uk/tca-vehicles\"]\n[complete]\ncomponents = true\n",
    ),
    (
        "vehicles.csv",
        "vehicle,root,built_on,exported_on,destination,plant_country,ex_works_price,currency,tca_class\nPHEV,R,2026-12-01,2026-12-20,IT,GB,40000,GBP,plug-in-hybrid\nPLAIN,S,2026-12-01,2026-12-20,IT,GB,40000,GBP,combustion\n",
    ),
    (
        "parts.csv",
        "part,class,procurement,unit_value,currency\nPACK,battery,buy,12000,GBP\nELEC,control,buy,8000,GBP\nBODY,body,buy,10000,GBP\n",
    ),
    ("bom.csv", "parent,child,quantity\nR,PACK,1\nR,ELEC,1\nR,BODY,1\nS,ELEC,1\nS,BODY,1\n"),
    (
        "declarations.csv",
        "part,origin,basis,signed_on\nPACK,CN,pref:EU-UK,2026-01-10\nELEC,KR,pref:EU-UK,2026-01-10\nBODY,GB,pref:EU-UK,2026-01-10\n",
    ),
];

fn written(files: &[(&str, &str)]) -> Written {
    files.iter().fold(Written::empty(), |written, (name, text)| written.with(name, text))
}

/// The last day of the easier rule and the first of the harder one: half of the price is foreign.
#[test]
fn the_cliff_of_the_trade_and_cooperation_agreement() {
    let ran = days(&written(&PLUG_IN), &[]);
    assert_eq!(ran.code, 1, "{}", ran.seen());
    assert_snapshot!(ran.seen());
    let diff = json(&days(&written(&PLUG_IN), &["--format", "json"]));
    let change = &diff["changes"][0];
    assert_eq!(change["condition"], "electrified-content");
    assert_eq!((&change["before"]["legal"], &change["after"]["legal"]), (&"met".into(), &"not_met".into()));
    assert_eq!(change["cause"]["certified"], true);
    let item = &change["cause"]["items"][0];
    assert_eq!(
        (&item["parameter"], &item["old"]["value"], &item["new"]["value"], &item["new"]["from"]),
        (&"electrified_max_nom".into(), &"60 %".into(), &"45 %".into(), &"2027-01-01".into())
    );
    assert_eq!(change["witness"]["subject"], "PHEV");
    assert_eq!(change["witness"]["after"]["lower_fraction"], "1/2");
}

const MODEL: [(&str, &str); 5] = [
    (
        "dossier.toml",
        "title = \"A model for Jakarta\"\npacks = [\"id/tkdn\"]\n[complete]\ncomponents = true\n",
    ),
    ("vehicles.csv", "vehicle,root,built_on,tkdn_class\nJ,R,2025-06-01,four-wheel\n"),
    (
        "parts.csv",
        "part,class,procurement,tkdn_weight\nBATTERY,main-component,buy,30\nMOTOR,main-component,buy,20\nBODY,body,buy,25\nASSEMBLY,assembly,buy,25\n",
    ),
    ("bom.csv", "parent,child,quantity\nR,BATTERY,1\nR,MOTOR,1\nR,BODY,1\nR,ASSEMBLY,1\n"),
    (
        "declarations.csv",
        "part,origin,signed_on\nBATTERY,CN,2022-01-10\nMOTOR,ID,2022-01-10\nBODY,CN,2022-01-10\nASSEMBLY,ID,2022-01-10\n",
    ),
];

/// A car of 1 June 2025: 60 % was asked of it until the decree of December 2023, 40 % since.
#[test]
fn a_decree_that_supersedes_another() {
    let law = ["--law-only", "--from", "2023-12-07", "--to", "2023-12-08"];
    let ran = diff(&written(&MODEL), &[&["."], &law[..]].concat());
    assert_eq!(ran.code, 1, "{}", ran.seen());
    assert_snapshot!(ran.seen());
    let diff = json(&diff(&written(&MODEL), &[&["."], &law[..], &["--format", "json"]].concat()));
    let change = &diff["changes"][0];
    assert_eq!((&change["before"]["legal"], &change["after"]["legal"]), (&"not_met".into(), &"met".into()));
    let item = &change["cause"]["items"][0];
    assert_eq!((&item["old"]["value"], &item["new"]["value"]), (&"60 %".into(), &"40 %".into()));
    assert_eq!(
        (&item["old"]["repealed_on"], &item["new"]["published"]),
        (&"2023-12-08".into(), &"2023-12-08".into())
    );
    assert_eq!(change["witness"]["after"]["on"], "2025-06-01");
}
