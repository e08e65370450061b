use crate::fault::Faults;
use crate::{Cause, Span};

/// Letters, digits and `_`, not beginning with a digit: what a predicate can write after `$` or `@`,
/// and what a column may be called.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}

/// Letters, digits, `_` and `-`: what a condition, a reading or a case may be called in a reference.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

pub(crate) fn refuse_bad_name(what: &'static str, name: &str, good: bool, span: &Span, faults: &mut Faults) {
    if !good {
        faults.push(Cause::BadName { what, name: name.to_owned() }, span);
    }
}

/// The names that `text` writes after `sign` (`$` or `@`) outside quotes, with the bytes of each, the
/// sign included.
pub(crate) fn names_after(sign: u8, text: &str) -> Vec<(&str, Span)> {
    let bytes = text.as_bytes();
    let mut names = Vec::new();
    let (mut place, mut quote) = (0, None);
    while let Some(byte) = bytes.get(place) {
        match (quote, byte) {
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'\'' | b'"') => quote = Some(*byte),
            (None, byte) if *byte == sign => {
                let rest = text.get(place + 1..).unwrap_or_default();
                let ends =
                    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if let Some(name) = rest.get(..ends).filter(|name| !name.is_empty()) {
                    names.push((name, place..place + 1 + ends));
                }
                place += ends;
            }
            _ => {}
        }
        place += 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_outside_quotes_only() {
        let found = names_after(b'$', "a IN $home AND b <> '$x''$y' AND \"$z\" > $limit_2");
        assert_eq!(found, vec![("home", 5..10), ("limit_2", 40..48)]);
        assert_eq!(names_after(b'@', "origin IN @EU"), vec![("EU", 10..13)]);
        assert!(names_after(b'$', "a = $").is_empty());
        assert!(names_after(b'$', "été = 'é").is_empty());
    }

    #[test]
    fn names_that_can_be_written() {
        assert!(is_identifier("domestic_share") && !is_identifier("domestic-share") && !is_identifier("2x"));
        assert!(is_name("local-content") && !is_name("a#b") && !is_name("") && !is_name("a.b"));
    }
}
