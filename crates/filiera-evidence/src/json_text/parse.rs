use std::collections::BTreeSet;

use filiera_finding::Fault;

use super::Json;

/// Lists and objects inside each other; no format we read comes near, and a recursion this deep
/// still fits the stack of a thread.
const DEEPEST: usize = 160;

/// Why a text is not JSON that we read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    code: &'static str,
    message: String,
    remedy: &'static str,
}

impl JsonFault {
    /// The fault of this file.
    pub(crate) fn of(self, file: &str) -> Fault {
        Fault {
            file: file.to_owned(),
            row: None,
            column: None,
            code: self.code.to_owned(),
            message: self.message,
            remedy: self.remedy.to_owned(),
        }
    }
}

/// The JSON in `bytes`, which must be UTF-8 (a byte order mark is skipped).
///
/// A number that serde_json could not hold (`1e999`) is kept as text like any other.
///
/// # Errors
/// The first fault, with line and column: bad syntax, nesting too deep, a name given twice.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, JsonFault> {
    parse_after(bytes, 0)
}

/// The same for a part of a document, before which so many lines end.
pub(crate) fn parse_after(bytes: &[u8], lines: usize) -> Result<Json, JsonFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| JsonFault {
        code: "json/encoding",
        message: format!("byte {} is not UTF-8", error.valid_up_to() + 1),
        remedy: "save the file as UTF-8",
    })?;
    let mut parser = Parser { text, at: 0, depth: 0, lines };
    parser.skip_space();
    let value = parser.value()?;
    parser.skip_space();
    if parser.at < text.len() {
        return Err(parser.wrong("something follows the end of the document"));
    }
    Ok(value)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// The lines before the text.
    lines: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Json, JsonFault> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.wrong("a value is expected")),
            None => Err(self.wrong("the document ends too early")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json, JsonFault>) -> Result<Json, JsonFault> {
        if self.depth == DEEPEST {
            return Err(JsonFault {
                code: "json/depth",
                message: format!("{} nests lists and objects deeper than {DEEPEST}", self.place()),
                remedy: "export the document flat, one entry beside the other",
            });
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Result<Json, JsonFault> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.eat(b']') {
                return Ok(Json::List(items));
            }
            self.expect(b',', "`,` or `]` is expected")?;
        }
    }

    fn object(&mut self) -> Result<Json, JsonFault> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut names = Names::default();
        if self.eat(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotes is expected"));
            }
            let name = self.string()?;
            if !names.is_new(&members, &name) {
                return Err(self.twice(&name));
            }
            self.skip_space();
            self.expect(b':', "`:` is expected")?;
            members.push((name, self.value()?));
            self.skip_space();
            if self.eat(b'}') {
                return Ok(Json::Object(members));
            }
            self.expect(b',', "`,` or `}` is expected")?;
        }
    }

    fn string(&mut self) -> Result<String, JsonFault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or("");
            let plain = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            let Some(plain) = plain else {
                self.at = self.text.len();
                return Err(self.wrong("a text is not closed"));
            };
            text.push_str(rest.get(..plain).unwrap_or(""));
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => return Err(self.wrong("a text holds a control character")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        self.at += 1;
        let escaped = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.wrong("an escape is not known")),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn unicode(&mut self) -> Result<char, JsonFault> {
        let first = self.four_digits()?;
        let code = if (0xd800..0xdc00).contains(&first) && self.peek() == Some(b'\\') {
            self.at += 1;
            let second = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(self.wrong("half a character is escaped"));
            }
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.wrong("half a character is escaped"))
    }

    fn four_digits(&mut self) -> Result<u32, JsonFault> {
        let digits =
            self.text.get(self.at..).and_then(|rest| rest.strip_prefix('u')).and_then(|rest| rest.get(..4));
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.wrong("four hexadecimal digits are expected"))?;
        self.at += 5;
        Ok(code)
    }

    fn number(&mut self) -> Result<Json, JsonFault> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _signed = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(Json::Number(self.text.get(start..self.at).unwrap_or("").to_owned()))
    }

    fn digits(&mut self) -> Result<(), JsonFault> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        if count == 0 { Err(self.wrong("a digit is expected")) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonFault> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.wrong("a value is expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, or: &str) -> Result<(), JsonFault> {
        if !self.eat(byte) {
            return Err(self.wrong(or));
        }
        self.skip_space();
        Ok(())
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn twice(&self, name: &str) -> JsonFault {
        JsonFault {
            code: "json/name-twice",
            message: format!("{} gives the name `{name}` twice in one object", self.place()),
            remedy: "keep one of the two",
        }
    }

    fn wrong(&self, what: &str) -> JsonFault {
        JsonFault {
            code: "json/syntax",
            message: format!("{} is not JSON: {what}", self.place()),
            remedy: "export the file again, or mend it there",
        }
    }

    fn place(&self) -> String {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = self.lines + before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        format!("line {line}, column {column}")
    }
}

/// So many names are compared one by one, which is quicker than a set.
const FEW: usize = 16;

/// The names of an object's members, once there are many.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn is_new(&mut self, members: &[(String, Json)], name: &str) -> bool {
        if members.len() < FEW {
            return members.iter().all(|(known, _)| known != name);
        }
        if self.0.is_empty() {
            self.0.extend(members.iter().map(|(known, _)| known.clone()));
        }
        self.0.insert(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err().message
    }

    #[test]
    fn values_are_kept_as_written() {
        let read =
            parse(b"\xef\xbb\xbf {\"a\": [1.50, -0, 1e-3, true, null, \"\\u20ac\\ud83d\\ude00\\n/\"]}")
                .unwrap();
        let number = |text: &str| Json::Number(text.into());
        let items = [number("1.50"), number("-0"), number("1e-3"), Json::Bool(true), Json::Null];
        assert_eq!(read.get("a").unwrap().items()[..5], items);
        assert_eq!(read.get("a").unwrap().items()[5], Json::Text("€😀\n/".into()));
        assert_eq!(read.to_value()["a"][0], serde_json::json!(1.5));
    }

    #[test]
    fn a_fault_says_where() {
        assert!(message("{\n \"a\": ]").starts_with("line 2, column 7 is not JSON"));
        for wrong in [
            "",
            "{",
            "[1,]",
            "{\"a\" 1}",
            "\"\\x\"",
            "\"\\ud800\"",
            "01",
            "1.",
            "tru",
            "[1] 2",
            "\"a",
            "\"\u{1}\"",
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(message("{\"a\":1,\"a\":2}").contains("`a` twice"));
        let many: Vec<String> = (0..40).chain([39]).map(|name| format!("\"{name}\":0")).collect();
        assert!(message(&format!("{{{}}}", many.join(","))).contains("`39` twice"));
        assert!(parse(b"\"\xff\"").unwrap_err().message.contains("byte 2"));
    }

    #[test]
    fn deep_nesting_is_a_fault_and_not_a_crash() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(deep(DEEPEST).as_bytes()).is_ok());
        assert!(message(&deep(DEEPEST + 1)).contains("deeper than"));
        assert!(message(&"[".repeat(1_000_000)).contains("deeper than"));
    }
}
