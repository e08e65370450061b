//! Prices and shares that others published, with sums they are known to have.

use std::fs;

use filiera_testkit::outside_data;
use insta::assert_snapshot;

use crate::support::{Written, filiera};

#[test]
fn a_rover_with_the_habits_of_spreadsheets() {
    let Some(path) =
        outside_data("a_rover_with_the_habits_of_spreadsheets", "origin/jpl-rover/parts_list.csv")
    else {
        return;
    };
    let folder = Written::empty().with("parts_list.csv", fs::read(path).expect("a file"));
    let ran = filiera(folder.path(), &["inspect", "--format", "json", "parts_list.csv"]);
    assert_eq!(ran.code, 2, "its faults are no secret: {}", ran.err);
    assert_eq!(ran.inspected()["sums"]["value"]["USD"], "1253.31");
    let text = filiera(folder.path(), &["inspect", "parts_list.csv"]);
    for row in 43..=46 {
        assert!(text.out.contains(&format!("row {row}\n")), "{}", text.out);
    }
    assert_snapshot!(text.seen());
}

const JAPAN: &str = "\
[pack]
title = \"Value from Japan\"
status = \"draft\"

[condition.japan]
title = \"At least half of the value comes from Japan\"
per = \"vehicle\"
share = { of = \"components\", weigh = \"value\", where = \"origin = 'JP'\" }
at_least = \"50 %\"
";

const TELEPHONE: &str = "\
title = \"iPhone 3GS\"
packs = [\"japan.toml\"]
currency = \"USD\"

[[table.parts]]
file = \"iphone-3gs-bom.csv\"
columns = { part = \"component\", unit_value = \"usd\", supplier = \"supplier\", currency = { const = \"USD\" } }

[[table.bom]]
file = \"iphone-3gs-bom.csv\"
columns = { parent = { const = \"iphone\" }, child = \"component\", quantity = { const = \"1\" } }

[[table.declarations]]
file = \"iphone-3gs-bom.csv\"
columns = { part = \"component\", origin = \"country_iso2\" }

[complete]
components = { by = \"those who took it apart\" }
";

/// 60.60 of 178.96 dollars come from Japan; of 48.00 nobody knows.
#[test]
fn a_telephone_is_a_third_to_three_fifths_japanese() {
    let test = "a_telephone_is_a_third_to_three_fifths_japanese";
    let Some(path) = outside_data(test, "origin/value-by-country/iphone-3gs-bom.csv") else { return };
    let folder = Written::empty().with("iphone-3gs-bom.csv", fs::read(path).expect("a file"));
    let folder = folder.with("dossier.toml", TELEPHONE).with("japan.toml", JAPAN);
    let ran = folder.check(&["--format", "json"]);
    assert_eq!(ran.code, 3, "{}", ran.seen());
    let findings = ran.findings();
    assert_eq!(findings.len(), 1);
    let finding = &findings[0];
    assert_eq!(finding["subject"], "iphone");
    assert_eq!(
        (&finding["lower_fraction"], &finding["upper_fraction"]),
        (&"1515/4474".into(), &"2715/4474".into())
    );
    assert_eq!((&finding["lower"], &finding["upper"]), (&"0.338623156012".into(), &"0.606839517211".into()));
    assert_eq!(finding["bounds"], "exact");
    assert_snapshot!(folder.check(&[]).seen());
}

const LABEL: &str = "\
[pack]
title = \"US/Canada parts content of carlines\"
status = \"draft\"

[columns]
us_ca_pct = { of = \"components\", kind = \"amount\" }

[condition.us-ca]
title = \"At least 75 % US/Canadian parts content\"
per = \"vehicle\"
share = { of = \"components\", weigh = \"us_ca_pct\", of_total = 100, remainder = \"no\" }
at_least = \"75 %\"
";

const CARLINES: &str = "\
title = \"AALA\"
packs = [\"label.toml\"]

[[table.vehicles]]
file = \"aala_clean.csv\"
on_fault = \"set-aside\"
row_sum = { of = [\"us_ca_pct\", \"f1_pct\", \"f2_pct\"], at_most = 100 }
columns = { vehicle = { row = true }, root = { row = true }, maker = \"manufacturer\", model = \"carline\", us_ca_pct = { from = \"us_ca_pct\", unit = \"percent\" } }

[[table.bom]]
file = \"aala_clean.csv\"
columns = { parent = { row = true }, child = { const = \"parts\" }, quantity = { const = \"1\" } }
";

#[test]
fn the_published_content_of_carlines() {
    let Some(path) = outside_data("the_published_content_of_carlines", "origin/nhtsa-aala/aala_clean.csv")
    else {
        return;
    };
    let folder = Written::empty().with("aala_clean.csv", fs::read(path).expect("a file"));
    let folder = folder.with("dossier.toml", CARLINES).with("label.toml", LABEL);
    let ran = folder.check(&["--format", "jsonl"]);
    assert_eq!(ran.code, 1);
    let findings: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).expect("a finding")).collect();
    let count = |verdict: &str, reason: Option<&str>| {
        let is = |one: &&serde_json::Value| {
            one["verdict"] == verdict && one["legal"] == verdict && one["reason"].as_str() == reason
        };
        findings.iter().filter(is).count()
    };
    assert_eq!(findings.len(), 3540);
    assert_eq!((count("met", None), count("not_met", None)), (18, 3460));
    assert_eq!((count("undetermined", None), count("undetermined", Some("set_aside"))), (54, 8));
    assert_snapshot!(folder.check(&["--verbose"]).seen());
}
