use filiera_model::{Bounds, Exact, Rounding};

use crate::number::Measure;

/// The axis a bar or chart is drawn on: `from` at the left edge, `to` at the right, `from < to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) from: Exact,
    pub(crate) to: Exact,
}

/// Where an interval lies on a scale of so many cells, first and last cell included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// The interval goes on beyond the left edge without limit.
    pub(crate) endless_left: bool,
    /// The interval goes on beyond the right edge without limit.
    pub(crate) endless_right: bool,
}

/// Values below this negative power of ten are as good as zero on an axis.
const SMALLEST_POWER: u32 = 30;

impl Scale {
    /// From 0 to 100 % for shares, from 0 to 1 for an index, from 0 to a round number for amounts; wider where a value or
    /// threshold lies outside.
    pub(crate) fn over<'a>(measure: &Measure, values: impl IntoIterator<Item = &'a Exact>) -> Self {
        let mut least = Exact::zero();
        let mut most = Exact::zero();
        let mut whole = true;
        for value in values {
            whole &= value.is_integer();
            if *value < least {
                least = value.clone();
            } else if *value > most {
                most = value.clone();
            }
        }
        let to = match measure {
            Measure::Percent | Measure::Index if most <= Exact::one() => Exact::one(),
            Measure::Percent | Measure::Index => round_up(&most),
            // Nobody counts to 4.5 directors.
            Measure::Amount(_) if whole => up_to_whole(round_up(&(&most + &tenth_of(&most)))),
            Measure::Amount(_) => round_up(&(&most + &tenth_of(&most))),
        };
        Self { from: -round_up(&-least), to: if to.is_zero() { Exact::one() } else { to } }
    }

    /// The part of this scale where `values` lie, with a little room on both sides: what many bars
    /// under each other are drawn on. The whole scale when they fill most of it.
    pub(crate) fn around<'a>(&self, values: impl IntoIterator<Item = &'a Exact> + Clone) -> Self {
        let (Some(least), Some(most)) = (values.clone().into_iter().min(), values.into_iter().max()) else {
            return self.clone();
        };
        let room = tenth_of(&(most - least)).max(tenth_of(&tenth_of(&(&self.to - &self.from))));
        let round = half_power(&room).map_or_else(|| room.clone(), |half| &half + &half);
        let outwards = |value: Exact, rounding| value.to_multiple(&round, rounding).unwrap_or(value);
        Self {
            from: outwards(least - &room, Rounding::Down).max(self.from.clone()),
            to: outwards(most + &room, Rounding::Up).min(self.to.clone()),
        }
    }

    /// The cell of `value` among `cells` (at least one); what lies outside falls into the first or
    /// last one. A value below another never stands in a later cell.
    pub(crate) fn cell(&self, value: &Exact, cells: usize) -> usize {
        let last = cells.saturating_sub(1);
        let width = &self.to - &self.from;
        let Some(part) = (value - &self.from).checked_div(&width) else { return 0 };
        if part.is_negative() {
            return 0;
        }
        let cell = &part * &Exact::from_int(cells);
        cell.to_decimal(0, Rounding::Down).parse().map_or(last, |cell: usize| cell.min(last))
    }

    /// The cells an interval covers.
    pub(crate) fn span(&self, bounds: &Bounds, cells: usize) -> Span {
        let place = |value: &Option<Exact>, endless: usize| {
            value.as_ref().map_or(endless, |value| self.cell(value, cells))
        };
        let first = place(&bounds.lower.value, 0);
        Span {
            first,
            last: place(&bounds.upper.value, cells.saturating_sub(1)).max(first),
            endless_left: bounds.lower.value.is_none(),
            endless_right: bounds.upper.value.is_none(),
        }
    }
}

fn up_to_whole(value: Exact) -> Exact {
    value.to_multiple(&Exact::one(), Rounding::Up).unwrap_or(value)
}

fn tenth_of(value: &Exact) -> Exact {
    Exact::ratio(1, 10).map_or_else(Exact::zero, |tenth| value * &tenth)
}

/// The next multiple of half the value's power of ten: 1,100,000 → 1,500,000; 0.23 → 0.25.
fn round_up(value: &Exact) -> Exact {
    if !value.is_positive() {
        return Exact::zero();
    }
    half_power(value).and_then(|step| value.to_multiple(&step, Rounding::Up)).unwrap_or_else(|| value.clone())
}

/// Half of the greatest power of ten that is not above the value.
fn half_power(value: &Exact) -> Option<Exact> {
    let ten = Exact::from_int(10);
    let (mut large, mut shrunk) = (value.clone(), Exact::one());
    for _ in 0..SMALLEST_POWER {
        if large >= 1 {
            break;
        }
        large = &large * &ten;
        shrunk = &shrunk * &ten;
    }
    let zeros = large.to_decimal(0, Rounding::Down).len().saturating_sub(1);
    let half = Exact::parse(&format!("5{}", "0".repeat(zeros))).ok()?;
    half.checked_div(&(&shrunk * &ten))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    #[test]
    fn shares_run_from_0_to_100_and_amounts_to_a_round_number() {
        let share = Scale::over(&Measure::Percent, [&n("41 %"), &n("45 %")]);
        assert_eq!((share.from, share.to), (n("0"), n("1")));
        let wide = Scale::over(&Measure::Percent, [&n("-12 %"), &n("230 %")]);
        assert_eq!((wide.from, wide.to), (n("-0.15"), n("2.5")));
        let cars = Scale::over(&Measure::Amount("vehicles".into()), [&n("1000000"), &n("475090")]);
        assert_eq!((cars.from, cars.to), (n("0"), n("1500000")));
        let seats = Scale::over(&Measure::Amount("rows".into()), [&n("4")]);
        assert_eq!((seats.from, seats.to), (n("0"), n("5")));
        let tonnes = Scale::over(&Measure::Amount("kg".into()), [&n("3.9")]);
        assert_eq!((tonnes.from, tonnes.to), (n("0"), n("4.5")));
        let nothing = Scale::over(&Measure::Amount(String::new()), [&n("0")]);
        assert_eq!((nothing.from, nothing.to), (n("0"), n("1")));
    }

    #[test]
    fn axes_end_on_round_numbers() {
        for (value, round) in
            [("2.3", "2.5"), ("0.23", "0.25"), ("0.00031", "0.00035"), ("1000", "1000"), ("7", "7")]
        {
            assert_eq!(round_up(&n(value)), n(round), "{value}");
        }
    }

    #[test]
    fn a_window_holds_its_values_and_stays_inside() {
        let whole = Scale::over(&Measure::Percent, []);
        let values = [n("40 %"), n("45 %"), n("52 %")];
        let window = whole.around(&values);
        assert!(window.from < n("40 %") && window.from > n("30 %"), "{window:?}");
        assert!(window.to > n("52 %") && window.to < n("60 %"), "{window:?}");
        assert_eq!(whole.around(&[n("0"), n("1")]), whole);
        assert_eq!(whole.around(&Vec::new()), whole);
        let point = whole.around(&[n("45 %")]);
        assert!(point.from < point.to);
    }

    #[test]
    fn what_misses_a_threshold_never_stands_right_of_it() {
        let scale = Scale::over(&Measure::Percent, []);
        assert_eq!(scale.cell(&n("45 %"), 20), 9);
        assert_eq!(scale.cell(&n("44.9999 %"), 20), 8);
        assert_eq!(scale.cell(&n("100 %"), 20), 19);
        assert_eq!(scale.cell(&n("1000 %"), 20), 19);
        assert_eq!(scale.cell(&n("-1"), 20), 0);
        assert_eq!(scale.cell(&n("1"), 0), 0);
    }
}
