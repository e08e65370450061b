//! Random predicates and rows, small and with few values, so that they meet.

use filiera_model::Exact;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

use super::tree::{Number, Row, Text, Truth};

const TEXTS: &[&str] = &["", "x", "X", "xy", "y", "ü", "x\ny", "x.y", "(x"];
const PATTERNS: &[&str] =
    &["", "%", "x%", "%y", "_", "x_", "%x%", "_%_", "ü", "x%y", "x_y", "x.%", "(_", "%(%"];
const SIGNS: &[&str] = &["=", "<>", "<", "<=", ">", ">="];
const LARGEST: &str = "99999999999999999999999999.999999999999";
const NUMBERS: &[&str] =
    &["0", "1", "2", "0.5", "1.0", "0.000000000001", "2027", "9223372036854775808", LARGEST];

/// Rows where nothing, some or most is not known: engines take shortcuts where nothing is.
pub fn rows() -> impl Strategy<Value = Vec<Row>> {
    (select(vec![0.000_001, 0.3, 0.9]), select(vec![1usize, 7, 40]))
        .prop_flat_map(|(unknown, most)| prop::collection::vec(row(1.0 - unknown), 0..=most))
}

fn row(known: f64) -> impl Strategy<Value = Row> {
    let text = || weighted(known, select(TEXTS).prop_map(str::to_owned));
    let country = weighted(known, select(vec!["IT", "FR", "CN"]).prop_map(str::to_owned));
    let signed = (select(NUMBERS), any::<bool>()).prop_map(|(number, negative)| {
        let number = Exact::parse(number).unwrap();
        if negative { -number } else { number }
    });
    let whole = select(vec![0, 1, 2, -1, 2027, i64::MAX, i64::MIN]);
    (
        text(),
        text(),
        country,
        weighted(known, signed),
        weighted(known, whole),
        weighted(known, prop::bool::weighted(0.2)),
    )
        .prop_map(|(a, b, c, n, w, t)| Row { a, b, c, n, w, t })
}

fn text() -> impl Strategy<Value = Text> {
    let leaf =
        prop_oneof![3 => Just(Text::A), 2 => Just(Text::B), 2 => select(TEXTS).prop_map(Text::Literal)];
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|text| Text::Upper(Box::new(text))),
            (inner.clone(), inner).prop_map(|(left, right)| Text::Concat(Box::new(left), Box::new(right))),
        ]
    })
}

fn number() -> impl Strategy<Value = Number> {
    let leaf = prop_oneof![
        3 => Just(Number::N),
        2 => Just(Number::W),
        1 => Just(Number::Half),
        2 => select(NUMBERS).prop_map(Number::Literal),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        let calculated = (inner.clone(), select(vec!['+', '-', '*']), inner.clone());
        prop_oneof![
            1 => inner.prop_map(|number| Number::Negative(Box::new(number))),
            3 => calculated.prop_map(|(left, sign, right)| Number::Calculated(Box::new(left), sign, Box::new(right))),
        ]
    })
}

fn comparison() -> impl Strategy<Value = Truth> {
    prop_oneof![
        Just(Truth::T),
        any::<bool>().prop_map(Truth::Literal),
        (text(), select(SIGNS), text()).prop_map(|(left, sign, right)| Truth::Texts(left, sign, right)),
        (number(), select(SIGNS), number()).prop_map(|(left, sign, right)| Truth::Numbers(left, sign, right)),
        (any::<bool>(), select(vec!["IT", "CN"])).prop_map(|(same, code)| Truth::Country(same, code)),
        any::<bool>().prop_map(Truth::InZone),
        (text(), any::<bool>()).prop_map(|(needle, negated)| Truth::InNothing(needle, negated)),
        (text(), any::<bool>(), prop::collection::vec(text(), 0..4), any::<bool>()).prop_map(
            |(needle, negated, members, listed)| Truth::InTexts { needle, negated, members, listed }
        ),
        (number(), any::<bool>(), prop::collection::vec(number(), 0..4))
            .prop_map(|(needle, negated, members)| Truth::InNumbers { needle, negated, members }),
        (number(), any::<bool>(), number(), number())
            .prop_map(|(value, negated, low, high)| Truth::Between { value, negated, low, high }),
        (text(), any::<bool>(), select(PATTERNS)).prop_map(|(value, negated, pattern)| Truth::Like {
            value,
            negated,
            pattern
        }),
    ]
}

pub fn truth() -> impl Strategy<Value = Truth> {
    comparison().prop_recursive(3, 12, 2, |inner| {
        let pair = || (inner.clone(), inner.clone());
        let same = (inner.clone(), any::<bool>(), inner.clone());
        prop_oneof![
            2 => inner.clone().prop_map(|part| Truth::Not(Box::new(part))),
            4 => pair().prop_map(|(left, right)| Truth::And(Box::new(left), Box::new(right))),
            4 => pair().prop_map(|(left, right)| Truth::Or(Box::new(left), Box::new(right))),
            1 => same.prop_map(|(left, same, right)| Truth::Same(Box::new(left), same, Box::new(right))),
        ]
    })
}
