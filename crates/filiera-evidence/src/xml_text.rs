//! XML as outside formats send it: elements by their local names, nesting limited, nothing fetched and
//! no entity expanded but the five of XML itself.

use filiera_finding::Fault;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::json_text::Json;

/// Elements inside each other; no format we read comes near.
const DEEPEST: usize = 160;

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name without the prefix of a name space.
    pub(crate) name: String,
    /// Its attributes by local name.
    attributes: Vec<(String, String)>,
    /// Its own text, without the spaces around it.
    text: String,
    pub(crate) children: Vec<Element>,
    /// The line on which it starts.
    pub(crate) line: u32,
}

impl Element {
    /// The text, when there is any.
    pub(crate) fn text(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(self.text.as_str())
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at the end of these steps, each the first of its name.
    pub(crate) fn at(&self, steps: &[&str]) -> Option<&Self> {
        steps.iter().try_fold(self, |element, step| element.child(step))
    }

    /// The text of the element at the end of these steps.
    pub(crate) fn text_at(&self, steps: &[&str]) -> Option<&str> {
        self.at(steps).and_then(Self::text)
    }

    /// The same as JSON: members by name, what repeats as a list; attributes are left out.
    pub(crate) fn to_json(&self) -> Json {
        if self.children.is_empty() {
            return Json::Text(self.text.clone());
        }
        let mut members: Vec<(String, Json)> = Vec::new();
        for child in &self.children {
            let json = child.to_json();
            match members.iter_mut().find(|(name, _)| *name == child.name) {
                None => members.push((child.name.clone(), json)),
                Some((_, Json::List(list))) => list.push(json),
                Some((_, other)) => *other = Json::List(vec![std::mem::replace(other, Json::Null), json]),
            }
        }
        Json::Object(members)
    }

    /// The attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Hands every element of one of these names to `found`, whole, in the order of the document.
///
/// # Errors
/// The first fault, with its line: the elements before it have been handed over.
pub(crate) fn each_element(
    file: &str,
    bytes: &[u8],
    names: &[&str],
    mut found: impl FnMut(Element),
) -> Result<(), Box<Fault>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("byte {} is not UTF-8", error.valid_up_to() + 1);
        fault(file, None, "xml/encoding", message, "save the file as UTF-8")
    })?;
    let mut walk = Walk { text, reader: Reader::from_str(text), line: 1, counted: 0, open: Vec::new() };
    walk.reader.config_mut().expand_empty_elements = true;
    while let Some(step) = walk.step().map_err(|wrong| wrong.of(file, &walk))? {
        if let Some(element) = walk.take(step, names).map_err(|wrong| wrong.of(file, &walk))? {
            found(element);
        }
    }
    Ok(())
}

/// The name of the outermost element, as far as the start of a document tells; `start` may end anywhere.
pub(crate) fn root_name(start: &[u8]) -> Option<String> {
    let valid = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let text = valid.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                return Some(start.local_name().as_ref().to_owned());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

struct Wrong(&'static str, String);

impl Wrong {
    fn of(self, file: &str, walk: &Walk<'_>) -> Box<Fault> {
        fault(file, Some(walk.line), self.0, self.1, "export the file again, or mend it there")
    }
}

fn fault(file: &str, row: Option<u32>, code: &str, message: String, remedy: &str) -> Box<Fault> {
    let (file, code, remedy) = (file.to_owned(), code.to_owned(), remedy.to_owned());
    Box::new(Fault { file, row, column: None, code, message, remedy })
}

struct Walk<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    line: u32,
    /// The bytes whose lines are counted.
    counted: usize,
    /// The elements that are being gathered, outermost first; elements around them are only `None`.
    open: Vec<Option<Element>>,
}

enum Step {
    Opens(Element),
    Says(String),
    Closes,
    Other,
}

impl Walk<'_> {
    fn step(&mut self) -> Result<Option<Step>, Wrong> {
        let event = self.reader.read_event();
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len());
        let line = self.line;
        let passed = self.text.as_bytes().get(self.counted..at).unwrap_or(&[]);
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        self.counted = at.max(self.counted);
        let wrong =
            |error: &dyn std::fmt::Display| Wrong("xml/syntax", format!("the file is not XML: {error}"));
        let step = match event.map_err(|error| wrong(&error))? {
            Event::Eof if self.open.is_empty() => return Ok(None),
            Event::Eof => return Err(wrong(&"it ends inside an element")),
            Event::Start(start) => Step::Opens(element(&start, line).map_err(|error| wrong(&error))?),
            Event::End(_) => Step::Closes,
            Event::Text(text) => Step::Says(text.xml10_content().into_owned()),
            Event::CData(text) => Step::Says(text.xml10_content().into_owned()),
            Event::GeneralRef(entity) => {
                let name = entity.xml10_content();
                let character = entity.resolve_char_ref().map_err(|error| wrong(&error))?;
                let known = character.map(String::from);
                let known = known.or_else(|| resolve_predefined_entity(&name).map(str::to_owned));
                Step::Says(known.ok_or_else(|| wrong(&format!("the entity `{name}` is not known")))?)
            }
            _ => Step::Other,
        };
        Ok(Some(step))
    }

    /// Takes a step in; an element of one of the names comes back when it closes.
    fn take(&mut self, step: Step, names: &[&str]) -> Result<Option<Element>, Wrong> {
        match step {
            Step::Opens(element) => {
                if self.open.len() == DEEPEST {
                    let message = format!("elements are nested deeper than {DEEPEST}");
                    return Err(Wrong("xml/depth", message));
                }
                let inside = self.open.last().is_some_and(Option::is_some);
                let wanted = inside || names.contains(&element.name.as_str());
                self.open.push(wanted.then_some(element));
            }
            Step::Says(text) => {
                if let Some(Some(element)) = self.open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Step::Closes => return Ok(self.close()),
            Step::Other => {}
        }
        Ok(None)
    }

    fn close(&mut self) -> Option<Element> {
        let mut element = self.open.pop().flatten()?;
        let trimmed = element.text.trim();
        if trimmed.len() < element.text.len() {
            element.text = trimmed.to_owned();
        }
        match self.open.last_mut() {
            Some(Some(parent)) => {
                parent.children.push(element);
                None
            }
            _ => Some(element),
        }
    }
}

fn element(start: &BytesStart<'_>, line: u32) -> Result<Element, quick_xml::Error> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0)?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    let name = start.local_name().as_ref().to_owned();
    Ok(Element { name, attributes, line, ..Element::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str, names: &[&str]) -> Result<Vec<Element>, Box<Fault>> {
        let mut all = Vec::new();
        each_element("x", text.as_bytes(), names, |element| all.push(element)).map(|()| all)
    }

    #[test]
    fn elements_are_known_by_their_local_names() {
        let text = "<?xml version=\"1.0\"?>\n<a:l xmlns:a=\"u\">\n <a:r i='&lt;1'> x &amp;&#33; <y/> z</a:r><r>é</r></a:l>";
        let found = elements(text, &["r"]).unwrap();
        assert_eq!((found.len(), found[0].line, found[0].attribute("i")), (2, 3, Some("<1")));
        assert_eq!((found[0].text(), found[1].text()), (Some("x &!  z"), Some("é")));
        assert!(found[0].child("y").is_some() && found[0].text_at(&["y"]).is_none());
        let json = found[0].to_json();
        assert_eq!((json.get("y"), json.members().len()), (Some(&Json::Text(String::new())), 1));
        assert_eq!(root_name(text.as_bytes()).as_deref(), Some("l"));
        assert_eq!(root_name(&text.as_bytes()[..30]), None);
    }

    #[test]
    fn faults_have_their_line() {
        for (text, line) in
            [("<a>\n<b></a>", 2), ("<a>", 1), ("<a>&bomb;</a>", 1), ("<a b=1/>", 1), (&"<a>".repeat(200), 1)]
        {
            assert_eq!(elements(text, &["a"]).unwrap_err().row, Some(line), "{text}");
        }
        assert!(elements("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", &["a"]).is_err());
        assert_eq!(root_name(b"{}"), None);
    }
}
