use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Decimal128Array, StringArray, new_null_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field};
use filiera_model::{Country, Exact};
use filiera_tables::{Completeness, Dossier, Place, Population, SCALE, Table, TableKind};

use super::paper::{Answer, Content, Paper, Slot, Whose};
use crate::EngineError;

/// The evidence as it would be with these papers in it, each saying what is given.
pub(super) fn with_papers(dossier: &Dossier, papers: &[(&Paper, &Answer)]) -> Result<Dossier, EngineError> {
    let mut supplied = dossier.clone();
    for (paper, answer) in papers {
        put(&mut supplied, paper, &answer.content)?;
    }
    Ok(supplied)
}

fn put(dossier: &mut Dossier, paper: &Paper, content: &Content) -> Result<(), EngineError> {
    match (&paper.slot, content) {
        (_, Content::Refused) => Ok(()),
        (Slot::Complete(population), _) => {
            vouch(dossier, *population);
            Ok(())
        }
        (Slot::Origin { part, supplier, lot }, Content::Origin(shares)) => {
            let line = Line { part, supplier: supplier.as_deref(), lot: lot.as_deref() };
            declare(dossier, line, paper, shares)
        }
        (Slot::Price { part, basis }, Content::Price(price)) => {
            set_price(dossier, part, basis.as_deref(), price)
        }
        (Slot::Cell { table, whose, column }, content) => set(dossier, *table, whose, column, content),
        _ => Ok(()),
    }
}

fn vouch(dossier: &mut Dossier, population: Population) {
    let declared = Completeness { by: None, on: None, subjects: None };
    dossier.complete.insert(population, declared);
}

/// The line a new declaration speaks for.
#[derive(Clone, Copy)]
struct Line<'a> {
    part: &'a str,
    supplier: Option<&'a str>,
    lot: Option<&'a str>,
}

/// Puts a declaration in the place of those that spoke for the same part, supplier and lot.
fn declare(
    dossier: &mut Dossier,
    line: Line<'_>,
    paper: &Paper,
    shares: &[(Exact, Country)],
) -> Result<(), EngineError> {
    let kind = TableKind::Declarations;
    let known = dossier.table(kind).cloned().unwrap_or_else(|| Table::empty(kind));
    let speaks = |row: usize| {
        let agrees = |column: &str, own: Option<&str>| {
            known.text(column, row).zip(own).is_none_or(|(stated, own)| stated == own)
        };
        let accepted =
            paper.replaces_all || known.text("basis", row).is_some_and(|basis| paper.bases.contains(basis));
        known.text("part", row) == Some(line.part)
            && agrees("supplier", line.supplier)
            && known.text("lot", row) == line.lot
            && accepted
    };
    let mut table = keep(&known, |row| !speaks(row))?;
    let is_whole = matches!(shares, [(share, _)] if *share == Exact::one());
    let bases: Vec<Option<&String>> =
        if paper.bases.is_empty() { vec![None] } else { paper.bases.iter().map(Some).collect() };
    for basis in bases {
        for (share, country) in shares {
            let mut cells = vec![
                ("part", Cell::text(line.part)),
                ("origin", Cell::text(country.alpha2())),
                ("document", Cell::text("asked for")),
            ];
            cells.extend(line.supplier.map(|supplier| ("supplier", Cell::text(supplier))));
            cells.extend(line.lot.map(|lot| ("lot", Cell::text(lot))));
            cells.extend(basis.map(|basis| ("basis", Cell::text(basis))));
            cells.extend(paper.evidence.as_ref().map(|class| ("evidence", Cell::text(class))));
            if !is_whole {
                cells.push(("share", Cell::Number(share.clone())));
            }
            table = append(&table, &cells)?;
        }
    }
    dossier.tables.insert(kind, table);
    Ok(())
}

/// States a price: of the part itself, or on a basis.
fn set_price(
    dossier: &mut Dossier,
    part: &str,
    basis: Option<&str>,
    price: &Exact,
) -> Result<(), EngineError> {
    let Some(basis) = basis else {
        let whose = Whose::Named(part.to_owned());
        set(dossier, TableKind::Parts, &whose, "unit_value", &Content::Number(price.clone()))?;
        return clear(dossier, part);
    };
    let kind = TableKind::Values;
    let known = dossier.table(kind).cloned().unwrap_or_else(|| Table::empty(kind));
    let is_it = |row: usize| known.text("part", row) == Some(part) && known.text("basis", row) == Some(basis);
    let currency = (0..known.len()).find(|row| is_it(*row)).and_then(|row| known.text("currency", row));
    let mut cells = vec![
        ("part", Cell::text(part)),
        ("basis", Cell::text(basis)),
        ("value", Cell::Number(price.clone())),
    ];
    cells.extend(currency.map(|currency| ("currency", Cell::text(currency))));
    let table = append(&keep(&known, |row| !is_it(row))?, &cells)?;
    dossier.tables.insert(kind, table);
    Ok(())
}

/// A price that is stated has no upper end.
fn clear(dossier: &mut Dossier, part: &str) -> Result<(), EngineError> {
    let Some(table) = dossier.table(TableKind::Parts) else { return Ok(()) };
    let rows = (0..table.len()).filter(|row| table.text("part", *row) == Some(part));
    let cleared = rows.map(|row| (row, None));
    let table = replaced(table, "unit_value_max", &cleared.collect::<Vec<_>>())?;
    dossier.tables.insert(TableKind::Parts, table);
    Ok(())
}

/// Fills a cell; whoever has no row yet gets one.
fn set(
    dossier: &mut Dossier,
    kind: TableKind,
    whose: &Whose,
    column: &str,
    content: &Content,
) -> Result<(), EngineError> {
    let Some(cell) = Cell::of(content) else { return Ok(()) };
    let known = dossier.table(kind).cloned().unwrap_or_else(|| Table::empty(kind));
    let table = match whose {
        Whose::Row(row, _) => replaced(&known, column, &[(*row as usize, Some(cell))])?,
        Whose::Named(name) => {
            let key = key_of(kind);
            let rows: Vec<usize> =
                (0..known.len()).filter(|row| known.text(key, *row) == Some(name.as_str())).collect();
            if rows.is_empty() {
                append(&known, &[(key, Cell::text(name)), (column, cell)])?
            } else {
                let cells = rows.into_iter().map(|row| (row, Some(cell.clone())));
                replaced(&known, column, &cells.collect::<Vec<_>>())?
            }
        }
    };
    dossier.tables.insert(kind, table);
    Ok(())
}

fn key_of(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Companies => "company",
        TableKind::Vehicles => "vehicle",
        _ => "part",
    }
}

/// What a cell is given.
#[derive(Clone, Debug)]
enum Cell {
    Text(String),
    Number(Exact),
    Truth(bool),
}

impl Cell {
    fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn of(content: &Content) -> Option<Self> {
        match content {
            Content::Text(text) => Some(Self::Text(text.clone())),
            Content::Number(number) | Content::Price(number) => Some(Self::Number(number.clone())),
            Content::Truth(truth) => Some(Self::Truth(*truth)),
            Content::Origin(_) | Content::Complete | Content::Refused => None,
        }
    }

    /// A column of this one cell; null when the column cannot hold it.
    fn array(&self, data_type: &DataType) -> ArrayRef {
        match (self, data_type) {
            (Self::Text(text), DataType::Utf8) => Arc::new(StringArray::from(vec![text.clone()])),
            (Self::Truth(truth), DataType::Boolean) => Arc::new(BooleanArray::from(vec![*truth])),
            (Self::Number(number), DataType::Decimal128(precision, scale)) => {
                let unscaled = number.to_unscaled(u32::from(SCALE));
                let array: Decimal128Array = std::iter::once(unscaled).collect();
                let typed = array.with_precision_and_scale(*precision, *scale);
                typed.map_or_else(|_| new_null_array(data_type, 1), |typed| Arc::new(typed) as ArrayRef)
            }
            _ => new_null_array(data_type, 1),
        }
    }
}

/// The rows of which `stays` is true.
pub(super) fn keep(table: &Table, stays: impl Fn(usize) -> bool) -> Result<Table, EngineError> {
    let rows: Vec<u32> =
        (0u32..).zip(0..table.len()).filter(|(_, at)| stays(*at)).map(|(row, _)| row).collect();
    Ok(table.take(&rows)?)
}

/// The table with one more row.
fn append(table: &Table, cells: &[(&str, Cell)]) -> Result<Table, EngineError> {
    let schema = table.batch().schema();
    let mut given: Vec<(Field, ArrayRef)> = Vec::new();
    for (field, array) in schema.fields().iter().zip(table.batch().columns()) {
        let cell = cells.iter().find(|(column, _)| column == field.name());
        let last = cell
            .map_or_else(|| new_null_array(field.data_type(), 1), |(_, cell)| cell.array(field.data_type()));
        given.push((field.as_ref().clone(), concat(&[array.as_ref(), last.as_ref()])?));
    }
    let mut places = table.places().to_vec();
    places.push(Place::default());
    Ok(Table::new(table.kind(), given, places)?)
}

/// The table with these cells of a column replaced, emptied where nothing is given.
fn replaced(table: &Table, column: &str, cells: &[(usize, Option<Cell>)]) -> Result<Table, EngineError> {
    let schema = table.batch().schema();
    let mut given: Vec<(Field, ArrayRef)> = Vec::new();
    for (field, array) in schema.fields().iter().zip(table.batch().columns()) {
        let mut array = Arc::clone(array);
        if field.name() == column {
            for (row, cell) in cells.iter().filter(|(row, _)| *row < table.len()) {
                let one = cell.as_ref().map_or_else(
                    || new_null_array(field.data_type(), 1),
                    |cell| cell.array(field.data_type()),
                );
                let before = array.slice(0, *row);
                let after = array.slice(row + 1, array.len() - row - 1);
                array = concat(&[before.as_ref(), one.as_ref(), after.as_ref()])?;
            }
        }
        given.push((field.as_ref().clone(), array));
    }
    Ok(Table::new(table.kind(), given, table.places().to_vec())?)
}
