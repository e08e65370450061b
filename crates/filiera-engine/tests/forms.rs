//! The forms `n_of` and `concentration`, worked by hand.

mod common;

use common::{complete, day, dossier, judge, judge_by, n, settings};
use filiera_engine::{Engine, Question};
use filiera_finding::{Finding, Reason};
use filiera_model::{End, Operator, Quality, Verdict};
use filiera_packs::Pack;
use filiera_tables::{Dossier, Population};

const HEAD: &str = "[pack]\ntitle = \"forms\"\nstatus = \"draft\"\n";

fn trade(rows: &str) -> Dossier {
    let table = format!("publisher,reporter,partner,flow,period,value,product\n{rows}");
    let mut dossier = dossier(&[("trade", &table)]);
    complete(&mut dossier, Population::Trade);
    dossier
}

fn dependency(keys: &str, limit: &str) -> String {
    format!(
        "{HEAD}[condition.rule]\ntitle = \"no country has most\"\nper = \"reporter\"\n\
         concentration = {{ of = \"trade\", weigh = \"value\", by = \"partner\", {keys} }}\nat_most = \"{limit}\"\n"
    )
}

fn only(dossier: &Dossier, pack: &str) -> Finding {
    judge(dossier, pack).remove(0)
}

fn ends(finding: &Finding) -> (End, End) {
    let bounds = finding.bounds.clone().unwrap();
    (bounds.lower, bounds.upper)
}

const THREE: &str = "E,IT,CN,import,2025,50,\nE,IT,US,import,2025,30,\nE,IT,JP,import,2025,20,";

#[test]
fn squared_shares_add_up() {
    let found = only(&trade(THREE), &dependency("", "0.38"));
    assert_eq!(ends(&found), (End::closed(n("0.38")), End::closed(n("0.38"))));
    assert_eq!(
        (found.verdict, found.bounds.as_ref().map(|b| b.quality)),
        (Verdict::Met, Some(Quality::Exact))
    );
    assert_eq!(only(&trade(THREE), &dependency("", "0.3799")).verdict, Verdict::NotMet);
    assert!(found.remarks.contains(&"most of the weight lies with `CN`".to_owned()), "{:?}", found.remarks);
    // Without the Union's own: the squares of the others over everything.
    let outside = only(&trade(THREE), &dependency("where = \"partner <> 'US'\"", "0.29"));
    assert_eq!(ends(&outside).0, End::closed(n("0.29")));
    let among = only(&trade(THREE), &dependency("among = \"partner <> 'CN'\"", "0.52"));
    assert_eq!(ends(&among).0, End::closed(n("0.52")));
}

#[test]
fn a_product_nobody_names_stands_alone_or_with_the_heaviest() {
    let rows = "E,IT,CN,import,2025,50,cells\nE,IT,US,import,2025,30,glass\nE,IT,JP,import,2025,20,";
    let by_product = dependency("", "0.4").replace("\"partner\"", "\"product\"");
    let found = only(&trade(rows), &by_product);
    assert_eq!(ends(&found), (End::closed(n("0.38")), End::closed(n("0.58"))));
    assert_eq!(found.verdict, Verdict::Undetermined);
    assert_eq!(found.missing, vec!["product:E · IT · JP · import · 2025"]);
}

#[test]
fn a_value_nobody_states_leaves_it_open_on_both_sides() {
    let items = "offer,item,country,value\nO,1,CN,50\nO,2,US,";
    let mut offered = dossier(&[("offer_items", items)]);
    complete(&mut offered, Population::OfferItems);
    let pack = dependency("", "0.4").replace("trade", "offer_items").replace("partner", "country");
    let found = only(&offered, &pack.replace("reporter", "offer"));
    assert_eq!(ends(&found), (End::closed(n("1/2")), End::closed(n("1"))));
    assert_eq!(found.verdict, Verdict::NotMet, "two groups are never less than a half");
    // A figure of trade may be a balance, and of those below zero there are no shares.
    let found = only(&trade("E,IT,CN,import,2025,50,\nE,IT,US,import,2025,,"), &dependency("", "0.4"));
    assert_eq!((found.verdict, found.bounds), (Verdict::Undetermined, None));
}

#[test]
fn a_list_nobody_vouches_for_says_nothing() {
    let mut dossier = trade(THREE);
    dossier.complete.clear();
    let found = only(&dossier, &dependency("", "0.38"));
    assert_eq!((found.verdict, found.reason), (Verdict::Undetermined, Some(Reason::Incomplete)));
    assert!(found.bounds.is_none() && found.missing.contains(&"complete:trade".to_owned()), "{found:?}");
    let nothing = only(&trade("E,IT,CN,import,2025,0,"), &dependency("", "0.38"));
    assert_eq!((nothing.verdict, nothing.reason), (Verdict::Undetermined, Some(Reason::ZeroTotal)));
    let below = only(&trade("E,IT,CN,import,2025,10,\nE,IT,US,import,2025,-1,"), &dependency("", "0.38"));
    assert_eq!((below.verdict, below.bounds), (Verdict::Undetermined, None));
}

#[test]
fn the_explanation_shows_the_groups() {
    let dossier = trade(THREE);
    let pack = Pack::parse("test/rule", "rule.toml", &dependency("", "0.38")).unwrap();
    let zones = common::zones();
    let settings = settings();
    let engine = Engine::new(&dossier, &[pack.into()], &zones, &settings).unwrap();
    let question = Question { pack: None, condition: "rule", reading: None, subject: "IT" };
    let steps = engine.explain(question).unwrap().arithmetic;
    let of_china = steps.iter().find(|step| step.what == "group CN").unwrap();
    assert_eq!(of_china.result, "1/2 = 50 %, squared 0.250000");
}

/// Members a, b and c, each met by `yes`, not met by `no`, open by nothing, and off by `off`.
fn some_of(needed: usize, cells: [&str; 3]) -> Finding {
    let conditions = ["a", "b", "c"].map(|name| {
        format!(
            "[condition.{name}]\ntitle = \"{name}\"\nper = \"subject\"\nwhen = \"{name} <> 'off'\"\n\
             every = {{ of = \"attestations\", among = \"requirement = '{name}'\", where = \"status = 'done'\" }}\n"
        )
    });
    let columns = ["a", "b", "c"].map(|name| format!("{name} = {{ of = \"subject\", kind = \"text\" }}\n"));
    let pack = format!(
        "{HEAD}[columns]\n{}{}[condition.some]\ntitle = \"some\"\nn_of = {{ at_least = {needed}, members = [\"a\", \"b\", \"c\"] }}\n",
        columns.concat(),
        conditions.concat()
    );
    let status = |cell: &str| match cell {
        "yes" => "done",
        "no" => "refused",
        _ => "",
    };
    let rows = ["a", "b", "c"].iter().zip(cells).map(|(name, cell)| format!("S,{name},{}\n", status(cell)));
    let attestations = format!("subject,requirement,status\n{}", rows.collect::<String>());
    let off = |cell: &str| if cell == "off" { "off" } else { "on" };
    let companies = format!("company,a,b,c\nS,{},{},{}", off(cells[0]), off(cells[1]), off(cells[2]));
    let mut dossier = dossier(&[("attestations", &attestations), ("companies", &companies)]);
    complete(&mut dossier, Population::Attestations);
    let settings = filiera_engine::Settings { law_as_of: day("2026-01-01"), ..settings() };
    judge_by(&dossier, &pack, &settings).remove(3)
}

#[test]
fn members_are_counted_in_three_values() {
    for (needed, cells, verdict, least, most) in [
        (2, ["yes", "yes", ""], Verdict::Met, 2, 3),
        (2, ["yes", "no", ""], Verdict::Undetermined, 1, 2),
        (2, ["no", "no", ""], Verdict::NotMet, 0, 1),
        (3, ["yes", "yes", "yes"], Verdict::Met, 3, 3),
        (2, ["yes", "off", "no"], Verdict::NotMet, 1, 1),
        (2, ["yes", "off", "yes"], Verdict::Met, 2, 2),
    ] {
        let found = some_of(needed, cells);
        assert_eq!(found.verdict, verdict, "{needed} of {cells:?}");
        let count = |value: i64| End::closed(filiera_model::Exact::from_int(value));
        assert_eq!(ends(&found), (count(least), count(most)), "{needed} of {cells:?}");
        assert_eq!(
            (found.operator, found.threshold),
            (Some(Operator::AtLeast), Some(filiera_model::Exact::from_int(needed)))
        );
    }
}

#[test]
fn what_the_number_is_compared_with_is_said() {
    let found = some_of(2, ["yes", "off", "no"]);
    assert_eq!(
        found.remarks,
        vec!["2 of 3 members apply, and 2 must be met all the same; not applicable: b"]
    );
    assert_eq!(found.members, vec!["c"]);
    let nobody = some_of(1, ["off", "off", "off"]);
    assert_eq!((nobody.verdict, nobody.reason), (Verdict::NotApplicable, Some(Reason::NoMemberApplies)));
    assert!(nobody.bounds.is_none() && nobody.remarks.is_empty());
}
