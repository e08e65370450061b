use filiera_model::{Exact, Rounding};
use filiera_packs::Formula;

/// The points of every row by its price (or discount), the best getting `max`.
///
/// Rounded to `decimals` where the tender says so, ties away from zero; a root is compared, never
/// computed. `best_is_full`: the best gets all points even where the formula gives it fewer. Nothing when
/// a price or a discount lies below zero.
pub(crate) fn points(
    formula: &Formula,
    max: &Exact,
    values: &[Exact],
    decimals: Option<u32>,
    best_is_full: bool,
) -> Option<Vec<Exact>> {
    if values.iter().any(Exact::is_negative) {
        return None;
    }
    let least = values.iter().min()?;
    let most = values.iter().max()?;
    let best = if formula.takes_discounts() { most } else { least };
    let mean = mean(values)?;
    let one = |value: &Exact| {
        if best_is_full && value == best {
            return Some(max.clone());
        }
        if let Formula::Power(top, bottom) = formula {
            return power(value, most, max, (*top, *bottom), decimals?);
        }
        let part = part(formula, value, least, most, &mean);
        rounded(&part * max, decimals)
    };
    values.iter().map(one).collect()
}

fn mean(values: &[Exact]) -> Option<Exact> {
    let sum: Exact = values.iter().cloned().sum();
    sum.checked_div(&Exact::from_int(values.len()))
}

/// The part of all points, 0 to 1. What would be divided by nothing is nothing, but equal prices are
/// all the best.
fn part(formula: &Formula, value: &Exact, least: &Exact, most: &Exact, mean: &Exact) -> Exact {
    match formula {
        Formula::Linear | Formula::Power(..) => value.checked_div(most).unwrap_or_default(),
        Formula::MinMax => (most - value).checked_div(&(most - least)).unwrap_or_else(Exact::one),
        Formula::Inverse => least.checked_div(value).unwrap_or_else(Exact::one),
        Formula::Bilinear(at) if value <= mean => at * &value.checked_div(mean).unwrap_or_default(),
        Formula::Bilinear(at) => {
            let above = (value - mean).checked_div(&(most - mean)).unwrap_or_default();
            at + &(&(&Exact::one() - at) * &above)
        }
    }
}

fn rounded(points: Exact, decimals: Option<u32>) -> Option<Exact> {
    match decimals {
        None => Some(points),
        Some(decimals) => points.to_multiple(&Exact::from_decimal(1, decimals), Rounding::HalfUp),
    }
}

/// `max · (value / most)^(top / bottom)`, rounded: the greatest count `k` of the smallest decimal whose
/// lower edge `k − ½` the points reach. Both sides are taken to the power of `bottom`, so that no root is.
fn power(
    value: &Exact,
    most: &Exact,
    max: &Exact,
    (top, bottom): (u32, u32),
    decimals: u32,
) -> Option<Exact> {
    let Some(ratio) = value.checked_div(most) else { return Some(Exact::zero()) };
    let step = Exact::from_decimal(1, decimals);
    let raised = to_the(&ratio, top);
    let reaches = |count: &Exact| {
        let edge = (&(count - &Exact::ratio(1, 2)?) * &step).checked_div(max)?;
        Some(!edge.is_positive() || to_the(&edge, bottom) <= raised)
    };
    // Bisection between 0, which is always reached, and one more than the whole.
    let (mut reached, mut beyond) =
        (Exact::zero(), &max.to_multiple(&step, Rounding::Up)?.checked_div(&step)? + &Exact::one());
    while &beyond - &reached > Exact::one() {
        let half = &(&reached + &beyond) * &Exact::ratio(1, 2)?;
        let middle = half.to_multiple(&Exact::one(), Rounding::Down)?;
        if reaches(&middle)? { reached = middle } else { beyond = middle }
    }
    Some(&reached * &step)
}

fn to_the(base: &Exact, exponent: u32) -> Exact {
    (0..exponent).fold(Exact::one(), |power, _| &power * base)
}

/// The part of its price at which a rival gets by its price as many points more as a premium gives, where
/// that does not depend on the other offers: under `inverse`, 8 of 10 points are a fifth of the price.
pub(crate) fn price_of_a_premium(formula: &Formula, max: &Exact, premium: &Exact) -> Option<Exact> {
    match formula {
        Formula::Inverse => Some(&Exact::one() - &premium.checked_div(max)?).filter(Exact::is_positive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn all(formula: &Formula, values: &[&str]) -> Vec<String> {
        let values: Vec<Exact> = values.iter().map(|value| n(value)).collect();
        let found = points(formula, &n("30"), &values, Some(4), false).unwrap();
        found.iter().map(Exact::to_text).collect()
    }

    /// The worked figures for discounts of 10, 20 and 30 % on a price of 100.
    #[test]
    fn every_formula_gives_the_published_points() {
        let (discounts, prices) = (["10 %", "20 %", "30 %"], ["90", "80", "70"]);
        assert_eq!(all(&Formula::Linear, &discounts), ["10", "20", "30"]);
        assert_eq!(all(&Formula::MinMax, &prices), ["0", "15", "30"]);
        assert_eq!(all(&Formula::Inverse, &prices), ["23.3333", "26.25", "30"]);
        assert_eq!(all(&Formula::Bilinear(n("0.85")), &discounts), ["12.75", "25.5", "30"]);
        assert_eq!(all(&Formula::Power(1, 2), &discounts), ["17.3205", "24.4949", "30"]);
        assert_eq!(all(&Formula::Power(2, 1), &discounts), ["3.3333", "13.3333", "30"]);
    }

    #[test]
    fn equal_and_missing_discounts_divide_by_nothing() {
        let equal = ["12 %", "12 %"];
        assert_eq!(all(&Formula::Bilinear(n("0.85")), &equal), ["25.5", "25.5"]);
        assert_eq!(all(&Formula::MinMax, &["88", "88"]), ["30", "30"]);
        for formula in [Formula::Linear, Formula::Bilinear(n("0.8")), Formula::Power(1, 2)] {
            assert_eq!(all(&formula, &["0", "0"]), ["0", "0"]);
        }
        let full = points(&Formula::Bilinear(n("0.85")), &n("30"), &[n("12 %"), n("12 %")], None, true);
        assert_eq!(full, Some(vec![n("30"), n("30")]));
        assert_eq!(points(&Formula::Linear, &n("30"), &[n("-1 %"), n("12 %")], None, false), None);
    }

    #[test]
    fn a_premium_has_a_price() {
        assert_eq!(price_of_a_premium(&Formula::Inverse, &n("10"), &n("8")), Some(n("1/5")));
        assert_eq!(price_of_a_premium(&Formula::Inverse, &n("30"), &n("8")), Some(n("11/15")));
        assert_eq!(price_of_a_premium(&Formula::Inverse, &n("8"), &n("8")), None);
        assert_eq!(price_of_a_premium(&Formula::MinMax, &n("30"), &n("8")), None);
    }

    proptest! {
        /// The rounded root is within half a step of the root: `(k ± ½)` to the same power lie around.
        #[test]
        fn roots_are_rounded_exactly(
            value in 0i64..=60, most in 1i64..=60, max in 1i64..=40, top in 1u32..4, bottom in 1u32..4, decimals in 0u32..4,
        ) {
            let (value, most) = (Exact::from_int(value.min(most)), Exact::from_int(most));
            let max = Exact::from_int(max);
            let found = power(&value, &most, &max, (top, bottom), decimals).unwrap();
            let half = &Exact::from_decimal(1, decimals) * &Exact::ratio(1, 2).unwrap();
            let root = to_the(&value.checked_div(&most).unwrap(), top);
            let at = |points: Exact| to_the(&points.checked_div(&max).unwrap(), bottom);
            let (low, high) = (&found - &half, &found + &half);
            prop_assert!(low.is_negative() || at(low) <= root);
            prop_assert!(at(high) > root);
        }
    }
}
