/// The records of a document that is a list of them, or one per line, or one after the other.
pub(crate) struct Records<'b> {
    bytes: &'b [u8],
    spans: Vec<Span>,
    /// Whether a record is known by its line; else by its place in the list.
    by_line: bool,
    /// The pointer of the list: empty where the list is the document.
    pointer: String,
}

#[derive(Clone, Copy)]
struct Span {
    from: usize,
    to: usize,
    /// The line, or the place in the list, from 1.
    number: u32,
}

/// One record, not yet read.
#[derive(Clone, Copy)]
pub(crate) struct Record<'b> {
    /// Its text, without the spaces around it.
    pub(crate) bytes: &'b [u8],
    /// Its line where there is one record per line, else its place in the list, from 1.
    pub(crate) number: u32,
    /// The byte of the document at which it starts.
    pub(crate) from: usize,
}

impl<'b> Records<'b> {
    /// Takes a document apart; `lists` are the members that may hold the list of records.
    ///
    /// Nothing is checked: a record may turn out to be no JSON, and so may what is between them.
    pub(crate) fn of(bytes: &'b [u8], lists: &[&str]) -> Self {
        let mut records = Self { bytes, spans: Vec::new(), by_line: false, pointer: String::new() };
        let start = after_space(bytes, if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 });
        if bytes.get(start) == Some(&b'[') {
            records.list(start + 1);
            return records;
        }
        let end = end_of_value(bytes, start);
        if after_space(bytes, end) >= bytes.len() {
            records.document(start, end, lists);
        } else if bytes.get(start..end).is_some_and(|first| !first.contains(&b'\n')) {
            records.lines(start);
        } else {
            records.one_after_the_other(start);
        }
        records
    }

    /// How many records.
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether a record is known by its line; its pointers begin there.
    pub(crate) fn by_line(&self) -> bool {
        self.by_line
    }

    /// The record at a place; nothing beyond the last.
    pub(crate) fn get(&self, place: usize) -> Option<Record<'b>> {
        let span = self.spans.get(place)?;
        let bytes = self.bytes.get(span.from..span.to)?;
        Some(Record { bytes, number: span.number, from: span.from })
    }

    /// The pointer to something in a record: `/7/recordDetails` in a list, `/recordDetails` on a line.
    pub(crate) fn pointer(&self, record: Record<'_>, inner: &str) -> String {
        if self.by_line {
            return inner.to_owned();
        }
        format!("{}/{}{inner}", self.pointer, record.number.saturating_sub(1))
    }

    /// How many lines end before the record.
    pub(crate) fn lines_before(&self, record: Record<'_>) -> usize {
        let before = self.bytes.get(..record.from).unwrap_or(self.bytes);
        before.iter().filter(|byte| **byte == b'\n').count()
    }

    fn push(&mut self, from: usize, to: usize, number: Option<u32>) {
        let next = u32::try_from(self.spans.len()).map_or(u32::MAX, |count| count.saturating_add(1));
        self.spans.push(Span { from, to, number: number.unwrap_or(next) });
    }

    /// The entries of a list whose bracket stands before `at`.
    fn list(&mut self, mut at: usize) {
        loop {
            at = after_space(self.bytes, at);
            match self.bytes.get(at) {
                None | Some(b']') => return,
                Some(b',') => at += 1,
                Some(_) => {
                    let end = end_of_value(self.bytes, at).max(at + 1);
                    self.push(at, end, None);
                    at = end;
                }
            }
        }
    }

    /// One document: the record itself, or an object with a list of records.
    fn document(&mut self, start: usize, end: usize, lists: &[&str]) {
        match self.bytes.get(start..end).and_then(|document| member_list(document, lists)) {
            Some((name, at)) => {
                self.pointer = format!("/{name}");
                self.list(start + at);
            }
            None if end > start => {
                self.by_line = true;
                self.push(start, end, Some(1));
            }
            None => {}
        }
    }

    fn lines(&mut self, start: usize) {
        self.by_line = true;
        let mut from = start;
        let mut number: u32 = 1;
        number += count_lines(self.bytes.get(..start).unwrap_or(&[]));
        while from < self.bytes.len() {
            let rest = self.bytes.get(from..).unwrap_or(&[]);
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or(&[]);
            let text = line.trim_ascii();
            if !text.is_empty() {
                let lead = line.len() - line.trim_ascii_start().len();
                self.push(from + lead, from + lead + text.len(), Some(number));
            }
            from += length + 1;
            number = number.saturating_add(1);
        }
    }

    fn one_after_the_other(&mut self, mut at: usize) {
        self.by_line = true;
        while at < self.bytes.len() {
            let end = end_of_value(self.bytes, at).max(at + 1);
            self.push(at, end, None);
            at = after_space(self.bytes, end);
        }
    }
}

fn count_lines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

fn after_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Where the value that starts at `at` ends: after its last byte, or at the end of a broken document.
fn end_of_value(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'{' | b'[') => end_of_nested(bytes, at),
        Some(b'"') => end_of_text(bytes, at + 1),
        _ => {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace();
            at + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

fn end_of_nested(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            b'"' => at = end_of_text(bytes, at),
            _ => {}
        }
    }
    bytes.len()
}

/// After the closing quote of the text that starts at `at`.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => return at,
            b'\\' => at += 1,
            _ => {}
        }
    }
    bytes.len()
}

/// The first of these members of an object that holds a list: its name and the byte after `[`.
fn member_list<'n>(object: &[u8], names: &[&'n str]) -> Option<(&'n str, usize)> {
    if object.first() != Some(&b'{') {
        return None;
    }
    let mut at = 1;
    loop {
        at = after_space(object, at);
        match object.get(at)? {
            b',' => at += 1,
            b'"' => {
                let end = end_of_text(object, at + 1);
                let name = object.get(at + 1..end.saturating_sub(1))?;
                at = after_space(object, end);
                at = after_space(object, at + 1);
                let known = names.iter().find(|known| known.as_bytes() == name);
                if let Some(known) = known.filter(|_| object.get(at) == Some(&b'[')) {
                    return Some((known, at + 1));
                }
                at = end_of_value(object, at);
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(document: &str, lists: &[&str]) -> Vec<(u32, String)> {
        let records = Records::of(document.as_bytes(), lists);
        let one = |place| {
            let record = records.get(place).unwrap();
            (record.number, String::from_utf8_lossy(record.bytes).into_owned())
        };
        (0..records.len()).map(one).collect()
    }

    fn of(list: &[(u32, &str)]) -> Vec<(u32, String)> {
        list.iter().map(|(number, text)| (*number, (*text).to_owned())).collect()
    }

    #[test]
    fn lists_lines_and_documents() {
        let two = of(&[(1, "{\"a\":\"]\\\"}\"}"), (2, "{\"b\":[1,2]}")]);
        assert_eq!(texts("\u{feff} [ {\"a\":\"]\\\"}\"} , {\"b\":[1,2]} ]\n", &[]), two);
        assert_eq!(texts("{\"a\":\"]\\\"}\"}\n{\"b\":[1,2]}", &[]), two);
        assert_eq!(texts("{\"x\":{\"l\":[]}, \"l\" : [{}, 7]}", &["l"]), of(&[(1, "{}"), (2, "7")]));
        assert_eq!(texts("{\"l\":[{}]}", &["m"]), of(&[(1, "{\"l\":[{}]}")]));
        assert_eq!(texts("{\n}\n{\n}", &[]), of(&[(1, "{\n}"), (2, "{\n}")]));
        assert_eq!(texts("\n{}\n\n {} \n{", &[]), of(&[(2, "{}"), (4, "{}"), (5, "{")]));
        assert!(texts("", &[]).is_empty() && texts("[]", &[]).is_empty());
    }

    #[test]
    fn broken_documents_end() {
        for broken in ["[", "[{", "[{\"", "[\"\\", "[,,", "{\"a", "{\"a\"", "{\"a\":", "]]", "}{", "[}{]"] {
            let _read = texts(broken, &["a"]);
        }
        assert_eq!(texts("[{} x {}]", &[]), of(&[(1, "{}"), (2, "x"), (3, "{}")]));
    }

    #[test]
    fn a_record_knows_where_it_stands() {
        let records = Records::of(b"{\"l\": [\n1,\n2]}", &["l"]);
        let second = records.get(1).unwrap();
        assert_eq!((records.pointer(second, "/a"), records.lines_before(second)), ("/l/1/a".to_owned(), 2));
        let records = Records::of(b"{}\n{}", &[]);
        assert_eq!(records.pointer(records.get(1).unwrap(), "/a"), "/a");
    }
}
