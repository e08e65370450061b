use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_model::{Day, Exact, Quality, Verdict};

use crate::fault::Faults;
use crate::keys::{Entry, Keys, document, inside_quotes};
use crate::read_condition::Context;
use crate::read_pack::line_starts;
use crate::{
    Case, CaseFile, Cause, Excuse, Expectation, ExpectedEnd, POPULATIONS, Pack, PackFault, PackFaults,
    Spanned, TABLES, number,
};

const CASE: &[&str] =
    &["name", "complete", "law_as_of", "facts_as_of", "destination", "unverified", "tables", "expect"];
const EXPECT: &[&str] = &[
    "condition",
    "reading",
    "subject",
    "verdict",
    "legal",
    "lower",
    "upper",
    "legal_lower",
    "legal_upper",
    "threshold",
    "bounds",
    "reason",
    "missing",
    "settles",
    "settles_either_way",
    "remark",
    "due",
];

const VERDICTS: [(&str, Verdict); 4] = [
    ("met", Verdict::Met),
    ("not_met", Verdict::NotMet),
    ("undetermined", Verdict::Undetermined),
    ("not_applicable", Verdict::NotApplicable),
];

impl CaseFile {
    /// The day both clocks show in a case that states none: 2026-11-22, so that a case file says the
    /// same for ever.
    pub fn default_day() -> Day {
        Day::from_ymd(2026, 11, 22).unwrap_or(Day::from_days(0))
    }

    /// Reads the tests of a pack.
    ///
    /// # Errors
    /// Every fault of the text at once. Whether the conditions exist: [`CaseFile::check_against`].
    pub fn parse(file: &str, text: &str) -> Result<Self, PackFaults> {
        let source: Arc<str> = Arc::from(text);
        let mut faults = Faults::new(file, Arc::clone(&source));
        let read = document(&source, &mut faults).map(|document| {
            let root = Keys::root(document.as_table(), &["case", "excuse"], &mut faults);
            let lines = line_starts(text);
            let context = Context { pack: "", lines: &lines };
            let cases = cases(&root, &context, &mut faults);
            let entries = root.list("excuse", &mut faults);
            let excuses = entries.iter().filter_map(|entry| excuse(entry, &mut faults)).collect();
            Self { file: file.to_owned(), source: Arc::clone(&source), cases, excuses }
        });
        faults.finish(|| read)
    }

    /// Conditions and readings that the file names and `pack` does not have.
    pub fn check_against(&self, pack: &Pack) -> Vec<PackFault> {
        let mut faults = Faults::new(&self.file, Arc::clone(&self.source));
        let names: BTreeSet<&str> = pack.conditions.iter().map(|condition| condition.name.as_str()).collect();
        let expectations = || self.cases.iter().flat_map(|case| &case.expect);
        let conditions = expectations().map(|expectation| &expectation.condition);
        for condition in conditions.chain(self.excuses.iter().map(|excuse| &excuse.condition)) {
            refuse_unknown("condition", condition, &names, pack, &mut faults);
        }
        for expectation in expectations() {
            let Some(reading) = &expectation.reading else { continue };
            let of = expectation.condition.as_str();
            let names: BTreeSet<&str> = pack.readings_of(of).map(|reading| reading.name.as_str()).collect();
            refuse_unknown("reading", reading, &names, pack, &mut faults);
        }
        faults.into_list()
    }
}

fn refuse_unknown(
    what: &'static str,
    name: &Spanned<String>,
    names: &BTreeSet<&str>,
    pack: &Pack,
    faults: &mut Faults,
) {
    if !names.contains(name.as_str()) {
        let instead = faults.near(name, names.iter().copied());
        let place = format!(" in `{}`", pack.id);
        faults.push(Cause::NoSuch { what, name: name.value.clone(), place, instead }, &name.span);
    }
}

fn cases(root: &Keys<'_>, context: &Context<'_>, faults: &mut Faults) -> Vec<Case> {
    let mut names = BTreeSet::new();
    let mut cases = Vec::new();
    for entry in root.list("case", faults) {
        let Some((name, case)) = case(&entry, context, faults) else { continue };
        if !names.insert(name.value.clone()) {
            faults.push(Cause::Repeated(name.value), &name.span);
        }
        cases.push(case);
    }
    cases
}

fn case(entry: &Entry<'_>, context: &Context<'_>, faults: &mut Faults) -> Option<(Spanned<String>, Case)> {
    let keys = Keys::open(entry, CASE, faults)?;
    let name = keys.required_text("name", faults);
    let clock = |key, faults: &mut Faults| keys.day(key, faults).unwrap_or_else(CaseFile::default_day);
    let (law_as_of, facts_as_of) = (clock("law_as_of", faults), clock("facts_as_of", faults));
    let complete = complete(&keys, faults);
    let destination = keys.text("destination", faults).map(|text| text.value);
    let unverified = keys.truth("unverified", faults);
    let tables = tables(&keys, faults);
    let expect = expectations(&keys, context, faults);
    let name = name?;
    let case = Case {
        name: name.value.clone(),
        complete,
        law_as_of,
        facts_as_of,
        destination,
        unverified,
        tables,
        expect,
        span: entry.span.clone(),
        line: context.line(entry.span.start),
    };
    Some((name, case))
}

/// `["components"]`, or `{ components = ["V1"] }`.
fn complete(keys: &Keys<'_>, faults: &mut Faults) -> BTreeMap<String, Option<Vec<String>>> {
    let Some(entry) = keys.get("complete") else { return BTreeMap::new() };
    if entry.is_list() {
        let mut complete = BTreeMap::new();
        for name in entry.texts_or_none(faults) {
            refuse_unknown_word("population", &name, &POPULATIONS, faults);
            complete.insert(name.value, None);
        }
        return complete;
    }
    let Some(table) = Keys::open(&entry, &POPULATIONS, faults) else { return BTreeMap::new() };
    let mut complete = BTreeMap::new();
    for (name, entry) in table.entries() {
        let subjects = entry.texts(faults).unwrap_or_default();
        complete.insert(name, Some(subjects.into_iter().map(|subject| subject.value).collect()));
    }
    complete
}

fn refuse_unknown_word(what: &'static str, word: &Spanned<String>, known: &[&str], faults: &mut Faults) {
    if !known.contains(&word.as_str()) {
        let instead = faults.near(word, known.iter().copied());
        faults.push(Cause::UnknownWord { what, word: word.value.clone(), instead }, &word.span);
    }
}

fn tables(keys: &Keys<'_>, faults: &mut Faults) -> BTreeMap<String, Spanned<String>> {
    let Some(table) = keys.table("tables", &TABLES, faults) else { return BTreeMap::new() };
    let mut tables = BTreeMap::new();
    for (name, entry) in table.entries() {
        if let Some(text) = entry.any_text(faults) {
            let inside = inside_quotes(&faults.text, &text.span);
            tables.insert(name, Spanned::new(text.value, inside));
        }
    }
    tables
}

fn expectations(keys: &Keys<'_>, context: &Context<'_>, faults: &mut Faults) -> Vec<Expectation> {
    let Some(entry) = keys.required("expect", faults) else { return Vec::new() };
    let Some(entries) = entry.list(faults) else { return Vec::new() };
    if entries.is_empty() {
        faults.push(Cause::Empty(entry.place), &entry.span);
    }
    entries.iter().filter_map(|entry| expectation(entry, context, faults)).collect()
}

fn expectation(entry: &Entry<'_>, context: &Context<'_>, faults: &mut Faults) -> Option<Expectation> {
    let keys = Keys::open(entry, EXPECT, faults)?;
    let condition = keys.required_text("condition", faults);
    let subject = keys.required_text("subject", faults);
    let verdict = keys.required("verdict", faults).and_then(|entry| entry.word("verdict", &VERDICTS, faults));
    let qualities = [Quality::Exact, Quality::Sound].map(|quality| (quality.name(), quality));
    let mut list = |key: &'static str| {
        let texts = keys.get(key).map(|entry| entry.texts_or_none(faults));
        texts.map(|texts| texts.into_iter().map(|text| text.value).collect::<Vec<String>>())
    };
    let (missing, settles, settles_either_way) =
        (list("missing"), list("settles"), list("settles_either_way"));
    let expectation = Expectation {
        reading: keys.text("reading", faults),
        legal: keys.word("legal", "verdict", &VERDICTS, faults).map(|verdict| verdict.value),
        lower: end(&keys, "lower", faults),
        upper: end(&keys, "upper", faults),
        legal_lower: end(&keys, "legal_lower", faults),
        legal_upper: end(&keys, "legal_upper", faults),
        threshold: exact(&keys, "threshold", faults),
        bounds: keys.word("bounds", "kind of bounds", &qualities, faults).map(|quality| quality.value),
        reason: keys.text("reason", faults).map(|text| text.value),
        missing,
        settles,
        settles_either_way,
        remark: keys.text("remark", faults).map(|text| text.value),
        due: keys.day("due", faults),
        span: entry.span.clone(),
        line: context.line(entry.span.start),
        condition: condition?,
        subject: subject?.value,
        verdict: verdict?.value,
    };
    Some(expectation)
}

/// A number, or `inf`.
fn end(keys: &Keys<'_>, key: &'static str, faults: &mut Faults) -> Option<ExpectedEnd> {
    let entry = keys.get(key)?;
    if entry.is_text() && matches!(entry.any_text(faults)?.as_str(), "inf" | "-inf") {
        return Some(ExpectedEnd::Unlimited);
    }
    Some(ExpectedEnd::Exact(number::written(&entry, faults)?.value.value))
}

fn exact(keys: &Keys<'_>, key: &'static str, faults: &mut Faults) -> Option<Exact> {
    Some(number::written(&keys.get(key)?, faults)?.value.value)
}

fn excuse(entry: &Entry<'_>, faults: &mut Faults) -> Option<Excuse> {
    let keys = Keys::open(entry, &["condition", "outcome", "why"], faults)?;
    let condition = keys.required_text("condition", faults);
    let outcomes = &VERDICTS[..3];
    let outcome = keys.required("outcome", faults).and_then(|entry| entry.word("outcome", outcomes, faults));
    let why = keys.required_text("why", faults);
    Some(Excuse { condition: condition?, outcome: outcome?.value, why: why?.value, span: entry.span.clone() })
}
