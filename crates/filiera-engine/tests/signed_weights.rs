//! Weights that may lie below zero: an empty cell of such a column is open on both sides.

mod common;

use common::{complete, dossier, judge, n};
use filiera_finding::Finding;
use filiera_model::{Bounds, End, Exact, Verdict};
use filiera_tables::{Dossier, Population};
use proptest::prelude::*;

const HEAD: &str = "[pack]\ntitle = \"signs\"\nstatus = \"draft\"\n";

fn balances(rows: &str) -> Dossier {
    let mut dossier = dossier(&[("trade", &format!("publisher,reporter,partner,flow,period,value\n{rows}"))]);
    complete(&mut dossier, Population::Trade);
    dossier
}

fn rule(form: &str) -> String {
    format!("{HEAD}[condition.rule]\ntitle = \"a rule\"\nper = \"publisher\"\n{form}\n")
}

const TOTAL: &str =
    "total = { of = \"trade\", weigh = \"value\", where = \"flow = 'balance'\" }\nat_least = \"0\"";
const RATIO: &str = "ratio = { of = \"trade\", weigh = \"value\", totals = { top = \"partner = 'CN'\", bottom = \"partner = 'US'\" }, top = [\"top\"], bottom = [\"bottom\"] }\nat_least = \"0\"";

fn ends(finding: &Finding) -> (End, End) {
    let Bounds { lower, upper, .. } = finding.bounds.clone().unwrap();
    (lower, upper)
}

#[test]
fn a_missing_balance_may_be_a_deficit() {
    let rows = "P,IT,CN,balance,2024,\nP,IT,US,balance,2024,5";
    let found = &judge(&balances(rows), &rule(TOTAL))[0];
    assert_eq!(ends(found), (End::unlimited(), End::unlimited()));
    assert_eq!(found.verdict, Verdict::Undetermined);
    assert_eq!(found.missing, vec!["value:P · IT · CN · balance · 2024".to_owned()]);
    // Out of scope it may be what it likes.
    let other = &judge(&balances(rows), &rule(&TOTAL.replace("flow = 'balance'", "partner = 'US'")))[0];
    assert_eq!(ends(other), (End::closed(n("5")), End::closed(n("5"))));
}

#[test]
fn what_is_not_listed_may_be_below_zero_too() {
    let header = "publisher,reporter,partner,flow,period,value\n";
    let open = dossier(&[("trade", &format!("{header}P,IT,US,balance,2024,5"))]);
    assert_eq!(ends(&judge(&open, &rule(TOTAL))[0]), (End::unlimited(), End::unlimited()));
    let ratio = &judge(&open, &rule(RATIO))[0];
    assert_eq!((ratio.verdict, ratio.bounds.clone()), (Verdict::Undetermined, None));
}

#[test]
fn a_ratio_over_a_sum_that_may_be_negative_is_open() {
    let found = &judge(&balances("P,IT,CN,balance,2024,3\nP,IT,US,balance,2024,"), &rule(RATIO))[0];
    assert_eq!((found.verdict, found.bounds.clone()), (Verdict::Undetermined, None));
    let top = &judge(&balances("P,IT,CN,balance,2024,\nP,IT,US,balance,2024,3"), &rule(RATIO))[0];
    assert_eq!(ends(top), (End::unlimited(), End::unlimited()));
}

#[test]
fn there_are_no_shares_of_weights_below_zero() {
    let share =
        rule("share = { of = \"trade\", weigh = \"value\", where = \"partner = 'CN'\" }\nat_most = \"50 %\"");
    for rows in
        ["P,IT,CN,balance,2024,1\nP,IT,US,balance,2024,", "P,IT,CN,balance,2024,1\nP,IT,US,balance,2024,-9"]
    {
        let found = &judge(&balances(rows), &share)[0];
        assert_eq!((found.verdict, found.bounds.clone()), (Verdict::Undetermined, None), "{rows}");
        assert!(found.remarks.iter().any(|remark| remark.contains("below zero")), "{:?}", found.remarks);
    }
    let known = &judge(&balances("P,IT,CN,balance,2024,1\nP,IT,US,balance,2024,3"), &share)[0];
    assert_eq!(ends(known), (End::closed(n("1/4")), End::closed(n("1/4"))));
}

/// Of a column that a pack declares an amount nothing lies below zero: an empty cell is open upwards only.
#[test]
fn a_declared_amount_is_never_below_zero() {
    let pack = |kind: &str| {
        format!(
            "{HEAD}[columns]\nweight = {{ of = \"offer_items\", kind = \"{kind}\" }}\n[condition.rule]\ntitle = \"a rule\"\n\
             per = \"offer\"\ntotal = {{ of = \"offer_items\", weigh = \"weight\" }}\nat_least = \"5\"\n"
        )
    };
    let items = |rows: &str| {
        let mut dossier = dossier(&[("offer_items", &format!("offer,item,weight\n{rows}"))]);
        complete(&mut dossier, Population::OfferItems);
        dossier
    };
    let five = "A,1,5\nA,2,";
    assert_eq!(judge(&items(five), &pack("amount"))[0].verdict, Verdict::Met);
    assert_eq!(judge(&items(five), &pack("number"))[0].verdict, Verdict::Undetermined);
    // What must not be below zero and is says nothing.
    let below = &judge(&items("A,1,-5\nA,2,2"), &pack("amount"))[0];
    assert_eq!((ends(below).0, below.verdict), (End::closed(n("2")), Verdict::Undetermined));
    assert_eq!(ends(&judge(&items("A,1,-5\nA,2,2"), &pack("number"))[0]).1, End::closed(n("-3")));
}

/// A figure: whose trade it is, and its value where it is known.
type Figure = (bool, Option<i64>);

fn figures() -> impl Strategy<Value = Vec<Figure>> {
    let value = prop_oneof![3 => (-4i64..8).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((any::<bool>(), value), 1..5)
}

/// Every way to fill the missing values in, with whole numbers on both sides of zero.
fn completions(figures: &[Figure]) -> Vec<Vec<(bool, i64)>> {
    let mut all: Vec<Vec<(bool, i64)>> = vec![Vec::new()];
    for (is_top, value) in figures {
        let values: Vec<i64> = value.map_or_else(|| vec![-30, -1, 0, 1, 30], |value| vec![value]);
        let grown = all.iter().flat_map(|so_far| {
            values.iter().map(move |value| [so_far.as_slice(), &[(*is_top, *value)]].concat())
        });
        all = grown.collect();
    }
    all
}

/// The verdict that a value refutes, by whether it passes.
fn wrong(passes: bool) -> Verdict {
    if passes { Verdict::NotMet } else { Verdict::Met }
}

fn lies_in(bounds: &Bounds, value: &Exact) -> bool {
    let above = bounds.lower.value.as_ref().is_none_or(|lower| lower <= value);
    above && bounds.upper.value.as_ref().is_none_or(|upper| value <= upper)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Totals and ratios of signed figures hold every completion, and none of them turns a verdict.
    #[test]
    fn every_completion_of_signed_figures_lies_inside(figures in figures()) {
        let rows: Vec<String> = figures.iter().enumerate().map(|(place, (is_top, value))| {
            let partner = if *is_top { "CN" } else { "US" };
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            format!("P,IT,{partner},balance,{},{value}", 2000 + place)
        }).collect();
        let dossier = balances(&rows.join("\n"));
        let (total, ratio) = (&judge(&dossier, &rule(TOTAL))[0], &judge(&dossier, &rule(RATIO))[0]);
        for completion in completions(&figures) {
            let sum = |wanted: Option<bool>| -> i64 {
                let those = completion.iter().filter(|(is_top, _)| wanted.is_none_or(|wanted| wanted == *is_top));
                those.map(|(_, value)| *value).sum()
            };
            let all = Exact::from_int(sum(None));
            prop_assert!(lies_in(total.bounds.as_ref().unwrap(), &all), "{:?} {all}", total.bounds);
            let passes = !all.is_negative();
            prop_assert_ne!(total.verdict, wrong(passes));
            let Some(part) = Exact::ratio(sum(Some(true)), sum(Some(false))) else { continue };
            if let Some(bounds) = &ratio.bounds {
                prop_assert!(lies_in(bounds, &part), "{bounds:?} {part}");
            }
            let passes = !part.is_negative();
            prop_assert_ne!(ratio.verdict, wrong(passes));
        }
    }
}
