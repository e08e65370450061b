use filiera_evidence::{AnswerCell, AnswerFile};
use filiera_finding::Fault;
use filiera_model::{Country, Day};

use super::cells::{cell_fault, trouble};
use crate::check::Dossier;

/// Who declares, and under which document.
#[derive(Clone, Debug, Default)]
pub(super) struct Declarant {
    pub(super) company: String,
    pub(super) country: String,
    pub(super) signed_on: Option<Day>,
    pub(super) document: String,
}

/// What must be filled, with what it is called.
const REQUIRED: [(&str, &str); 5] = [
    ("signatory", "the name of who signs"),
    ("place", "the place"),
    ("signature", "the signature"),
    ("document", "the document number"),
    ("company", "the company that declares"),
];

/// So alike must the name of who declares be to what the dossier calls the supplier.
const ALIKE: f64 = 0.85;

/// Who declares; nothing, and every fault, when that is not said in full.
pub(super) fn declarant(
    dossier: &Dossier,
    file: &AnswerFile,
    on: Day,
    faults: &mut Vec<Fault>,
) -> Option<Declarant> {
    let before = faults.len();
    let text = |key: &str| cell(file, key).text;
    for (key, what) in REQUIRED {
        if text(key).is_empty() {
            let (message, remedy) = (format!("{what} is missing"), "fill the yellow cell");
            faults.push(cell_fault(file, &cell(file, key), "answers/declarant", message, remedy));
        }
    }
    for cell in file.declarant.values() {
        let fault = |trouble| cell_fault(file, cell, "answers/cell", trouble, "write a plain value");
        faults.extend(trouble(cell).map(fault));
    }
    let country = Country::from_code(&text("company_country"));
    if country.is_none() {
        let message = format!("`{}` is no country code", text("company_country"));
        let (code, remedy) = ("answers/country", "write alpha-2, such as IT");
        faults.push(cell_fault(file, &cell(file, "company_country"), code, message, remedy));
    }
    let signed_on = signed_on(file, on, faults);
    if !text("company").is_empty() {
        faults.extend(other_company(dossier, file, &text("company")));
    }
    let country = country.map(|country| country.alpha2().to_owned()).unwrap_or_default();
    let declarant = Declarant { company: text("company"), country, signed_on, document: text("document") };
    (faults.len() == before).then_some(declarant)
}

fn cell(file: &AnswerFile, key: &str) -> AnswerCell {
    file.declarant.get(key).cloned().unwrap_or_else(|| AnswerCell {
        text: String::new(),
        sheet: "Declarant".to_owned(),
        row: 1,
        column: String::new(),
        trouble: Some(format!("the line `{key}` is gone")),
    })
}

fn signed_on(file: &AnswerFile, on: Day, faults: &mut Vec<Fault>) -> Option<Day> {
    let cell = cell(file, "signed_on");
    let day = cell.text.parse::<Day>().ok();
    let message = match day {
        None if cell.text.is_empty() => "the date is missing".to_owned(),
        None => format!("`{}` is not a day", cell.text),
        Some(day) if day > on => format!("it is signed on `{day}`, later than it was received, `{on}`"),
        Some(_) => return day,
    };
    let remedy = "write the day of signature, such as 2026-03-01";
    faults.push(cell_fault(file, &cell, "answers/signed-on", message, remedy));
    None
}

/// A fault when somebody else declares than was asked.
fn other_company(dossier: &Dossier, file: &AnswerFile, company: &str) -> Option<Fault> {
    let supplier = file.request.get("supplier").cloned().unwrap_or_default();
    let names = [dossier.company_name(&supplier), Some(supplier.clone())];
    let like = |name: &String| {
        let (a, b) = (letters(name), letters(company));
        a == b || strsim::jaro_winkler(&a, &b) >= ALIKE
    };
    if names.iter().flatten().any(like) {
        return None;
    }
    let asked = names.into_iter().flatten().next().unwrap_or_default();
    let message = format!("`{company}` declares, and `{asked}` was asked");
    let remedy = "let the supplier declare, or give the company its name in `companies`";
    Some(cell_fault(file, &cell(file, "company"), "answers/other-company", message, remedy))
}

/// Letters and digits alone, in small letters: `Rossi S.r.l.` and `ROSSI SRL` are one.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
