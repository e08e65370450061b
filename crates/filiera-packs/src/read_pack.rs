use std::collections::BTreeMap;
use std::sync::Arc;

use toml_edit::TableLike;

use crate::fault::Faults;
use crate::keys::{Entry, Keys, document};
use crate::names::{is_identifier, is_name, refuse_bad_name};
use crate::read_condition::{CONDITION, Context, condition, replaced_by};
use crate::read_parameter::parameter;
use crate::{
    Cause, ColumnKind, ColumnOwner, Condition, ExtraColumn, Lawfulness, POPULATIONS, Pack, PackFaults,
    Reading, Reference, Spanned, Status, check, hash,
};

const TOP: &[&str] = &["pack", "columns", "parameter", "condition", "reading"];

impl Pack {
    /// Reads a pack: `id` is its path without the ending (`it/automotive-accord`), `file` is for
    /// messages, `text` is the TOML.
    ///
    /// What is checked: the shape, every name and reference within the pack, dates, units,
    /// thresholds. Not here: predicates (whoever binds them knows the columns), zones
    /// ([`Pack::check_zones`]), members of other packs ([`crate::check_members`]).
    ///
    /// # Errors
    /// Every fault of the text at once, each with its place; a text that is no TOML has one.
    pub fn parse(id: &str, file: &str, text: &str) -> Result<Self, PackFaults> {
        let source: Arc<str> = Arc::from(text);
        let mut faults = Faults::new(file, Arc::clone(&source));
        let pack =
            document(&source, &mut faults).map(|document| read(id, file, document.as_table(), &mut faults));
        faults.finish(|| pack)
    }
}

fn read(id: &str, file: &str, table: &dyn TableLike, faults: &mut Faults) -> Pack {
    let root = Keys::root(table, TOP, faults);
    let head = head(&root, faults);
    let columns = columns(&root, faults);
    let parameters = section(&root, "parameter", faults);
    let declared: Vec<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
    let parameters = parameters
        .into_iter()
        .filter_map(|(name, entry)| Some((name.clone(), parameter(&name, &entry, faults)?)));
    let parameters: BTreeMap<_, _> = parameters.collect();
    let lines = line_starts(&faults.text);
    let context = Context { pack: id, lines: &lines };
    let stated = section(&root, "condition", faults);
    if stated.is_empty() {
        faults.push(Cause::NoCondition, &(0..0));
    }
    let conditions = conditions(&stated, &context, faults);
    let readings = readings(&section(&root, "reading", faults), &stated, &context, faults);
    // Without a head there is a fault already; the rest is checked all the same.
    let (title, status, references, lawfulness) =
        head.unwrap_or((String::new(), Status::Draft, Vec::new(), None));
    let pack = Pack {
        id: id.to_owned(),
        file: file.to_owned(),
        hash: hash::of_text(&faults.text),
        source: Arc::clone(&faults.text),
        title,
        status,
        references,
        lawfulness,
        columns,
        parameters,
        conditions,
        readings,
    };
    let names = check::Declared {
        parameters: declared,
        conditions: stated.into_iter().map(|(name, _)| name).collect(),
    };
    check::pack(pack, &names, faults)
}

type Head = (String, Status, Vec<Reference>, Option<Lawfulness>);

fn head(root: &Keys<'_>, faults: &mut Faults) -> Option<Head> {
    let known = ["title", "status", "reference", "lawfulness"];
    let keys = Keys::open(&root.required("pack", faults)?, &known, faults)?;
    let title = keys.required_text("title", faults);
    let statuses = Status::ALL.map(|status| (status.name(), status));
    let status = keys.required("status", faults).and_then(|entry| entry.word("status", &statuses, faults));
    let references = references(&keys, faults);
    let lawfulness = lawfulness(&keys, faults);
    Some((title?.value, status?.value, references, lawfulness))
}

/// The references of a pack or a zone.
pub(crate) fn references(keys: &Keys<'_>, faults: &mut Faults) -> Vec<Reference> {
    let entries = keys.list("reference", faults);
    entries.iter().filter_map(|entry| reference(entry, faults)).collect()
}

fn reference(entry: &Entry<'_>, faults: &mut Faults) -> Option<Reference> {
    let keys = Keys::open(entry, &["title", "url", "checked"], faults)?;
    let title = keys.required_text("title", faults);
    let url = keys.text("url", faults).map(|url| url.value);
    let checked = keys.day("checked", faults);
    Some(Reference { title: title?.value, url, checked, span: entry.span.clone() })
}

fn lawfulness(keys: &Keys<'_>, faults: &mut Faults) -> Option<Lawfulness> {
    let keys = keys.table("lawfulness", &["note", "nearest"], faults)?;
    let note = keys.required_text("note", faults);
    let nearest = keys.text("nearest", faults).map(|nearest| nearest.value);
    Some(Lawfulness { note: note?.value, nearest })
}

/// The named tables of a section, in the order of the file.
fn section<'a>(root: &Keys<'a>, key: &'static str, faults: &mut Faults) -> Vec<(String, Entry<'a>)> {
    root.table(key, &[], faults).map(|section| section.entries()).unwrap_or_default()
}

fn columns(root: &Keys<'_>, faults: &mut Faults) -> Vec<ExtraColumn> {
    let entries = section(root, "columns", faults);
    entries.into_iter().filter_map(|(name, entry)| column(name, &entry, faults)).collect()
}

fn column(name: String, entry: &Entry<'_>, faults: &mut Faults) -> Option<ExtraColumn> {
    refuse_bad_name("column", &name, is_identifier(&name), &entry.key, faults);
    let keys = Keys::open(entry, &["of", "kind"], faults)?;
    let owners: Vec<(&'static str, &'static str)> =
        POPULATIONS.into_iter().chain(["subject", "companies"]).map(|name| (name, name)).collect();
    let of = keys.required("of", faults).and_then(|entry| entry.word("owner of a column", &owners, faults));
    let kinds = ColumnKind::ALL.map(|kind| (kind.name(), kind));
    let kind = keys.required("kind", faults).and_then(|entry| entry.word("kind of column", &kinds, faults));
    let of = match of?.value {
        "subject" => ColumnOwner::Subject,
        "companies" => ColumnOwner::Companies,
        population => ColumnOwner::Population(population.to_owned()),
    };
    Some(ExtraColumn { name: Spanned::new(name, entry.key.clone()), of, kind: kind?.value })
}

fn conditions(stated: &[(String, Entry<'_>)], context: &Context<'_>, faults: &mut Faults) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (name, entry) in stated {
        refuse_bad_name("condition", name, is_name(name), &entry.key, faults);
        let Some(keys) = Keys::open(entry, &CONDITION, faults) else { continue };
        let title = keys.required_text("title", faults).map(|title| title.value);
        conditions.extend(condition(name, title, &keys, entry, context, faults));
    }
    conditions
}

fn readings(
    entries: &[(String, Entry<'_>)],
    conditions: &[(String, Entry<'_>)],
    context: &Context<'_>,
    faults: &mut Faults,
) -> Vec<Reading> {
    let by_name: BTreeMap<&str, &Entry<'_>> =
        conditions.iter().map(|(name, entry)| (name.as_str(), entry)).collect();
    entries.iter().filter_map(|(name, entry)| reading(name, entry, &by_name, context, faults)).collect()
}

fn reading(
    name: &str,
    entry: &Entry<'_>,
    conditions: &BTreeMap<&str, &Entry<'_>>,
    context: &Context<'_>,
    faults: &mut Faults,
) -> Option<Reading> {
    refuse_bad_name("reading", name, is_name(name), &entry.key, faults);
    let known: Vec<&str> = CONDITION.into_iter().chain(["of", "beside"]).collect();
    let keys = Keys::open(entry, &known, faults)?;
    let title = keys.required_text("title", faults);
    let of = keys.required_text("of", faults)?;
    let Some(base) = conditions.get(of.as_str()) else {
        let instead = faults.near(&of, conditions.keys().copied());
        let cause = Cause::NoSuch { what: "condition", name: of.value, place: String::new(), instead };
        faults.push(cause, &of.span);
        return None;
    };
    let beside = keys.truth("beside", faults);
    let base = Keys::open(base, &[], faults)?;
    let base_title = base.text("title", faults).map(|title| title.value);
    let gone = replaced_by(&keys);
    let condition = condition(&of, base_title, &keys.over(base, gone), entry, context, faults)?;
    let (span, line) = (condition.span.clone(), condition.line);
    Some(Reading { name: name.to_owned(), of, title: title?.value, condition, beside, span, line })
}

/// The first byte of every line.
pub(crate) fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect()
}
