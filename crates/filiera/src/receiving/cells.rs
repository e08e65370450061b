use std::collections::BTreeMap;

use filiera_evidence::{AnswerCell, AnswerFile, AnswerRow, ImportedRow};
use filiera_finding::{Fault, Question};
use filiera_model::{Day, Exact};

/// A fault at a cell: the sheet stands beside the file.
pub(super) fn cell_fault(
    file: &AnswerFile,
    cell: &AnswerCell,
    code: &str,
    message: String,
    remedy: &str,
) -> Fault {
    Fault {
        file: format!("{}, sheet `{}`", file.file, cell.sheet),
        row: Some(cell.row),
        column: Some(cell.column.clone()),
        code: code.to_owned(),
        message,
        remedy: remedy.to_owned(),
    }
}

/// The cells of one row of answers: finds them, and collects what is wrong with them.
pub(super) struct Cells<'a> {
    pub(super) file: &'a AnswerFile,
    pub(super) row: &'a AnswerRow,
    pub(super) faults: &'a mut Vec<Fault>,
}

impl<'a> Cells<'a> {
    /// The cell of this key, filled or not.
    pub(super) fn cell(&self, key: &str) -> AnswerCell {
        self.row.cells.get(key).cloned().unwrap_or_else(|| AnswerCell {
            text: String::new(),
            sheet: self.row.sheet.clone(),
            row: self.row.row,
            column: self.row.columns.get(key).cloned().unwrap_or_default(),
            trouble: None,
        })
    }

    /// A fault at the cell of this key.
    pub(super) fn fault(&mut self, key: &str, code: &str, message: String, remedy: &str) {
        let fault = cell_fault(self.file, &self.cell(key), code, message, remedy);
        self.faults.push(fault);
    }

    /// The text of a cell that holds something sound.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let cell = self.cell(key);
        if let Some(trouble) = trouble(&cell) {
            self.fault(key, "answers/cell", trouble, "write a plain value");
            return None;
        }
        Some(cell.text).filter(|text| !text.is_empty())
    }

    /// The day in a cell that must hold one.
    pub(super) fn day(&mut self, key: &str) -> Option<Day> {
        let text = self.text(key);
        let day = text.as_deref().and_then(|text| text.parse().ok());
        if day.is_none() && trouble(&self.cell(key)).is_none() {
            let message = match text {
                Some(text) => format!("`{text}` is not a day"),
                None => "the day is missing".to_owned(),
            };
            self.fault(key, "answers/day", message, "write a day such as 2026-03-01");
        }
        day
    }

    /// The number in a cell, when there is one.
    pub(super) fn number(&mut self, key: &str) -> Option<Exact> {
        let text = self.text(key)?;
        let number = Exact::parse(&text).ok();
        if number.is_none() {
            self.fault(key, "answers/number", format!("`{text}` is not a number"), "write a number");
        }
        number
    }

    /// First and last day of validity, within the limit and touching the period asked about.
    pub(super) fn validity(&mut self, question: &Question) -> Option<(Day, Day)> {
        let (from, to) = (self.day("valid_from"), self.day("valid_to"));
        let (from, to) = from.zip(to)?;
        if to < from {
            let message = format!("it ends on `{to}`, before it starts on `{from}`");
            self.fault("valid_to", "answers/validity-order", message, "exchange or correct the days");
            return None;
        }
        if !question.limit.allows(from, to) {
            let limit = question.limit.sentence();
            let message = format!("from `{from}` to `{to}` is longer than a paper may be valid: {limit}");
            self.fault("valid_to", "answers/validity-limit", message, "shorten the validity");
            return None;
        }
        if to < question.valid_from || question.valid_to < from {
            let asked = format!("{} to {}", question.valid_from, question.valid_to);
            let message = format!("from `{from}` to `{to}` is outside the period asked about, {asked}");
            self.fault("valid_from", "answers/validity-elsewhere", message, "correct the days");
            return None;
        }
        Some((from, to))
    }

    /// One of the bases the question accepts.
    pub(super) fn basis(&mut self, question: &Question) -> Option<String> {
        let basis = self.text("basis");
        let listed = question.basis.join(", ");
        match basis {
            Some(basis) if question.basis.contains(&basis) => Some(basis),
            Some(basis) => {
                let message = format!("the basis `{basis}` is none that the condition accepts");
                self.fault("basis", "answers/basis", message, &format!("write one of {listed}"));
                None
            }
            None => {
                let message = "the basis is missing".to_owned();
                self.fault("basis", "answers/basis", message, &format!("write one of {listed}"));
                None
            }
        }
    }
}

/// Why the cell cannot be taken for a value: the file says so, or a spreadsheet would run its text as a
/// formula once it stands in the dossier.
pub(super) fn trouble(cell: &AnswerCell) -> Option<String> {
    let acts = cell.text.starts_with(['=', '+', '-', '@']) && Exact::parse(&cell.text).is_err();
    let formula = acts.then(|| format!("`{}` begins like a formula", cell.text));
    cell.trouble.clone().or(formula)
}

/// A row for a table, of the cells that hold something.
pub(super) fn row(cells: &AnswerRow, filled: Vec<(&str, Option<String>)>) -> ImportedRow {
    let filled = filled.into_iter().filter_map(|(column, text)| Some((column.to_owned(), text?)));
    let cells_of = filled.collect::<BTreeMap<String, String>>();
    ImportedRow { cells: cells_of, row: cells.row, pointer: format!("sheet {}", cells.sheet) }
}
