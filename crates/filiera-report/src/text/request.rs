use filiera_finding::{Question, QuestionKind, RequestSet, SupplierRequest};

use super::TextOptions;
use super::pen::{Pen, Tone};
use crate::words::{missing, plural};

/// Entries of a list before it is folded.
const SHOWN: usize = 5;

/// What is asked of whom; `files` are the workbooks written, in the order of the requests.
pub fn request(set: &RequestSet, files: &[String], options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    pen.heading(&set.title);
    let questions: usize = set.requests.iter().map(|request| request.questions.len()).sum();
    if questions == 0 {
        pen.wrapped("", "There is nothing to ask of any supplier.");
    } else {
        let suppliers = plural(set.requests.len() as u64, "supplier");
        pen.wrapped("", &format!("{} to {suppliers}", plural(questions as u64, "question")));
    }
    for (place, one) in set.requests.iter().enumerate() {
        supplier(&mut pen, one, files.get(place));
    }
    list(&mut pen, "No supplier is named for:", &set.unassigned);
    list(&mut pen, "Not asked for, because nothing it says changes a verdict:", &set.cannot_matter);
    list(&mut pen, "Not a supplier's to tell:", &set.not_asked);
    pen.finish()
}

fn supplier(pen: &mut Pen<'_>, request: &SupplierRequest, file: Option<&String>) {
    pen.blank();
    let name = request.supplier_name.as_ref().map(|name| format!(" · {name}")).unwrap_or_default();
    pen.toned(Some(Tone::Title), "", &format!("{}{name}", request.supplier));

    for question in request.questions.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", &asked(question));
    }
    pen.more("    ", request.questions.len(), SHOWN);
    if let Some(file) = file {
        let line = pen.say(&format!("    → {file}"));
        pen.line(&line);
    }
}

fn asked(question: &Question) -> String {
    let what = match question.kind {
        QuestionKind::Declaration => "origin",
        QuestionKind::Price => "price",
    };
    let Question { part, valid_from, valid_to, .. } = question;
    let subjects = plural(question.subjects, "subject");
    let basis = question.basis.join(" or ");
    format!("{part} · {what} on {basis} · {valid_from} to {valid_to} · {subjects}")
}

fn list(pen: &mut Pen<'_>, title: &str, papers: &[String]) {
    if papers.is_empty() {
        return;
    }
    pen.blank();
    pen.wrapped("", title);
    for paper in papers.iter().take(pen.shown(SHOWN)) {
        pen.wrapped("    ", &missing(paper));
    }
    pen.more("    ", papers.len(), SHOWN);
}
