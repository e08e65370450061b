use std::ops::Range;

use crate::Span;

/// A SQL predicate as the pack writes it, not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The predicate, escapes of the TOML string already resolved.
    pub text: String,
    /// The bytes between the quotes in the pack's text. Without escapes they equal `text`.
    pub span: Span,
}

impl Sql {
    /// The place in `source` (the pack's whole text) of the bytes `part` of [`Sql::text`].
    ///
    /// Follows escapes (`\"`, `\u0041`), line continuations and folded line ends. A part beyond the
    /// text is cut off at its end, so the answer always lies within [`Sql::span`].
    pub fn place(&self, source: &str, part: Range<usize>) -> Span {
        self.places(source).of(part)
    }

    /// The same for several parts: the text is compared with its source once.
    pub(crate) fn places(&self, source: &str) -> Places {
        let raw = source.get(self.span.clone()).unwrap_or_default();
        let offsets = if raw == self.text { None } else { Some(offsets(raw)) };
        Places { span: self.span.clone(), offsets }
    }
}

/// Where the bytes of a predicate stand in the pack's text.
pub(crate) struct Places {
    span: Span,
    /// For every byte of the predicate, and for its end, the byte of the source below `span.start`;
    /// nothing: they are the same.
    offsets: Option<Vec<usize>>,
}

impl Places {
    pub(crate) fn of(&self, part: Range<usize>) -> Span {
        let place = |byte: usize| {
            let offset = match &self.offsets {
                Some(offsets) => offsets.get(byte).or(offsets.last()).copied().unwrap_or(byte),
                None => byte,
            };
            self.span.start.saturating_add(offset).min(self.span.end)
        };
        let start = place(part.start);
        start..place(part.end).max(start)
    }
}

/// For every byte of the value of the TOML string `raw`, and for its end, the byte of `raw`.
fn offsets(raw: &str) -> Vec<usize> {
    let mut offsets = Vec::new();
    let mut read = 0;
    while let Some(rest) = raw.get(read..).filter(|rest| !rest.is_empty()) {
        let (used, gives) = next_piece(rest);
        offsets.extend(std::iter::repeat_n(read, gives));
        read += used;
    }
    offsets.push(read);
    offsets
}

/// The bytes of the next character as written, and as meant.
fn next_piece(raw: &str) -> (usize, usize) {
    let mut letters = raw.chars();
    let Some(first) = letters.next() else { return (1, 1) };
    match (first, letters.next()) {
        ('\r', Some('\n')) => (2, 1),
        ('\\', Some('u')) => (6, escaped_length(raw, 2..6)),
        ('\\', Some('U')) => (10, escaped_length(raw, 2..10)),
        ('\\', Some('x')) => (4, escaped_length(raw, 2..4)),
        ('\\', Some(space)) if space.is_ascii_whitespace() => {
            let rest = raw.get(1..).unwrap_or_default();
            (raw.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len(), 0)
        }
        ('\\', Some(other)) => (1 + other.len_utf8(), 1),
        (letter, _) => (letter.len_utf8(), letter.len_utf8()),
    }
}

fn escaped_length(raw: &str, digits: Range<usize>) -> usize {
    raw.get(digits)
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .and_then(char::from_u32)
        .map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed<'a>(source: &'a str, text: &str, part: &str) -> &'a str {
        let inside = source.find('"').unwrap() + 1..source.rfind('"').unwrap();
        let sql = Sql { text: text.to_owned(), span: inside };
        let start = text.find(part).unwrap();
        &source[sql.place(source, start..start + part.len())]
    }

    #[test]
    fn a_part_is_found_where_it_was_written() {
        assert_eq!(placed(r#"where = "origin IN $home""#, "origin IN $home", "$home"), "$home");
        assert_eq!(placed(r#"w = "\"a b\" = 'x' AND y""#, r#""a b" = 'x' AND y"#, "'x'"), "'x'");
        assert_eq!(placed(r#"w = "n = '\u00e9t\u00E9' AND y""#, "n = 'été' AND y", "été"), r"\u00e9t\u00E9");
        assert_eq!(placed("w = \"a \\\n   AND b\"", "a AND b", "AND b"), "AND b");
        assert_eq!(placed("w = \"a\r\nAND b\"", "a\nAND b", "AND"), "AND");
    }

    #[test]
    fn a_part_beyond_the_end_is_cut_off() {
        let source = "\"a = 1\"";
        let sql = Sql { text: "a = 1".to_owned(), span: 1..6 };
        assert_eq!(sql.place(source, 3..90), 4..6);
        let escaped = Sql { text: "a\"".to_owned(), span: 1..4 };
        assert_eq!(escaped.place("\"a\\\"\"", 0..90), 1..4);
    }
}
