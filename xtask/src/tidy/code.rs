//! Rust source as tidy reads it: comments and text blanked out, tests set apart.

/// `source` with every comment, string and character literal replaced by spaces; lines and columns
/// stay where they were.
pub fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut previous = ' ';
    while let Some(first) = rest.chars().next() {
        let (length, blank) = token(rest, previous);
        let (taken, after) = rest.split_at(length.clamp(first.len_utf8(), rest.len()));
        if blank {
            code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            code.push_str(taken);
        }
        previous = taken.chars().next_back().unwrap_or(' ');
        rest = after;
    }
    code
}

/// Bytes of the token `rest` starts with, and whether it is to be blanked.
fn token(rest: &str, previous: char) -> (usize, bool) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), true);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), true);
    }
    if let Some(length) = raw_string(rest, previous) {
        return (length, true);
    }
    if rest.starts_with('"') {
        return (string(rest), true);
    }
    match character(rest) {
        Some(length) => (length, true),
        None => (1, false),
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, also behind `b` or `c`; not an identifier that ends in `r`, nor `r#name`.
fn raw_string(rest: &str, previous: char) -> Option<usize> {
    if previous.is_alphanumeric() || previous == '_' {
        return None;
    }
    let after_r = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    let body = after_r[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let open = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| open + at + end.len()))
}

fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `'x'` or `'\n'`, not the lifetime `'x`.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return escape[first..].find('\'').map(|at| 2 + first + at + 1);
    }
    let length = body.chars().next()?.len_utf8();
    body[length..].starts_with('\'').then_some(length + 2)
}

const TEST_MARK: &str = "#[cfg(test)]";

/// Code (as [`code_only`] gives it) without the items marked `#[cfg(test)]`; lines stay.
pub fn without_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(TEST_MARK) {
        let (before, item) = rest.split_at(at);
        let (item, after) = item.split_at(item_end(item));
        kept.push_str(before);
        kept.extend(item.chars().filter(|&c| c == '\n'));
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// Where the item ends that `item` starts with: at its `;`, or the brace that closes its first one.
fn item_end(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in item.bytes().enumerate() {
        match byte {
            b';' if depth == 0 => return at + 1,
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && byte == b'}' {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    item.len()
}

/// Names of the modules that `code` declares for tests in files of their own: `#[cfg(test)] mod x;`.
pub fn test_modules(code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(TEST_MARK) {
        let item = &code[at..];
        let item = item[TEST_MARK.len()..item_end(item)].trim();
        if let Some(name) = item.strip_suffix(';').and_then(|item| item.rsplit_once("mod ")) {
            names.push(name.1.trim());
        }
    }
    names
}

/// Lines, counted from 1, on which `found` says something.
pub fn lines_where<'a>(
    code: &'a str,
    mut found: impl FnMut(&'a str) -> bool + 'a,
) -> impl Iterator<Item = usize> + 'a {
    code.lines().enumerate().filter(move |(_, line)| found(line)).map(|(at, _)| at + 1)
}

/// Whether `line` holds `word`, not as a part of a longer name.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let continues = word.ends_with(is_name) && after.is_some_and(is_name);
        !before.is_some_and(is_name) && !continues
    })
}

/// Whether `c` may stand in a name.
pub fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_go_lines_stay() {
        let source = "a /* x /* y */ z */ b // todo!\nc(\"todo!\\\"\", 'd', '\\'', '\\u{41}') r#\"e\"f\"# g";
        let code = code_only(source);
        let words: Vec<&str> = code.split_whitespace().collect();
        assert_eq!(words, ["a", "b", "c(", ",", ",", ",", ")", "g"]);
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn lifetimes_and_raw_names_are_code() {
        for source in ["fn f<'a>(x: &'a str) -> &'a str", "r#type + for_r"] {
            assert_eq!(code_only(source), source);
        }
    }

    #[test]
    fn an_open_end_and_text_beyond_ascii_are_survived() {
        for source in ["\"open", "/* open", "r#\"open", "'", "'\\", "'é", "é'é'", "/*é*/"] {
            code_only(source);
        }
    }

    #[test]
    fn tests_are_cut_out_and_lines_stay() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { let c = [1; 2]; }\n}\nfn d() {}\n";
        let kept = without_tests(code);
        assert!(kept.contains("fn a") && kept.contains("fn d") && !kept.contains("fn b"));
        assert_eq!(kept.lines().nth(5), Some("fn d() {}"));
        let marked = without_tests("#[cfg(test)]\n#[path = ]\nfn a(x: [u8; 2]) -> u8 { 1 }\nfn b() {}");
        assert!(!marked.contains("fn a") && marked.contains("fn b"));
    }

    #[test]
    fn modules_for_tests_are_named() {
        let code = "#[cfg(test)]\nmod worked;\nmod real;\n#[cfg(test)]\nmod tests { }";
        assert_eq!(test_modules(code), ["worked"]);
        assert!(without_tests(code).contains("mod real;"));
    }

    #[test]
    fn a_word_is_not_a_part_of_a_name() {
        assert!(has_word("x: f64,", "f64") && !has_word("my_f64x", "f64"));
        assert!(has_word("todo!()", "todo!") && !has_word("mytodo!()", "todo!"));
    }
}
