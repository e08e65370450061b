//! Dated values under both clocks, against a scan of every day.

use filiera_model::Day;
use filiera_packs::{NoValue, Pack, Parameter};
use proptest::prelude::*;

/// A value as a case generates it: days counted from 2024-01-01.
type Stated = (Option<i32>, Option<i32>, Option<i32>, Option<i32>);

fn first() -> Day {
    "2024-01-01".parse().unwrap()
}

fn day(offset: i32) -> Day {
    Day::from_days(first().days() + offset)
}

fn pack(values: &[Stated]) -> Result<Pack, Vec<String>> {
    let mut text =
        "[pack]\ntitle = \"t\"\nstatus = \"enacted\"\n[parameter.p]\nunit = \"number\"\nvalues = [\n"
            .to_owned();
    for (place, (from, to, published, repealed)) in values.iter().enumerate() {
        let days = [("from", from), ("to", to), ("published", published), ("repealed_on", repealed)];
        let days: String =
            days.iter().filter_map(|(key, offset)| Some(format!("{key} = {}, ", day((**offset)?)))).collect();
        text += &format!("  {{ {days}value = {place}, cite = \"x\" }},\n");
    }
    text += "]\n[condition.c]\ntitle = \"t\"\nper = \"vehicle\"\ncount = { of = \"components\" }\nmore_than = \"$p\"\n";
    Pack::parse("it/p", "p.toml", &text)
        .map_err(|faults| faults.faults.iter().map(|fault| fault.cause.code().to_owned()).collect())
}

fn known_on(values: &[Stated], law: i32) -> Vec<(usize, Stated)> {
    let known = |(_, (_, _, published, repealed)): &(usize, Stated)| {
        published.is_none_or(|day| day <= law) && repealed.is_none_or(|day| law < day)
    };
    values.iter().copied().enumerate().filter(known).collect()
}

/// Every known value that applies to the day, by the words of the format.
fn applying(known: &[(usize, Stated)], on: i32) -> Vec<usize> {
    let begins = |(from, ..): &Stated| from.unwrap_or(i32::MIN);
    let applies = |value: &Stated| {
        let begun = begins(value) <= on;
        let replaced = known.iter().any(|(_, other)| begins(value) < begins(other) && begins(other) <= on);
        begun && value.1.map_or(!replaced, |to| on <= to)
    };
    known.iter().filter(|(_, value)| applies(value)).map(|(place, _)| *place).collect()
}

const SPAN: std::ops::Range<i32> = -2..16;

/// Whether a person would find a fault: a reversed day, two values for a day, or none between two.
fn is_faulty(values: &[Stated]) -> bool {
    let reversed = |(from, to, published, repealed): &Stated| {
        from.zip(*to).is_some_and(|(from, to)| to < from)
            || published.zip(*repealed).is_some_and(|(published, repealed)| repealed <= published)
    };
    values.iter().any(reversed)
        || SPAN.clone().any(|law| {
            let known = known_on(values, law);
            let counts: Vec<usize> = SPAN.map(|on| applying(&known, on).len()).collect();
            let any = |counts: &[usize]| counts.iter().any(|count| *count > 0);
            counts.iter().any(|count| *count > 1)
                || (0..counts.len()).any(|at| counts[at] == 0 && any(&counts[..at]) && any(&counts[at..]))
        })
}

fn stated() -> impl Strategy<Value = Vec<Stated>> {
    let maybe = || proptest::option::of(0..12);
    let rare = || proptest::option::weighted(0.25, 0..12);
    proptest::collection::vec((maybe(), rare(), rare(), rare()), 1..5)
}

/// Values that follow each other, so that many cases are free of faults.
fn ladder() -> impl Strategy<Value = Vec<Stated>> {
    (
        proptest::collection::btree_set(0..12, 1..5),
        any::<bool>(),
        proptest::option::of(0..12),
        any::<[bool; 5]>(),
    )
        .prop_map(|(begins, open, replaced_on, ends)| {
            let begins: Vec<i32> = begins.into_iter().collect();
            let end = |place: usize| begins.get(place + 1).map(|next| next - 1).filter(|_| ends[place]);
            let value = |(place, from): (usize, &i32)| {
                (Some(*from).filter(|_| !(open && place == 0)), end(place), None, replaced_on)
            };
            let old: Vec<Stated> = begins.iter().enumerate().map(value).collect();
            let new = replaced_on.map(|day| (Some(3), None, Some(day), None));
            old.into_iter().chain(new).collect()
        })
}

fn compare(values: &[Stated], parameter: &Parameter) {
    for law in SPAN {
        let known = known_on(values, law);
        let answer = |on: i32| parameter.value_on(day(law), day(on)).map(|value| value.index);
        let mut changes = Vec::new();
        for on in SPAN {
            let expected = applying(&known, on);
            match answer(on) {
                Ok(index) => assert_eq!(vec![index], expected, "law {law}, day {on}"),
                Err(why) => {
                    assert!(expected.is_empty(), "law {law}, day {on}: {expected:?}");
                    let begun = known.iter().any(|(_, (from, ..))| from.is_none_or(|from| from <= on));
                    let to_come =
                        values.iter().any(|(_, _, published, _)| published.is_some_and(|day| law < day));
                    let before = !begun && (!known.is_empty() || to_come);
                    assert_eq!(why, if before { NoValue::BeforeLaw } else { NoValue::AfterLaw });
                }
            }
            if on > SPAN.start && answer(on) != answer(on - 1) {
                changes.push(day(on));
            }
        }
        assert_eq!(parameter.changes(day(law)), changes, "law {law}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn faults_are_found_exactly_where_a_scan_finds_them(values in prop_oneof![stated(), ladder()]) {
        let read = pack(&values);
        prop_assert_eq!(read.is_err(), is_faulty(&values), "{:?}", read.err());
        if let Ok(pack) = read {
            compare(&values, &pack.parameters["p"]);
        }
    }
}

#[test]
fn a_superseded_decree_is_the_law_of_its_time() {
    // Published on day 2 for days from 5; replaced on day 8 by another value for the same days.
    let values = [(Some(5), None, Some(2), Some(8)), (Some(5), None, Some(8), None)];
    let pack = pack(&values).unwrap();
    let parameter = &pack.parameters["p"];
    let answer = |law: i32, on: i32| parameter.value_on(day(law), day(on)).map(|value| value.index);
    assert_eq!(answer(1, 9), Err(NoValue::BeforeLaw), "not published yet");
    assert_eq!(answer(7, 4), Err(NoValue::BeforeLaw));
    assert_eq!(answer(7, 5), Ok(0));
    assert_eq!(answer(8, 5), Ok(1));
    assert_eq!(parameter.changes(day(7)), vec![day(5)]);
    assert!(parameter.changes(day(1)).is_empty());
}

#[test]
fn a_law_that_ended_says_so() {
    let pack = pack(&[(Some(0), Some(3), None, None)]).unwrap();
    let parameter = &pack.parameters["p"];
    assert_eq!(parameter.value_on(day(9), day(3)).map(|value| value.index), Ok(0), "the last day is inside");
    assert_eq!(parameter.value_on(day(9), day(4)).err(), Some(NoValue::AfterLaw));
    assert_eq!(parameter.changes(day(9)), vec![day(0), day(4)]);
}
