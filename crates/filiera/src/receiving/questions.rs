use std::collections::BTreeMap;

use filiera_evidence::{AnswerFile, AnswerRow};
use filiera_finding::{Fault, Question, QuestionKind};

use super::cells::Cells;
use crate::asking::{Places, seal};

/// A row of answers with the question it belongs to.
pub(super) struct Asked<'a> {
    pub(super) question: Question,
    pub(super) row: &'a AnswerRow,
}

/// What makes a row an answer.
const DECLARED: [&str; 6] = ["origin_1", "share_1", "origin_2", "share_2", "origin_3", "share_3"];
const PRICED: [&str; 3] = ["price", "price_least", "price_most"];

impl Asked<'_> {
    /// Whether something was answered; a validity or a remark alone is no answer.
    pub(super) fn is_answered(&self) -> bool {
        let keys: &[&str] = match self.question.kind {
            QuestionKind::Declaration => &DECLARED,
            QuestionKind::Price => &PRICED,
        };
        keys.iter().any(|key| {
            self.row.cells.get(*key).is_some_and(|cell| !cell.text.is_empty() || cell.trouble.is_some())
        })
    }
}

/// The question that a row answers; nothing, and a fault, when it is none of ours or was changed.
pub(super) fn asked<'a>(
    places: &Places<'_>,
    file: &'a AnswerFile,
    row: &'a AnswerRow,
    faults: &mut Vec<Fault>,
) -> Option<Asked<'a>> {
    let mut cells = Cells { file, row, faults };
    let id = cells.text("id").unwrap_or_default();
    let Some(record) = file.asked.get(&id) else {
        let message = if id.is_empty() {
            "the row belongs to no question".to_owned()
        } else {
            format!("there was no question `{id}`")
        };
        cells.fault("id", "answers/unknown-question", message, "answer in the rows of the request; add none");
        return None;
    };
    let question = Question::from_record(&id, record).filter(|question| seal(question) == id);
    let Some(question) = question else {
        let message = "what was asked has been changed, out of sight".to_owned();
        cells.fault("id", "answers/changed-question", message, "fill the file as it was sent");
        return None;
    };
    let known = is_known(places, &question, &mut cells);
    let same = is_unchanged(&question, record, &mut cells);
    (known && same).then_some(Asked { question, row })
}

fn is_known(places: &Places<'_>, question: &Question, cells: &mut Cells<'_>) -> bool {
    let Question { part, supplier, .. } = question;
    if !places.knows(part) {
        let message = format!("the dossier knows no part `{part}`");
        cells.fault(
            "part",
            "answers/unknown-part",
            message,
            "receive the answer into the dossier that asked",
        );
        return false;
    }
    if !places.suppliers_of(part).contains(supplier.as_str()) {
        let message = format!("`{supplier}` does not supply `{part}` in this dossier");
        cells.fault(
            "part",
            "answers/other-supplier",
            message,
            "correct the supplier of the part, or ask again",
        );
        return false;
    }
    true
}

/// Whether every cell that was filled beforehand still says what it said.
fn is_unchanged(question: &Question, record: &BTreeMap<String, String>, cells: &mut Cells<'_>) -> bool {
    let given =
        ["part", "name", "used", "lots"].map(|key| (key, record.get(key).cloned().unwrap_or_default()));
    let period = ("period", question.period());
    let mut same = true;
    for (key, text) in given.into_iter().chain([period]) {
        // A sheet that has no such column never showed it.
        if !cells.row.columns.contains_key(key) {
            continue;
        }
        let found = cells.cell(key).text;
        if words(&found) != words(&text) {
            same = false;
            let message = format!("`{found}` stands where the request said `{}`", words(&text).join(" "));
            cells.fault(key, "answers/changed-cell", message, "answer for what was asked, or ask again");
        }
    }
    same
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
