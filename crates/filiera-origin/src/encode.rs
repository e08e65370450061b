use arrow::array::{Array, AsArray, DictionaryArray};
use arrow::datatypes::{DataType, Int32Type};

use crate::OriginError;
use crate::key::SHORT;
use crate::names::NO_NAME;

/// So many texts are looked up together: enough to wait for memory together, few enough for the
/// stack and the nearest cache.
pub(crate) const BLOCK: usize = 64;

/// The number of every cell of a text column, [`NO_NAME`] for nulls. `number` is handed blocks of
/// texts and adds a number for each; the last block is filled up with repeats of its last text.
pub(crate) fn blocks(
    column: &dyn Array,
    number: impl FnMut(&[&str; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
) -> Result<Vec<u32>, OriginError> {
    match column.data_type() {
        DataType::Utf8 => plain(column.as_string::<i32>().iter(), number),
        DataType::Utf8View => plain(column.as_string_view().iter(), number),
        DataType::LargeUtf8 => plain(column.as_string::<i64>().iter(), number),
        DataType::Dictionary(keys, values) if **keys == DataType::Int32 && **values == DataType::Utf8 => {
            by_dictionary(column.as_dictionary::<Int32Type>(), number)
        }
        other => Err(OriginError::NotText { found: other.to_string() }),
    }
}

fn plain<'a>(
    cells: impl Iterator<Item = Option<&'a str>>,
    number: impl FnMut(&[&str; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
) -> Result<Vec<u32>, OriginError> {
    let mut nulls = Vec::new();
    let mut waiting = Waiting::new("", cells.size_hint().0, number);
    for (row, cell) in cells.enumerate() {
        match cell {
            Some(text) => waiting.push(text)?,
            None => nulls.push(row - nulls.len()),
        }
    }
    waiting.flush()?;
    Ok(if nulls.is_empty() { waiting.numbers } else { with_nulls(&waiting.numbers, &nulls) })
}

/// A column of Arrow views, all of short texts and none null: each view is its text.
pub(crate) struct ShortViews<'a>(&'a [u128]);

/// The column as views, when it is one of short texts.
pub(crate) fn short_views(column: &dyn Array) -> Option<ShortViews<'_>> {
    let views = column.as_string_view_opt().filter(|column| column.null_count() == 0)?.views();
    views.iter().all(|view| *view as u32 as usize <= SHORT).then_some(ShortViews(views))
}

impl ShortViews<'_> {
    /// As [`blocks`].
    pub(crate) fn numbers(
        &self,
        number: impl FnMut(&[u128; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
    ) -> Result<Vec<u32>, OriginError> {
        let mut waiting = Waiting::new(0, self.0.len(), number);
        self.0.iter().try_for_each(|view| waiting.push(*view))?;
        waiting.flush()?;
        Ok(waiting.numbers)
    }
}

/// Texts that wait until a block is full; repeats of the text before wait as one.
struct Waiting<T, F> {
    texts: [T; BLOCK],
    runs: [u32; BLOCK],
    filled: usize,
    number: F,
    found: Vec<u32>,
    numbers: Vec<u32>,
}

impl<T, F> Waiting<T, F>
where
    T: Copy + PartialEq,
    F: FnMut(&[T; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
{
    fn new(none: T, rows: usize, number: F) -> Self {
        let (found, numbers) = (Vec::with_capacity(BLOCK), Vec::with_capacity(rows));
        Self { texts: [none; BLOCK], runs: [0; BLOCK], filled: 0, number, found, numbers }
    }

    fn push(&mut self, text: T) -> Result<(), OriginError> {
        if self.filled > 0 && self.texts[self.filled - 1] == text {
            self.runs[self.filled - 1] += 1;
            return Ok(());
        }
        if self.filled == BLOCK {
            self.flush()?;
        }
        self.texts[self.filled] = text;
        self.runs[self.filled] = 1;
        self.filled += 1;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), OriginError> {
        let Some(last) = self.filled.checked_sub(1) else { return Ok(()) };
        let last = self.texts[last];
        self.texts[self.filled..].fill(last);
        self.found.clear();
        (self.number)(&self.texts, &mut self.found)?;
        for (number, run) in self.found.iter().zip(&self.runs[..self.filled]) {
            (0..*run).for_each(|_| self.numbers.push(*number));
        }
        self.filled = 0;
        Ok(())
    }
}

/// `nulls`: before which of the numbers each null stands, ascending.
fn with_nulls(numbers: &[u32], nulls: &[usize]) -> Vec<u32> {
    let mut all = Vec::with_capacity(numbers.len() + nulls.len());
    let mut done = 0;
    for before in nulls {
        all.extend_from_slice(&numbers[done..*before]);
        all.push(NO_NAME);
        done = *before;
    }
    all.extend_from_slice(&numbers[done..]);
    all
}

fn by_dictionary(
    cells: &DictionaryArray<Int32Type>,
    number: impl FnMut(&[&str; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
) -> Result<Vec<u32>, OriginError> {
    let numbers = plain(cells.values().as_string::<i32>().iter(), number)?;
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
