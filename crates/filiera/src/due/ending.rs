use filiera_finding::{DueItem, DueKind};
use filiera_model::Day;
use filiera_tables::{Dossier, Table};

/// One thing that ends, with whom it may touch.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    /// The last day it holds, or the day it is due.
    pub(super) on: Day,
    /// What is told of it.
    pub(super) item: DueItem,
    /// Whose verdicts it can change.
    pub(super) touches: Touches,
}

/// Whose verdicts something can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Touches {
    /// Nobody's: it only ends.
    Nobody,
    /// Anybody's.
    Everybody,
    /// That of this subject.
    Subject(String),
    /// Those of the vehicles that hold this part.
    Part(String),
}

/// What is told of one row of a table: its names, and where it stands.
pub(super) struct Told<'a> {
    pub(super) kind: DueKind,
    pub(super) name: &'a str,
    pub(super) party: &'a str,
    pub(super) what: Option<String>,
}

impl Told<'_> {
    /// The item for row `row` of `table`: `name` and `party` are columns.
    pub(super) fn of(self, dossier: &Dossier, table: &Table, row: usize) -> DueItem {
        let text = |column: &str| table.text(column, row).map(str::to_owned);
        DueItem {
            kind: self.kind,
            name: text(self.name).unwrap_or_default(),
            party: text(self.party),
            what: self.what,
            document: text("document"),
            place: table.places().get(row).map(|place| dossier.describe(*place)),
            standing: std::collections::BTreeMap::new(),
        }
    }
}
