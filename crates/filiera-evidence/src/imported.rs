mod columns;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use columns::ColumnBuilder;
pub use columns::ImportedColumns;
use filiera_tables::{Completeness, Population, TableKind};

/// What an importer of an outside format found in one file.
///
/// Rows are handed over as canonical text and go through the same checks as the rows of any other
/// file, so an importer never builds an Arrow array.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The format with its version: `cyclonedx 1.6`, `catena-x test container`.
    pub format: String,
    /// The rows found, by canonical table.
    pub rows: BTreeMap<TableKind, Vec<ImportedRow>>,
    /// More rows, column by column, of formats that send them by the million.
    pub columns: BTreeMap<TableKind, ImportedColumns>,
    /// The lines of each bill of materials, by life-cycle relation (`as_built`, `as_planned`);
    /// the key is empty where the format knows only one.
    pub boms: BTreeMap<String, ImportedBom>,
    /// What the file itself declares complete.
    pub complete: BTreeMap<Population, Completeness>,
    /// The same as what somebody offers, where a bill of materials may stand for an offer; it is taken over
    /// only where it does.
    pub offer: Option<ImportedOffer>,
    /// The parts of which the file itself says that not all children are listed. Each also has a
    /// row in `bom` with a child that nothing describes: the unknown remainder.
    pub incomplete: BTreeSet<String>,
}

/// A bill of materials as an offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedOffer {
    /// Rows of `offer_items`, without the offer's name.
    pub items: Vec<ImportedRow>,
    /// Who vouches that these are all, and when; nothing: the file says that they are not.
    pub complete: Option<Completeness>,
}

/// One row of a canonical table, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedRow {
    /// The cells by canonical (or extra) column, as canonical text: `2026-01-01`, `IT`, `12.5`,
    /// `true`, `60 %`. A cell that is not known is left out.
    pub cells: BTreeMap<String, String>,
    /// The entry's number in the file, from 1.
    pub row: u32,
    /// Where it stood: a JSON pointer or an id. Faults name it.
    pub pointer: String,
}

/// The lines of one life-cycle relation, for inspection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedBom {
    /// Entries of the file with at least one aspect (twins, components).
    pub entries: u64,
    /// The parts that some entry describes.
    pub described: BTreeSet<String>,
    /// The lines, in the order of the file, repeats included.
    pub lines: Vec<ImportedLine>,
}

/// One line of a bill of materials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedLine {
    /// The part above.
    pub parent: String,
    /// The part below.
    pub child: String,
    /// How many, as canonical text; nothing where the file does not say.
    pub quantity: Option<String>,
    /// The unit, as the file says it.
    pub unit: Option<String>,
}
