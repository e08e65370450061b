use filiera_model::Exact;

use crate::fault::Faults;
use crate::keys::{Entry, Keys};
use crate::names::{is_identifier, is_name, names_after, refuse_bad_name};
use crate::read_score::score;
use crate::{
    Apart, Attribution, AttributionBelow, Below, Cause, Concentration, Form, MemberRef, Method, NOf, OfTotal,
    POPULATIONS, Ratio, Remainder, RollUp, Rows, Share, ShareMark, Spanned, Sql, Sum, Term, Total, Weigh,
    number,
};

/// The keys of the forms, in the order of the documentation.
pub(crate) const FORMS: [&str; 13] = [
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
];

/// Those whose value is compared with a threshold.
pub(crate) const COMPARED: [&str; 5] = ["share", "total", "count", "ratio", "concentration"];

/// Those made of other conditions.
pub(crate) const COMPOSED: [&str; 4] = ["all_of", "any_of", "n_of", "not"];

const SHARE: &[&str] = &[
    "of",
    "weigh",
    "where",
    "by",
    "among",
    "basis",
    "of_total",
    "remainder",
    "method",
    "roll_up",
    "convert_on",
];
const TOTAL: &[&str] = &["of", "weigh", "where", "among", "basis", "convert_on", "attribution", "by"];
const ROWS: &[&str] = &["of", "where", "among"];
const CONCENTRATION: &[&str] = &["of", "weigh", "by", "where", "among", "basis", "convert_on"];
const N_OF: &[&str] = &["at_least", "members"];
const RATIO: &[&str] = &["of", "weigh", "totals", "top", "bottom", "among", "basis", "convert_on"];

/// Reads the form `name` of a pack with id `pack`.
pub(crate) fn form(name: &str, entry: &Entry<'_>, pack: &str, faults: &mut Faults) -> Option<Form> {
    match name {
        "share" => {
            share(&Keys::open(entry, SHARE, faults)?, faults).map(|share| Form::Share(Box::new(share)))
        }
        "total" => total(&Keys::open(entry, TOTAL, faults)?, faults).map(Form::Total),
        "ratio" => ratio(&Keys::open(entry, RATIO, faults)?, faults).map(Form::Ratio),
        "concentration" => {
            concentration(&Keys::open(entry, CONCENTRATION, faults)?, faults).map(Form::Concentration)
        }
        "score" => score(entry, pack, faults).map(|score| Form::Score(Box::new(score))),
        "n_of" => n_of(&Keys::open(entry, N_OF, faults)?, pack, faults).map(Form::NOf),
        "all_of" => members(entry, pack, faults).map(Form::AllOf),
        "any_of" => members(entry, pack, faults).map(Form::AnyOf),
        "not" => Some(Form::Not(member(entry.text(faults)?, pack, faults))),
        rows => self::rows(rows, &Keys::open(entry, ROWS, faults)?, faults),
    }
}

fn rows(name: &str, keys: &Keys<'_>, faults: &mut Faults) -> Option<Form> {
    let (of, mark, among) = (population(keys, faults), keys.sql("where", faults), keys.sql("among", faults));
    if name == "every" && !keys.has("where") {
        let cause = Cause::Vacuous { form: "every", outcome: "is always met" };
        faults.push(cause, &keys.span);
    }
    let rows = Rows { of: of?, mark, among };
    Some(match name {
        "count" => Form::Count(rows),
        "every" => Form::Every(rows),
        "none" => Form::None(rows),
        _ => Form::Any(rows),
    })
}

fn total(keys: &Keys<'_>, faults: &mut Faults) -> Option<Sum> {
    let of = population(keys, faults);
    let weigh = weigh(keys, faults);
    let (mark, among) = (keys.sql("where", faults), keys.sql("among", faults));
    let (basis, convert_on) = money_keys(keys, weigh.as_ref(), faults);
    let attribution = attribution(keys, faults);
    let by = column(keys, "by", faults);
    let sum = Sum { of: of?, weigh: weigh?, mark, among, basis, convert_on, attribution, by };
    for (key, done) in [("attribution", "attributed"), ("by", "told apart")] {
        if let Some(entry) = keys.get(key).filter(|_| !sum.is_of_companies()) {
            let why = format!("only `holdings` weighed by `share` or `votes` are {done}");
            faults.push(Cause::Misplaced { key: key.to_owned(), why }, &entry.key);
        }
    }
    Some(sum)
}

fn attribution(keys: &Keys<'_>, faults: &mut Faults) -> Option<Attribution> {
    let keys = keys.table("attribution", &["full_at", "below"], faults)?;
    let full_at = keys.required("full_at", faults).and_then(|entry| number::share(&entry, faults));
    if let Some(at) = full_at.as_ref().filter(|at| !at.is_positive() || at.value > 1) {
        let message =
            format!("`{}` is no part that counts in full; write more than 0 % and at most 100 %", at.value);
        faults.push(Cause::BadNumber(message), &at.span);
    }
    let words = [("product", AttributionBelow::Product), ("nothing", AttributionBelow::Nothing)];
    let below =
        keys.required("below", faults).and_then(|entry| entry.word("rule of attribution", &words, faults));
    Some(Attribution { full_at: full_at?.value, below: below?.value })
}

fn share(keys: &Keys<'_>, faults: &mut Faults) -> Option<Share> {
    let of = population(keys, faults);
    let weigh = weigh(keys, faults);
    let sql = keys.sql("where", faults);
    let apart = apart(keys, sql.as_ref(), faults);
    let mark = share_mark(keys, sql, apart.as_ref(), faults);
    let among = keys.sql("among", faults);
    let (basis, convert_on) = money_keys(keys, weigh.as_ref(), faults);
    let of_total = of_total(keys, faults);
    let (method, roll_up) = method(keys, of.as_ref(), faults);
    let by = apart.filter(|by| !is_origin(by));
    if by.is_some() {
        for key in ["of_total", "method", "roll_up"] {
            if let Some(entry) = keys.get(key) {
                let why = "what `by` tells apart are the listed rows, as they are supplied".to_owned();
                faults.push(Cause::Misplaced { key: key.to_owned(), why }, &entry.key);
            }
        }
    }
    Some(Share {
        of: of?,
        weigh: weigh?,
        mark: mark?,
        by,
        among,
        basis,
        of_total,
        method,
        roll_up,
        convert_on,
    })
}

/// A column, or the values of a parameter that `where` names.
fn apart(keys: &Keys<'_>, mark: Option<&Sql>, faults: &mut Faults) -> Option<Spanned<Apart>> {
    let by = keys.text("by", faults)?;
    let Some(name) = by.strip_prefix('$').map(str::to_owned) else {
        return column(keys, "by", faults).map(|column| column.map(Apart::Column));
    };
    if !mark.is_some_and(|mark| names_after(b'$', &mark.text).iter().any(|(used, _)| *used == name)) {
        let why = format!("`where` does not name `${name}`, so nothing depends on its values");
        faults.push(Cause::Misplaced { key: "by".to_owned(), why }, &by.span);
    }
    Some(Spanned::new(Apart::Each(name), by.span))
}

/// Whether rows are told apart by origin: that is a mark of its own.
fn is_origin(by: &Spanned<Apart>) -> bool {
    matches!(&by.value, Apart::Column(column) if column == "origin")
}

fn share_mark(
    keys: &Keys<'_>,
    mark: Option<Sql>,
    apart: Option<&Spanned<Apart>>,
    faults: &mut Faults,
) -> Option<ShareMark> {
    let by_origin = apart.is_some_and(is_origin);
    match (keys.get("where"), keys.get("by")) {
        (Some(_), Some(by)) if by_origin => {
            let why = "`where` already says which rows count".to_owned();
            faults.push(Cause::Misplaced { key: "by".to_owned(), why }, &by.key);
            None
        }
        (Some(_), _) => mark.map(ShareMark::Where),
        (None, Some(_)) if by_origin => Some(ShareMark::ByOrigin),
        (None, Some(_)) => Some(ShareMark::All),
        (None, None) if keys.has("of_total") => Some(ShareMark::All),
        (None, None) => {
            let cause = Cause::Vacuous { form: "share", outcome: "is always 100 %" };
            faults.push(cause, &keys.span);
            None
        }
    }
}

/// `basis` and `convert_on`, which mean something for money only.
fn money_keys(
    keys: &Keys<'_>,
    weigh: Option<&Spanned<Weigh>>,
    faults: &mut Faults,
) -> (Option<Spanned<String>>, Option<Spanned<String>>) {
    let weigh = weigh.map(|weigh| &weigh.value);
    let refuse = |key: &'static str, why: &str, faults: &mut Faults| {
        if let Some(entry) = keys.get(key) {
            faults.push(Cause::Misplaced { key: key.to_owned(), why: why.to_owned() }, &entry.key);
        }
    };
    if weigh.is_some_and(|weigh| *weigh != Weigh::Value) {
        refuse("basis", "only `weigh = \"value\"` has prices on a basis", faults);
    }
    if matches!(weigh, Some(Weigh::Mass | Weigh::Count)) {
        refuse("convert_on", "only money is converted", faults);
    }
    (keys.text("basis", faults), column(keys, "convert_on", faults))
}

fn of_total(keys: &Keys<'_>, faults: &mut Faults) -> Option<OfTotal> {
    let answers = Remainder::ALL.map(|answer| (answer.name(), answer));
    let remainder = keys.word("remainder", "remainder", &answers, faults);
    let Some(entry) = keys.get("of_total") else {
        if let Some(entry) = keys.get("remainder") {
            let why = "there is no `of_total` for anything to remain of".to_owned();
            faults.push(Cause::Misplaced { key: "remainder".to_owned(), why }, &entry.key);
        }
        return None;
    };
    keys.required("remainder", faults);
    let total = declared_total(&entry, faults);
    Some(OfTotal { total: total?, remainder: remainder? })
}

/// A number, or else the name of a column.
fn declared_total(entry: &Entry<'_>, faults: &mut Faults) -> Option<Spanned<Total>> {
    let is_column = entry.is_text() && entry.any_text(faults).is_some_and(|text| is_identifier(&text));
    if is_column {
        return Some(entry.text(faults)?.map(Total::Column));
    }
    let number = number::written(entry, faults)?;
    if !number.value.value.is_positive() || number.text.contains('%') {
        let message =
            format!("`{}` cannot be a total; write a number above zero, in the weight's unit", number.text);
        faults.push(Cause::BadNumber(message), &number.span);
    }
    Some(number.map(|number| Total::Number(number.value)))
}

fn method(keys: &Keys<'_>, of: Option<&Spanned<String>>, faults: &mut Faults) -> (Method, Option<RollUp>) {
    let methods = Method::ALL.map(|method| (method.name(), method));
    let stated = keys.word("method", "method", &methods, faults);
    let method = stated.as_ref().map(|method| method.value).unwrap_or_default();
    let roll_up = roll_up(keys, faults);
    let refuse = |key: &'static str, why: &str, faults: &mut Faults| {
        if let Some(entry) = keys.get(key) {
            faults.push(Cause::Misplaced { key: key.to_owned(), why: why.to_owned() }, &entry.key);
        }
    };
    if of.is_some_and(|of| of.value != "components") {
        refuse("method", "only `components` are made of others", faults);
        refuse("roll_up", "only `components` are made of others", faults);
    }
    match method {
        Method::RolledUp if !keys.has("roll_up") => keys.missing("roll_up", faults),
        Method::Traced => refuse("roll_up", "`traced` counts value where it was added", faults),
        _ => {}
    }
    (method, roll_up)
}

fn roll_up(keys: &Keys<'_>, faults: &mut Faults) -> Option<RollUp> {
    let keys = keys.table("roll_up", &["at", "below"], faults)?;
    let at = keys.required("at", faults).and_then(|at| number::share(&at, faults));
    if let Some(at) = at.as_ref().filter(|at| !at.is_positive() || at.value > 1) {
        let message =
            format!("`{}` is no threshold for a share; write more than 0 % and at most 100 %", at.value);
        faults.push(Cause::BadNumber(message), &at.span);
    }
    let below = keys.required("below", faults).and_then(|entry| below(&entry, faults));
    Some(RollUp { at: at?, below: below? })
}

fn below(entry: &Entry<'_>, faults: &mut Faults) -> Option<Spanned<Below>> {
    if entry.as_integer() == Some(0) {
        return Some(Spanned::new(Below::Zero, entry.span.clone()));
    }
    let text = entry.text(faults)?;
    let below = match text.as_str() {
        "0" | "0 %" => Some(Below::Zero),
        "share" => Some(Below::Share),
        other => other.strip_prefix("nearest ").and_then(step).map(Below::Nearest),
    };
    if below.is_none() {
        let message = format!(
            "`{}` is not what a sub-assembly can count; write `0`, `share` or `nearest 5 %`",
            text.value
        );
        faults.push(Cause::BadNumber(message), &text.span);
    }
    Some(Spanned::new(below?, text.span))
}

fn step(text: &str) -> Option<Exact> {
    let step = number::parse(text).ok()?;
    (text.contains(['%', '/']) && step.is_positive() && step <= 1).then_some(step)
}

fn ratio(keys: &Keys<'_>, faults: &mut Faults) -> Option<Ratio> {
    let of = population(keys, faults);
    let weigh = weigh(keys, faults);
    let totals = named_totals(keys, faults);
    let (top, bottom) = (terms(keys, "top", &totals, faults), terms(keys, "bottom", &totals, faults));
    let among = keys.sql("among", faults);
    let (basis, convert_on) = money_keys(keys, weigh.as_ref(), faults);
    Some(Ratio { of: of?, weigh: weigh?, totals, top: top?, bottom: bottom?, among, basis, convert_on })
}

fn concentration(keys: &Keys<'_>, faults: &mut Faults) -> Option<Concentration> {
    let of = population(keys, faults);
    let weigh = weigh(keys, faults);
    keys.required("by", faults);
    let by = column(keys, "by", faults);
    let (mark, among) = (keys.sql("where", faults), keys.sql("among", faults));
    if let Some(entry) = keys.get("where").filter(|_| by.as_ref().is_some_and(|by| by.value == "origin")) {
        let why = "a row of several origins stands in several groups; say with `among` which rows count";
        faults.push(Cause::Misplaced { key: "where".to_owned(), why: why.to_owned() }, &entry.key);
    }
    let (basis, convert_on) = money_keys(keys, weigh.as_ref(), faults);
    Some(Concentration { of: of?, weigh: weigh?, by: by?, mark, among, basis, convert_on })
}

fn named_totals(keys: &Keys<'_>, faults: &mut Faults) -> Vec<(Spanned<String>, Sql)> {
    let Some(table) = keys.required("totals", faults).and_then(|entry| Keys::open(&entry, &[], faults))
    else {
        return Vec::new();
    };
    let mut totals = Vec::new();
    for (name, entry) in table.entries() {
        refuse_bad_name("total", &name, is_identifier(&name), &entry.key, faults);
        if let Some(sql) = entry.sql(faults) {
            totals.push((Spanned::new(name, entry.key), sql));
        }
    }
    totals
}

fn terms(
    keys: &Keys<'_>,
    key: &'static str,
    totals: &[(Spanned<String>, Sql)],
    faults: &mut Faults,
) -> Option<Vec<Term>> {
    let texts = keys.required(key, faults)?.texts(faults)?;
    let term = |text: Spanned<String>| {
        let minus = text.starts_with('-');
        Term { minus, name: text.map(|text| text.trim_start_matches('-').trim().to_owned()) }
    };
    let terms: Vec<Term> = texts.into_iter().map(term).collect();
    let names: std::collections::BTreeSet<&str> =
        totals.iter().map(|(name, _)| name.value.as_str()).collect();
    for term in terms.iter().filter(|term| keys.has("totals") && !names.contains(term.name.as_str())) {
        let instead = faults.near(&term.name, names.iter().copied());
        let cause = Cause::NoSuch {
            what: "total",
            name: term.name.value.clone(),
            place: " in `totals`".to_owned(),
            instead,
        };
        faults.push(cause, &term.name.span);
    }
    Some(terms)
}

fn members(entry: &Entry<'_>, pack: &str, faults: &mut Faults) -> Option<Vec<Spanned<MemberRef>>> {
    let texts = entry.texts(faults)?;
    Some(texts.into_iter().map(|text| member(text, pack, faults)).collect())
}

fn n_of(keys: &Keys<'_>, pack: &str, faults: &mut Faults) -> Option<NOf> {
    let at_least = keys.required("at_least", faults).and_then(|entry| number_of_members(&entry, faults));
    let members = keys.required("members", faults).and_then(|entry| members(&entry, pack, faults));
    let (at_least, members) = (at_least?, members?);
    if at_least.value > members.len() {
        let cause = Cause::TooFewMembers { needed: at_least.value, members: members.len() };
        faults.push(cause, &at_least.span);
    }
    Some(NOf { at_least, members })
}

/// A whole number of one or more.
fn number_of_members(entry: &Entry<'_>, faults: &mut Faults) -> Option<Spanned<usize>> {
    let Some(whole) = entry.as_integer() else {
        faults.push(entry.wrong_type("a whole number"), &entry.span);
        return None;
    };
    let number = usize::try_from(whole).ok().filter(|number| *number > 0);
    if number.is_none() {
        let message = format!("`{whole}` is no number of members; write 1 or more");
        faults.push(Cause::BadNumber(message), &entry.span);
    }
    Some(Spanned::new(number?, entry.span.clone()))
}

pub(crate) fn member(text: Spanned<String>, pack: &str, faults: &mut Faults) -> Spanned<MemberRef> {
    let member = text.map(|text| {
        let member = MemberRef::parse(&text);
        MemberRef { pack: member.pack.filter(|other| other != pack), ..member }
    });
    refuse_bad_name("condition", &member.condition, is_name(&member.condition), &member.span, faults);
    member
}

pub(crate) fn population(keys: &Keys<'_>, faults: &mut Faults) -> Option<Spanned<String>> {
    keys.required("of", faults)?;
    let names = POPULATIONS.map(|name| (name, name));
    Some(keys.word("of", "population", &names, faults)?.map(str::to_owned))
}

fn weigh(keys: &Keys<'_>, faults: &mut Faults) -> Option<Spanned<Weigh>> {
    keys.required("weigh", faults)?;
    let weigh = column(keys, "weigh", faults)?;
    Some(weigh.map(|weigh| match weigh.as_str() {
        "value" => Weigh::Value,
        "mass" => Weigh::Mass,
        "count" => Weigh::Count,
        _ => Weigh::Column(weigh),
    }))
}

/// The name of a column at `key`.
pub(crate) fn column(keys: &Keys<'_>, key: &'static str, faults: &mut Faults) -> Option<Spanned<String>> {
    let column = keys.text(key, faults)?;
    refuse_bad_name("column", &column, is_identifier(&column), &column.span, faults);
    Some(column)
}
