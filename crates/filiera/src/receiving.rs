//! Suppliers' answers: checked against what was asked, and judged by what they change.

mod already;
mod cells;
mod declarant;
mod effect;
mod origins;
mod prices;
mod questions;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use filiera_evidence::{AnswerFile, AppendedFile, ImportedRow, append_rows, read_answers};
use filiera_finding::{Answer, AnswersReceived, Fault, FileChange, QuestionKind};
use filiera_model::Day;
use filiera_tables::{TableKind, evidence_hash};

use crate::asking::Places;
use crate::check::{Dossier, Request};
use crate::{FilieraError, Library};

use already::is_there;
use cells::cell_fault;
use declarant::{Declarant, declarant};
use effect::effect;
use questions::{Asked, asked};

/// The answers to take in.
#[derive(Clone, Debug)]
pub struct Receiving {
    /// The workbooks.
    pub files: Vec<PathBuf>,
    /// The day they are received: nothing can be signed later.
    pub on: Day,
}

/// What was received, and what the dossier's files would hold with it.
#[derive(Clone, Debug)]
pub struct Received {
    /// Faults, answers and what they change.
    pub receipt: AnswersReceived,
    /// The files to write, whole; empty when something is wrong or nothing was answered.
    pub files: Vec<AppendedFile>,
    /// What the canonical evidence must hash to once they are written.
    pub evidence_hash: String,
}

/// An answer without fault, with the rows it becomes.
#[derive(Clone, Debug)]
struct Accepted {
    answer: Answer,
    kind: TableKind,
    rows: Vec<ImportedRow>,
}

/// Everything read from the answers so far.
#[derive(Debug, Default)]
struct Taken {
    faults: Vec<Fault>,
    accepted: Vec<Accepted>,
    unanswered: Vec<String>,
    already: Vec<String>,
    /// The questions answered, with the place of the answer.
    seen: BTreeMap<String, String>,
}

/// Reads and checks answers and judges the dossier without and with them. Nothing is written.
///
/// With a fault anywhere there are no files to write; the effect of the sound answers is told all the
/// same.
///
/// # Errors
/// As [`Dossier::read`] and [`Dossier::check`], for the dossier as it is; what is wrong with the answers
/// is in the receipt.
pub fn receive(
    request: &Request,
    library: &Library,
    receiving: &Receiving,
    progress: &dyn Fn(usize, usize),
) -> Result<Received, FilieraError> {
    let dossier = Dossier::read(request, library)?;
    let taken = take(&dossier, receiving);
    let mut rows: BTreeMap<TableKind, Vec<ImportedRow>> = BTreeMap::new();
    for one in &taken.accepted {
        rows.entry(one.kind).or_default().extend(one.rows.iter().cloned());
    }
    let before = dossier.check(progress)?.run;
    let mut receipt = receipt(&dossier, receiving, taken);
    let mut hash = evidence_hash(&dossier.tables);
    receipt.evidence_hash = (hash.clone(), hash.clone());
    if rows.is_empty() {
        return Ok(Received { receipt, files: Vec::new(), evidence_hash: hash });
    }
    let appended = append_rows(&request.path, &rows)?;
    // What no file has a column for is not judged either.
    for not_kept in &appended.not_kept {
        leave_out(&mut rows, not_kept);
    }
    match Dossier::read_with(request, library, rows) {
        Ok(with) => {
            let after = with.check(progress)?.run;
            let parts: BTreeSet<&str> = receipt.answers.iter().map(|answer| answer.part.as_str()).collect();
            let (changes, unchanged) = effect(&dossier, &parts, &before.findings, &after.findings);
            (receipt.changes, receipt.unchanged) = (changes, unchanged);
            hash = evidence_hash(&with.tables);
            receipt.evidence_hash.1.clone_from(&hash);
        }
        Err(FilieraError::Faults(report)) => receipt.faults.extend(report.faults),
        Err(error) => return Err(error),
    }
    if !receipt.is_sound() {
        return Ok(Received { receipt, files: Vec::new(), evidence_hash: hash });
    }
    receipt.not_kept = appended.not_kept.into_iter().collect();
    receipt.written = appended.files.iter().map(file_change).collect();
    Ok(Received { receipt, files: appended.files, evidence_hash: hash })
}

/// Leaves a column, as `table.column`, out of the rows.
fn leave_out(rows: &mut BTreeMap<TableKind, Vec<ImportedRow>>, not_kept: &str) {
    let Some((table, column)) = not_kept.split_once('.') else { return };
    for (_, rows) in rows.iter_mut().filter(|(kind, _)| kind.name() == table) {
        rows.iter_mut().for_each(|row| drop(row.cells.remove(column)));
    }
}

fn file_change(file: &AppendedFile) -> FileChange {
    FileChange { file: file.name.clone(), rows: file.rows, is_new: file.old.is_none() }
}

fn receipt(dossier: &Dossier, receiving: &Receiving, taken: Taken) -> AnswersReceived {
    AnswersReceived {
        title: dossier.tables.title.clone(),
        files: receiving.files.iter().map(|path| path.display().to_string()).collect(),
        faults: taken.faults,
        answers: taken.accepted.into_iter().map(|one| one.answer).collect(),
        unanswered: taken.unanswered,
        already: taken.already,
        ..AnswersReceived::default()
    }
}

fn take(dossier: &Dossier, receiving: &Receiving) -> Taken {
    let places = Places::new(&dossier.tables);
    let mut taken = Taken::default();
    for path in &receiving.files {
        match read_answers(path) {
            Ok(file) => take_file(dossier, &places, &file, receiving.on, &mut taken),
            Err(fault) => taken.faults.push(*fault),
        }
    }
    taken
}

fn take_file(dossier: &Dossier, places: &Places<'_>, file: &AnswerFile, on: Day, taken: &mut Taken) {
    let mut faults = Vec::new();
    let mut answered = Vec::new();
    for row in &file.rows {
        match asked(places, file, row, &mut faults) {
            Some(asked) if asked.is_answered() => answered.push(asked),
            Some(asked) => {
                taken.unanswered.push(format!("{} of {}", asked.question.part, asked.question.supplier))
            }
            None => {}
        }
    }
    if answered.is_empty() {
        taken.faults.extend(faults);
        return;
    }
    let Some(declarant) = declarant(dossier, file, on, &mut faults) else {
        // Who declares is in doubt, and so is every answer; their own faults are told all the same.
        let nobody = Declarant::default();
        answered.iter().for_each(|asked| drop(rows_of(file, asked, &nobody, &mut faults)));
        taken.faults.extend(faults);
        return;
    };
    for asked in &answered {
        let Some((kind, says, rows)) = rows_of(file, asked, &declarant, &mut faults) else { continue };
        let place = format!("{}, sheet `{}`, row {}", file.file, asked.row.sheet, asked.row.row);
        let question = &asked.question;
        if let Some(first) = taken.seen.insert(question.id.clone(), place.clone()) {
            let message = format!("the question about `{}` is answered before, in {first}", question.part);
            let cell = asked.row.cells.get("part").or_else(|| asked.row.cells.get("id"));
            faults.extend(
                cell.map(|cell| cell_fault(file, cell, "answers/twice", message, "keep one of the answers")),
            );
            continue;
        }
        if is_there(&dossier.tables, kind, &rows) {
            taken.already.push(format!("{} of {}", question.part, question.supplier));
            continue;
        }
        let answer = Answer {
            question: question.id.clone(),
            kind: question.kind,
            part: question.part.clone(),
            supplier: question.supplier.clone(),
            says,
            place,
        };
        taken.accepted.push(Accepted { answer, kind, rows });
    }
    taken.faults.extend(faults);
}

type Rows = (TableKind, String, Vec<ImportedRow>);

fn rows_of(
    file: &AnswerFile,
    asked: &Asked<'_>,
    declarant: &Declarant,
    faults: &mut Vec<Fault>,
) -> Option<Rows> {
    match asked.question.kind {
        QuestionKind::Declaration => origins::rows(file, asked, declarant, faults),
        QuestionKind::Price => prices::rows(file, asked, faults),
    }
}
