use std::collections::BTreeMap;

use filiera_model::Operator;

use crate::fault::Faults;
use crate::keys::{Entry, Keys};
use crate::names::{is_identifier, refuse_bad_name};
use crate::read_form::{self, COMPARED, COMPOSED, FORMS, column};
use crate::{
    Accepts, Cause, Closure, Comparison, Condition, ControlBy, ControlRule, Evidence, Form, Grants,
    ScopeClosure, Spanned, Status, Threshold, number,
};

/// The keys of a condition, and with `of` those of a reading.
pub(crate) const CONDITION: [&str; 32] = [
    "title",
    "per",
    "when",
    "fails_when",
    "dated_by",
    "accepts",
    "share",
    "total",
    "count",
    "ratio",
    "concentration",
    "score",
    "every",
    "none",
    "any",
    "all_of",
    "any_of",
    "n_of",
    "not",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "unknown",
    "unknown_scope",
    "boundary",
    "due",
    "cite",
    "status",
    "via",
    "grants",
    "control_rule",
];

const OPERATORS: [&str; 4] = ["at_least", "at_most", "more_than", "less_than"];

/// What only a question put to a table can have.
const NOT_COMPOSED: [&str; 6] =
    ["accepts", "unknown", "unknown_scope", "boundary", "control_rule", "fails_when"];

/// The pack a condition is read in, and where in it.
pub(crate) struct Context<'a> {
    /// The pack's id.
    pub(crate) pack: &'a str,
    /// The first byte of every line.
    pub(crate) lines: &'a [usize],
}

impl Context<'_> {
    /// The line of a byte, counted from 1.
    pub(crate) fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|first| *first <= byte)).unwrap_or(u32::MAX)
    }
}

/// The keys of a condition that a reading does away with by what it states itself.
pub(crate) fn replaced_by(reading: &Keys<'_>) -> Vec<&'static str> {
    let mut gone = Vec::new();
    if let Some(form) = FORMS.into_iter().find(|form| reading.has_own(form)) {
        gone.extend(FORMS);
        if !COMPARED.contains(&form) {
            gone.extend(OPERATORS);
            gone.push("boundary");
        }
        if COMPOSED.contains(&form) { gone.extend(NOT_COMPOSED) } else { gone.push("via") }
    }
    if OPERATORS.into_iter().any(|operator| reading.has_own(operator)) {
        gone.extend(OPERATORS);
    }
    gone
}

/// Reads a condition whose title is read already; `entry` gives its extent.
pub(crate) fn condition(
    name: &str,
    title: Option<String>,
    keys: &Keys<'_>,
    entry: &Entry<'_>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Condition> {
    let form = form(keys, context.pack, faults);
    let is_share = matches!(&form, Some(Form::Total(sum)) if sum.is_of_companies());
    let comparison = comparison(keys, is_share, faults);
    let statuses = Status::ALL.map(|status| (status.name(), status));
    let span = entry.extent();
    let condition = Condition {
        name: name.to_owned(),
        per: per(keys, faults),
        when: keys.sql("when", faults),
        fails_when: keys.sql("fails_when", faults),
        dated_by: column(keys, "dated_by", faults),
        accepts: accepts(keys, faults),
        comparison,
        unknown: unknown(keys, faults),
        unknown_scope: unknown_scope(keys, faults),
        boundary_flag: keys.word("boundary", "boundary", &[("flag", ())], faults).is_some(),
        due: keys.day("due", faults),
        cite: keys.text("cite", faults).map(|cite| cite.value),
        status: keys.word("status", "status", &statuses, faults).map(|status| status.value),
        via: via(keys, faults),
        grants: grants(keys, faults),
        control_rule: control_rule(keys, faults),
        line: context.line(span.start),
        span,
        title: title.unwrap_or_default(),
        form: form?,
    };
    Some(condition)
}

fn form(keys: &Keys<'_>, pack: &str, faults: &mut Faults) -> Option<Form> {
    let stated: Vec<_> = FORMS.into_iter().filter_map(|form| Some((form, keys.get(form)?))).collect();
    let forms: Vec<Option<Form>> =
        stated.iter().map(|(name, entry)| read_form::form(name, entry, pack, faults)).collect();
    let Some((name, _)) = stated.first() else {
        let (place, span) = keys.anchor();
        faults.push(Cause::NoForm(place.to_owned()), span);
        return None;
    };
    refuse_two(keys, "forms", &stated, faults);
    refuse_what_does_not_fit(name, keys, faults);
    forms.into_iter().next()?
}

fn refuse_two(keys: &Keys<'_>, what: &'static str, stated: &[(&str, Entry<'_>)], faults: &mut Faults) {
    if let [(first, one), (second, other), ..] = stated {
        let place = keys.place.clone();
        let cause = Cause::Two { place, what, first: (*first).to_owned(), second: (*second).to_owned() };
        faults.push_with(cause, &other.key, vec![(one.key.clone(), "and here".to_owned())]);
    }
}

/// Keys that the form has no use for.
fn refuse_what_does_not_fit(form: &str, keys: &Keys<'_>, faults: &mut Faults) {
    let refuse = |key: &'static str, why: String, faults: &mut Faults| {
        if let Some(entry) = keys.get(key) {
            faults.push(Cause::Misplaced { key: key.to_owned(), why }, &entry.key);
        }
    };
    if !COMPARED.contains(&form) {
        for operator in OPERATORS {
            refuse(operator, format!("`{form}` is met or not by itself"), faults);
        }
        refuse("boundary", format!("`{form}` has no threshold"), faults);
    }
    if !COMPOSED.contains(&form) {
        refuse("via", format!("`{form}` is not made of other conditions"), faults);
        keys.required("per", faults);
        return;
    }
    for key in NOT_COMPOSED {
        refuse(key, format!("`{form}` is made of other conditions, which say it themselves"), faults);
    }
    if !keys.has("per") {
        refuse("when", "without `per` nobody knows whose column it is".to_owned(), faults);
        refuse("dated_by", "without `per` nobody knows whose column it is".to_owned(), faults);
    }
}

fn comparison(keys: &Keys<'_>, is_share: bool, faults: &mut Faults) -> Option<Comparison> {
    let stated: Vec<_> = Operator::ALL
        .into_iter()
        .filter_map(|operator| Some((operator, keys.get(operator.name())?)))
        .collect();
    let named: Vec<_> = stated.iter().map(|(operator, entry)| (operator.name(), entry.clone())).collect();
    refuse_two(keys, "operators", &named, faults);
    let form = COMPARED.into_iter().find(|form| keys.has(form));
    let Some((operator, entry)) = stated.first() else {
        if let Some(form) = form {
            let own = keys.has_own(form);
            let (place, span) = if own { (keys.place.as_str(), &keys.span) } else { keys.anchor() };
            faults.push(Cause::NoOperator { place: place.to_owned(), form }, span);
        }
        return None;
    };
    let threshold = threshold(entry, form.map(|form| if is_share { "share" } else { form }), faults)?;
    form.map(|_| Comparison { operator: *operator, threshold })
}

fn threshold(
    entry: &Entry<'_>,
    form: Option<&'static str>,
    faults: &mut Faults,
) -> Option<Spanned<Threshold>> {
    if entry.is_text() {
        let text = entry.text(faults)?;
        if let Some(parameter) = text.strip_prefix('$') {
            let parameter = parameter.to_owned();
            return Some(text.map(|_| Threshold::Parameter(parameter)));
        }
    }
    let number = number::written(entry, faults)?;
    match form {
        Some("share" | "concentration") => number::refuse_bare_share(&number, faults),
        Some(form @ ("count" | "total")) if number.text.contains('%') => {
            faults.push(Cause::NotAShare { form, threshold: number.text.clone() }, &number.span);
        }
        _ => {}
    }
    Some(number.map(|number| Threshold::Number(number.value)))
}

fn per(keys: &Keys<'_>, faults: &mut Faults) -> Vec<Spanned<String>> {
    let columns = keys.get("per").and_then(|entry| entry.text_or_texts(faults)).unwrap_or_default();
    for column in &columns {
        refuse_bad_name("column", column, is_identifier(column), &column.span, faults);
    }
    columns
}

fn accepts(keys: &Keys<'_>, faults: &mut Faults) -> Accepts {
    let Some(keys) = keys.table("accepts", &["basis", "evidence"], faults) else {
        return Accepts::any_declared();
    };
    let basis = keys.get("basis").and_then(|entry| entry.texts(faults));
    let basis = basis.map(|bases| bases.into_iter().map(|basis| basis.value).collect());
    let Some(entry) = keys.get("evidence") else { return Accepts { basis, ..Accepts::any_declared() } };
    entry.texts(faults);
    let classes = Evidence::ALL.map(|class| (class.name(), class));
    let entries = if entry.is_list() { entry.list(faults).unwrap_or_default() } else { Vec::new() };
    let evidence = entries.iter().filter_map(|entry| entry.word("class of evidence", &classes, faults));
    Accepts { basis, evidence: evidence.map(|class| class.value).collect() }
}

fn unknown(keys: &Keys<'_>, faults: &mut Faults) -> Option<Closure> {
    let words = [("yes", true), ("no", false)];
    let (counts_as, cite, span) = closure(keys, "unknown", &words, faults)?;
    Some(Closure { counts_as, cite, span })
}

fn unknown_scope(keys: &Keys<'_>, faults: &mut Faults) -> Option<ScopeClosure> {
    let words = [("in", true), ("out", false)];
    let (counts_in, cite, span) = closure(keys, "unknown_scope", &words, faults)?;
    Some(ScopeClosure { counts_in, cite, span })
}

fn closure(
    keys: &Keys<'_>,
    key: &'static str,
    words: &[(&'static str, bool)],
    faults: &mut Faults,
) -> Option<(bool, String, crate::Span)> {
    let keys = keys.table(key, &["counts_as", "cite"], faults)?;
    let counts_as = keys.required("counts_as", faults).and_then(|entry| entry.word("closure", words, faults));
    let cite = keys.required_text("cite", faults);
    Some((counts_as?.value, cite?.value, keys.span))
}

fn via(keys: &Keys<'_>, faults: &mut Faults) -> BTreeMap<String, Spanned<String>> {
    let Some(table) = keys.table("via", &[], faults) else { return BTreeMap::new() };
    let mut via = BTreeMap::new();
    for (member, entry) in table.entries() {
        if let Some(column) = entry.text(faults) {
            refuse_bad_name("column", &column, is_identifier(&column), &column.span, faults);
            via.insert(member, column);
        }
    }
    via
}

fn control_rule(keys: &Keys<'_>, faults: &mut Faults) -> Option<ControlRule> {
    let keys = keys.table("control_rule", &["over", "inclusive", "by"], faults)?;
    let over = keys.required("over", faults).and_then(|entry| number::share(&entry, faults));
    if let Some(over) = over.as_ref().filter(|over| over.is_negative() || over.value >= 1) {
        let message = format!("`{}` is no part to be passed; write 0 % or more, below 100 %", over.value);
        faults.push(Cause::BadNumber(message), &over.span);
    }
    let inclusive = keys.truth("inclusive", faults);
    let words = ControlBy::ALL.map(|by| (by.name(), by));
    let by = match keys.get("by") {
        None => ControlBy::ALL.to_vec(),
        Some(entry) => {
            entry.texts(faults)?;
            let entries = entry.list(faults).unwrap_or_default();
            entries.iter().filter_map(|by| Some(by.word("kind of control", &words, faults)?.value)).collect()
        }
    };
    Some(ControlRule { over: over?.value, inclusive, by })
}

fn grants(keys: &Keys<'_>, faults: &mut Faults) -> Option<Grants> {
    let keys = keys.table("grants", &["of", "up_to", "clawback"], faults)?;
    let of = keys.required_text("of", faults);
    let mut text = |key| keys.text(key, faults).map(|text| text.value);
    let (up_to, clawback) = (text("up_to"), text("clawback"));
    Some(Grants { of: of?.value, up_to, clawback })
}
