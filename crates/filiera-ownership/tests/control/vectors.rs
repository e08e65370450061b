//! Cases that other people wrote down, from their own files.

use std::collections::BTreeMap;
use std::fs;

use filiera_model::{Bounds, Exact, Mark, Operator, Rounding, Verdict};
use filiera_ownership::{Below, Metric, Tier};
use filiera_testkit::outside_data;
use serde_json::Value;

use crate::draft::{Draft, Row};

fn cases(test: &str, file: &str) -> Vec<Value> {
    let Some(path) = outside_data(test, &format!("tests/{file}")) else { return Vec::new() };
    let text = fs::read_to_string(path).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    value["cases"].as_array().unwrap().clone()
}

fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn of(case: &Value, key: &str) -> String {
    case[key].as_str().unwrap_or_default().to_owned()
}

/// The edges of a case as stakes.
fn edges(case: &Value, mut draft: Draft) -> Draft {
    for edge in case["edges"].as_array().unwrap() {
        draft.rows.push(Row {
            owner: of(edge, "owner"),
            company: of(edge, "subject"),
            share: Some(of(edge, "share")),
            ..Row::default()
        });
    }
    draft
}

fn rounded(value: &Exact) -> String {
    value.to_decimal(8, Rounding::HalfUp)
}

fn exactly(bounds: &Bounds) -> Exact {
    assert_eq!(bounds.lower, bounds.upper, "{bounds:?}");
    bounds.lower.value.clone().unwrap()
}

#[test]
fn control_by_more_than_half_of_the_votes() {
    for case in cases("control_gt50", "ownership_exact.json") {
        let view = edges(&case, Draft::default()).control();
        let id = &case["id"];
        if case["control_gt50"] == "CONFLICT" {
            let company = view.party("T");
            assert!(view.0.snapshot().conflict(company).is_some(), "{id}");
            for owner in ["A", "B"] {
                assert_eq!(view.mark(owner, "T"), Mark::Maybe, "{id}");
            }
            continue;
        }
        let expected = case["control_gt50"].as_object().unwrap();
        let parties: Vec<String> =
            view.0.snapshot().register().parties().map(|party| view.name(party)).collect();
        for party in parties {
            let controlled: Vec<&str> = expected
                .get(&party)
                .map(|list| list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect())
                .unwrap_or_default();
            assert_eq!(view.controlled(&party), controlled, "{id}: {party}");
        }
    }
}

#[test]
fn an_ownerless_loop_controls_what_it_holds() {
    let draft = Draft::complete().holdings("A 100% of B\nB 100% of A\nB 60% of T\nP 40% of T");
    let view = draft.control();
    let ultimate = view.0.ultimate_of(view.party("T"));
    let names: Vec<String> = ultimate.candidates.iter().map(|party| view.name(*party)).collect();
    assert_eq!((names, ultimate.unknown), (vec!["A".to_owned(), "B".to_owned()], false));
}

#[test]
fn classes_loyalty_concert_and_boards() {
    for case in cases("votes_and_rights", "votes_and_rights.json") {
        let id = of(&case, "id");
        let draft = of_classes(&case);
        let view = draft.control();
        let company = view.party("Company");
        for (key, metric) in [("equity", Metric::Equity), ("votes", Metric::Votes)] {
            for (holder, percent) in case[key].as_object().into_iter().flatten() {
                if holder.contains('+') {
                    continue;
                }
                let part =
                    view.0.snapshot().matrix(metric).part(view.party(holder), company).unwrap().clone();
                assert!(part.is_point(), "{id}: {holder} {part}");
                assert_eq!(rounded(&part.least), rounded(&n(percent.as_str().unwrap())), "{id}: {holder}");
            }
        }
        if let Some(exact) = case["exact"].as_str() {
            let part = view.0.votes_of(view.party("P"), company, false);
            assert_eq!(exactly(&part), n(exact), "{id}");
        }
        match case["controller"].as_str() {
            Some("P+Q jointly") => {
                assert_eq!(view.controllers("Company"), [] as [&str; 0]);
                for holder in ["P", "Q"] {
                    assert_eq!(view.jointly(holder, "Company"), Mark::Yes, "{id}");
                    assert_eq!(view.mark(holder, "Company"), Mark::No, "{id}");
                }
                assert_eq!(view.jointly("R", "Company"), Mark::No);
                let joint = view.0.controllers_of(company);
                assert!(joint.iter().all(|one| exactly(&one.votes) == n("55%")), "{id}");
            }
            controller => {
                assert_eq!(view.controllers("Company"), Vec::from_iter(controller), "{id}");
                let may = view.0.controllers_of(company).len();
                assert_eq!(may, usize::from(controller.is_some()), "{id}: nobody else may");
            }
        }
    }
}

/// The company of a case: its holdings by class, or its votes and capital as stated, or its board.
fn of_classes(case: &Value) -> Draft {
    let mut draft = Draft::complete();
    let holdings: Vec<Value> = case["holdings"].as_array().cloned().unwrap_or_default();
    let total: u64 = holdings.iter().map(|one| one["shares"].as_u64().unwrap()).sum();
    let mut votes = BTreeMap::new();
    for class in case["classes"].as_array().into_iter().flatten() {
        votes.insert(of(class, "name"), class["votes_per_share"].to_string());
    }
    for holding in &holdings {
        let class = holding["cls"].as_str().map(str::to_owned);
        let share = Exact::ratio(holding["shares"].as_u64().unwrap(), total).unwrap();
        draft.rows.push(Row {
            owner: of(holding, "holder"),
            company: "Company".into(),
            votes_per_share: class.as_ref().and_then(|class| votes.get(class).cloned()),
            class,
            share: Some(share.to_text()),
            ..Row::default()
        });
    }
    if holdings.is_empty() {
        for (key, kind) in [("equity", "shares"), ("votes", "votes")] {
            for (holder, percent) in case[key].as_object().into_iter().flatten() {
                draft.rows.push(Row {
                    owner: holder.clone(),
                    company: "Company".into(),
                    kind: Some(kind),
                    share: percent.as_str().map(str::to_owned),
                    ..Row::default()
                });
            }
        }
    }
    if case["board"].is_object() {
        // Two directors each, of four: no others are left.
        draft = draft.with_all_seats();
    }
    for (holder, seats) in case["board"].as_object().into_iter().flatten() {
        for seat in 0..seats.as_u64().unwrap() {
            draft = draft.seat("Company", &format!("{holder}{seat}"), Some(holder));
        }
    }
    for pact in case["concert"].as_array().into_iter().flatten() {
        let members: Vec<&str> = pact.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        draft = draft.pact(&members);
    }
    draft
}

#[test]
fn half_owned_by_the_blocked_is_blocked_in_full() {
    let tier = Tier { full_at: n("1/2"), below: Below::Nothing };
    for case in cases("ofac50", "ofac50.json") {
        let snapshot = edges(&case, Draft::complete()).snapshot();
        let register = snapshot.register();
        let listed: Vec<_> =
            case["sdn"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        let marks = |party| if listed.contains(&register.name(party)) { Mark::Yes } else { Mark::No };
        let attributed = snapshot.attributed(Metric::Equity, &tier, &marks, Mark::Maybe);
        for (company, blocked) in case["expect"].as_object().unwrap() {
            let part = &attributed[register.party(company).unwrap().place()];
            let verdict = part.judge(Operator::AtLeast, &tier.full_at);
            let expected = if blocked.as_bool().unwrap() { Verdict::Met } else { Verdict::NotMet };
            assert_eq!(verdict, expected, "{}: {company} {part:?}", case["id"]);
        }
        for (company, percent) in case["integrated"].as_object().unwrap() {
            let party = register.party(company).unwrap();
            let part = snapshot.reach(party, Metric::Equity, &marks, Mark::Maybe);
            assert_eq!(exactly(&part), n(percent.as_str().unwrap()), "{}: {company}", case["id"]);
        }
    }
}

#[test]
fn what_is_not_listed_may_be_the_blocked_ones() {
    let tier = Tier { full_at: n("1/2"), below: Below::Nothing };
    let snapshot = Draft::default().holdings("X 25% of A\nA 50% of B").snapshot();
    let register = snapshot.register();
    let marks = |party| if register.name(party) == "X" { Mark::Yes } else { Mark::No };
    let attributed = snapshot.attributed(Metric::Equity, &tier, &marks, Mark::Maybe);
    for company in ["A", "B"] {
        let part = &attributed[register.party(company).unwrap().place()];
        assert_eq!(part.judge(Operator::AtLeast, &tier.full_at), Verdict::Undetermined, "{company}");
    }
}

#[test]
fn tiers_at_half_count_as_the_same_entity() {
    let tier = Tier { full_at: n("1/2"), below: Below::Product };
    for case in cases("feoc", "feoc.json") {
        let snapshot = edges(&case, Draft::complete()).snapshot();
        let register = snapshot.register();
        let marks = |party| if register.name(party) == "GOV" { Mark::Yes } else { Mark::No };
        let attributed = snapshot.attributed(Metric::Equity, &tier, &marks, Mark::Maybe);
        for (company, percent) in case["attributed"].as_object().unwrap() {
            let part = &attributed[register.party(company).unwrap().place()];
            assert_eq!(exactly(part), n(&format!("{percent}%")), "{}: {company}", case["id"]);
        }
        for (company, is_feoc) in case["feoc_25"].as_object().unwrap() {
            let part = &attributed[register.party(company).unwrap().place()];
            let met = part.judge(Operator::AtLeast, &n("25%")) == Verdict::Met;
            assert_eq!(met, is_feoc.as_bool().unwrap(), "{}: {company}", case["id"]);
        }
    }
}

#[test]
fn acquirers_count_what_their_controlled_companies_hold() {
    for case in cases("golden_power", "golden_power.json") {
        match case["id"].as_str() {
            Some("f9") => through_an_associate(&case),
            Some("f11") => through_a_shell(&case),
            _ => {}
        }
    }
}

/// 6 % direct, and 10 % through an associate held at 40 %: 6 % along control, 10 % integrated.
fn through_an_associate(case: &Value) {
    let direct = case["direct_after"].as_u64().unwrap();
    let associate = case["via_40pct_associate"].as_u64().unwrap();
    let draft = Draft::complete().holdings(&format!(
        "X {direct}% of T\nX 40% of Associate\nAssociate {associate}% of T\nQ 60% of Associate"
    ));
    let view = draft.control();
    let (x, target) = (view.party("X"), view.party("T"));
    assert_eq!(exactly(&view.0.equity_of(x, target, true)), n("6%"));
    let marks = |party| if party == x { Mark::Yes } else { Mark::No };
    let integrated = view.0.snapshot().reach(target, Metric::Equity, &marks, Mark::Maybe);
    assert_eq!(exactly(&integrated), n("10%"));
}

/// An acquirer with a seat in the Union that somebody outside controls with 60 %.
fn through_a_shell(case: &Value) {
    let after = case["after"].as_u64().unwrap();
    let draft = Draft::default().holdings(&format!("Outside 60% of Shell\nShell {after}% of T"));
    let view = draft.control();
    assert_eq!(view.mark("Outside", "Shell"), Mark::Yes);
    let held = view.0.equity_of(view.party("Outside"), view.party("T"), false);
    assert_eq!(exactly(&held), n("11%"));
}

/// A listed supplier of which nobody lists owners: who controls it is not known, because it is exempt.
#[test]
fn a_listed_company_without_owners_is_exempt() {
    let cases = cases("a_listed_company_without_owners_is_exempt", "duplicates_and_suppliers.json");
    for case in cases.iter().filter(|case| of(case, "id") == "listed_no_owner") {
        assert_eq!(of(&case["verdicts"], "ultimate_controller"), "unknown, reason exempt");
        let view = Draft::default().company("S", None, Some(true), None).control();
        let ultimate = view.0.ultimate_of(view.party("S"));
        let words: Vec<&str> = ultimate.why.iter().map(|why| view.0.in_words(*why)).collect();
        assert_eq!((ultimate.unknown, words), (true, vec!["exempt: listed company"]));
    }
}
