//! JSON as DESIGN.md, section 10, documents it: numbers as text, exact, every object with its
//! schema's name.

use std::io::Write;

use filiera_finding::{
    AnswersReceived, Breakeven, CompanyOwned, Diff, DueList, Explanation, Finding, FleetRun, Inspection,
    Matrix, Ownership, RequestSet, Run, Settlement, WhatIf,
};
use serde_json::Value;

use crate::ReportError;

/// One array of findings, `filiera.finding/1` each on a line of its own: the conditions as
/// written, then the readings, which carry `reading`.
pub fn check(run: &Run) -> String {
    let lines: Vec<String> = run.findings.iter().chain(&run.readings).map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// As [`check`], written finding by finding: for runs that fill memory.
///
/// # Errors
/// [`ReportError::Write`] when `out` refuses the text.
pub fn write_check(run: &Run, mut out: impl Write) -> Result<(), ReportError> {
    out.write_all(b"[")?;
    for (place, finding) in run.findings.iter().chain(&run.readings).enumerate() {
        out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        out.write_all(line(finding).as_bytes())?;
    }
    out.write_all(b"\n]\n")?;
    Ok(())
}

/// One object `filiera.explanation/1`, or an array when several findings are explained.
pub fn explain(explanations: &[Explanation]) -> String {
    let all = explanations.iter().map(Explanation::to_json).collect();
    pretty(&match explanations {
        [only] => only.to_json(),
        _ => Value::Array(all),
    })
}

/// The object `filiera.settle/1`.
pub fn settle(settlement: &Settlement) -> String {
    pretty(&settlement.to_json())
}

/// The object `filiera.inspect/1`.
pub fn inspect(inspection: &Inspection) -> String {
    pretty(&inspection.to_json())
}

/// The object `filiera.due/1`.
pub fn due(list: &DueList) -> String {
    pretty(&list.to_json())
}

/// The object `filiera.breakeven/1`.
pub fn breakeven(breakeven: &Breakeven) -> String {
    pretty(&breakeven.to_json())
}

/// The object `filiera.diff/1`.
pub fn diff(diff: &Diff) -> String {
    pretty(&diff.to_json())
}

/// The object `filiera.fleet/1`.
pub fn fleet(run: &FleetRun) -> String {
    pretty(&run.to_json())
}

/// The object `filiera.whatif/1`.
pub fn what_if(found: &WhatIf) -> String {
    pretty(&found.to_json())
}

/// The object `filiera.matrix/1`.
pub fn matrix(matrix: &Matrix) -> String {
    pretty(&matrix.to_json())
}

/// One array of `filiera.holding/1`, each on a line of its own, company by company as they come.
///
/// # Errors
/// [`ReportError::Write`] when `out` refuses the text.
pub fn write_ownership(
    head: &Ownership,
    companies: impl Iterator<Item = CompanyOwned>,
    mut out: impl Write,
) -> Result<(), ReportError> {
    out.write_all(b"[")?;
    let mut is_first = true;
    for company in companies {
        for holding in head.holdings_json(&company) {
            out.write_all(if is_first { b"\n" } else { b",\n" })?;
            out.write_all(holding.to_string().as_bytes())?;
            is_first = false;
        }
    }
    out.write_all(b"\n]\n")?;
    Ok(())
}

/// The object `filiera.request/1`; `files` are the workbooks written, in the order of the requests.
pub fn request(set: &RequestSet, files: &[String]) -> String {
    pretty(&set.to_json(files))
}

/// The object `filiera.answers/1`.
pub fn answers(received: &AnswersReceived) -> String {
    pretty(&received.to_json())
}

/// One finding as one line, without line end.
pub(crate) fn line(finding: &Finding) -> String {
    finding.to_json().to_string()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
