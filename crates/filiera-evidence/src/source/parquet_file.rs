use std::collections::VecDeque;
use std::fs::File;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Decimal128Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Decimal128Type, Float32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    UInt64Type,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};

use super::{Cell, Chunk, RawColumn, Source};
use crate::faults::{FileFaults, Saying};
use crate::{day, number};

/// Opens a Parquet file.
///
/// A row group is a chunk: large, because whole columns are handed on as they are. As many groups
/// are read side by side as there are processors.
pub(super) fn open(path: &Path, faults: &mut FileFaults) -> Option<Box<dyn Source>> {
    let opened = File::open(path).map_err(|error| error.to_string()).and_then(|file| {
        ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()).map_err(|error| error.to_string())
    });
    match opened {
        Ok(metadata) => {
            let headers =
                metadata.schema().fields().iter().map(|field| field.name().trim().to_owned()).collect();
            let groups = 0..metadata.metadata().num_row_groups();
            let path = path.to_owned();
            let (places, ready, row) = (Vec::new(), VecDeque::new(), 0);
            Some(Box::new(ParquetFile { path, metadata, headers, places, groups, ready, row }))
        }
        Err(error) => {
            faults.whole(None, None, broken(&error));
            None
        }
    }
}

pub(super) fn broken(why: &str) -> Saying {
    Saying::new(
        "file/unreadable",
        format!("the Parquet file cannot be read: {why}"),
        "write it again; it may be truncated",
    )
}

struct ParquetFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    headers: Vec<String>,
    places: Vec<usize>,
    groups: Range<usize>,
    ready: VecDeque<Result<RecordBatch, String>>,
    row: u32,
}

impl Source for ParquetFile {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, wanted: &[bool]) {
        self.places = (0..self.headers.len()).filter(|place| wanted.get(*place) == Some(&true)).collect();
    }

    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk> {
        while self.ready.is_empty() && !self.groups.is_empty() {
            self.read_ahead();
        }
        let batch = match self.ready.pop_front()? {
            Ok(batch) => batch,
            Err(error) => {
                self.groups = 0..0;
                self.ready.clear();
                faults.whole(None, None, broken(&error));
                return None;
            }
        };
        let first = self.row;
        let count = u32::try_from(batch.num_rows()).unwrap_or(u32::MAX);
        self.row = self.row.saturating_add(count);
        let rows: Vec<u32> = (1..=count).map(|row| first.saturating_add(row)).collect();
        let mut columns = vec![RawColumn::Same(Cell::Empty); self.headers.len()];
        for (place, array) in self.places.iter().zip(batch.columns()) {
            let header = self.headers.get(*place).map_or("", String::as_str);
            if let Some(column) = columns.get_mut(*place) {
                *column = level(array, header, faults);
            }
        }
        Some(Chunk { rows, columns, pointers: None })
    }
}

impl ParquetFile {
    /// Reads the next row groups, each on its own thread.
    fn read_ahead(&mut self) {
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let groups: Vec<usize> = self.groups.by_ref().take(threads).collect();
        let this = &*self;
        let read: Vec<Vec<Result<RecordBatch, String>>> = thread::scope(|scope| {
            let running: Vec<_> = groups.iter().map(|group| scope.spawn(|| this.group(*group))).collect();
            let fails = |_| vec![Err("a thread ended".to_owned())];
            running.into_iter().map(|thread| thread.join().unwrap_or_else(fails)).collect()
        });
        self.ready.extend(read.into_iter().flatten());
    }

    fn group(&self, group: usize) -> Vec<Result<RecordBatch, String>> {
        let rows = self.metadata.metadata().row_groups().get(group).map_or(0, |group| group.num_rows());
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), self.places.iter().copied());
        // Each thread opens the file for itself: a cloned handle would share its position.
        let reader = File::open(&self.path).map_err(|error| error.to_string()).and_then(|file| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![group])
                .with_projection(mask)
                .with_batch_size(usize::try_from(rows).unwrap_or(0).clamp(1, MOST_ROWS))
                .build()
                .map_err(|error| error.to_string())
        });
        // After an error a reader tells the same error for ever: it is heard once.
        let read = reader.and_then(|reader| {
            reader.collect::<Result<Vec<RecordBatch>, _>>().map_err(|error| error.to_string())
        });
        read.map_or_else(|error| vec![Err(error)], |batches| batches.into_iter().map(Ok).collect())
    }
}

/// Rows per batch at most, whatever a file says of its row groups.
pub(super) const MOST_ROWS: usize = 1 << 20;

/// A column in one of the few types that the readers know.
pub(super) fn level(array: &ArrayRef, header: &str, faults: &mut FileFaults) -> RawColumn {
    match array.data_type() {
        DataType::Utf8 | DataType::Boolean | DataType::Date32 => RawColumn::Typed(Arc::clone(array)),
        DataType::LargeUtf8 | DataType::Utf8View => cast_to(array, &DataType::Utf8),
        DataType::Dictionary(_, values) => match cast(array, values) {
            Ok(values) => level(&values, header, faults),
            Err(error) => RawColumn::Same(Cell::Bad(error.to_string())),
        },
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
            wholes(array, &DataType::Int64)
        }
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
            wholes(array, &DataType::UInt64)
        }
        DataType::Decimal128(_, scale) => decimals(array, i32::from(*scale)),
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) => {
            let wider = DataType::Decimal128(38, *scale);
            cast(array, &wider).map_or_else(
                |error| RawColumn::Same(Cell::Bad(error.to_string())),
                |wider| decimals(&wider, i32::from(*scale)),
            )
        }
        DataType::Decimal256(..) => texts(array, |text| Cell::Number(text.to_owned())),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => floats(array, header, faults),
        DataType::Date64 => cast_to(array, &DataType::Date32),
        DataType::Timestamp(_, zone) => moments(array, zone.as_deref()),
        DataType::Null => RawColumn::Same(Cell::Empty),
        other => RawColumn::Same(Cell::Bad(format!("values of the type {other}, which is not read"))),
    }
}

fn cast_to(array: &ArrayRef, to: &DataType) -> RawColumn {
    match cast(array, to) {
        Ok(array) => RawColumn::Typed(array),
        Err(error) => RawColumn::Same(Cell::Bad(error.to_string())),
    }
}

/// Each value as text, turned into a cell.
fn texts(array: &ArrayRef, read: fn(&str) -> Cell) -> RawColumn {
    match cast(array, &DataType::Utf8) {
        Ok(texts) => {
            let cells = texts.as_string::<i32>().iter().map(|text| text.map_or(Cell::Empty, read));
            RawColumn::Cells(cells.collect())
        }
        Err(error) => RawColumn::Same(Cell::Bad(error.to_string())),
    }
}

fn wholes(array: &ArrayRef, wide: &DataType) -> RawColumn {
    let Ok(wide) = cast(array, wide) else { return RawColumn::Same(Cell::Bad("whole numbers".to_owned())) };
    let decimals: Decimal128Array = match wide.data_type() {
        DataType::Int64 => wide
            .as_primitive::<Int64Type>()
            .iter()
            .map(|whole| number::from_whole(i128::from(whole?)))
            .collect(),
        _ => wide
            .as_primitive::<UInt64Type>()
            .iter()
            .map(|whole| number::from_whole(i128::from(whole?)))
            .collect(),
    };
    canonical(decimals)
}

fn canonical(decimals: Decimal128Array) -> RawColumn {
    match decimals.with_precision_and_scale(38, 12) {
        Ok(decimals) => RawColumn::Typed(Arc::new(decimals)),
        Err(error) => RawColumn::Same(Cell::Bad(error.to_string())),
    }
}

/// Decimals at twelve places; where one does not fit exactly, the column falls back to cells.
fn decimals(array: &ArrayRef, scale: i32) -> RawColumn {
    let given = array.as_primitive::<Decimal128Type>();
    if scale == 12 {
        return canonical(given.clone());
    }
    let rescaled: Vec<Option<Option<i128>>> =
        given.iter().map(|value| value.map(|value| rescale(value, scale))).collect();
    if rescaled.iter().all(|value| !matches!(value, Some(None))) {
        return canonical(rescaled.into_iter().map(Option::flatten).collect());
    }
    texts(array, |text| match number::parse(text, number::NumberStyle::PLAIN) {
        Ok(_) => Cell::Number(text.to_owned()),
        Err(_) => Cell::Bad(format!("`{text}`, which has more digits than a table holds")),
    })
}

fn rescale(value: i128, scale: i32) -> Option<i128> {
    let limit = 10i128.pow(38);
    let shift = 12 - scale;
    let factor = 10i128.checked_pow(shift.unsigned_abs())?;
    let scaled = if shift >= 0 {
        value.checked_mul(factor)?
    } else if value % factor == 0 {
        value / factor
    } else {
        return None;
    };
    (scaled.unsigned_abs() < limit.unsigned_abs()).then_some(scaled)
}

/// Binary floating point: the shortest decimal that reads back as the same number.
fn floats(array: &ArrayRef, header: &str, faults: &mut FileFaults) -> RawColumn {
    let read = |text: String, finite: bool| {
        if finite { Cell::Number(text) } else { Cell::Bad(format!("`{text}`, which is no number")) }
    };
    let cells: Vec<Cell> = match array.data_type() {
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .map(|value| value.map_or(Cell::Empty, |value| read(format!("{value:e}"), value.is_finite())))
            .collect(),
        _ => {
            let Ok(single) = cast(array, &DataType::Float32) else {
                return RawColumn::Same(Cell::Bad("binary numbers".to_owned()));
            };
            let values = single.as_primitive::<Float32Type>();
            values
                .iter()
                .map(|value| value.map_or(Cell::Empty, |value| read(format!("{value:e}"), value.is_finite())))
                .collect()
        }
    };
    if cells.iter().any(|cell| *cell != Cell::Empty) {
        faults.note("column of binary floating point, read at its shortest decimals", || {
            format!("column {header}")
        });
    }
    RawColumn::Cells(cells)
}

/// Moments: on their calendar date in the stated offset, or on the days they may fall on.
fn moments(array: &ArrayRef, zone: Option<&str>) -> RawColumn {
    let Ok(micros) = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.map(Into::into))) else {
        return RawColumn::Same(Cell::Bad("moments that are out of range".to_owned()));
    };
    let micros = micros.as_primitive::<TimestampMicrosecondType>();
    const DAY: i64 = 86_400_000_000;
    let day_of = |moment: i64| {
        i32::try_from(moment.div_euclid(DAY)).unwrap_or(if moment < 0 { i32::MIN } else { i32::MAX })
    };
    match zone.map(offset) {
        Some(Some(offset)) => {
            let days = micros.iter().map(|moment| Some(day_of(moment?.saturating_add(offset))));
            RawColumn::Typed(Arc::new(days.collect::<Date32Array>()))
        }
        // A zone known by name only: its offset lies somewhere on earth.
        Some(None) => {
            let hour = 3_600_000_000i64;
            let first = micros.iter().map(|moment| Some(day_of(moment?.saturating_sub(12 * hour))));
            let last = micros.iter().map(|moment| Some(day_of(moment?.saturating_add(14 * hour))));
            pair(first.collect(), last.collect())
        }
        None => {
            let range = |moment: i64| {
                let seconds = (moment.rem_euclid(DAY) + 999_999) / 1_000_000;
                day::without_zone(day_of(moment), u32::try_from(seconds).unwrap_or(0))
            };
            let first = micros.iter().map(|moment| moment.map(|moment| range(moment).0));
            let last = micros.iter().map(|moment| moment.map(|moment| range(moment).1));
            pair(first.collect(), last.collect())
        }
    }
}

fn pair(first: Date32Array, last: Date32Array) -> RawColumn {
    let same = first.values() == last.values();
    if same { RawColumn::Typed(Arc::new(first)) } else { RawColumn::Moments(Arc::new(first), Arc::new(last)) }
}

/// `UTC`, `Z`, `+01:00` → microseconds to add.
fn offset(zone: &str) -> Option<i64> {
    if ["UTC", "Z", "GMT", "Etc/UTC"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i64>().ok()? };
    Some(sign * (hours.parse::<i64>().ok()? * 60 + minutes) * 60_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::CellRef;

    #[test]
    fn decimals_are_rescaled_exactly_or_not_at_all() {
        assert_eq!(rescale(1234, 2), Some(12_340_000_000_000));
        assert_eq!(rescale(5_000, 15), Some(5));
        assert_eq!(rescale(5_001, 15), None);
        assert_eq!(rescale(i128::MAX, 0), None);
        assert_eq!(rescale(3, -2), Some(300_000_000_000_000));
    }

    #[test]
    fn zones_shift_the_day() {
        assert_eq!(offset("+01:00"), Some(3_600_000_000));
        assert_eq!(offset("-0530"), Some(-19_800_000_000));
        assert_eq!((offset("utc"), offset("Europe/Rome"), offset("")), (Some(0), None, None));
        let late: ArrayRef =
            Arc::new(arrow::array::TimestampSecondArray::from(vec![86_399]).with_timezone("+01:00"));
        assert_eq!(moments(&late, Some("+01:00")).get(0), CellRef::Days((1, 1)));
        let naive: ArrayRef = Arc::new(arrow::array::TimestampSecondArray::from(vec![86_399, 0]));
        assert_eq!(moments(&naive, None).get(0), CellRef::Days((0, 1)));
        assert_eq!(moments(&naive, None).get(1), CellRef::Days((0, 0)));
    }

    #[test]
    fn odd_types_are_levelled() {
        let mut faults = FileFaults::new("x", crate::OnFault::Stop, 10);
        let mut first = |array: ArrayRef| match level(&array, "c", &mut faults).get(0) {
            CellRef::Decimal(value) => number::to_text(value),
            other => format!("{other:?}"),
        };
        assert_eq!(first(Arc::new(arrow::array::UInt64Array::from(vec![u64::MAX]))), "18446744073709551615");
        assert_eq!(first(Arc::new(arrow::array::Float64Array::from(vec![0.1]))), "Number(\"1e-1\")");
        assert_eq!(
            first(Arc::new(arrow::array::Float64Array::from(vec![f64::NAN]))),
            "Bad(\"`NaN`, which is no number\")"
        );
        let unused: Option<i32> = None;
        assert_eq!(first(Arc::new(Date32Array::from(vec![unused]))), "Empty");
    }
}
