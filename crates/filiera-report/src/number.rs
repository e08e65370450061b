use std::cmp::Ordering;

use filiera_model::{Bounds, End, Exact, Operator, Rounding};

/// How the values of a condition are written: as percentages, or as amounts of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A share of a whole.
    Percent,
    /// So many of a unit; the unit may be empty.
    Amount(String),
    /// A number from 0 to 1 that is a share of nothing.
    Index,
}

/// The most decimals shown before a value is called "just under" or "just over" its threshold.
const MOST_DECIMALS: u32 = 12;

impl Measure {
    fn scaled(&self, value: &Exact) -> Exact {
        match self {
            Self::Percent => value * &Exact::from_int(100),
            Self::Amount(_) | Self::Index => value.clone(),
        }
    }

    /// Decimals shown when nothing asks for more.
    fn decimals(&self) -> u32 {
        match self {
            Self::Percent => 1,
            Self::Amount(_) => 2,
            Self::Index => 4,
        }
    }

    fn is_money(&self) -> bool {
        matches!(self, Self::Amount(unit) if unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase()))
    }

    /// `number` with its sign or unit: `45 %`, `12.40 EUR`, `7`.
    pub(crate) fn with_unit(&self, number: &str) -> String {
        match self {
            Self::Percent => format!("{number} %"),
            Self::Index => number.to_owned(),
            Self::Amount(unit) if unit.is_empty() => number.to_owned(),
            Self::Amount(unit) => format!("{number} {unit}"),
        }
    }

    /// One value, to the nearest, with enough digits to stand on its own side of `anchor`.
    pub(crate) fn value(&self, value: &Exact, anchor: Option<&Exact>) -> String {
        self.with_unit(&self.number(value, Rounding::HalfUp, anchor))
    }

    /// A threshold: never rounded. What no short decimal can hold is written as a fraction.
    pub(crate) fn threshold(&self, value: &Exact) -> String {
        let scaled = self.scaled(value).to_text();
        match (self, scaled.contains('/')) {
            (Self::Percent, true) => value.to_fraction(),
            _ => self.with_unit(&grouped(&scaled)),
        }
    }

    /// `≥ 45 %`.
    pub(crate) fn asked(&self, operator: Operator, threshold: &Exact) -> String {
        format!("{} {}", operator.sign(), self.threshold(threshold))
    }

    /// Every value between the ends: `41.2–47.8 %`, `45 %`, `30,000 EUR or more`.
    ///
    /// The lower end is rounded down and the upper end up, and neither crosses `anchor` nor falls
    /// on it unless it is equal to it.
    pub(crate) fn interval(&self, bounds: &Bounds, anchor: Option<&Exact>) -> String {
        let (lower, upper) = (&bounds.lower, &bounds.upper);
        match (&lower.value, &upper.value) {
            (Some(low), Some(high)) if low == high => self.value(low, anchor),
            (Some(low), Some(high)) => {
                let low = self.number(low, Rounding::Down, anchor);
                let high = self.number(high, Rounding::Up, anchor);
                self.with_unit(&between(lower, &low, upper, &high))
            }
            (Some(low), None) => {
                let low = self.with_unit(&self.number(low, Rounding::Down, anchor));
                if lower.open { format!("more than {low}") } else { format!("{low} or more") }
            }
            (None, Some(high)) => {
                let high = self.with_unit(&self.number(high, Rounding::Up, anchor));
                if upper.open { format!("less than {high}") } else { format!("{high} or less") }
            }
            (None, None) => "any value".to_owned(),
        }
    }

    /// The number alone, without unit, as short as it can be and still truthful about `anchor`.
    pub(crate) fn number(&self, value: &Exact, rounding: Rounding, anchor: Option<&Exact>) -> String {
        let scaled = self.scaled(value);
        if let Some(exact) = self.short(&scaled) {
            return exact;
        }
        let Some(anchor) = anchor.map(|anchor| self.scaled(anchor)) else {
            return grouped(&scaled.to_decimal(self.decimals(), rounding));
        };
        let side = scaled.cmp(&anchor);
        let keeps_side = |text: &String| Exact::parse(text).is_ok_and(|shown| shown.cmp(&anchor) == side);
        let shown = (self.decimals()..=MOST_DECIMALS)
            .map(|places| scaled.to_decimal(places, rounding))
            .find(keeps_side);
        shown.map_or_else(|| beside(side, &anchor), |text| grouped(&text))
    }

    /// The exact text, when it has no more decimals than usually shown.
    fn short(&self, scaled: &Exact) -> Option<String> {
        let places = self.decimals();
        let exact = scaled.to_decimal(places, Rounding::Down);
        if Exact::parse(&exact).as_ref() != Ok(scaled) {
            return None;
        }
        Some(grouped(&if self.is_money() && !scaled.is_integer() { exact } else { scaled.to_text() }))
    }
}

/// What is nearer to the anchor than any decimal shown.
fn beside(side: Ordering, anchor: &Exact) -> String {
    let anchor = grouped(&anchor.to_text());
    match side {
        Ordering::Less => format!("just under {anchor}"),
        Ordering::Equal => anchor,
        Ordering::Greater => format!("just over {anchor}"),
    }
}

fn between(lower: &End, low: &str, upper: &End, high: &str) -> String {
    let plain = !lower.open && !upper.open && is_bare(low) && is_bare(high);
    if plain {
        return format!("{low}–{high}");
    }
    let low = if lower.open { format!("over {low}") } else { low.to_owned() };
    let high = if upper.open { format!("under {high}") } else { high.to_owned() };
    format!("{low} to {high}")
}

/// Whether the number begins with a digit, so that a dash before it cannot be read as a minus.
fn is_bare(number: &str) -> bool {
    number.starts_with(|c: char| c.is_ascii_digit())
}

/// A decimal text with a comma between thousands: `1,234,567.89`. Fractions stay as they are.
pub(crate) fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find(['.', '/']).unwrap_or(text.len()));
    if rest.starts_with('/') {
        return text.to_owned();
    }
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    let mut grouped = String::with_capacity(text.len() + digits.len() / 3);
    grouped.push_str(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push_str(rest);
    grouped
}

/// A count with a comma between thousands.
pub(crate) fn count(n: impl TryInto<u64>) -> String {
    grouped(&n.try_into().unwrap_or(u64::MAX).to_string())
}

#[cfg(test)]
mod tests {
    use filiera_model::Quality;
    use proptest::prelude::*;

    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn closed(low: &str, high: &str) -> Bounds {
        Bounds { lower: End::closed(n(low)), upper: End::closed(n(high)), quality: Quality::Exact }
    }

    #[test]
    fn a_share_never_looks_like_the_threshold_it_misses() {
        let t = n("45 %");
        let percent = |text: &str| Measure::Percent.value(&n(text), Some(&t));
        assert_eq!(percent("45 %"), "45 %");
        assert_eq!(percent("44.99996 %"), "44.99996 %");
        assert_eq!(percent("44.996 %"), "44.996 %");
        assert_eq!(percent("45.00004 %"), "45.00004 %");
        assert_eq!(percent("44.94 %"), "44.9 %");
        assert_eq!(percent("1/3"), "33.3 %");
        assert_eq!(percent("44.99999999999999 %"), "just under 45 %");
        assert_eq!(percent("45.00000000000001 %"), "just over 45 %");
        assert_eq!(Measure::Percent.value(&n("44.99996 %"), None), "45.0 %");
    }

    #[test]
    fn ends_lean_outwards_and_keep_their_side() {
        let t = n("45 %");
        let shown = |low: &str, high: &str| Measure::Percent.interval(&closed(low, high), Some(&t));
        assert_eq!(shown("41.23 %", "47.71 %"), "41.2–47.8 %");
        assert_eq!(shown("41 %", "44.99996 %"), "41–44.99996 %");
        assert_eq!(shown("45.04 %", "50 %"), "45.04–50 %");
        assert_eq!(shown("44.99996 %", "45 %"), "44.9–45 %");
        assert_eq!(shown("-3 %", "2 %"), "-3 to 2 %");
        assert_eq!(shown("0", "44.99999999999999999 %"), "0 to just under 45 %");
    }

    #[test]
    fn open_and_unlimited_ends_are_said_in_words() {
        let t = n("45 %");
        let shown = |lower, upper| {
            Measure::Percent.interval(&Bounds { lower, upper, quality: Quality::Exact }, Some(&t))
        };
        assert_eq!(shown(End::closed(n("0")), End::open(n("1"))), "0 to under 100 %");
        assert_eq!(shown(End::open(n("45 %")), End::closed(n("1"))), "over 45 to 100 %");
        assert_eq!(shown(End::closed(n("0.412")), End::unlimited()), "41.2 % or more");
        assert_eq!(shown(End::open(n("0.412")), End::unlimited()), "more than 41.2 %");
        assert_eq!(shown(End::unlimited(), End::closed(n("0.412"))), "41.2 % or less");
        assert_eq!(shown(End::unlimited(), End::unlimited()), "any value");
    }

    #[test]
    fn amounts_carry_their_unit() {
        let euro = Measure::Amount("EUR".into());
        assert_eq!(euro.value(&n("1234567.5"), None), "1,234,567.50 EUR");
        assert_eq!(euro.value(&n("30000"), None), "30,000 EUR");
        assert_eq!(euro.value(&n("999999.999"), Some(&n("1000000"))), "999,999.999 EUR");
        assert_eq!(Measure::Amount(String::new()).value(&n("7"), None), "7");
        assert_eq!(Measure::Amount("kg".into()).value(&n("1/3"), None), "0.33 kg");
        assert_eq!(grouped("-1234.5"), "-1,234.5");
        assert_eq!(grouped("123456/7"), "123456/7");
    }

    #[test]
    fn an_index_has_four_decimals_and_no_unit() {
        assert_eq!(Measure::Index.interval(&closed("0.28", "1/3"), None), "0.28–0.3334");
        assert_eq!(Measure::Index.asked(Operator::AtMost, &n("0.25")), "≤ 0.25");
    }

    #[test]
    fn thresholds_are_never_rounded() {
        assert_eq!(Measure::Percent.threshold(&n("62.5 %")), "62.5 %");
        assert_eq!(Measure::Percent.threshold(&n("44.99996 %")), "44.99996 %");
        assert_eq!(Measure::Percent.threshold(&n("1/3")), "1/3");
        assert_eq!(Measure::Percent.asked(Operator::AtLeast, &n("45 %")), "≥ 45 %");
        assert_eq!(Measure::Amount("vehicles".into()).threshold(&n("1000000")), "1,000,000 vehicles");
    }

    proptest! {
        #[test]
        fn what_is_shown_stands_on_the_same_side(
            top in -2_000_000i64..2_000_000, bottom in 1i64..1_000_000, t in 0i64..=100,
            rounding in prop::sample::select(vec![Rounding::Down, Rounding::Up, Rounding::HalfUp]),
        ) {
            let value = Exact::ratio(top, bottom).unwrap();
            let anchor = Exact::ratio(t, 100).unwrap();
            let shown = Measure::Percent.number(&value, rounding, Some(&anchor)).replace(',', "");
            let shown = n(&format!("{shown} %"));
            prop_assert_eq!(shown.cmp(&anchor), value.cmp(&anchor));
            match rounding {
                Rounding::Down => prop_assert!(shown <= value),
                Rounding::Up => prop_assert!(shown >= value),
                Rounding::HalfUp => {}
            }
        }
    }
}
