//! The distinct rows of `installed`, their vehicles left out.

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_model::{Day, Days};
use filiera_tables::{ColumnKind, Place, SCALE, Table, TableError, TableKind, arrow_field};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What was fitted: everything a row of `installed` says but its vehicle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fitment {
    pub part: String,
    pub lot: Option<String>,
    pub supplier: Option<String>,
    /// Unscaled, as the table holds it.
    pub quantity: Option<i128>,
    /// The first and the last day it may have been received.
    pub received: Option<(Day, Day)>,
}

/// Every fitment once, numbered as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fitments {
    pub all: Vec<Fitment>,
    known: FxHashMap<Fitment, u32>,
}

impl Fitments {
    /// The number of the fitment in a row of `installed`; nothing for a row without a part.
    pub fn number(&mut self, installed: &Table, row: usize) -> Option<u32> {
        let text = |column: &str| installed.text(column, row).map(str::to_owned);
        let fitment = Fitment {
            part: text("part")?,
            lot: text("lot"),
            supplier: text("supplier"),
            quantity: installed.number("quantity", row).and_then(|n| n.to_unscaled(u32::from(SCALE))),
            received: ends(installed.days("received_on", row)),
        };
        if let Some(number) = self.known.get(&fitment) {
            return Some(*number);
        }
        let number = self.all.len() as u32;
        self.all.push(fitment.clone());
        self.known.insert(fitment, number);
        Some(number)
    }
}

fn ends(days: Days) -> Option<(Day, Day)> {
    days.first.zip(days.last)
}

/// A table `installed` in which these vehicles have these fitments.
pub(crate) fn installed_table(rows: &[(&str, &Fitment)]) -> Result<Table, TableError> {
    fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
        Arc::new(values.collect::<StringArray>())
    }
    let days = |of: fn((Day, Day)) -> Day| -> ArrayRef {
        let days = rows.iter().map(|(_, fitment)| fitment.received.map(|ends| of(ends).days()));
        Arc::new(days.collect::<Date32Array>())
    };
    let quantities: Decimal128Array = rows.iter().map(|(_, fitment)| fitment.quantity).collect();
    let quantities = quantities.with_precision_and_scale(38, SCALE.cast_signed())?;
    let field = |name: &str, kind: ColumnKind| -> Field { arrow_field(name, kind) };
    let columns = vec![
        (field("vehicle", ColumnKind::Text), texts(rows.iter().map(|(vehicle, _)| Some(*vehicle)))),
        (field("part", ColumnKind::Text), texts(rows.iter().map(|(_, one)| Some(one.part.as_str())))),
        (field("lot", ColumnKind::Text), texts(rows.iter().map(|(_, one)| one.lot.as_deref()))),
        (field("supplier", ColumnKind::Text), texts(rows.iter().map(|(_, one)| one.supplier.as_deref()))),
        (field("quantity", ColumnKind::Positive), Arc::new(quantities) as ArrayRef),
        (field("received_on", ColumnKind::Day), days(|(first, _)| first)),
        (field("received_on_max", ColumnKind::Day), days(|(_, last)| last)),
    ];
    let places = (1..=rows.len() as u32).map(|row| Place { file: 0, row }).collect();
    Table::new(TableKind::Installed, columns, places)
}
