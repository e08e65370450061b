use std::collections::BTreeMap;
use std::path::Path;

use filiera_finding::{Fault, REQUEST_SCHEMA};

use crate::number;
use crate::source::{Cell, SheetRow, sheet_lines};

/// A workbook that came back from a supplier, read but not judged: what was asked, what stands in the
/// cells, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerFile {
    /// The file as the user named it.
    pub file: String,
    /// Facts of the whole request, by name.
    pub request: BTreeMap<String, String>,
    /// What was asked: facts by name, by the id of the question.
    pub asked: BTreeMap<String, BTreeMap<String, String>>,
    /// Who declares, by key.
    pub declarant: BTreeMap<String, AnswerCell>,
    /// Rows of answers, in the order of sheets and rows.
    pub rows: Vec<AnswerRow>,
}

/// One row of a sheet to fill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerRow {
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
    /// The filled cells by key.
    pub cells: BTreeMap<String, AnswerCell>,
    /// The letters of each column, by key, filled or not.
    pub columns: BTreeMap<String, String>,
}

/// A filled cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerCell {
    /// What it says: numbers as plain decimals, days as `2026-03-01`.
    pub text: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
    /// The column's letters.
    pub column: String,
    /// Why it cannot be taken for a value, in words.
    pub trouble: Option<String>,
}

const REGISTRY: &str = "filiera";
const DECLARANT: &str = "Declarant";

/// Reads a workbook that `filiera request` wrote and somebody filled.
///
/// # Errors
/// One fault when it is no workbook, or none of ours: then there is nothing to read.
pub fn read_answers(path: &Path) -> Result<AnswerFile, Box<Fault>> {
    let file = path.display().to_string();
    let fault = |code: &str, message: String, remedy: &str| {
        let (file, code, remedy) = (file.clone(), code.to_owned(), remedy.to_owned());
        Box::new(Fault { file, row: None, column: None, code, message, remedy })
    };
    let sheets = sheet_lines(path).map_err(|why| {
        let message = format!("the workbook cannot be read: {why}");
        fault("answers/unreadable", message, "ask for the file again, saved as .xlsx")
    })?;
    let mut answers = AnswerFile { file: file.clone(), ..AnswerFile::default() };
    for (name, lines) in &sheets {
        match name.as_str() {
            REGISTRY => registry(lines, &mut answers),
            DECLARANT => declarant(name, lines, &mut answers),
            _ => answers.rows.extend(rows(name, lines)),
        }
    }
    match answers.request.get("schema").map(String::as_str) {
        Some(REQUEST_SCHEMA) => Ok(answers),
        Some(other) => {
            let message = format!("the workbook is of the version `{other}`, not `{REQUEST_SCHEMA}`");
            Err(fault("answers/version", message, "write the request again with this version"))
        }
        None => {
            let message = "the workbook is no answer to a request: its hidden sheet is gone".to_owned();
            let remedy = "fill the file that `filiera request` wrote, without removing sheets";
            Err(fault("answers/not-ours", message, remedy))
        }
    }
}

fn registry(lines: &[SheetRow], answers: &mut AnswerFile) {
    for line in lines.iter().skip(1) {
        let text = |column: u32| line.cell(column).map(|cell| told(cell).0).unwrap_or_default();
        let (id, name, said) = (text(0), text(1), text(2));
        let facts = if id.is_empty() { &mut answers.request } else { answers.asked.entry(id).or_default() };
        facts.insert(name, said);
    }
}

fn declarant(sheet: &str, lines: &[SheetRow], answers: &mut AnswerFile) {
    let Some(column) = lines.first().and_then(|keys| place_of(keys, "answer")) else { return };
    for line in lines.iter().skip(1) {
        let Some((key, _)) = line.cell(0).map(told) else { continue };
        let cell = line.cell(column).map_or_else(|| (String::new(), None), told);
        let (text, trouble) = cell;
        let column = letters(column);
        let cell = AnswerCell { text, sheet: sheet.to_owned(), row: line.number, column, trouble };
        answers.declarant.insert(key, cell);
    }
}

fn place_of(keys: &SheetRow, wanted: &str) -> Option<u32> {
    keys.cells().find(|(_, cell)| told(cell).0 == wanted).map(|(place, _)| place)
}

/// The rows below the keys and the two lines of labels; a sheet without a key `id` holds none.
fn rows(sheet: &str, lines: &[SheetRow]) -> Vec<AnswerRow> {
    let Some(keys) = lines.first().filter(|keys| keys.number == 1) else { return Vec::new() };
    if place_of(keys, "id").is_none() {
        return Vec::new();
    }
    let keys: Vec<(u32, String)> = keys.cells().map(|(place, cell)| (place, told(cell).0)).collect();
    let columns: BTreeMap<String, String> =
        keys.iter().map(|(place, key)| (key.clone(), letters(*place))).collect();
    let row = |line: &SheetRow| {
        let cells = keys.iter().filter_map(|(place, key)| {
            let (text, trouble) = told(line.cell(*place)?);
            let (sheet, column) = (sheet.to_owned(), letters(*place));
            Some((key.clone(), AnswerCell { text, sheet, row: line.number, column, trouble }))
        });
        AnswerRow {
            sheet: sheet.to_owned(),
            row: line.number,
            cells: cells.collect(),
            columns: columns.clone(),
        }
    };
    lines.iter().filter(|line| line.number > LABELS).map(row).filter(|row| !row.cells.is_empty()).collect()
}

/// The last row that holds labels.
const LABELS: u32 = 3;

/// What a cell says, and what is wrong with it.
fn told(cell: &Cell) -> (String, Option<String>) {
    match cell {
        Cell::Empty => (String::new(), None),
        Cell::Text(text) => (text.trim().to_owned(), None),
        // A percentage is kept as the fraction it is.
        Cell::Number(text) | Cell::Percent(text) => match number::parse_typed(text) {
            Ok(number) => (number::to_text(number.unscaled), None),
            Err(_) => (text.clone(), Some("the number has more digits than can be kept".to_owned())),
        },
        Cell::Days((first, last)) => {
            let day = filiera_model::Day::from_days(*last).to_string();
            let trouble = (first != last).then(|| "a time of day makes the day uncertain".to_owned());
            (day, trouble)
        }
        Cell::Truth(truth) => (truth.to_string(), None),
        Cell::Bad(what) => (String::new(), Some(format!("the cell holds {what}"))),
    }
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_letters() {
        let all: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(letters).collect();
        assert_eq!(all, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
