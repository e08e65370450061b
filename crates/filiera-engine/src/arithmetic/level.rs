use filiera_model::{Exact, Rounding};
use filiera_packs::Formula;

use super::points::points;

/// Two offers of a tender: the one whose points are to be reached, and a rival that may ask something else.
pub(crate) struct Rivalry<'a> {
    pub(crate) formula: &'a Formula,
    pub(crate) max: &'a Exact,
    pub(crate) decimals: Option<u32>,
    pub(crate) best_is_full: bool,
    /// The prices or discounts of all offers.
    pub(crate) values: &'a [Exact],
    /// The places of the two among them.
    pub(crate) own: usize,
    pub(crate) rival: usize,
    /// By how many points the first is ahead in everything but the price.
    pub(crate) ahead: Exact,
}

/// What a rival may ask, in steps, larger ones being dearer.
pub(crate) struct Steps<'a> {
    /// The price or discount of a step; nothing where it cannot be one.
    pub(crate) value: &'a dyn Fn(&Exact) -> Option<Exact>,
    /// The dearest step.
    pub(crate) most: Exact,
}

/// From what price down a rival has as many points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// From this price, or this discount; `ties`: there it has exactly as many.
    From {
        /// The price or the discount.
        value: Exact,
        /// Whether it then has as many points, not more.
        ties: bool,
    },
    /// Whatever it asks.
    Always,
    /// Whatever it asks, it has fewer.
    Never,
}

/// The dearest step at which the rival has as many points as the other, everything else as it is.
///
/// A cheaper offer never loses points to the other, under any formula and rounding, so the step is found by
/// halving and compared with the very points that the tender would give. Nothing where a step gives no
/// points at all.
pub(crate) fn level(rivalry: &Rivalry<'_>, steps: &Steps<'_>) -> Option<Level> {
    let first = Exact::one();
    if steps.most < first || rivalry.lead(steps, &first)?.is_negative() {
        return Some(Level::Never);
    }
    if !rivalry.lead(steps, &steps.most)?.is_negative() {
        return Some(Level::Always);
    }
    // INVARIANT: the rival has as many points at `reached`, and fewer at `beyond`.
    let (mut reached, mut beyond) = (first, steps.most.clone());
    while &beyond - &reached > Exact::one() {
        let half = &(&reached + &beyond) * &Exact::ratio(1, 2)?;
        let middle = half.to_multiple(&Exact::one(), Rounding::Down)?;
        if rivalry.lead(steps, &middle)?.is_negative() { beyond = middle } else { reached = middle }
    }
    let ties = rivalry.lead(steps, &reached)?.is_zero();
    Some(Level::From { value: (steps.value)(&reached)?, ties })
}

impl Rivalry<'_> {
    /// By how many points the rival would lead.
    fn lead(&self, steps: &Steps<'_>, step: &Exact) -> Option<Exact> {
        let mut values = self.values.to_vec();
        *values.get_mut(self.rival)? = (steps.value)(step)?;
        let all = points(self.formula, self.max, &values, self.decimals, self.best_is_full)?;
        Some(&(all.get(self.rival)? - all.get(self.own)?) - &self.ahead)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    /// Cents; of a discount formula, below a base of 100.
    fn ask(formula: &Formula, max: &str, prices: &[i64], ahead: &str, decimals: Option<u32>) -> Level {
        let of_price = |price: &Exact| match formula.takes_discounts() {
            true => &Exact::one() - &price.checked_div(&n("100")).unwrap(),
            false => price.clone(),
        };
        let values: Vec<Exact> = prices.iter().map(|price| of_price(&Exact::from_int(*price))).collect();
        let value = |step: &Exact| Some(of_price(&(step * &n("0.01"))));
        let (max, ahead) = (n(max), n(ahead));
        let rivalry = Rivalry {
            formula,
            max: &max,
            decimals,
            best_is_full: false,
            values: &values,
            own: 0,
            rival: 1,
            ahead,
        };
        level(&rivalry, &Steps { value: &value, most: n("10000") }).unwrap()
    }

    fn from(value: &str, ties: bool) -> Level {
        Level::From { value: n(value), ties }
    }

    /// A trusted offer at 90 and a rival at 80, 8 points apart in everything but the price.
    #[test]
    fn every_formula_has_its_price() {
        let two = [90, 80];
        // 10 (1 - p / 90) = 8: a fifth of the price; of 30 points, 11/15 of it.
        assert_eq!(ask(&Formula::Inverse, "10", &two, "8", None), from("18", true));
        assert_eq!(ask(&Formula::Inverse, "30", &two, "8", None), from("66", true));
        // Of two offers the cheaper has all points and the other none: a cent is enough, or nothing is.
        assert_eq!(ask(&Formula::MinMax, "30", &two, "8", None), from("89.99", false));
        assert_eq!(ask(&Formula::MinMax, "7", &two, "8", None), Level::Never);
        // 30 (1 - 0.1 / d) = 8: d = 3/22, a discount of 13.64 % to the cent.
        assert_eq!(ask(&Formula::Linear, "30", &two, "8", None), from("13.64 %", false));
        // 30 (1 - (0.1 / d)^2) = 8: d = 0.1 √(30/22).
        assert_eq!(ask(&Formula::Power(2, 1), "30", &two, "8", Some(4)), from("11.68 %", false));
        // Below the mean: 30 (1 - 0.8 · 0.1 · 2 / (0.1 + d)) = 8 at d = 13/110.
        assert_eq!(ask(&Formula::Bilinear(n("0.8")), "30", &two, "8", None), from("11.82 %", false));
        assert_eq!(ask(&Formula::Linear, "30", &two, "31", None), Level::Never);
        assert_eq!(ask(&Formula::Linear, "30", &two, "-40", None), Level::Always);
    }

    proptest! {
        /// Every cent below is enough too, and none above: the halving hides nothing.
        #[test]
        fn cheaper_never_loses(
            prices in prop::collection::vec(1i64..=100, 2..5), ahead in -10i64..=31, which in 0usize..5,
            decimals in prop::option::of(1u32..4),
        ) {
            let formulas =
                [Formula::Linear, Formula::MinMax, Formula::Inverse, Formula::Bilinear(n("0.85")), Formula::Power(1, 2)];
            let formula = &formulas[which];
            let decimals = decimals.or(matches!(formula, Formula::Power(..)).then_some(2));
            let max = n("30");
            let of_price = |price: Exact| match formula.takes_discounts() {
                true => &Exact::one() - &price.checked_div(&n("100")).unwrap(),
                false => price,
            };
            let values: Vec<Exact> = prices.iter().map(|price| of_price(Exact::from_int(*price))).collect();
            let ahead = Exact::from_int(ahead);
            let rivalry = Rivalry { formula, max: &max, decimals, best_is_full: false, values: &values, own: 0, rival: 1, ahead };
            let value = |step: &Exact| Some(of_price(step.clone()));
            let steps = Steps { value: &value, most: n("100") };
            let enough = |step: i64| !rivalry.lead(&steps, &Exact::from_int(step)).unwrap().is_negative();
            let all: Vec<i64> = (1..=100).filter(|step| enough(*step)).collect();
            let expected = match all.last() {
                None => Level::Never,
                Some(100) => Level::Always,
                Some(last) => {
                    let ties = rivalry.lead(&steps, &Exact::from_int(*last)).unwrap().is_zero();
                    Level::From { value: of_price(Exact::from_int(*last)), ties }
                }
            };
            prop_assert_eq!(all.len(), all.last().map_or(0, |last| usize::try_from(*last).unwrap()));
            prop_assert_eq!(level(&rivalry, &steps), Some(expected));
        }
    }
}
