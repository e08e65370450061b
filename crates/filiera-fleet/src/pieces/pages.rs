//! The usual pages of a Parquet file, read as the numbers that stand in them: of a column with a dictionary and
//! without nulls, each value is a place in it. Whatever is written otherwise is left to the library.

use std::fs::File;

use bytes::Bytes;
use parquet::basic::{Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;

use super::cursor::Cursor;
use crate::numbered::{Codes, Column, Names, Numbered};

/// The pages of one column of a row group, behind its dictionary.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    pages: Vec<Page>,
    has_levels: bool,
}

/// A row group by number; nothing: it is not all usual.
pub(super) fn numbered(file: &File, group: &RowGroupMetaData) -> Result<Option<Numbered>, ParquetError> {
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
        Ok(chunk.and_then(|chunk| Some(Column { values: chunk.names()?, codes: Codes::Pages(chunk.pages) })))
    };
    let numbers = |name: &str| -> Result<Option<Column<Vec<i32>>>, ParquetError> {
        let chunk = read(name, Type::INT32)?;
        Ok(chunk
            .and_then(|chunk| Some(Column { values: chunk.numbers()?, codes: Codes::Pages(chunk.pages) })))
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

impl Pages {
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor::new(self)
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Page> {
        self.pages.iter()
    }

    /// How many values a page has, how wide their places are, and the runs they stand in.
    pub(super) fn values<'p>(&self, page: &'p Page) -> Option<(usize, u32, &'p [u8])> {
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
        Some((page.num_values() as usize, u32::from(*width), bytes))
    }
}

/// A column of a row group as it was written.
struct Chunk {
    dictionary: Page,
    pages: Pages,
}

impl Chunk {
    fn read(file: &File, column: &ColumnChunkMetaData, rows: usize) -> Result<Option<Self>, ParquetError> {
        let bytes = InMemory::read(file, column)?;
        let mut reader = SerializedPageReader::new(bytes.into(), column, rows, None)?;
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
        let pages = Pages { pages, has_levels: column.column_descr().max_def_level() > 0 };
        Ok(dictionary.map(|dictionary| Self { dictionary, pages }))
    }

    /// Run by run the place in the dictionary, and the first row behind.
    fn runs(&self, rows: usize) -> Option<Vec<(u32, u32)>> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        let mut cursor = self.pages.cursor();
        let mut end = 0u32;
        while (end as usize) < rows {
            let (code, count) = cursor.next_run()?;
            end = end.checked_add(u32::try_from(count).ok()?)?;
            match runs.last_mut().filter(|(last, _)| *last == code) {
                Some((_, last)) => *last = end,
                None => runs.push((code, end)),
            }
        }
        let is_known = runs.iter().all(|(code, _)| *code < self.dictionary.num_values());
        (end as usize == rows && is_known).then_some(runs)
    }

    fn names(&self) -> Option<Names> {
        let mut rest: &[u8] = self.dictionary.buffer();
        let count = self.dictionary.num_values() as usize;
        let mut names = Names::with_capacity(count.min(rest.len()), rest.len());
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (name, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            names.push(std::str::from_utf8(name).ok()?);
            rest = after;
        }
        (rest.is_empty() && names.len() == count).then_some(names)
    }

    fn numbers(&self) -> Option<Vec<i32>> {
        let (words, rest) = self.dictionary.buffer().as_chunks::<4>();
        let numbers: Vec<i32> = words.iter().map(|word| i32::from_le_bytes(*word)).collect();
        (rest.is_empty() && numbers.len() == self.dictionary.num_values() as usize).then_some(numbers)
    }
}

/// The bytes of one column of a row group, read at once.
struct InMemory {
    start: u64,
    bytes: Bytes,
}

impl InMemory {
    fn read(file: &File, column: &ColumnChunkMetaData) -> Result<Self, ParquetError> {
        let (start, length) = column.byte_range();
        let length = usize::try_from(length).map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok(Self { start, bytes: ChunkReader::get_bytes(file, start, length)? })
    }

    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let place = start.checked_sub(self.start).and_then(|place| usize::try_from(place).ok());
        let place = place.filter(|place| *place <= self.bytes.len());
        let place = place.ok_or_else(|| ParquetError::EOF("a page lies outside its column".to_owned()))?;
        Ok(self.bytes.slice(place..))
    }
}

impl Length for InMemory {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for InMemory {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(bytes::Buf::reader(self.from(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.from(start)?;
        if length > bytes.len() {
            return Err(ParquetError::EOF("a page ends outside its column".to_owned()));
        }
        Ok(bytes.slice(..length))
    }
}
