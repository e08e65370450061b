use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{CLOCKS, PACK, Ran, Written, filiera};

fn breakeven(dossier: &Written, subject: &str, more: &[&str]) -> Ran {
    let asked = ["breakeven", ".", "--subject", subject, "--condition", "content"];
    filiera(dossier.path(), &[&asked[..], &CLOCKS, more].concat())
}

fn json(dossier: &Written, subject: &str, more: &[&str]) -> Value {
    let ran = breakeven(dossier, subject, &[more, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.seen()))
}

/// 60 of 100 from Italy, and two thirds are asked: 20/3 too little. The Italian door would do at 80,
/// the Polish seat at 30.
const TWO_THIRDS: &str = "\"2/3\"";

#[test]
fn what_is_short_and_the_prices_that_would_do() {
    let dossier = Written::dossier().with("pack.toml", PACK.replace("\"50 %\"", TWO_THIRDS));
    let found = json(&dossier, "V1", &[]);
    assert_eq!(found["schema"], "filiera.breakeven/1");
    let moving = &found["moving"];
    assert_eq!((&moving["spare"], &moving["to"]), (&false.into(), &"marked".into()));
    assert_eq!(
        moving["amount"],
        serde_json::json!({"fraction": "20/3", "rounded": "6.67", "certified": true})
    );
    let (door, seat) = (&found["prices"][0], &found["prices"][1]);
    assert_eq!(
        (&door["part"], &door["met"], &door["now"]),
        (&"DOOR".into(), &"at_or_above".into(), &"60".into())
    );
    assert_eq!(door["at"], serde_json::json!({"fraction": "80", "rounded": "80.00", "certified": true}));
    assert_eq!((&seat["part"], &seat["met"]), (&"SEAT".into(), &"at_or_below".into()));
    assert_eq!(seat["at"], serde_json::json!({"fraction": "30", "rounded": "30.00", "certified": true}));
    let ran = breakeven(&dossier, "V1", &[]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.seen());
}

#[test]
fn what_is_to_spare_is_rounded_down() {
    let dossier = Written::dossier().with("pack.toml", PACK.replace("\"50 %\"", "\"1/3\""));
    let found = json(&dossier, "V1", &["--part", "SEAT"]);
    let moving = &found["moving"];
    assert_eq!((&moving["spare"], &moving["to"]), (&true.into(), &"not_marked".into()));
    // 60 − 100/3
    assert_eq!(
        moving["amount"],
        serde_json::json!({"fraction": "80/3", "rounded": "26.66", "certified": true})
    );
    assert_eq!(found["prices"][0]["at"]["fraction"], "120");
}

/// More than asked, not at least: on the threshold itself it is not met yet.
#[test]
fn a_strict_comparison_needs_one_cent_more() {
    let pack = PACK.replace("at_least = \"50 %\"", "more_than = \"75 %\"");
    let found = json(&Written::dossier().with("pack.toml", pack), "V1", &[]);
    assert_eq!(
        found["moving"]["amount"],
        serde_json::json!({"fraction": "15", "rounded": "15.01", "certified": true})
    );
    assert_eq!(
        found["prices"][0]["at"],
        serde_json::json!({"fraction": "120", "rounded": "120.01", "certified": true})
    );
    assert_eq!(
        found["prices"][1]["at"],
        serde_json::json!({"fraction": "20", "rounded": "19.99", "certified": true})
    );
}

#[test]
fn no_price_does_it_where_none_does() {
    // Of V3 the door is Italian and the lamp of nobody knows where: all of it is asked for.
    let pack = PACK.replace("\"50 %\"", "\"100 %\"");
    let found = json(&Written::dossier().with("pack.toml", pack), "V3", &[]);
    let prices = found["prices"].as_array().expect("a list");
    for (part, why) in [("DOOR", "no price does it"), ("LAMP", "")] {
        let price = prices.iter().find(|price| price["part"] == part).expect("the part");
        assert!(price["why"].as_str().unwrap_or_default().contains(why), "{price}");
    }
    let lamp = prices.iter().find(|price| price["part"] == "LAMP").expect("the part");
    assert_eq!(lamp["at"]["fraction"], "0", "{lamp}");
}

#[test]
fn a_price_nobody_knows_leaves_no_limit() {
    let parts = "part,name,class,procurement,supplier,unit_value,currency,mass_kg\nDOOR,door,body,buy,S1,60,EUR,20\nSEAT,seat,interior,buy,S2,,EUR,15\nLAMP,lamp,light,buy,S2,100,EUR,2\n";
    let found = json(&Written::dossier().with("parts.csv", parts), "V1", &[]);
    assert_eq!(found["moving"]["amount"], Value::Null);
    assert!(found["moving"]["why"].as_str().expect("a reason").contains("price:SEAT"), "{found}");
    // The price that is missing has a break-even all the same.
    let seat = found["prices"].as_array().expect("a list").iter().find(|price| price["part"] == "SEAT");
    assert_eq!(seat.expect("the part")["at"]["fraction"], "60", "{found}");
}

#[test]
fn a_total_that_is_declared() {
    let pack = PACK
        .replace(
            "where = \"origin = 'IT'\" }",
            "where = \"origin <> 'IT'\", of_total = \"ex_works_price\", remainder = \"no\" }",
        )
        .replace("at_least = \"50 %\"", "at_most = \"25 %\"");
    let dossier = Written::dossier()
        .with("pack.toml", pack)
        .with("vehicles.csv", "vehicle,root,built_on,ex_works_price,currency\nV1,CAR,2026-03-01,120,EUR\n");
    let found = json(&dossier, "V1", &[]);
    // 40 of 120 is a third; a quarter is 30.
    assert_eq!(
        found["moving"]["amount"],
        serde_json::json!({"fraction": "10", "rounded": "10.00", "certified": true})
    );
    assert_eq!(found["moving"]["to"], "not_marked");
    let seat = found["prices"].as_array().expect("a list").iter().find(|price| price["part"] == "SEAT");
    assert_eq!(
        seat.expect("the part")["at"],
        serde_json::json!({"fraction": "30", "rounded": "30.00", "certified": true})
    );
}

#[test]
fn what_has_no_break_even_is_refused() {
    let dossier = Written::dossier();
    assert!(breakeven(&dossier, "V9", &[]).refused().err.contains("V1"));
    let every = PACK
        .replace(
            "share = { of = \"components\", weigh = \"value\", where",
            "every = { of = \"components\", where",
        )
        .replace("at_least = \"50 %\"\n", "");
    let ran = breakeven(&Written::dossier().with("pack.toml", every), "V1", &[]);
    assert!(ran.refused().err.contains("it is `every`"), "{}", ran.err);
    let later = PACK.replace("per = \"vehicle\"", "per = \"vehicle\"\nwhen = \"root = 'VAN'\"");
    let ran = breakeven(&Written::dossier().with("pack.toml", later), "V1", &[]);
    assert!(ran.refused().err.contains("does not speak"), "{}", ran.err);
}
