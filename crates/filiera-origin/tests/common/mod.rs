//! Tables in a few lines.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses some of it")]

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_model::{Exact, Range};
use filiera_origin::{AcyclicBom, BomGraph, Node, Parts};
use filiera_tables::{Place, SCALE, Table, TableKind};

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

pub fn exactly(text: &str) -> Range {
    Range::exactly(n(text))
}

pub fn between(least: &str, most: &str) -> Range {
    Range { least: n(least), most: Some(n(most)) }
}

/// A line of `bom`; `..line("a", "b", "1")` for the rest.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    pub parent: &'a str,
    pub child: &'a str,
    pub quantity: &'a str,
    pub unit: Option<&'a str>,
    pub supplier: Option<&'a str>,
    pub choice: Option<&'a str>,
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
}

pub fn line<'a>(parent: &'a str, child: &'a str, quantity: &'a str) -> Row<'a> {
    Row { parent, child, quantity, unit: None, supplier: None, choice: None, from: None, to: None }
}

fn texts<'a>(name: &str, cells: impl Iterator<Item = Option<&'a str>>) -> (Field, ArrayRef) {
    let column = filiera_tables::arrow_field(name, filiera_tables::ColumnKind::Text);
    (column, Arc::new(cells.collect::<StringArray>()))
}

fn days<'a>(name: &str, cells: impl Iterator<Item = Option<&'a str>>) -> (Field, ArrayRef) {
    let day = |cell: &str| cell.parse::<filiera_model::Day>().unwrap().days();
    let array: Date32Array = cells.map(|cell| cell.map(day)).collect();
    (filiera_tables::arrow_field(name, filiera_tables::ColumnKind::Day), Arc::new(array))
}

pub fn places(count: usize) -> Vec<Place> {
    (0..count as u32).map(|row| Place { file: 0, row: row + 2 }).collect()
}

pub fn bom_table(rows: &[Row<'_>]) -> Table {
    let unscaled = |row: &Row<'_>| {
        (!row.quantity.is_empty()).then(|| n(row.quantity).to_unscaled(u32::from(SCALE)).unwrap())
    };
    let quantity: Decimal128Array = rows.iter().map(unscaled).collect();
    let quantity = quantity.with_precision_and_scale(38, 12).unwrap();
    let number = filiera_tables::arrow_field("quantity", filiera_tables::ColumnKind::Positive);
    let columns = vec![
        texts("parent", rows.iter().map(|row| (!row.parent.is_empty()).then_some(row.parent))),
        texts("child", rows.iter().map(|row| Some(row.child))),
        (number, Arc::new(quantity) as ArrayRef),
        texts("unit", rows.iter().map(|row| row.unit)),
        texts("supplier", rows.iter().map(|row| row.supplier)),
        texts("choice", rows.iter().map(|row| row.choice)),
        days("valid_from", rows.iter().map(|row| row.from)),
        days("valid_to", rows.iter().map(|row| row.to)),
    ];
    Table::new(TableKind::Bom, columns, places(rows.len())).unwrap()
}

pub fn bom(rows: &[Row<'_>]) -> AcyclicBom {
    BomGraph::from_table(&bom_table(rows), None).unwrap().acyclic().unwrap()
}

/// Rows of (part, procurement or "", supplier or "").
pub fn parts_table(rows: &[(&str, &str, &str)]) -> Table {
    let some = |cell: &str| !cell.is_empty();
    let columns = vec![
        texts("part", rows.iter().map(|row| Some(row.0))),
        texts("procurement", rows.iter().map(|row| some(row.1).then_some(row.1))),
        texts("supplier", rows.iter().map(|row| some(row.2).then_some(row.2))),
    ];
    Table::new(TableKind::Parts, columns, places(rows.len())).unwrap()
}

pub fn parts(bom: &AcyclicBom, rows: &[(&str, &str, &str)]) -> Parts {
    Parts::of(bom, Some(&parts_table(rows)))
}

pub fn node(bom: &AcyclicBom, part: &str) -> Node {
    bom.node(part).unwrap()
}

/// Values by part id.
pub fn priced<'a>(bom: &'a AcyclicBom, values: &'a [(&str, Range)]) -> impl Fn(Node) -> Option<Range> + 'a {
    move |node| values.iter().find(|(part, _)| *part == bom.part(node)).map(|(_, range)| range.clone())
}
