//! Break-evens against the formula worked by hand.

mod common;

use std::sync::Arc;

use common::{dossier, n, settings, zones};
use filiera_engine::{Question, breakeven};
use filiera_finding::Breakeven;
use filiera_model::Exact;
use filiera_packs::Pack;
use proptest::prelude::*;

fn found(tables: &[(&str, &str)], rule: &str, subject: &str) -> Breakeven {
    let dossier = dossier(tables);
    let text =
        format!("[pack]\ntitle = \"b\"\nstatus = \"draft\"\n[condition.rule]\ntitle = \"a rule\"\n{rule}\n");
    let packs = [Arc::new(Pack::parse("b", "b.toml", &text).unwrap())];
    let question = Question { pack: None, condition: "rule", reading: None, subject };
    breakeven(&dossier, &packs, &zones(), &settings(), question, &[], &|_, _| ()).unwrap()
}

const COSTS: &str = "subject,kind,amount,currency\nM,net,1000,EUR\nM,vnm,300,EUR\nM,vnm,120,EUR\n";
const RVC: &str = "per = \"subject\"\nratio = { of = \"costs\", weigh = \"amount\", totals = { net = \"kind = 'net'\", vnm = \"kind = 'vnm'\" }, top = [\"net\", \"-vnm\"], bottom = [\"net\"] }\nat_least = \"62.5 %\"";

/// (1000 − 420) / 1000 is 58 %: 45 more must stand above the line.
#[test]
fn a_ratio_says_what_must_be_added_above_the_line() {
    let mut found_in = dossier(&[("costs", COSTS)]);
    common::complete(&mut found_in, filiera_tables::Population::Costs);
    let text =
        format!("[pack]\ntitle = \"b\"\nstatus = \"draft\"\n[condition.rule]\ntitle = \"a rule\"\n{RVC}\n");
    let packs = [Arc::new(Pack::parse("b", "b.toml", &text).unwrap())];
    let question = Question { pack: None, condition: "rule", reading: None, subject: "M" };
    let found = breakeven(&found_in, &packs, &zones(), &settings(), question, &[], &|_, _| ()).unwrap();
    let amount = found.moving.amount.clone().unwrap();
    assert_eq!((amount.exact, amount.certified, found.direction()), (n("45"), true, "top"));
    assert!(found.why_no_prices.is_some() && found.prices.is_empty());
}

/// A list nobody vouches for has no end: nothing limits what may be missing.
#[test]
fn an_open_list_leaves_no_limit() {
    let found = found(&[("costs", COSTS)], RVC, "M");
    assert!(found.moving.amount.is_none() && found.moving.why.is_some(), "{found:?}");
}

/// The price at which `(top + m·k·p) / (bottom + k·p)` is `t`, if it is zero or more.
fn by_hand(top: &Exact, bottom: &Exact, pieces: &Exact, marked: bool, t: &Exact) -> Option<Exact> {
    let factor = if marked { &Exact::one() - t } else { -t.clone() };
    let price = (&(t * bottom) - top).checked_div(&(&factor * pieces))?;
    (!price.is_negative()).then_some(price)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn amounts_and_prices_are_those_of_the_formula(
        parts in prop::collection::vec((1u32..100_000, 1u32..4, any::<bool>()), 2..5),
        percent in 1u32..100,
        wants_more in any::<bool>(),
    ) {
        let mut prices = String::from("part,procurement,unit_value,currency\n");
        let (mut bom, mut papers) = (String::from("parent,child,quantity\n"), String::from("part,origin\n"));
        for (i, (cents, pieces, home)) in parts.iter().enumerate() {
            prices += &format!("P{i},buy,{}.{:02},EUR\n", cents / 100, cents % 100);
            bom += &format!("R,P{i},{pieces}\n");
            papers += &format!("P{i},{}\n", if *home { "IT" } else { "CN" });
        }
        let tables = [
            ("vehicles", "vehicle,root,built_on\nV,R,2026-03-01"),
            ("parts", prices.as_str()),
            ("bom", bom.as_str()),
            ("declarations", papers.as_str()),
        ];
        let operator = if wants_more { "at_least" } else { "at_most" };
        let rule = format!("per = \"vehicle\"\nshare = {{ of = \"components\", weigh = \"value\", where = \"origin = 'IT'\" }}\n{operator} = \"{percent} %\"");
        let found = found(&tables, &rule, "V");
        let t = n(&format!("{percent} %"));
        let worth = |(cents, pieces, _): &(u32, u32, bool)| Exact::from_decimal(i128::from(cents * pieces), 2);
        let bottom: Exact = parts.iter().map(worth).sum();
        let top: Exact = parts.iter().filter(|part| part.2).map(worth).sum();
        // Exactly on the threshold, whichever way it moves.
        let amount = found.moving.amount.clone().unwrap();
        let moved = if found.moving.to_marked { &top + &amount.exact } else { &top - &amount.exact };
        prop_assert_eq!(moved.checked_div(&bottom), Some(t.clone()));
        prop_assert!(amount.certified, "{:?}", found.moving);
        for price in &found.prices {
            let place: usize = price.part[1..].parse().unwrap();
            let (_, pieces, home) = parts[place];
            let own = worth(&parts[place]);
            let rest = if home { &top - &own } else { top.clone() };
            let pieces = Exact::from_int(pieces);
            let expected = by_hand(&rest, &(&bottom - &own), &pieces, home, &t);
            match (&price.at, expected) {
                (Some(at), Some(expected)) => {
                    prop_assert_eq!(&at.exact, &expected);
                    prop_assert!(at.certified);
                }
                // A price of nothing for everything there is leaves no share at all.
                (None, Some(expected)) => prop_assert!(
                    expected < Exact::from_decimal(1, 2) || bottom == own, "{price:?} {expected:?}"
                ),
                (None, None) => prop_assert!(price.why.is_some()),
                (Some(at), None) => prop_assert!(false, "{at:?}"),
            }
        }
    }
}
