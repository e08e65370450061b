//! JSON Lines: one finding per line, written as it comes.

use std::borrow::Borrow;
use std::io::Write;

use filiera_finding::{Finding, Run};

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
