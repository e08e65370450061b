//! A piece of `installed` with every column by number: a value's place in a list of the distinct ones.

mod names;

use std::hash::Hash;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringArray, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int32Type,
};
use rustc_hash::FxHashMap;

use crate::FleetError;
use crate::pieces::{Cursor, Pages};

pub(crate) use names::Names;

/// What stands for a null.
pub(crate) const NONE: u32 = u32::MAX;

/// The columns of a piece.
#[derive(Clone, Debug, Default)]
pub struct Numbered {
    /// The vehicles, run by run: number, and the first row behind.
    pub(crate) vehicles: Vec<(u32, u32)>,
    pub(crate) vehicle_names: Names,
    pub(crate) parts: Column<Names>,
    pub(crate) lots: Column<Names>,
    pub(crate) suppliers: Column<Names>,
    /// At `scale`.
    pub(crate) quantities: Column<Vec<i64>>,
    pub(crate) scale: i8,
    /// Days since 1970.
    pub(crate) first: Column<Vec<i32>>,
    /// Where a day is known to lie between two.
    pub(crate) last: Option<Column<Vec<i32>>>,
}

/// One column; without rows: it is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column<T> {
    pub codes: Codes,
    pub values: T,
}

/// Of each row the place of its value.
#[derive(Clone, Debug)]
pub(crate) enum Codes {
    /// One by one, [`NONE`] for a null.
    Held(Vec<u32>),
    /// As they stand in a file, without nulls; only reading them tells whether the file is sound.
    Pages(Pages),
}

/// Codes, taken from the first on.
pub(crate) enum Taking<'c> {
    Held(&'c [u32]),
    Pages(Cursor<'c>),
}

impl Default for Codes {
    fn default() -> Self {
        Self::Held(Vec::new())
    }
}

impl Codes {
    pub fn taking(&self) -> Taking<'_> {
        match self {
            Self::Held(codes) => Taking::Held(codes),
            Self::Pages(pages) => Taking::Pages(pages.cursor()),
        }
    }

    pub fn has_none(&self) -> bool {
        matches!(self, Self::Held(codes) if codes.contains(&NONE))
    }
}

impl Taking<'_> {
    /// The next so many; nothing where the column ends before.
    pub fn next(&mut self, count: usize) -> Option<&[u32]> {
        match self {
            Self::Held(rest) => {
                let (these, others) = rest.split_at_checked(count)?;
                *rest = others;
                Some(these)
            }
            Self::Pages(cursor) => cursor.next(count),
        }
    }
}

impl Numbered {
    /// The columns of a batch.
    ///
    /// # Errors
    /// [`FleetError`] when a column is of a type that no table has.
    pub(crate) fn of(piece: &RecordBatch) -> Result<Self, FleetError> {
        let rows = piece.num_rows();
        let vehicles = texts(piece.column_by_name("vehicle"), rows)?;
        let (quantities, scale) = quantities(piece.column_by_name("quantity"), rows)?;
        Ok(Self {
            vehicles: runs(&vehicles.0),
            vehicle_names: vehicles.1,
            parts: column(texts(piece.column_by_name("part"), rows)?),
            lots: column(texts(piece.column_by_name("lot"), rows)?),
            suppliers: column(texts(piece.column_by_name("supplier"), rows)?),
            quantities,
            scale,
            first: days(piece.column_by_name("received_on"), rows),
            last: piece.column_by_name("received_on_max").map(|column| days(Some(column), rows)),
        })
    }
}

impl Numbered {
    /// Refuses what a table never holds, which only a reader of tables tells of row by row: cells that must not
    /// be empty, blanks around a text, numbers of parts that are not above zero.
    ///
    /// # Errors
    /// [`FleetError::Faulty`].
    pub(crate) fn checked(self) -> Result<Self, FleetError> {
        let is_clean = |names: &Names| names.iter().all(|name| !name.is_empty() && name.trim() == name);
        let faults = [
            (
                "vehicle",
                !is_clean(&self.vehicle_names) || self.vehicles.iter().any(|(code, _)| *code == NONE),
            ),
            ("part", !is_clean(&self.parts.values) || self.parts.codes.has_none()),
            ("lot", !is_clean(&self.lots.values)),
            ("supplier", !is_clean(&self.suppliers.values)),
            ("quantity", self.quantities.values.iter().any(|number| *number <= 0)),
        ];
        match faults.into_iter().find(|(_, is_faulty)| *is_faulty) {
            Some((column, _)) => Err(FleetError::Faulty { column }),
            None => Ok(self),
        }
    }
}

/// Neighbours that are equal: what they are, and where the next ones begin.
fn runs(codes: &[u32]) -> Vec<(u32, u32)> {
    let mut end = 0;
    codes
        .chunk_by(|a, b| a == b)
        .filter_map(|run| {
            end += run.len() as u32;
            Some((*run.first()?, end))
        })
        .collect()
}

fn column((codes, values): (Vec<u32>, Names)) -> Column<Names> {
    Column { codes: Codes::Held(codes), values }
}

fn texts(column: Option<&ArrayRef>, rows: usize) -> Result<(Vec<u32>, Names), FleetError> {
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let column = column.cloned().unwrap_or_else(|| new_null_array(&kind, rows));
    let column = if *column.data_type() == kind { column } else { cast(&column, &kind)? };
    let dictionary = column.as_dictionary::<Int32Type>();
    let names: &StringArray = dictionary.values().as_string();
    let codes =
        dictionary.keys().iter().map(|code| code.and_then(|code| code.try_into().ok()).unwrap_or(NONE));
    Ok((codes.collect(), names.iter().map(Option::unwrap_or_default).collect()))
}

fn numbers<T: Copy + Eq + Hash>(values: impl Iterator<Item = Option<T>>) -> Column<Vec<T>> {
    let (mut known, mut distinct) = (FxHashMap::default(), Vec::new());
    let codes = values.map(|value| {
        value.map_or(NONE, |value| {
            *known.entry(value).or_insert_with(|| {
                distinct.push(value);
                distinct.len() as u32 - 1
            })
        })
    });
    let codes = Codes::Held(codes.collect());
    Column { codes, values: distinct }
}

fn nothing<T>(rows: usize) -> Column<Vec<T>> {
    Column { codes: Codes::Held(vec![NONE; rows]), values: Vec::new() }
}

fn days(column: Option<&ArrayRef>, rows: usize) -> Column<Vec<i32>> {
    match column.and_then(|column| column.as_primitive_opt::<Date32Type>()) {
        Some(days) => numbers(days.iter()),
        None => nothing(rows),
    }
}

fn quantities(column: Option<&ArrayRef>, rows: usize) -> Result<(Column<Vec<i64>>, i8), FleetError> {
    fn words<T: ArrowPrimitiveType<Native: TryInto<i64>>>(
        column: &ArrayRef,
    ) -> Result<Column<Vec<i64>>, FleetError> {
        let array: &PrimitiveArray<T> = column.as_primitive();
        let words = array.iter().map(|native| native.map(TryInto::try_into).transpose());
        let words: Vec<Option<i64>> = words.collect::<Result<_, _>>().map_err(|_| FleetError::TooLarge)?;
        Ok(numbers(words.into_iter()))
    }
    let Some(column) = column else { return Ok((nothing(rows), 0)) };
    match column.data_type() {
        DataType::Decimal32(_, scale) => Ok((words::<Decimal32Type>(column)?, *scale)),
        DataType::Decimal64(_, scale) => Ok((words::<Decimal64Type>(column)?, *scale)),
        DataType::Decimal128(_, scale) => Ok((words::<Decimal128Type>(column)?, *scale)),
        kind => Err(FleetError::Type { column: "quantity", kind: kind.to_string() }),
    }
}
