//! A request written, filled as a supplier would, and received.

use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};
use insta::assert_snapshot;
use rust_xlsxwriter::{ExcelDateTime, Workbook};
use serde_json::Value;

use crate::support::{CLOCKS, Ran, Written, copy_of, filiera};

/// `V3` holds a lamp whose origin nobody has declared and whose price nobody knows.
fn folder() -> Written {
    Written::dossier()
        .with("companies.csv", "company,name,country\nS1,Porte Nord S.p.A.,IT\nS2,\"Luci, Sedili & C. S.r.l.\",IT\n")
        .with("declarations.csv", "part,origin,basis,supplier,share,valid_from,valid_to,signed_on,document\nDOOR,IT,non-preferential,S1,,2026-01-01,2026-12-31,2026-01-10,D-1\nSEAT,PL,non-preferential,S2,,2026-01-01,2026-12-31,2026-01-10,D-2\n")
        .with("parts.csv", PARTS)
        .with("vehicles.csv", "vehicle,root,built_on\nV1,CAR,2026-03-01\nV2,CAR,2026-03-02\nV3,VAN,2026-03-02\nV4,BUS,2026-03-02\n")
        .with("bom.csv", "parent,child,quantity\nCAR,DOOR,1\nCAR,SEAT,1\nVAN,DOOR,2\nVAN,LAMP,2\nBUS,DOOR,1\nBUS,RADIO,1\n")
}

const PARTS: &str = "\
part,name,class,procurement,supplier,unit_value,currency,mass_kg
DOOR,door,body,buy,S1,60,EUR,20
SEAT,seat,interior,buy,S2,40,EUR,15
LAMP,lamp,light,buy,S2,100,EUR,2
RADIO,radio,infotainment,buy,S2,,EUR,1
";

fn run(folder: &Written, command: &str, more: &[&str]) -> Ran {
    let start = [command, "."];
    filiera(
        folder.path(),
        &start.iter().chain(&CLOCKS).chain(&["--on", "2026-11-22"]).chain(more).copied().collect::<Vec<_>>(),
    )
}

fn ask(folder: &Written) -> PathBuf {
    let ran = run(folder, "request", &["--out", "ask"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    folder.path().join("ask/request-S2.xlsx")
}

/// What a person fills in: sheet, part (or the key of the sheet Declarant), column key, value.
type Fill<'a> = (&'a str, &'a str, &'a str, Put<'a>);

#[derive(Clone, Copy)]
enum Put<'a> {
    Text(&'a str),
    Number(f64),
    Day(&'a str),
}

use Put::{Day, Number, Text};

const SIGNED: [Fill<'static>; 8] = [
    ("Declarant", "company", "answer", Text("LUCI SEDILI & C. SRL")),
    ("Declarant", "company_country", "answer", Text("IT")),
    ("Declarant", "signatory", "answer", Text("Anna Bianchi")),
    ("Declarant", "function", "answer", Text("export manager")),
    ("Declarant", "place", "answer", Text("Prato")),
    ("Declarant", "signed_on", "answer", Day("2026-11-20")),
    ("Declarant", "document", "answer", Text("LD-77")),
    ("Declarant", "signature", "answer", Text("Anna Bianchi")),
];

const ANSWERED: [Fill<'static>; 6] = [
    ("Declarations", "LAMP", "origin_1", Text("IT")),
    ("Declarations", "LAMP", "share_1", Number(0.625)),
    ("Declarations", "LAMP", "origin_2", Text("TW")),
    ("Declarations", "LAMP", "share_2", Number(0.375)),
    ("Prices", "RADIO", "price_least", Number(10.0)),
    ("Prices", "RADIO", "price_most", Number(20.5)),
];

/// Opens the workbook, fills cells, and saves it under a new name, as a spreadsheet program would: all
/// sheets with their values, none of the formats.
fn fill(asked: &Path, to: &Path, fills: &[Fill<'_>]) {
    let mut book: Xlsx<_> = open_workbook(asked).expect("a workbook");
    let mut new = Workbook::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).expect("a sheet");
        let sheet = new.add_worksheet();
        sheet.set_name(&name).expect("a name");
        let text = |row: u32, column: u32| {
            range.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
        };
        let (height, width) = range.end().unwrap_or_default();
        for row in 0..=height {
            for column in 0..=width {
                let at = u16::try_from(column).expect("a column");
                match range.get_value((row, column)) {
                    None | Some(Data::Empty) => {}
                    Some(Data::Float(number)) => drop(sheet.write_number(row, at, *number).expect("a cell")),
                    Some(Data::DateTime(day)) => {
                        let (year, month, day, ..) = day.to_ymd_hms_milli();
                        let day = ExcelDateTime::from_ymd(year, month, day).expect("a day");
                        let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
                        sheet.write_datetime_with_format(row, at, &day, &format).expect("a cell");
                    }
                    Some(other) => drop(sheet.write_string(row, at, other.to_string()).expect("a cell")),
                }
            }
        }
        for (_, key, column, put) in fills.iter().filter(|(sheet, ..)| *sheet == name) {
            let keys = 0..=width;
            let at = keys
                .clone()
                .find(|place| text(0, *place) == *column)
                .unwrap_or_else(|| panic!("no column {column}"));
            let row = (0..=height)
                .find(|row| (0..=1).any(|place| text(*row, place) == *key))
                .unwrap_or_else(|| panic!("no row {key} in {name}"));
            let at = u16::try_from(at).expect("a column");
            match put {
                Text(text) => drop(sheet.write_string(row, at, *text).expect("a cell")),
                Number(number) => drop(sheet.write_number(row, at, *number).expect("a cell")),
                Day(day) => {
                    let day = ExcelDateTime::parse_from_str(day).expect("a day");
                    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, at, &day, &format).expect("a cell");
                }
            }
        }
    }
    new.save(to).expect("saved");
}

fn filled(folder: &Written, fills: &[&[Fill<'_>]]) -> String {
    let asked = ask(folder);
    let to = folder.path().join("answer.xlsx");
    fill(&asked, &to, &fills.concat());
    "answer.xlsx".to_owned()
}

fn receipt(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()))
}

#[test]
fn what_is_missing_is_asked_of_whom_it_concerns() {
    let folder = folder();
    assert_snapshot!("request_text", run(&folder, "request", &[]).seen());
    assert_eq!(folder.names().len(), 7, "without --out nothing is written: {:?}", folder.names());
    let asked = ask(&folder);
    let mut book: Xlsx<_> = open_workbook(&asked).expect("a workbook");
    let mut seen = String::new();
    for name in book.sheet_names() {
        if name == "Codes" {
            continue;
        }
        let range = book.worksheet_range(&name).expect("a sheet");
        seen.push_str(&format!("== {name}\n"));
        for row in range.rows() {
            let cells: Vec<String> = row.iter().map(|cell| cell.to_string().replace('\n', " / ")).collect();
            seen.push_str(cells.join(" | ").trim_end_matches([' ', '|']));
            seen.push('\n');
        }
    }
    assert_snapshot!("request_workbook", seen);
}

/// Of 100.01 euro, 44 are Italian and 46 are not: the gear decides whether 45 % are, the nut never.
#[test]
fn what_can_change_nothing_is_asked_for_only_on_demand() {
    let folder = Written::dossier()
        .with("parts.csv", "part,procurement,supplier,unit_value,currency\nDOOR,buy,S1,44,EUR\nSEAT,buy,S1,46,EUR\nGEAR,buy,S2,10,EUR\nNUT,buy,S2,0.01,EUR\n")
        .with("declarations.csv", "part,origin,basis,supplier\nDOOR,IT,non-preferential,S1\nSEAT,PL,non-preferential,S1\n")
        .with("vehicles.csv", "vehicle,root,built_on\nV1,CAR,2026-03-01\n")
        .with("bom.csv", "parent,child,quantity\nCAR,DOOR,1\nCAR,SEAT,1\nCAR,GEAR,1\nCAR,NUT,1\n");
    let parts = |more: &[&str]| -> Vec<String> {
        let ran = run(&folder, "request", &[&["--format", "json"], more].concat());
        let set = receipt(&ran);
        let questions = set["requests"][0]["questions"].as_array().expect("questions").iter();
        questions.map(|question| question["part"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(parts(&[]), ["GEAR"]);
    assert_eq!(parts(&["--all"]), ["GEAR", "NUT"]);
    let said = run(&folder, "request", &[]).out;
    assert!(said.contains("changes a verdict:") && said.contains("NUT"), "{said}");
}

#[test]
fn the_same_request_is_the_same_file_and_overwrites_nothing() {
    let folder = folder();
    let first = std::fs::read(ask(&folder)).expect("a file");
    let ran = run(&folder, "request", &["--out", "ask"]);
    assert!(ran.refused().err.contains("would be overwritten"), "{}", ran.seen());
    assert_eq!(run(&folder, "request", &["--out", "ask", "--force"]).code, 0);
    assert!(std::fs::read(folder.path().join("ask/request-S2.xlsx")).expect("a file") == first);
    run(&folder, "request", &["--supplier", "S9"]).refused();
    let none = run(&folder, "request", &["--supplier", "S1"]);
    assert_eq!(none.code, 3, "{}", none.seen());
    let other = receipt(&run(&folder, "request", &["--basis", "pref:EU-UK", "--format", "json"]));
    assert_eq!(other["requests"][0]["questions"][0]["basis"], serde_json::json!(["pref:EU-UK"]));
}

/// The whole way round: verdict before and after, the rows in the dossier's own files, nothing else
/// touched, and a check that says what the receipt said.
#[test]
fn an_answer_is_received_and_the_verdict_is_shown_before_and_after() {
    let folder = folder();
    let answer = filled(&folder, &[&SIGNED, &ANSWERED]);
    let before = (folder.text("declarations.csv"), folder.names());
    let shown = run(&folder, "receive", &[&answer]);
    assert_snapshot!("receive_dry_run", shown.seen());
    assert_eq!(
        (folder.text("declarations.csv"), folder.names()),
        before,
        "nothing is written without --write"
    );

    let written = receipt(&run(&folder, "receive", &[&answer, "--write", "--format", "json"]));
    let text = folder.text("declarations.csv");
    let new = text.strip_prefix(&before.0).expect("rows that are there stay as they are");
    assert_snapshot!("receive_declarations", new);
    assert_snapshot!("receive_values", folder.text("values.csv"));
    let v3 = written["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .find(|one| one["subject"] == "V3")
        .expect("V3")
        .clone();
    assert_eq!((&v3["before"]["verdict"], &v3["after"]["verdict"]), (&"undetermined".into(), &"met".into()));
    let checked = folder.check(&["--format", "json"]).findings();
    for change in written["changes"].as_array().expect("changes") {
        let found = checked.iter().find(|one| one["subject"] == change["subject"]).expect("a finding");
        assert_eq!(found["verdict"], change["after"]["verdict"]);
        assert_eq!(found["lower_fraction"], change["after"]["lower_fraction"]);
        assert_eq!(found["evidence_hash"], written["evidence_hash_after"]);
    }
    let (text, again) = (folder.text("declarations.csv"), run(&folder, "receive", &[&answer, "--write"]));
    assert_eq!(
        (again.code, folder.text("declarations.csv")),
        (3, text),
        "nothing is added twice: {}",
        again.seen()
    );
    assert!(again.out.contains("received before: LAMP of S2, RADIO of S2"), "{}", again.seen());
}

/// Every fault at once, each with sheet, row, column and remedy; nothing is written.
#[test]
fn every_fault_of_an_answer_is_listed() {
    let folder = folder();
    let faulty: [Fill<'_>; 14] = [
        ("Declarant", "company", "answer", Text("Somebody Else Ltd")),
        ("Declarant", "company_country", "answer", Text("XX")),
        ("Declarant", "signed_on", "answer", Day("2026-11-23")),
        ("Declarant", "document", "answer", Text("")),
        ("Declarations", "LAMP", "basis", Text("hearsay")),
        ("Declarations", "LAMP", "valid_to", Day("2027-06-30")),
        ("Declarations", "LAMP", "origin_1", Text("Italia")),
        ("Declarations", "LAMP", "share_1", Number(0.7)),
        ("Declarations", "LAMP", "origin_2", Text("TW")),
        ("Declarations", "LAMP", "share_2", Number(60.0)),
        ("Declarations", "RADIO", "origin_1", Text("IT")),
        ("Declarations", "RADIO", "document", Text("=HYPERLINK(1)")),
        ("Prices", "RADIO", "price_least", Number(30.0)),
        ("Prices", "RADIO", "price_most", Number(20.0)),
    ];
    let answer = filled(&folder, &[&faulty]);
    let ran = run(&folder, "receive", &[&answer, "--write"]);
    assert_eq!(ran.code, 2);
    assert_snapshot!("receive_faults", ran.seen());
    assert!(!folder.names().contains(&"values.csv".to_owned()));
}

#[test]
fn what_was_asked_cannot_be_changed_unseen() {
    let folder = folder();
    let changed: [Fill<'_>; 1] = [("Declarations", "LAMP", "used", Text("9 in VAN"))];
    let answer = filled(&folder, &[&SIGNED, &ANSWERED, &changed]);
    let told = receipt(&run(&folder, "receive", &[&answer, "--format", "json"]));
    assert_eq!(told["faults"][0]["code"], "answers/changed-cell");
    let other: [Fill<'_>; 1] = [("Declarations", "LAMP", "id", Text("0123456789abcdef"))];
    let answer = filled_again(&folder, &[&SIGNED, &ANSWERED, &other]);
    let told = receipt(&run(&folder, "receive", &[&answer, "--format", "json"]));
    assert_eq!(told["faults"][0]["code"], "answers/unknown-question");
    // Out of sight as well: a longer validity than was allowed.
    let hidden: [Fill<'_>; 1] = [("filiera", "limit", "text", Text("900: art. 9"))];
    let answer = filled_again(&folder, &[&SIGNED, &ANSWERED, &hidden]);
    let told = receipt(&run(&folder, "receive", &[&answer, "--format", "json"]));
    assert_eq!(told["faults"][0]["code"], "answers/changed-question");
    let answer = filled_again(&folder, &[&SIGNED, &ANSWERED]);
    let twice = receipt(&run(&folder, "receive", &[&answer, &answer, "--format", "json"]));
    assert_eq!(twice["faults"][0]["code"], "answers/twice");
    let folder = folder.with("other.xlsx", "no workbook").with("book.txt", "x");
    let told = receipt(&run(&folder, "receive", &["other.xlsx", "--format", "json"]));
    assert_eq!(told["faults"][0]["code"], "answers/unreadable");
}

fn filled_again(folder: &Written, fills: &[&[Fill<'_>]]) -> String {
    let to = folder.path().join("again.xlsx");
    fill(&folder.path().join("ask/request-S2.xlsx"), &to, &fills.concat());
    "again.xlsx".to_owned()
}

#[test]
fn an_empty_answer_changes_nothing() {
    let folder = folder();
    let answer = filled(&folder, &[]);
    let ran = run(&folder, "receive", &[&answer, "--write"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
    assert!(!folder.names().contains(&"values.csv".to_owned()));
}

/// Purchasing's own file: semicolons, decimal commas, Windows-1252, German headers and days.
#[test]
fn rows_are_written_in_the_format_of_the_file() {
    let own = "Teil;Ursprung;Basis;Lieferant;Anteil;G\u{fc}ltig ab;G\u{fc}ltig bis;Unterschrift;Beleg\r\nDOOR;IT;non-preferential;S1;;01.01.2026;31.12.2026;10.01.2026;D-1";
    let own: Vec<u8> = own.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
    let settings = "title = \"Small\"\npacks = [\"pack.toml\"]\ncurrency = \"EUR\"\n\n[table.declarations]\nfile = \"LE.csv\"\nencoding = \"windows-1252\"\ndecimal = \",\"\ndate_format = \"dd.mm.yyyy\"\ncolumns = { part = \"Teil\", origin = \"Ursprung\", basis = \"Basis\", supplier = \"Lieferant\", share = \"Anteil\", valid_from = \"Gültig ab\", valid_to = \"Gültig bis\", signed_on = \"Unterschrift\", document = \"Beleg\" }\n";
    let folder = folder().without("declarations.csv").with("LE.csv", &own).with("dossier.toml", settings);
    let answer = filled(&folder, &[&SIGNED, &ANSWERED[..4]]);
    let ran = run(&folder, "receive", &[&answer, "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    let bytes = std::fs::read(folder.path().join("LE.csv")).expect("a file");
    let new = bytes.strip_prefix(&own[..]).expect("rows that are there stay");
    let new = String::from_utf8_lossy(new).replace('\r', "\\r");
    assert_eq!(
        new,
        "\\r\nLAMP;IT;non-preferential;S2;62,5 %;01.01.2026;31.12.2026;20.11.2026;LD-77\\r\nLAMP;TW;non-preferential;S2;37,5 %;01.01.2026;31.12.2026;20.11.2026;LD-77\\r\n"
    );
}

/// A workbook is not touched: the rows go to a file of their own, named beside it.
#[test]
fn a_workbook_gets_a_file_beside_it() {
    let folder = folder().without("declarations.csv");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in
        (0u32..).zip([["part", "origin", "supplier"], ["DOOR", "IT", "S1"], ["SEAT", "PL", "S2"]])
    {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    book.save(folder.path().join("declarations.xlsx")).expect("saved");
    let before = std::fs::read(folder.path().join("declarations.xlsx")).expect("a file");
    let answer = filled(&folder, &[&SIGNED, &ANSWERED[..4]]);
    let ran = run(&folder, "receive", &[&answer, "--write"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(std::fs::read(folder.path().join("declarations.xlsx")).expect("a file") == before);
    assert_snapshot!("receive_dossier", folder.text("dossier.toml"));
    assert!(
        folder.text("answers-declarations.csv").contains("Luci")
            || folder.text("answers-declarations.csv").contains("LUCI")
    );
}

/// The pack says which bases it takes and how long a paper may be valid; two conditions that have a
/// basis in common are one question, a third is another.
#[test]
fn the_law_says_on_which_basis_and_for_how_long() {
    let pack = "\
[pack]
title = \"Three laws\"
status = \"enacted\"

[parameter.declaration_valid_days]
unit = \"number\"
values = [{ from = 2020-01-01, value = 90, cite = \"art. 62\" }]

[condition.a]
title = \"a\"
per = \"vehicle\"
accepts = { basis = [\"non-preferential\", \"contract:x\"] }
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"90 %\"

[condition.b]
title = \"b\"
per = \"vehicle\"
accepts = { basis = [\"contract:x\"] }
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"90 %\"

[condition.c]
title = \"c\"
per = \"vehicle\"
accepts = { basis = [\"pref:EU-UK\"] }
share = { of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }
at_least = \"90 %\"
";
    let folder = folder().with("pack.toml", pack);
    let asked = receipt(&run(&folder, "request", &["--supplier", "S2", "--format", "json"]));
    let questions = asked["requests"][0]["questions"].as_array().expect("questions").clone();
    let lamp: Vec<(String, String, String)> = questions
        .iter()
        .filter(|one| one["part"] == "LAMP")
        .map(|one| (one["basis"].to_string(), one["valid_from"].to_string(), one["valid_to"].to_string()))
        .collect();
    let of =
        |basis: &str| (format!("[\"{basis}\"]"), "\"2026-01-01\"".to_owned(), "\"2026-03-31\"".to_owned());
    assert_eq!(lamp, [of("contract:x"), of("pref:EU-UK")]);
    assert_eq!(questions[0]["limit"], "90 days at most (art. 62)");
    let warned = filiera(folder.path(), &["packs", "check", "pack.toml"]);
    assert!(!warned.seen().contains("declaration_valid_days"), "{}", warned.seen());
}

#[test]
fn the_new_plant_can_be_asked() {
    let folder = copy_of("examples/new-plant");
    let ran = run(&folder, "request", &["--out", "ask"]);
    assert_snapshot!("request_new_plant", ran.seen());
}
