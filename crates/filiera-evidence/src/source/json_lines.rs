use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{CHUNK, Cell, Chunk, RawColumn, Source};
use crate::faults::{FileFaults, Saying};

/// Opens a file of one JSON object per line.
///
/// It is read twice: first for the names, then for the values, so that it need not fit in memory.
pub(super) fn open(path: &Path, faults: &mut FileFaults) -> Option<Box<dyn Source>> {
    let mut lines = Lines::open(path, faults)?;
    let mut headers: Vec<String> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    while let Some((_, text)) = lines.next(None) {
        if let Ok(Object(members)) = serde_json::from_str::<Object<'_>>(&text) {
            for (name, _) in members {
                if !places.contains_key(name.as_ref()) {
                    places.insert(name.clone().into_owned(), headers.len());
                    headers.push(name.into_owned());
                }
            }
        }
    }
    let lines = Lines::open(path, faults)?;
    let wanted = vec![true; headers.len()];
    Some(Box::new(JsonLines { headers, places, wanted, lines }))
}

struct JsonLines {
    headers: Vec<String>,
    places: BTreeMap<String, usize>,
    wanted: Vec<bool>,
    lines: Lines,
}

impl Source for JsonLines {
    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn want(&mut self, wanted: &[bool]) {
        wanted.clone_into(&mut self.wanted);
    }

    fn next_chunk(&mut self, faults: &mut FileFaults) -> Option<Chunk> {
        let mut columns: Vec<Vec<Cell>> = self.headers.iter().map(|_| Vec::new()).collect();
        let mut rows = Vec::new();
        while rows.len() < CHUNK {
            let Some((row, text)) = self.lines.next(Some(faults)) else { break };
            match serde_json::from_str::<Object<'_>>(&text) {
                Err(error) => {
                    let remedy = "write one JSON object per line, such as {\"part\": \"P-1\"}";
                    faults.row(row, None, Saying::new("json/bad", describe(&error), remedy));
                    faults.lose(row, BTreeMap::new());
                }
                Ok(Object(members)) => {
                    self.put(&mut columns, rows.len(), row, members, faults);
                    rows.push(row);
                }
            }
        }
        for (column, wanted) in columns.iter_mut().zip(&self.wanted) {
            column.resize(if *wanted { rows.len() } else { 0 }, Cell::Empty);
        }
        let columns = columns.into_iter().map(RawColumn::Cells).collect();
        (!rows.is_empty()).then_some(Chunk { rows, columns, pointers: None })
    }
}

impl JsonLines {
    fn put(
        &self,
        columns: &mut [Vec<Cell>],
        place: usize,
        row: u32,
        members: Vec<(Cow<'_, str>, &RawValue)>,
        faults: &mut FileFaults,
    ) {
        for (name, value) in members {
            let Some(at) = self.places.get(name.as_ref()).copied() else { continue };
            if !self.wanted.get(at).copied().unwrap_or(false) {
                continue;
            }
            let Some(column) = columns.get_mut(at) else { continue };
            if column.len() > place {
                faults.note_cell("name repeated in one object, first value kept", row, &name, value.get());
                continue;
            }
            column.resize(place, Cell::Empty);
            column.push(read_value(value.get()));
        }
    }
}

fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    format!("the line is no JSON object: {what}, at character {}", error.column())
}

fn read_value(text: &str) -> Cell {
    match text.as_bytes().first() {
        Some(b'"') => {
            serde_json::from_str(text).map_or_else(|error| Cell::Bad(error.to_string()), Cell::Text)
        }
        Some(b't') => Cell::Truth(true),
        Some(b'f') => Cell::Truth(false),
        Some(b'{') => Cell::Bad("an object, not a value".to_owned()),
        Some(b'[') => Cell::Bad("a list, not a value".to_owned()),
        Some(b'n') | None => Cell::Empty,
        Some(_) => Cell::Number(text.to_owned()),
    }
}

/// One JSON object, its values untouched: a number keeps every digit, nesting costs no stack.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(entry) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            members.push(entry);
        }
        Ok(Object(members))
    }
}

/// The lines of a file that are not blank, with their numbers.
struct Lines {
    reader: BufReader<File>,
    path: PathBuf,
    buffer: Vec<u8>,
    number: u32,
    offset: u64,
    ended: bool,
}

impl Lines {
    fn open(path: &Path, faults: &mut FileFaults) -> Option<Self> {
        match File::open(path) {
            Ok(file) => Some(Self {
                reader: BufReader::new(file),
                path: path.to_owned(),
                buffer: Vec::new(),
                number: 0,
                offset: 0,
                ended: false,
            }),
            Err(error) => {
                faults.whole(None, None, unreadable(&error.to_string()));
                None
            }
        }
    }

    /// The next line; one that breaks off is reported to whoever wants to know.
    fn next(&mut self, mut faults: Option<&mut FileFaults>) -> Option<(u32, String)> {
        while !self.ended {
            self.buffer.clear();
            let start = self.offset;
            match self.reader.read_until(b'\n', &mut self.buffer) {
                Ok(0) => break,
                Ok(length) => self.offset += length as u64,
                Err(error) => {
                    self.ended = true;
                    let why = format!("{}: {error}", self.path.display());
                    faults.as_deref_mut().into_iter().for_each(|to| to.whole(None, None, unreadable(&why)));
                    break;
                }
            }
            self.number = self.number.saturating_add(1);
            match std::str::from_utf8(&self.buffer) {
                Ok(line) => {
                    let line = line.trim_start_matches('\u{feff}').trim();
                    if !line.is_empty() {
                        return Some((self.number, line.to_owned()));
                    }
                }
                Err(error) => {
                    self.ended = true;
                    let at = start + error.valid_up_to() as u64;
                    faults.as_deref_mut().into_iter().for_each(|to| to.whole(None, None, not_utf8(at)));
                }
            }
        }
        None
    }
}

fn unreadable(why: &str) -> Saying {
    Saying::new(
        "file/unreadable",
        format!("the file cannot be read: {why}"),
        "check that it is there and whole",
    )
}

fn not_utf8(offset: u64) -> Saying {
    Saying::new(
        "file/encoding",
        format!("byte {offset} (counted from 0) is no UTF-8 text"),
        "JSON is UTF-8: convert the file",
    )
}
