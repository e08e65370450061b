use filiera_testkit::outside_data;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Ran, Written, filiera, root};

const EXAMPLE: &str = "examples/ownership-register";

fn owners(more: &[&str]) -> Ran {
    filiera(&root(), &[&["ownership", EXAMPLE, "--on", "2026-03-02"], more].concat())
}

fn holdings(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()))
}

fn holding<'a>(all: &'a [Value], owner: &str, company: &str) -> &'a Value {
    let found = all.iter().find(|one| one["owner"] == owner && one["company"] == company);
    found.unwrap_or_else(|| panic!("{owner} of {company}: {all:?}"))
}

#[test]
fn a_register_with_a_cycle_a_range_and_a_pact() {
    let ran = owners(&[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_snapshot!(ran.out);
}

#[test]
fn a_company_is_found_by_id_and_by_name_on_the_day_asked() {
    let ran =
        filiera(&root(), &["ownership", EXAMPLE, "--company", "adria motori s.p.a.", "--on", "2025-06-30"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(ran.out.contains("owners on 2025-06-30"), "{}", ran.out);
    assert!(
        ran.out.contains("Adria Motori S.p.A. (IT): controlled in the end by Fondo Sviluppo (IT)"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("Laguna"), "{}", ran.out);
    let ran = owners(&["--company", "WEBER", "--company", "LAGUNA-OLD"]);
    let (weber, laguna) =
        (ran.out.find("Weber Elektronik GmbH (DE):"), ran.out.find("Laguna Batterie S.r.l. (IT):"));
    assert!(weber.is_some() && weber < laguna, "{}", ran.out);
}

#[test]
fn holdings_as_objects_with_exact_ends() {
    let all = holdings(&owners(&["--format", "json"]));
    assert!(all.iter().all(|one| one["schema"] == "filiera.holding/1" && one["on"] == "2026-03-02"));
    let state = holding(&all, "CN-STATE", "ADRIA");
    // 62.5 % of more than 50 and up to 60 %.
    assert_eq!((&state["lower_fraction"], &state["upper_fraction"]), (&"5/16".into(), &"3/8".into()));
    assert_eq!((&state["lower"], &state["lower_open"]), (&"0.312500000000".into(), &true.into()));
    assert_eq!(
        (&state["controls"], &state["ultimate"], &state["direct"]),
        (&"yes".into(), &true.into(), &false.into())
    );
    assert_eq!(state["through"], serde_json::json!(["HAI", "DELTA"]));
    let links: Vec<&str> =
        state["chain"].as_array().unwrap().iter().map(|link| link["owner"].as_str().unwrap()).collect();
    assert_eq!(links, ["CN-STATE", "HAI", "DELTA"]);
    assert_eq!(state["chain"][0]["sources"][0]["document"], "annual report 2025");
    let kim = holding(&all, "KIM", "LAGUNA");
    // 90 % of 20 %, and a fiftieth comes back each time round: 0.18 · 50/49.
    assert_eq!((&kim["lower_fraction"], &kim["chains"][0]["loops"]), (&"9/49".into(), &"50/49".into()));
    assert_eq!((&kim["lower"], &kim["upper"]), (&"0.183673469387".into(), &"0.183673469388".into()));
    let bianchi = holding(&all, "BIANCHI", "LAGUNA");
    assert_eq!((&bianchi["by"], &bianchi["with"]), (&"jointly".into(), &serde_json::json!(["ROSSI"])));
    assert_eq!(bianchi["together_lower_fraction"], "4/5");
    let unlisted = holding(&all, "unlisted", "ADRIA");
    assert_eq!((&unlisted["holder"], &unlisted["votes_upper_open"]), (&"unlisted".into(), &true.into()));
    let weber = holding(&all, "WEBER-F", "WEBER");
    assert_eq!((&weber["controls"], &weber["end"]), (&"undetermined".into(), &"unknown".into()));
    let fact = &weber["decides"][0];
    assert_eq!(
        (&fact["fact"], &fact["becomes"], &fact["settles_lower_fraction"]),
        (&"share".into(), &"yes".into(), &"1/2".into())
    );
    assert_eq!(fact["settles_lower_open"], true);
}

#[test]
fn lines_and_tables_hold_the_same_holdings() {
    let all = holdings(&owners(&["--format", "json"]));
    let lines = owners(&["--format", "jsonl"]);
    let read: Vec<Value> =
        lines.out.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(read, all);
    let csv = owners(&["--format", "csv"]).out;
    assert_eq!(csv.lines().count(), all.len() + 1, "{csv}");
    assert!(csv.starts_with("owner,owner_name,owner_country,company,"), "{csv}");
    assert!(csv.contains("CN-STATE,People's Republic of China,CN,ADRIA,Adria Motori S.p.A.,IT,party,0.312500000000,0.375000000000,5/16,3/8,true,false,"), "{csv}");
    assert!(
        csv.contains("Familie Weber controls it if its share in Weber Elektronik GmbH is above 50 %"),
        "{csv}"
    );
}

#[test]
fn the_ending_of_the_file_says_the_format() {
    let folder = Written::empty();
    for (name, begins) in
        [("o.json", "[\n{\"schema\""), ("o.jsonl", "{\"schema\""), ("o.csv", "owner,"), ("o.txt", "Adria")]
    {
        let path = folder.path().join(name).display().to_string();
        let ran = owners(&["--out", &path]);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.seen());
        assert!(folder.text(name).starts_with(begins), "{name}");
    }
    let ran = owners(&["--format", "xlsx"]);
    assert!(ran.refused().err.contains("csv"), "{}", ran.err);
}

#[test]
fn what_is_not_there_is_said_with_the_nearest() {
    let ran = owners(&["--company", "Weber Elektronic"]);
    assert!(ran.refused().err.contains("the nearest are `WEBER` (Weber Elektronik GmbH)"), "{}", ran.err);
    let ran = filiera(&root(), &["ownership", "examples/plug-in"]);
    assert!(
        ran.refused().err.contains("no table `interests`") && ran.err.contains("interests.csv"),
        "{}",
        ran.err
    );
    let ran = filiera(&root(), &["ownership", "examples/not-there"]);
    ran.refused();
    let bad = Written::empty().with("interests.csv", "owner,company,share\nA,B,130 %\n");
    let ran = filiera(bad.path(), &["ownership", "."]);
    assert!(ran.refused().err.contains("row 2"), "{}", ran.err);
}

#[test]
fn companies_that_own_each_other_entirely_are_nobodys() {
    let dossier = Written::empty()
        .with("interests.csv", "owner,company,share\nA,B,100 %\nB,A,100 %\nA,T,60 %\nP,T,40 %\n");
    let ran = filiera(dossier.path(), &["ownership", ".", "--company", "T"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert_snapshot!(
        ran.out.split_once("T: ").expect("the company").1.split("\nshare:").next().unwrap_or_default()
    );
}

#[test]
fn before_the_first_paper_nobody_holds_anything() {
    let ran = filiera(&root(), &["ownership", EXAMPLE, "--on", "2001-01-01"]);
    assert_eq!(ran.code, 0, "{}", ran.seen());
    assert!(
        ran.out.contains("No stake is in force that day") && ran.out.contains("--on 2010-01-01"),
        "{}",
        ran.out
    );
    let ran = filiera(&root(), &["ownership", EXAMPLE, "--on", "2001-01-01", "--company", "ADRIA"]);
    assert!(ran.out.contains("No paper names anybody"), "{}", ran.out);
}

#[test]
fn of_many_companies_the_first_are_shown_and_all_are_counted() {
    let rows: String =
        (0..30).map(|n| format!("P{n},C{n:02},{}\n", if n < 20 { "60 %" } else { "50 %" })).collect();
    let people: String = (0..30).map(|n| format!("P{n},IT,yes\n")).collect();
    let dossier = Written::empty()
        .with("interests.csv", format!("owner,company,share\n{rows}"))
        .with("companies.csv", format!("company,country,person\n{people}"));
    let ran = filiera(dossier.path(), &["ownership", "."]);
    for said in
        ["20 controlled in the end from IT", "10 cannot be told", "The first 10 of 30 companies", "C09: "]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(!ran.out.contains("C10: "), "{}", ran.out);
    let ran = filiera(dossier.path(), &["ownership", ".", "--verbose"]);
    assert!(ran.out.contains("C29: ") && !ran.out.contains("The first 10"), "{}", ran.out);
    let all = holdings(&filiera(dossier.path(), &["ownership", ".", "--format", "json"]));
    assert!(all.iter().any(|one| one["company"] == "C29"));
}

/// One line of the register of the United Kingdom, as its snapshots have it.
const PSC: &str = r#"{"company_number":"01234567","data":{"kind":"individual-person-with-significant-control","name":"Ms P One","name_elements":{"forename":"P","surname":"One"},"nationality":"British","country_of_residence":"England","date_of_birth":{"month":3,"year":1970},"natures_of_control":["ownership-of-shares-75-to-100-percent"],"notified_on":"2016-04-06","links":{"self":"/company/01234567/persons-with-significant-control/individual/x"}}}"#;

#[test]
fn a_file_of_a_register_is_a_dossier() {
    let folder = Written::empty().with("psc.jsonl", PSC);
    let ran = filiera(folder.path(), &["ownership", "psc.jsonl", "--on", "2020-01-01", "--format", "json"]);
    let all = holdings(&ran);
    let person = all.iter().find(|one| one["holder"] == "party").expect("the person");
    assert_eq!((&person["company"], &person["owner_name"]), (&"GB-COH-01234567".into(), &"Ms P One".into()));
    assert_eq!((&person["upper"], &person["chain"][0]["indirect"]), (&"1.000000000000".into(), &true.into()));
}

#[test]
fn published_examples_say_who_controls_in_the_end() {
    let test = "published_examples_say_who_controls_in_the_end";
    let Some(path) = outside_data(test, "bods/data-standard-examples/fermcat.json") else { return };
    let path = path.display().to_string();
    let ran = filiera(&root(), &["ownership", &path, "--on", "2023-01-01"]);
    assert!(
        ran.out.contains("Fermcat Ltd (IE): controlled in the end by Patrick O'Donohue (IE)"),
        "{}",
        ran.seen()
    );
    let Some(path) = outside_data(test, "gleif/rr-data.json") else { return };
    let path = path.display().to_string();
    let ran = filiera(&root(), &["ownership", &path, "--on", "2023-01-01", "--format", "json"]);
    let parent = holdings(&ran);
    let parent = holding(&parent, "ZZG38T0MDR3QY1ETUA76", "010CMKZ3VON21WF2ZD45");
    assert_eq!((&parent["controls"], &parent["by"]), (&"yes".into(), &"contract".into()));
}

#[test]
fn a_page_draws_the_chains_and_needs_nothing_else() {
    let folder = Written::empty();
    let path = folder.path().join("owners.html").display().to_string();
    let ran = owners(&["--out", &path]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.seen());
    let page = folder.text("owners.html");
    assert_eq!(page.matches("<figure class=\"chain\">").count(), 6, "one picture per company");
    for said in [
        "Owners on <strong>2026-03-02</strong>",
        "People&#39;s Republic of China",
        "✓ controls, in the end",
        "✓ controls jointly, in the end",
        "? may control",
        "dashed line: closes a cycle",
        "class=\"line-cycle\"",
        "62.5 %",
        "1/(1 − 1/50) = 50/49",
        "shareholder register 2025-07",
        "Familie Weber controls it if its share",
        "veto",
    ] {
        assert!(page.contains(said), "{said}");
    }
    for outside in ["<script", "http://", "https://", "<link", "@import", "url(h"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn names_on_a_page_are_only_names() {
    let dossier = Written::empty()
        .with("interests.csv", "owner,company,share\nA,T,60 %\n")
        .with("companies.csv", "company,name,country,person\nA,<b onclick=x>A & co</b>,IT,yes\n");
    let ran = filiera(dossier.path(), &["ownership", ".", "--format", "html"]);
    assert!(!ran.out.contains("<b onclick") && ran.out.contains("&#60;b onclick=x&#62;"), "{}", ran.out);
}

#[test]
fn numbers_worked_out_by_hand_come_out_exactly() {
    let rows = "\
owner,company,share
A,B,60 %
B,C,50 %
C,A,40 %
P,A,60 %
Q,B,40 %
R,C,50 %
X,Y,99 %
Y,X,99 %
Z,X,1 %
F1,F2,50 %
F2,F1,50 %
E,F1,50 %
V,H1,51 %
H1,H2,51 %
H2,H3,51 %
";
    let dossier = Written::empty().with("interests.csv", rows);
    let all = holdings(&filiera(dossier.path(), &["ownership", ".", "--format", "json"]));
    for (owner, company, least, most) in [
        ("P", "A", "15/22", "15/22"),
        ("P", "B", "9/22", "9/22"),
        ("P", "C", "9/44", "9/44"),
        ("Z", "X", "100/199", "100/199"),
        ("E", "F1", "2/3", "2/3"),
        ("E", "F2", "1/3", "1/3"),
        ("V", "H3", "132651/1000000", "132651/1000000"),
    ] {
        let found = holding(&all, owner, company);
        let ends = (found["lower_fraction"].as_str(), found["upper_fraction"].as_str());
        assert_eq!(ends, (Some(least), Some(most)), "{owner} of {company}");
    }
    assert_eq!(holding(&all, "V", "H3")["controls"], "yes");
}
