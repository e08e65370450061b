use sqlparser::tokenizer::Location;

/// Turns the tokenizer's places (line and column, counted in characters from 1) into bytes.
#[derive(Debug)]
pub(super) struct Lines {
    /// The byte of every character, then the length of the text.
    bytes: Vec<usize>,
    /// The place in `bytes` of the first character of every line.
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let mut bytes: Vec<usize> = Vec::with_capacity(text.len().saturating_add(1));
        let mut starts = vec![0];
        for (byte, letter) in text.char_indices() {
            bytes.push(byte);
            if letter == '\n' {
                starts.push(bytes.len());
            }
        }
        bytes.push(text.len());
        Self { bytes, starts }
    }

    /// The byte of a place; the end of the text for a place that is not in it.
    pub(super) fn byte(&self, place: Location) -> usize {
        self.of(place.line, place.column).unwrap_or_else(|| self.bytes.last().copied().unwrap_or(0))
    }

    /// The byte of a line and a column, where the text has one.
    pub(super) fn of(&self, line: u64, column: u64) -> Option<usize> {
        let line = usize::try_from(line.checked_sub(1)?).ok()?;
        let column = usize::try_from(column.checked_sub(1)?).ok()?;
        self.bytes.get(self.starts.get(line)?.checked_add(column)?).copied()
    }
}
