use std::collections::BTreeSet;

use arrow::array::StringArray;

use super::{Cell, Chunk, RawColumn, Source};
use crate::faults::FileFaults;
use crate::{ImportedColumns, ImportedRow};

/// The rows an importer found, as a source like any other.
pub(crate) struct ImportedRows {
    headers: Vec<String>,
    rows: std::vec::IntoIter<ImportedRow>,
}

impl ImportedRows {
    /// Takes the rows of one table.
    pub fn new(rows: Vec<ImportedRow>) -> Self {
        let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.cells.keys()).collect();
        let headers = names.into_iter().cloned().collect();
        Self { headers, rows: rows.into_iter() }
    }
}

impl Source for ImportedRows {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, _wanted: &[bool]) {}

    fn next_chunk(&mut self, _faults: &mut FileFaults) -> Option<Chunk> {
        let mut chunk = Chunk { rows: Vec::new(), columns: Vec::new(), pointers: None };
        let mut columns: Vec<Vec<Cell>> = self.headers.iter().map(|_| Vec::new()).collect();
        let mut pointers = Vec::new();
        for mut row in self.rows.by_ref().take(super::CHUNK) {
            chunk.rows.push(row.row);
            for (header, column) in self.headers.iter().zip(&mut columns) {
                column.push(row.cells.remove(header).map_or(Cell::Empty, Cell::Text));
            }
            pointers.push(row.pointer);
        }
        chunk.columns = columns.into_iter().map(RawColumn::Cells).collect();
        chunk.pointers = Some(pointers);
        (!chunk.rows.is_empty()).then_some(chunk)
    }
}

/// The columns an importer found, as a source like any other.
pub(crate) struct ImportedTexts {
    headers: Vec<String>,
    chunks: Box<dyn Iterator<Item = (Vec<u32>, Vec<StringArray>)>>,
}

impl ImportedTexts {
    /// Takes the columns of one table.
    pub fn new(columns: ImportedColumns) -> Self {
        let headers = columns.headers().iter().map(|header| (*header).to_owned()).collect();
        Self { headers, chunks: Box::new(columns.into_chunks()) }
    }
}

impl Source for ImportedTexts {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, _wanted: &[bool]) {}

    fn next_chunk(&mut self, _faults: &mut FileFaults) -> Option<Chunk> {
        let (rows, columns) = self.chunks.next()?;
        let columns = columns.into_iter().map(RawColumn::Texts).collect();
        Some(Chunk { rows, columns, pointers: None })
    }
}
