/// The text without characters that act instead of being seen: a terminal would obey an escape
/// sequence in a supplier's file, and a right-to-left override turns a name round.
///
/// Line breaks and tabs become one space each, other such characters are written as `\u{1b}`.
pub(crate) fn clean(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => seen.push(' '),
            c if acts(c) => seen.extend(c.escape_unicode()),
            c => seen.push(c),
        }
    }
    seen
}

/// As [`clean`], line by line: the line breaks stay.
pub(crate) fn clean_lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(|line| clean(&line.replace('\t', "    ")))
}

fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_acts_is_written_out() {
        assert_eq!(clean("Škoda 汽车"), "Škoda 汽车");
        assert_eq!(clean("a\u{1b}[31mred"), "a\\u{1b}[31mred");
        assert_eq!(clean("two\r\nlines\tand"), "two  lines and");
        assert_eq!(clean("abc\u{202e}def"), "abc\\u{202e}def");
    }
}
