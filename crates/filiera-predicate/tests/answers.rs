//! Every good case, asked of six rows, and what a predicate says about itself.

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, RecordBatchOptions, StringArray};
use arrow::datatypes::Schema;
use filiera_model::Exact;
use filiera_predicate::{BindError, EvaluateError, ParameterValue};

use common::{batch, parse, values};

/// The answers as letters: `y`, `n`, and `?` for maybe.
fn letters(answers: &BooleanArray) -> String {
    let letter = |answer| match answer {
        Some(true) => 'y',
        Some(false) => 'n',
        None => '?',
    };
    answers.iter().map(letter).collect()
}

fn answer(text: &str) -> String {
    let predicate = parse(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
    letters(&predicate.bind(&values()).unwrap().evaluate(&batch()).unwrap())
}

fn cases() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("cases/good.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(" => ").unwrap())
}

#[test]
fn good_cases_answer_as_recorded() {
    let wrong: Vec<String> = cases()
        .map(|(text, expected)| (text, expected, answer(text)))
        .filter(|(_, expected, found)| expected != found)
        .map(|(text, expected, found)| format!("{text}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn conjuncts_together_say_what_the_whole_says() {
    for (text, expected) in cases() {
        let parts = parse(text).unwrap().conjuncts();
        let mut all = ['y'; 6];
        for part in &parts {
            let again = answer(part.text());
            assert_eq!(letters(&part.bind(&values()).unwrap().evaluate(&batch()).unwrap()), again, "{part}");
            for (whole, one) in all.iter_mut().zip(again.chars()) {
                *whole = if *whole == 'n' || one == 'n' {
                    'n'
                } else if *whole == '?' || one == '?' {
                    '?'
                } else {
                    'y'
                };
            }
        }
        assert_eq!(String::from_iter(all), expected, "{text}");
    }
}

#[test]
fn conjuncts_keep_their_text() {
    let whole = parse(
        " (own_work AND (class = 'a' OR hs = 'b')) AND origin IN $domestic AND (unit_value) + (1) > 2 ",
    )
    .unwrap();
    let texts: Vec<String> = whole.conjuncts().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["own_work", "(class = 'a' OR hs = 'b')", "origin IN $domestic", "(unit_value) + (1) > 2"]
    );
    let part = &whole.conjuncts()[2];
    assert!(part.columns().contains("origin") && part.columns().len() == 1);
    assert!(part.parameters().contains("domestic"));
    assert_eq!(part.conjuncts().len(), 1);
    assert_eq!(part.conjuncts()[0].text(), "origin IN $domestic");
    let either = parse("own_work OR class = 'a' AND hs = 'b'").unwrap();
    assert_eq!(either.conjuncts().len(), 1);
    assert_eq!(parse("class BETWEEN 'a' AND 'b' AND own_work").unwrap().conjuncts().len(), 2);
}

#[test]
fn a_predicate_tells_what_it_names() {
    let text = "origin IN ('IT', 'FR') AND (origin <> 'CN' OR supplier_country IN @EU) AND unit_value BETWEEN 1 AND $limit AND class = 'DE'";
    let predicate = parse(text).unwrap();
    let names = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(names(predicate.columns()), "class origin supplier_country unit_value");
    assert_eq!(names(predicate.parameters()), "limit");
    assert_eq!(names(predicate.zones()), "EU");
    let countries: Vec<&str> = predicate.countries_named().iter().map(|country| country.alpha2()).collect();
    assert_eq!(countries, ["CN", "FR", "IT"]);
    assert_eq!(predicate.occurrences("origin"), 2);
    assert_eq!(predicate.occurrences("unit_value"), 1);
    assert_eq!(predicate.occurrences("hs"), 0);
    assert_eq!(predicate.text(), text);
}

#[test]
fn no_columns_and_no_rows_are_fine() {
    let predicate = parse("TRUE").unwrap().bind(&BTreeMap::new()).unwrap();
    for rows in [0, 1, 100_000] {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let empty = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options).unwrap();
        let answers = predicate.evaluate(&empty).unwrap();
        assert_eq!((answers.len(), answers.true_count()), (rows, rows));
    }
    for (text, _) in cases() {
        let bound = parse(text).unwrap().bind(&values()).unwrap();
        assert_eq!(bound.evaluate(&batch().slice(0, 0)).unwrap().len(), 0, "{text}");
    }
}

#[test]
fn columns_are_found_by_name() {
    let bound = parse("class = 'battery' AND own_work").unwrap().bind(&values()).unwrap();
    let own_work: ArrayRef = Arc::new(BooleanArray::from(vec![true, false]));
    let class: ArrayRef = Arc::new(StringArray::from(vec!["battery", "battery"]));
    let other = RecordBatch::try_from_iter([("own_work", own_work), ("class", Arc::clone(&class))]).unwrap();
    assert_eq!(letters(&bound.evaluate(&other).unwrap()), "yn");
    let lacking = RecordBatch::try_from_iter([("class", Arc::clone(&class))]).unwrap();
    assert!(
        matches!(bound.evaluate(&lacking), Err(EvaluateError::MissingColumn { column }) if column == "own_work")
    );
    let wrong = RecordBatch::try_from_iter([("class", Arc::clone(&class)), ("own_work", class)]).unwrap();
    assert!(
        matches!(bound.evaluate(&wrong), Err(EvaluateError::ColumnType { column, .. }) if column == "own_work")
    );
}

#[test]
fn values_must_fit_their_places() {
    let bind = |text: &str, name: &str, value: ParameterValue| {
        parse(text).unwrap().bind(&BTreeMap::from([(name.to_owned(), value)])).unwrap_err()
    };
    let number = |text| ParameterValue::Number(Exact::parse(text).unwrap());
    let texts = |text: &str| ParameterValue::Texts(vec![text.to_owned()]);
    let missing = parse("origin IN @EU").unwrap().bind(&BTreeMap::new()).unwrap_err();
    assert!(matches!(&missing, BindError::Missing { name } if name == "@EU"));
    assert_eq!(missing.to_string(), "`@EU` has no value; give it one for this day");
    assert!(matches!(bind("unit_value > $limit", "limit", texts("1")), BindError::Kind { .. }));
    assert!(matches!(bind("origin IN $domestic", "domestic", number("1")), BindError::Kind { .. }));
    assert!(matches!(bind("origin IN $domestic", "domestic", texts("XX")), BindError::Country { .. }));
    assert!(matches!(bind("procurement IN $sensitive", "sensitive", texts("x")), BindError::Word { .. }));
    assert!(matches!(bind("unit_value > $limit", "limit", number("1/3")), BindError::Number { .. }));
    assert!(matches!(
        bind("share > $domestic_share", "domestic_share", number("45")),
        BindError::Share { .. }
    ));
}

#[test]
fn countries_are_bound_in_any_spelling() {
    let texts = ParameterValue::Texts(vec!["ita".to_owned()]);
    let bound = parse("origin IN $domestic").unwrap().bind(&BTreeMap::from([("domestic".to_owned(), texts)]));
    assert_eq!(letters(&bound.unwrap().evaluate(&batch()).unwrap()), "yn??y?");
}

#[test]
fn only_whole_days_are_added() {
    let predicate = parse("built_on + $limit > '2026-01-01'").unwrap();
    let error = predicate.bind(&values()).unwrap_err();
    assert_eq!(error.to_string(), "`$limit` is 100.5, which is no number of whole days");
    let mut whole = values();
    whole.insert("limit".to_owned(), ParameterValue::Number(Exact::from_int(1)));
    let answers = predicate.bind(&whole).unwrap().evaluate(&batch()).unwrap();
    assert_eq!(letters(&answers), "yn?yny");
}
