use filiera_finding::{Finding, Reason};
use filiera_model::{Bounds, End, Verdict};
use filiera_oracle::{Class, Form, Method, Origin, Price, Procurement, Scenario};
use filiera_testkit::{Tape, pack_text, texts, vehicle_name};
use proptest::test_runner::TestCaseError;

use crate::common::{findings_of, judge_by, read, settings_of, shown, with_completeness};
use crate::features::Counts;
use crate::run::for_each_scenario;

/// Whether the first end is not beyond the second; `up`: they are upper ends.
fn is_within(inner: &End, outer: &End, up: bool) -> bool {
    match (&inner.value, &outer.value) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) if a == b => inner.open || !outer.open,
        (Some(a), Some(b)) => (a < b) == up,
    }
}

fn narrows(before: &Bounds, after: &Bounds) -> bool {
    is_within(&after.upper, &before.upper, true) && is_within(&after.lower, &before.lower, false)
}

fn fail(what: &str, scenario: &Scenario, before: &Finding, after: &Finding) -> TestCaseError {
    let say = |finding: &Finding| {
        format!("{} {} {:?} {:?}", finding.subject, finding.verdict, finding.reason, finding.bounds)
    };
    TestCaseError::fail(format!("{what}\nbefore {}\nafter {}\n{}", say(before), say(after), shown(scenario)))
}

/// Fills one gap with one of the things that may be true; nothing when the scenario has none of it.
fn learn(scenario: &mut Scenario, tape: &mut Tape<'_>) -> Option<&'static str> {
    let part = tape.below(scenario.parts.len());
    let lines = scenario.lines.clone();
    let stands_alone = |part: usize| !lines.iter().any(|line| line.parent == part);
    match tape.below(8) {
        0 => match &mut scenario.parts.get_mut(part)?.price {
            Price::Between(least, most) => {
                let price = if tape.one_in(2) { *most } else { *least };
                scenario.parts.get_mut(part)?.price = Price::Known(price);
                Some("a price")
            }
            // What an assembly costs must hold what is in it.
            missing @ Price::Missing if stands_alone(part) => {
                *missing = Price::Known(17);
                Some("a price")
            }
            _ => None,
        },
        1 => {
            let class = scenario.parts.get_mut(part).filter(|part| part.class.is_none())?;
            class.class = tape.pick(&[Some(Class::Sensitive), Some(Class::Plain)])?;
            Some("a class")
        }
        2 => {
            let place = scenario.parts.get_mut(part).filter(|part| part.made_in.is_none())?;
            place.made_in = Some(tape.pick(&["IT", "CN"])?);
            Some("a place")
        }
        3 => {
            let supplier = scenario.suppliers.iter_mut().find(|supplier| supplier.country.is_none())?;
            supplier.country = Some(tape.pick(&["IT", "CN"])?);
            Some("a seat")
        }
        4 => {
            let count = scenario.declarations.len();
            let paper = scenario.declarations.get_mut(tape.below(count))?;
            let lands = match &paper.origin {
                Origin::OneOf(lands) if lands.len() > 1 => lands.clone(),
                Origin::OneOf(_) => return None,
                Origin::Eu => vec!["IT", "FR"],
                Origin::Unknown => vec!["IT", "CN"],
            };
            paper.origin = Origin::OneOf(vec![tape.pick(&lands)?]);
            Some("a country")
        }
        5 => {
            let vehicle = scenario.vehicles.iter_mut().find(|vehicle| vehicle.plant_country.is_none())?;
            vehicle.plant_country = Some(tape.pick(&["IT", "CN"])?);
            Some("a plant")
        }
        6 => {
            let choice = scenario.lines.iter().find(|line| line.choice.is_some())?;
            let (parent, name) = (choice.parent, choice.choice);
            let is_of = |line: &filiera_oracle::Line| line.parent == parent && line.choice == name;
            let count = scenario.lines.iter().filter(|line| is_of(line)).count();
            let kept = tape.below(count);
            let mut place = 0;
            scenario.lines.retain(|line| {
                let stays = !is_of(line) || place == kept;
                place += usize::from(is_of(line));
                stays
            });
            Some("a choice")
        }
        _ if !scenario.complete => {
            scenario.complete = true;
            Some("completeness")
        }
        _ => None,
    }
}

/// A new fact is one of the things that could have been: what held for all of them still holds.
#[test]
fn knowing_more_never_takes_a_verdict_back() {
    let counts = Counts::default();
    for_each_scenario(2, 1_500, |scenario, tape| {
        let before = findings_of(scenario);
        let mut learned = scenario.clone();
        let mut tape = Tape::new(tape.get(..6).unwrap_or(tape));
        let Some(what) = learn(&mut learned, &mut tape) else { return Ok(()) };
        counts.add("dossiers", true);
        counts.add(what, true);
        for (before, after) in before.iter().zip(findings_of(&learned)) {
            // It cannot be true together with the rest: it was not among what could have been.
            if after.reason == Some(Reason::TotalConflict) {
                continue;
            }
            if before.verdict != Verdict::Undetermined && after.verdict != before.verdict {
                return Err(fail(&format!("{what} took a verdict back"), scenario, before, &after));
            }
            // A closure that took the unknown for the other case is corrected by knowing better.
            let is_silent = scenario.rule.unknown.is_none() && scenario.rule.unknown_scope.is_none();
            if is_silent && before.legal != Verdict::Undetermined && after.legal != before.legal {
                return Err(fail(&format!("{what} took a legal verdict back"), scenario, before, &after));
            }
            if let Some((wide, narrow)) = before.bounds.as_ref().zip(after.bounds.as_ref())
                && !narrows(wide, narrow)
            {
                return Err(fail(&format!("{what} widened the bounds"), scenario, before, &after));
            }
        }
        Ok(())
    });
    println!("{}", counts.report());
    assert!(counts.get("dossiers") >= 300, "{}", counts.report());
}

/// Takes away everything of one kind that was known; the parts stay, for they say what is opened.
fn forget(scenario: &mut Scenario, which: usize) -> &'static str {
    match which % 6 {
        0 => {
            scenario.declarations.clear();
            "declarations"
        }
        1 => {
            scenario.parts.iter_mut().for_each(|part| part.class = None);
            "classes"
        }
        2 => {
            let bought = scenario.parts.iter_mut().filter(|part| part.procurement == Some(Procurement::Buy));
            bought.for_each(|part| part.price = Price::Missing);
            "prices"
        }
        3 => {
            scenario.parts.iter_mut().for_each(|part| part.made_in = None);
            "places"
        }
        4 => {
            scenario.suppliers.iter_mut().for_each(|supplier| supplier.country = None);
            "seats"
        }
        _ => {
            scenario.complete = false;
            "completeness"
        }
    }
}

/// Nothing that is missing proves anything.
#[test]
fn taking_evidence_away_never_meets_a_condition() {
    let counts = Counts::default();
    for_each_scenario(3, 900, |scenario, tape| {
        let before = findings_of(scenario);
        let mut poorer = scenario.clone();
        let what = forget(&mut poorer, usize::from(tape.first().copied().unwrap_or_default()));
        counts.add("dossiers", true);
        counts.add(what, true);
        for (before, after) in before.iter().zip(findings_of(&poorer)) {
            let proves = matches!(after.verdict, Verdict::Met | Verdict::NotApplicable);
            // Two papers that contradict each other prove nothing; one of them alone may.
            let contradict = before.reason == Some(Reason::TotalConflict);
            if proves && !contradict && after.verdict != before.verdict {
                return Err(fail(&format!("without {what} something is proven"), scenario, before, &after));
            }
        }
        Ok(())
    });
    println!("{}", counts.report());
}

/// A dossier without its bill of materials, its companies or its declarations, the files gone.
#[test]
fn a_missing_table_never_meets_a_condition() {
    for_each_scenario(4, 600, |scenario, tape| {
        let before = findings_of(scenario);
        let mut tables = texts(scenario);
        let gone = ["bom", "declarations", "companies"];
        let gone = gone[usize::from(tape.first().copied().unwrap_or_default()) % gone.len()];
        tables.remove(gone);
        let mut dossier = with_completeness(scenario, read(&tables));
        if gone == "bom" {
            // A population whose table is absent cannot be declared complete.
            dossier.complete.clear();
        }
        let after = judge_by(&dossier, &pack_text(scenario), &settings_of(scenario));
        for (before, after) in before.iter().zip(after) {
            let proves = matches!(after.verdict, Verdict::Met | Verdict::NotApplicable);
            if proves && after.verdict != before.verdict {
                return Err(fail(&format!("without `{gone}` something is proven"), scenario, before, &after));
            }
        }
        Ok(())
    });
}

/// The order of the rows says nothing: findings and hashes are the same.
#[test]
fn the_order_of_rows_does_not_matter() {
    for_each_scenario(5, 500, |scenario, tape| {
        let before = findings_of(scenario);
        let mut tables = texts(scenario);
        for (number, text) in tables.values_mut().enumerate() {
            let mut rows: Vec<&str> = text.lines().collect();
            let turn = usize::from(tape.get(number).copied().unwrap_or(1));
            if let Some(body) = rows.get_mut(1..).filter(|body| !body.is_empty()) {
                body.rotate_left(turn % body.len());
                if turn % 2 == 1 {
                    body.reverse();
                }
            }
            *text = rows.join("\n");
        }
        let dossier = with_completeness(scenario, read(&tables));
        let after = judge_by(&dossier, &pack_text(scenario), &settings_of(scenario));
        for (before, after) in before.iter().zip(&after) {
            if before != after {
                return Err(fail("another order, another finding", scenario, before, after));
            }
        }
        Ok(())
    });
}

/// What is found of a vehicle does not depend on the others.
#[test]
fn vehicles_are_judged_alone() {
    let counts = Counts::default();
    for_each_scenario(6, 1_000, |scenario, _| {
        if scenario.vehicles.len() < 2 {
            return Ok(());
        }
        counts.add("dossiers", true);
        let together = findings_of(scenario);
        let mut tables = texts(scenario);
        let last = scenario.vehicles.len() - 1;
        for name in ["vehicles", "installed"] {
            if let Some(text) = tables.get_mut(name) {
                let is_other =
                    |row: &&str| (0..last).any(|other| row.starts_with(&format!("{},", vehicle_name(other))));
                *text = text.lines().filter(|row| !is_other(row)).collect::<Vec<_>>().join("\n");
            }
        }
        let dossier = with_completeness(scenario, read(&tables));
        let alone = judge_by(&dossier, &pack_text(scenario), &settings_of(scenario));
        let (Some(before), [after]) = (together.get(last), alone.as_slice()) else {
            return Err(TestCaseError::fail("one finding for one vehicle"));
        };
        let mut after = after.clone();
        after.evidence_hash.clone_from(&before.evidence_hash);
        if *before != after {
            return Err(fail("alone it is judged otherwise", scenario, before, &after));
        }
        Ok(())
    });
    assert!(counts.get("dossiers") >= 150, "{}", counts.report());
}

/// The property tests must see the ways of looking into parts at all.
#[test]
fn every_kind_of_rule_is_generated() {
    let counts = Counts::default();
    for_each_scenario(8, 600, |scenario, _| {
        counts.note(scenario);
        let looks_into =
            matches!(&scenario.rule.form, Form::Share { method, .. } if *method != Method::AsSupplied);
        counts.add("looked into", looks_into);
        Ok(())
    });
    for what in [
        "rolled-up",
        "traced",
        "declared totals",
        "worst countries",
        "every",
        "none",
        "any",
        "lots",
        "own work",
    ] {
        assert!(counts.get(what) > 5, "{what}: {}", counts.report());
    }
}
