use std::collections::BTreeSet;

use filiera_model::{Exact, Mark, Verdict};
use filiera_packs::{Form, Pack, Total};
use filiera_predicate::Predicate;
use filiera_tables::COMPANY_COLUMNS;

use super::forms::Case;
use super::outcome::{JudgedRow, Outcome, unique};
use crate::bind::BoundMark;
use crate::facts::own_of_company;
use crate::ownership::is_of_control;
use crate::rows::RowInfo;

/// The papers that are missing, `kind:name`, those of the heaviest rows first; none once decided.
pub(crate) fn missing_papers(case: &Case<'_>, judged: &[JudgedRow], outcome: &Outcome) -> Vec<String> {
    if outcome.verdict.is_decided() && outcome.legal.is_decided() {
        return Vec::new();
    }
    let mut weighed: Vec<(Option<Exact>, Vec<String>)> = judged
        .iter()
        .map(|row| (row.weight.range.most.clone(), of_row(case, row)))
        .filter(|(_, papers)| !papers.is_empty())
        .collect();
    // A weight without limit is the heaviest of all.
    weighed.sort_by(|(a, x), (b, y)| (b.is_none(), b, x).cmp(&(a.is_none(), a, y)));
    let mut papers: Vec<String> = weighed.into_iter().flat_map(|(_, papers)| papers).collect();
    papers.extend(case.open().iter().cloned());
    papers.extend(missing_total(case));
    let needs_all = matches!(case.bound.condition.form, Form::Concentration(_));
    let is_open = outcome.verdict == Verdict::Undetermined && !case.is_complete();
    if is_open && (papers.is_empty() || needs_all) {
        papers.push(format!("complete:{}", case.leaf.population.vouched_as().name()));
    }
    unique(papers)
}

/// The declared total, when nobody declared it.
fn missing_total(case: &Case<'_>) -> Option<String> {
    let Form::Share(share) = &case.bound.condition.form else { return None };
    let Total::Column(column) = &share.of_total.as_ref()?.total.value else { return None };
    let subject = case.asked.subject;
    let name = case.subjects.names.get(subject).filter(|_| case.subjects.columns.is_null(column, subject))?;
    Some(format!("{column}:{name}"))
}

fn of_row(case: &Case<'_>, row: &JudgedRow) -> Vec<String> {
    let mut papers: Vec<String> = row.weight.missing.iter().cloned().collect();
    let Some(info) = case.rows.info(row.row) else { return papers };
    if row.is_open() {
        let mark = if let BoundMark::Where(mark) = &case.leaf.mark { Some(mark.as_ref()) } else { None };
        let columns =
            mark.map_or_else(|| BTreeSet::from(["origin".to_owned()]), |mark| mark.columns().clone());
        papers.extend(columns.iter().filter_map(|column| paper(case, row, info, column)));
    }
    let counts = !row.marked.most.is_zero();
    papers.extend(case.leaf.by.as_ref().filter(|_| counts).and_then(|by| paper(case, row, info, by)));
    let among = case.leaf.among.iter().filter(|_| row.scope == Mark::Maybe);
    let open = row.totals.iter().zip(&case.leaf.totals).filter(|(mark, _)| **mark == Mark::Maybe);
    let predicates: Vec<&Predicate> = among.chain(open.map(|(_, (_, predicate))| predicate)).collect();
    for predicate in predicates {
        papers.extend(predicate.columns().iter().filter_map(|column| paper(case, row, info, column)));
    }
    papers
}

/// Whether the row's origin is one country, or several in known parts.
fn names_one_country(row: &JudgedRow) -> bool {
    let claims = row.origin.as_ref().map(|origin| origin.claims.as_slice()).unwrap_or_default();
    let [claim] = claims else { return false };
    claim.parts.iter().all(|(_, candidates)| matches!(candidates.list().as_slice(), [Some(_)]))
}

/// The paper that would fill a null cell.
fn paper(case: &Case<'_>, row: &JudgedRow, info: &RowInfo, column: &str) -> Option<String> {
    let at = row.row as usize;
    let columns = &case.rows.columns;
    if let Some(component) = &info.component {
        if column == "origin" {
            let is_group = case.leaf.by.as_deref() == Some("origin") && !names_one_country(row);
            let in_total = row.totals.contains(&Mark::Maybe) && !names_one_country(row);
            let open =
                row.marked.least != row.marked.most || row.scope == Mark::Maybe || in_total || is_group;
            return open.then(|| format!("declaration:{}", component.part));
        }
        if !columns.is_null(column, at) {
            return None;
        }
        let joined = of_company(&case.bound.pack, column, |name| match name {
            "supplier" => component.supplier.clone(),
            name => columns.text(name, at).map(str::to_owned),
        });
        return Some(joined.unwrap_or_else(|wanted| format!("{wanted}:{}", component.part)));
    }
    let is_open = columns.is_null(column, at) || is_of_control(column);
    if !is_open {
        return None;
    }
    let joined = of_company(&case.bound.pack, column, |name| columns.text(name, at).map(str::to_owned));
    Some(joined.unwrap_or_else(|wanted| format!("{wanted}:{}", info.name)))
}

/// The paper about a company that fills a joined column, `country:ACME`; where nobody says which company
/// it is, or it is a column of the row's own, the column to be filled.
fn of_company(pack: &Pack, column: &str, named: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    for company in COMPANY_COLUMNS {
        if company.controller.iter().any(|(name, _)| *name == column) {
            return named(company.name).map(|name| format!("owners:{name}")).ok_or(company.name.to_owned());
        }
        let known = company.known.iter().find(|(name, ..)| *name == column).map(|(_, source, _)| *source);
        let Some(source) = known.or_else(|| own_of_company(&company, column, pack)) else { continue };
        return named(company.name).map(|name| format!("{source}:{name}")).ok_or(company.name.to_owned());
    }
    Err(column.to_owned())
}
