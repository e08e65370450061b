use filiera_model::{Bounds, End, Exact, Fraction, Mark, Operator, Quality, Range, Verdict};
use proptest::prelude::*;

use super::*;

fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn range(least: &str, most: &str) -> Range {
    Range { least: n(least), most: (most != "inf").then(|| n(most)) }
}

fn share(items: &[(Range, Mark)]) -> Bounds {
    let mut sums = Sums::default();
    for (weight, mark) in items {
        sums.add(Term::of_share(weight.clone(), &Fraction::from(*mark), Mark::Yes));
    }
    ratio_bounds(&sums).bounds.unwrap()
}

#[test]
fn one_price_is_one_variable() {
    // Local 40, foreign 50, one local part worth 5 to 20: 47.4 to 54.5 %, not 40.9 to 63.2 %.
    let bounds = share(&[
        (Range::exactly(n("40")), Mark::Yes),
        (Range::exactly(n("50")), Mark::No),
        (range("5", "20"), Mark::Yes),
    ]);
    assert_eq!(
        bounds,
        Bounds { lower: End::closed(n("45/95")), upper: End::closed(n("60/110")), quality: Quality::Exact }
    );
}

#[test]
fn a_range_at_a_known_fraction_moves_nothing() {
    let mut sums = Sums::default();
    sums.add(Term::of_share(range("50", "100"), &Fraction::exactly(n("60 %")), Mark::Yes));
    assert_eq!(ratio_bounds(&sums).bounds, Some(Bounds::exactly(n("60 %"))));
}

#[test]
fn a_missing_price_is_anything_and_its_limit_is_not_attained() {
    let bounds = share(&[(Range::exactly(n("50")), Mark::Yes), (Range::anything(), Mark::No)]);
    assert_eq!(bounds.lower, End::open(n("0")));
    assert_eq!(bounds.upper, End::closed(n("1")));
    let bounds = share(&[(Range::exactly(n("50")), Mark::No), (Range::anything(), Mark::Maybe)]);
    assert_eq!((bounds.lower, bounds.upper), (End::closed(n("0")), End::open(n("1"))));
}

#[test]
fn a_total_of_zero_is_said() {
    let mut sums = Sums::default();
    sums.add(Term::of_share(Range::anything(), &Mark::Yes.into(), Mark::Yes));
    let outcome = ratio_bounds(&sums);
    assert!(outcome.may_be_zero);
    assert_eq!(outcome.bounds, Some(Bounds::exactly(n("1"))));
    let mut nothing = Sums::default();
    nothing.add(Term::of_share(Range::exactly(n("0")), &Mark::Yes.into(), Mark::Yes));
    assert_eq!(ratio_bounds(&nothing), RatioOutcome { bounds: None, may_be_zero: true });
}

#[test]
fn a_maybe_in_scope_may_be_left_out() {
    // Marked 40, unmarked 40 in scope, an unmarked 20 that may be out of scope.
    let mut sums = Sums::default();
    sums.add(Term::of_share(Range::exactly(n("40")), &Mark::Yes.into(), Mark::Yes));
    sums.add(Term::of_share(Range::exactly(n("40")), &Mark::No.into(), Mark::Yes));
    sums.add(Term::of_share(Range::exactly(n("20")), &Mark::No.into(), Mark::Maybe));
    let bounds = ratio_bounds(&sums).bounds.unwrap();
    assert_eq!((bounds.lower, bounds.upper), (End::closed(n("40 %")), End::closed(n("50 %"))));
}

#[test]
fn max_nom_of_a_declared_price() {
    // T = 30,000, non-originating 12,000: exactly 40 % under MaxNOM, labour and profit not counted.
    let mut sums = Sums::default();
    sums.add(Term::of_share(Range::exactly(n("12000")), &Mark::Yes.into(), Mark::Yes));
    let of = |remainder| share_of_declared_total(&sums, &n("30000"), remainder);
    assert_eq!(of(Remainder::No), Some(Bounds::exactly(n("40 %"))));
    assert_eq!(of(Remainder::Yes), Some(Bounds::exactly(n("1"))));
    let maybe = of(Remainder::Maybe).unwrap();
    assert_eq!((maybe.lower, maybe.upper), (End::closed(n("40 %")), End::closed(n("1"))));
}

#[test]
fn lines_never_exceed_the_declared_total() {
    let mut sums = Sums::default();
    sums.add(Term::of_share(Range::exactly(n("60")), &Mark::No.into(), Mark::Yes));
    sums.add(Term::of_share(Range::anything(), &Mark::Yes.into(), Mark::Yes));
    let bounds = share_of_declared_total(&sums, &n("100"), Remainder::No).unwrap();
    assert_eq!((bounds.lower, bounds.upper), (End::closed(n("0")), End::closed(n("40 %"))));
    assert_eq!(share_of_declared_total(&sums, &n("50"), Remainder::No), None);
}

#[test]
fn a_total_nobody_declared_holds_at_least_the_lines() {
    // Marked 0 to 10 beside 50: the most is 10 of 60, when the total is just the lines.
    let mut sums = Sums::default();
    sums.add(Term::of_share(range("0", "10"), &Mark::Yes.into(), Mark::Yes));
    sums.add(Term::of_share(Range::exactly(n("50")), &Mark::No.into(), Mark::Yes));
    let of = |remainder| share_of_open_total(sums.clone(), remainder).bounds.unwrap();
    let no = of(Remainder::No);
    assert_eq!((no.lower, no.upper), (End::closed(n("0")), End::closed(n("1/6"))));
    let yes = of(Remainder::Yes);
    assert_eq!((yes.lower, yes.upper), (End::closed(n("0")), End::open(n("1"))));
    // Lines that may weigh nothing leave the total itself open.
    let mut light = Sums::default();
    light.add(Term::of_share(range("0", "2"), &Mark::Yes.into(), Mark::Yes));
    let found = share_of_open_total(light, Remainder::No);
    assert!(found.may_be_zero);
    let bounds = found.bounds.unwrap();
    assert_eq!((bounds.lower, bounds.upper), (End::closed(n("0")), End::closed(n("1"))));
}

#[test]
fn an_exact_boundary_decides() {
    let t = n("45 %");
    let exactly = share(&[(Range::exactly(n("45")), Mark::Yes), (Range::exactly(n("55")), Mark::No)]);
    assert_eq!(exactly.judge(Operator::AtLeast, &t), Verdict::Met);
    let below = share(&[(Range::exactly(n("44.9999")), Mark::Yes), (Range::exactly(n("55.0001")), Mark::No)]);
    assert_eq!(below.judge(Operator::AtLeast, &t), Verdict::NotMet);
}

#[test]
fn alternatives_are_judged_whole() {
    let mut sums = Sums::default();
    sums.add(Term::of_share(Range::exactly(n("50")), &Mark::Yes.into(), Mark::Yes));
    let alternative =
        |weight: &str, mark: Mark| vec![Term::of_share(Range::exactly(n(weight)), &mark.into(), Mark::Yes)];
    sums.add_choice(Choice {
        alternatives: vec![alternative("50", Mark::No), alternative("150", Mark::Yes)],
    });
    let bounds = ratio_bounds(&sums).bounds.unwrap();
    assert_eq!((bounds.lower, bounds.upper), (End::closed(n("1/2")), End::closed(n("1"))));
    let total = total_bounds(&sums);
    assert_eq!((total.lower, total.upper), (End::closed(n("50")), End::closed(n("200"))));
}

/// Small integer items: least, width, mark, scope.
fn items() -> impl Strategy<Value = Vec<(i64, i64, u8, u8)>> {
    prop::collection::vec((0i64..6, 0i64..4, 0u8..4, 0u8..4), 1..5)
}

fn mark(code: u8) -> Mark {
    match code {
        0 => Mark::Yes,
        1 => Mark::No,
        _ => Mark::Maybe,
    }
}

/// Every completion in whole numbers: the pairs (marked, all).
fn completions(items: &[(i64, i64, u8, u8)]) -> Vec<(i64, i64)> {
    let mut sums = vec![(0i64, 0i64)];
    for (least, width, marked, scope) in items {
        let mut next = Vec::new();
        for weight in *least..=least + width {
            for is_marked in [true, false] {
                for in_scope in [true, false] {
                    let allowed = |is: bool, mark: Mark| mark == Mark::Maybe || (mark == Mark::Yes) == is;
                    // A scope code of 0, 2 and above: in, out, maybe, with most items in.
                    let scope = if *scope == 3 { Mark::Maybe } else { Mark::Yes };
                    if allowed(is_marked, mark(*marked)) && allowed(in_scope, scope) {
                        let (top, bottom) =
                            if in_scope { (if is_marked { weight } else { 0 }, weight) } else { (0, 0) };
                        next.extend(sums.iter().map(|(t, b)| (t + top, b + bottom)));
                    }
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        sums = next;
    }
    sums
}

fn sums_of(items: &[(i64, i64, u8, u8)]) -> Sums {
    let mut sums = Sums::default();
    for (least, width, marked, scope) in items {
        let weight = Range { least: Exact::from_int(*least), most: Some(Exact::from_int(least + width)) };
        let scope = if *scope == 3 { Mark::Maybe } else { Mark::Yes };
        sums.add(Term::of_share(weight, &mark(*marked).into(), scope));
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Bounds are attained, and nothing lies outside them.
    #[test]
    fn ratio_bounds_are_the_extremes_of_all_completions(items in items()) {
        let outcome = ratio_bounds(&sums_of(&items));
        let all = completions(&items);
        prop_assert_eq!(outcome.may_be_zero, all.iter().any(|(_, bottom)| *bottom == 0));
        let ratios = all.iter().filter_map(|(top, bottom)| Exact::ratio(*top, *bottom));
        let (least, most) = (ratios.clone().min(), ratios.max());
        prop_assert_eq!(outcome.bounds.as_ref().and_then(|b| b.lower.value.clone()), least);
        prop_assert_eq!(outcome.bounds.as_ref().and_then(|b| b.upper.value.clone()), most);
        prop_assert!(outcome.bounds.is_none_or(|b| !b.lower.open && !b.upper.open));
    }

    /// The same for a declared total, over the completions whose lines stay within it.
    #[test]
    fn declared_totals_are_the_extremes_of_all_completions(items in items(), total in 1i64..20, rest in 0u8..3) {
        let remainder = [Remainder::Yes, Remainder::No, Remainder::Maybe][usize::from(rest)];
        let got = share_of_declared_total(&sums_of(&items), &Exact::from_int(total), remainder);
        let values: Vec<Exact> = completions(&items)
            .into_iter()
            .filter(|(_, bottom)| *bottom <= total)
            .flat_map(|(top, bottom)| {
                let left = total - bottom;
                let tops: &[i64] = match remainder {
                    Remainder::Yes => &[left],
                    Remainder::No => &[0],
                    Remainder::Maybe => &[0, left],
                };
                tops.iter().filter_map(|left| Exact::ratio(top + left, total)).collect::<Vec<_>>()
            })
            .collect();
        let (least, most) = (values.iter().min(), values.iter().max());
        let Some(got) = got else {
            prop_assert!(values.is_empty());
            return Ok(());
        };
        if got.quality == Quality::Exact {
            prop_assert_eq!((got.lower.value.as_ref(), got.upper.value.as_ref()), (least, most));
        } else {
            prop_assert!(got.lower.value.as_ref() <= least && most <= got.upper.value.as_ref());
        }
    }
}
