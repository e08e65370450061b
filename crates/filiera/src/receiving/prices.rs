use filiera_evidence::AnswerFile;
use filiera_finding::Fault;
use filiera_model::Exact;
use filiera_tables::TableKind;

use super::Rows;
use super::cells::{Cells, row};
use super::questions::Asked;

/// The row of `values` that an answer becomes.
pub(super) fn rows(file: &AnswerFile, asked: &Asked<'_>, faults: &mut Vec<Fault>) -> Option<Rows> {
    let mut cells = Cells { file, row: asked.row, faults };
    let question = &asked.question;
    let basis = cells.basis(question);
    let validity = cells.validity(question);
    let range = range(&mut cells);
    let currency = currency(&mut cells);
    let (basis, (from, to), (least, most), currency) = (basis?, validity?, range?, currency?);
    let told = match &most {
        Some(most) => format!("{least}–{most}"),
        None => least.to_text(),
    };
    let says = format!("{told} {currency} · {basis} · {from} to {to}");
    let filled = vec![
        ("part", Some(question.part.clone())),
        ("basis", Some(basis)),
        ("value", Some(least.to_text())),
        ("value_max", most.map(|most| most.to_text())),
        ("currency", Some(currency)),
        ("valid_from", Some(from.to_string())),
        ("valid_to", Some(to.to_string())),
    ];
    Some((TableKind::Values, says, vec![row(asked.row, filled)]))
}

/// The price, or the least and the most it can be.
fn range(cells: &mut Cells<'_>) -> Option<(Exact, Option<Exact>)> {
    let price = amount(cells, "price");
    let (least, most) = (amount(cells, "price_least"), amount(cells, "price_most"));
    let filled = |cells: &Cells<'_>, key: &str| !cells.cell(key).text.is_empty();
    let is_range = filled(cells, "price_least") || filled(cells, "price_most");
    if filled(cells, "price") && is_range {
        let message = "a price and a range: one of them is too much".to_owned();
        cells.fault("price", "answers/price-and-range", message, "leave either empty");
        return None;
    }
    if !is_range {
        return Some((price?, None));
    }
    for key in ["price_least", "price_most"] {
        if !filled(cells, key) {
            let message = "the range has one end only".to_owned();
            cells.fault(key, "answers/range-end", message, "write the least and the most");
        }
    }
    let (least, most) = least.zip(most)?;
    if most < least {
        let message = format!("the upper end `{most}` is below the lower end `{least}`");
        cells.fault("price_most", "answers/range-order", message, "exchange or correct them");
        return None;
    }
    Some((least, Some(most)))
}

fn amount(cells: &mut Cells<'_>, key: &str) -> Option<Exact> {
    let amount = cells.number(key)?;
    if amount.is_negative() {
        cells.fault(key, "answers/negative", format!("`{amount}` is below zero"), "write 0 or more");
        return None;
    }
    Some(amount)
}

fn currency(cells: &mut Cells<'_>) -> Option<String> {
    let text = cells.text("currency").unwrap_or_default();
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_code {
        let message = if text.is_empty() {
            "the currency is missing".to_owned()
        } else {
            format!("`{text}` is no currency")
        };
        cells.fault("currency", "answers/currency", message, "write an ISO 4217 code such as EUR");
        return None;
    }
    Some(text.to_ascii_uppercase())
}
