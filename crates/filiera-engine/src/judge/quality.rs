use std::collections::BTreeSet;

use filiera_model::{Mark, Quality};
use filiera_packs::{Form, Method, Pack, Weigh};
use filiera_predicate::Predicate;
use filiera_tables::{COMPANY_COLUMNS, CompanyColumn, Population, TableKind};

use super::forms::Case;
use super::outcome::JudgedRow;
use crate::bind::BoundMark;
use crate::facts::own_of_company;
use crate::ownership::is_of_control;
use crate::rows::{Component, RowInfo};

/// Whether bounds over these rows are attained, or unknowns hang together beyond what they take into
/// account.
pub(crate) fn quality(case: &Case<'_>, judged: &[JudgedRow]) -> Quality {
    let entangled = case.rows.entangled.get(case.asked.subject).copied().unwrap_or_default();
    let repeats = judged.iter().any(is_open) && case.leaf.repeats_a_column();
    if entangled
        || repeats
        || judged.iter().any(|row| row.is_sound)
        || hangs_on_prices(case, judged)
        || looks_into_open_prices(case, judged)
        || shares_a_price(judged)
        || shares_a_fact(case, judged)
    {
        Quality::Sound
    } else {
        Quality::Exact
    }
}

fn is_open(row: &JudgedRow) -> bool {
    row.scope == Mark::Maybe || row.marked.least != row.marked.most
}

/// What is added to a part is what its price leaves of the prices inside it: open together, even
/// where the added value itself is out of scope.
fn hangs_on_prices(case: &Case<'_>, judged: &[JudgedRow]) -> bool {
    let by_value = match &case.bound.condition.form {
        Form::Share(share) => share.weigh.value == Weigh::Value,
        Form::Total(sum) => sum.weigh.value == Weigh::Value,
        Form::Ratio(ratio) => ratio.weigh.value == Weigh::Value,
        Form::Concentration(of) => of.weigh.value == Weigh::Value,
        _ => false,
    };
    let subject = u32::try_from(case.asked.subject).unwrap_or(u32::MAX);
    let is_added = |row: &u32| {
        let component = case.rows.info(*row).and_then(|info| info.component.as_ref());
        let added = component.and_then(|component| component.added.as_ref());
        added.is_some_and(|added| !added.value.is_exact())
    };
    by_value
        && judged.iter().any(|row| !row.weight.range.is_exact())
        && case.rows.of(subject).iter().any(is_added)
}

/// Looked into, a part is never worth less than what is in it, nor that more than the part.
fn looks_into_open_prices(case: &Case<'_>, judged: &[JudgedRow]) -> bool {
    let is_open = |row: &JudgedRow| !row.weight.range.is_exact();
    match &case.bound.condition.form {
        Form::Share(share) => share.method != Method::AsSupplied && judged.iter().any(is_open),
        _ => false,
    }
}

/// Whether one open price stands in several rows that are not marked alike.
fn shares_a_price(judged: &[JudgedRow]) -> bool {
    let mut open: Vec<(&str, &JudgedRow)> = judged
        .iter()
        .filter(|row| !row.weight.range.is_exact())
        .filter_map(|row| row.weight.missing.as_deref().map(|missing| (missing, row)))
        .collect();
    open.sort_by_key(|(missing, _)| *missing);
    open.windows(2).any(|pair| {
        let [(a, x), (b, y)] = pair else { return false };
        a == b && (x.marked != y.marked || x.scope != y.scope)
    })
}

/// A missing fact: the column, and whose it is.
type Fact = (String, [Option<String>; 3]);

/// Whether one missing fact decides over several rows: whether they count at all, or (where a mark
/// takes several facts) which of them are marked. Taken apart, the rows could contradict each other.
///
/// A mark that takes one fact leads all its rows the same way, and there the extremes are the same.
fn shares_a_fact(case: &Case<'_>, judged: &[JudgedRow]) -> bool {
    let mut seen: BTreeSet<Fact> = BTreeSet::new();
    judged.iter().any(|row| missing_facts(case, row).into_iter().any(|fact| !seen.insert(fact)))
}

/// The facts that a row's scope, its totals and its mark of several facts wait for.
fn missing_facts(case: &Case<'_>, row: &JudgedRow) -> BTreeSet<Fact> {
    let Some(info) = case.rows.info(row.row) else { return BTreeSet::new() };
    let scope = case.leaf.among.iter().filter(|_| row.scope == Mark::Maybe);
    let totals = row.totals.iter().zip(&case.leaf.totals);
    let totals = totals.filter(|(mark, _)| **mark == Mark::Maybe).map(|(_, (_, predicate))| predicate);
    let mark = match &case.leaf.mark {
        BoundMark::Where(mark) if row.marked.least != row.marked.most => Some(mark.as_ref()),
        _ => None,
    };
    let mark = mark.filter(|mark| mark.columns().len() > 1);
    let predicates: Vec<&Predicate> = scope.chain(totals).chain(mark).collect();
    let columns: BTreeSet<&String> = predicates.iter().flat_map(|predicate| predicate.columns()).collect();
    columns.into_iter().filter_map(|column| fact(case, row, info, column)).collect()
}

/// The fact behind a null cell, if other rows may rest on it too.
fn fact(case: &Case<'_>, row: &JudgedRow, info: &RowInfo, column: &str) -> Option<Fact> {
    let is_missing = is_of_control(column) || case.rows.columns.is_null(column, row.row as usize);
    let whose = match &info.component {
        Some(component) if column == "origin" && !component.is_own_work => {
            [Some(component.part.clone()), component.supplier.clone(), component.lot.clone()]
        }
        _ if !is_missing => return None,
        Some(component) => [Some(owner(case, component, column)?), None, None],
        None => {
            let pack = &case.bound.pack;
            let of = |company: &CompanyColumn| source_of(company, column, pack).is_some();
            let company = COMPANY_COLUMNS.into_iter().find(of)?;
            let named = case.rows.columns.text(company.name, row.row as usize)?;
            let source = source_of(&company, column, pack)?;
            return Some((source.to_owned(), [Some(named.to_owned()), None, None]));
        }
    };
    Some((column.to_owned(), whose))
}

/// What of a company a joined column tells.
fn source_of<'a>(company: &CompanyColumn, column: &'a str, pack: &Pack) -> Option<&'a str> {
    let of_control = company.controller.iter().any(|(name, _)| *name == column);
    let known = company.known.iter().find(|(name, ..)| *name == column).map(|(_, source, _)| *source);
    known.or(of_control.then_some("controller")).or_else(|| own_of_company(company, column, pack))
}

/// The supplier, the part, or (an empty text) the vehicle.
fn owner(case: &Case<'_>, component: &Component, column: &str) -> Option<String> {
    if column.starts_with("supplier_") {
        return Some(component.supplier.clone().unwrap_or_else(|| component.part.clone()));
    }
    let parts = case.ground.dossier.table(TableKind::Parts);
    let is_of_part = parts.is_some_and(|parts| parts.column(column).is_some())
        || Population::Components.columns().iter().any(|known| known.name == column);
    Some(if is_of_part && !component.is_own_work { component.part.clone() } else { String::new() })
}
