use arrow::array::{Array, AsArray, DictionaryArray};
use arrow::datatypes::{DataType, Int32Type};

use crate::OriginError;
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
    mut number: impl FnMut(&[&str; BLOCK], &mut Vec<u32>) -> Result<(), OriginError>,
) -> Result<Vec<u32>, OriginError> {
    let mut numbers = Vec::with_capacity(cells.size_hint().0 + BLOCK);
    let mut nulls = Vec::new();
    let mut block = [""; BLOCK];
    let mut filled = 0;
    let mut rows = 0;
    for cell in cells {
        match cell {
            Some(text) => {
                block[filled] = text;
                filled += 1;
            }
            None => nulls.push(rows - nulls.len()),
        }
        rows += 1;
        if filled == BLOCK {
            number(&block, &mut numbers)?;
            filled = 0;
        }
    }
    if let Some(last) = filled.checked_sub(1) {
        let (used, free) = block.split_at_mut(filled);
        free.fill(used[last]);
        let done = numbers.len();
        number(&block, &mut numbers)?;
        numbers.truncate(done + filled);
    }
    Ok(if nulls.is_empty() { numbers } else { with_nulls(&numbers, &nulls) })
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
