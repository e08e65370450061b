//! JSON Lines: one finding or holding per line, written as it comes.

use std::borrow::Borrow;
use std::io::Write;

use filiera_finding::{CompanyOwned, Finding, Ownership, Run};

use crate::{ReportError, json};

/// Writes each finding as one line; nothing is kept in memory.
///
/// # Errors
/// [`ReportError::Write`] when `out` refuses the text.
pub fn write<F: Borrow<Finding>>(
    findings: impl IntoIterator<Item = F>,
    mut out: impl Write,
) -> Result<(), ReportError> {
    for finding in findings {
        let mut line = json::line(finding.borrow());
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// The findings of a run and of its readings, one per line.
///
/// # Errors
/// [`ReportError::Write`] when `out` refuses the text.
pub fn check(run: &Run, out: impl Write) -> Result<(), ReportError> {
    write(run.findings.iter().chain(&run.readings), out)
}

/// The objects `filiera.holding/1`, one per line, company by company as they come.
///
/// # Errors
/// [`ReportError::Write`] when `out` refuses the text.
pub fn ownership(
    head: &Ownership,
    companies: impl Iterator<Item = CompanyOwned>,
    mut out: impl Write,
) -> Result<(), ReportError> {
    for company in companies {
        for holding in head.holdings_json(&company) {
            out.write_all(format!("{holding}\n").as_bytes())?;
        }
    }
    out.flush()?;
    Ok(())
}
