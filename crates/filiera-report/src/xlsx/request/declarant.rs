use filiera_finding::SupplierRequest;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::labels::{FIELDS, Field, Holds};
use super::questions::{day_rule, origin_rule};
use super::style::Style;
use crate::xlsx::sheet::fitting;

const STATEMENT: &str = "The signatory declares that the goods listed on the sheet Declarations originate as stated there, for the period stated there, and undertakes to say so at once when this no longer holds.";
const STATEMENT_IT: &str = "Il firmatario dichiara che le merci elencate nel foglio Declarations hanno l'origine ivi indicata, per il periodo ivi indicato, e si impegna a comunicare immediatamente ogni variazione.";

/// Who declares, where, when, and the signature.
pub(super) fn declarant(
    sheet: &mut Worksheet,
    request: &SupplierRequest,
    style: &Style,
) -> Result<(), XlsxError> {
    sheet.set_name("Declarant")?.set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_column_width(1, 34)?.set_column_width(2, 34)?.set_column_width(3, 60)?;
    for (place, key) in (0u16..).zip(["key", "en", "it", "answer"]) {
        sheet.write_string(0, place, key)?;
    }
    sheet.set_row_hidden(0)?.set_column_hidden(0)?;
    let title = format!("{} · {}", request.addressee(), request.supplier);
    sheet.write_string_with_format(1, 1, fitting(&title), &style.title)?;
    for (row, field) in (2u32..).zip(FIELDS) {
        line(sheet, row, field, style)?;
    }
    let after = 3 + u32::try_from(FIELDS.len()).unwrap_or(0);
    for (row, text) in (after..).zip([STATEMENT, STATEMENT_IT]) {
        sheet.merge_range(row, 1, row, 3, text, &style.text)?;
        sheet.set_row_height(row, 48)?;
    }
    sheet.protect();
    Ok(())
}

fn line(sheet: &mut Worksheet, row: u32, field: &Field, style: &Style) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, field.key)?;
    sheet.write_string_with_format(row, 1, field.label.en, &style.label)?;
    sheet.write_string_with_format(row, 2, field.label.it, &style.label_it)?;
    let format = if field.holds == Holds::From { &style.input_day } else { &style.input };
    sheet.write_blank(row, 3, format)?;
    match field.holds {
        Holds::From => sheet.add_data_validation(row, 3, row, 3, &day_rule()?)?,
        Holds::Origin => sheet.add_data_validation(row, 3, row, 3, &origin_rule()?)?,
        _ => sheet,
    };
    Ok(())
}
