use filiera_model::Exact;

use crate::fault::Faults;
use crate::keys::Entry;
use crate::{Cause, Spanned};

/// The longest number read, in bytes: far beyond any law, and short enough to read at once.
const LONGEST_NUMBER: usize = 100;

/// A number as written, and whether it says by itself that it is a part of a whole.
pub(crate) struct Written {
    pub(crate) value: Exact,
    pub(crate) text: String,
    pub(crate) is_part: bool,
}

/// A whole number, or a text such as `1250.00`, `45 %`, `9/20`.
pub(crate) fn written(entry: &Entry<'_>, faults: &mut Faults) -> Option<Spanned<Written>> {
    if let Some(whole) = entry.as_integer() {
        let number = Written { value: Exact::from_int(whole), text: whole.to_string(), is_part: false };
        return Some(Spanned::new(number, entry.span.clone()));
    }
    if !entry.is_text() {
        faults.push(entry.wrong_type("a whole number or a number as text"), &entry.span);
        return None;
    }
    let text = entry.text(faults)?;
    match parse(&text) {
        Ok(value) => {
            let is_part = text.contains(['%', '/']);
            Some(text.map(|text| Written { value, text, is_part }))
        }
        Err(message) => {
            faults.push(Cause::BadNumber(message), &entry.span);
            None
        }
    }
}

/// Reads a number of a pack or case file.
pub(crate) fn parse(text: &str) -> Result<Exact, String> {
    if text.len() > LONGEST_NUMBER {
        return Err(format!("a number of {} bytes is too long; write at most {LONGEST_NUMBER}", text.len()));
    }
    if text.matches('%').count() > 1 || (text.contains('%') && text.contains('/')) {
        return Err(format!("`{text}` is not a number; write `45 %` or `9/20`"));
    }
    Exact::parse(text).map_err(|error| error.to_string())
}

/// A part of a whole: `45 %`, `9/20`, `0.45`. A bare number of one or more says neither.
pub(crate) fn share(entry: &Entry<'_>, faults: &mut Faults) -> Option<Spanned<Exact>> {
    let number = written(entry, faults)?;
    refuse_bare_share(&number, faults);
    Some(number.map(|number| number.value))
}

pub(crate) fn refuse_bare_share(number: &Spanned<Written>, faults: &mut Faults) {
    if !number.is_part && number.value.value >= 1 {
        faults.push(Cause::BareShare(number.text.clone()), &number.span);
    }
}
