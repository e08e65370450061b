//! A request to a supplier as a workbook to fill: a cover, the declarations and prices asked, who
//! declares, a list of country codes, and, out of sight, what was asked.
//!
//! The first row of each sheet to fill is hidden and holds the keys by which an answer is read; so
//! columns may be moved and labels changed. Only the cells to fill are unlocked; there is no password.

mod cover;
mod declarant;
mod labels;
mod questions;
mod registry;
mod style;

use filiera_finding::{QuestionKind, SupplierRequest};
use rust_xlsxwriter::{Workbook, XlsxError};

use crate::ReportError;
use style::Style;

/// The workbook of one request, as the bytes of an `.xlsx` file. The same request gives the same
/// bytes.
///
/// # Errors
/// [`ReportError::Xlsx`] when the format refuses the workbook.
pub fn request(request: &SupplierRequest) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let title = format!("{} · {}", request.title, request.addressee());
    workbook.set_properties(&super::properties(&title, request.issued_on)?);
    let style = Style::new();
    cover::cover(workbook.add_worksheet(), request, &style)?;
    for kind in [QuestionKind::Declaration, QuestionKind::Price] {
        if request.questions.iter().any(|question| question.kind == kind) {
            questions::questions(workbook.add_worksheet(), request, kind, &style)?;
        }
    }
    declarant::declarant(workbook.add_worksheet(), request, &style)?;
    codes(&mut workbook)?;
    registry::registry(workbook.add_worksheet(), request)?;
    Ok(workbook.save_to_buffer()?)
}

/// The name of the sheet with country codes; drop-downs point into it.
const CODES: &str = "Codes";

/// How many codes there are.
fn codes_count() -> u32 {
    u32::try_from(filiera_model::Country::all().count()).unwrap_or(u32::MAX)
}

/// Country codes with their names.
fn codes(workbook: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(CODES)?.set_column_width(1, 40)?;
    for (row, country) in (0u32..).zip(filiera_model::Country::all()) {
        sheet.write_string(row, 0, country.alpha2())?;
        sheet.write_string(row, 1, country.name())?;
    }
    sheet.protect();
    Ok(())
}
