use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, Decimal128Array, Decimal128Builder,
    Int64Builder, StringArray, StringBuilder,
};
use arrow::datatypes::DataType;
use filiera_model::Day;
use filiera_tables::{ColumnKind, SCALE};

use crate::binding::Target;
use crate::currency::{self, CurrencyMark};
use crate::day;
use crate::faults::{FileFaults, Saying};
use crate::number::{self, Number, NumberStyle};
use crate::settings::{TableSettings, Unit};
use crate::source::{CellRef, RawColumn};
use crate::words::{self, Memo};

/// What is known while the rows of a chunk are read.
pub(crate) struct Reading<'a> {
    /// The rows' numbers in the file.
    pub rows: &'a [u32],
    /// Their JSON pointers or ids.
    pub pointers: Option<&'a [String]>,
    /// How the file is written.
    pub settings: &'a TableSettings,
    /// Whether a plain number may be a day of a spreadsheet.
    pub serial_days: bool,
    /// Whether the file looks like one whose decimal mark is a comma.
    pub comma_likely: bool,
    /// Where faults go.
    pub faults: &'a mut FileFaults,
    /// The places of the column at hand that are empty because of a fault already told.
    pub failed: BTreeSet<usize>,
}

/// What a column remembers from chunk to chunk.
pub(crate) struct Memory {
    words: Memo,
    /// The first share of 1 or more with neither sign nor stated unit.
    unstated: Option<(u32, String)>,
}

impl Memory {
    pub fn new(kind: ColumnKind) -> Self {
        let words = if kind == ColumnKind::Origin { Memo::origins() } else { Memo::countries() };
        Self { words, unstated: None }
    }

    /// Faults that only the whole column shows.
    pub fn finish(&self, target: &Target, faults: &mut FileFaults) {
        if let Some((row, text)) = &self.unstated {
            let message = format!("`{text}` may be a percentage or a fraction: the column states no unit");
            let remedy = format!(
                "write `{text} %`, or state `unit.{} = \"percent\"` or `\"fraction\"` for the table in dossier.toml",
                target.name
            );
            faults.whole(Some(*row), Some(&target.header), Saying::new("share/unit", message, remedy));
        }
    }
}

/// A column of a chunk, read.
pub(crate) struct Read {
    /// The canonical array.
    pub array: ArrayRef,
    /// For days: the last possible day, where it differs from the first somewhere.
    pub last: Option<ArrayRef>,
    /// Currency marks beside amounts, by place in the chunk.
    pub marks: Vec<(usize, CurrencyMark)>,
}

impl Read {
    fn plain(array: impl Array + 'static) -> Self {
        Self { array: Arc::new(array), last: None, marks: Vec::new() }
    }
}

impl Reading<'_> {
    /// Reads one column of the chunk.
    pub fn column(&mut self, target: &Target, raw: &RawColumn, memory: &mut Memory) -> Read {
        match target.kind {
            ColumnKind::Text => self.texts(target, raw),
            ColumnKind::Choice(words) => self.choices(target, raw, words),
            ColumnKind::Number | ColumnKind::Amount | ColumnKind::Positive => self.numbers(target, raw),
            // No file has a range; a share is the nearest there is.
            ColumnKind::Share | ColumnKind::ShareRange => self.shares(target, raw, memory),
            ColumnKind::Whole => self.wholes(target, raw),
            ColumnKind::Day => self.days(target, raw),
            ColumnKind::Country | ColumnKind::Origin => self.countries(target, raw, memory),
            ColumnKind::Currency => self.currencies(target, raw),
            ColumnKind::Truth => self.truths(target, raw),
        }
    }

    /// A fault of a cell, at its pointer where there is one.
    pub fn fault(&mut self, place: usize, header: &str, saying: Saying) {
        let row = self.row(place);
        match self.pointers.and_then(|pointers| pointers.get(place)).filter(|pointer| !pointer.is_empty()) {
            Some(pointer) => {
                let saying = Saying { message: format!("{header}: {}", saying.message), ..saying };
                self.faults.row(row, Some(pointer), saying);
            }
            None => self.faults.row(row, Some(header), saying),
        }
    }

    /// The number in the file of a row of the chunk.
    pub fn row(&self, place: usize) -> u32 {
        self.rows.get(place).copied().unwrap_or(0)
    }

    fn note(&mut self, kind: &str, place: usize, header: &str, text: &str) {
        let row = self.row(place);
        self.faults.note_cell(kind, row, header, text);
    }

    /// The cell, with the texts that mean nothing taken as nothing.
    fn cell<'r>(&self, raw: &'r RawColumn, place: usize) -> CellRef<'r> {
        match raw.get(place) {
            CellRef::Text(text) if self.settings.nulls.iter().any(|null| null == text) => CellRef::Empty,
            cell => cell,
        }
    }

    /// The cell, unless it is empty or no value; a missing required cell is a fault.
    fn filled<'r>(&mut self, target: &Target, raw: &'r RawColumn, place: usize) -> Option<CellRef<'r>> {
        match self.cell(raw, place) {
            CellRef::Empty => {
                if target.required && !self.failed.contains(&place) {
                    let message = format!("`{}` is missing", target.name);
                    self.fault(
                        place,
                        &target.header,
                        Saying::new("cell/missing", message, "fill the cell or leave out the row"),
                    );
                }
                None
            }
            CellRef::Bad(what) => {
                let saying = Saying::new("cell/bad", format!("the cell holds {what}"), "write a plain value");
                self.fault(place, &target.header, saying);
                None
            }
            cell => Some(cell),
        }
    }

    fn texts(&mut self, target: &Target, raw: &RawColumn) -> Read {
        if let Some(clean) = self.clean_texts(raw) {
            return Read { array: clean, last: None, marks: Vec::new() };
        }
        let mut builder = StringBuilder::new();
        for place in 0..self.rows.len() {
            match self.filled(target, raw, place) {
                Some(CellRef::Text(text)) => builder.append_value(text),
                Some(cell) => builder.append_value(text_of(cell)),
                None => builder.append_null(),
            }
        }
        Read::plain(builder.finish())
    }

    /// The array as it is, when no cell is empty or has spaces around it.
    fn clean_texts(&self, raw: &RawColumn) -> Option<ArrayRef> {
        if !self.settings.nulls.is_empty() {
            return None;
        }
        let clean = |texts: &StringArray| {
            texts.len() == self.rows.len()
                && texts.null_count() == 0
                && texts.iter().flatten().all(is_trimmed)
        };
        match raw {
            RawColumn::Texts(texts) => clean(texts).then(|| Arc::new(texts.clone()) as ArrayRef),
            RawColumn::Typed(array) => {
                let texts = (*array.data_type() == DataType::Utf8).then(|| array.as_string::<i32>())?;
                clean(texts).then(|| Arc::clone(array))
            }
            _ => None,
        }
    }

    /// The array as it is, when it holds days and no cell is missing.
    fn clean_days(&self, target: &Target, raw: &RawColumn) -> Option<ArrayRef> {
        let RawColumn::Typed(array) = raw else { return None };
        let is_clean = *array.data_type() == DataType::Date32
            && array.len() == self.rows.len()
            && (array.null_count() == 0 || !target.required);
        is_clean.then(|| Arc::clone(array))
    }

    fn choices(&mut self, target: &Target, raw: &RawColumn, words: &'static [&'static str]) -> Read {
        let mut builder = StringBuilder::new();
        for place in 0..self.rows.len() {
            let Some(cell) = self.filled(target, raw, place) else {
                builder.append_null();
                continue;
            };
            let text = text_of(cell);
            match words.iter().find(|word| word.eq_ignore_ascii_case(&text)) {
                Some(word) => builder.append_value(word),
                None => {
                    let hint = words::suggestion(&text, words.iter().copied());
                    let remedy = format!("write one of {}{hint}", words.join(", "));
                    let message = format!("`{text}` is no {}", target.name);
                    self.fault(place, &target.header, Saying::new("choice/unknown", message, remedy));
                    builder.append_null();
                }
            }
        }
        Read::plain(builder.finish())
    }

    /// The number in a cell, whatever its kind; a fault when it is none.
    pub fn number(&mut self, header: &str, cell: CellRef<'_>, place: usize) -> Option<Number> {
        let style = self.settings.numbers;
        let read = match cell {
            CellRef::Text(text) => {
                if self.comma_likely && style == NumberStyle::PLAIN && number::looks_grouped(text) {
                    self.note("point in a number that may be a thousands mark", place, header, text);
                }
                number::parse(text, style).map_err(|fault| fault.explain(text, style))
            }
            CellRef::Number(text) | CellRef::Percent(text) => {
                number::parse_typed(text).map_err(|fault| fault.explain(text, style))
            }
            CellRef::Decimal(unscaled) => {
                Ok(Number { unscaled, percent: false, currency: None, rounded: false })
            }
            other => {
                let text = text_of(other);
                Err((
                    format!("`{text}` is not a number"),
                    "write a number, or leave the cell empty".to_owned(),
                ))
            }
        };
        match read {
            Ok(number) => {
                if number.rounded {
                    self.note("number rounded to 12 decimals", place, header, &written(cell));
                }
                Some(number)
            }
            Err((message, remedy)) => {
                self.fault(place, header, Saying::new("number/bad", message, remedy));
                None
            }
        }
    }

    fn numbers(&mut self, target: &Target, raw: &RawColumn) -> Read {
        let mut builder = decimal_builder(self.rows.len());
        let mut marks = Vec::new();
        for place in 0..self.rows.len() {
            let cell = self.filled(target, raw, place);
            let number = cell.and_then(|cell| self.number(&target.header, cell, place));
            let value = number.and_then(|number| {
                let value = checked(target, &number);
                value.map_err(|saying| self.fault(place, &target.header, saying)).ok().inspect(|_| {
                    marks.extend(number.currency.map(|mark| (place, mark)));
                })
            });
            builder.append_option(value);
        }
        Read { marks, ..Read::plain(finish_decimals(&mut builder)) }
    }

    fn shares(&mut self, target: &Target, raw: &RawColumn, memory: &mut Memory) -> Read {
        let mut builder = decimal_builder(self.rows.len());
        for place in 0..self.rows.len() {
            let cell = self.filled(target, raw, place);
            let share = cell.and_then(|cell| {
                let number = self.number(&target.header, cell, place)?;
                self.share(target, &number, cell, place, memory)
            });
            builder.append_option(share);
        }
        Read::plain(finish_decimals(&mut builder))
    }

    fn share(
        &mut self,
        target: &Target,
        number: &Number,
        cell: CellRef<'_>,
        place: usize,
        memory: &mut Memory,
    ) -> Option<i128> {
        let text = text_of(cell);
        if number.currency.is_some() {
            let saying =
                Saying::new("number/bad", format!("`{text}` is money, not a share"), "write it as `45 %`");
            self.fault(place, &target.header, saying);
            return None;
        }
        // What a sheet shows as a percentage it keeps as the fraction, whatever the unit of the column.
        let is_fraction = matches!(cell, CellRef::Percent(_));
        let unstated = !number.percent && !is_fraction && target.unit.is_none();
        if unstated && number::reaches_one(number.unscaled) {
            let row = self.row(place);
            memory.unstated.get_or_insert((row, text));
            return None;
        }
        let hundredths = number.percent || (target.unit == Some(Unit::Percent) && !is_fraction);
        let exact = if hundredths { number::hundredth(number.unscaled) } else { Some(number.unscaled) };
        let value = match exact {
            Some(value) => value,
            None => {
                self.note("number rounded to 12 decimals", place, &target.header, &text);
                number::hundredth_rounded(number.unscaled)
            }
        };
        let saying = if value < 0 {
            Saying::new(
                "number/negative",
                format!("`{text}` is below zero"),
                "a share lies between 0 and 100 %",
            )
        } else if number::exceeds_one(value) {
            Saying::new("share/above", format!("`{text}` is above 100 %"), "a share lies between 0 and 100 %")
        } else {
            return Some(value);
        };
        self.fault(place, &target.header, saying);
        None
    }

    fn wholes(&mut self, target: &Target, raw: &RawColumn) -> Read {
        let mut builder = Int64Builder::with_capacity(self.rows.len());
        for place in 0..self.rows.len() {
            let cell = self.filled(target, raw, place);
            let number = cell.and_then(|cell| self.number(&target.header, cell, place));
            let whole = number.and_then(|number| {
                let whole = number::to_whole(number.unscaled)
                    .filter(|_| !number.percent && number.currency.is_none());
                if whole.is_none() {
                    let text = cell.map(text_of).unwrap_or_default();
                    let message = format!("`{text}` is no whole number");
                    self.fault(
                        place,
                        &target.header,
                        Saying::new("number/bad", message, "write it without decimals"),
                    );
                }
                whole
            });
            builder.append_option(whole);
        }
        Read::plain(builder.finish())
    }

    fn days(&mut self, target: &Target, raw: &RawColumn) -> Read {
        if let Some(clean) = self.clean_days(target, raw) {
            return Read { array: clean, last: None, marks: Vec::new() };
        }
        let (mut first, mut last) =
            (Date32Builder::with_capacity(self.rows.len()), Date32Builder::with_capacity(self.rows.len()));
        let mut differs = false;
        for place in 0..self.rows.len() {
            let range = self.filled(target, raw, place).and_then(|cell| self.day(target, cell, place));
            first.append_option(range.map(|(first, _)| first));
            last.append_option(range.map(|(_, last)| last));
            if let Some((a, b)) = range
                && a != b
            {
                differs = true;
                let text = format!("{} to {}", Day::from_days(a), Day::from_days(b));
                self.note("time without zone, its day is not certain", place, &target.header, &text);
            }
        }
        let last = differs.then(|| Arc::new(last.finish()) as ArrayRef);
        Read { last, ..Read::plain(first.finish()) }
    }

    fn day(&mut self, target: &Target, cell: CellRef<'_>, place: usize) -> Option<day::DayRange> {
        let range = match cell {
            CellRef::Days(range) => Some(range),
            CellRef::Text(text) => day::parse(text, &self.settings.days),
            CellRef::Number(text) if self.serial_days => self.serial_day(target, text, place),
            _ => None,
        };
        if range.is_none() {
            let message = format!("`{}` is not a day", text_of(cell));
            let remedy = "write it as `2026-03-01`, or state `date_format = \"dd.mm.yyyy\"` for the table in dossier.toml";
            self.fault(place, &target.header, Saying::new("day/bad", message, remedy));
        }
        range
    }

    /// A number in a day column of a workbook: the days since 1899-12-30, from 1990 to 2100.
    fn serial_day(&mut self, target: &Target, text: &str, place: usize) -> Option<day::DayRange> {
        let serial = number::to_whole(number::parse_typed(text).ok()?.unscaled)?;
        let day = i32::try_from(serial).ok().filter(|serial| (32_874..=73_415).contains(serial))? - 25_569;
        self.note("number read as a spreadsheet's day", place, &target.header, &serial.to_string());
        Some((day, day))
    }

    fn countries(&mut self, target: &Target, raw: &RawColumn, memory: &mut Memory) -> Read {
        let mut builder = StringBuilder::new();
        for place in 0..self.rows.len() {
            let text = match self.filled(target, raw, place) {
                None => {
                    builder.append_null();
                    continue;
                }
                Some(CellRef::Text(text)) => Cow::Borrowed(text),
                Some(cell) => Cow::Owned(text_of(cell)),
            };
            match memory.words.get(&text) {
                Some(code) => builder.append_value(code),
                None => {
                    self.note("unknown country", place, &target.header, &text);
                    builder.append_null();
                }
            }
        }
        Read::plain(builder.finish())
    }

    fn currencies(&mut self, target: &Target, raw: &RawColumn) -> Read {
        let mut builder = StringBuilder::new();
        for place in 0..self.rows.len() {
            let Some(cell) = self.filled(target, raw, place) else {
                builder.append_null();
                continue;
            };
            let text = text_of(cell);
            let code = currency::mark(&text).and_then(CurrencyMark::code);
            if code.is_none() {
                let message = format!("`{text}` is no currency");
                self.fault(
                    place,
                    &target.header,
                    Saying::new("currency/bad", message, "write an ISO 4217 code such as `EUR`"),
                );
            }
            builder.append_option(code);
        }
        Read::plain(builder.finish())
    }

    fn truths(&mut self, target: &Target, raw: &RawColumn) -> Read {
        let mut builder = BooleanBuilder::with_capacity(self.rows.len());
        for place in 0..self.rows.len() {
            let Some(cell) = self.filled(target, raw, place) else {
                builder.append_null();
                continue;
            };
            let truth = match cell {
                CellRef::Truth(truth) => Some(truth),
                other => words::truth(&text_of(other)),
            };
            if truth.is_none() {
                let message = format!("`{}` is neither true nor false", text_of(cell));
                self.fault(
                    place,
                    &target.header,
                    Saying::new("truth/bad", message, "write `true` or `false`"),
                );
            }
            builder.append_option(truth);
        }
        Read::plain(builder.finish())
    }
}

/// Whether a canonical column holds money, so that a currency may stand beside the number.
pub(crate) fn is_money(name: &str, kind: ColumnKind) -> bool {
    const MONEY: [&str; 7] =
        ["unit_value", "unit_value_max", "value", "value_max", "amount", "price", "ex_works_price"];
    matches!(kind, ColumnKind::Amount | ColumnKind::Number) && MONEY.contains(&name)
}

/// The value of a number column, in the table's unit, or why it cannot be.
fn checked(target: &Target, number: &Number) -> Result<i128, Saying> {
    let text = number::to_text(number.unscaled);
    if number.percent {
        return Err(Saying::new("number/bad", format!("`{text} %` is a percentage"), "write a plain number"));
    }
    if number.currency.is_some() && !is_money(&target.name, target.kind) {
        return Err(Saying::new("number/bad", format!("`{text}` has a currency"), "write a plain number"));
    }
    let negative = number.unscaled < 0 && target.kind != ColumnKind::Number;
    if negative {
        return Err(Saying::new("number/negative", format!("`{text}` is below zero"), "correct the sign"));
    }
    if number.unscaled == 0 && target.kind == ColumnKind::Positive {
        let remedy = "write a number above zero, or leave out the row";
        return Err(Saying::new("number/zero", format!("`{}` is zero", target.name), remedy));
    }
    in_unit(target, number.unscaled)
}

fn in_unit(target: &Target, unscaled: i128) -> Result<i128, Saying> {
    let too_far = || {
        let text = number::to_text(unscaled);
        Saying::new("number/bad", format!("`{text}` does not fit the unit"), "write fewer digits")
    };
    match &target.unit {
        Some(Unit::Other(unit)) if unit == "g" => {
            if unscaled % 1000 == 0 {
                Ok(unscaled / 1000)
            } else {
                Err(too_far())
            }
        }
        Some(Unit::Other(unit)) if unit == "t" => {
            unscaled.checked_mul(1000).filter(|value| *value < 10i128.pow(38)).ok_or_else(too_far)
        }
        _ => Ok(unscaled),
    }
}

fn is_trimmed(text: &str) -> bool {
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    !blank(text.chars().next()) && !blank(text.chars().next_back())
}

/// A cell as text: numbers and days in their canonical form.
pub(crate) fn text_of(cell: CellRef<'_>) -> String {
    match cell {
        CellRef::Empty => String::new(),
        CellRef::Text(text) | CellRef::Bad(text) => text.to_owned(),
        CellRef::Number(text) => match number::parse_typed(text) {
            Ok(number) => number::to_text(number.unscaled),
            Err(_) => text.to_owned(),
        },
        CellRef::Percent(text) => match number::parse_typed(text) {
            Ok(number) => format!("{} %", number::to_text(number.unscaled.saturating_mul(100))),
            Err(_) => text.to_owned(),
        },
        CellRef::Decimal(unscaled) => number::to_text(unscaled),
        CellRef::Days((first, _)) => Day::from_days(first).to_string(),
        CellRef::Truth(truth) => truth.to_string(),
    }
}

/// A cell as the file has it.
pub(crate) fn written(cell: CellRef<'_>) -> String {
    match cell {
        CellRef::Number(text) => text.to_owned(),
        other => text_of(other),
    }
}

/// A builder of `Decimal128(38, 12)`.
pub(crate) fn decimal_builder(capacity: usize) -> Decimal128Builder {
    Decimal128Builder::with_capacity(capacity).with_data_type(DataType::Decimal128(38, SCALE.cast_signed()))
}

/// The array of such a builder.
pub(crate) fn finish_decimals(builder: &mut Decimal128Builder) -> Decimal128Array {
    builder.finish()
}
