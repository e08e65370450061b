use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray, UInt32Array, new_null_array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use filiera_model::{Bounds, Country, Day, Days, End, Exact};
use filiera_packs::ColumnKind as PackColumnKind;
use filiera_tables::{ColumnKind, SCALE, Table, share_range_at};

use crate::EngineError;
use crate::ownership::is_of_control;

/// Named, typed columns of one length: what predicates are typed against and evaluated on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    columns: Vec<(String, ColumnKind, ArrayRef)>,
    len: usize,
}

impl Columns {
    /// No columns yet, for so many rows.
    pub(crate) fn of_len(len: usize) -> Self {
        Self { columns: Vec::new(), len }
    }

    /// Every column of a table, canonical and extra.
    pub(crate) fn of_table(table: &Table) -> Self {
        let mut columns = Self::of_len(table.len());
        for (field, array) in table.batch().schema().fields().iter().zip(table.batch().columns()) {
            let kind = table.kind().column(field.name()).map(|column| column.kind);
            columns.push(field.name(), kind.unwrap_or_else(|| kind_of(array.data_type())), Arc::clone(array));
        }
        columns
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Adds a column unless one of that name is there already.
    pub(crate) fn push(&mut self, name: &str, kind: ColumnKind, array: ArrayRef) {
        debug_assert_eq!(array.len(), self.len, "column `{name}`");
        if self.get(name).is_none() {
            self.columns.push((name.to_owned(), kind, array));
        }
    }

    /// Puts a column in the place of the one of that name, or adds it.
    pub(crate) fn replace(&mut self, name: &str, kind: ColumnKind, array: ArrayRef) {
        self.columns.retain(|(known, ..)| known != name);
        self.push(name, kind, array);
    }

    /// Adds an all-null column unless one of that name is there already.
    pub(crate) fn push_null(&mut self, name: &str, kind: ColumnKind) {
        self.push(name, kind, new_null_array(&kind.arrow(), self.len));
    }

    /// Reads a column of texts as countries: their codes, and nothing where a text is none.
    pub(crate) fn read_countries(&mut self, name: &str) {
        let texts =
            self.columns.iter_mut().find(|(known, kind, _)| known == name && *kind == ColumnKind::Text);
        let Some((_, kind, array)) = texts else { return };
        let Some(texts) = array.as_string_opt::<i32>() else { return };
        let codes = texts.iter().map(|text| text.and_then(Country::from_code).map(Country::alpha2));
        let codes: StringArray = codes.collect();
        (*kind, *array) = (ColumnKind::Country, Arc::new(codes));
    }

    /// Takes a column of the dossier's own as a pack declares it: countries by their codes, numbers as
    /// amounts; one in which nothing stands may be of any type. What is of another type stays as it is.
    pub(crate) fn declare(&mut self, name: &str, declared: PackColumnKind) {
        if declared == PackColumnKind::Country {
            self.read_countries(name);
        }
        let (len, wanted) = (self.len, pack_kind(declared));
        let Some((_, kind, array)) = self.columns.iter_mut().find(|(known, ..)| known == name) else {
            return;
        };
        if *array.data_type() != wanted.arrow() && array.null_count() == len {
            (*kind, *array) = (wanted, new_null_array(&wanted.arrow(), len));
        } else if (*kind, wanted) == (ColumnKind::Number, ColumnKind::Amount) {
            *kind = wanted;
        }
    }

    /// Adds a text column.
    pub(crate) fn push_texts<'a>(
        &mut self,
        name: &str,
        kind: ColumnKind,
        texts: impl Iterator<Item = Option<&'a str>>,
    ) {
        let array: StringArray = texts.collect();
        self.push(name, kind, Arc::new(array));
    }

    /// Adds the columns of `others` at `rows` (a null row makes nulls), those that are not there.
    pub(crate) fn join(&mut self, others: &Self, rows: &UInt32Array) -> Result<(), EngineError> {
        for (name, kind, array) in &others.columns {
            if self.get(name).is_none() {
                self.push(name, *kind, take(array, rows, None)?);
            }
        }
        Ok(())
    }

    /// The same columns at these rows.
    pub(crate) fn take(&self, rows: &UInt32Array) -> Result<Self, EngineError> {
        let mut taken = Self::of_len(rows.len());
        taken.join(self, rows)?;
        Ok(taken)
    }

    /// The names and kinds, as predicates are typed against.
    pub(crate) fn schema(&self) -> Vec<(String, ColumnKind)> {
        let named = self.columns.iter().filter(|(name, ..)| !name.contains('@'));
        named.map(|(name, kind, _)| (name.clone(), *kind)).collect()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&ArrayRef> {
        self.columns.iter().find(|(known, ..)| known == name).map(|(.., array)| array)
    }

    pub(crate) fn is_null(&self, name: &str, row: usize) -> bool {
        self.get(name).is_none_or(|array| row >= array.len() || array.is_null(row))
    }

    pub(crate) fn text(&self, name: &str, row: usize) -> Option<&str> {
        let array = self.get(name)?.as_string_opt::<i32>()?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }

    pub(crate) fn number(&self, name: &str, row: usize) -> Option<Exact> {
        let array = self.get(name)?;
        if row >= array.len() || array.is_null(row) {
            return None;
        }
        if let Some(decimals) = array.as_primitive_opt::<Decimal128Type>() {
            return Some(Exact::from_decimal(decimals.value(row), u32::from(SCALE)));
        }
        array.as_primitive_opt::<Int64Type>().map(|whole| Exact::from_int(whole.value(row)))
    }

    /// The column as it is in a state of the register of owners: `name@state` where it depends on who
    /// controls whom, and nothing where that state was not worked out.
    pub(crate) fn in_state(&self, name: &str, state: usize) -> Option<&ArrayRef> {
        if is_of_control(name) { self.get(&format!("{name}@{state}")) } else { self.get(name) }
    }

    /// The bounds of a share that is known within two ends.
    pub(crate) fn share_range(&self, name: &str, row: usize) -> Option<Bounds> {
        share_range_at(self.get(name)?, row)
    }

    /// The cell as a person reads it.
    pub(crate) fn display(&self, name: &str, row: usize) -> Option<String> {
        let text = self.text(name, row).map(str::to_owned);
        text.or_else(|| self.number(name, row).map(|number| number.to_text()))
            .or_else(|| self.day(name, row).map(|day| day.to_string()))
            .or_else(|| self.truth(name, row).map(|truth| truth.to_string()))
            .or_else(|| self.share_range(name, row).map(|bounds| between(&bounds)))
    }

    pub(crate) fn kind(&self, name: &str) -> Option<ColumnKind> {
        self.columns.iter().find(|(known, ..)| known == name).map(|(_, kind, _)| *kind)
    }

    pub(crate) fn truth(&self, name: &str, row: usize) -> Option<bool> {
        let array = self.get(name)?.as_boolean_opt()?;
        (row < array.len() && array.is_valid(row)).then(|| array.value(row))
    }

    fn day(&self, name: &str, row: usize) -> Option<Day> {
        let array = self.get(name)?.as_primitive_opt::<Date32Type>()?;
        (row < array.len() && array.is_valid(row)).then(|| Day::from_days(array.value(row)))
    }

    /// The days a cell may mean: a day (two, when `<name>_max` says so), any day of a model year,
    /// any day of a period such as `2024`, `2024-H1`, `2024-Q3` or `2024-05`.
    pub(crate) fn days(&self, name: &str, row: usize) -> Days {
        if let Some(first) = self.day(name, row) {
            let last = self.day(&format!("{name}_max"), row).unwrap_or(first);
            return Days::between(first, last.max(first));
        }
        if let Some(period) = self.text(name, row) {
            return days_of_period(period).unwrap_or_else(Days::unknown);
        }
        let year = self.get(name).and_then(|array| array.as_primitive_opt::<Int64Type>());
        let year =
            year.filter(|years| row < years.len() && years.is_valid(row)).map(|years| years.value(row));
        year.and_then(|year| days_of_months(i32::try_from(year).ok()?, 1, 12)).unwrap_or_else(Days::unknown)
    }
}

/// `0.125`, `more than 0.125 to 0.375`.
fn between(bounds: &Bounds) -> String {
    let end = |end: &End, open: &str| {
        let value = end.value.as_ref().map(Exact::to_text).unwrap_or_default();
        if end.open { format!("{open} {value}") } else { value }
    };
    if bounds.lower == bounds.upper {
        return end(&bounds.lower, "");
    }
    format!("{} to {}", end(&bounds.lower, "more than"), end(&bounds.upper, "less than"))
}

/// The kind of column that a pack declares.
pub(crate) fn pack_kind(kind: PackColumnKind) -> ColumnKind {
    match kind {
        PackColumnKind::Text => ColumnKind::Text,
        PackColumnKind::Number => ColumnKind::Number,
        PackColumnKind::Amount => ColumnKind::Amount,
        PackColumnKind::Whole => ColumnKind::Whole,
        PackColumnKind::Day => ColumnKind::Day,
        PackColumnKind::Country => ColumnKind::Country,
        PackColumnKind::Truth => ColumnKind::Truth,
    }
}

fn kind_of(data_type: &DataType) -> ColumnKind {
    match data_type {
        DataType::Decimal128(..) => ColumnKind::Number,
        DataType::Int64 => ColumnKind::Whole,
        DataType::Date32 => ColumnKind::Day,
        DataType::Boolean => ColumnKind::Truth,
        _ => ColumnKind::Text,
    }
}

fn days_of_period(period: &str) -> Option<Days> {
    let period = period.trim();
    if let Ok(day) = period.parse::<Day>() {
        return Some(Days::on(day));
    }
    let (year, part) = period.split_once('-').map_or((period, None), |(year, part)| (year, Some(part)));
    let year = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    match part {
        None => days_of_months(year, 1, 12),
        Some("H1") => days_of_months(year, 1, 6),
        Some("H2") => days_of_months(year, 7, 12),
        Some(quarter) if quarter.starts_with('Q') => {
            let number: u32 = quarter.strip_prefix('Q')?.parse().ok().filter(|q| (1..=4).contains(q))?;
            days_of_months(year, number * 3 - 2, number * 3)
        }
        Some(month) => {
            let month = month.parse().ok()?;
            days_of_months(year, month, month)
        }
    }
}

fn days_of_months(year: i32, first: u32, last: u32) -> Option<Days> {
    let after = if last == 12 { Day::from_ymd(year + 1, 1, 1) } else { Day::from_ymd(year, last + 1, 1) };
    Some(Days::between(Day::from_ymd(year, first, 1)?, after?.previous()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_spans_of_days() {
        let span = |period: &str| days_of_period(period).map(|days| days.to_string());
        assert_eq!(span("2024").as_deref(), Some("2024-01-01 or 2024-12-31"));
        assert_eq!(span("2024-H2").as_deref(), Some("2024-07-01 or 2024-12-31"));
        assert_eq!(span("2024-Q1").as_deref(), Some("2024-01-01 or 2024-03-31"));
        assert_eq!(span("2024-02").as_deref(), Some("2024-02-01 or 2024-02-29"));
        assert_eq!(span("2024-02-03").as_deref(), Some("2024-02-03"));
        for wrong in ["24", "2024-13", "2024-Q5", "soon", ""] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
