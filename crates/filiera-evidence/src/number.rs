use filiera_model::Exact;
use filiera_tables::SCALE;

use crate::currency::{self, CurrencyMark};

/// How the numbers of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberStyle {
    /// The decimal mark.
    pub decimal: char,
    /// The thousands separator. Spaces and apostrophes in whole groups of three always pass.
    pub thousands: Option<char>,
}

impl NumberStyle {
    /// `1234.56`: what a number is when nobody says otherwise.
    pub const PLAIN: Self = Self { decimal: '.', thousands: None };
}

/// A number as read from a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// The number times 10^12.
    pub unscaled: i128,
    /// Whether a percent sign followed; the number is not divided.
    pub percent: bool,
    /// The currency sign or code beside it.
    pub currency: Option<CurrencyMark>,
    /// Whether decimals beyond the twelfth were rounded.
    pub rounded: bool,
}

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NumberFault {
    /// Something else than one number.
    NotANumber,
    /// A comma, where nobody said what it means.
    Comma,
    /// Separators that do not stand in groups of three.
    Groups,
    /// More decimals than a canonical table holds.
    TooPrecise,
    /// Too large for a canonical table.
    TooLarge,
}

impl NumberFault {
    /// What is wrong with `text`, and what to do about it.
    pub fn explain(&self, text: &str, style: NumberStyle) -> (String, String) {
        match self {
            Self::NotANumber => {
                (format!("`{text}` is not a number"), "write it as `1234.56`, or leave the cell empty".into())
            }
            Self::Comma => (
                format!("`{text}` holds a comma, which may be a decimal or a thousands mark"),
                "state `decimal = \",\"` or `thousands = \",\"` for the table in dossier.toml".into(),
            ),
            Self::Groups => (
                format!("`{text}` does not fit the decimal mark `{}`", style.decimal),
                "correct the cell, or the `decimal` and `thousands` of the table in dossier.toml".into(),
            ),
            Self::TooPrecise => (
                format!("`{text}` has more than {SCALE} decimals"),
                format!("round it to at most {SCALE} decimals"),
            ),
            Self::TooLarge => (
                format!("`{text}` is too large"),
                "numbers have at most 26 digits before the decimal mark".into(),
            ),
        }
    }
}

const ONE: i128 = 10i128.pow(SCALE as u32);
/// What `Decimal128(38, 12)` holds.
const LIMIT: i128 = 10i128.pow(38);

/// The number times 10^12, when `text` is nothing but `-123.45` with at most 12 decimals.
///
/// Nearly every cell is; the rest goes through [`parse`].
pub(crate) fn parse_plain(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value: u64 = 0;
    let mut decimals: Option<u32> = None;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + u64::from(byte - b'0');
                decimals = decimals.map(|count| count + 1);
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
    }
    let decimals = decimals.unwrap_or(0);
    let lone_point = digits == b".";
    let power = u32::from(SCALE).checked_sub(decimals).filter(|_| !lone_point)?;
    let unscaled = i128::from(value) * 10i128.pow(power);
    Some(if negative { -unscaled } else { unscaled })
}

/// Reads a number as people and spreadsheets write it: `1.234,56 €`, `(12)`, `12-`, `45 %`, `9/20`.
pub(crate) fn parse(text: &str, style: NumberStyle) -> Result<Number, NumberFault> {
    if style.decimal == '.'
        && style.thousands.is_none()
        && let Some(unscaled) = parse_plain(text)
    {
        return Ok(Number { unscaled, percent: false, currency: None, rounded: false });
    }
    let parts = split(text)?;
    let (magnitude, rounded) = if parts.core.contains('/') {
        (fraction(parts.core)?, false)
    } else {
        magnitude(parts.core, style, false)?
    };
    let unscaled = if parts.negative { -magnitude } else { magnitude };
    Ok(Number { unscaled, percent: parts.percent, currency: parts.currency, rounded })
}

/// Reads the number of a typed cell: decimal point, maybe an exponent, no separators.
///
/// Decimals beyond the twelfth are rounded half-even and the number says so: they come from
/// binary floating point, not from a person.
pub(crate) fn parse_typed(text: &str) -> Result<Number, NumberFault> {
    if let Some(unscaled) = parse_plain(text) {
        return Ok(Number { unscaled, percent: false, currency: None, rounded: false });
    }
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().map_err(|_| NumberFault::NotANumber)?)
        }
        None => (rest, 0),
    };
    let plain = shift_point(mantissa, exponent)?;
    let (magnitude, rounded) = magnitude(&plain, NumberStyle::PLAIN, true)?;
    let unscaled = if negative { -magnitude } else { magnitude };
    Ok(Number { unscaled, percent: false, currency: None, rounded })
}

/// The number times a hundredth, or nothing when that has more than 12 decimals.
pub(crate) fn hundredth(unscaled: i128) -> Option<i128> {
    (unscaled % 100 == 0).then_some(unscaled / 100)
}

/// The hundredth, rounded half-even at the twelfth decimal.
pub(crate) fn hundredth_rounded(unscaled: i128) -> i128 {
    round_half_even(unscaled, 100)
}

/// The exact product, or why it does not fit.
pub(crate) fn product(left: i128, right: i128) -> Result<i128, NumberFault> {
    if let Some(product) = left.checked_mul(right).filter(|product| product % ONE == 0) {
        return Ok(product / ONE);
    }
    let scale = u32::from(SCALE);
    let product = Exact::from_decimal(left, scale) * Exact::from_decimal(right, scale);
    let fits = |value: &i128| value.unsigned_abs() < LIMIT.unsigned_abs();
    product.to_unscaled(scale).filter(fits).ok_or(NumberFault::TooPrecise)
}

/// Whole numbers as a canonical table holds them.
pub(crate) fn from_whole(whole: i128) -> Option<i128> {
    whole.checked_mul(ONE).filter(|value| value.unsigned_abs() < LIMIT.unsigned_abs())
}

/// The number as the shortest exact text.
pub(crate) fn to_text(unscaled: i128) -> String {
    Exact::from_decimal(unscaled, u32::from(SCALE)).to_text()
}

/// The whole number, when it has no decimals.
pub(crate) fn to_whole(unscaled: i128) -> Option<i64> {
    if unscaled % ONE == 0 { i64::try_from(unscaled / ONE).ok() } else { None }
}

/// Whether the number is one or more.
pub(crate) fn reaches_one(unscaled: i128) -> bool {
    unscaled >= ONE
}

/// Whether the number is more than one.
pub(crate) fn exceeds_one(unscaled: i128) -> bool {
    unscaled > ONE
}

/// Whether a number with a mark may be meant as thousands: `1.234` and nothing else.
pub(crate) fn looks_grouped(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('.').is_some_and(|(whole, rest)| {
        (1..=3).contains(&whole.len()) && whole != "0" && digits(whole) && rest.len() == 3 && digits(rest)
    })
}

struct Parts<'a> {
    negative: bool,
    core: &'a str,
    percent: bool,
    currency: Option<CurrencyMark>,
}

/// Takes apart sign, currency, digits and percent sign.
fn split(text: &str) -> Result<Parts<'_>, NumberFault> {
    let text = text.trim();
    let is_digit = |c: char| c.is_ascii_digit();
    let starts = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let first = text.find(starts).ok_or(NumberFault::NotANumber)?;
    let last = text.rfind(is_digit).ok_or(NumberFault::NotANumber)?;
    let core = text.get(first..=last).ok_or(NumberFault::NotANumber)?;
    let (before, after) = (text.get(..first).unwrap_or(""), text.get(last + 1..).unwrap_or(""));
    let signs = ['-', '−', '+', '(', ')'];
    let strip = |part: &str| part.replace(|c| signs.contains(&c), "").trim().to_owned();
    let sign_count = before.chars().chain(after.chars()).filter(|c| signs.contains(c)).count();
    let bracketed = before.contains('(') && after.contains(')');
    let minus = before.contains(['-', '−']) || after.contains(['-', '−']);
    if sign_count > if bracketed { 2 } else { 1 } || (before.contains('(') != after.contains(')')) {
        return Err(NumberFault::NotANumber);
    }
    let (before, mut after) = (strip(before), strip(after));
    // `12.` is a number too.
    if after == "." {
        after.clear();
    }
    let percent = after == "%";
    if percent {
        after.clear();
    }
    let word = match (before.is_empty(), after.is_empty()) {
        (true, true) => None,
        (false, true) => Some(before),
        (true, false) => Some(after),
        (false, false) => return Err(NumberFault::NotANumber),
    };
    let currency = word.map(|word| currency::mark(&word).ok_or(NumberFault::NotANumber)).transpose()?;
    if percent && currency.is_some() {
        return Err(NumberFault::NotANumber);
    }
    Ok(Parts { negative: minus || bracketed, core, percent, currency })
}

fn fraction(core: &str) -> Result<i128, NumberFault> {
    let value = Exact::parse(core).map_err(|_| NumberFault::NotANumber)?;
    let unscaled = value.to_unscaled(u32::from(SCALE)).ok_or(NumberFault::TooPrecise)?;
    if unscaled.unsigned_abs() < LIMIT.unsigned_abs() { Ok(unscaled) } else { Err(NumberFault::TooLarge) }
}

/// Digits with marks → the number times 10^12, and whether it was rounded.
fn magnitude(core: &str, style: NumberStyle, may_round: bool) -> Result<(i128, bool), NumberFault> {
    let (whole, decimals) = core.split_once(style.decimal).unwrap_or((core, ""));
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(mark_fault(core, style));
    }
    let whole = ungroup(whole, core, style)?;
    if whole.is_empty() && decimals.is_empty() {
        return Err(NumberFault::NotANumber);
    }
    let mut value: i128 = 0;
    let kept = decimals.bytes().chain(std::iter::repeat(b'0')).take(usize::from(SCALE));
    for byte in whole.bytes().chain(kept) {
        value = value
            .checked_mul(10)
            .and_then(|ten| ten.checked_add(i128::from(byte - b'0')))
            .filter(|value| *value < LIMIT)
            .ok_or(NumberFault::TooLarge)?;
    }
    let beyond = decimals.get(usize::from(SCALE)..).unwrap_or("").trim_end_matches('0');
    match beyond {
        "" => Ok((value, false)),
        _ if !may_round => Err(NumberFault::TooPrecise),
        _ => {
            let up = match beyond.strip_prefix('5') {
                Some("") => value % 2 == 1,
                _ => beyond.as_bytes().first().is_some_and(|byte| *byte >= b'5'),
            };
            Ok((if up { value + 1 } else { value }, true))
        }
    }
}

/// The digits of a whole part, its thousands separators taken out.
fn ungroup(whole: &str, core: &str, style: NumberStyle) -> Result<String, NumberFault> {
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(whole.to_owned());
    }
    let usual = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];
    let mark = whole
        .chars()
        .find(|c| !c.is_ascii_digit())
        .filter(|c| usual.contains(c) || style.thousands == Some(*c));
    let Some(mark) = mark else { return Err(mark_fault(core, style)) };
    let groups: Vec<&str> = whole.split(mark).collect();
    let sound = groups.iter().enumerate().all(|(place, group)| {
        group.bytes().all(|byte| byte.is_ascii_digit())
            && if place == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 }
    });
    if sound { Ok(groups.concat()) } else { Err(mark_fault(core, style)) }
}

fn mark_fault(core: &str, style: NumberStyle) -> NumberFault {
    let is_mark =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}');
    if !core.chars().all(is_mark) {
        NumberFault::NotANumber
    } else if core.contains(',') && style.decimal != ',' && style.thousands != Some(',') {
        NumberFault::Comma
    } else {
        NumberFault::Groups
    }
}

/// `1.25`, -2 → `0.0125`.
fn shift_point(mantissa: &str, exponent: i32) -> Result<String, NumberFault> {
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{decimals}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    if digits.bytes().all(|byte| byte == b'0') {
        return Ok("0".to_owned());
    }
    let point = i64::try_from(whole.len()).map_err(|_| NumberFault::TooLarge)? + i64::from(exponent);
    // Beyond these nothing is left of the number, or far too much.
    if point < -40 {
        return Ok("0.0000000000001".to_owned());
    }
    if point > 60 {
        return Err(NumberFault::TooLarge);
    }
    let length = i64::try_from(digits.len()).map_err(|_| NumberFault::TooLarge)?;
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    Ok(if point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{digits}{}", zeros(point - length))
    } else {
        let (left, right) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{left}.{right}")
    })
}

fn round_half_even(value: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (value.div_euclid(divisor), value.rem_euclid(divisor));
    let up = rest * 2 > divisor || (rest * 2 == divisor && quotient % 2 != 0);
    if up { quotient + 1 } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: NumberStyle = NumberStyle { decimal: ',', thousands: Some('.') };

    fn text(cell: &str, style: NumberStyle) -> Result<String, NumberFault> {
        parse(cell, style).map(|number| to_text(number.unscaled))
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, value) in [
            ("12", "12"),
            ("-0.5", "-0.5"),
            ("12-", "-12"),
            ("(3.5)", "-3.5"),
            ("+7", "7"),
            ("1 234.5", "1234.5"),
            ("1'234'567", "1234567"),
            ("9/20", "0.45"),
            (".5", "0.5"),
            ("5.", "5"),
            ("−2", "-2"),
            ("12345678901234567890.123456789012", "12345678901234567890.123456789012"),
            ("1.5000000000000000000", "1.5"),
        ] {
            assert_eq!(text(cell, NumberStyle::PLAIN).as_deref(), Ok(value), "{cell}");
        }
        for (cell, value) in
            [("1.234,56", "1234.56"), ("1.234", "1234"), ("0,5", "0.5"), ("-1.000.000", "-1000000")]
        {
            assert_eq!(text(cell, GERMAN).as_deref(), Ok(value), "{cell}");
        }
    }

    #[test]
    fn what_is_no_number_says_why() {
        use NumberFault as F;
        for (cell, fault) in [
            ("", F::NotANumber),
            (".", F::NotANumber),
            ("-", F::NotANumber),
            ("abc", F::NotANumber),
            ("1e3", F::NotANumber),
            ("1,5", F::Comma),
            ("1,234.5", F::Comma),
            ("1.2.3", F::Groups),
            ("12 34", F::Groups),
            ("--1", F::NotANumber),
            ("(1", F::NotANumber),
            ("1/0", F::NotANumber),
            ("1/3", F::TooPrecise),
            ("0.1234567890123", F::TooPrecise),
            ("123456789012345678901234567", F::TooLarge),
            ("$1 EUR", F::NotANumber),
            ("12 kg", F::NotANumber),
            ("$5 %", F::NotANumber),
        ] {
            assert_eq!(text(cell, NumberStyle::PLAIN), Err(fault), "{cell}");
        }
        assert_eq!(text("1.23", GERMAN), Err(F::Groups));
        assert_eq!(text("1.2345", GERMAN), Err(F::Groups));
    }

    #[test]
    fn signs_beside_a_number_are_kept() {
        let read = |cell| parse(cell, NumberStyle::PLAIN).unwrap();
        assert_eq!(read("$2.79").currency, Some(CurrencyMark::Dollar));
        assert_eq!(read("€ 12").currency, Some(CurrencyMark::Code("EUR")));
        assert_eq!(read("12 eur").currency, Some(CurrencyMark::Code("EUR")));
        assert_eq!(to_text(read("-$2.79").unscaled), "-2.79");
        assert!(read("45 %").percent && read("45%").percent);
    }

    #[test]
    fn typed_numbers_are_rounded_only_beyond_twelve_decimals() {
        for (cell, value, rounded) in [
            ("0.1", "0.1", false),
            ("1e3", "1000", false),
            ("1.25E-2", "0.0125", false),
            ("0.30000000000000004", "0.3", true),
            ("0.0000000000005", "0", true),
            ("0.0000000000015", "0.000000000002", true),
            ("1e-300", "0", true),
            ("0e999", "0", false),
        ] {
            let number = parse_typed(cell).unwrap();
            assert_eq!((to_text(number.unscaled).as_str(), number.rounded), (value, rounded), "{cell}");
        }
        assert_eq!(parse_typed("1e99"), Err(NumberFault::TooLarge));
        assert_eq!(parse_typed("NaN"), Err(NumberFault::NotANumber));
    }

    #[test]
    fn products_are_exact_or_refused() {
        let read = |cell| parse(cell, NumberStyle::PLAIN).unwrap().unscaled;
        assert_eq!(product(read("0.5"), read("2")), Ok(read("1")));
        assert_eq!(product(read("0.0000001"), read("0.0000001")), Err(NumberFault::TooPrecise));
        assert_eq!(product(read("99999999999999"), read("99999999999999")), Err(NumberFault::TooPrecise));
    }
}
