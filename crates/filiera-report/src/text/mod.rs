//! Reports for the terminal: each function gives the whole text, lines ended, colour only when
//! asked for and never the only sign.

mod answers;
mod bar;
mod breakeven;
mod check;
mod diff;
mod due;
mod explain;
mod fleet;
mod group;
mod inspect;
mod matrix;
mod next;
mod ownership;
mod pen;
mod reader;
mod readings;
mod request;
mod settle;
mod what_if;

pub use answers::answers;
pub use breakeven::breakeven;
pub use check::check;
pub use diff::diff;
pub(crate) use diff::{compared, item_lines, said, turns as verdict_turns};
pub(crate) use due::distance;
pub use due::due;
pub use explain::explain;
pub(crate) use explain::{days, fact_text, reference_text};
pub use fleet::fleet;
pub(crate) use group::value_text;
pub use inspect::inspection;
pub use matrix::matrix;
pub(crate) use matrix::{folded_stamp, regime_name, why as why_not_asked, why_folded};
pub use ownership::ownership;
pub(crate) use ownership::{end_lines, left as companies_left};
pub use reader::reader_report;
pub use readings::readings;
pub(crate) use readings::{seen, turns, values};
pub use request::request;
pub use settle::settle;
pub(crate) use settle::{interval, paper_words, set_words};
pub use what_if::what_if;

/// How text is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal. Below 72 the columns are stacked.
    pub width: usize,
    /// Whether to colour with ANSI sequences.
    pub colour: bool,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
    /// Whether long lists are shown whole.
    pub verbose: bool,
    /// The dossier as the user named it, for the commands that are suggested.
    pub dossier: String,
    /// The flags that say by what law it was judged, as the user gave them (`--pack`, `it/cars`), for the
    /// same commands.
    pub flags: Vec<String>,
}

impl Default for TextOptions {
    /// 80 columns, no colour, Unicode, lists folded.
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
            unicode: true,
            verbose: false,
            dossier: "DOSSIER".to_owned(),
            flags: Vec::new(),
        }
    }
}
