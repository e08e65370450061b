//! Worked examples that others made: `ownership_exact`, `intervals`, `interval_cycle_dk`,
//! `duplicates_and_suppliers`. Control has its own.

mod common;

use std::collections::BTreeMap;

use common::{Row, banded, companies, complete, dossier, n, party, snapshot, stake};
use filiera_model::{Bounds, Exact, Mark, Operator, Verdict};
use filiera_ownership::{Band, Conflict, Holder, Metric, Remark, Snapshot};
use filiera_tables::TableKind;
use serde_json::Value;

fn read(test: &str, file: &str) -> Option<Value> {
    let path = filiera_testkit::outside_data(test, file)?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {value}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn edges(case: &Value) -> Vec<Row> {
    let edge = |edge: &Value| stake(text(edge, "owner"), text(edge, "subject"), text(edge, "share"));
    list(case, "edges").iter().map(edge).collect()
}

/// The parts that parties have in one another, 0 left out.
fn integrated(snapshot: &Snapshot) -> BTreeMap<(String, String), Bounds> {
    let name = |party| snapshot.register().name(party).to_owned();
    let found = snapshot.holdings().filter_map(|holding| match holding.owner {
        Holder::Party(owner) => Some(((name(owner), name(holding.company)), holding.share)),
        _ => None,
    });
    found.collect()
}

#[test]
fn integrated_holdings_are_those_worked_out_by_hand() {
    let Some(vectors) = read("ownership_exact", "tests/ownership_exact.json") else { return };
    for case in list(&vectors, "cases") {
        let snapshot = snapshot(&dossier(&edges(case)));
        let Some(expected) = case["integrated"].as_object() else { continue };
        if text(case, "id") == "sum_over_100" {
            continue;
        }
        let expected: BTreeMap<(String, String), Bounds> = expected
            .iter()
            .flat_map(|(owner, of)| {
                of.as_object().unwrap().iter().map(move |(company, share)| (owner, company, share))
            })
            .map(|(owner, company, share)| {
                ((owner.clone(), company.clone()), Bounds::exactly(n(text(share, "exact"))))
            })
            .collect();
        assert_eq!(integrated(&snapshot), expected, "{}", text(case, "id"));
    }
}

#[test]
fn an_ownerless_loop_is_named_and_has_what_nobody_has() {
    let Some(vectors) = read("closed_loop_tail", "tests/ownership_exact.json") else { return };
    let case = list(&vectors, "cases").iter().find(|case| text(case, "id") == "closed_loop_tail").unwrap();
    let snapshot = snapshot(&dossier(&edges(case)));
    let (a, b) = (party(&snapshot, "A"), party(&snapshot, "B"));
    assert_eq!(snapshot.loops(), vec![vec![a, b]]);
    let of_t = snapshot.holdings_of(party(&snapshot, "T"));
    let ends: Vec<(Holder, Bounds)> = of_t
        .into_iter()
        .filter(|holding| holding.ultimate)
        .map(|holding| (holding.owner, holding.share))
        .collect();
    let expected = vec![
        (Holder::Party(party(&snapshot, "P")), Bounds::exactly(n("0.4"))),
        (Holder::Loop(vec![a, b]), Bounds::exactly(n("0.6"))),
    ];
    assert_eq!(ends, expected);
}

#[test]
fn shares_above_the_whole_are_a_conflict_and_no_answer() {
    let Some(vectors) = read("sum_over_100", "tests/ownership_exact.json") else { return };
    let case = list(&vectors, "cases").iter().find(|case| text(case, "id") == "sum_over_100").unwrap();
    let mut rows = edges(case);
    rows.push(stake("T", "U", "0.5"));
    let snapshot = snapshot(&dossier(&rows));
    let t = party(&snapshot, "T");
    let expected = Conflict::OverWhole { company: t, sum: n("1.3"), rows: vec![0, 1] };
    assert_eq!(snapshot.conflicts().collect::<Vec<_>>(), [&expected]);
    for owner in ["A", "B"] {
        let holding = snapshot.holding(party(&snapshot, owner), t);
        assert_eq!(holding.share.judge(Operator::MoreThan, &n("0.5")), Verdict::Undetermined);
        let below = snapshot.holding(party(&snapshot, owner), party(&snapshot, "U"));
        assert_eq!((below.share.lower.value, below.share.upper.value), (Some(n("0")), Some(n("0.5"))));
    }
}

fn percent(value: &Value) -> Exact {
    n(&format!("{value}%"))
}

/// A band as BODS writes it.
fn band(share: &Value) -> Band {
    let end = |keys: [&str; 2]| {
        keys.iter().find_map(|key| share.get(key).filter(|value| value.is_number())).map(percent)
    };
    let open =
        |flag: &str| share.get(flag).is_some_and(|value| value.is_number() || value == &Value::Bool(true));
    Band {
        least: end(["min", "exclusiveMinimum"])
            .or_else(|| end(["minimum", "minimum"]))
            .unwrap_or_else(Exact::zero),
        least_open: open("exclusiveMin") || open("exclusiveMinimum"),
        most: end(["max", "maximum"]).unwrap_or_else(Exact::one),
        most_open: open("exclusiveMax"),
    }
}

fn answers(case: &Value, bounds: &Bounds) {
    for (question, answer) in case["answers"].as_object().unwrap() {
        let (operator, threshold) = match question.strip_prefix(">=") {
            Some(threshold) => (Operator::AtLeast, threshold),
            None => (Operator::MoreThan, question.trim_start_matches('>')),
        };
        let verdict = match bounds.judge(operator, &n(&format!("{threshold}%"))) {
            Verdict::Met => "yes",
            Verdict::NotMet => "no",
            _ => "undetermined",
        };
        assert_eq!(verdict, answer, "{question} of {bounds:?}");
    }
}

#[test]
fn bands_give_the_answers_worked_out_by_hand() {
    let Some(vectors) = read("intervals", "tests/intervals.json") else { return };
    let case = |id: &str| list(&vectors, "cases").iter().find(|case| text(case, "id") == id).unwrap();

    let product = case("product");
    let links = list(product, "chain").iter().enumerate();
    let rows: Vec<Row> = links
        .map(|(at, link)| common::row_of(&format!("C{at}"), &format!("C{}", at + 1), &band(link)))
        .collect();
    let chain = snapshot(&dossier(&rows));
    let bounds = chain.holding(party(&chain, "C0"), party(&chain, "C2")).share;
    let expected = &product["bounds"];
    assert_eq!(bounds.lower.value, Some(percent(&expected["lower"])));
    assert_eq!(bounds.upper.value, Some(percent(&expected["upper"])));
    assert_eq!(bounds.lower.open, expected["lower_open"].as_bool().unwrap());
    assert_eq!(bounds.upper.open, expected["upper_open"].as_bool().unwrap());
    answers(product, &bounds);

    let psc = case("psc_band_25_50");
    let one = snapshot(&dossier(&[common::row_of("P", "T", &band(&psc["share"]))]));
    answers(psc, &one.holding(party(&one, "P"), party(&one, "T")).share);
}

fn listed(case: &Value) -> Vec<Row> {
    list(case, "owners").iter().map(|owner| common::row_of(text(owner, "o"), "T", &band(owner))).collect()
}

#[test]
fn the_sum_tightens_bands_and_refuses_what_cannot_be() {
    let Some(vectors) = read("intervals, sums", "tests/intervals.json") else { return };
    let case = |id: &str| list(&vectors, "cases").iter().find(|case| text(case, "id") == id).unwrap();

    let sum = case("sum_constraint");
    let three = snapshot(&complete(&listed(sum), &["T"]));
    for (owner, ends) in sum["bounds"].as_object().unwrap() {
        let share = three.holding(party(&three, owner), party(&three, "T")).share;
        let expected = (Some(percent(&ends[0])), Some(percent(&ends[1])));
        assert_eq!((share.lower.value, share.upper.value), expected, "{owner}");
    }

    let infeasible = snapshot(&dossier(&listed(case("infeasible"))));
    let conflicts: Vec<&Conflict> = infeasible.conflicts().collect();
    assert!(matches!(conflicts[..], [Conflict::OverWhole { sum, .. }] if *sum == n("1.25")), "{conflicts:?}");
}

/// `50-67`, `<5` or `100`, in per cent.
fn danish(owner: &str, subject: &str, share: &str) -> Row {
    let percent = |text: &str| format!("{text}%");
    match (share.split_once('-'), share.strip_prefix('<')) {
        (Some((least, most)), _) => banded(owner, subject, &percent(least), &percent(most)),
        (_, Some(most)) => banded(owner, subject, "0", &percent(most)),
        _ => stake(owner, subject, &percent(share)),
    }
}

#[test]
fn bands_on_a_real_cycle_enclose_the_published_bounds_closely() {
    let Some(vectors) = read("interval_cycle_dk", "tests/interval_cycle_dk.json") else { return };
    let active = list(&vectors, "edges").iter().filter(|edge| edge["active"] == true);
    let rows: Vec<Row> =
        active.map(|edge| danish(text(edge, "owner"), text(edge, "subject"), text(edge, "share"))).collect();
    let snapshot = snapshot(&dossier(&rows));
    let focus = party(&snapshot, "FOCUS");
    // The published ends are rounded to six decimals of a per cent.
    let (close, rounding) = (n("0.0001"), n("0.00000001"));
    for (owner, published) in vectors["expected_percent_of_FOCUS"].as_object().unwrap() {
        let share = snapshot.holding(party(&snapshot, owner), focus).share;
        let (lower, upper) = (share.lower.value.unwrap(), share.upper.value.unwrap());
        let (low, high) = (percent(&published["lower"]), percent(&published["upper"]));
        assert!(lower <= &low + &rounding && &high - &rounding <= upper, "{owner}: {lower}..{upper}");
        assert!(&low - &lower < close && &upper - &high < close, "{owner}: {lower}..{upper}");
        assert_eq!(share.quality, filiera_model::Quality::Exact);
    }
}

fn duplicates(id: &str) -> Option<(Value, Vec<Row>)> {
    let vectors = read(id, "tests/duplicates_and_suppliers.json")?;
    let case = list(&vectors, "cases").iter().find(|case| text(case, "id") == id)?.clone();
    let rows = edges(&case);
    Some((case, rows))
}

fn held(documents: [Option<&str>; 2]) -> Option<(Snapshot, Bounds)> {
    let (case, mut rows) = duplicates("same_lei_twice")?;
    for (row, document) in rows.iter_mut().zip(documents) {
        row.document = document.map(str::to_owned);
    }
    let entities: Vec<[&str; 4]> = list(&case, "entities")
        .iter()
        .map(|one| [text(one, "id"), text(one, "name"), "", text(one, "lei")])
        .collect();
    let mut dossier = dossier(&rows);
    dossier.tables.insert(TableKind::Companies, companies(&entities));
    let snapshot = snapshot(&dossier);
    assert_eq!(party(&snapshot, "a"), party(&snapshot, "b"));
    let share = snapshot.holding(party(&snapshot, "P"), party(&snapshot, "b")).share;
    Some((snapshot, share))
}

#[test]
fn one_identifier_is_one_company_and_its_rows_count_once_or_add_up() {
    let Some((snapshot, open)) = held([None, None]) else { return };
    assert_eq!((open.lower.value, open.upper.value), (Some(n("0.3")), Some(n("0.6"))));
    let remarks: Vec<&Remark> = snapshot.remarks().collect();
    assert!(matches!(remarks[..], [Remark::Merged { .. }, Remark::NotSeparable { .. }]), "{remarks:?}");
    let (_, two_sources) = held([Some("register"), Some("filing")]).unwrap();
    assert_eq!(two_sources, Bounds::exactly(n("0.3")));
    let (_, two_blocks) = held([Some("filing"), Some("filing")]).unwrap();
    assert_eq!(two_blocks, Bounds::exactly(n("0.6")));
}

#[test]
fn people_of_one_name_stay_two() {
    let Some((case, rows)) = duplicates("same_name_two_people") else { return };
    let persons: Vec<[&str; 4]> =
        list(&case, "persons").iter().map(|one| [text(one, "id"), text(one, "name"), "", ""]).collect();
    let mut dossier = dossier(&rows);
    dossier.tables.insert(TableKind::Companies, companies(&persons));
    let snapshot = snapshot(&dossier);
    for person in ["p1", "p2"] {
        let share = snapshot.holding(party(&snapshot, person), party(&snapshot, "T")).share;
        assert_eq!(share, Bounds::exactly(n("0.3")));
    }
    let (p1, p2) = (party(&snapshot, "p1"), party(&snapshot, "p2"));
    let either = |one| if one == p1 || one == p2 { Mark::Yes } else { Mark::No };
    let both = snapshot.reach(party(&snapshot, "T"), Metric::Equity, &either, Mark::No);
    assert_eq!(both, Bounds::exactly(n("0.6")));
}

#[test]
fn a_plant_at_home_has_its_owner_abroad() {
    let Some((case, _)) = duplicates("it_plant_prc_owner") else { return };
    let owners = list(&case, "owners");
    let rows: Vec<Row> =
        owners.iter().map(|owner| stake(text(owner, "holder"), "plant", text(owner, "share"))).collect();
    let abroad: Vec<[&str; 4]> =
        owners.iter().map(|owner| [text(owner, "holder"), "", text(owner, "country"), ""]).collect();
    let mut dossier = dossier(&rows);
    dossier.tables.insert(TableKind::Companies, companies(&abroad));
    let snapshot = snapshot(&dossier);
    let country = |party| snapshot.register().facts(party).and_then(|facts| facts.country);
    let from_china = |party| match country(party) {
        Some(country) if country.alpha2() == "CN" => Mark::Yes,
        Some(_) => Mark::No,
        None => Mark::Maybe,
    };
    let plant = party(&snapshot, "plant");
    let listed = snapshot.reach(plant, Metric::Equity, &from_china, Mark::No);
    assert_eq!(listed, Bounds::exactly(n("0.6")));
    let whole = snapshot.reach(plant, Metric::Equity, &from_china, Mark::Maybe);
    assert_eq!((whole.lower.value, whole.upper.value), (Some(n("0.6")), Some(n("1"))));
}
