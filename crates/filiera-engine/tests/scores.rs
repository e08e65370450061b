//! Tender scores: the formulas, the premium, ranks and ties.

mod common;

use common::{complete, dossier, judge, n};
use filiera_engine::{Engine, Question};
use filiera_finding::{Finding, Reason};
use filiera_model::{End, Verdict};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population};
use filiera_testkit::outside_data;
use serde_json::Value;

const HEAD: &str = "[pack]\ntitle = \"scores\"\nstatus = \"draft\"\n\
                    [columns]\nbase_price = { of = \"offers\", kind = \"number\" }\n\
                    quality = { of = \"offers\", kind = \"number\" }\n";

fn pack(points: &str, more: &str) -> String {
    format!(
        "{HEAD}[condition.award]\ntitle = \"the best offer\"\nper = \"offer\"\n\
         score = {{ of = \"offers\", points = [{points}]{more} }}\n"
    )
}

fn offers(rows: &str) -> Dossier {
    let table = format!("tender,offer,price,technical_points,base_price,quality\n{rows}");
    let mut dossier = dossier(&[("offers", &table)]);
    complete(&mut dossier, Population::Offers);
    dossier
}

fn of<'a>(found: &'a [Finding], subject: &str) -> &'a Finding {
    let of_award = |finding: &&Finding| finding.subject == subject && finding.condition == "award";
    found.iter().find(of_award).unwrap()
}

fn total(found: &[Finding], subject: &str) -> (End, End) {
    let bounds = of(found, subject).bounds.clone().unwrap();
    (bounds.lower, bounds.upper)
}

fn exactly(text: &str) -> (End, End) {
    (End::closed(n(text)), End::closed(n(text)))
}

/// The points of every offer under a formula, rounded to four decimals.
fn economic(formula: &str, prices: &[Value], base: &Value) -> Vec<String> {
    let rows: String =
        prices.iter().enumerate().map(|(place, price)| format!("T,O{place},{price},,{base},\n")).collect();
    let found = judge(&offers(&rows), &pack(formula, ", decimals = 4"));
    let value = |place| of(&found, &format!("O{place}")).bounds.clone().unwrap().lower.value.unwrap();
    (0..prices.len()).map(|place| value(place).to_text()).collect()
}

#[test]
fn published_points_come_out_of_every_formula() {
    let Some(path) = outside_data("published tender scores", "tests/scoring_it.json") else { return };
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let discounted = "max = 30, price = \"price\", base = \"base_price\"";
    let formulas = [
        ("linear_on_discount", format!("{{ formula = \"linear\", {discounted} }}")),
        ("minmax_on_price", "{ formula = \"min-max\", max = 30, price = \"price\" }".to_owned()),
        ("inverse_proportion", "{ formula = \"inverse\", max = 30, price = \"price\" }".to_owned()),
        ("bilinear_080", format!("{{ formula = \"bilinear\", at = \"0.80\", {discounted} }}")),
        ("bilinear_085", format!("{{ formula = \"bilinear\", at = \"0.85\", {discounted} }}")),
        ("bilinear_090", format!("{{ formula = \"bilinear\", at = \"0.90\", {discounted} }}")),
        ("power_0_5", format!("{{ formula = \"power\", exponent = \"1/2\", {discounted} }}")),
        ("power_2", format!("{{ formula = \"power\", exponent = 2, {discounted} }}")),
    ];
    for case in vectors["economic"].as_array().unwrap() {
        for (name, formula) in &formulas {
            let found = economic(formula, case["prices"].as_array().unwrap(), &case["base_price"]);
            let expected: Vec<String> = case[name]
                .as_array()
                .unwrap()
                .iter()
                .map(|points| n(&points.to_string()).to_text())
                .collect();
            assert_eq!(found, expected, "{name} of {}", case["prices"]);
        }
    }
}

/// A at 100 with all parts trusted, B at 80 without, both of 50 technical points; 8 points of premium.
fn premium(formula: &str, max: i64, of_a: &str) -> (Vec<Finding>, Dossier, String) {
    let rows = "tender,offer,price,technical_points\nT,A,100,50\nT,B,80,50";
    let items = format!("offer,item,country\nA,1,IT\nA,2,{of_a}\nB,1,CN");
    let mut dossier = dossier(&[("offers", rows), ("offer_items", &items)]);
    complete(&mut dossier, Population::Offers);
    complete(&mut dossier, Population::OfferItems);
    let pack = format!(
        "{HEAD}[condition.trusted]\ntitle = \"all parts are trusted\"\nper = \"offer\"\n\
         every = {{ of = \"offer_items\", where = \"country IN @EU\" }}\n\
         [condition.award]\ntitle = \"the best offer\"\nper = \"offer\"\n\
         score = {{ of = \"offers\", points = [{{ column = \"technical_points\", max = 70 }}, \
         {{ title = \"premium\", met = \"trusted\", points = 8 }}, \
         {{ formula = \"{formula}\", max = {max}, price = \"price\" }}], decimals = 2 }}\n"
    );
    (judge(&dossier, &pack), dossier, pack)
}

#[test]
fn a_premium_wins_or_not() {
    for (formula, max, a, b, winner) in
        [("inverse", 10, "66", "60", "A"), ("min-max", 30, "58", "80", "B"), ("inverse", 30, "82", "80", "A")]
    {
        let (found, ..) = premium(formula, max, "FR");
        assert_eq!(total(&found, "A"), exactly(a), "{formula}");
        assert_eq!(total(&found, "B"), exactly(b), "{formula}");
        let loser = if winner == "A" { "B" } else { "A" };
        assert_eq!(of(&found, winner).verdict, Verdict::Met, "{formula}");
        assert_eq!(of(&found, loser).verdict, Verdict::NotMet, "{formula}");
        let rank = of(&found, loser).rank.unwrap();
        assert_eq!((rank.best, rank.worst), (2, 2));
    }
}

#[test]
fn an_open_premium_opens_the_award() {
    let (found, ..) = premium("inverse", 30, "");
    assert_eq!(total(&found, "A"), (End::closed(n("74")), End::closed(n("82"))));
    let a = of(&found, "A");
    assert_eq!(
        (a.verdict, a.rank.map(|rank| (rank.best, rank.worst))),
        (Verdict::Undetermined, Some((1, 2)))
    );
    assert_eq!(a.missing, vec!["country:A · 2"]);
    let (lost, ..) = premium("min-max", 30, "");
    assert_eq!((of(&lost, "A").verdict, of(&lost, "B").verdict), (Verdict::NotMet, Verdict::Met));
}

#[test]
fn a_premium_has_a_price() {
    for (max, part) in [(10, "1/5 = 20 %"), (30, "11/15 ≈ 73.3333 %")] {
        let (_, dossier, pack) = premium("inverse", max, "FR");
        let pack = Pack::parse("test/rule", "rule.toml", &pack).unwrap();
        let (zones, settings) = (common::zones(), common::settings());
        let engine = Engine::new(&dossier, &[pack.into()], &zones, &settings).unwrap();
        let question = Question { pack: None, condition: "award", reading: None, subject: "A" };
        let steps = engine.explain(question).unwrap().arithmetic;
        let in_price = steps.iter().find(|step| step.what == "premium in price").unwrap();
        assert_eq!(in_price.result, part);
    }
}

#[test]
fn equal_points_are_a_tie_and_no_award() {
    let points = "{ column = \"technical_points\" }, { where = \"quality >= 5\", points = 3 }";
    let found = judge(&offers("T,A,1,60,,5\nT,B,1,63,,1\nT,C,1,50,,1\nU,D,1,10,,1"), &pack(points, ""));
    for tied in ["A", "B"] {
        assert_eq!(
            (of(&found, tied).verdict, of(&found, tied).reason),
            (Verdict::Undetermined, Some(Reason::Tie))
        );
    }
    assert_eq!(of(&found, "C").verdict, Verdict::NotMet);
    // Another tender is another award.
    assert_eq!(
        (of(&found, "D").verdict, of(&found, "D").rank.map(|rank| rank.worst)),
        (Verdict::Met, Some(1))
    );
    let open = judge(&offers("T,A,1,60,,\nT,B,1,61,,1"), &pack(points, ""));
    assert_eq!(total(&open, "A"), (End::closed(n("60")), End::closed(n("63"))));
    assert_eq!(of(&open, "A").missing, vec!["quality:T · A"]);
}

#[test]
fn a_price_nobody_states_opens_every_place() {
    let points = "{ formula = \"inverse\", max = 30, price = \"price\" }, { column = \"technical_points\" }";
    let found = judge(&offers("T,A,,60,,\nT,B,80,20,,\nT,C,80,40,,"), &pack(points, ", decimals = 2"));
    assert_eq!(total(&found, "A"), (End::closed(n("60")), End::closed(n("90"))));
    assert_eq!((of(&found, "A").verdict, of(&found, "B").verdict), (Verdict::Undetermined, Verdict::NotMet));
    assert!(of(&found, "A").is_sound_only() && of(&found, "A").missing.contains(&"price:T · A".to_owned()));
}

#[test]
fn of_offers_nobody_vouches_for_no_award_is_known() {
    let mut dossier = offers("T,A,1,60,,5\nT,B,1,20,,1");
    dossier.complete.clear();
    let found = judge(&dossier, &pack("{ column = \"technical_points\" }", ""));
    assert_eq!(
        (of(&found, "A").verdict, of(&found, "A").reason),
        (Verdict::Undetermined, Some(Reason::Incomplete))
    );
    assert!(of(&found, "A").missing.contains(&"complete:offers".to_owned()));
}

/// Whether an offer of which nobody says for which lot it is competes with those of a lot is not known.
#[test]
fn an_offer_for_an_unknown_lot_opens_the_award() {
    let offers = |rows: &str| {
        let mut dossier = dossier(&[("offers", &format!("tender,lot,offer,technical_points\n{rows}"))]);
        complete(&mut dossier, Population::Offers);
        judge(&dossier, &pack("{ column = \"technical_points\" }", ""))
    };
    let found = offers("T,1,A,60\nT,,B,70\nT,2,C,10\nU,,D,10");
    for (offer, missing) in [("A", vec!["lot:T · B"]), ("B", vec!["lot:T · B"]), ("C", vec!["lot:T · B"])]
    {
        let found = of(&found, offer);
        assert_eq!(
            (found.verdict, found.reason),
            (Verdict::Undetermined, Some(Reason::Incomplete)),
            "{offer}"
        );
        assert_eq!(found.missing, missing, "{offer}");
    }
    assert_eq!(of(&found, "D").verdict, Verdict::Met);
    // Of a tender without lots no lot is missing.
    assert_eq!(of(&offers("T,,A,60\nT,,B,70"), "B").verdict, Verdict::Met);
}

/// The price that a discount is taken from is in the currency of its row, as the price is.
#[test]
fn a_base_is_converted_as_its_price_is() {
    let rows = "tender,offer,price,base_price,currency\nT,A,90,100,EUR\nT,B,80,100,USD";
    let mut dossier = dossier(&[("offers", rows), ("rates", "currency,on,per_eur\nUSD,2020-01-01,1.25")]);
    complete(&mut dossier, Population::Offers);
    let found = judge(
        &dossier,
        &pack("{ formula = \"linear\", max = 30, price = \"price\", base = \"base_price\" }", ""),
    );
    assert_eq!(total(&found, "A"), exactly("15"));
    assert_eq!(total(&found, "B"), exactly("30"));
}

#[test]
fn no_discount_is_taken_from_a_base_below_zero() {
    let points = "{ formula = \"linear\", max = 30, price = \"price\", base = \"base_price\" }";
    let found = judge(&offers("T,A,90,,-100,\nT,B,80,,100,"), &pack(points, ""));
    let a = of(&found, "A");
    assert_eq!((a.verdict, a.reason), (Verdict::Undetermined, Some(Reason::Conflict)));
}

/// Two criteria that wait for one cell, one that asks it twice, and a condition that is open.
#[test]
fn points_that_hang_together_are_bounded_and_not_exact() {
    for points in [
        "{ where = \"quality >= 5\", points = 3 }, { where = \"quality < 5\", points = 2 }",
        "{ where = \"quality >= 5 OR quality < 5\", points = 3 }",
    ] {
        let found = judge(&offers("T,A,1,,,\nT,B,1,,,1"), &pack(points, ""));
        assert!(of(&found, "A").is_sound_only(), "{points}");
    }
    let one = judge(&offers("T,A,1,,,\nT,B,1,,,1"), &pack("{ where = \"quality >= 5\", points = 3 }", ""));
    assert!(!of(&one, "A").is_sound_only());
    let (open, ..) = premium("inverse", 30, "");
    assert!(of(&open, "A").is_sound_only());
}
