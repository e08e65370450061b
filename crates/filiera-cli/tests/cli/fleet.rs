use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Written, check, filiera};

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
