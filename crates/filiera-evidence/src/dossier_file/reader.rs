use std::ops::Range;

use filiera_finding::{Fault, ReaderReport};
use toml_edit::Item;

use crate::words::suggestion;

type Span = Option<Range<usize>>;

/// Reads values out of a TOML text and reports whatever is wrong with its line.
pub(super) struct TomlReader<'a> {
    file: &'a str,
    text: &'a str,
    report: &'a mut ReaderReport,
}

impl<'a> TomlReader<'a> {
    pub fn new(file: &'a str, text: &'a str, report: &'a mut ReaderReport) -> Self {
        Self { file, text, report }
    }

    /// The line a span starts on, from 1.
    pub fn line(&self, span: Span) -> u32 {
        let before = span.and_then(|span| self.text.get(..span.start)).unwrap_or("");
        u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
    }

    pub fn fault(&mut self, span: Span, key: Option<&str>, code: &str, message: String, remedy: String) {
        let row = span.is_some().then(|| self.line(span));
        let column = key.map(str::to_owned);
        self.report.fault(Fault {
            file: self.file.to_owned(),
            row,
            column,
            code: code.to_owned(),
            message,
            remedy,
        });
    }

    pub fn wrong_type(&mut self, item: &Item, key: &str, expected: &str, remedy: String) {
        let message = format!("`{key}` is a {}, not {expected}", item.type_name());
        self.fault(item.span(), Some(key), "dossier/type", message, remedy);
    }

    /// The entries of a table, with the place of each key; a fault when it is none.
    pub fn entries<'i>(&mut self, item: &'i Item, name: &str) -> Vec<(String, Span, &'i Item)> {
        let Some(table) = item.as_table_like() else {
            self.wrong_type(item, name, "a table", format!("write `[{name}]` and its entries below"));
            return Vec::new();
        };
        table
            .iter()
            .map(|(name, value)| {
                let span = table.get_key_value(name).and_then(|(key, _)| key.span());
                (name.to_owned(), span, value)
            })
            .collect()
    }

    /// Reports the keys of a table that nobody understands.
    pub fn known_keys(&mut self, item: &Item, place: &str, known: &[&str]) {
        let Some(table) = item.as_table_like() else { return };
        for (name, value) in table.iter() {
            if !known.contains(&name) {
                let span = table.get_key_value(name).and_then(|(key, _)| key.span()).or_else(|| value.span());
                let hint = suggestion(name, known.iter().copied());
                let remedy = format!("known are {}{hint}", known.join(", "));
                let message = format!("`{name}` means nothing in {place}");
                self.fault(span, Some(name), "dossier/unknown-key", message, remedy);
            }
        }
    }

    /// A text.
    pub fn text(&mut self, table: &Item, key: &str) -> Option<String> {
        let item = table.get(key)?;
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(item, key, "a text", format!("write `{key} = \"…\"`"));
        }
        text
    }

    /// A list of texts; one text alone is a list of one.
    pub fn texts(&mut self, table: &Item, key: &str) -> Option<Vec<String>> {
        let item = table.get(key)?;
        if let Some(text) = item.as_str() {
            return Some(vec![text.to_owned()]);
        }
        let texts = item
            .as_array()
            .and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            self.wrong_type(item, key, "a list of texts", format!("write `{key} = [\"…\"]`"));
        }
        texts
    }

    /// True or false.
    pub fn truth(&mut self, table: &Item, key: &str) -> Option<bool> {
        let item = table.get(key)?;
        let truth = item.as_bool();
        if truth.is_none() {
            self.wrong_type(item, key, "true or false", format!("write `{key} = true`"));
        }
        truth
    }

    /// A row number or count.
    pub fn count(&mut self, table: &Item, key: &str) -> Option<u32> {
        let item = table.get(key)?;
        let count = item.as_integer().and_then(|number| u32::try_from(number).ok());
        if count.is_none() {
            self.wrong_type(item, key, "a row number", format!("write `{key} = 1`"));
        }
        count
    }

    /// One character of ASCII, such as a delimiter.
    pub fn byte(&mut self, table: &Item, key: &str) -> Option<u8> {
        let text = self.text(table, key)?;
        let byte = match text.as_bytes() {
            [one] if one.is_ascii() => Some(*one),
            _ if text == "tab" => Some(b'\t'),
            _ => None,
        };
        if byte.is_none() {
            let message = format!("`{text}` is not one character");
            let span = table.get(key).and_then(Item::span);
            let remedy = format!("write `{key} = \";\"`, or `\"tab\"`");
            self.fault(span, Some(key), "dossier/value", message, remedy);
        }
        byte
    }

    /// The text of a value as it stands, without quotes: an exact number, a day, a word.
    pub fn scalar(&self, item: &Item) -> Option<String> {
        if let Some(text) = item.as_str() {
            return Some(text.to_owned());
        }
        let value = item.as_value().filter(|value| !value.is_array() && !value.is_inline_table())?;
        let written = value.span().and_then(|span| self.text.get(span)).map(str::to_owned);
        Some(written.unwrap_or_else(|| value.to_string()).trim().to_owned())
    }
}
