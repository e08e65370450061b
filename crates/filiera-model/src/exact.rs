mod form;

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use form::Form;

/// An exact rational number: money, a share, a quantity, a sum of any of them.
///
/// Arithmetic never rounds and never overflows: numbers that leave two machine words go on as big
/// integers. Only [`Exact::to_decimal`] rounds, and it is told which way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Exact(Form);

/// Which way a printed decimal leans when it cannot be exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards minus infinity: for lower bounds.
    Down,
    /// Towards plus infinity: for upper bounds.
    Up,
    /// To the nearest, ties away from zero: for reading, never for deciding.
    HalfUp,
}

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The text holds something else than one decimal number, fraction or percentage.
    #[error("`{0}` is not a number; write `1234.56`, `-3`, `45 %` or `9/20`")]
    NotANumber(String),
    /// The text is a fraction over zero.
    #[error("`{0}` divides by zero")]
    ZeroDenominator(String),
}

impl Exact {
    /// The whole number `n`.
    pub fn from_int(n: impl Into<BigInt>) -> Self {
        Self(Form::of_integer(n.into()))
    }

    /// `numerator / denominator`, or nothing when the denominator is zero.
    pub fn ratio(numerator: impl Into<BigInt>, denominator: impl Into<BigInt>) -> Option<Self> {
        let denominator = denominator.into();
        (!denominator.is_zero()).then(|| Self::of_large(BigRational::new(numerator.into(), denominator)))
    }

    /// `unscaled · 10^-scale`: what an Arrow decimal holds.
    pub fn from_decimal(unscaled: i128, scale: u32) -> Self {
        match 10i128.checked_pow(scale) {
            Some(unit) => Self(Form::of(unscaled, unit)),
            None => Self::of_large(BigRational::new(unscaled.into(), power_of_ten(scale))),
        }
    }

    /// The number as `unscaled · 10^-scale`, or nothing when it does not fit exactly.
    pub fn to_unscaled(&self, scale: u32) -> Option<i128> {
        if let (Form::Small(top, bottom), Some(unit)) = (&self.0, 10i128.checked_pow(scale)) {
            if *bottom == 1 {
                return i128::from(*top).checked_mul(unit);
            }
            let bottom = i128::from(*bottom);
            if unit % bottom != 0 {
                return None;
            }
            if let Some(unscaled) = i128::from(*top).checked_mul(unit / bottom) {
                return Some(unscaled);
            }
        }
        let scaled = self.0.large() * BigRational::from_integer(power_of_ten(scale));
        scaled.is_integer().then(|| i128::try_from(scaled.to_integer()).ok()).flatten()
    }

    /// Reads `1234.56`, `-3`, `45 %`, `9/20`; a percentage is divided by a hundred.
    ///
    /// # Errors
    /// [`NumberError`] when the text is anything else. Thousands separators are the reader's
    /// business and are refused here.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let trimmed = text.trim();
        if let Some(percent) = trimmed.strip_suffix('%') {
            return Ok(Self::parse(percent)? * Self::one_hundredth());
        }
        if let Some((top, bottom)) = trimmed.split_once('/') {
            let (top, bottom) = (parse_decimal(top, text)?, parse_decimal(bottom, text)?);
            return top.checked_div(&bottom).ok_or_else(|| NumberError::ZeroDenominator(text.to_owned()));
        }
        parse_decimal(trimmed, text)
    }

    fn of_large(number: BigRational) -> Self {
        Self(Form::of_large(number))
    }

    fn one_hundredth() -> Self {
        Self(Form::Small(1, 100))
    }

    /// Zero.
    pub fn zero() -> Self {
        Self(Form::ZERO)
    }

    /// One: the whole.
    pub fn one() -> Self {
        Self(Form::ONE)
    }

    /// Whether the number is zero.
    pub fn is_zero(&self) -> bool {
        self.0.sign() == Ordering::Equal
    }

    /// Whether the number is below zero.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Ordering::Less
    }

    /// Whether the number is above zero.
    pub fn is_positive(&self) -> bool {
        self.0.sign() == Ordering::Greater
    }

    /// Whether the number has no fractional part.
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// `self / divisor`, or nothing when the divisor is zero.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        (!divisor.is_zero()).then(|| Self(self.0.over(&divisor.0)))
    }

    /// The largest multiple of `step` not above the number, or the nearest one with ties up.
    ///
    /// Used for roll-up rules such as "to the nearest 5 %".
    pub fn to_multiple(&self, step: &Self, rounding: Rounding) -> Option<Self> {
        let steps = self.checked_div(step)?.0.large();
        let half = BigRational::new(BigInt::one(), BigInt::from(2u8));
        let whole = match rounding {
            Rounding::Down => steps.floor(),
            Rounding::Up => steps.ceil(),
            Rounding::HalfUp => (steps + half).floor(),
        };
        Some(Self::of_large(whole) * step.clone())
    }

    /// Numerator and denominator in lowest terms; the denominator is positive.
    pub fn parts(&self) -> (BigInt, BigInt) {
        let number = self.0.large();
        (number.numer().clone(), number.denom().clone())
    }

    /// The same while both fit a machine word.
    pub fn small_parts(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Form::Small(top, bottom) => Some((*top, *bottom)),
            Form::Large(_) => None,
        }
    }

    /// The exact text: `103/250`, or `7` when the number is whole.
    pub fn to_fraction(&self) -> String {
        let (top, bottom) = self.parts();
        if bottom.is_one() { top.to_string() } else { format!("{top}/{bottom}") }
    }

    /// The number with exactly `places` decimals, rounded as told.
    pub fn to_decimal(&self, places: u32, rounding: Rounding) -> String {
        let (top, bottom) = self.parts();
        let unit = power_of_ten(places);
        let scaled = top * &unit;
        let unscaled = match rounding {
            Rounding::Down => scaled.div_floor(&bottom),
            Rounding::Up => scaled.div_ceil(&bottom),
            Rounding::HalfUp => half_away(&scaled, &bottom),
        };
        let sign = if unscaled.is_negative() { "-" } else { "" };
        let (whole, rest) = unscaled.abs().div_rem(&unit);
        if places == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}.{:0>width$}", rest.to_string(), width = places as usize)
    }

    /// The shortest exact decimal, or the fraction when no finite decimal is exact.
    pub fn to_text(&self) -> String {
        let mut places = 0u32;
        let mut rest = self.parts().1;
        for prime in [2u8, 5u8] {
            let mut count = 0u32;
            while (&rest % prime).is_zero() {
                rest /= prime;
                count += 1;
            }
            places = places.max(count);
        }
        if rest.is_one() { self.to_decimal(places, Rounding::Down) } else { self.to_fraction() }
    }
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10u8).pow(exponent)
}

fn half_away(top: &BigInt, bottom: &BigInt) -> BigInt {
    let twice = top.abs() * 2u8 + bottom;
    let magnitude = twice.div_floor(&(bottom * 2u8));
    if top.is_negative() { -magnitude } else { magnitude }
}

/// `[+-]digits[.digits]`, with at least one digit.
fn parse_decimal(text: &str, whole_text: &str) -> Result<Exact, NumberError> {
    let wrong = || NumberError::NotANumber(whole_text.to_owned());
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let unscaled = BigInt::parse_bytes(all.as_bytes(), 10).ok_or_else(wrong)?;
    let scale = u32::try_from(fraction.len()).map_err(|_| wrong())?;
    let value = BigRational::new(unscaled, power_of_ten(scale));
    Ok(Exact::of_large(if negative { -value } else { value }))
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::zero()
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<i64> for Exact {
    fn eq(&self, other: &i64) -> bool {
        self.0 == Form::Small(*other, 1)
    }
}

impl PartialOrd<i64> for Exact {
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        Some(self.0.compare(&Form::Small(*other, 1)))
    }
}

macro_rules! arithmetic {
    ($operator:ident, $method:ident, $form:ident) => {
        impl $operator for Exact {
            type Output = Exact;
            fn $method(self, other: Exact) -> Exact {
                Exact(self.0.$form(&other.0))
            }
        }
        impl $operator<&Exact> for &Exact {
            type Output = Exact;
            fn $method(self, other: &Exact) -> Exact {
                Exact(self.0.$form(&other.0))
            }
        }
    };
}
arithmetic!(Add, add, plus);
arithmetic!(Sub, sub, minus);
arithmetic!(Mul, mul, times);

impl Neg for Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        Exact(self.0.negated())
    }
}

impl AddAssign<&Exact> for Exact {
    fn add_assign(&mut self, other: &Exact) {
        self.0 = self.0.plus(&other.0);
    }
}

impl Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(items: I) -> Exact {
        items.fold(Exact::zero(), |total, item| total + item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn reads_what_people_write() {
        assert_eq!(n("45 %"), n("9/20"));
        assert_eq!(n("-0.50"), n("-1/2"));
        assert_eq!(n("+7"), Exact::from_int(7));
        for wrong in ["", ".", "1,5", "1e3", "1 000", "0x1", "--1", "1/", "NaN", "%"] {
            assert!(Exact::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Exact::parse("1/0"), Err(NumberError::ZeroDenominator("1/0".into())));
    }

    #[test]
    fn decimals_lean_the_way_they_are_told() {
        assert_eq!(n("2/3").to_decimal(3, Rounding::Down), "0.666");
        assert_eq!(n("2/3").to_decimal(3, Rounding::Up), "0.667");
        assert_eq!(n("-2/3").to_decimal(3, Rounding::Down), "-0.667");
        assert_eq!(n("-0.0005").to_decimal(3, Rounding::HalfUp), "-0.001");
        assert_eq!(n("0.05").to_decimal(1, Rounding::HalfUp), "0.1");
        assert_eq!(n("12").to_decimal(0, Rounding::Up), "12");
    }

    #[test]
    fn text_is_exact() {
        assert_eq!(n("0.450").to_text(), "0.45");
        assert_eq!(n("1/3").to_text(), "1/3");
        assert_eq!(n("1/8").to_text(), "0.125");
        assert_eq!(n("1200").to_text(), "1200");
    }

    #[test]
    fn nearest_five_per_cent_rounds_ties_up() {
        let step = n("5 %");
        for (value, nearest) in [("52 %", "50 %"), ("53 %", "55 %"), ("52.5 %", "55 %"), ("50 %", "50 %")] {
            assert_eq!(n(value).to_multiple(&step, Rounding::HalfUp), Some(n(nearest)), "{value}");
        }
    }

    #[test]
    fn decimals_of_arrow_come_and_go() {
        assert_eq!(Exact::from_decimal(1234, 2), n("12.34"));
        assert_eq!(n("12.34").to_unscaled(12), Some(12_340_000_000_000));
        assert_eq!(n("1/3").to_unscaled(12), None);
    }
}
