use filiera_model::{Exact, Rounding, Verdict};
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, FormatBorder, Worksheet,
    XlsxError,
};

use crate::clean::clean;

/// The most characters a cell may hold.
const MOST_CHARACTERS: usize = 32_000;

/// A sheet being filled row by row under a frozen, filtered header.
pub(super) struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    columns: u16,
    header: u32,
    bold: Format,
    count: Format,
    percent: Format,
    number: Format,
}

/// What a cell holds.
pub(super) enum Cell {
    Empty,
    Text(String),
    Bold(String),
    Count(u64),
    /// A number for reading, as a percentage.
    Percent(f64),
    /// A number for reading.
    Number(f64),
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    pub(super) fn maybe(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// The number nearest to `value` that a spreadsheet can hold: for reading, never for deciding.
    pub(super) fn number(value: &Exact, percent: bool) -> Self {
        match value.to_decimal(15, Rounding::HalfUp).parse::<f64>() {
            Ok(number) if number.is_finite() && percent => Self::Percent(number),
            Ok(number) if number.is_finite() => Self::Number(number),
            _ => Self::Text(value.to_text()),
        }
    }
}

impl<'a> Sheet<'a> {
    /// A sheet of this name and these columns, with their widths in characters.
    pub(super) fn new(
        sheet: &'a mut Worksheet,
        name: &str,
        columns: &[(&str, u16)],
    ) -> Result<Self, XlsxError> {
        sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        let mut filled = Self {
            sheet,
            row: 0,
            columns: u16::try_from(columns.len()).unwrap_or(0),
            header: 0,
            bold: Format::new().set_bold(),
            count: Format::new().set_num_format("#,##0"),
            percent: Format::new().set_num_format("0.0000 %"),
            number: Format::new().set_num_format("#,##0.00"),
        };
        for (place, (_, width)) in (0u16..).zip(columns) {
            filled.sheet.set_column_width(place, f64::from(*width))?;
        }
        filled.head(columns)?;
        Ok(filled)
    }

    fn head(&mut self, columns: &[(&str, u16)]) -> Result<(), XlsxError> {
        let format = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0xE8_ED_F2))
            .set_border_bottom(FormatBorder::Thin);
        for (place, (title, _)) in (0u16..).zip(columns) {
            self.sheet.write_string_with_format(self.row, place, *title, &format)?;
        }
        self.header = self.row;
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 0)?;
        self.sheet.set_repeat_rows(self.header, self.header)?;
        Ok(())
    }

    /// Adds one row.
    pub(super) fn row(&mut self, cells: Vec<Cell>) -> Result<(), XlsxError> {
        for (place, cell) in (0u16..).zip(cells) {
            self.cell(place, cell)?;
        }
        self.row += 1;
        Ok(())
    }

    fn cell(&mut self, place: u16, cell: Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => self.sheet.write_string(self.row, place, fitting(&text))?,
            Cell::Bold(text) => {
                self.sheet.write_string_with_format(self.row, place, fitting(&text), &self.bold)?
            }
            Cell::Count(n) => {
                let number = n.to_string().parse::<f64>().unwrap_or(f64::MAX);
                self.sheet.write_number_with_format(self.row, place, number, &self.count)?
            }
            Cell::Percent(n) => self.sheet.write_number_with_format(self.row, place, n, &self.percent)?,
            Cell::Number(n) => self.sheet.write_number_with_format(self.row, place, n, &self.number)?,
        };
        Ok(())
    }

    /// Ends the sheet: a filter over its columns, and colour behind the verdicts' words in the
    /// given columns.
    pub(super) fn finish(self, verdicts: &[u16]) -> Result<(), XlsxError> {
        let last = self.row.saturating_sub(1).max(self.header);
        if let Some(last_column) = self.columns.checked_sub(1) {
            self.sheet.autofilter(self.header, 0, last, last_column)?;
        }
        for column in verdicts.iter().filter(|_| last > self.header) {
            for (verdict, ink, ground) in COLOURS {
                let format =
                    Format::new().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(ground));
                let rule = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(verdict.to_string()))
                    .set_format(format);
                self.sheet.add_conditional_format(self.header + 1, *column, last, *column, &rule)?;
            }
        }
        Ok(())
    }
}

/// Ink and ground behind each verdict's word.
const COLOURS: [(Verdict, u32, u32); 4] = [
    (Verdict::Met, 0x0B_5D_3B, 0xDD_F1_E6),
    (Verdict::NotMet, 0x9B_1C_1C, 0xFB_E3_E1),
    (Verdict::Undetermined, 0x7A_4B_00, 0xFC_EF_D2),
    (Verdict::NotApplicable, 0x55_5F_69, 0xEE_F0_F2),
];

/// The text as a cell can hold it: without characters that act, and not too long.
pub(super) fn fitting(text: &str) -> String {
    let text = clean(text);
    if text.chars().count() <= MOST_CHARACTERS {
        return text;
    }
    let kept: String = text.chars().take(MOST_CHARACTERS).collect();
    format!("{kept}… (cut; CSV and JSON hold all)")
}
