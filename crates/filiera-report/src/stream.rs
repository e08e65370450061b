//! Findings written one by one as they are made, for fleets that fill no memory: JSON Lines, CSV, Parquet.
//!
//! A finding made by adding up lacks what only rows tell: its keys are not there, its cells are empty.

use std::io::Write;

use filiera_finding::{Finding, STREAMED_WITHOUT};

use crate::ReportError;
use crate::csv::{self, COLUMNS};
use crate::parquet;

/// A list of findings being written.
pub struct Stream<W: Write + Send>(Kind<W>);

enum Kind<W: Write + Send> {
    Jsonl(W),
    Csv(Box<csv::Table<W>>),
    Parquet(Box<parquet::Findings<W>>),
}

impl<W: Write + Send> Stream<W> {
    /// One object a line.
    pub fn jsonl(out: W) -> Self {
        Self(Kind::Jsonl(out))
    }

    /// The table of [`csv::findings`].
    ///
    /// # Errors
    /// [`ReportError::Csv`] when `out` refuses the header.
    pub fn csv(out: W) -> Result<Self, ReportError> {
        Ok(Self(Kind::Csv(Box::new(csv::Table::new(out, COLUMNS)?))))
    }

    /// The table of [`parquet::findings`].
    ///
    /// # Errors
    /// [`ReportError::Parquet`] when `out` refuses the start of the file.
    pub fn parquet(out: W) -> Result<Self, ReportError> {
        Ok(Self(Kind::Parquet(Box::new(parquet::Findings::new(out)?))))
    }

    /// Adds one; `by_sum`: made by adding up.
    ///
    /// # Errors
    /// [`ReportError`] when the place refuses it.
    pub fn write(&mut self, finding: &Finding, by_sum: bool) -> Result<(), ReportError> {
        match &mut self.0 {
            Kind::Jsonl(out) => Ok(writeln!(out, "{}", finding.to_streamed_json(by_sum))?),
            Kind::Csv(table) => {
                let mut cells = csv::record(finding);
                blank(&mut cells, by_sum);
                table.row(cells)
            }
            Kind::Parquet(table) => table.row(finding, by_sum),
        }
    }

    /// Writes what is left of it.
    ///
    /// # Errors
    /// As [`Stream::write`].
    pub fn end(self) -> Result<(), ReportError> {
        match self.0 {
            Kind::Jsonl(mut out) => Ok(out.flush()?),
            Kind::Csv(table) => table.end(),
            Kind::Parquet(table) => table.end(),
        }
    }
}

/// Empties the cells that adding up does not tell.
pub(crate) fn blank(cells: &mut [String], by_sum: bool) {
    let is_left_out = |name: &str| {
        let key = name.split_once('_').map_or(name, |(first, _)| first);
        STREAMED_WITHOUT.iter().any(|left_out| *left_out == name || (key == "rows" && *left_out == key))
    };
    for (cell, _) in cells.iter_mut().zip(COLUMNS).filter(|(_, name)| by_sum && is_left_out(name)) {
        cell.clear();
    }
}
