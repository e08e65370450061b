use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// How the cells of a request look: what is to be filled is yellow and unlocked.
pub(super) struct Style {
    pub(super) title: Format,
    pub(super) label: Format,
    pub(super) label_it: Format,
    pub(super) text: Format,
    pub(super) head: Format,
    pub(super) head_it: Format,
    pub(super) given: Format,
    pub(super) input: Format,
    pub(super) input_day: Format,
    pub(super) input_share: Format,
    pub(super) input_amount: Format,
}

impl Style {
    pub(super) fn new() -> Self {
        let wrapped = || Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let head = || wrapped().set_background_color(Color::RGB(0xE8_ED_F2)).set_border(FormatBorder::Thin);
        let input = || {
            wrapped()
                .set_unlocked()
                .set_background_color(Color::RGB(0xFF_F8_D6))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xB8_9A_2E))
        };
        Self {
            title: Format::new().set_bold().set_font_size(16.0),
            label: wrapped().set_bold(),
            label_it: wrapped().set_italic().set_font_color(Color::RGB(0x55_5F_69)),
            text: wrapped(),
            head: head().set_bold(),
            head_it: head().set_italic(),
            given: wrapped().set_border(FormatBorder::Hair),
            input: input(),
            input_day: input().set_num_format("yyyy-mm-dd"),
            input_share: input().set_num_format("0.####%"),
            input_amount: input().set_num_format("#,##0.00####"),
        }
    }
}
