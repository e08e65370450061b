use filiera_finding::{REQUEST_SCHEMA, SupplierRequest};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// What was asked, for the machine that reads the answer: a row per fact, `id`, `name`, `text`; facts
/// of the whole request have no id.
pub(super) fn registry(sheet: &mut Worksheet, request: &SupplierRequest) -> Result<(), XlsxError> {
    sheet.set_name("filiera")?;
    let whole = [
        ("schema", REQUEST_SCHEMA.to_owned()),
        ("title", request.title.clone()),
        ("supplier", request.supplier.clone()),
        ("supplier_name", request.supplier_name.clone().unwrap_or_default()),
        ("issued_on", request.issued_on.to_string()),
    ];
    let whole = whole.into_iter().map(|(name, text)| ("", name, text));
    let questions = request.questions.iter().flat_map(|question| {
        question.record().into_iter().map(|(name, text)| (question.id.as_str(), name, text))
    });
    for (place, title) in (0u16..).zip(["id", "name", "text"]) {
        sheet.write_string(0, place, title)?;
    }
    for (row, (id, name, text)) in (1u32..).zip(whole.chain(questions)) {
        sheet.write_string(row, 0, id)?;
        sheet.write_string(row, 1, name)?;
        sheet.write_string(row, 2, text)?;
    }
    sheet.protect();
    sheet.set_very_hidden(true);
    Ok(())
}
