use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_model::Day;
use toml_edit::{ArrayOfTables, Document, Item, TableLike, Value};

use crate::fault::Faults;
use crate::{Cause, Span, Spanned, Sql};

/// A table of the text, read key by key. What is wrong goes to the [`Faults`] handed in, and the
/// answer is then nothing.
#[derive(Clone)]
pub(crate) struct Keys<'a> {
    table: &'a dyn TableLike,
    /// The table whose keys count where ours has none, and the keys that do not.
    base: Option<(Box<Keys<'a>>, Vec<&'static str>)>,
    /// The path, for messages: `condition.local-content`.
    pub(crate) place: String,
    /// The heading, or the key of an inline table.
    pub(crate) span: Span,
}

/// What stands at a key.
#[derive(Clone)]
pub(crate) struct Entry<'a> {
    pub(crate) node: Node<'a>,
    /// The path, for messages.
    pub(crate) place: String,
    /// The value; of a table, its heading or its key.
    pub(crate) span: Span,
    /// The key; of an entry of a list, its value.
    pub(crate) key: Span,
}

/// One node of the text.
#[derive(Clone, Copy)]
pub(crate) enum Node<'a> {
    Value(&'a Value),
    Table(&'a dyn TableLike),
    Tables(&'a ArrayOfTables),
    Nothing,
}

/// Reads the text as TOML, or notes why it is none.
pub(crate) fn document(text: &Arc<str>, faults: &mut Faults) -> Option<Document<Arc<str>>> {
    match Document::parse(Arc::clone(text)) {
        Ok(document) => Some(document),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            faults.push(Cause::Syntax(error.message().replace('\n', "; ")), &span);
            None
        }
    }
}

impl<'a> Keys<'a> {
    /// The whole document.
    pub(crate) fn root(table: &'a dyn TableLike, known: &[&str], faults: &mut Faults) -> Self {
        let keys = Self { table, base: None, place: String::new(), span: 0..0 };
        keys.refuse_unknown(known, faults);
        keys
    }

    /// The table at `entry`; keys that are not `known` are faults. No `known`: any key.
    pub(crate) fn open(entry: &Entry<'a>, known: &[&str], faults: &mut Faults) -> Option<Self> {
        let Some(table) = entry.node.table() else {
            faults.push(entry.wrong_type("a table"), &entry.span);
            return None;
        };
        let keys = Self { table, base: None, place: entry.place.clone(), span: entry.span.clone() };
        keys.refuse_unknown(known, faults);
        Some(keys)
    }

    /// The same table, with the keys of `base` where it has none, but for those in `without`.
    pub(crate) fn over(mut self, base: Self, without: Vec<&'static str>) -> Self {
        self.base = Some((Box::new(base), without));
        self
    }

    /// The path and place to report what is missing at: those of the base, if there is one.
    pub(crate) fn anchor(&self) -> (&str, &Span) {
        self.base.as_ref().map_or((&self.place, &self.span), |(base, _)| base.anchor())
    }

    /// Whether the table itself has the key, whatever the base has.
    pub(crate) fn has_own(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn refuse_unknown(&self, known: &[&str], faults: &mut Faults) {
        if known.is_empty() {
            return;
        }
        for (key, entry) in self.entries() {
            if known.contains(&key.as_str()) {
                continue;
            }
            let instead = faults.near(&key, known.iter().copied());
            let place = self.place.clone();
            faults.push(Cause::UnknownKey { key, place, instead }, &entry.key);
        }
    }

    /// Every key of the table itself, in the order of the file.
    pub(crate) fn entries(&self) -> Vec<(String, Entry<'a>)> {
        let names = self.table.iter().map(|(name, _)| name);
        names.filter_map(|name| Some((name.to_owned(), self.entry_in(self.table, name)?))).collect()
    }

    /// What stands at `key`, here or in the base.
    pub(crate) fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        self.entry_in(self.table, key).or_else(|| {
            let (base, without) = self.base.as_ref()?;
            if without.contains(&key) { None } else { base.get(key) }
        })
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    fn entry_in(&self, table: &'a dyn TableLike, key: &str) -> Option<Entry<'a>> {
        let (name, item) = table.get_key_value(key)?;
        let key_span = name.span().or_else(|| item.span()).unwrap_or_else(|| self.span.clone());
        let span = item.span().filter(|span| !span.is_empty()).unwrap_or_else(|| key_span.clone());
        let place = if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) };
        Some(Entry { node: Node::of(item), place, span, key: key_span })
    }

    /// Notes that `key` is missing.
    pub(crate) fn missing(&self, key: &'static str, faults: &mut Faults) {
        let (place, span) = self.anchor();
        faults.push(Cause::MissingKey { key, place: place.to_owned() }, span);
    }

    /// What stands at `key`, which must be there.
    pub(crate) fn required(&self, key: &'static str, faults: &mut Faults) -> Option<Entry<'a>> {
        let entry = self.get(key);
        if entry.is_none() {
            self.missing(key, faults);
        }
        entry
    }

    /// The table at `key`.
    pub(crate) fn table(&self, key: &'static str, known: &[&str], faults: &mut Faults) -> Option<Keys<'a>> {
        Keys::open(&self.get(key)?, known, faults)
    }

    /// The text at `key`; blank is a fault.
    pub(crate) fn text(&self, key: &'static str, faults: &mut Faults) -> Option<Spanned<String>> {
        self.get(key)?.text(faults)
    }

    /// The text at `key`, which must be there.
    pub(crate) fn required_text(&self, key: &'static str, faults: &mut Faults) -> Option<Spanned<String>> {
        self.required(key, faults)?.text(faults)
    }

    /// The predicate at `key`.
    pub(crate) fn sql(&self, key: &'static str, faults: &mut Faults) -> Option<Sql> {
        self.get(key)?.sql(faults)
    }

    /// The day at `key`.
    pub(crate) fn day(&self, key: &'static str, faults: &mut Faults) -> Option<Day> {
        self.get(key)?.day(faults)
    }

    /// True or false at `key`; absent: false.
    pub(crate) fn truth(&self, key: &'static str, faults: &mut Faults) -> bool {
        self.get(key).and_then(|entry| entry.truth(faults)).unwrap_or(false)
    }

    /// The entries of the list at `key`; none when there is no such key.
    pub(crate) fn list(&self, key: &'static str, faults: &mut Faults) -> Vec<Entry<'a>> {
        self.get(key).and_then(|entry| entry.list(faults)).unwrap_or_default()
    }

    /// One of the words of a closed list at `key`.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &'static str,
        what: &'static str,
        words: &[(&'static str, T)],
        faults: &mut Faults,
    ) -> Option<Spanned<T>> {
        self.get(key)?.word(what, words, faults)
    }
}

impl<'a> Node<'a> {
    fn of(item: &'a Item) -> Self {
        match item {
            Item::Value(value) => Self::Value(value),
            Item::Table(table) => Self::Table(table),
            Item::ArrayOfTables(tables) => Self::Tables(tables),
            Item::None => Self::Nothing,
        }
    }

    fn table(self) -> Option<&'a dyn TableLike> {
        match self {
            Self::Table(table) => Some(table),
            Self::Value(Value::InlineTable(table)) => Some(table),
            _ => None,
        }
    }

    /// What it is, for messages.
    fn kind(self) -> &'static str {
        match self {
            Self::Value(Value::String(_)) => "text",
            Self::Value(Value::Integer(_)) => "a whole number",
            Self::Value(Value::Float(_)) => "a decimal number",
            Self::Value(Value::Boolean(_)) => "true or false",
            Self::Value(Value::Datetime(_)) => "a day or time",
            Self::Value(Value::Array(_)) => "a list",
            Self::Value(Value::InlineTable(_)) | Self::Table(_) => "a table",
            Self::Tables(_) => "a list of tables",
            Self::Nothing => "nothing",
        }
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn wrong_type(&self, wanted: &'static str) -> Cause {
        Cause::WrongType { place: self.place.clone(), wanted, found: self.node.kind() }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self.node, Node::Value(Value::String(_)))
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.node, Node::Value(Value::Array(_)) | Node::Tables(_))
    }

    pub(crate) fn as_integer(&self) -> Option<i64> {
        if let Node::Value(value) = self.node { value.as_integer() } else { None }
    }

    /// The text, which may be blank.
    pub(crate) fn any_text(&self, faults: &mut Faults) -> Option<Spanned<String>> {
        if let Node::Value(Value::String(text)) = self.node {
            return Some(Spanned::new(text.value().clone(), self.span.clone()));
        }
        faults.push(self.wrong_type("text"), &self.span);
        None
    }

    /// The text; blank is a fault.
    pub(crate) fn text(&self, faults: &mut Faults) -> Option<Spanned<String>> {
        let text = self.any_text(faults)?;
        if text.trim().is_empty() {
            faults.push(Cause::Empty(self.place.clone()), &self.span);
            return None;
        }
        Some(text)
    }

    /// The text as a predicate, with the place between its quotes.
    pub(crate) fn sql(&self, faults: &mut Faults) -> Option<Sql> {
        let text = self.text(faults)?;
        Some(Sql { span: inside_quotes(&faults.text, &text.span), text: text.value })
    }

    /// The day.
    pub(crate) fn day(&self, faults: &mut Faults) -> Option<Day> {
        let day = self.as_day();
        if day.is_none() {
            faults.push(self.wrong_type("a day such as 2026-03-01, without quotes"), &self.span);
        }
        day
    }

    fn as_day(&self) -> Option<Day> {
        let Node::Value(Value::Datetime(stated)) = self.node else { return None };
        let stated = stated.value();
        let date = stated.date.filter(|_| stated.time.is_none() && stated.offset.is_none())?;
        Day::from_ymd(i32::from(date.year), u32::from(date.month), u32::from(date.day))
    }

    /// True or false.
    pub(crate) fn truth(&self, faults: &mut Faults) -> Option<bool> {
        if let Node::Value(Value::Boolean(truth)) = self.node {
            return Some(*truth.value());
        }
        faults.push(self.wrong_type("true or false"), &self.span);
        None
    }

    /// The entries of a list: of values, of tables in braces, or of tables under headings.
    pub(crate) fn list(&self, faults: &mut Faults) -> Option<Vec<Entry<'a>>> {
        let nodes: Vec<(Node<'a>, Option<Span>)> = match self.node {
            Node::Value(Value::Array(array)) => array.iter().map(|v| (Node::Value(v), v.span())).collect(),
            Node::Tables(tables) => tables.iter().map(|t| (Node::Table(t), t.span())).collect(),
            _ => {
                faults.push(self.wrong_type("a list"), &self.span);
                return None;
            }
        };
        let entry = |(place, (node, span)): (usize, (Node<'a>, Option<Span>))| {
            let span = span.unwrap_or_else(|| self.span.clone());
            Entry { node, place: format!("{}[{}]", self.place, place + 1), key: span.clone(), span }
        };
        Some(nodes.into_iter().enumerate().map(entry).collect())
    }

    /// The texts of a list: at least one, none blank, none twice.
    pub(crate) fn texts(&self, faults: &mut Faults) -> Option<Vec<Spanned<String>>> {
        if self.list(faults)?.is_empty() {
            faults.push(Cause::Empty(self.place.clone()), &self.span);
            return None;
        }
        Some(self.texts_or_none(faults))
    }

    /// The texts of a list, which may be empty: none blank, none twice.
    pub(crate) fn texts_or_none(&self, faults: &mut Faults) -> Vec<Spanned<String>> {
        let entries = self.list(faults).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let mut texts = Vec::new();
        for entry in &entries {
            let Some(text) = entry.text(faults) else { continue };
            if seen.insert(text.value.clone()) {
                texts.push(text);
            } else {
                faults.push(Cause::Repeated(text.value), &text.span);
            }
        }
        texts
    }

    /// One text, or the texts of a list.
    pub(crate) fn text_or_texts(&self, faults: &mut Faults) -> Option<Vec<Spanned<String>>> {
        if self.is_list() { self.texts(faults) } else { Some(vec![self.text(faults)?]) }
    }

    /// One of the words of a closed list.
    pub(crate) fn word<T: Copy>(
        &self,
        what: &'static str,
        words: &[(&'static str, T)],
        faults: &mut Faults,
    ) -> Option<Spanned<T>> {
        let text = self.text(faults)?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(Spanned::new(*meaning, text.span));
        }
        let instead = faults.near(&text.value, words.iter().map(|(word, _)| *word));
        faults.push(Cause::UnknownWord { what, word: text.value, instead }, &text.span);
        None
    }

    /// The bytes from the first to the last of everything that belongs to the node.
    pub(crate) fn extent(&self) -> Span {
        let mut extent = self.span.clone();
        if let Some(table) = self.node.table() {
            widen(&mut extent, table);
        }
        extent
    }
}

fn widen(extent: &mut Span, table: &dyn TableLike) {
    for (_, item) in table.iter() {
        if let Some(span) = item.span().filter(|span| !span.is_empty()) {
            extent.start = extent.start.min(span.start);
            extent.end = extent.end.max(span.end);
        }
        match item {
            Item::Table(table) => widen(extent, table),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| widen(extent, table)),
            _ => {}
        }
    }
}

/// The bytes between the quotes of the TOML string at `span`.
pub(crate) fn inside_quotes(text: &str, span: &Span) -> Span {
    let raw = text.get(span.clone()).unwrap_or_default();
    for quotes in ["\"\"\"", "'''"] {
        if raw.len() >= 6 && raw.starts_with(quotes) {
            let first = raw.get(3..).unwrap_or_default();
            let newline = if first.starts_with("\r\n") { 2 } else { usize::from(first.starts_with('\n')) };
            return span.start + 3 + newline..span.end - 3;
        }
    }
    if raw.len() >= 2 { span.start + 1..span.end - 1 } else { span.clone() }
}
