use std::fs;
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{PACK, Written};

const ZONES: &str = "\
[zone.EU]
title = \"Members\"
reference = [{ title = \"a treaty\", checked = 2026-11-22 }]
members = [{ country = \"IT\" }, { country = \"PL\" }, { country = \"HR\", from = 2013-07-01 }]
";

const AMERICA: &str = "\
[pack]
title = \"Cars for America\"
status = \"enacted\"

[condition.content]
title = \"At least a fifth comes from Poland\"
per = \"vehicle\"
when = \"destination = 'US'\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'PL'\" }
at_least = \"20 %\"

[condition.whole]
title = \"The law of America\"
all_of = [\"content\"]
";

const UNION: &str = "\
[pack]
title = \"Cars for the Union\"
status = \"proposed\"

[condition.content]
title = \"All of it comes from the Union\"
per = \"vehicle\"
when = \"destination IN @EU\"
every = { of = \"components\", where = \"origin IN @EU\" }
";

const DATA: &str = "\
[pack]
title = \"Data at home\"
status = \"draft\"

[condition.home]
title = \"Data stays at home\"
per = \"maker\"
every = { of = \"flows\", where = \"country = 'IT'\" }
";

const NO_FIT: &str = "\
[pack]
title = \"Asks for a column that is a text here\"
status = \"draft\"

[condition.odd]
title = \"Colour above one\"
per = \"vehicle\"
every = { of = \"components\", where = \"colour > 1\" }
";

/// A dossier that names its own pack, beside a library of four.
fn dossier() -> Written {
    let dossier = Written::dossier();
    for (name, text) in [
        ("lib/zones.toml", ZONES),
        ("lib/us/cars.toml", AMERICA),
        ("lib/eu/cars.toml", UNION),
        ("lib/it/data.toml", DATA),
        ("lib/xx/odd.toml", NO_FIT),
    ] {
        let path = dossier.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    dossier
}

const ALL: [&str; 3] = ["--all-markets", "--packs-dir", "lib"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&ALL[..], more].concat()
}

#[test]
fn one_vehicle_under_every_regime() {
    let ran = dossier().check(&ALL);
    // All of them meet the pack that the dossier names; what others say is not its business.
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert_snapshot!(ran.seen());
}

#[test]
fn on_a_narrow_screen_and_for_many_subjects() {
    let rows: String = (0..9).map(|i| format!("W{i},VAN,2026-03-02\n")).collect();
    let many = dossier().with("vehicles.csv", format!("vehicle,root,built_on\n{rows}")).check(&ALL);
    assert_snapshot!(many.seen());
}

#[test]
fn every_market_is_asked_and_what_has_no_evidence_is_listed() {
    let ran = dossier().check(&with(&["--format", "json"]));
    let matrix: Value = serde_json::from_str(&ran.out).expect("one object");
    assert_eq!(matrix["schema"], "filiera.matrix/1");
    let regimes: Vec<(&str, &str, &Value)> = matrix["regimes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            (one["pack"].as_str().unwrap(), one["condition"].as_str().unwrap(), &one["market"]["name"])
        })
        .collect();
    assert_eq!(
        regimes,
        [
            ("eu/cars", "content", &Value::from("EU")),
            ("us/cars", "whole", &Value::from("US")),
            ("pack", "content", &Value::Null)
        ]
    );
    // Nobody says where V1 goes, and America judges it all the same.
    let us = &matrix["regimes"][1]["cells"][0];
    assert_eq!((&us["subject"], &us["legal"]), (&Value::from("V1"), &Value::from("met")));
    let left: Vec<&str> = matrix["not_asked"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["pack"].as_str().unwrap())
        .collect();
    assert_eq!(left, ["it/data", "xx/odd"]);
    assert_eq!(matrix["not_asked"][0]["needs"], serde_json::json!(["flows"]));
    assert!(matrix["not_asked"][1]["why"].as_str().unwrap().contains("does not fit"), "{}", ran.out);
}

#[test]
fn tables_and_pages_hold_the_same_cells() {
    let dossier = dossier();
    let csv = dossier.check(&with(&["--format", "csv"])).out;
    assert_eq!(csv.lines().count(), 1 + 9, "{csv}");
    assert!(csv.contains("US,US,false,us/cars") && csv.contains(",,true,pack"), "{csv}");
    let html = dossier.check(&with(&["--format", "html"])).out;
    for said in ["us/cars · whole, as for US", "needs the table flows", "PROPOSED", "✓", "undetermined"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let xlsx = dossier.check(&with(&["--format", "xlsx"])).bytes;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["1 vehicle", "Regimes", "Not asked"]);
    let sheet = book.worksheet_range("1 vehicle").expect("a sheet");
    assert_eq!(sheet.get((1, 0)).map(ToString::to_string).as_deref(), Some("V1"));
    assert_eq!(sheet.get((1, 2)).map(ToString::to_string).as_deref(), Some("met"));
    let refused = dossier.check(&with(&["--format", "jsonl"]));
    assert!(refused.refused().err.contains("csv"), "{}", refused.err);
}

#[test]
fn a_named_pack_narrows_the_matrix() {
    let dossier = dossier().with("own.toml", PACK.replace("50 %", "61 %"));
    let ran = dossier.check(&with(&["--pack", "own.toml"]));
    assert_eq!(ran.code, 1, "{}", ran.seen());
    assert!(!ran.out.contains("us/cars"), "{}", ran.out);
}

#[test]
fn what_decides_nothing_is_one_line_with_what_is_missing() {
    let dossier = dossier();
    let folded = dossier.check(&ALL).out;
    let line = folded.lines().find(|line| line.contains("eu/cars"));
    assert_eq!(
        line,
        Some(
            "  eu/cars (PROPOSED, not law yet): word that the list of components is whole · declaration for LAMP"
        ),
        "{folded}"
    );
    assert!(folded.contains("Evidence missing for"), "{folded}");
    let whole = dossier.check(&with(&["--verbose"])).out;
    assert!(!whole.contains("Evidence missing for") && whole.contains("eu/cars · content, as for EU"));
    // A pack that the dossier names keeps its rows, whatever it decides.
    let open = dossier.with("declarations.csv", "part,origin\n").check(&ALL).out;
    assert!(open.contains("pack · content  ") && open.contains("us/cars: declaration (3)"), "{open}");
}

#[test]
fn a_boundary_below_a_composition_is_remarked() {
    let on_the_line = AMERICA.replace("\"20 %\"", "\"40 %\"\nboundary = \"flag\"");
    let dossier = dossier();
    fs::write(dossier.path().join("lib/us/cars.toml"), on_the_line).expect("a file");
    let ran = dossier.check(&ALL);
    let told = ran.out.split("Bear in mind").nth(1).expect("remarks");
    assert!(told.contains("crossing") && told.contains("whole of V1"), "{}", ran.out);
    let page = dossier.check(&with(&["--format", "html"])).out;
    assert!(page.contains("<span class=\"stamp\">BOUNDARY</span>"), "{page}");
    let json = dossier.check(&with(&["--format", "json"])).out;
    assert!(json.contains("the law says \\\"crossing\\\""), "{json}");
}
