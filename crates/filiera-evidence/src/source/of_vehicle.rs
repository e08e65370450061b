use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;

use super::parquet_file::{MOST_ROWS, broken, level};
use super::{Cell, CellRef, Chunk, RawColumn, Source};
use crate::faults::FileFaults;

/// Opens a Parquet file as if it held only the rows of one vehicle, and those that name none.
///
/// Row groups and pages that cannot hold the vehicle, going by their statistics, are not read: faults in them
/// are not found.
pub(crate) fn open_of_vehicle(
    path: &Path,
    vehicle: &str,
    faults: &mut FileFaults,
) -> Option<Box<dyn Source>> {
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let opened = File::open(path)
        .map_err(|error| error.to_string())
        .and_then(|file| ArrowReaderMetadata::load(&file, options).map_err(|error| error.to_string()));
    let metadata = match opened {
        Ok(metadata) => metadata,
        Err(error) => {
            faults.whole(None, None, broken(&error));
            return None;
        }
    };
    let headers: Vec<String> =
        metadata.schema().fields().iter().map(|field| field.name().trim().to_owned()).collect();
    let column = headers.iter().position(|header| header == "vehicle")?;
    let groups = 0..metadata.metadata().num_row_groups();
    let (path, vehicle) = (path.to_owned(), vehicle.to_owned());
    Some(Box::new(OfVehicle {
        path,
        vehicle,
        metadata,
        headers,
        column,
        places: Vec::new(),
        groups,
        start: 0,
    }))
}

struct OfVehicle {
    path: PathBuf,
    vehicle: String,
    metadata: ArrowReaderMetadata,
    headers: Vec<String>,
    /// The place of the column that names vehicles.
    column: usize,
    places: Vec<usize>,
    groups: Range<usize>,
    /// Rows of the groups before the next one.
    start: usize,
}

impl Source for OfVehicle {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, wanted: &[bool]) {
        self.places = (0..self.headers.len()).filter(|place| wanted.get(*place) == Some(&true)).collect();
    }

    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk> {
        while let Some(group) = self.groups.next() {
            let start = self.start;
            let rows = self.metadata.metadata().row_groups().get(group).map_or(0, |group| group.num_rows());
            self.start += usize::try_from(rows).unwrap_or(0);
            match self.chunk(group, start, faults) {
                Ok(Some(chunk)) => return Some(chunk),
                Ok(None) => {}
                Err(error) => {
                    self.groups = 0..0;
                    faults.whole(None, None, broken(&error));
                }
            }
        }
        None
    }
}

impl OfVehicle {
    /// The rows of a group; nothing where it has none of them.
    fn chunk(&self, group: usize, start: usize, faults: &mut FileFaults) -> Result<Option<Chunk>, String> {
        if !self.may_be_in(group) {
            return Ok(None);
        }
        let rows = self.rows_in(group, faults)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let ranges = rows.iter().map(|row| *row..*row + 1);
        let count = self.metadata.metadata().row_groups().get(group).map_or(0, |group| group.num_rows());
        let count = usize::try_from(count).unwrap_or(0);
        let selection = RowSelection::from_consecutive_ranges(ranges, count);
        let mut columns = vec![RawColumn::Same(Cell::Empty); self.headers.len()];
        let batches = self.read(group, &self.places, Some(selection), rows.len())?;
        let batch = joined(&batches)?;
        for (place, array) in self.places.iter().zip(batch.columns()) {
            let header = self.headers.get(*place).map_or("", String::as_str);
            if let Some(column) = columns.get_mut(*place) {
                *column = level(array, header, faults);
            }
        }
        let number = |row: &usize| u32::try_from(start + row + 1).unwrap_or(u32::MAX);
        Ok(Some(Chunk { rows: rows.iter().map(number).collect(), columns, pointers: None }))
    }

    /// The places in a group of the rows that name the vehicle, or none.
    fn rows_in(&self, group: usize, faults: &mut FileFaults) -> Result<Vec<usize>, String> {
        let pages = self.pages_of(group);
        let count = self.metadata.metadata().row_groups().get(group).map_or(0, |group| group.num_rows());
        let count = usize::try_from(count).unwrap_or(0);
        let selection =
            pages.as_ref().map(|pages| RowSelection::from_consecutive_ranges(pages.iter().cloned(), count));
        let mut places: Box<dyn Iterator<Item = usize>> = match pages {
            Some(pages) => Box::new(pages.into_iter().flatten()),
            None => Box::new(0..count),
        };
        let mut rows = Vec::new();
        for batch in self.read(group, &[self.column], selection, MOST_ROWS)? {
            let Some(array) = batch.columns().first() else { continue };
            let names = level(array, "vehicle", faults);
            for (at, place) in places.by_ref().take(batch.num_rows()).enumerate() {
                match names.get(at) {
                    CellRef::Text(name) if name != self.vehicle => {}
                    _ => rows.push(place),
                }
            }
        }
        Ok(rows)
    }

    fn read(
        &self,
        group: usize,
        places: &[usize],
        selection: Option<RowSelection>,
        batch: usize,
    ) -> Result<Vec<RecordBatch>, String> {
        let file = File::open(&self.path).map_err(|error| error.to_string())?;
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), places.iter().copied());
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(batch.clamp(1, MOST_ROWS));
        let builder = match selection {
            Some(selection) => builder.with_row_selection(selection),
            None => builder,
        };
        let reader = builder.build().map_err(|error| error.to_string())?;
        reader.map(|batch| batch.map_err(|error| error.to_string())).collect()
    }

    fn may_be_in(&self, group: usize) -> bool {
        let metadata = self.metadata.metadata().row_groups().get(group);
        let column = metadata.and_then(|group| group.columns().get(self.column));
        match column.and_then(|column| column.statistics()) {
            Some(Statistics::ByteArray(of)) if of.null_count_opt() == Some(0) => {
                let end =
                    |end: Option<&parquet::data_type::ByteArray>| end.map(|bytes| bytes.data().to_vec());
                may_be_between(&self.vehicle, end(of.min_opt()).as_deref(), end(of.max_opt()).as_deref())
            }
            _ => true,
        }
    }

    /// The rows of the pages that may hold the vehicle; nothing where the file does not say.
    fn pages_of(&self, group: usize) -> Option<Vec<Range<usize>>> {
        let metadata = self.metadata.metadata();
        let ColumnIndexMetaData::BYTE_ARRAY(index) = metadata.column_index()?.get(group)?.get(self.column)?
        else {
            return None;
        };
        let pages = metadata.offset_index()?.get(group)?.get(self.column)?.page_locations();
        let count = usize::try_from(metadata.row_groups().get(group)?.num_rows()).ok()?;
        let first = |page: usize| -> Option<usize> {
            pages.get(page).map_or(Some(count), |page| usize::try_from(page.first_row_index).ok())
        };
        let mut ranges = Vec::new();
        for page in 0..pages.len() {
            let is_full = index.null_count(page) == Some(0);
            if !is_full || may_be_between(&self.vehicle, index.min_value(page), index.max_value(page)) {
                ranges.push(first(page)?..first(page + 1)?);
            }
        }
        Some(ranges)
    }
}

/// Whether texts from `least` to `greatest` may hold the vehicle's name, with blanks around it perhaps.
fn may_be_between(vehicle: &str, least: Option<&[u8]>, greatest: Option<&[u8]>) -> bool {
    let (Some(least), Some(greatest)) = (least, greatest) else { return true };
    // Blanks sort first; those beyond ASCII sort after all of it.
    let may_be_indented = least.first().is_none_or(|first| *first <= b' ') || !greatest.is_ascii();
    let least = least.trim_ascii_end();
    may_be_indented || (least <= vehicle.as_bytes() && vehicle.as_bytes() <= greatest)
}

fn joined(batches: &[RecordBatch]) -> Result<RecordBatch, String> {
    let schema = batches.first().map(RecordBatch::schema).ok_or("no rows where there were some")?;
    arrow::compute::concat_batches(&schema, batches).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::may_be_between;

    #[test]
    fn what_may_hold_a_name_is_never_left_out() {
        let between = |least: &str, greatest: &str| {
            may_be_between("V5", Some(least.as_bytes()), Some(greatest.as_bytes()))
        };
        assert!(between("V1", "V9") && between("V5", "V5") && between("V5 ", "V7"));
        assert!(!between("V6", "V9") && !between("A", "V4"));
        assert!(between(" V6", "W") && between("\tV5", "\tV5") && between("V6", "\u{a0}V5"));
        assert!(may_be_between("V5", None, Some(b"V1")));
    }
}
