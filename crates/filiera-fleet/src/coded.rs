//! A piece of `installed` in numbers: which vehicles, and which of few distinct rows each row is.

use std::borrow::Cow;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Decimal32Type, Decimal64Type, Decimal128Type, Int32Type,
};
use rustc_hash::FxHashMap;

use crate::FleetError;

/// What stands for a null.
const NONE: i32 = -1;
const NO_DAY: i32 = i32::MIN;
const NO_QUANTITY: i64 = i64::MIN;

/// A column of texts, each distinct one numbered.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    codes: ArrayRef,
    /// The distinct texts.
    pub names: StringArray,
}

/// One distinct row, its vehicle left out; texts by their numbers in the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub part: i32,
    /// [`None`]: below zero.
    pub lot: i32,
    pub supplier: i32,
    /// At the scale of the piece.
    quantity: i64,
    first: i32,
    last: i32,
}

/// Neighbouring rows of one vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The row of `vehicles`.
    pub vehicle: u32,
    /// What it is judged as: see [`Seen::view`].
    pub view: u32,
    pub start: u32,
    pub end: u32,
}

/// A piece in numbers.
#[derive(Clone, Debug)]
pub(crate) struct Coded {
    pub runs: Vec<Run>,
    /// Of every row the number of its distinct row; of rows outside all runs nothing is told.
    pub rows: Vec<u32>,
    pub distinct: Vec<Tuple>,
    /// Which distinct rows stand in some vehicle of which view: `views` for each.
    met: Vec<bool>,
    views: usize,
    pub parts: StringArray,
    pub lots: StringArray,
    pub suppliers: StringArray,
    /// Of the quantities.
    pub scale: i8,
}

/// What is known of a vehicle before its rows are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    /// The row of `vehicles`.
    pub vehicle: u32,
    /// Vehicles of one view have alike rows judged alike.
    pub view: u32,
    /// The day it was built, in days since 1970.
    pub built_on: i32,
}

impl Tuple {
    /// How many, unscaled.
    pub fn quantity(&self) -> Option<i64> {
        (self.quantity != NO_QUANTITY).then_some(self.quantity)
    }

    /// The first and the last day its papers may have to be valid.
    pub fn days(&self) -> (i32, i32) {
        (self.first, self.last)
    }
}

impl Coded {
    /// Puts a piece in numbers. `seen` says of a vehicle's name what is known, nothing where its rows do not
    /// matter.
    pub fn new(
        piece: &RecordBatch,
        views: usize,
        seen: &dyn Fn(&str) -> Option<Seen>,
    ) -> Result<Self, FleetError> {
        let column = |name: &str| piece.column_by_name(name);
        let (vehicles, parts) = (texts(column("vehicle"), piece)?, texts(column("part"), piece)?);
        let (lots, suppliers) = (texts(column("lot"), piece)?, texts(column("supplier"), piece)?);
        let first = days(column("received_on"), piece.num_rows());
        let last = column("received_on_max").map(|_| days(column("received_on_max"), piece.num_rows()));
        let known: Vec<Option<Seen>> =
            (0..vehicles.names.len()).map(|code| seen(vehicles.names.value(code))).collect();
        let (part_codes, lot_codes, supplier_codes) = (parts.codes(), lots.codes(), suppliers.codes());
        let columns = Columns {
            vehicles: &vehicles.codes(),
            parts: &part_codes,
            lots: &lot_codes,
            suppliers: &supplier_codes,
            first: &first,
            last: last.as_deref(),
        };
        let mut coder = Coder::new(lots.names.len(), views, piece.num_rows());
        let scale = match column("quantity").map(|column| (column, column.data_type().clone())) {
            None => {
                coder.run(&columns, &known, &vec![NO_QUANTITY; piece.num_rows()]);
                0
            }
            Some((column, DataType::Decimal32(_, scale))) => {
                coder.run(&columns, &known, &quantities::<Decimal32Type>(column, |n| Some(n.into()))?);
                scale
            }
            Some((column, DataType::Decimal64(_, scale))) => {
                coder.run(&columns, &known, &quantities::<Decimal64Type>(column, Some)?);
                scale
            }
            Some((column, DataType::Decimal128(_, scale))) => {
                coder.run(&columns, &known, &quantities::<Decimal128Type>(column, |n| n.try_into().ok())?);
                scale
            }
            Some((_, kind)) => return Err(FleetError::Type { column: "quantity", kind: kind.to_string() }),
        };
        let Coder { runs, rows, distinct, met, .. } = coder;
        let (parts, lots, suppliers) = (parts.names, lots.names, suppliers.names);
        Ok(Self { runs, rows, distinct, met, views, parts, lots, suppliers, scale })
    }

    /// Each distinct row with each view that it stands in a vehicle of.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let met = self.met.iter().enumerate().filter(|(_, met)| **met);
        met.map(|(place, _)| ((place / self.views) as u32, (place % self.views) as u32))
    }
}

impl Texts {
    fn codes(&self) -> Cow<'_, [i32]> {
        let codes = self.codes.as_primitive::<Int32Type>();
        if codes.null_count() == 0 {
            return Cow::Borrowed(codes.values());
        }
        Cow::Owned(codes.iter().map(|code| code.unwrap_or(NONE)).collect())
    }
}

fn texts(column: Option<&ArrayRef>, piece: &RecordBatch) -> Result<Texts, FleetError> {
    let Some(column) = column else {
        let codes = arrow::array::new_null_array(&DataType::Int32, piece.num_rows());
        return Ok(Texts { codes, names: StringArray::from(Vec::<&str>::new()) });
    };
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let column = if *column.data_type() == kind { column.clone() } else { cast(column, &kind)? };
    let dictionary = column.as_dictionary::<Int32Type>();
    let names = dictionary.values().as_string::<i32>().clone();
    Ok(Texts { codes: std::sync::Arc::new(dictionary.keys().clone()), names })
}

fn days(column: Option<&ArrayRef>, rows: usize) -> Vec<i32> {
    let days = column.and_then(|column| column.as_primitive_opt::<Date32Type>());
    match days {
        None => vec![NO_DAY; rows],
        Some(days) if days.null_count() == 0 => days.values().to_vec(),
        Some(days) => days.iter().map(|day| day.unwrap_or(NO_DAY)).collect(),
    }
}

fn quantities<T: ArrowPrimitiveType>(
    column: &ArrayRef,
    number: impl Fn(T::Native) -> Option<i64>,
) -> Result<Vec<i64>, FleetError> {
    let array: &PrimitiveArray<T> = column.as_primitive();
    if array.null_count() == 0 {
        let numbers: Option<Vec<i64>> = array.values().iter().map(|native| number(*native)).collect();
        return numbers.ok_or(FleetError::TooLarge);
    }
    let numbers = array.iter().map(|native| native.map_or(Some(NO_QUANTITY), &number));
    numbers.collect::<Option<Vec<i64>>>().ok_or(FleetError::TooLarge)
}

/// The columns of a piece, row by row.
struct Columns<'a> {
    vehicles: &'a [i32],
    parts: &'a [i32],
    lots: &'a [i32],
    suppliers: &'a [i32],
    first: &'a [i32],
    last: Option<&'a [i32]>,
}

/// The distinct row that a lot was last met in, which it nearly always is.
#[derive(Clone, Copy)]
struct Usual {
    part: i32,
    supplier: i32,
    first: i32,
    number: u32,
    quantity: i64,
}

struct Coder {
    usual: Vec<Usual>,
    others: FxHashMap<Tuple, u32>,
    runs: Vec<Run>,
    rows: Vec<u32>,
    distinct: Vec<Tuple>,
    met: Vec<bool>,
    views: usize,
}

impl Coder {
    fn new(lots: usize, views: usize, rows: usize) -> Self {
        let nothing = Usual { part: i32::MIN, supplier: 0, first: 0, number: 0, quantity: 0 };
        Self {
            usual: vec![nothing; lots],
            others: FxHashMap::default(),
            runs: Vec::new(),
            rows: vec![0; rows],
            distinct: Vec::new(),
            met: Vec::new(),
            views,
        }
    }

    fn run(&mut self, columns: &Columns<'_>, known: &[Option<Seen>], quantities: &[i64]) {
        let mut start = 0;
        while let Some(vehicle) = columns.vehicles.get(start).copied() {
            let rest = columns.vehicles.get(start..).unwrap_or_default();
            let end = start + rest.iter().take_while(|other| **other == vehicle).count();
            let seen = usize::try_from(vehicle).ok().and_then(|code| known.get(code).copied().flatten());
            if let Some(seen) = seen {
                self.vehicle(columns, quantities, seen, (start, end));
                let Seen { vehicle, view, .. } = seen;
                self.runs.push(Run { vehicle, view, start: start as u32, end: end as u32 });
            }
            start = end;
        }
    }

    fn vehicle(
        &mut self,
        columns: &Columns<'_>,
        quantities: &[i64],
        seen: Seen,
        (start, end): (usize, usize),
    ) {
        let view = seen.view as usize;
        let own =
            |column: &'_ [i32]| -> std::ops::Range<usize> { start.min(column.len())..end.min(column.len()) };
        let parts = columns.parts.get(own(columns.parts)).unwrap_or_default();
        let lots = columns.lots.get(own(columns.lots)).unwrap_or_default();
        let suppliers = columns.suppliers.get(own(columns.suppliers)).unwrap_or_default();
        let firsts = columns.first.get(own(columns.first)).unwrap_or_default();
        let quantities = quantities.get(start..end).unwrap_or_default();
        let rows = parts.iter().zip(lots).zip(suppliers).zip(firsts).zip(quantities);
        for (place, ((((part, lot), supplier), first), quantity)) in (start..).zip(rows) {
            let usual = self.usual.get(*lot as usize).filter(|usual| {
                usual.part == *part
                    && usual.supplier == *supplier
                    && usual.first == *first
                    && usual.quantity == *quantity
            });
            let number = match usual.filter(|_| columns.last.is_none()) {
                Some(usual) => usual.number,
                None => {
                    let last = columns.last.and_then(|last| last.get(place)).filter(|last| **last != NO_DAY);
                    let (first, last) = match (*first, last) {
                        (NO_DAY, _) => (seen.built_on, seen.built_on),
                        (first, last) => (first, last.map_or(first, |last| first.max(*last))),
                    };
                    let (part, lot, supplier, quantity) = (*part, *lot, *supplier, *quantity);
                    self.number(Tuple { part, lot, supplier, quantity, first, last })
                }
            };
            if let Some(row) = self.rows.get_mut(place) {
                *row = number;
            }
            if let Some(met) = self.met.get_mut(number as usize * self.views + view) {
                *met = true;
            }
        }
    }

    fn number(&mut self, tuple: Tuple) -> u32 {
        let next = self.distinct.len() as u32;
        let number = *self.others.entry(tuple).or_insert(next);
        if number == next {
            self.distinct.push(tuple);
            self.met.resize(self.met.len() + self.views, false);
        }
        let Tuple { part, supplier, quantity, first, .. } = tuple;
        // A null is a very high place.
        if let Some(usual) = self.usual.get_mut(tuple.lot as usize) {
            *usual = Usual { part, supplier, first, number, quantity };
        }
        number
    }
}
