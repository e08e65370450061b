//! The answers of random predicates against a slow reading of SQL's three-valued logic.

mod oracle {
    pub mod generate;
    pub mod interpret;
    pub mod tree;
}

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Schema;
use filiera_predicate::{ParameterKind, ParameterValue, Predicate};
use filiera_tables::{ColumnKind, arrow_field};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use oracle::generate::{rows, truth};
use oracle::interpret::answer;
use oracle::tree::{LISTED, Row, Truth, ZONE};

const COLUMNS: [(&str, ColumnKind); 6] = [
    ("a", ColumnKind::Text),
    ("b", ColumnKind::Text),
    ("c", ColumnKind::Country),
    ("n", ColumnKind::Number),
    ("w", ColumnKind::Whole),
    ("t", ColumnKind::Truth),
];

fn batch(rows: &[Row]) -> RecordBatch {
    let text = |of: fn(&Row) -> &Option<String>| {
        Arc::new(rows.iter().map(|row| of(row).clone()).collect::<StringArray>())
    };
    let numbers: Decimal128Array =
        rows.iter().map(|row| row.n.as_ref().map(|n| n.to_unscaled(12).unwrap())).collect();
    let arrays: Vec<ArrayRef> = vec![
        text(|row| &row.a),
        text(|row| &row.b),
        text(|row| &row.c),
        Arc::new(numbers.with_precision_and_scale(38, 12).unwrap()),
        Arc::new(rows.iter().map(|row| row.w).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| row.t).collect::<BooleanArray>()),
    ];
    let fields: Vec<_> = COLUMNS.iter().map(|(name, kind)| arrow_field(name, *kind)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

fn evaluated(tree: &Truth, rows: &[Row]) -> Option<Vec<Option<bool>>> {
    let columns = COLUMNS.map(|(name, kind)| (name.to_owned(), kind));
    let parameters = [
        ("texts".to_owned(), ParameterKind::Text),
        ("none".to_owned(), ParameterKind::Text),
        ("half".to_owned(), ParameterKind::Number),
    ];
    let text = tree.to_string();
    let predicate = match Predicate::parse(&text, &columns, &BTreeMap::from(parameters), &["Z".to_owned()]) {
        Ok(predicate) => predicate,
        Err(faults) => {
            let refused = ["could be too large", "nested too deeply", "more than 12 decimals"];
            let is_refused = |fault: &str| refused.iter().any(|message| fault.contains(message));
            assert!(faults.iter().all(|fault| is_refused(&fault.message)), "{text}: {faults:?}");
            return None;
        }
    };
    let texts = |texts: &[&str]| ParameterValue::Texts(texts.iter().map(|text| (*text).to_owned()).collect());
    let values = BTreeMap::from([
        ("texts".to_owned(), texts(LISTED)),
        ("none".to_owned(), texts(&[])),
        ("half".to_owned(), ParameterValue::Number(filiera_model::Exact::parse("0.5").unwrap())),
        ("@Z".to_owned(), texts(ZONE)),
    ]);
    let answers = predicate.bind(&values).unwrap().evaluate(&batch(rows)).unwrap();
    Some(answers.iter().collect())
}

#[test]
fn answers_equal_the_slow_reading() {
    let config = ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() };
    let cases = config.cases;
    let refused = Cell::new(0u32);
    let ask = |(tree, rows): (Truth, Vec<Row>)| {
        match evaluated(&tree, &rows) {
            Some(answers) => {
                let slow: Vec<Option<bool>> = rows.iter().map(|row| answer(&tree, row)).collect();
                prop_assert_eq!(answers, slow, "{}", tree);
            }
            None => refused.set(refused.get() + 1),
        }
        Ok(())
    };
    TestRunner::new(config).run(&(truth(), rows()), ask).unwrap_or_else(|error| panic!("{error}"));
    assert!(refused.get() < cases / 4, "{} of {cases} were refused", refused.get());
}
