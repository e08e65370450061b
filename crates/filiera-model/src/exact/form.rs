//! The two forms of a rational number: two machine words while they suffice, big integers beyond.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::Zero;

// INVARIANT: lowest terms, the bottom above zero, and `Large` only for what `Small` cannot hold: so equal
// numbers are equal forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// `top / bottom`.
    Small(i64, i64),
    /// Anything else.
    Large(Box<BigRational>),
}

impl Form {
    pub(super) const ZERO: Self = Self::Small(0, 1);
    pub(super) const ONE: Self = Self::Small(1, 1);

    /// `top / bottom`; the bottom is above zero.
    pub(super) fn of(top: i128, bottom: i128) -> Self {
        debug_assert!(bottom > 0);
        if let (Ok(top), Ok(bottom)) = (i64::try_from(top), i64::try_from(bottom)) {
            return of_words(top, bottom);
        }
        let common = common_divisor(top.unsigned_abs(), bottom.unsigned_abs());
        Self::reduced(top / common, bottom / common)
    }

    /// The same of numbers without a common divisor.
    fn reduced(top: i128, bottom: i128) -> Self {
        match (i64::try_from(top), i64::try_from(bottom)) {
            (Ok(top), Ok(bottom)) => Self::Small(top, bottom),
            _ => Self::Large(Box::new(BigRational::new_raw(top.into(), bottom.into()))),
        }
    }

    pub(super) fn of_large(number: BigRational) -> Self {
        match (i64::try_from(number.numer()), i64::try_from(number.denom())) {
            (Ok(top), Ok(bottom)) => Self::Small(top, bottom),
            _ => Self::Large(Box::new(number)),
        }
    }

    pub(super) fn of_integer(whole: BigInt) -> Self {
        match i64::try_from(&whole) {
            Ok(whole) => Self::Small(whole, 1),
            Err(_) => Self::Large(Box::new(BigRational::from_integer(whole))),
        }
    }

    pub(super) fn large(&self) -> BigRational {
        match self {
            Self::Small(top, bottom) => BigRational::new_raw((*top).into(), (*bottom).into()),
            Self::Large(number) => (**number).clone(),
        }
    }

    pub(super) fn sign(&self) -> Ordering {
        match self {
            Self::Small(top, _) => top.cmp(&0),
            Self::Large(number) => number.numer().cmp(&BigInt::zero()),
        }
    }

    pub(super) fn is_integer(&self) -> bool {
        match self {
            Self::Small(_, bottom) => *bottom == 1,
            Self::Large(number) => number.is_integer(),
        }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Small(a, b), Self::Small(c, d)) => sum((*a, *b), (*c, *d)),
            _ => Self::of_large(self.large() + other.large()),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Small(a, b), Self::Small(c, d)) => product((*a, *b), (*c, *d)),
            _ => Self::of_large(self.large() * other.large()),
        }
    }

    /// The quotient; the divisor is not zero.
    pub(super) fn over(&self, divisor: &Self) -> Self {
        match divisor {
            // The least word has no positive counterpart.
            Self::Small(top, bottom) if *top != i64::MIN => {
                self.times(&Self::Small(bottom * top.signum(), top.abs()))
            }
            _ => Self::of_large(self.large() / divisor.large()),
        }
    }

    pub(super) fn negated(&self) -> Self {
        match self {
            Self::Small(top, bottom) if *top != i64::MIN => Self::Small(-top, *bottom),
            _ => Self::of_large(-self.large()),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Small(a, b), Self::Small(c, d)) if b == d => a.cmp(c),
            (Self::Small(a, b), Self::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => self.large().cmp(&other.large()),
        }
    }
}

/// Two fractions of words: no step leaves the double word.
fn sum((a, b): (i64, i64), (c, d): (i64, i64)) -> Form {
    if b == d {
        return Form::of(i128::from(a) + i128::from(c), i128::from(b));
    }
    let common = b.gcd(&d);
    let (left, right) = (b / common, d / common);
    let top = i128::from(a) * i128::from(right) + i128::from(c) * i128::from(left);
    // What top and bottom still share, they share with what the bottoms shared.
    let common = i128::from(common);
    let shared = common_divisor((top % common).unsigned_abs(), common.unsigned_abs());
    Form::reduced(top / shared, i128::from(left) * (i128::from(d) / shared))
}

/// The bottom is above zero.
fn of_words(top: i64, bottom: i64) -> Form {
    let common = word_divisor(top, bottom);
    Form::Small(top / common, bottom / common)
}

fn product((a, b): (i64, i64), (c, d): (i64, i64)) -> Form {
    let (first, second) = (word_divisor(a, d), word_divisor(c, b));
    let top = i128::from(a / first) * i128::from(c / second);
    let bottom = i128::from(b / second) * i128::from(d / first);
    Form::reduced(top, bottom)
}

/// The greatest common divisor of two words of which the second is above zero, and so no less than it.
fn word_divisor(a: i64, b: i64) -> i64 {
    i64::try_from(a.unsigned_abs().gcd(&b.unsigned_abs())).unwrap_or(1)
}

/// The greatest common divisor of two numbers of which the second is above zero.
fn common_divisor(a: u128, b: u128) -> i128 {
    let divisor = match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => u128::from(a.gcd(&b)),
        _ => a.gcd(&b),
    };
    i128::try_from(divisor).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use num_traits::Signed;
    use proptest::prelude::*;

    use super::*;

    /// Numbers near every edge of the small form.
    fn any_form() -> impl Strategy<Value = BigRational> {
        let near = prop_oneof![
            -20i128..20,
            any::<i64>().prop_map(i128::from),
            (-3i128..3).prop_map(|n| i128::from(i64::MAX) + n),
            (-3i128..3).prop_map(|n| i128::from(i64::MIN) + n),
            any::<i128>(),
        ];
        let bottom = prop_oneof![
            1i128..20,
            1i128..i128::from(i64::MAX),
            (-3i128..3).prop_map(|n| i128::from(i64::MAX) + n),
            Just(1_000_000_000_000),
        ];
        (near, bottom).prop_map(|(top, bottom)| BigRational::new(top.into(), bottom.into()))
    }

    fn is_sound(form: &Form) -> bool {
        match form {
            Form::Small(top, bottom) => *bottom > 0 && word_divisor(*top, *bottom) == 1,
            Form::Large(number) => {
                let fits = i64::try_from(number.numer()).is_ok() && i64::try_from(number.denom()).is_ok();
                !fits && number.denom().is_positive() && number.numer().gcd(number.denom()) == BigInt::from(1)
            }
        }
    }

    proptest! {
        #[test]
        fn both_forms_reckon_alike(a in any_form(), b in any_form()) {
            let (x, y) = (Form::of_large(a.clone()), Form::of_large(b.clone()));
            let mut pairs = vec![
                (x.plus(&y), &a + &b),
                (x.minus(&y), &a - &b),
                (x.times(&y), &a * &b),
                (x.negated(), -&a),
            ];
            if !b.is_zero() {
                pairs.push((x.over(&y), &a / &b));
            }
            for (form, number) in pairs {
                prop_assert!(is_sound(&form), "{form:?}");
                prop_assert_eq!(form, Form::of_large(number));
            }
            prop_assert_eq!(x.compare(&y), a.cmp(&b));
            prop_assert_eq!(x.sign(), a.cmp(&BigRational::zero()));
            prop_assert_eq!(x.is_integer(), a.is_integer());
        }

        #[test]
        fn a_double_word_is_reduced(top in any::<i128>(), bottom in 1i128..) {
            let form = Form::of(top, bottom);
            prop_assert!(is_sound(&form));
            prop_assert_eq!(form.large(), BigRational::new(top.into(), bottom.into()));
        }
    }
}
