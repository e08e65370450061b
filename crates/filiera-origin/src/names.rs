use std::hash::Hasher;

use arrow::array::{Array, AsArray, DictionaryArray, StringArray};
use arrow::datatypes::{DataType, Int32Type};
use rustc_hash::FxHasher;

use crate::OriginError;

/// Texts, each stored once and numbered from 0 in the order they were first met.
///
/// All texts stand in one buffer; a table of (hash, number) pairs finds them again.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Vec<usize>,
    /// Open addressing, a power of two long, at most half full: high half hash, low half
    /// number + 1; 0 is free.
    table: Vec<u64>,
}

/// What [`Names::get_all`] and [`Names::intern_all`] put for a null.
pub const NO_NAME: u32 = u32::MAX;

impl Names {
    /// Room for so many texts, so that the table need not grow.
    pub fn with_capacity(count: usize) -> Self {
        let slots = count.saturating_mul(2).max(16).next_power_of_two();
        Self { text: String::new(), ends: Vec::with_capacity(count), table: vec![0; slots] }
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text of a number, empty when there is no such number.
    pub fn text(&self, number: u32) -> &str {
        let place = number as usize;
        let start = match place.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
        };
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The texts in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.text(number as u32))
    }

    /// The number of a text, if it is known.
    pub fn get(&self, text: &str) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        self.find(text, tag(text)).ok()
    }

    /// The number of a text, new when it is not known yet.
    ///
    /// # Errors
    /// [`OriginError::TooMany`] when 32 bits cannot number it.
    pub fn intern(&mut self, text: &str) -> Result<u32, OriginError> {
        if (self.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let tag = tag(text);
        match self.find(text, tag) {
            Ok(number) => Ok(number),
            Err(slot) => {
                let number = number_of(self.len(), "parts")?;
                self.text.push_str(text);
                self.ends.push(self.text.len());
                if let Some(free) = self.table.get_mut(slot) {
                    *free = entry(tag, number);
                }
                Ok(number)
            }
        }
    }

    /// The numbers of a column of texts; [`NO_NAME`] for nulls and texts that are not known.
    ///
    /// Plain text is looked up cell by cell, a repeat of the cell before for free; a dictionary
    /// once per distinct text. Needs no exclusive access, so columns can be read side by side.
    ///
    /// # Errors
    /// [`OriginError::NotText`] when the column is neither.
    pub fn get_all(&self, column: &dyn Array) -> Result<Vec<u32>, OriginError> {
        encode(column, |text| Ok(self.get(text).unwrap_or(NO_NAME)))
    }

    /// As [`Names::get_all`], numbering texts that are not known yet; [`NO_NAME`] for nulls only.
    ///
    /// # Errors
    /// [`OriginError::NotText`], [`OriginError::TooMany`].
    pub fn intern_all(&mut self, column: &dyn Array) -> Result<Vec<u32>, OriginError> {
        encode(column, |text| self.intern(text))
    }

    /// The same texts numbered in their own order, and the new number of each old one.
    pub fn sorted(&self) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.text(*a).cmp(self.text(*b)));
        let mut sorted = Self::with_capacity(self.len());
        sorted.text.reserve_exact(self.text.len());
        let mut new_numbers = vec![0; self.len()];
        for (new, old) in (0u32..).zip(order) {
            let text = self.text(old);
            if let Err(slot) = sorted.find(text, tag(text)) {
                sorted.table[slot] = entry(tag(text), new);
            }
            sorted.text.push_str(text);
            sorted.ends.push(sorted.text.len());
            new_numbers[old as usize] = new;
        }
        (sorted, new_numbers)
    }

    /// The number of the text, or the free slot where it belongs.
    fn find(&self, text: &str, tag: u32) -> Result<u32, usize> {
        // INVARIANT: the table is a power of two long and never full, so the walk ends.
        let mask = self.table.len() - 1;
        let mut slot = tag as usize & mask;
        loop {
            let found = self.table[slot];
            if found == 0 {
                return Err(slot);
            }
            let number = found as u32 - 1;
            if (found >> 32) as u32 == tag && self.text(number) == text {
                return Ok(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let slots = (self.table.len() * 2).max(16);
        let mut table = vec![0u64; slots];
        for kept in self.table.iter().filter(|kept| **kept != 0) {
            let mut slot = (kept >> 32) as usize & (slots - 1);
            while table[slot] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            table[slot] = *kept;
        }
        self.table = table;
    }
}

fn entry(tag: u32, number: u32) -> u64 {
    (u64::from(tag) << 32) | u64::from(number + 1)
}

/// 32 bits of hash: they place a text in the table and spare most comparisons.
fn tag(text: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// `place` as a number below [`NO_NAME`].
pub(crate) fn number_of(place: usize, what: &'static str) -> Result<u32, OriginError> {
    u32::try_from(place)
        .ok()
        .filter(|number| *number < NO_NAME)
        .ok_or(OriginError::TooMany { what, count: place.saturating_add(1) })
}

fn encode(
    column: &dyn Array,
    mut number: impl FnMut(&str) -> Result<u32, OriginError>,
) -> Result<Vec<u32>, OriginError> {
    match column.data_type() {
        DataType::Utf8 => encode_plain(column.as_string::<i32>(), number),
        DataType::Utf8View => {
            let cells = column.as_string_view().iter();
            cells.map(|cell| cell.map_or(Ok(NO_NAME), &mut number)).collect()
        }
        DataType::LargeUtf8 => {
            let cells = column.as_string::<i64>().iter();
            cells.map(|cell| cell.map_or(Ok(NO_NAME), &mut number)).collect()
        }
        DataType::Dictionary(keys, values) if **keys == DataType::Int32 && **values == DataType::Utf8 => {
            encode_dictionary(column.as_dictionary::<Int32Type>(), number)
        }
        other => Err(OriginError::NotText { found: other.to_string() }),
    }
}

fn encode_plain(
    cells: &StringArray,
    mut number: impl FnMut(&str) -> Result<u32, OriginError>,
) -> Result<Vec<u32>, OriginError> {
    let mut before: Option<(&str, u32)> = None;
    let mut one = |cell: Option<_>| {
        let Some(text) = cell else { return Ok(NO_NAME) };
        if let Some((same, known)) = before
            && same == text
        {
            return Ok(known);
        }
        let found = number(text)?;
        before = Some((text, found));
        Ok(found)
    };
    cells.iter().map(&mut one).collect()
}

fn encode_dictionary(
    cells: &DictionaryArray<Int32Type>,
    number: impl FnMut(&str) -> Result<u32, OriginError>,
) -> Result<Vec<u32>, OriginError> {
    let numbers = encode_plain(cells.values().as_string::<i32>(), number)?;
    let keys = cells.keys();
    let one = |key: Option<i32>| {
        let place = key.and_then(|key| usize::try_from(key).ok());
        place.and_then(|place| numbers.get(place).copied()).unwrap_or(NO_NAME)
    };
    if keys.null_count() == 0 {
        return Ok(keys.values().iter().map(|key| one(Some(*key))).collect());
    }
    Ok(keys.iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int32Array};

    use super::*;

    #[test]
    fn a_text_keeps_its_number_while_the_table_grows() {
        let mut names = Names::default();
        assert_eq!(names.get("part 0"), None);
        let ids: Vec<String> = (0..1000).map(|n| format!("part {n}")).collect();
        for round in 0..2 {
            for (number, id) in (0u32..).zip(&ids) {
                assert_eq!(names.intern(id), Ok(number), "round {round}");
            }
        }
        assert_eq!(names.len(), 1000);
        assert_eq!(names.get("part 731"), Some(731));
        assert_eq!(names.text(731), "part 731");
        assert_eq!(names.text(5000), "");
        assert_eq!(names.intern(""), Ok(1000));
        assert_eq!(names.get(""), Some(1000));
    }

    #[test]
    fn sorted_names_are_found_by_their_new_number() {
        let mut names = Names::default();
        for id in ["c", "a", "b"] {
            names.intern(id).unwrap();
        }
        let (sorted, new_numbers) = names.sorted();
        assert_eq!(sorted.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(new_numbers, [2, 0, 1]);
        assert_eq!([sorted.get("a"), sorted.get("c"), sorted.get("d")], [Some(0), Some(2), None]);
    }

    #[test]
    fn plain_and_dictionary_columns_give_the_same_numbers() {
        let plain = StringArray::from(vec![Some("x"), Some("x"), None, Some("y"), Some("x")]);
        let keys = Int32Array::from(vec![Some(1), Some(1), None, Some(0), Some(1)]);
        let values: ArrayRef = Arc::new(StringArray::from(vec!["y", "x"]));
        let dictionary = DictionaryArray::<Int32Type>::try_new(keys, values).unwrap();
        let mut names = Names::default();
        let first = names.intern_all(&plain).unwrap();
        assert_eq!(first, [0, 0, NO_NAME, 1, 0]);
        assert_eq!(names.get_all(&dictionary).unwrap(), first);
        assert_eq!(names.intern_all(&dictionary).unwrap(), first);
        assert!(matches!(names.get_all(&Int32Array::from(vec![1])), Err(OriginError::NotText { .. })));
    }
}
