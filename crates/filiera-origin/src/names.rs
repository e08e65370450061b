use arrow::array::Array;

use crate::OriginError;
use crate::encode::{BLOCK, blocks, short_views};
use crate::key::{Hashed, Key, Secret};

/// Texts, each stored once and numbered from 0 in the order they were first met.
///
/// A short text is its own key of 16 bytes; a table of (hash, number) pairs finds the keys. The hash
/// is keyed anew in every run, because ids come from outside and could be chosen to collide;
/// the numbers do not depend on it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    keys: Vec<Key>,
    /// Long texts, one after the other, and where each ends.
    long: String,
    ends: Vec<usize>,
    /// Open addressing, a power of two long, at most half full: high half hash, low half
    /// number + 1; 0 is free.
    table: Vec<u64>,
    secret: Secret,
}

/// What [`Names::get_all`] and [`Names::intern_all`] put for a null.
pub const NO_NAME: u32 = u32::MAX;

impl Names {
    /// Room for so many texts, so that the table need not grow.
    pub fn with_capacity(count: usize) -> Self {
        let slots = count.saturating_add(BLOCK).saturating_mul(2).next_power_of_two();
        Self { keys: Vec::with_capacity(count), table: vec![0; slots], ..Self::default() }
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The text of a number, empty when there is no such number.
    pub fn text(&self, number: u32) -> &str {
        let Some(key) = self.keys.get(number as usize) else { return "" };
        let Some(place) = key.long_place() else { return key.short_text() };
        let start = match place.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
        };
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.long.get(start..end).unwrap_or_default()
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
        self.find(text, &self.secret.hash(text)).ok()
    }

    /// The number of a text, new when it is not known yet.
    ///
    /// # Errors
    /// [`OriginError::TooMany`] when 32 bits cannot number it.
    pub fn intern(&mut self, text: &str) -> Result<u32, OriginError> {
        self.make_room(1);
        let hashed = self.secret.hash(text);
        self.intern_hashed(text, &hashed)
    }

    /// The numbers of a column of texts; [`NO_NAME`] for nulls and texts that are not known.
    ///
    /// Cheapest for views of short texts, which are keys already, and for dictionaries, which are
    /// looked up once per distinct text. Needs no exclusive access, so columns can be read side by
    /// side.
    ///
    /// # Errors
    /// [`OriginError::NotText`] when the column holds no text, plain or by dictionary.
    pub fn get_all(&self, column: &dyn Array) -> Result<Vec<u32>, OriginError> {
        if self.table.is_empty() {
            return Ok(vec![NO_NAME; column.len()]);
        }
        if let Some(views) = short_views(column) {
            return views.numbers(|views, numbers| {
                let hashed = views.each_ref().map(|view| self.secret.hash_key(Key::of_view(*view)));
                for (hashed, guess) in hashed.iter().zip(self.guess(&hashed)) {
                    let known = guess.or_else(|| self.find(hashed.key.short_text(), hashed).ok());
                    numbers.push(known.unwrap_or(NO_NAME));
                }
                Ok(())
            });
        }
        blocks(column, |texts, numbers| {
            let hashed = texts.each_ref().map(|text| self.secret.hash(text));
            for ((text, hashed), guess) in texts.iter().zip(&hashed).zip(self.guess(&hashed)) {
                let known = guess.or_else(|| self.find(text, hashed).ok());
                numbers.push(known.unwrap_or(NO_NAME));
            }
            Ok(())
        })
    }

    /// As [`Names::get_all`], numbering texts that are not known yet; [`NO_NAME`] for nulls only.
    ///
    /// # Errors
    /// [`OriginError::NotText`], [`OriginError::TooMany`].
    pub fn intern_all(&mut self, column: &dyn Array) -> Result<Vec<u32>, OriginError> {
        blocks(column, |texts, numbers| {
            self.make_room(BLOCK);
            let hashed = texts.each_ref().map(|text| self.secret.hash(text));
            let guessed = self.guess(&hashed);
            for ((text, hashed), guess) in texts.iter().zip(&hashed).zip(guessed) {
                numbers.push(guess.map_or_else(|| self.intern_hashed(text, hashed), Ok)?);
            }
            Ok(())
        })
    }

    /// The same texts numbered in their own order, and the new number of each old one.
    pub fn sorted(&self) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.text(*a).cmp(self.text(*b)));
        let mut sorted = Self::with_capacity(self.len());
        let mut new_numbers = vec![0; self.len()];
        for (new, old) in (0u32..).zip(order) {
            let text = self.text(old);
            let hashed = sorted.secret.hash(text);
            if let Err(slot) = sorted.find(text, &hashed) {
                sorted.put(slot, text, &hashed, new);
            }
            new_numbers[old as usize] = new;
        }
        (sorted, new_numbers)
    }

    fn intern_hashed(&mut self, text: &str, hashed: &Hashed) -> Result<u32, OriginError> {
        match self.find(text, hashed) {
            Ok(number) => Ok(number),
            Err(slot) => {
                let number = number_of(self.len(), "parts")?;
                self.put(slot, text, hashed, number);
                Ok(number)
            }
        }
    }

    fn put(&mut self, slot: usize, text: &str, hashed: &Hashed, number: u32) {
        let mut key = hashed.key;
        if !key.is_whole() {
            key = key.at(self.ends.len());
            self.long.push_str(text);
            self.ends.push(self.long.len());
        }
        self.keys.push(key);
        self.table[slot] = (u64::from(hashed.tag) << 32) | u64::from(number + 1);
    }

    /// The number of the text, or the free slot where it belongs.
    fn find(&self, text: &str, hashed: &Hashed) -> Result<u32, usize> {
        // INVARIANT: the table is a power of two long and never full, so the walk ends.
        let mask = self.table.len() - 1;
        let mut slot = hashed.tag as usize & mask;
        loop {
            let found = self.table[slot];
            if found == 0 {
                return Err(slot);
            }
            let number = found as u32 - 1;
            if (found >> 32) as u32 == hashed.tag {
                let key = self.keys[number as usize];
                let is_same = if key.is_whole() { key == hashed.key } else { self.text(number) == text };
                if is_same {
                    return Ok(number);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The numbers of texts that can be told at first sight, nothing for the others.
    ///
    /// Step by step for all of them: the memory each step waits for is then fetched for many texts
    /// at a time, which is most of the cost of a table larger than the caches.
    fn guess(&self, hashed: &[Hashed; BLOCK]) -> [Option<u32>; BLOCK] {
        let mask = self.table.len() - 1;
        let first: [u64; BLOCK] = hashed.each_ref().map(|one| self.table[one.tag as usize & mask]);
        let mut number = [0u32; BLOCK];
        for ((number, first), one) in number.iter_mut().zip(first).zip(hashed) {
            let (mut found, mut slot) = (first, one.tag as usize & mask);
            while found != 0 && (found >> 32) as u32 != one.tag {
                slot = (slot + 1) & mask;
                found = self.table[slot];
            }
            *number = (found as u32).wrapping_sub(1);
        }
        let keys: [Option<Key>; BLOCK] = number.map(|number| self.keys.get(number as usize).copied());
        let mut guessed = [None; BLOCK];
        for (place, guess) in guessed.iter_mut().enumerate() {
            let key = hashed[place].key;
            *guess = (key.is_whole() && keys[place] == Some(key)).then_some(number[place]);
        }
        guessed
    }

    /// Room for so many more texts.
    fn make_room(&mut self, more: usize) {
        if (self.len() + more) * 2 <= self.table.len() {
            return;
        }
        let slots = ((self.len() + more) * 2).max(self.table.len() * 2).max(16).next_power_of_two();
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

/// `place` as a number below [`NO_NAME`].
pub(crate) fn number_of(place: usize, what: &'static str) -> Result<u32, OriginError> {
    u32::try_from(place)
        .ok()
        .filter(|number| *number < NO_NAME)
        .ok_or(OriginError::TooMany { what, count: place.saturating_add(1) })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, DictionaryArray, Int32Array, LargeStringArray, StringArray, StringViewArray,
    };
    use arrow::datatypes::Int32Type;

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
    fn long_texts_and_those_that_differ_in_length_only_are_told_apart() {
        let texts: Vec<String> = (0..40).flat_map(|n| ["x".repeat(n), "\0".repeat(n + 1)]).collect();
        let column = StringArray::from(texts);
        let mut names = Names::default();
        let numbers = names.intern_all(&column).unwrap();
        assert_eq!(numbers, (0..80).collect::<Vec<u32>>());
        assert_eq!(names.get_all(&column).unwrap(), numbers);
        assert_eq!(names.intern_all(&column).unwrap(), numbers);
        assert_eq!(names.get(&"x".repeat(16)), Some(32));
        assert_eq!(names.text(32), "x".repeat(16));
        assert!(names.iter().eq(column.iter().flatten()));
        assert_eq!(Names::default().get_all(&column).unwrap(), vec![NO_NAME; 80]);
    }

    #[test]
    fn every_kind_of_column_gives_the_same_numbers() {
        for longest in [12, 40] {
            let cell = |n: usize| (n % 7 != 3).then(|| "abc".repeat(20)[..(n / 3) % longest].to_owned());
            for cells in [(0..500).map(cell).collect::<Vec<_>>(), (0..500).map(|n| cell(n - n % 7)).collect()]
            {
                let mut names = Names::default();
                let numbers = names.intern_all(&StringArray::from(cells.clone())).unwrap();
                let texts = |number: &u32| (*number != NO_NAME).then(|| names.text(*number).to_owned());
                assert_eq!(numbers.iter().map(texts).collect::<Vec<_>>(), cells);
                let views = StringViewArray::from_iter(cells.clone());
                let large = LargeStringArray::from(cells);
                assert_eq!(names.get_all(&views).unwrap(), numbers);
                assert_eq!(names.get_all(&views.slice(77, 200)).unwrap(), numbers[77..277]);
                assert_eq!(names.get_all(&large).unwrap(), numbers);
                assert_eq!(names.intern_all(&views).unwrap(), numbers);
                assert_eq!(Names::default().intern_all(&views).unwrap(), numbers);
            }
        }
        let stranger = StringViewArray::from_iter_values(["abcabc", "b", "", "b"]);
        let mut names = Names::default();
        names.intern("b").unwrap();
        assert_eq!(names.get_all(&stranger).unwrap(), [NO_NAME, 0, NO_NAME, 0]);
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
