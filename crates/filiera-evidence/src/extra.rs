use std::sync::Arc;

use arrow::array::{
    Array, ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, StringBuilder,
};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field};

use crate::binding::Extra;
use crate::columns::{decimal_builder, text_of, written};
use crate::faults::FileFaults;
use crate::settings::{TableSettings, Unit};
use crate::source::{CellRef, RawColumn};
use crate::{day, number};

/// An extra column while it is read: its texts, and every type its cells have allowed so far.
///
/// At the end all cells decimal make a decimal column, all days a day column, all `true` or
/// `false` a truth column, anything else a text column.
pub(crate) struct ExtraColumn {
    texts: StringBuilder,
    decimals: Option<Decimal128Builder>,
    days: Option<Date32Builder>,
    truths: Option<BooleanBuilder>,
    filled: bool,
    typed: Vec<ArrayRef>,
}

impl ExtraColumn {
    pub fn new() -> Self {
        Self {
            texts: StringBuilder::new(),
            decimals: Some(decimal_builder(0)),
            days: Some(Date32Builder::new()),
            truths: Some(BooleanBuilder::new()),
            filled: false,
            typed: Vec::new(),
        }
    }

    /// Takes the cells of a chunk.
    pub fn read(
        &mut self,
        extra: &Extra,
        raw: &RawColumn,
        rows: &[u32],
        settings: &TableSettings,
        faults: &mut FileFaults,
    ) {
        // What a typed file says of its columns holds: a text stays text.
        if let RawColumn::Typed(array) = raw
            && self.texts.len() == 0
        {
            self.typed.push(Arc::clone(array));
            return;
        }
        self.unpack(extra, settings);
        for (place, row) in rows.iter().enumerate() {
            let cell = match raw.get(place) {
                CellRef::Text(text) if settings.nulls.iter().any(|null| null == text) => CellRef::Empty,
                CellRef::Bad(what) => {
                    faults.note_cell("cell of an extra column without a value", *row, &extra.name, what);
                    CellRef::Empty
                }
                cell => cell,
            };
            if self.push(cell, extra.unit.as_ref(), settings) {
                faults.note_cell("number rounded to 12 decimals", *row, &extra.name, &written(cell));
            }
        }
    }

    /// Goes on cell by cell where chunks of one column come in different shapes.
    fn unpack(&mut self, extra: &Extra, settings: &TableSettings) {
        for array in std::mem::take(&mut self.typed) {
            let count = array.len();
            let raw = RawColumn::Typed(array);
            for place in 0..count {
                self.push(raw.get(place), extra.unit.as_ref(), settings);
            }
        }
    }

    /// Appends a cell; true: its number was rounded.
    fn push(&mut self, cell: CellRef<'_>, unit: Option<&Unit>, settings: &TableSettings) -> bool {
        if cell == CellRef::Empty {
            self.push_null();
            return false;
        }
        self.filled = true;
        let number = self.decimals.as_ref().and_then(|_| decimal(cell, unit, settings));
        let rounded = number.is_some_and(|(_, rounded)| rounded);
        let number = number.map(|(number, _)| number);
        push_or_drop(&mut self.decimals, number, Decimal128Builder::append_value);
        push_or_drop(&mut self.days, single_day(cell, settings), Date32Builder::append_value);
        push_or_drop(&mut self.truths, truth(cell), BooleanBuilder::append_value);
        self.texts.append_value(text_of(cell));
        rounded
    }

    fn push_null(&mut self) {
        self.texts.append_null();
        self.decimals.iter_mut().for_each(Decimal128Builder::append_null);
        self.days.iter_mut().for_each(Date32Builder::append_null);
        self.truths.iter_mut().for_each(BooleanBuilder::append_null);
    }

    /// The column with the type its cells allow; nothing when chunks do not fit each other.
    pub fn finish(mut self, extra: &Extra) -> Option<(Field, ArrayRef)> {
        let untyped = self.texts.finish();
        let array: ArrayRef = match (self.decimals, self.days, self.truths) {
            _ if !self.typed.is_empty() => {
                let parts: Vec<&dyn Array> = self.typed.iter().map(AsRef::as_ref).collect();
                concat(&parts).ok()?
            }
            (Some(mut decimals), ..) if self.filled => Arc::new(decimals.finish()),
            (_, Some(mut days), _) if self.filled => Arc::new(days.finish()),
            (.., Some(mut truths)) if self.filled => Arc::new(truths.finish()),
            _ => Arc::new(untyped),
        };
        let mut field = Field::new(&extra.name, array.data_type().clone(), true);
        if let Some(unit) = &extra.unit {
            field = field.with_metadata([("unit".to_owned(), unit.name().to_owned())].into());
        }
        Some((field, array))
    }
}

/// Appends where the cell fits; one that does not rules the type out.
fn push_or_drop<Builder, Value>(
    builder: &mut Option<Builder>,
    value: Option<Value>,
    append: fn(&mut Builder, Value),
) {
    match (builder.as_mut(), value) {
        (Some(builder), Some(value)) => append(builder, value),
        _ => *builder = None,
    }
}

/// The number in a cell of an extra column. Codes with leading zeros and money with a currency
/// sign are texts; a percent sign is understood where a unit is stated.
///
/// Returns whether it was rounded, too.
fn decimal(cell: CellRef<'_>, unit: Option<&Unit>, settings: &TableSettings) -> Option<(i128, bool)> {
    let number = match cell {
        CellRef::Decimal(unscaled) => return Some((unscaled, false)),
        CellRef::Number(text) => number::parse_typed(text).ok()?,
        CellRef::Percent(text) => {
            let number = number::parse_typed(text).ok()?;
            let hundredfold = matches!(unit, Some(Unit::Percent));
            let unscaled = if hundredfold { number.unscaled.checked_mul(100)? } else { number.unscaled };
            return Some((unscaled, number.rounded));
        }
        CellRef::Text(text) if !is_code(text) => number::parse(text, settings.numbers).ok()?,
        _ => return None,
    };
    if number.currency.is_some() {
        return None;
    }
    let value = match (number.percent, unit) {
        (false, _) | (true, Some(Unit::Percent)) => number.unscaled,
        (true, Some(Unit::Fraction)) => number::hundredth(number.unscaled)?,
        (true, _) => return None,
    };
    Some((value, number.rounded))
}

/// `0012` is a code, `0.12` and `0` are numbers; `1/2` may be anything.
fn is_code(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']).as_bytes();
    matches!(digits, [b'0', b'0'..=b'9', ..]) || text.contains('/') || text.contains('(')
}

fn single_day(cell: CellRef<'_>, settings: &TableSettings) -> Option<i32> {
    let (first, last) = match cell {
        CellRef::Days(days) => days,
        CellRef::Text(text) => day::parse(text, &settings.days)?,
        _ => return None,
    };
    (first == last).then_some(first)
}

fn truth(cell: CellRef<'_>) -> Option<bool> {
    match cell {
        CellRef::Truth(truth) => Some(truth),
        CellRef::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        CellRef::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A column of any type as texts, for when files disagree on the type.
pub(crate) fn as_texts(array: &ArrayRef) -> ArrayRef {
    if *array.data_type() == DataType::Utf8 {
        return Arc::clone(array);
    }
    let raw = RawColumn::Typed(Arc::clone(array));
    let mut texts = StringBuilder::new();
    for place in 0..array.len() {
        match raw.get(place) {
            CellRef::Empty => texts.append_null(),
            cell => texts.append_value(text_of(cell)),
        }
    }
    Arc::new(texts.finish())
}
