//! Published trade figures: each beside the same flow a year before, with the rounding they were printed in.

mod common;

use common::{complete, dossier, judge, n};
use filiera_finding::Finding;
use filiera_model::{Exact, Quality, Verdict};
use filiera_tables::{Dossier, Population};

const HEAD: &str = "[pack]\ntitle = \"trade\"\nstatus = \"draft\"\n";
const COLUMNS: &str =
    "publisher,reporter,partner,flow,period,value,value_rounded_to,growth,growth_rounded_to\n";

fn trade(rows: &str) -> Dossier {
    let mut dossier = dossier(&[("trade", &format!("{COLUMNS}{rows}"))]);
    complete(&mut dossier, Population::Trade);
    dossier
}

fn growth(dossier: &Dossier) -> Finding {
    let pack = format!(
        "{HEAD}[condition.growth]\ntitle = \"growth\"\nper = [\"publisher\", \"partner\", \"period\"]\n\
         ratio = {{ of = \"trade_change\", weigh = \"value\", totals = {{ now = \"year = 'this'\", \
         before = \"year = 'before'\" }}, top = [\"now\", \"-before\"], bottom = [\"before\"] }}\nat_least = 0\n"
    );
    judge(dossier, &pack).into_iter().find(|finding| finding.subject == "P · CN · 2025").unwrap()
}

/// The ends of a finding, which must have both.
fn ends(finding: &Finding) -> (Exact, Exact) {
    let bounds = finding.bounds.as_ref().unwrap();
    (bounds.lower.value.clone().unwrap(), bounds.upper.value.clone().unwrap())
}

#[test]
fn what_was_published_for_the_year_before_comes_first() {
    let found = growth(&trade("P,IT,CN,export,2025,50,,0.9,\nP,IT,CN,export,2024,40,,,"));
    assert_eq!(ends(&found), (n("1/4"), n("1/4")));
    assert_eq!(found.bounds.unwrap().quality, Quality::Exact);
    // Another publisher's figure is not this one's.
    let found = growth(&trade("P,IT,CN,export,2025,50,,0.25,\nQ,IT,CN,export,2024,10,,,"));
    assert_eq!(ends(&found), (n("1/4"), n("1/4")));
}

#[test]
fn a_year_before_is_computed_between_the_ends_of_the_rounding() {
    let found =
        growth(&trade("P,IT,CN,export,2025,9.1,0.1,-0.111,0.001\nP,IT,CN,import,2025,40.7,0.1,0.245,0.001"));
    let (lower, upper) = ends(&found);
    // The printed +16 % is consistent with the printed parts; +15 % and +17 % are not.
    assert!(lower > n("0.15") && lower < n("0.16"), "{lower:?}");
    assert!(upper > n("0.16") && upper < n("0.17"), "{upper:?}");
    assert_eq!((found.verdict, found.bounds.unwrap().quality), (Verdict::Met, Quality::Sound));
}

/// Every true pair of figures that prints so has its growth inside the bounds.
#[test]
fn no_completion_lies_outside() {
    let found = growth(&trade("P,IT,CN,export,2025,9,1,0.1,0.1\nP,IT,CN,import,2025,40,1,-0.2,0.1"));
    let (lower, upper) = ends(&found);
    let steps = || (0..=4).map(|step| Exact::ratio(step, 4).unwrap());
    let between = |middle: &str, unit: &str, step: Exact| &n(middle) + &(&n(unit) * &(&step - &n("1/2")));
    for (a, b) in steps().flat_map(|a| steps().map(move |b| (a.clone(), b))) {
        for (g, h) in steps().flat_map(|g| steps().map(move |h| (g.clone(), h))) {
            let (exports, imports) = (between("9", "1", a.clone()), between("40", "1", b.clone()));
            let one = Exact::one();
            let before = &exports.checked_div(&(&one + &between("0.1", "0.1", g.clone()))).unwrap()
                + &imports.checked_div(&(&one + &between("-0.2", "0.1", h))).unwrap();
            let true_growth = (&(&exports + &imports) - &before).checked_div(&before).unwrap();
            assert!(lower <= true_growth && true_growth <= upper, "{true_growth:?}");
        }
    }
}

#[test]
fn a_figure_without_growth_leaves_the_year_before_open() {
    for rows in ["P,IT,CN,export,2025,50,,,", "P,IT,CN,export,2025,,,0.1,", "P,IT,CN,export,2025,50,,-1,"] {
        let found = growth(&trade(rows));
        assert_eq!(found.verdict, Verdict::Undetermined, "{rows}");
    }
}

#[test]
fn a_list_of_figures_that_nobody_vouches_for_is_open() {
    let rows = format!("{COLUMNS}P,IT,CN,export,2025,50,,,\nP,IT,CN,export,2024,40,,,");
    let found = growth(&dossier(&[("trade", &rows)]));
    assert_eq!((found.verdict, found.missing), (Verdict::Undetermined, vec!["complete:trade".to_owned()]));
}

/// A dossier's own column that a pack declares as countries is read like any other country.
#[test]
fn a_declared_column_of_countries_is_compared_with_countries() {
    let items = "offer,item,country,named\nA,1,IT,ITA\nB,1,IT,CN\nC,1,IT,nowhere\nD,1,IT,";
    let mut dossier = dossier(&[("offer_items", items)]);
    complete(&mut dossier, Population::OfferItems);
    let pack = format!(
        "{HEAD}[columns]\nnamed = {{ of = \"offer_items\", kind = \"country\" }}\n[condition.same]\n\
         title = \"same\"\nper = \"offer\"\nevery = {{ of = \"offer_items\", where = \"country = named\" }}\n"
    );
    let found: Vec<Verdict> = judge(&dossier, &pack).iter().map(|finding| finding.verdict).collect();
    use Verdict as V;
    assert_eq!(found, vec![V::Met, V::NotMet, V::Undetermined, V::Undetermined]);
}

/// Of a flow that was published in parts, or twice, nobody can say which of them this year's is to be
/// measured by.
#[test]
fn a_year_before_that_was_published_twice_is_open() {
    let found =
        growth(&trade("P,IT,CN,export,2025,50,,,\nP,IT,CN,export,2024,20,,,\nP,IT,CN,export,2024,20,,,"));
    assert_eq!(found.verdict, Verdict::Undetermined);
}

fn before(rows: &str) -> (Exact, Exact) {
    let pack = format!(
        "{HEAD}[condition.before]\ntitle = \"before\"\nper = [\"publisher\", \"partner\", \"period\"]\n\
         total = {{ of = \"trade_change\", weigh = \"value\", among = \"year = 'before'\" }}\nat_least = 0\n"
    );
    let found = judge(&trade(rows), &pack).into_iter().find(|finding| finding.subject == "P · CN · 2025");
    ends(&found.unwrap())
}

#[test]
fn a_year_before_is_bounded_around_zero_and_below() {
    // Printed as nothing, it was half a unit at most, and never less than nothing.
    assert_eq!(before("P,IT,CN,export,2025,0,1,0.25,"), (n("0"), n("2/5")));
    // A balance may lie below zero: -10 after growing by 25 to 100 % was -8 to -5.
    assert_eq!(before("P,IT,CN,balance,2025,-10,,0.625,0.75"), (n("-8"), n("-5")));
}
