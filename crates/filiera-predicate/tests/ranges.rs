//! Shares known within two ends, against every value they may have.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, RecordBatch};
use arrow::datatypes::Schema;
use filiera_model::{Bounds, End, Exact, Quality};
use filiera_predicate::Predicate;
use filiera_tables::{ColumnKind, arrow_field, share_ranges};
use proptest::prelude::*;

const COLUMNS: [(&str, ColumnKind); 3] =
    [("a", ColumnKind::ShareRange), ("b", ColumnKind::ShareRange), ("n", ColumnKind::Number)];

/// Two ends in tenths, and whether each is open.
type Ends = (i64, i64, bool, bool);

fn bounds((least, most, least_open, most_open): Ends) -> Bounds {
    let tenth = |n: i64| Some(Exact::ratio(n, 10).unwrap());
    Bounds {
        lower: End { value: tenth(least), open: least_open },
        upper: End { value: tenth(most), open: most_open },
        quality: Quality::Exact,
    }
}

/// Values of the range in eightieths: its ends, and more between than numbers it is compared with.
fn values((least, most, least_open, most_open): Ends) -> Vec<i64> {
    (8 * least..=8 * most)
        .filter(|value| (!least_open || *value != 8 * least) && (!most_open || *value != 8 * most))
        .collect()
}

fn ends() -> impl Strategy<Value = Option<Ends>> {
    let some = (0i64..=10, 0i64..=10, any::<bool>(), any::<bool>()).prop_map(|(a, b, x, y)| {
        let (least, most) = (a.min(b), a.max(b));
        let is_value = least == most;
        (least, most, x && !is_value, y && !is_value)
    });
    prop::option::weighted(0.9, some)
}

fn evaluated(text: &str, a: Option<Ends>, b: Option<Ends>, n: Option<i64>) -> Option<bool> {
    let columns = COLUMNS.map(|(name, kind)| (name.to_owned(), kind));
    let predicate = Predicate::parse(text, &columns, &BTreeMap::new(), &[]).unwrap();
    let range = |ends: Option<Ends>| share_ranges([ends.map(bounds).as_ref()].into_iter()).unwrap();
    let number = |n: i64| Exact::ratio(n, 40).unwrap().to_unscaled(12).unwrap();
    let numbers: Decimal128Array = [n.map(number)].into_iter().collect();
    let arrays: Vec<ArrayRef> =
        vec![range(a), range(b), Arc::new(numbers.with_precision_and_scale(38, 12).unwrap())];
    let fields: Vec<_> = COLUMNS.iter().map(|(name, kind)| arrow_field(name, *kind)).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let answers: BooleanArray = predicate.bind(&BTreeMap::new()).unwrap().evaluate(&batch).unwrap();
    answers.iter().next().unwrap()
}

fn says(sign: &str, left: i64, right: i64) -> bool {
    match sign {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "=" => left == right,
        _ => left != right,
    }
}

fn all_agree(mut answers: impl Iterator<Item = bool>) -> Option<bool> {
    let first = answers.next()?;
    answers.all(|answer| answer == first).then_some(first)
}

fn signs() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["<", "<=", ">", ">=", "=", "<>"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Against a number: decided exactly when every value says the same.
    #[test]
    fn a_range_is_compared_whole(a in ends(), n in prop::option::weighted(0.9, 0i64..=40), sign in signs(), mirrored: bool) {
        let (text, answer) = if mirrored {
            (format!("n {sign} a"), evaluated(&format!("n {sign} a"), a, None, n))
        } else {
            (format!("a {sign} n"), evaluated(&format!("a {sign} n"), a, None, n))
        };
        let expected = a.zip(n).and_then(|(a, n)| {
            let says = |value| if mirrored { says(sign, 2 * n, value) } else { says(sign, value, 2 * n) };
            all_agree(values(a).into_iter().map(says))
        });
        prop_assert_eq!(answer, expected, "{} with {:?} and {:?}", text, a, n);
    }

    /// Against another range: what is decided holds for every pair, and what every pair says is decided.
    #[test]
    fn two_ranges_are_compared_whole(a in ends(), b in ends(), sign in signs()) {
        let answer = evaluated(&format!("a {sign} b"), a, b, None);
        let expected = a.zip(b).and_then(|(a, b)| {
            let pairs = values(a).into_iter().flat_map(|x| values(b).into_iter().map(move |y| (x, y)));
            all_agree(pairs.map(|(x, y)| says(sign, x, y)))
        });
        prop_assert_eq!(answer, expected, "{:?} {} {:?}", a, sign, b);
    }

    /// Anywhere else it is the value it is, if it is one.
    #[test]
    fn elsewhere_it_is_a_value_or_not_known(a in ends(), b in ends(), n in 0i64..=40, sign in signs()) {
        let point = |ends: Ends| (ends.0 == ends.1).then_some(4 * ends.0);
        let sum = evaluated(&format!("a + b {sign} n"), a, b, Some(n));
        let expected = a.and_then(point).zip(b.and_then(point)).map(|(x, y)| says(sign, x + y, n));
        prop_assert_eq!(sum, expected);
        let own = evaluated(&format!("a {sign} 0.5 * a"), a, None, None);
        prop_assert_eq!(own, a.and_then(point).map(|x| says(sign, 2 * x, x)));
    }
}

#[test]
fn lists_and_stretches_take_ranges_too() {
    let band = Some((3, 5, true, false));
    assert_eq!(evaluated("a BETWEEN 0.25 AND 0.5", band, None, None), Some(true));
    assert_eq!(evaluated("a BETWEEN 0.4 AND 0.5", band, None, None), None);
    assert_eq!(evaluated("a NOT BETWEEN 0.1 AND 0.3", band, None, None), Some(true));
    assert_eq!(evaluated("a IN (0.3, 0.6)", band, None, None), Some(false));
    assert_eq!(evaluated("a IN (0.4)", band, None, None), None);
    assert_eq!(evaluated("a > 0.3 AND a <= 0.5 AND NOT a > 0.5", band, None, None), Some(true));
}

/// A third has no decimals that end, and is still not less than what it is not less than.
#[test]
fn what_decimals_cannot_hold_is_compared_exactly() {
    let columns = [("a".to_owned(), ColumnKind::ShareRange)];
    let third = Bounds::exactly(Exact::parse("1/3").unwrap());
    let array = share_ranges([Some(&third)].into_iter()).unwrap();
    let schema = Arc::new(Schema::new(vec![arrow_field("a", ColumnKind::ShareRange)]));
    let batch = RecordBatch::try_new(schema, vec![array]).unwrap();
    for (text, expected) in [
        ("a > 0.333333333333", Some(true)),
        ("a < 0.333333333334", Some(true)),
        ("a = 0.333333333333", Some(false)),
        ("a >= 0.333333333334", Some(false)),
        ("a * 3 = 1", None),
    ] {
        let predicate = Predicate::parse(text, &columns, &BTreeMap::new(), &[]).unwrap();
        let answers = predicate.bind(&BTreeMap::new()).unwrap().evaluate(&batch).unwrap();
        assert_eq!(answers.iter().next().unwrap(), expected, "{text}");
    }
    let wrong = Predicate::parse("a >= 45", &columns, &BTreeMap::new(), &[]).unwrap_err();
    assert_eq!(wrong[0].message, "`a` is a share, between 0 and 1, never 45");
}
