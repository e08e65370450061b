/// How many names are worth knowing: enough to tell formats apart.
const ENOUGH: usize = 64;

/// The names of the members at the top of a JSON object, as far as they can be made out; none for
/// anything else. Never fails: a broken file is recognised by what it starts with and then refused
/// with its fault. Escapes in names are left as they are.
pub(crate) fn top_keys(bytes: &[u8]) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                if depth == 0 && *byte == b'[' {
                    return keys;
                }
                depth = depth.saturating_add(1);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = end_of_text(bytes, at + 1);
                if depth == 1 && is_name(bytes, end) {
                    keys.extend(bytes.get(at + 1..end).and_then(|name| std::str::from_utf8(name).ok()));
                    if keys.len() == ENOUGH {
                        return keys;
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    keys
}

/// The names of the members at the top of the first record: of a list, of lines, or the document.
///
/// `start` may end in the middle of it.
pub(crate) fn first_keys(start: &[u8]) -> Vec<&str> {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let first = start.strip_prefix(b"[").unwrap_or(start).trim_ascii_start();
    let first = match first.iter().position(|byte| *byte == b'\n') {
        // One record per line, unless the first line is only the beginning of one.
        Some(end) if first.get(..end).is_some_and(|line| line.trim_ascii_end().ends_with(b"}")) => {
            first.get(..end).unwrap_or(first)
        }
        _ => first,
    };
    top_keys(first)
}

/// The place of the closing quote.
fn end_of_text(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn is_name(bytes: &[u8], quote: usize) -> bool {
    let after = bytes.get(quote + 1..).unwrap_or(&[]);
    after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::{first_keys, top_keys};

    #[test]
    fn only_the_top_counts() {
        let text = br#" {"a": {"b": 1, "c": ["d", {"e": 2}]}, "f" : "g\"h", "i":"j"} "#;
        assert_eq!(top_keys(text), ["a", "f", "i"]);
        assert_eq!(top_keys(br#"{"a": 1, "b": [[[["#), ["a", "b"]);
        assert!(top_keys(br#"[{"a": 1}]"#).is_empty());
        assert!(top_keys(b"part,name\n\"a\": 1").is_empty());
        assert!(top_keys(b"\"unclosed").is_empty());
    }

    #[test]
    fn the_first_record_tells() {
        assert_eq!(first_keys(b"\xef\xbb\xbf\n[ {\"a\": {\"x\": 1}, \"b\": 2"), ["a", "b"]);
        assert_eq!(first_keys(b"{\"a\": 1}\n{\"b\": 2}"), ["a"]);
        assert_eq!(first_keys(b"{\n\"a\": 1\n}"), ["a"]);
        assert!(first_keys(b"[1, 2").is_empty() && first_keys(b"").is_empty());
    }
}
