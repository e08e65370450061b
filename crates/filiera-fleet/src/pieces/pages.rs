//! The usual pages of a Parquet file, read as the numbers that stand in them: of a column with a dictionary and
//! without nulls, each value is a place in it. Whatever is written otherwise is left to the library.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;

use crate::numbered::{Column, Names, Numbered};

/// A row group by number; nothing: it is not all usual.
pub(super) fn numbered(file: &Arc<File>, group: &RowGroupMetaData) -> Result<Option<Numbered>, ParquetError> {
    let rows = usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
    let column = |name: &str| group.columns().iter().find(|column| column.column_path().string() == name);
    // What is known to lie between two days, and what is not there at all, is not usual.
    if column("received_on_max").is_some() {
        return Ok(None);
    }
    let read = |name: &str, kind: Type| match column(name).filter(|column| is_usual(column, kind)) {
        Some(column) => Chunk::read(file, column, rows),
        None => Ok(None),
    };
    let texts = |name: &str| -> Result<Option<Column<Names>>, ParquetError> {
        let chunk = read(name, Type::BYTE_ARRAY)?;
        Ok(chunk.and_then(|chunk| Some(Column { codes: chunk.codes(rows)?, values: chunk.names()? })))
    };
    let numbers = |name: &str| -> Result<Option<Column<Vec<i32>>>, ParquetError> {
        let chunk = read(name, Type::INT32)?;
        Ok(chunk.and_then(|chunk| Some(Column { codes: chunk.codes(rows)?, values: chunk.numbers()? })))
    };
    let vehicles =
        read("vehicle", Type::BYTE_ARRAY)?.and_then(|chunk| Some((chunk.runs(rows)?, chunk.names()?)));
    let (Some((vehicles, vehicle_names)), Some(parts)) = (vehicles, texts("part")?) else { return Ok(None) };
    let (Some(lots), Some(suppliers)) = (texts("lot")?, texts("supplier")?) else { return Ok(None) };
    let (Some(quantities), Some(first)) = (numbers("quantity")?, numbers("received_on")?) else {
        return Ok(None);
    };
    let scale = column("quantity").map_or(0, |column| column.column_descr().type_scale());
    let Ok(scale) = i8::try_from(scale) else { return Ok(None) };
    let values = quantities.values.into_iter().map(i64::from).collect();
    let quantities = Column { codes: quantities.codes, values };
    Ok(Some(Numbered {
        vehicles,
        vehicle_names,
        parts,
        lots,
        suppliers,
        quantities,
        scale,
        first,
        last: None,
    }))
}

/// Whether a column chunk has no nulls, no lists, and values of the type.
fn is_usual(column: &ColumnChunkMetaData, kind: Type) -> bool {
    let descriptor = column.column_descr();
    let nulls = column.statistics().and_then(|statistics| statistics.null_count_opt());
    column.column_type() == kind
        && descriptor.max_rep_level() == 0
        && (descriptor.max_def_level() == 0 || (descriptor.max_def_level() == 1 && nulls == Some(0)))
}

/// The pages of one column of a row group.
struct Chunk {
    dictionary: Page,
    pages: Vec<Page>,
    has_levels: bool,
}

impl Chunk {
    fn read(
        file: &Arc<File>,
        column: &ColumnChunkMetaData,
        rows: usize,
    ) -> Result<Option<Self>, ParquetError> {
        let mut reader = SerializedPageReader::new(Arc::clone(file), column, rows, None)?;
        let (mut dictionary, mut pages) = (None, Vec::new());
        while let Some(page) = reader.get_next_page()? {
            match &page {
                Page::DictionaryPage { encoding: Encoding::PLAIN | Encoding::PLAIN_DICTIONARY, .. } => {
                    dictionary = Some(page);
                }
                Page::DataPage { encoding, .. } | Page::DataPageV2 { encoding, .. }
                    if matches!(encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY) =>
                {
                    pages.push(page);
                }
                _ => return Ok(None),
            }
        }
        let has_levels = column.column_descr().max_def_level() > 0;
        Ok(dictionary.map(|dictionary| Self { dictionary, pages, has_levels }))
    }

    /// Of each row the place in the dictionary.
    fn codes(&self, rows: usize) -> Option<Vec<u32>> {
        let mut codes = Vec::with_capacity(rows + UNPACKED);
        for page in &self.pages {
            let end = codes.len() + page.num_values() as usize;
            let (width, mut hybrid) = self.hybrid(page)?;
            while codes.len() < end {
                match hybrid.next(width, end - codes.len())? {
                    Run::Same(code, count) => codes.resize(codes.len() + count, code),
                    Run::Packed(bytes, count) => unpack(bytes, width, count, &mut codes)?,
                }
            }
        }
        let most = codes.iter().copied().max().unwrap_or(0);
        (codes.len() == rows && most < self.dictionary.num_values()).then_some(codes)
    }

    /// The same run by run: place, and the first row behind.
    fn runs(&self, rows: usize) -> Option<Vec<(u32, u32)>> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        let mut done = 0usize;
        let mut unpacked = Vec::new();
        let mut add = |code: u32, end: usize| -> Option<()> {
            let end = u32::try_from(end).ok()?;
            match runs.last_mut().filter(|(last, _)| *last == code) {
                Some((_, last)) => *last = end,
                None => runs.push((code, end)),
            }
            Some(())
        };
        for page in &self.pages {
            let end = done + page.num_values() as usize;
            let (width, mut hybrid) = self.hybrid(page)?;
            while done < end {
                match hybrid.next(width, end - done)? {
                    Run::Same(code, count) => {
                        done += count;
                        add(code, done)?;
                    }
                    Run::Packed(bytes, count) => {
                        unpacked.clear();
                        unpack(bytes, width, count, &mut unpacked)?;
                        for code in &unpacked {
                            done += 1;
                            add(*code, done)?;
                        }
                    }
                }
            }
        }
        let is_known = runs.iter().all(|(code, _)| *code < self.dictionary.num_values());
        (done == rows && is_known).then_some(runs)
    }

    /// The width of the places of a page, and the runs they stand in.
    fn hybrid<'p>(&self, page: &'p Page) -> Option<(u32, Hybrid<'p>)> {
        let values = match page {
            Page::DataPage { buf, def_level_encoding, .. } if self.has_levels => {
                let (length, rest) = buf.split_first_chunk::<4>()?;
                let is_known = *def_level_encoding == Encoding::RLE;
                rest.get(u32::from_le_bytes(*length) as usize..).filter(|_| is_known)?
            }
            Page::DataPage { buf, .. } => buf,
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                buf.get((def_levels_byte_len + rep_levels_byte_len) as usize..)?
            }
            Page::DictionaryPage { .. } => return None,
        };
        let (width, bytes) = values.split_first()?;
        (*width <= 32).then_some((u32::from(*width), Hybrid { bytes }))
    }

    fn names(&self) -> Option<Names> {
        let mut rest: &[u8] = self.dictionary.buffer();
        let mut names = Vec::with_capacity(self.dictionary.num_values() as usize);
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (name, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            names.push(std::str::from_utf8(name).ok()?.into());
            rest = after;
        }
        (rest.is_empty() && names.len() == self.dictionary.num_values() as usize).then_some(names)
    }

    fn numbers(&self) -> Option<Vec<i32>> {
        let (words, rest) = self.dictionary.buffer().as_chunks::<4>();
        let numbers: Vec<i32> = words.iter().map(|word| i32::from_le_bytes(*word)).collect();
        (rest.is_empty() && numbers.len() == self.dictionary.num_values() as usize).then_some(numbers)
    }
}

/// Values as runs of one, or packed bit by bit.
struct Hybrid<'p> {
    bytes: &'p [u8],
}

enum Run<'p> {
    Same(u32, usize),
    Packed(&'p [u8], usize),
}

impl<'p> Hybrid<'p> {
    /// The next run, of at most so many values; nothing where the bytes end or say something else.
    fn next(&mut self, width: u32, most: usize) -> Option<Run<'p>> {
        let header = self.header()?;
        let count = usize::try_from(header >> 1).ok()?;
        if header & 1 == 1 {
            let length = count.checked_mul(width as usize)?;
            // The last group may be cut short where its values are.
            let (packed, rest) = self.bytes.split_at(length.min(self.bytes.len()));
            self.bytes = rest;
            let count = count.checked_mul(8)?.min(most);
            return (count > 0).then_some(Run::Packed(packed, count));
        }
        let (value, rest) = self.bytes.split_at_checked(width.div_ceil(8) as usize)?;
        self.bytes = rest;
        let code = value.iter().rev().fold(0u32, |code, byte| (code << 8) | u32::from(*byte));
        (count > 0).then_some(Run::Same(code, count.min(most)))
    }

    /// A whole number in seven bits a byte, least first.
    fn header(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// So many values are unpacked at a time: as many as make whole words of any width.
const UNPACKED: usize = 32;

/// Appends so many values of some bits each, least bit first.
fn unpack(bytes: &[u8], width: u32, count: usize, into: &mut Vec<u32>) -> Option<()> {
    macro_rules! of_width {
        ($($width:literal)*) => {
            match width {
                0 => {
                    into.resize(into.len() + count, 0);
                    Some(())
                }
                $($width => unpack_of::<$width, { 4 * $width }>(bytes, count, into),)*
                _ => None,
            }
        };
    }
    of_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24)
}

/// The same of one width; `BYTES` hold as many values as are unpacked at a time.
fn unpack_of<const WIDTH: usize, const BYTES: usize>(
    bytes: &[u8],
    count: usize,
    into: &mut Vec<u32>,
) -> Option<()> {
    let end = into.len() + count;
    let (whole, rest) = bytes.as_chunks::<BYTES>();
    for block in whole.iter().take(count.div_ceil(UNPACKED)) {
        into.extend_from_slice(&block_of::<WIDTH, BYTES>(block));
    }
    if into.len() < end {
        let mut last = [0u8; BYTES];
        last.get_mut(..rest.len())?.copy_from_slice(rest);
        let missing = end - into.len();
        if missing * WIDTH > rest.len() * 8 {
            return None;
        }
        into.extend_from_slice(block_of::<WIDTH, BYTES>(&last).get(..missing)?);
    }
    into.truncate(end);
    Some(())
}

#[inline]
fn block_of<const WIDTH: usize, const BYTES: usize>(block: &[u8; BYTES]) -> [u32; UNPACKED] {
    let mut padded = [0u8; 128];
    if let Some(start) = padded.first_chunk_mut::<BYTES>() {
        *start = *block;
    }
    let mask = (1u64 << WIDTH) - 1;
    let mut values = [0u32; UNPACKED];
    for (place, value) in values.iter_mut().enumerate() {
        let bit = place * WIDTH;
        let word = padded.get(bit / 8..).and_then(<[u8]>::first_chunk::<8>);
        let word = word.map_or(0, |word| u64::from_le_bytes(*word));
        *value = ((word >> (bit % 8)) & mask) as u32;
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(values: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = vec![0u8; (values.len() * width as usize).div_ceil(8)];
        for (place, value) in values.iter().enumerate() {
            for bit in 0..width as usize {
                if value >> bit & 1 == 1 {
                    let at = place * width as usize + bit;
                    bytes[at / 8] |= 1 << (at % 8);
                }
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn what_was_packed_is_unpacked(
            width in 1u32..=24,
            values in prop::collection::vec(any::<u32>(), 0..200),
        ) {
            let values: Vec<u32> = values.into_iter().map(|value| value & ((1 << width) - 1)).collect();
            let mut found = vec![7];
            prop_assert_eq!(unpack(&packed(&values, width), width, values.len(), &mut found), Some(()));
            prop_assert_eq!(&found[1..], values.as_slice());
        }

        #[test]
        fn bytes_that_end_early_are_no_values(width in 1u32..=24, count in 1usize..100) {
            let bytes = packed(&vec![0; count], width);
            let mut found = Vec::new();
            prop_assert_eq!(unpack(&bytes[..bytes.len() - 1], width, count, &mut found), None);
        }
    }

    #[test]
    fn runs_and_packed_groups_alternate() {
        // Five times 3, then a packed group of eight, of which six count.
        let group = packed(&[1, 2, 3, 4, 5, 6, 0, 0], 3);
        let bytes = [vec![10, 3, 3], group].concat();
        let mut hybrid = Hybrid { bytes: &bytes };
        assert!(matches!(hybrid.next(3, 11), Some(Run::Same(3, 5))));
        assert!(matches!(hybrid.next(3, 6), Some(Run::Packed(_, 6))));
        assert!(hybrid.next(3, 1).is_none());
    }
}
