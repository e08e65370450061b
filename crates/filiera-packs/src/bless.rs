use filiera_model::Exact;
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

use crate::{CaseFile, Expectation, ExpectedEnd, Seen};

/// What came out for one expectation of a case file.
#[derive(Clone, Debug)]
pub struct Blessing {
    /// The place of the case in [`CaseFile::cases`].
    pub case: usize,
    /// The place of the expectation in [`crate::Case::expect`].
    pub expectation: usize,
    /// What came out.
    pub seen: Seen,
}

impl CaseFile {
    /// The file's text with what came out in place of what was expected.
    ///
    /// Only keys that are stated and differ change; a key whose value no longer exists goes away.
    /// Everything else, comments and layout included, stays. Places that do not exist are passed
    /// over.
    pub fn bless(&self, blessings: &[Blessing]) -> String {
        let Ok(mut document) = self.source.parse::<DocumentMut>() else { return self.source.to_string() };
        for blessing in blessings {
            let expected =
                self.cases.get(blessing.case).and_then(|case| case.expect.get(blessing.expectation));
            if let Some(expected) = expected {
                let case = document.get_mut("case").and_then(|cases| nth(cases, blessing.case));
                if let Some(table) = case.and_then(|case| nth(case.get_mut("expect")?, blessing.expectation))
                {
                    write(table, expected, &blessing.seen);
                }
            }
        }
        document.to_string()
    }
}

/// The table at `place` of a list of either kind.
fn nth(list: &mut Item, place: usize) -> Option<&mut dyn TableLike> {
    match list {
        Item::ArrayOfTables(tables) => tables.get_mut(place).map(|table| table as &mut dyn TableLike),
        Item::Value(Value::Array(array)) => {
            let table: &mut InlineTable = array.get_mut(place)?.as_inline_table_mut()?;
            Some(table)
        }
        _ => None,
    }
}

fn write(table: &mut dyn TableLike, expected: &Expectation, seen: &Seen) {
    for difference in expected.compare(seen) {
        match value(difference.key, seen) {
            Some(value) => put(table, difference.key, value),
            None => remove(table, difference.key),
        }
    }
}

/// The value of a key as the file writes it; nothing when there is none.
fn value(key: &str, seen: &Seen) -> Option<Value> {
    let end = |end: &Option<ExpectedEnd>| end.as_ref().map(|end| Value::from(end.to_text()));
    match key {
        "verdict" => Some(seen.verdict.name().into()),
        "legal" => Some(seen.legal.name().into()),
        "lower" => end(&seen.lower),
        "upper" => end(&seen.upper),
        "legal_lower" => end(&seen.legal_lower),
        "legal_upper" => end(&seen.legal_upper),
        "threshold" => seen.threshold.as_ref().map(|threshold| Exact::to_text(threshold).into()),
        "bounds" => seen.bounds.map(|bounds| bounds.name().into()),
        "reason" => seen.reason.clone().map(Value::from),
        "missing" => Some(Value::Array(seen.missing.iter().collect::<Array>())),
        "settles" => seen.settles.as_ref().map(|papers| Value::Array(papers.iter().collect())),
        "settles_either_way" => {
            seen.settles_either_way.as_ref().map(|papers| Value::Array(papers.iter().collect()))
        }
        "remark" => seen.remarks.first().cloned().map(Value::from),
        "due" => {
            seen.due.and_then(|day| day.to_string().parse::<toml_edit::Datetime>().ok()).map(Value::from)
        }
        _ => None,
    }
}

/// Puts `value` at `key`, with the spaces and comments around the value it replaces.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    if let Some(item) = table.get_mut(key) {
        *item = Item::Value(value);
    }
}

/// Takes `key` away. What follows the last key before a closing brace stays where it was.
fn remove(table: &mut dyn TableLike, key: &str) {
    let is_last = table.iter().last().is_some_and(|(last, _)| last == key);
    let removed = table.remove(key).and_then(|item| item.into_value().ok());
    let Some(space) = removed.as_ref().and_then(|value| value.decor().suffix()).filter(|_| is_last) else {
        return;
    };
    if let Some((_, last)) = table.iter_mut().last()
        && let Some(value) = last.as_value_mut()
    {
        value.decor_mut().set_suffix(space.clone());
    }
}
