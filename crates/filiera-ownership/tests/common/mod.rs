//! Dossiers about ownership in a few lines.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses some of it")]

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::Field;
use filiera_model::{Day, Exact};
use filiera_ownership::{Band, Party, Register, Snapshot};
use filiera_tables::{
    ColumnKind, Completeness, Dossier, Place, Population, SCALE, Table, TableKind, arrow_field,
};

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

pub fn day() -> Day {
    "2026-11-22".parse().unwrap()
}

/// A row of `interests`; `..stake("P", "A", "0.5")` for the rest.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub owner: String,
    pub company: String,
    pub kind: Option<String>,
    pub class: Option<String>,
    pub votes_per_share: Option<Exact>,
    pub share: Option<Exact>,
    pub share_min: Option<Exact>,
    pub share_max: Option<Exact>,
    pub min_open: Option<bool>,
    pub max_open: Option<bool>,
    pub direct: Option<bool>,
    pub treasury: Option<bool>,
    pub from: Option<&'static str>,
    pub to: Option<&'static str>,
    pub document: Option<String>,
    /// The statement of a register, and the number of the file that holds it.
    pub told: Option<(&'static str, u32)>,
}

/// An exact share.
pub fn stake(owner: &str, company: &str, share: &str) -> Row {
    Row { share: Some(n(share)), ..unknown(owner, company) }
}

/// A share that nobody states.
pub fn unknown(owner: &str, company: &str) -> Row {
    Row { owner: owner.to_owned(), company: company.to_owned(), ..Row::default() }
}

/// A share from a band; `>25` and `<50` leave the end itself out.
pub fn banded(owner: &str, company: &str, least: &str, most: &str) -> Row {
    let end = |text: &str| n(text.trim_start_matches(['<', '>']));
    Row {
        share_min: Some(end(least)),
        share_max: Some(end(most)),
        min_open: Some(least.starts_with('>')),
        max_open: Some(most.starts_with('<')),
        ..unknown(owner, company)
    }
}

/// The row of a band.
pub fn row_of(owner: &str, company: &str, band: &Band) -> Row {
    Row {
        share_min: Some(band.least.clone()),
        share_max: Some(band.most.clone()),
        min_open: Some(band.least_open),
        max_open: Some(band.most_open),
        ..unknown(owner, company)
    }
}

pub fn dossier(rows: &[Row]) -> Dossier {
    let mut dossier = Dossier::default();
    dossier.tables.insert(TableKind::Interests, interests(rows));
    dossier
}

/// The same with the holdings of these companies declared complete.
pub fn complete(rows: &[Row], companies: &[&str]) -> Dossier {
    let mut dossier = dossier(rows);
    let subjects = Some(companies.iter().map(|one| (*one).to_owned()).collect());
    dossier.complete.insert(Population::Holdings, Completeness { by: None, on: None, subjects });
    dossier
}

pub fn snapshot(dossier: &Dossier) -> Snapshot {
    Register::read(dossier).on(day())
}

pub fn party(snapshot: &Snapshot, id: &str) -> Party {
    snapshot.register().party(id).unwrap_or_else(|| panic!("no party `{id}`"))
}

pub fn interests(rows: &[Row]) -> Table {
    let fields = vec![
        texts("owner", rows.iter().map(|row| Some(row.owner.as_str()))),
        texts("company", rows.iter().map(|row| Some(row.company.as_str()))),
        texts("kind", rows.iter().map(|row| row.kind.as_deref())),
        texts("class", rows.iter().map(|row| row.class.as_deref())),
        numbers("votes_per_share", ColumnKind::Amount, rows.iter().map(|row| row.votes_per_share.as_ref())),
        numbers("share", ColumnKind::Share, rows.iter().map(|row| row.share.as_ref())),
        numbers("share_min", ColumnKind::Share, rows.iter().map(|row| row.share_min.as_ref())),
        numbers("share_max", ColumnKind::Share, rows.iter().map(|row| row.share_max.as_ref())),
        truths("min_open", rows.iter().map(|row| row.min_open)),
        truths("max_open", rows.iter().map(|row| row.max_open)),
        truths("direct", rows.iter().map(|row| row.direct)),
        truths("treasury", rows.iter().map(|row| row.treasury)),
        days("valid_from", rows.iter().map(|row| row.from)),
        days("valid_to", rows.iter().map(|row| row.to)),
        texts("document", rows.iter().map(|row| row.document.as_deref())),
        texts("interest", rows.iter().map(|row| row.told.map(|_| "shareholding"))),
        texts("statement", rows.iter().map(|row| row.told.map(|(statement, _)| statement))),
    ];
    let mut places = places(rows.len());
    for (place, row) in places.iter_mut().zip(rows) {
        place.file = row.told.map_or(0, |(_, file)| file);
    }
    Table::new(TableKind::Interests, fields, places).unwrap()
}

/// `companies` with ids, names, countries and identifiers; an empty text is none.
pub fn companies(rows: &[[&str; 4]]) -> Table {
    let column = |place: usize| rows.iter().map(move |row| Some(row[place]).filter(|text| !text.is_empty()));
    let fields = vec![
        texts("company", column(0)),
        texts("name", column(1)),
        texts("country", column(2)),
        texts("identifier", column(3)),
    ];
    Table::new(TableKind::Companies, fields, places(rows.len())).unwrap()
}

/// `agreements` with members and names.
pub fn agreements(rows: &[[&str; 2]]) -> Table {
    let fields = vec![
        texts("member", rows.iter().map(|row| Some(row[0]))),
        texts("agreement", rows.iter().map(|row| Some(row[1]))),
    ];
    Table::new(TableKind::Agreements, fields, places(rows.len())).unwrap()
}

fn places(count: usize) -> Vec<Place> {
    (0..count as u32).map(|row| Place { file: 0, row: row + 2 }).collect()
}

fn texts<'a>(name: &str, cells: impl Iterator<Item = Option<&'a str>>) -> (Field, ArrayRef) {
    (arrow_field(name, ColumnKind::Text), Arc::new(cells.collect::<StringArray>()))
}

fn truths(name: &str, cells: impl Iterator<Item = Option<bool>>) -> (Field, ArrayRef) {
    (arrow_field(name, ColumnKind::Truth), Arc::new(cells.collect::<BooleanArray>()))
}

fn days(name: &str, cells: impl Iterator<Item = Option<&'static str>>) -> (Field, ArrayRef) {
    let cells = cells.map(|cell| cell.map(|cell| cell.parse::<Day>().unwrap().days()));
    (arrow_field(name, ColumnKind::Day), Arc::new(cells.collect::<Date32Array>()))
}

fn numbers<'a>(
    name: &str,
    kind: ColumnKind,
    cells: impl Iterator<Item = Option<&'a Exact>>,
) -> (Field, ArrayRef) {
    let unscaled = cells.map(|cell| cell.map(|cell| cell.to_unscaled(u32::from(SCALE)).unwrap()));
    let array: Decimal128Array = unscaled.collect();
    let field = arrow_field(name, kind);
    let array = array.with_precision_and_scale(38, SCALE.cast_signed()).unwrap();
    (field, Arc::new(array))
}

/// The least solution of `x = P x + b` that is not negative: unknowns that lead to no constant are 0.
pub fn least_solution(mut rows: Vec<(Vec<Exact>, Exact)>) -> Vec<Exact> {
    let size = rows.len();
    let mut lively: Vec<bool> = rows.iter().map(|(_, constant)| constant.is_positive()).collect();
    for _ in 0..size {
        let leads = |row: &Vec<Exact>| (0..size).any(|one| row[one].is_positive() && lively[one]);
        lively = rows.iter().zip(&lively).map(|((row, _), before)| *before || leads(row)).collect();
    }
    for (place, (row, _)) in rows.iter_mut().enumerate() {
        for one in 0..size {
            let factor = if lively[place] && lively[one] { -row[one].clone() } else { Exact::zero() };
            row[one] = if one == place { Exact::one() + factor } else { factor };
        }
    }
    for pivot in 0..size {
        let other = (pivot..size).find(|row| !rows[*row].0[pivot].is_zero()).unwrap();
        rows.swap(pivot, other);
        let head = rows[pivot].clone();
        for (row, (cells, constant)) in rows.iter_mut().enumerate() {
            let factor = cells[pivot].checked_div(&head.0[pivot]).unwrap();
            if row != pivot && !factor.is_zero() {
                cells.iter_mut().zip(&head.0).for_each(|(cell, above)| *cell = &*cell - &(&factor * above));
                *constant = &*constant - &(&factor * &head.1);
            }
        }
    }
    (0..size).map(|row| rows[row].1.checked_div(&rows[row].0[row]).unwrap()).collect()
}
