use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;

use arrow::array::StringBuilder;
use csv::StringRecord;
use encoding_rs::Encoding;

use super::decode::{BadBytes, Utf8Reader};
use super::{CHUNK, Chunk, RawColumn, Source, header};
use crate::faults::{FileFaults, Saying};
use crate::format::Format;
use crate::piece::Hints;
use crate::settings::{Ragged, TableSettings};

/// The records of a delimited file, with the row each starts on as a spreadsheet counts.
pub(crate) struct Records {
    reader: csv::Reader<Box<dyn Read>>,
    /// What separates the fields.
    pub delimiter: u8,
    within_cells: u64,
}

impl Records {
    /// Reads the next record; returns its row, or nothing at the end.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<Option<u32>, csv::Error> {
        if !self.reader.read_record(record)? {
            return Ok(None);
        }
        let breaks = record.as_slice().bytes().filter(|byte| *byte == b'\n').count();
        self.within_cells += breaks as u64;
        // Every record ends with a line feed, so the reader now stands on the line after it.
        let row = self.reader.position().line().saturating_sub(1 + self.within_cells);
        Ok(Some(u32::try_from(row).unwrap_or(u32::MAX)))
    }
}

/// Opens the records of a delimited file; a fault says why it cannot be.
pub(crate) fn open_records(
    path: &Path,
    format: Format,
    settings: &TableSettings,
    faults: &mut FileFaults,
) -> Option<Records> {
    let encoding = match &settings.encoding {
        None => encoding_rs::UTF_8,
        Some(label) => match Encoding::for_label(label.trim().as_bytes()) {
            Some(encoding) => encoding,
            None => {
                faults.whole(None, None, unknown_encoding(label));
                return None;
            }
        },
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => {
            faults.whole(None, None, unreadable(&error.to_string()));
            return None;
        }
    };
    let mut text = Utf8Reader::new(file, encoding);
    let mut sample = Vec::new();
    if let Err(error) = text.by_ref().take(1 << 16).read_to_end(&mut sample) {
        faults.whole(None, None, io_fault(&error, settings.encoding.is_some()));
        return None;
    }
    let delimiter = settings.delimiter.unwrap_or_else(|| match format {
        Format::Tsv => b'\t',
        _ => find_delimiter(&sample),
    });
    let all: Box<dyn Read> = Box::new(Cursor::new(sample).chain(text).chain(Cursor::new(b"\n")));
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(1 << 16);
    builder.quote(settings.quote.unwrap_or(b'"'));
    Some(Records { reader: builder.from_reader(all), delimiter, within_cells: 0 })
}

fn unknown_encoding(label: &str) -> Saying {
    Saying::new(
        "file/encoding",
        format!("`{label}` is no encoding"),
        "write a label such as `utf-8`, `windows-1252`, `iso-8859-15` or `utf-16le`",
    )
}

fn unreadable(why: &str) -> Saying {
    Saying::new(
        "file/unreadable",
        format!("the file cannot be read: {why}"),
        "check that it is there and whole",
    )
}

fn io_fault(error: &io::Error, stated: bool) -> Saying {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<BadBytes>()) {
        None => unreadable(&error.to_string()),
        Some(bad) => Saying::new(
            "file/encoding",
            format!("byte {} (counted from 0) is no {} text", bad.offset, bad.encoding),
            if stated {
                "correct `encoding` of the table in dossier.toml"
            } else {
                "state the encoding of the table in dossier.toml, often `encoding = \"windows-1252\"`"
            },
        ),
    }
}

/// Reports why the records break off.
pub(crate) fn record_fault(error: &csv::Error, stated: bool, faults: &mut FileFaults) {
    let saying = match error.kind() {
        csv::ErrorKind::Io(error) => io_fault(error, stated),
        _ => unreadable(&error.to_string()),
    };
    faults.whole(None, None, saying);
}

/// The delimiter with the same count on most of the first lines; of those, the most frequent.
fn find_delimiter(sample: &[u8]) -> u8 {
    let mut best = (0usize, 0usize, b',');
    for delimiter in *b",;\t|" {
        let counts = counts_by_line(sample, delimiter);
        for count in counts.iter().filter(|count| **count > 0) {
            let lines = counts.iter().filter(|other| *other == count).count();
            if (lines, *count) > (best.0, best.1) {
                best = (lines, *count, delimiter);
            }
        }
    }
    best.2
}

/// How often the delimiter stands outside quotes on each of the first twenty lines.
fn counts_by_line(sample: &[u8], delimiter: u8) -> Vec<usize> {
    let (mut counts, mut count, mut quoted) = (Vec::new(), 0, false);
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => {
                counts.push(count);
                count = 0;
            }
            byte if *byte == delimiter && !quoted => count += 1,
            _ => {}
        }
        if counts.len() == 20 {
            return counts;
        }
    }
    counts.push(count);
    counts
}

/// Opens a delimited file as a table.
pub(super) fn open(
    path: &Path,
    format: Format,
    settings: &TableSettings,
    expected: &[String],
    faults: &mut FileFaults,
) -> Option<Box<dyn Source>> {
    let mut records = open_records(path, format, settings, faults)?;
    let stated = settings.encoding.is_some();
    let mut first = Vec::new();
    let enough = settings.header_row.map_or(header::SEARCHED, |row| row as usize);
    while first.len() < enough {
        let mut record = StringRecord::new();
        match records.next(&mut record) {
            Ok(Some(row)) => first.push((row, record)),
            Ok(None) => break,
            Err(error) => {
                record_fault(&error, stated, faults);
                return None;
            }
        }
    }
    let (place, header_row) = find_header(&first, settings, expected, faults)?;
    let headers: Vec<String> = first.get(place)?.1.iter().map(|name| name.trim().to_owned()).collect();
    let ahead = first.into_iter().skip(place + 1).collect();
    let wanted = vec![true; headers.len()];
    let after = header_row.saturating_add(settings.skip_rows);
    let join = join_place(&settings.ragged, &headers, faults);
    let pad = settings.ragged.pad;
    Some(Box::new(Delimited { records, headers, wanted, ahead, after, join, pad, stated, ended: false }))
}

fn find_header(
    first: &[(u32, StringRecord)],
    settings: &TableSettings,
    expected: &[String],
    faults: &mut FileFaults,
) -> Option<(usize, u32)> {
    let rows: Vec<&StringRecord> = first.iter().map(|(_, record)| record).collect();
    let place = match settings.header_row {
        Some(wanted) => first.iter().position(|(row, _)| *row == wanted),
        None => choose_record(&rows, expected),
    };
    let Some(place) = place else {
        faults.whole(settings.header_row, None, no_header());
        return None;
    };
    let row = first.get(place).map_or(1, |(row, _)| *row);
    if place > 0 && settings.header_row.is_none() {
        faults.note("rows above the header left out", || format!("header found in row {row}"));
    }
    Some((place, row))
}

fn choose_record(rows: &[&StringRecord], expected: &[String]) -> Option<usize> {
    let cells: Vec<Vec<&str>> = rows.iter().map(|record| record.iter().collect()).collect();
    header::choose(&cells, expected)
}

/// What an empty file is told.
pub(super) fn no_header() -> Saying {
    Saying::new(
        "file/empty",
        "the file has no row with column names",
        "write the column names in the first row; a file with nothing else is an empty table",
    )
}

/// The column that surplus fields belong to.
fn join_place(ragged: &Ragged, headers: &[String], faults: &mut FileFaults) -> Option<usize> {
    let name = ragged.join.as_ref()?;
    let place = headers.iter().position(|header| header == name);
    if place.is_none() {
        let message = format!("`ragged.join` names the column `{name}`, which the file does not have");
        faults.whole(None, Some(name), Saying::new("table/missing-column", message, list_headers(headers)));
    }
    place
}

/// `the file has …`, for remedies.
pub(crate) fn list_headers(headers: &[String]) -> String {
    const SHOWN: usize = 40;
    let named: Vec<String> =
        headers.iter().filter(|name| !name.is_empty()).take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = headers.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("the file has {}{more}", named.join(", "))
}

struct Delimited {
    records: Records,
    headers: Vec<String>,
    wanted: Vec<bool>,
    ahead: VecDeque<(u32, StringRecord)>,
    after: u32,
    join: Option<usize>,
    pad: bool,
    stated: bool,
    ended: bool,
}

impl Source for Delimited {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, wanted: &[bool]) {
        wanted.clone_into(&mut self.wanted);
    }

    fn hints(&self) -> Hints {
        Hints { comma_likely: self.records.delimiter == b';', ..Hints::default() }
    }

    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk> {
        if self.ended {
            return None;
        }
        let mut rows = Vec::new();
        let mut builders: Vec<StringBuilder> = self.headers.iter().map(|_| StringBuilder::new()).collect();
        let mut record = StringRecord::new();
        while rows.len() < CHUNK {
            let Some(row) = self.next_record(&mut record, faults) else { break };
            if row <= self.after {
                continue;
            }
            if self.take(&record, row, &mut builders, faults) {
                rows.push(row);
            }
        }
        let columns = builders.into_iter().map(|mut texts| RawColumn::Texts(texts.finish())).collect();
        (!rows.is_empty()).then_some(Chunk { rows, columns, pointers: None })
    }
}

impl Delimited {
    fn next_record(&mut self, record: &mut StringRecord, faults: &mut FileFaults) -> Option<u32> {
        if let Some((row, ahead)) = self.ahead.pop_front() {
            *record = ahead;
            return Some(row);
        }
        match self.records.next(record) {
            Ok(Some(row)) => Some(row),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                record_fault(&error, self.stated, faults);
                self.ended = true;
                None
            }
        }
    }

    /// Appends a record to the builders; false: there is nothing to append.
    fn take(
        &self,
        record: &StringRecord,
        row: u32,
        to: &mut [StringBuilder],
        faults: &mut FileFaults,
    ) -> bool {
        let expected = self.headers.len();
        if record.len() == expected {
            if record.iter().all(|field| field.trim().is_empty()) {
                faults.note("empty row", || format!("row {row}"));
                return false;
            }
            for ((field, builder), wanted) in record.iter().zip(to).zip(&self.wanted) {
                if *wanted {
                    builder.append_value(field);
                }
            }
            return true;
        }
        let Some(fields) = self.even_out(record, row, faults) else { return false };
        for ((field, builder), wanted) in fields.iter().zip(to).zip(&self.wanted) {
            if *wanted {
                builder.append_value(field);
            }
        }
        true
    }

    /// The fields of a row of another length, made to fit, or a fault.
    fn even_out(&self, record: &StringRecord, row: u32, faults: &mut FileFaults) -> Option<Vec<String>> {
        let expected = self.headers.len();
        let mut fields: Vec<String> = record.iter().map(str::to_owned).collect();
        if fields.iter().all(|field| field.trim().is_empty()) {
            faults.note("empty row", || format!("row {row}"));
            return None;
        }
        if fields.len() > expected && fields.iter().skip(expected).all(|field| field.trim().is_empty()) {
            faults.note("empty fields beyond the last column", || format!("row {row}"));
            fields.truncate(expected);
        }
        if fields.len() > expected
            && let Some(place) = self.join
        {
            faults.note("surplus fields joined", || format!("row {row}, column {}", self.header(place)));
            fields = join_surplus(&fields, place, expected, self.records.delimiter);
        }
        if fields.len() < expected && self.pad {
            faults.note("missing fields taken as empty", || format!("row {row}"));
            fields.resize(expected, String::new());
        }
        if fields.len() == expected {
            return Some(fields);
        }
        self.report_length(&fields, row, faults);
        None
    }

    fn header(&self, place: usize) -> &str {
        self.headers.get(place).map_or("", String::as_str)
    }

    fn report_length(&self, fields: &[String], row: u32, faults: &mut FileFaults) {
        let (have, expected) = (fields.len(), self.headers.len());
        let message = format!("the row has {}, the header {expected}", fields_of(have));
        let saying = if have > expected {
            let mark = char::from(self.records.delimiter);
            let remedy = format!(
                "quote the field that holds `{mark}`, or name its column: `ragged = {{ join = \"…\" }}`"
            );
            Saying::new("row/ragged", message, remedy)
        } else {
            let remedy =
                "complete the row; or, where trailing fields may be left out, set `ragged = { pad = true }`";
            Saying::new("row/short", message, remedy)
        };
        faults.row(row, None, saying);
        faults.lose(row, self.headers.iter().cloned().zip(fields.iter().cloned()).collect());
    }
}

/// `1 field`, `3 fields`.
pub(crate) fn fields_of(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

/// Joins the surplus fields of a row into the column at `place`.
pub(crate) fn join_surplus(fields: &[String], place: usize, expected: usize, delimiter: u8) -> Vec<String> {
    let surplus = fields.len().saturating_sub(expected);
    let (before, rest) = fields.split_at(place.min(fields.len()));
    let (joined, after) = rest.split_at((surplus + 1).min(rest.len()));
    let mut even = before.to_vec();
    even.push(joined.join(&char::from(delimiter).to_string()));
    even.extend_from_slice(after);
    even
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found() {
        assert_eq!(find_delimiter(b"Teil;Menge;Preis\nA;1;1,5\nB;2;2,5\n"), b';');
        assert_eq!(find_delimiter(b"a,b\n\"x;y;z\",2\n"), b',');
        assert_eq!(find_delimiter(b"Report of 2026; all plants\na\tb\tc\n1\t2\t3\n"), b'\t');
        assert_eq!(find_delimiter(b"single\n1\n"), b',');
    }

    #[test]
    fn surplus_is_joined_where_told() {
        let fields: Vec<String> = ["a", "b", " c", "d"].iter().map(|f| (*f).to_owned()).collect();
        assert_eq!(join_surplus(&fields, 1, 3, b','), ["a", "b, c", "d"]);
        assert_eq!(join_surplus(&fields, 2, 3, b','), ["a", "b", " c,d"]);
    }
}
