use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use filiera_model::Day;

use super::delimited::no_header;
use super::{Cell, Chunk, RawColumn, Source, header, percent};
use crate::day;
use crate::faults::{FileFaults, Saying};
use crate::piece::Hints;
use crate::settings::TableSettings;
use crate::words::{plain, suggestion};

type Workbook = Xlsx<BufReader<File>>;

/// The sheets of a workbook, in order; nothing when it cannot be read.
pub(crate) fn sheet_names(path: &Path, faults: &mut FileFaults) -> Option<Vec<String>> {
    workbook(path, faults).map(|book| book.sheet_names())
}

fn workbook(path: &Path, faults: &mut FileFaults) -> Option<Workbook> {
    let opened = File::open(path).map_err(XlsxError::Io).and_then(|file| Xlsx::new(BufReader::new(file)));
    opened.map_err(|error| faults.whole(None, None, broken(&error))).ok()
}

fn broken(error: &XlsxError) -> Saying {
    Saying::new(
        "file/unreadable",
        format!("the workbook cannot be read: {error}"),
        "open it in a spreadsheet program and save it again; it may be truncated or protected",
    )
}

/// Opens one sheet of a workbook as a table.
pub(super) fn open(
    path: &Path,
    settings: &TableSettings,
    expected: &[String],
    faults: &mut FileFaults,
) -> Option<Box<dyn Source>> {
    let mut book = workbook(path, faults)?;
    let sheet = choose_sheet(&book.sheet_names(), settings, faults)?;
    let mut rows = match read_rows(&mut book, &sheet) {
        Ok(rows) => rows,
        Err(error) => {
            faults.whole(None, None, broken(&error));
            return None;
        }
    };
    show_percentages(&mut rows, &percent::cells(path, &sheet));
    let place = header_place(&rows, settings, expected).or_else(|| {
        faults.whole(settings.header_row, None, no_header());
        None
    })?;
    let data = rows.split_off(place + 1);
    let header = rows.pop()?;
    if place > 0 && settings.header_row.is_none() {
        faults.note("rows above the header left out", || format!("header found in row {}", header.number));
    }
    let headers = header.texts();
    let after = header.number.saturating_add(settings.skip_rows);
    let data = data.into_iter().filter(|row| row.number > after).collect();
    Some(Box::new(Sheet { wanted: vec![true; headers.len()], headers, rows: Some(data) }))
}

fn choose_sheet(sheets: &[String], settings: &TableSettings, faults: &mut FileFaults) -> Option<String> {
    if let Some(wanted) = &settings.sheet {
        let found = sheets.iter().find(|sheet| *sheet == wanted);
        if found.is_none() {
            let list: Vec<String> = sheets.iter().map(|sheet| format!("`{sheet}`")).collect();
            let hint = suggestion(wanted, sheets.iter().map(String::as_str));
            let remedy = format!("the workbook has {}{hint}", list.join(", "));
            faults.whole(
                None,
                None,
                Saying::new("file/sheet", format!("there is no sheet `{wanted}`"), remedy),
            );
        }
        return found.cloned();
    }
    let named = settings.kind.and_then(|kind| sheets.iter().find(|sheet| plain(sheet) == kind.name()));
    let chosen = named.or_else(|| sheets.first());
    let Some(chosen) = chosen else {
        faults.whole(None, None, no_header());
        return None;
    };
    if sheets.len() > 1 && named.is_none() {
        faults.note("further sheets left out", || format!("read `{chosen}` of {} sheets", sheets.len()));
    }
    Some(chosen.clone())
}

/// A row with its cells by column, and which of them are formulas.
pub(crate) struct SheetRow {
    /// The row, counted from 1.
    pub number: u32,
    cells: Vec<(u32, Cell, bool)>,
}

/// The filled rows of every sheet by its name, hidden ones too; why not, in words.
pub(crate) fn sheet_lines(path: &Path) -> Result<Vec<(String, Vec<SheetRow>)>, String> {
    let opened = File::open(path).map_err(XlsxError::Io).and_then(|file| Xlsx::new(BufReader::new(file)));
    let mut book: Workbook = opened.map_err(|error| error.to_string())?;
    let names = book.sheet_names();
    let read = |name: String| {
        let rows = read_rows(&mut book, &name).map_err(|error| error.to_string())?;
        Ok((name, rows))
    };
    names.into_iter().map(read).collect()
}

impl SheetRow {
    /// The filled cells with their columns, counted from 0.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.iter().map(|(column, cell, _)| (*column, cell))
    }

    /// The cell in a column, when it is filled.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells().find(|(place, _)| *place == column).map(|(_, cell)| cell)
    }

    /// The cells as texts, up to the last that is filled.
    fn texts(&self) -> Vec<String> {
        let width = self.cells.iter().map(|(column, ..)| *column as usize + 1).max().unwrap_or(0);
        let mut texts = vec![String::new(); width];
        for (column, cell, _) in &self.cells {
            if let Some(text) = texts.get_mut(*column as usize) {
                *text = cell_text(cell);
            }
        }
        texts
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Bad(_) => String::new(),
        Cell::Text(text) | Cell::Number(text) | Cell::Percent(text) => text.trim().to_owned(),
        Cell::Days((day, _)) => Day::from_days(*day).to_string(),
        Cell::Truth(truth) => truth.to_string(),
    }
}

/// The rows that hold something, in order. Cells are kept sparsely: a stray cell far out costs
/// nothing.
fn read_rows(book: &mut Workbook, sheet: &str) -> Result<Vec<SheetRow>, XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    while let Some(record) = reader.next_cell_with_formula_metadata()? {
        let is_formula = record.formula.is_some();
        let cell = match read_cell(record.value) {
            Cell::Empty if is_formula => Cell::Bad("a formula without a cached value".to_owned()),
            Cell::Empty => continue,
            cell => cell,
        };
        let (row, column) = record.pos;
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(SheetRow { number, cells: Vec::new() });
        }
        if let Some(last) = rows.last_mut() {
            last.cells.push((column, cell, is_formula));
        }
    }
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}

/// Numbers in these cells are shown as percentages.
fn show_percentages(rows: &mut [SheetRow], cells: &BTreeSet<(u32, u32)>) {
    if cells.is_empty() {
        return;
    }
    for row in rows {
        for (column, cell, _) in &mut row.cells {
            if let Cell::Number(text) = cell
                && cells.contains(&(row.number.saturating_sub(1), *column))
            {
                *cell = Cell::Percent(std::mem::take(text));
            }
        }
    }
}

fn read_cell(value: DataRef<'_>) -> Cell {
    match Data::from(value) {
        Data::Empty => Cell::Empty,
        Data::String(text) if text.trim().is_empty() => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(text),
        Data::Int(whole) => Cell::Number(whole.to_string()),
        Data::Float(number) => number_cell(number),
        Data::Bool(truth) => Cell::Truth(truth),
        Data::DateTime(moment) => moment_cell(&moment),
        Data::Error(error) => Cell::Bad(format!("the error `{error}`")),
    }
}

/// A number with the 15 significant digits that Excel shows and keeps.
fn number_cell(number: f64) -> Cell {
    if !number.is_finite() {
        return Cell::Bad(format!("`{number}`, which is no number"));
    }
    Cell::Number(format!("{number:.14e}"))
}

fn moment_cell(moment: &ExcelDateTime) -> Cell {
    let serial = moment.as_f64();
    if moment.is_duration() || serial < 1.0 {
        return number_cell(serial);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let Some(date) = Day::from_ymd(i32::from(year), u32::from(month), u32::from(day)) else {
        return Cell::Bad(format!("the day {year}-{month:02}-{day:02}, which no calendar has"));
    };
    let seconds = (u32::from(hour) * 60 + u32::from(minute)) * 60 + u32::from(second);
    Cell::Days(day::without_zone(date.days(), seconds))
}

fn header_place(rows: &[SheetRow], settings: &TableSettings, expected: &[String]) -> Option<usize> {
    if let Some(wanted) = settings.header_row {
        return rows.iter().position(|row| row.number == wanted);
    }
    let texts: Vec<Vec<String>> = rows.iter().take(header::SEARCHED).map(SheetRow::texts).collect();
    header::choose(&texts, expected)
}

struct Sheet {
    headers: Vec<String>,
    wanted: Vec<bool>,
    rows: Option<Vec<SheetRow>>,
}

impl Source for Sheet {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, wanted: &[bool]) {
        wanted.clone_into(&mut self.wanted);
    }

    fn hints(&self) -> Hints {
        Hints { serial_days: true, ..Hints::default() }
    }

    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk> {
        let mut rows = self.rows.take()?;
        rows.retain_mut(|row| self.within(row, faults));
        if rows.is_empty() {
            return None;
        }
        let mut columns: Vec<Vec<Cell>> = self
            .wanted
            .iter()
            .map(|wanted| vec![Cell::Empty; if *wanted { rows.len() } else { 0 }])
            .collect();
        let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
        for (place, row) in rows.into_iter().enumerate() {
            for (column, cell, is_formula) in row.cells {
                let Some(slot) = columns.get_mut(column as usize).and_then(|column| column.get_mut(place))
                else {
                    continue;
                };
                if is_formula {
                    let header = self.headers.get(column as usize).map_or("", String::as_str);
                    let at = || format!("row {}, column {header}", row.number);
                    faults.note("formula cell, read at its cached value", at);
                }
                *slot = cell;
            }
        }
        let columns = columns.into_iter().map(RawColumn::Cells).collect();
        Some(Chunk { rows: numbers, columns, pointers: None })
    }
}

impl Sheet {
    /// Leaves out the cells of columns without a name; false: nothing is left of the row.
    fn within(&self, row: &mut SheetRow, faults: &mut FileFaults) -> bool {
        let number = row.number;
        row.cells.retain(|(column, cell, _)| {
            let named = self.headers.get(*column as usize).is_some_and(|name| !name.is_empty());
            if !named {
                faults
                    .note("cell in a column without a name", || format!("row {number}: {}", cell_text(cell)));
            }
            named
        });
        !row.cells.is_empty()
    }
}
