//! Good texts, damaged: whatever comes, a pack or faults, never a crash.

mod common;

use std::fs;

use common::{files, report};
use filiera_model::Day;
use filiera_packs::{CaseFile, Pack, parse_zones};
use proptest::prelude::*;
use proptest::sample::Index;

fn texts() -> Vec<String> {
    let mut paths = files("tests/good", ".toml");
    paths.extend(files("tests/bad", ".toml"));
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// One wound: where, how many characters go, and what comes instead.
fn wound() -> impl Strategy<Value = (Index, usize, String)> {
    let pieces = prop_oneof![
        Just(String::new()),
        "[\\[\\]{}\"'$@=,.#%\\\\\n\r\u{e9}0-9-]{1,3}".prop_map(|text| text),
        Just("\"\"\"".to_owned()),
        Just("[[".to_owned()),
        Just("\\u0041".to_owned()),
        Just("9".repeat(400)),
        any::<char>().prop_map(String::from),
    ];
    (any::<Index>(), 0usize..40, pieces)
}

fn wounded(text: &str, wounds: &[(Index, usize, String)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (place, gone, piece) in wounds {
        let start = place.index(letters.len() + 1);
        let end = (start + gone).min(letters.len());
        letters.splice(start..end, piece.chars());
    }
    letters.into_iter().collect()
}

fn read_all(text: &str) {
    match Pack::parse("it/p", "p.toml", text) {
        Ok(pack) => {
            for condition in &pack.conditions {
                assert!(text.get(condition.span.clone()).is_some());
                for sql in condition.predicates() {
                    for part in 0..=sql.text.len() {
                        let place = sql.place(text, part..part + 1);
                        assert!(sql.span.start <= place.start && place.end <= sql.span.end);
                        assert!(text.get(place).is_some() || !sql.text.is_char_boundary(part));
                    }
                }
            }
            for fault in pack.warnings(Day::from_days(20_000)) {
                report(&fault);
            }
        }
        Err(faults) => {
            assert!(!faults.faults.is_empty());
            report(&faults);
        }
    }
    if let Err(faults) = CaseFile::parse("p.test.toml", text) {
        report(&faults);
    }
    if let Err(faults) = parse_zones("zones.toml", text) {
        report(&faults);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damage_is_reported_and_never_a_crash(which in any::<Index>(), wounds in proptest::collection::vec(wound(), 1..5)) {
        let texts = texts();
        read_all(&wounded(which.get::<String>(&texts), &wounds));
    }

    #[test]
    fn noise_is_reported_and_never_a_crash(text in "\\PC{0,200}") {
        read_all(&text);
    }
}

#[test]
fn an_enormous_number_is_refused_at_once() {
    let number = "9".repeat(2_000_000);
    let text =
        format!("[parameter.p]\nunit = \"number\"\nvalues = [{{ value = \"{number}\", cite = \"x\" }}]");
    assert!(Pack::parse("it/p", "p.toml", &text).is_err());
}
