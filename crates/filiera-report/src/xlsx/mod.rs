//! The findings as a workbook: sheets Summary, Findings, Readings, Missing, Law and Notes; and what
//! falls due as one.

mod context;
mod due;
mod findings;
mod matrix;
mod request;
mod settle;
mod sheet;
mod summary;

use filiera_finding::{Run, Settlement};
use filiera_model::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::ReportError;
use crate::digest::Digest;

pub use due::due;
pub use matrix::matrix;
pub use request::request;

/// The workbook of a run, as the bytes of an `.xlsx` file. The same run gives the same bytes: the
/// file's date is the day the law was asked for.
///
/// Percentages are numbers, for reading; the exact fraction stands beside them as text. A sheet
/// holds 1,000,000 findings at most; when there are more, its last row says how many are left out.
///
/// # Errors
/// [`ReportError::Xlsx`] when the format refuses the workbook.
pub fn findings(run: &Run) -> Result<Vec<u8>, ReportError> {
    let digest = Digest::of(run);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&run.title, run.law_as_of)?);
    summary::summary(workbook.add_worksheet(), &digest)?;
    findings::findings(workbook.add_worksheet(), &digest)?;
    summary::readings(workbook.add_worksheet(), &digest)?;
    context::missing(workbook.add_worksheet(), run)?;
    context::law(workbook.add_worksheet(), &digest)?;
    context::notes(workbook.add_worksheet(), run)?;
    Ok(workbook.save_to_buffer()?)
}

/// The workbook of what settles open findings: sheets Ask for, Papers and Open findings.
///
/// # Errors
/// [`ReportError::Xlsx`] when the format refuses the workbook.
pub fn settlement(settlement: &Settlement) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&settlement.title, settlement.law_as_of)?);
    settle::order(workbook.add_worksheet(), settlement)?;
    settle::papers(workbook.add_worksheet(), settlement)?;
    settle::open(workbook.add_worksheet(), settlement)?;
    Ok(workbook.save_to_buffer()?)
}

/// Title and date of a workbook.
fn properties(title: &str, on: Day) -> Result<DocProperties, ReportError> {
    let day =
        ExcelDateTime::parse_from_str(&on.to_string()).or_else(|_| ExcelDateTime::from_ymd(1970, 1, 1))?;
    let title = sheet::fitting(title);
    Ok(DocProperties::new().set_title(title).set_author("filiera").set_creation_datetime(&day))
}
