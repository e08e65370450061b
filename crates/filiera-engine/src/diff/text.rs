//! What two texts of a pack say differently.

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::TextChange;
use filiera_model::Day;
use filiera_packs::{Condition, DatedValue, Pack, Parameter, Reading, Span};

/// The keys of a table and what they say, those of inline tables apart: `share.where`.
pub(super) type Keys = BTreeMap<String, String>;

/// Everything that differs: the pack's own keys, its columns, parameters by day, conditions, readings.
pub(super) fn changes(old: &Pack, new: &Pack, law_as_of: Day) -> Vec<TextChange> {
    let mut changes = keyed("pack", "pack", &of_pack(old), &of_pack(new));
    changes.extend(keyed("columns", "columns", &columns(old), &columns(new)));
    changes.extend(parameters(old, new, law_as_of));
    let conditions = |pack: &Pack| -> Vec<(String, Keys, String)> {
        let own = pack.conditions.iter();
        own.map(|one| (one.name.clone(), condition_text(pack, one), one.title.clone())).collect()
    };
    changes.extend(sections("condition", &conditions(old), &conditions(new)));
    let readings = |pack: &Pack| -> Vec<(String, Keys, String)> {
        let own = pack.readings.iter();
        own.map(|one: &Reading| (one.name.clone(), keys(pack.text(&one.span)), one.title.clone())).collect()
    };
    changes.extend(sections("reading", &readings(old), &readings(new)));
    changes
}

/// What a condition's text says, key by key; comments and spaces do not count.
pub(super) fn condition_text(pack: &Pack, condition: &Condition) -> Keys {
    keys(span_text(pack, &condition.span))
}

fn span_text<'a>(pack: &'a Pack, span: &Span) -> &'a str {
    pack.source.get(span.clone()).unwrap_or_default()
}

fn of_pack(pack: &Pack) -> Keys {
    let mut keys = Keys::from([
        ("title".to_owned(), pack.title.clone()),
        ("status".to_owned(), pack.status.name().to_owned()),
    ]);
    if let Some(lawfulness) = &pack.lawfulness {
        keys.insert("lawfulness.note".to_owned(), lawfulness.note.clone());
        keys.extend(
            lawfulness.nearest.iter().map(|nearest| ("lawfulness.nearest".to_owned(), nearest.clone())),
        );
    }
    keys
}

fn columns(pack: &Pack) -> Keys {
    let columns = pack.columns.iter();
    columns
        .map(|column| (column.name.value.clone(), format!("{:?} of {:?}", column.kind, column.of)))
        .collect()
}

/// Sections by name: those that are new, gone, or differ in some key.
fn sections(
    kind: &'static str,
    old: &[(String, Keys, String)],
    new: &[(String, Keys, String)],
) -> Vec<TextChange> {
    let whole = |name: &str, old: Option<&String>, new: Option<&String>| TextChange {
        kind,
        name: name.to_owned(),
        key: None,
        from: None,
        to: None,
        old: old.cloned(),
        new: new.cloned(),
    };
    let mut changes = Vec::new();
    for (name, was, title) in old {
        match new.iter().find(|(other, ..)| other == name) {
            None => changes.push(whole(name, Some(title), None)),
            Some((_, is, _)) => changes.extend(keyed(kind, name, was, is)),
        }
    }
    let added = new.iter().filter(|(name, ..)| !old.iter().any(|(other, ..)| other == name));
    changes.extend(added.map(|(name, _, title)| whole(name, None, Some(title))));
    changes
}

/// The keys that differ.
fn keyed(kind: &'static str, name: &str, old: &Keys, new: &Keys) -> Vec<TextChange> {
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = all.into_iter().filter(|key| old.get(*key) != new.get(*key));
    let change = |key: &String| TextChange {
        kind,
        name: name.to_owned(),
        key: Some(key.clone()),
        from: None,
        to: None,
        old: old.get(key).cloned(),
        new: new.get(key).cloned(),
    };
    differing.map(change).collect()
}

/// The parameters' values, day by day, as known on `law_as_of`.
fn parameters(old: &Pack, new: &Pack, law_as_of: Day) -> Vec<TextChange> {
    let names: BTreeSet<&String> = old.parameters.keys().chain(new.parameters.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let (was, is) = (old.parameters.get(name), new.parameters.get(name));
        let units = [was, is].map(|one| one.map(|one| one.unit.name()));
        if let [Some(old), Some(new)] = units
            && old != new
        {
            changes.push(unit_change(name, old, new));
        }
        let spans = stretches(was, is, law_as_of);
        if spans.is_empty() && was.is_some() != is.is_some() {
            changes.push(value_change(name, None, None, was.map(known), is.map(known)));
        }
        changes.extend(spans.into_iter().map(|(from, to, old, new)| value_change(name, from, to, old, new)));
    }
    changes
}

fn known(parameter: &Parameter) -> String {
    format!("{}, no value known", parameter.unit.name())
}

fn unit_change(name: &str, old: &str, new: &str) -> TextChange {
    let key = Some("unit".to_owned());
    TextChange { key, ..value_change(name, None, None, Some(old.to_owned()), Some(new.to_owned())) }
}

fn value_change(
    name: &str,
    from: Option<Day>,
    to: Option<Day>,
    old: Option<String>,
    new: Option<String>,
) -> TextChange {
    TextChange { kind: "parameter", name: name.to_owned(), key: None, from, to, old, new }
}

type Stretch = (Option<Day>, Option<Day>, Option<String>, Option<String>);

/// The stretches of days on which the values differ, neighbours that differ alike as one.
fn stretches(old: Option<&Parameter>, new: Option<&Parameter>, law_as_of: Day) -> Vec<Stretch> {
    let both = || old.into_iter().chain(new);
    let breaks: BTreeSet<Day> = both().flat_map(|parameter| parameter.changes(law_as_of)).collect();
    let starts = std::iter::once(None).chain(breaks.iter().copied().map(Some));
    let ends = breaks.iter().map(|day| Some(day.previous())).chain([None]);
    let mut found: Vec<Stretch> = Vec::new();
    for (from, to) in starts.zip(ends) {
        let day = from.or(to).unwrap_or(law_as_of);
        let (was, is) = (value(old, law_as_of, day), value(new, law_as_of, day));
        if was.map(|one| &one.value) == is.map(|one| &one.value) {
            continue;
        }
        let texts = (was.map(|one| one.text.clone()), is.map(|one| one.text.clone()));
        match found.last_mut() {
            Some(last)
                if last.1.map(Day::next) == from
                    && from.is_some()
                    && (&last.2, &last.3) == (&texts.0, &texts.1) =>
            {
                last.1 = to;
            }
            _ => found.push((from, to, texts.0, texts.1)),
        }
    }
    found
}

fn value(parameter: Option<&Parameter>, law_as_of: Day, day: Day) -> Option<&DatedValue> {
    parameter.and_then(|parameter| parameter.value_on(law_as_of, day).ok())
}

/// The keys of a section's text. The text is TOML that has been read without fault, so brackets and
/// quotes close.
fn keys(section: &str) -> Keys {
    let mut keys = Keys::new();
    let mut prefix = String::new();
    for statement in pieces(section, '\n') {
        let statement = statement.trim();
        if let Some(heading) = statement.strip_prefix('[') {
            // A table of its own below the section: `[condition.name.share]`.
            let path = heading.trim_end_matches(']').split('.').skip(2).collect::<Vec<_>>();
            prefix = path.join(".");
        } else if let Some((key, value)) = statement.split_once('=') {
            let key = [prefix.as_str(), key.trim()].into_iter().filter(|part| !part.is_empty());
            put(&mut keys, &key.collect::<Vec<_>>().join("."), value.trim());
        }
    }
    keys
}

fn put(keys: &mut Keys, key: &str, value: &str) {
    let inner = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
    let Some(inner) = inner else {
        keys.insert(key.to_owned(), value.to_owned());
        return;
    };
    for piece in pieces(inner, ',') {
        if let Some((name, value)) = piece.split_once('=') {
            put(keys, &format!("{key}.{}", name.trim()), value.trim());
        }
    }
}

/// The text cut at `end` outside quotes and brackets, without comments, each run of spaces outside
/// quotes as one space.
fn pieces(text: &str, end: char) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut depth, mut quote, mut is_comment) = (0i32, None::<char>, false);
    let mut before = ' ';
    for c in text.chars() {
        if is_comment && c != '\n' {
            continue;
        }
        is_comment = false;
        let escaped = quote == Some('"') && before == '\\';
        match quote {
            Some(open) if c == open && !escaped => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => quote = Some(c),
                '[' | '{' => depth += 1,
                ']' | '}' => depth -= 1,
                '#' => {
                    is_comment = true;
                    continue;
                }
                _ => {}
            },
        }
        before = if escaped && c == '\\' { ' ' } else { c };
        if c == end && depth == 0 && quote.is_none() {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            let is_space = quote.is_none() && c.is_whitespace();
            match (is_space, last.ends_with(' ')) {
                (true, true) => {}
                (true, false) => last.push(' '),
                (false, _) => last.push(c),
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_whatever_the_layout() {
        let text = "[condition.a]\ntitle = \"A # b, {c}\" # a comment\nshare = { of = \"components\", where = \"x IN ('IT', 'DE')\" }\nall_of = [\n  \"b\",\n  \"c\",\n]\n[condition.a.via]\nb = \"maker\"\n";
        let keys = keys(text);
        let said: Vec<(&str, &str)> =
            keys.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(
            said,
            [
                ("all_of", "[ \"b\", \"c\", ]"),
                ("share.of", "\"components\""),
                ("share.where", "\"x IN ('IT', 'DE')\""),
                ("title", "\"A # b, {c}\""),
                ("via.b", "\"maker\""),
            ]
        );
    }
}
