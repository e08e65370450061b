//! Whatever is accepted can be asked; whatever is refused says where.

mod common;

use proptest::prelude::*;
use proptest::sample::select;

const OPERANDS: &[&str] = &[
    "class",
    "hs",
    "procurement",
    "origin",
    "supplier_country",
    "currency",
    "model_year",
    "unit_value",
    "quantity",
    "share",
    "built_on",
    "own_work",
    "from",
    "orgin",
    "'IT'",
    "'buy'",
    "'EUR'",
    "'2026-01-01'",
    "'x'",
    "0.45",
    "-3",
    "2027",
    "TRUE",
    "NULL",
    "DATE '2026-01-01'",
    "$domestic",
    "$nowhere",
    "$sensitive",
    "$limit",
    "$domestic_share",
    "$since",
    "$strict",
    "$unknown",
    "@EU",
    "@NOWHERE",
    "lower(class)",
    "upper(origin)",
    "unit_value * quantity",
    "model_year + 1",
    "class || hs",
    "(class)",
    "(own_work)",
    "(unit_value + 1)",
    "now()",
    "-share",
    "- -model_year",
];

const SIGNS: &[&str] = &[
    "=", "<>", "<", "<=", ">", ">=", "LIKE", "NOT LIKE", "ILIKE", "IN", "NOT IN", "+", "*", "/", "||", "AND",
    "OR", "IS",
];

fn operand() -> impl Strategy<Value = String> {
    select(OPERANDS).prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = String> {
    let list = prop::collection::vec(operand(), 0..4).prop_map(|list| list.join(", "));
    prop_oneof![
        1 => operand(),
        6 => (operand(), select(SIGNS), operand()).prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
        3 => (operand(), list).prop_map(|(needle, list)| format!("{needle} IN ({list})")),
        2 => (operand(), operand(), operand()).prop_map(|(value, low, high)| format!("{value} BETWEEN {low} AND {high}")),
    ]
}

fn check(text: &str) -> Result<bool, TestCaseError> {
    let predicate = match common::parse(text) {
        Ok(predicate) => predicate,
        Err(faults) => {
            prop_assert!(!faults.is_empty());
            for fault in faults {
                prop_assert!(text.get(fault.span.clone()).is_some(), "{}: {:?}", text, fault);
            }
            return Ok(false);
        }
    };
    let bound = match predicate.bind(&common::values()) {
        Ok(bound) => bound,
        Err(filiera_predicate::BindError::Word { .. }) => return Ok(true),
        Err(error) => return Err(TestCaseError::fail(format!("{text}: {error:?}"))),
    };
    let answers = bound.evaluate(&common::batch());
    prop_assert_eq!(answers.map_err(|error| TestCaseError::fail(format!("{text}: {error:?}")))?.len(), 6);
    for part in predicate.conjuncts() {
        let again = common::parse(part.text());
        prop_assert!(again.is_ok(), "{}: {}", text, part);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_condition(text in condition()) {
        check(&text)?;
    }

    #[test]
    fn several_conditions(parts in prop::collection::vec((select(vec!["AND", "OR", "AND NOT", "OR NOT"]), condition()), 1..4)) {
        let text = parts.iter().fold("own_work".to_owned(), |text, (joint, part)| format!("{text} {joint} ({part})"));
        check(&text)?;
    }

    #[test]
    fn any_text(text in ".{0,40}") {
        check(&text)?;
    }

    #[test]
    fn any_tokens(tokens in prop::collection::vec(prop_oneof![select(OPERANDS), select(SIGNS), select(vec!["(", ")", ",", "NOT", "--", "\n", ";", "IS NULL", "CASE WHEN", "END", "'", "\"", "[", "::", "INTERVAL", "ANY", "ALL"])], 1..12)) {
        check(&tokens.join(" "))?;
    }
}

#[test]
fn predicates_cross_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<filiera_predicate::Predicate>();
    is_shared::<filiera_predicate::BoundPredicate>();
}
