use filiera_finding::Finding;
use filiera_model::{Bounds, Day, End, Exact, Quality, Verdict};
use filiera_oracle::{Apart, Attained, Form, Marked, Scenario, Weigh, attained};
use proptest::test_runner::TestCaseError;

use crate::common::{findings_of, shown};
use crate::features::Counts;
use crate::run::{MOST, for_each_scenario};

fn fail(what: &str, scenario: &Scenario, finding: &Finding, found: &Attained) -> TestCaseError {
    TestCaseError::fail(format!(
        "{what}\nverdict {}, legal {}, reason {:?}\nbounds {:?}\nlegal bounds {:?}\n{found:#?}\n{}",
        finding.verdict,
        finding.legal,
        finding.reason,
        finding.bounds,
        finding.legal_bounds,
        shown(scenario)
    ))
}

/// Whether the value lies inside.
fn holds(bounds: &Bounds, value: &Exact) -> bool {
    let above =
        |end: &End| end.value.as_ref().is_none_or(|least| least < value || (least == value && !end.open));
    let below =
        |end: &End| end.value.as_ref().is_none_or(|most| value < most || (most == value && !end.open));
    above(&bounds.lower) && below(&bounds.upper)
}

/// Whether an end is a value of some completion, or, when open, is as good as one: a price without
/// limit is tried at a thousand million.
fn is_reached(end: &End, value: Option<&Exact>, is_unlimited: bool) -> bool {
    let (Some(end_value), Some(value)) = (&end.value, value) else {
        // Prices and lists without limit have no upper end.
        return end.value.is_none() && (is_unlimited || value.is_some_and(|value| *value >= 1_000_000));
    };
    if end.open {
        let distance = end_value - value;
        let near = Exact::ratio(1, 100_000).unwrap();
        return distance.clone() < near && -distance < near;
    }
    end_value == value
}

/// Between whole prices a concentration may be less than at any of them, so its least value is held
/// against its twin where it is computed, in `arithmetic`.
fn may_lie_between(scenario: &Scenario) -> bool {
    matches!(scenario.rule.form, Form::Concentration { .. })
}

fn agrees(
    what: &str,
    scenario: &Scenario,
    verdict: Verdict,
    bounds: Option<&Bounds>,
    found: &Attained,
) -> Result<bool, String> {
    if found.completions == 0 || found.contradicts {
        return Ok(false);
    }
    let only = found.verdicts.iter().copied().next().filter(|_| found.verdicts.len() == 1);
    if verdict != Verdict::Undetermined && only != Some(verdict) {
        return Err(format!("{what}: decided, and some completion says otherwise"));
    }
    let Some(bounds) = bounds else { return Ok(false) };
    for value in [&found.least, &found.most].into_iter().flatten() {
        if !holds(bounds, value) {
            return Err(format!("{what}: {} lies outside the bounds", value.to_text()));
        }
    }
    if found.is_unlimited && bounds.upper.value.is_some() {
        return Err(format!("{what}: there may be more rows, and the bounds end"));
    }
    if bounds.quality != Quality::Exact || found.least.is_none() {
        return Ok(false);
    }
    let lower = may_lie_between(scenario) || is_reached(&bounds.lower, found.least.as_ref(), false);
    if !lower || !is_reached(&bounds.upper, found.most.as_ref(), found.is_unlimited) {
        return Err(format!("{what}: bounds said to be exact are not reached"));
    }
    let decides = only.is_some_and(Verdict::is_decided);
    if decides && !may_lie_between(scenario) && verdict == Verdict::Undetermined {
        return Err(format!("{what}: bounds are exact, all completions agree, and nothing is decided"));
    }
    Ok(true)
}

#[test]
fn the_engine_agrees_with_every_completion() {
    let counts = Counts::default();
    for_each_scenario(1, 2_600, |scenario, _| {
        let findings = findings_of(scenario);
        let mut is_counted = false;
        for (vehicle, finding) in findings.iter().enumerate() {
            let range = attained(scenario, vehicle, false, MOST);
            let Some(range) = range else { continue };
            is_counted = true;
            let exact = agrees("range", scenario, finding.verdict, finding.bounds.as_ref(), &range)
                .map_err(|what| fail(&what, scenario, finding, &range))?;
            counts.add("· exact", exact);
            counts.add("· sound", finding.is_sound_only());
            counts.add("· decided", finding.verdict.is_decided());
            counts.add("· judged", true);
            let Some(legal) = attained(scenario, vehicle, true, MOST) else { continue };
            agrees("legal", scenario, finding.legal, finding.legal_bounds.as_ref(), &legal)
                .map_err(|what| fail(&what, scenario, finding, &legal))?;
        }
        if is_counted {
            counts.note(scenario);
        }
        Ok(())
    });
    println!("{}", counts.report());
    assert!(counts.get("dossiers") >= 2_000, "too many dossiers were left out");
}

/// The same rule, asking for the greatest part of what its marked rows weigh.
fn told_apart(scenario: &Scenario, by_list: bool, weigh: Weigh) -> Scenario {
    let mut scenario = scenario.clone();
    let rule = &mut scenario.rule;
    rule.form =
        Form::GreatestPart { weigh, apart: if by_list { Apart::EachDomestic } else { Apart::MadeIn } };
    if by_list {
        // What the law makes of an unknown is not told apart by the twin.
        rule.unknown = None;
    }
    if rule.marked == Marked::ItalyOrGermany {
        rule.marked = Marked::OriginOrMadeIn;
    }
    rule.ladder = vec![(Day::from_ymd(2020, 1, 1).unwrap(), 2, 5)];
    rule.ends_on = None;
    scenario
}

#[test]
fn the_greatest_part_agrees_with_every_completion() {
    let counts = Counts::default();
    for_each_scenario(7, 900, |scenario, tape| {
        let by_list = tape.len() % 2 == 0;
        let weigh = [Weigh::Value, Weigh::Mass, Weigh::Count][tape.len() % 3];
        let scenario = told_apart(scenario, by_list, weigh);
        for (vehicle, finding) in findings_of(&scenario).iter().enumerate() {
            for closed in [false, true] {
                let Some(found) = attained(&scenario, vehicle, closed, MOST) else { continue };
                let (verdict, bounds) = match closed {
                    false => (finding.verdict, finding.bounds.as_ref()),
                    true => (finding.legal, finding.legal_bounds.as_ref()),
                };
                let exact = agrees("greatest part", &scenario, verdict, bounds, &found)
                    .map_err(|what| fail(&what, &scenario, finding, &found))?;
                counts.add("exact", exact);
                counts.add("decided", verdict.is_decided());
                counts.add("dossiers", true);
                let several = found.least != found.most;
                counts.add("open", several);
            }
        }
        Ok(())
    });
    println!("{}", counts.report());
    assert!(counts.get("decided") >= 300 && counts.get("exact") >= 200 && counts.get("open") >= 200);
}
