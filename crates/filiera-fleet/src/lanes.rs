//! What kinds of parts add, as whole numbers side by side.

use filiera_engine::{Addend, Adds, Sides, Whole, WholeSides};
use filiera_model::Exact;
use rustc_hash::FxHashMap;

use crate::FleetError;

/// Numbers of one condition: five sides of the range, five of the law, its rows, and how many of its rows are
/// more than a sum.
pub(crate) const PER_CONDITION: usize = 12;
/// The first so many of them are weights.
pub(crate) const WEIGHTS: usize = 10;
const ROWS: usize = 10;
const OPEN: usize = 11;

/// What every kind adds under every condition.
#[derive(Clone, Debug)]
pub(crate) struct Lanes {
    conditions: usize,
    /// Of each condition what one is counted as: every weight is a whole number of them.
    units: Vec<i64>,
    adds: Vec<Vec<Adds>>,
}

/// The same for the kinds that were met, without lanes that repeat others or hold nothing.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    /// Of each lane of each condition the packed one, and how many of its units one stands for; nothing: it
    /// holds only zeros.
    of: Vec<Option<(u16, i64)>>,
    /// How many packed lanes, a whole number of [`LANES_AT_ONCE`].
    pub width: usize,
    /// Kind by kind.
    pub values: Values,
    units: Vec<i64>,
}

/// Packed lanes in words as narrow as they can be; so many rows can be added up without leaving one.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Narrow(Vec<i32>, usize),
    Wide(Vec<i64>, usize),
}

/// So many lanes are added at a time.
pub(crate) const LANES_AT_ONCE: usize = 4;

/// Where fewer rows than this would leave a narrow word, words are wide.
const NARROW_ROWS: u64 = 64;

impl Lanes {
    pub fn new(conditions: usize) -> Self {
        Self { conditions, units: vec![1; conditions], adds: Vec::new() }
    }

    /// Of each condition what one is counted as.
    pub fn units(&self) -> &[i64] {
        &self.units
    }

    /// How many kinds.
    pub fn len(&self) -> usize {
        self.adds.len()
    }

    /// Takes what further kinds add.
    pub fn extend(&mut self, adds: Vec<Vec<Adds>>) -> Result<(), FleetError> {
        for kind in &adds {
            self.widen(kind)?;
        }
        self.adds.extend(adds);
        Ok(())
    }

    /// Makes units so fine that these are whole numbers of them.
    pub fn widen(&mut self, adds: &[Adds]) -> Result<(), FleetError> {
        for (unit, adds) in self.units.iter_mut().zip(adds) {
            for number in adds.iter().flat_map(numbers) {
                let (_, bottom) = number.small_parts().ok_or(FleetError::TooFine)?;
                if *unit % bottom != 0 {
                    *unit = least_common_multiple(*unit, bottom).ok_or(FleetError::TooFine)?;
                }
            }
        }
        Ok(())
    }

    /// What something adds, in whole numbers.
    pub fn whole(&self, adds: &[Adds]) -> Result<Vec<i64>, FleetError> {
        let mut all = Vec::with_capacity(self.conditions * PER_CONDITION);
        for (unit, adds) in self.units.iter().zip(adds) {
            let Some(adds) = adds else {
                all.extend([0; PER_CONDITION - 1]);
                all.push(1);
                continue;
            };
            for number in numbers(adds) {
                let (top, bottom) = number.small_parts().ok_or(FleetError::TooFine)?;
                all.push(top.checked_mul(unit / bottom).ok_or(FleetError::TooFine)?);
            }
            all.extend([i64::from(adds.rows), 0]);
        }
        Ok(all)
    }

    pub fn packed(&self) -> Result<Packed, FleetError> {
        let rows: Vec<Vec<i64>> = self.adds.iter().map(|adds| self.whole(adds)).collect::<Result<_, _>>()?;
        let mut known: FxHashMap<Vec<i64>, u16> = FxHashMap::default();
        let mut columns: Vec<Vec<i64>> = Vec::new();
        let mut of = Vec::with_capacity(self.conditions * PER_CONDITION);
        for lane in 0..self.conditions * PER_CONDITION {
            let mut column: Vec<i64> = rows.iter().map(|row| row.get(lane).copied().unwrap_or(0)).collect();
            let factor = column.iter().copied().fold(0, greatest_common_divisor);
            if factor == 0 {
                of.push(None);
                continue;
            }
            column.iter_mut().for_each(|number| *number /= factor);
            let place = *known.entry(column).or_insert_with_key(|column| {
                columns.push(column.clone());
                (columns.len() - 1) as u16
            });
            of.push(Some((place, factor)));
        }
        let width = columns.len().next_multiple_of(LANES_AT_ONCE);
        let values = Values::new(&columns, rows.len(), width);
        Ok(Packed { of, width, values, units: self.units.clone() })
    }
}

impl Values {
    fn new(columns: &[Vec<i64>], kinds: usize, width: usize) -> Self {
        let number =
            |lane: usize, kind: usize| columns.get(lane).and_then(|column| column.get(kind).copied());
        let all = (0..kinds).flat_map(|kind| (0..width).map(move |lane| number(lane, kind).unwrap_or(0)));
        let most = columns.iter().flatten().map(|number| number.unsigned_abs()).max().unwrap_or(0).max(1);
        let fit = |word: u64| usize::try_from(word / most).unwrap_or(usize::MAX);
        if most <= u64::from(i32::MAX.unsigned_abs()) / NARROW_ROWS {
            let narrow = all.map(|number| i32::try_from(number).unwrap_or_default());
            return Self::Narrow(narrow.collect(), fit(u64::from(i32::MAX.unsigned_abs())));
        }
        Self::Wide(all.collect(), fit(i64::MAX.unsigned_abs()))
    }
}

impl Packed {
    /// What one of a kind adds, unpacked.
    pub fn kind(&self, kind: u32, lanes: usize) -> Vec<i128> {
        let own = |word: usize| match &self.values {
            Values::Narrow(all, _) => all.get(word).copied().map(i128::from),
            Values::Wide(all, _) => all.get(word).copied().map(i128::from),
        };
        let start = kind as usize * self.width;
        let packed: Vec<i128> = (start..start + self.width).map(|word| own(word).unwrap_or(0)).collect();
        let mut all = vec![0; lanes];
        self.unpack(&packed, &mut all);
        all
    }

    /// Adds packed sums to unpacked ones.
    pub fn unpack(&self, sums: &[i128], into: &mut [i128]) {
        for (place, total) in self.of.iter().zip(into) {
            let sum =
                place.and_then(|(place, factor)| Some(sums.get(usize::from(place))? * i128::from(factor)));
            *total += sum.unwrap_or(0);
        }
    }

    /// The sums of one condition; nothing where one of its rows is more than a sum.
    pub fn condition(&self, condition: usize, sums: &[i128]) -> Option<Whole> {
        let own = sums.get(condition * PER_CONDITION..(condition + 1) * PER_CONDITION)?;
        let sides = |from: usize| -> Option<WholeSides> {
            let [marked_least, rest_most, marked_most, rest_least, surely] = *own.get(from..from + 5)? else {
                return None;
            };
            Some(WholeSides { marked_least, rest_most, marked_most, rest_least, surely })
        };
        if *own.get(OPEN)? != 0 {
            return None;
        }
        let unit = i128::from(*self.units.get(condition)?);
        Some(Whole { range: sides(0)?, legal: sides(5)?, unit, rows: *own.get(ROWS)? })
    }
}

/// The same as exact numbers.
pub(crate) fn exact(whole: &Whole) -> Option<Addend> {
    let number = |count: i128| Exact::ratio(count, whole.unit);
    let sides = |sides: &WholeSides| {
        Some(Sides {
            marked_least: number(sides.marked_least)?,
            rest_most: number(sides.rest_most)?,
            marked_most: number(sides.marked_most)?,
            rest_least: number(sides.rest_least)?,
            surely: number(sides.surely)?,
        })
    };
    let (range, legal) = (sides(&whole.range)?, sides(&whole.legal)?);
    Some(Addend { range, legal, rows: u32::try_from(whole.rows).unwrap_or(u32::MAX) })
}

fn numbers(adds: &Addend) -> impl Iterator<Item = &Exact> {
    [&adds.range, &adds.legal].into_iter().flat_map(|sides| {
        [&sides.marked_least, &sides.rest_most, &sides.marked_most, &sides.rest_least, &sides.surely]
    })
}

fn least_common_multiple(a: i64, b: i64) -> Option<i64> {
    a.checked_mul(b / greatest_common_divisor(a, b))
}

/// Of both not below zero; of zero and another the other.
fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x
}
