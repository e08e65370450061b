use arrow::array::{Array, StringArray, StringBuilder};

/// Rows of one canonical table, column by column, as canonical text.
///
/// For formats that send millions of rows: a row costs what its cells are long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportedColumns {
    headers: Vec<&'static str>,
    chunks: Vec<Chunk>,
}

#[derive(Clone, Debug, PartialEq)]
struct Chunk {
    rows: Vec<u32>,
    columns: Vec<StringArray>,
}

impl ImportedColumns {
    /// The names of the columns.
    pub fn headers(&self) -> &[&'static str] {
        &self.headers
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.rows.len()).sum()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The rows in pieces, in order: the entry's number in the file per row, then one array per column.
    pub fn into_chunks(self) -> impl Iterator<Item = (Vec<u32>, Vec<StringArray>)> {
        self.chunks.into_iter().map(|chunk| (chunk.rows, chunk.columns))
    }
}

/// Rows per chunk.
const CHUNK: usize = 65_536;

/// Takes rows one by one.
pub(crate) struct ColumnBuilder {
    done: ImportedColumns,
    rows: Vec<u32>,
    columns: Vec<StringBuilder>,
}

impl ColumnBuilder {
    /// For columns of these names.
    pub(crate) fn new(headers: &[&'static str]) -> Self {
        let columns = headers.iter().map(|_| StringBuilder::new()).collect();
        let done = ImportedColumns { headers: headers.to_vec(), chunks: Vec::new() };
        Self { done, rows: Vec::new(), columns }
    }

    /// Adds a row; cells stand in the order of the headers, what is missing at the end is empty.
    pub(crate) fn push(&mut self, row: u32, cells: &[Option<&str>]) {
        debug_assert!(cells.len() <= self.columns.len(), "a cell without a column");
        self.rows.push(row);
        for (place, column) in self.columns.iter_mut().enumerate() {
            column.append_option(cells.get(place).copied().flatten());
        }
        if self.rows.len() == CHUNK {
            self.close();
        }
    }

    fn close(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let columns = self.columns.iter_mut().map(StringBuilder::finish).collect();
        self.done.chunks.push(Chunk { rows, columns });
    }

    /// All rows; columns in which no cell is filled are left out.
    pub(crate) fn finish(mut self) -> ImportedColumns {
        if !self.rows.is_empty() {
            self.close();
        }
        let filled = |place: usize| {
            let mut columns = self.done.chunks.iter().filter_map(|chunk| chunk.columns.get(place));
            columns.any(|column| column.null_count() < column.len())
        };
        let keep: Vec<bool> = (0..self.done.headers.len()).map(filled).collect();
        retain(&mut self.done.headers, &keep);
        self.done.chunks.iter_mut().for_each(|chunk| retain(&mut chunk.columns, &keep));
        self.done
    }
}

fn retain<T>(list: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    list.retain(|_| keep.next().copied().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_columns_go_and_chunks_keep_their_rows() {
        let mut builder = ColumnBuilder::new(&["a", "b", "c"]);
        for row in 0..70_000 {
            builder.push(row, &[Some("x"), None, (row == 69_999).then_some("y")]);
        }
        let columns = builder.finish();
        assert_eq!((columns.headers(), columns.len()), (&["a", "c"][..], 70_000));
        let chunks: Vec<_> = columns.into_chunks().collect();
        assert_eq!((chunks.len(), chunks[1].0[0], chunks[1].1[1].null_count()), (2, 65_536, 4463));
        assert!(ColumnBuilder::new(&["a"]).finish().is_empty());
    }
}
