use std::fmt;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// Turns the bytes of a file into UTF-8 while they are read.
///
/// Line breaks of every kind become line feeds, so that rows can be counted. A byte order mark decides between UTF-8 and UTF-16, whatever the label says. Bytes that are no
/// text in the encoding are an error that names their place; nothing is replaced silently.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    raw_place: usize,
    raw_length: usize,
    out: Vec<u8>,
    out_place: usize,
    consumed: u64,
    after_return: bool,
    at_end: bool,
}

/// Bytes that are no text in the encoding.
#[derive(Debug)]
pub(super) struct BadBytes {
    /// Where the first of them stands, from 0.
    pub offset: u64,
    /// The encoding's name.
    pub encoding: &'static str,
}

impl fmt::Display for BadBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} is no {}", self.offset, self.encoding)
    }
}

impl std::error::Error for BadBytes {}

const BUFFER: usize = 1 << 16;

impl<R: Read> Utf8Reader<R> {
    /// Reads `inner` as text in `encoding`.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; BUFFER].into_boxed_slice(),
            raw_place: 0,
            raw_length: 0,
            out: Vec::with_capacity(BUFFER * 3 + 16),
            out_place: 0,
            consumed: 0,
            after_return: false,
            at_end: false,
        }
    }

    /// Decodes some more; afterwards `out` holds text, or the end is reached.
    fn fill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.out_place = 0;
        while self.out.is_empty() && !self.at_end {
            if self.raw_place == self.raw_length {
                self.raw_length = self.inner.read(&mut self.raw)?;
                self.raw_place = 0;
            }
            self.decode(self.raw_length == 0)?;
            self.level_breaks();
        }
        Ok(())
    }

    /// `\r\n` and `\r` → `\n`.
    fn level_breaks(&mut self) {
        if !self.after_return && !self.out.contains(&b'\r') {
            return;
        }
        let after = &mut self.after_return;
        self.out.retain_mut(|byte| {
            let second = *byte == b'\n' && *after;
            *after = *byte == b'\r';
            if *after {
                *byte = b'\n';
            }
            !second
        });
    }

    fn decode(&mut self, last: bool) -> io::Result<()> {
        self.out.resize(BUFFER * 3 + 16, 0);
        let source = self.raw.get(self.raw_place..self.raw_length).unwrap_or(&[]);
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(source, &mut self.out, last);
        self.out.truncate(written);
        self.raw_place += read;
        self.consumed += read as u64;
        match result {
            DecoderResult::InputEmpty => self.at_end = last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let back = u64::from(length) + u64::from(after);
                let offset = self.consumed.saturating_sub(back);
                let bad = BadBytes { offset, encoding: self.decoder.encoding().name() };
                return Err(io::Error::new(io::ErrorKind::InvalidData, bad));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.out_place == self.out.len() {
            self.fill()?;
        }
        let ready = self.out.get(self.out_place..).unwrap_or(&[]);
        let count = ready.len().min(target.len());
        if let (Some(to), Some(from)) = (target.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.out_place += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], label: &str) -> Result<String, String> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let mut text = String::new();
        match Utf8Reader::new(bytes, encoding).read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn encodings_and_marks() {
        assert_eq!(read("\u{feff}Größe".as_bytes(), "utf-8").unwrap(), "Größe");
        assert_eq!(read(b"Gr\xf6\xdfe \x80", "windows-1252").unwrap(), "Größe €");
        let utf16: Vec<u8> = "\u{feff}Maß".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, "utf-8").unwrap(), "Maß");
        assert_eq!(read(b"", "utf-8").unwrap(), "");
        assert_eq!(read(b"a\r\nb\rc\n\r\n", "utf-8").unwrap(), "a\nb\nc\n\n");
    }

    #[test]
    fn bad_bytes_are_placed() {
        assert_eq!(read(b"part;Gr\xf6\xdfe", "utf-8").unwrap_err(), "byte 7 is no UTF-8");
        assert_eq!(read(b"abc\xc3", "utf-8").unwrap_err(), "byte 3 is no UTF-8");
        let mut long = vec![b'a'; BUFFER - 1];
        long.extend_from_slice("ö".as_bytes());
        long.push(0xff);
        assert_eq!(read(&long, "utf-8").unwrap_err(), format!("byte {} is no UTF-8", BUFFER + 1));
    }
}
