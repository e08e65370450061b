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

/// Of the papers of a condition: in how many subjects each is missing, decides alone, and decides whatever it says.
fn papers(settled: &Value, condition: &str) -> BTreeMap<String, [u64; 3]> {
    let mut papers: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let findings = settled["findings"].as_array().expect("findings");
    let named = |says: &Value, paper: &str| {
        says.as_array().is_some_and(|all| all.iter().any(|one| one["paper"] == paper))
    };
    for one in findings.iter().filter(|one| one["condition"] == condition) {
        for paper in one["papers"].as_array().expect("papers") {
            let paper = text(paper);
            let either = &one["either_way"]["papers"];
            let is_only = either.as_array().is_some_and(|all| all.len() == 1) && named(either, &paper);
            let counts = [true, named(&one["alone"], &paper), is_only].map(u64::from);
            let all = papers.entry(paper).or_default();
            all.iter_mut().zip(counts).for_each(|(all, own)| *all += own);
        }
    }
    papers
}

#[test]
fn the_summary_says_where_values_lie_and_which_papers_decide_most() {
    let folder = Written::empty();
    let size = ["--vehicles", "24", "--lines", "10", "--lots", "120", "--missing", "30 %"];
    assert_eq!(filiera(folder.path(), &[&["synth", "fleet"][..], &size].concat()).code, 0);
    let listed = check(folder.path(), "fleet", &["--format", "json", "--judge", "rows"]).findings();
    let told = check(folder.path(), "fleet", &["--format", "json", "--judge", "lots"]);
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
    let asked = [&["settle", "fleet", "--format", "json", "--within", "40"][..], &CLOCKS].concat();
    let settled: Value = serde_json::from_str(&filiera(folder.path(), &asked).out).expect("an object");
    let papers = papers(&settled, "local-content");
    let named = condition["papers"].as_array().expect("papers");
    assert_eq!(condition["looked_into"], condition["range"]["undetermined"]);
    assert_eq!(condition["papers_in_all"], serde_json::json!(papers.len()));
    for one in named {
        let counts = [&one["missing_in"], &one["decides_in"], &one["either_way_in"]];
        assert_eq!(serde_json::json!(papers[&text(&one["paper"])]), serde_json::json!(counts), "{one}");
        assert_eq!(one["untold_in"], 0);
    }
    let most = papers.values().map(|[_, decides, _]| *decides).max();
    assert!(most > Some(1));
    assert_eq!(most, named[0]["decides_in"].as_u64());
    insta::assert_snapshot!(check(folder.path(), "fleet", &["--judge", "lots"]).out);
}
