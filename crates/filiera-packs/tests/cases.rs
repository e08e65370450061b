//! Case files: what is expected, compared, blessed and covered.

use filiera_model::{Day, Exact, Quality, Verdict};
use filiera_packs::{Blessing, CaseFile, Coverage, Covered, ExpectedEnd, Gap, Pack, Seen};

const CASES: &str = r#"# Kept as it is.
[[case]]
name     = "one"
complete = ["components"]
tables.bom = """
parent, child
R,      A
"""
expect = [
    { condition = "share", subject = "V1", verdict = "met", legal = "met", lower = "45 %", upper = "inf", reason = "no_rows" },  # a remark
    { condition = "share", reading = "by-mass", subject = "V1", verdict = "undetermined", missing = ["mass:A", "price:B"], remark = "one basis" },
]

[[case]]
name        = "two"
complete    = { flows = ["V1", "V2"] }
law_as_of   = 2025-01-01
destination = "IT"
unverified  = true

[[case.expect]]
condition = "share"
subject   = "V2"
verdict   = "not_met"   # it falls short
bounds    = "exact"
due       = 2030-12-31

[[excuse]]
condition = "share"
outcome   = "undetermined"
why       = "for the test"
"#;

const PACK: &str = r#"
[pack]
title  = "t"
status = "enacted"

[parameter.least]
unit   = "share"
values = [
    { from = 2024-01-01, value = "40 %", cite = "x" },
    { from = 2025-01-01, value = "45 %", cite = "x" },
]

[parameter.guess]
unit   = "number"
values = [{ value = 2, cite = "x", confidence = "memory" }]

[condition.share]
title    = "t"
per      = "vehicle"
share    = { of = "components", weigh = "value", where = "origin = 'IT'" }
at_least = "$least"

[condition.pieces]
title    = "t"
per      = "vehicle"
status   = "draft"
count    = { of = "components" }
at_least = "$guess"

[reading.by-mass]
of    = "share"
title = "t"
share = { of = "components", weigh = "mass", where = "origin = 'IT'" }
"#;

fn cases() -> CaseFile {
    CaseFile::parse("p.test.toml", CASES).unwrap()
}

fn number(text: &str) -> ExpectedEnd {
    ExpectedEnd::Exact(Exact::parse(text).unwrap())
}

fn seen(verdict: Verdict) -> Seen {
    Seen {
        verdict,
        legal: verdict,
        lower: Some(number("9/20")),
        upper: Some(ExpectedEnd::Unlimited),
        legal_lower: None,
        legal_upper: None,
        threshold: None,
        bounds: Some(Quality::Sound),
        reason: None,
        missing: vec!["price:B".to_owned(), "mass:A".to_owned()],
        settles: Some(vec!["price:B".to_owned()]),
        settles_either_way: None,
        remarks: vec!["the bases used are two".to_owned()],
        due: Some("2031-12-31".parse().unwrap()),
    }
}

#[test]
fn a_case_is_read_as_written() {
    let cases = cases();
    let [one, two] = cases.cases.as_slice() else { panic!() };
    assert_eq!(one.law_as_of, Day::from_ymd(2026, 11, 22).unwrap());
    assert_eq!(two.law_as_of, Day::from_ymd(2025, 1, 1).unwrap());
    assert_eq!(one.complete["components"], None);
    assert_eq!(two.complete["flows"].as_deref(), Some(["V1".to_owned(), "V2".to_owned()].as_slice()));
    assert_eq!(one.tables["bom"].value, "parent, child\nR,      A\n");
    assert_eq!(&cases.source[one.tables["bom"].span.clone()], one.tables["bom"].value);
    assert_eq!((two.destination.as_deref(), two.unverified), (Some("IT"), true));
    assert_eq!(one.expect[0].upper, Some(ExpectedEnd::Unlimited));
    assert_eq!(CASES.lines().nth(two.expect[0].line as usize - 1), Some("[[case.expect]]"));
    assert_eq!(CASES.lines().nth(two.line as usize - 1), Some("[[case]]"));
}

#[test]
fn only_what_is_stated_is_compared() {
    let cases = cases();
    let keys = |case: usize, place: usize, verdict| -> Vec<&str> {
        let differences = cases.cases[case].expect[place].compare(&seen(verdict));
        differences.iter().map(|difference| difference.key).collect()
    };
    assert_eq!(keys(0, 0, Verdict::Met), vec!["reason"], "45 % and 9/20 are one number");
    assert_eq!(keys(0, 0, Verdict::NotMet), vec!["verdict", "legal", "reason"]);
    assert_eq!(keys(0, 1, Verdict::Undetermined), vec!["remark"], "missing papers have no order");
    assert_eq!(keys(1, 0, Verdict::NotMet), vec!["bounds", "due"]);
    let mut narrower = seen(Verdict::Met);
    narrower.lower = Some(number("44.9999 %"));
    let found = cases.cases[0].expect[0].compare(&narrower);
    assert_eq!(
        (found[0].key, found[0].expected.as_str(), found[0].seen.as_str()),
        ("lower", "0.45", "0.449999")
    );
    narrower.remarks.push("only one basis was used".to_owned());
    assert!(cases.cases[0].expect[1].compare(&narrower).iter().all(|difference| difference.key != "remark"));
    narrower.lower = None;
    assert_eq!(cases.cases[0].expect[0].compare(&narrower)[0].seen, "–");
    narrower.missing.clear();
    let found = cases.cases[0].expect[1].compare(&narrower);
    assert!(found.iter().any(|difference| difference.key == "missing" && difference.seen == "–"));
}

#[test]
fn blessing_changes_what_differs_and_nothing_else() {
    let cases = cases();
    let places = [
        (0, 0, Verdict::NotMet),
        (0, 1, Verdict::Undetermined),
        (1, 0, Verdict::NotMet),
        (7, 7, Verdict::Met),
    ];
    let blessings =
        places.map(|(case, expectation, verdict)| Blessing { case, expectation, seen: seen(verdict) });
    let blessed = cases.bless(&blessings);
    let expected = CASES
        .replace(r#"verdict = "met", legal = "met""#, r#"verdict = "not_met", legal = "not_met""#)
        .replace(r#", reason = "no_rows" }"#, " }")
        .replace(r#"remark = "one basis""#, r#"remark = "the bases used are two""#)
        .replace("\"exact\"", "\"sound\"")
        .replace("due       = 2030", "due       = 2031");
    assert_eq!(blessed, expected);
    let again = CaseFile::parse("p.test.toml", &blessed).unwrap();
    for (case, expectation, verdict) in places.into_iter().take(3) {
        assert!(again.cases[case].expect[expectation].compare(&seen(verdict)).is_empty());
    }
    assert_eq!(again.bless(&blessings), blessed, "blessing twice changes nothing");
    assert_eq!(cases.bless(&[]), CASES);
}

#[test]
fn names_are_those_of_the_pack() {
    let pack = Pack::parse("it/p", "p.toml", PACK).unwrap();
    assert!(cases().check_against(&pack).is_empty());
    let text = CASES
        .replace("reading = \"by-mass\"", "reading = \"by-mas\"")
        .replace("[[excuse]]\ncondition = \"share\"", "[[excuse]]\ncondition = \"shares\"");
    let faults = CaseFile::parse("p.test.toml", &text).unwrap().check_against(&pack);
    let messages: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        vec!["there is no reading `by-mas` in `it/p`", "there is no condition `shares` in `it/p`"]
    );
}

#[test]
fn what_no_case_showed_is_listed() {
    let pack = Pack::parse("it/p", "p.toml", PACK).unwrap();
    let cases = cases();
    let mut coverage = Coverage::new();
    for verdict in [Verdict::Met, Verdict::NotMet, Verdict::NotApplicable] {
        coverage.saw("share", verdict);
        coverage.saw("pieces", verdict);
    }
    coverage.reached("least", 1);
    let gaps = coverage.gaps(&pack, &cases);
    let [Gap::Outcome { condition, outcome: Verdict::Undetermined }, guess, least] = gaps.as_slice() else {
        panic!("{gaps:?}")
    };
    assert_eq!(condition, "pieces", "the other one is excused");
    assert!(matches!(guess, Gap::Value { parameter, from_memory: true, .. } if parameter == "guess"));
    let Gap::Value { parameter, from, from_memory: false, span } = least else { panic!("{gaps:?}") };
    assert_eq!((parameter.as_str(), from.unwrap().to_string().as_str()), ("least", "2024-01-01"));
    assert_eq!(pack.text(span), "\"40 %\"");
    let expected = Covered {
        outcomes: 6,
        outcomes_seen: 4,
        outcomes_excused: 1,
        values: 2,
        values_reached: 1,
        memory_values: 1,
        memory_values_reached: 0,
    };
    assert_eq!(coverage.covered(&pack, &cases), expected);

    coverage.saw("share", Verdict::Undetermined);
    assert!(
        matches!(coverage.gaps(&pack, &cases).last(), Some(Gap::IdleExcuse { condition, .. }) if condition == "share")
    );
}
