use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{CLOCKS, Written, check, filiera};

/// Vehicles by pack, condition, and verdict: on the range, and in law.
type Counts = BTreeMap<(String, String), [BTreeMap<String, u64>; 2]>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Counted by hand from the list of findings.
fn listed(folder: &Written, dossier: &str, conditions: &Counts) -> Counts {
    let mut counts = Counts::new();
    for finding in check(folder.path(), dossier, &["--format", "json", "--judge", "rows"]).findings() {
        let key = (text(&finding["pack"]), text(&finding["condition"]));
        if conditions.contains_key(&key) {
            let entry = counts.entry(key).or_default();
            for (place, side) in ["verdict", "legal"].into_iter().enumerate() {
                *entry[place].entry(text(&finding[side])).or_default() += 1;
            }
        }
    }
    counts
}

fn counted(printed: &Value) -> Counts {
    let side = |one: &Value, name: &str| -> BTreeMap<String, u64> {
        let tally = one[name].as_object().expect("a tally").iter();
        tally.map(|(verdict, count)| (verdict.clone(), count.as_u64().unwrap_or_default())).collect()
    };
    let conditions = printed["conditions"].as_array().expect("conditions").iter();
    conditions
        .map(|one| ((text(&one["pack"]), text(&one["condition"])), [side(one, "range"), side(one, "legal")]))
        .collect()
}

#[test]
fn vehicles_counted_lot_by_lot_are_the_vehicles_listed() {
    let folder = Written::empty();
    for (name, scenario, more) in [
        ("one", "plain", &[][..]),
        ("groups", "mixed", &["--row-group", "100"]),
        ("mixed-up", "mixed", &["--unsorted", "--row-group", "100", "--unpriced", "3 %"]),
    ] {
        let size = ["--vehicles", "60", "--lines", "20", "--lots", "400", "--scenario", scenario];
        let ran = filiera(folder.path(), &[&["synth", name][..], &size, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.seen());
        let lots = check(folder.path(), name, &["--format", "json", "--judge", "lots"]);
        let printed: Value =
            serde_json::from_str(&lots.out).unwrap_or_else(|error| panic!("{error}: {}", lots.seen()));
        assert_eq!(printed["schema"], "filiera.fleet/1", "{}", lots.seen());
        let counts = counted(&printed);
        assert!(counts.len() >= 3, "{counts:?}");
        assert_eq!(counts, listed(&folder, name, &counts), "{name}");
        let rows = check(folder.path(), name, &["--judge", "rows"]);
        assert_eq!(lots.code, rows.code, "{}", rows.seen());
    }
}

#[test]
fn the_screen_counts_vehicles_and_says_how_they_were_judged() {
    let folder = Written::empty();
    let size = ["--vehicles", "60", "--lines", "20", "--lots", "400"];
    assert_eq!(filiera(folder.path(), &[&["synth", "plain"][..], &size].concat()).code, 0);
    insta::assert_snapshot!(check(folder.path(), "plain", &["--judge", "lots", "-v"]).seen());
    let small = check(folder.path(), "plain", &["-v"]);
    assert!(!small.out.contains("lot by lot"), "few rows are judged in memory: {}", small.seen());
}

#[test]
fn what_no_sum_tells_is_judged_in_memory_and_said_to_be() {
    let folder = Written::empty();
    let size = ["--vehicles", "30", "--lines", "10", "--lots", "150", "--scenario", "odd"];
    assert_eq!(filiera(folder.path(), &[&["synth", "odd"][..], &size].concat()).code, 0);
    let (lots, rows) = (check(folder.path(), "odd", &["--judge", "lots"]), check(folder.path(), "odd", &[]));
    assert!(lots.err.contains("row by row") && lots.err.contains("not declared complete"), "{}", lots.seen());
    assert_eq!((lots.code, lots.out), (rows.code, rows.out));
}

#[test]
fn workbooks_and_pages_are_not_made_lot_by_lot() {
    let folder = Written::empty();
    let size = ["--vehicles", "5", "--lines", "4", "--lots", "20"];
    assert_eq!(filiera(folder.path(), &[&["synth", "plain"][..], &size].concat()).code, 0);
    let refused = check(folder.path(), "plain", &["--judge", "lots", "--format", "xlsx"]);
    assert!(refused.refused().err.contains("--judge rows"), "{}", refused.seen());
    let refused = check(folder.path(), "plain", &["--judge", "lots", "--format", "parquet"]);
    assert!(refused.refused().err.contains("--out"), "{}", refused.seen());
}

/// Of the open findings of a condition: in how many each paper is missing, and in how many it comes first.
fn papers(findings: &[Value], condition: &str) -> BTreeMap<String, [u64; 2]> {
    let mut papers: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    let own = findings.iter().filter(|one| one["condition"] == condition && one["verdict"] == "undetermined");
    for one in own {
        for (place, paper) in one["missing"].as_array().expect("papers").iter().enumerate() {
            let [heaviest, missing] = papers.entry(text(paper)).or_default();
            *missing += 1;
            *heaviest += u64::from(place == 0);
        }
    }
    papers
}

#[test]
fn the_summary_says_where_values_lie_and_which_papers_weigh_most() {
    let folder = Written::empty();
    let size = ["--vehicles", "24", "--lines", "10", "--lots", "120", "--missing", "30 %"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    let listed = check(folder.path(), "fleet", &["--format", "json", "--judge", "rows"]).findings();
    let told = check(folder.path(), "fleet", &["--format", "json", "--judge", "lots", "-v"]);
    let told: Value =
        serde_json::from_str(&told.out).unwrap_or_else(|error| panic!("{error}: {}", told.seen()));
    let condition = told["conditions"].as_array().expect("conditions").iter();
    let condition = condition.clone().find(|one| one["condition"] == "local-content").expect("a share");
    let own = || listed.iter().filter(|one| one["condition"] == "local-content");
    let mut expected = [0u64; 10];
    for one in own() {
        // 0.412…: the first digit behind the point is the tenth.
        let lower = text(&one["lower"]);
        let tenth = if lower.starts_with("0.") { lower[2..3].parse::<usize>().expect("a digit") } else { 9 };
        expected[tenth] += 1;
    }
    assert!(expected.iter().filter(|count| **count > 0).count() > 2, "{expected:?}");
    assert_eq!(condition["tenths"]["vehicles"], serde_json::json!(expected));
    let papers = papers(&listed, "local-content");
    let named = condition["papers"].as_array().expect("papers");
    assert_eq!(named.len(), papers.len().min(5));
    for one in named {
        let counts = papers[&text(&one["paper"])];
        assert_eq!(serde_json::json!(counts), serde_json::json!([one["heaviest_in"], one["missing_in"]]));
    }
    let most = papers.values().map(|[heaviest, _]| *heaviest).max();
    assert_eq!(most, named[0]["heaviest_in"].as_u64());
    // They are papers that can be asked for.
    let settled = filiera(folder.path(), &[&["settle", "fleet", "--format", "json"][..], &CLOCKS].concat());
    let settled: Value = serde_json::from_str(&settled.out).expect("an object");
    let asked: Vec<String> =
        settled["papers"].as_array().expect("papers").iter().map(|one| text(&one["paper"])).collect();
    for one in named {
        let paper = text(&one["paper"]);
        assert!(asked.iter().any(|own| own.split(' ').next() == Some(&paper)), "{paper} in {asked:?}");
    }
    insta::assert_snapshot!(check(folder.path(), "fleet", &["--judge", "lots", "-v"]).out);
}
