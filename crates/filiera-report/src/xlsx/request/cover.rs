use filiera_finding::{ConditionAsked, QuestionKind, SupplierRequest};
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::labels::{HOW, Label};
use super::style::Style;
use crate::words::{plural, stamp};
use crate::xlsx::sheet::fitting;

/// Who asks whom, for what, by which law, how to answer and by when.
pub(super) fn cover(
    sheet: &mut Worksheet,
    request: &SupplierRequest,
    style: &Style,
) -> Result<(), XlsxError> {
    sheet.set_name("Request")?.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 26)?.set_column_width(1, 26)?.set_column_width(2, 90)?;
    sheet.write_string_with_format(
        0,
        0,
        "Supplier's declaration: request · Dichiarazione del fornitore: richiesta",
        &style.title,
    )?;
    let mut cover = Cover { sheet, style, row: 2 };
    for (label, text) in facts(request) {
        cover.line(label, &text)?;
    }
    cover.row += 1;
    for condition in &request.conditions {
        cover.line(Label { en: "Condition", it: "Condizione" }, &words(condition))?;
        cover.line(Label { en: "Law", it: "Norma" }, &law(condition))?;
    }
    cover.row += 1;
    for how in HOW {
        cover.line(Label { en: "How to answer", it: "Come rispondere" }, how.en)?;
        cover.line(Label { en: "", it: "" }, how.it)?;
    }
    sheet.protect();
    Ok(())
}

struct Cover<'a> {
    sheet: &'a mut Worksheet,
    style: &'a Style,
    row: u32,
}

impl Cover<'_> {
    fn line(&mut self, label: Label, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, label.en, &self.style.label)?;
        self.sheet.write_string_with_format(self.row, 1, label.it, &self.style.label_it)?;
        self.sheet.write_string_with_format(self.row, 2, fitting(text), &self.style.text)?;
        self.row += 1;
        Ok(())
    }
}

fn facts(request: &SupplierRequest) -> Vec<(Label, String)> {
    let of = |kind, noun, about| {
        let asked = request.questions.iter().filter(|question| question.kind == kind).count();
        (asked > 0).then(|| format!("{}{about}", plural(asked as u64, noun)))
    };
    let declarations = of(QuestionKind::Declaration, "declaration", " of origin");
    let asked: Vec<String> = declarations.into_iter().chain(of(QuestionKind::Price, "price", "")).collect();
    let whom = match &request.supplier_name {
        Some(name) => format!("{name} ({})", request.supplier),
        None => request.supplier.clone(),
    };
    vec![
        (Label { en: "Asked by", it: "Richiedente" }, request.asker.clone()),
        (Label { en: "For", it: "Oggetto" }, request.title.clone()),
        (Label { en: "To", it: "Destinatario" }, whom),
        (Label { en: "Asked for", it: "Richiesta" }, asked.join(", ")),
        (Label { en: "Date", it: "Data" }, request.issued_on.to_string()),
        (Label { en: "Please answer by", it: "Rispondere entro il" }, request.answer_by.to_string()),
    ]
}

/// The condition's words, with its status.
fn words(condition: &ConditionAsked) -> String {
    let stamp = stamp(&condition.status).map(|stamp| format!(" [{stamp}]")).unwrap_or_default();
    format!("{} ({}){stamp}", condition.title, condition.name)
}

fn law(condition: &ConditionAsked) -> String {
    let law = condition.references.iter().map(|reference| match &reference.url {
        Some(url) => format!("{} – {url}", reference.title),
        None => reference.title.clone(),
    });
    let law: Vec<String> = law.collect();
    if law.is_empty() { "no law cited".to_owned() } else { law.join("\n") }
}
