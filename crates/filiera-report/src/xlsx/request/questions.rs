use filiera_finding::{Question, QuestionKind, SupplierRequest};
use filiera_model::Day;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, Formula, Worksheet, XlsxError,
};

use super::labels::{Column, Holds, columns, sheet_name};
use super::style::Style;
use super::{CODES, codes_count};
use crate::xlsx::sheet::fitting;

/// The first row of answers: keys, English and Italian labels stand above.
const FIRST: u32 = 3;

/// One row per question, with cells to fill.
pub(super) fn questions(
    sheet: &mut Worksheet,
    request: &SupplierRequest,
    kind: QuestionKind,
    style: &Style,
) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(kind))?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let own: Vec<&Question> = request.questions.iter().filter(|question| question.kind == kind).collect();
    let last = FIRST + u32::try_from(own.len()).unwrap_or(u32::MAX).saturating_sub(1);
    for (place, column) in (0u16..).zip(columns(kind)) {
        head(sheet, place, column, style)?;
        for (row, question) in (FIRST..).zip(&own) {
            cell(sheet, (row, place), column, question, style)?;
        }
        if let Some(validation) = validation(column)? {
            sheet.add_data_validation(FIRST, place, last, place, &validation)?;
        }
    }
    sheet.set_row_hidden(0)?.set_freeze_panes(FIRST, 2)?.set_repeat_rows(1, 2)?;
    sheet.protect();
    Ok(())
}

fn head(sheet: &mut Worksheet, place: u16, column: &Column, style: &Style) -> Result<(), XlsxError> {
    sheet.write_string(0, place, column.key)?;
    sheet.write_string_with_format(1, place, column.label.en, &style.head)?;
    sheet.write_string_with_format(2, place, column.label.it, &style.head_it)?;
    sheet.set_column_width(place, f64::from(column.width))?;
    if column.holds == Holds::Id {
        sheet.set_column_hidden(place)?;
    }
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    column: &Column,
    question: &Question,
    style: &Style,
) -> Result<(), XlsxError> {
    let given = |text: &str| fitting(text);
    match column.holds {
        Holds::Id => sheet.write_string(row, place, &question.id)?,
        Holds::Given => {
            let text = question.record().get(column.key).cloned().unwrap_or_default();
            sheet.write_string_with_format(row, place, given(&text), &style.given)?
        }
        Holds::Period => {
            // Two lines: `fitting` would make them one.
            sheet.write_string_with_format(row, place, question.period(), &style.given)?
        }
        Holds::From => return day(sheet, (row, place), question.valid_from, &style.input_day),
        Holds::To => return day(sheet, (row, place), question.valid_to, &style.input_day),
        Holds::Basis => return basis(sheet, (row, place), question, &style.input),
        Holds::Currency => {
            let text = question.currency.as_deref().unwrap_or_default();
            sheet.write_string_with_format(row, place, text, &style.input)?
        }
        Holds::Text | Holds::Origin => sheet.write_blank(row, place, &style.input)?,
        Holds::Share => sheet.write_blank(row, place, &style.input_share)?,
        Holds::Amount => sheet.write_blank(row, place, &style.input_amount)?,
    };
    Ok(())
}

fn day(sheet: &mut Worksheet, (row, place): (u32, u16), day: Day, format: &Format) -> Result<(), XlsxError> {
    let day = ExcelDateTime::parse_from_str(&day.to_string())?;
    sheet.write_datetime_with_format(row, place, &day, format)?;
    Ok(())
}

/// The bases accepted, the first of them proposed.
fn basis(
    sheet: &mut Worksheet,
    (row, place): (u32, u16),
    question: &Question,
    format: &Format,
) -> Result<(), XlsxError> {
    let first = question.basis.first().map(String::as_str).unwrap_or_default();
    sheet.write_string_with_format(row, place, first, format)?;
    // A drop-down holds 255 characters; a basis with a comma in it would be two.
    let fits = question.basis.iter().map(|basis| basis.chars().count() + 1).sum::<usize>() < 255;
    if fits && !question.basis.iter().any(|basis| basis.contains(',')) {
        let list = DataValidation::new().allow_list_strings(&question.basis)?;
        sheet.add_data_validation(row, place, row, place, &list)?;
    }
    Ok(())
}

/// What a spreadsheet lets a person write into a column.
pub(super) fn validation(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    Ok(Some(match column.holds {
        Holds::From | Holds::To => day_rule()?,
        Holds::Origin => origin_rule()?,
        Holds::Share => DataValidation::new()
            .allow_decimal_number(DataValidationRule::Between(0.0, 1.0))
            .set_error_message("A share between 0 % and 100 %. · Una quota tra 0 % e 100 %.")?,
        Holds::Amount => DataValidation::new()
            .allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0))
            .set_error_message("A number, 0 or more. · Un numero, 0 o più.")?,
        Holds::Currency => DataValidation::new()
            .allow_text_length(DataValidationRule::EqualTo(3))
            .set_error_message("A currency code such as EUR. · Un codice di valuta, ad es. EUR.")?,
        Holds::Id | Holds::Given | Holds::Period | Holds::Text | Holds::Basis => return Ok(None),
    }))
}

pub(super) fn day_rule() -> Result<DataValidation, XlsxError> {
    let first = ExcelDateTime::from_ymd(2000, 1, 1)?;
    DataValidation::new()
        .allow_date(DataValidationRule::GreaterThanOrEqualTo(first))
        .set_error_message("A day such as 2026-03-01. · Una data, ad es. 2026-03-01.")
}

pub(super) fn origin_rule() -> Result<DataValidation, XlsxError> {
    let list = Formula::new(format!("={CODES}!$A$1:$A${}", codes_count()));
    DataValidation::new().allow_list_formula(list).set_error_message(
        "A country code of the sheet Codes, such as IT. · Un codice paese del foglio Codes.",
    )
}
