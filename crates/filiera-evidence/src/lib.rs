//! Files and outside formats → the canonical tables, with a report of every fault and oddity.
//!
//! Nothing is judged here: no rule, no law, no threshold.

mod dossier;
mod error;
mod inspect;

mod deferred;
mod folder;
mod guess;
mod infer;
mod offers;
mod sums;
mod text_tables;

mod answers;
mod append;

mod dossier_file;
mod settings;

mod assemble;
mod binding;
mod checks;
mod columns;
mod extra;
mod faults;
mod format;
mod piece;
mod repeats;
mod source;

mod currency;
mod day;
mod number;
mod words;

mod bods;
mod catenax;
mod country_names;
mod cyclonedx;
mod each_record;
mod eforms;
mod formats;
mod gather;
mod gleif;
mod identifiers;
mod imported;
mod json_text;
mod ocds;
mod psc;
mod schema;
mod tenders;
mod xml_text;

pub use answers::{AnswerCell, AnswerFile, AnswerRow, read_answers};
pub use append::{Appended, AppendedFile, append_rows};
pub use deferred::DeferredFile;
pub use dossier::{
    DossierRead, ReadOptions, TakesRows, read_dossier, read_dossier_streamed, read_dossier_with,
};
pub use error::EvidenceError;
pub use faults::OnFault;
pub use imported::{Imported, ImportedBom, ImportedColumns, ImportedLine, ImportedOffer, ImportedRow};
pub use inspect::{AnyFile, files_of, read_any, sniff_format};
pub use sums::Sums;
pub use text_tables::read_text_tables;
