//! The rows of a population for the subjects judged: columns for predicates, and for each row what
//! it weighs by and whose it is.

mod boms;
mod flatten;
mod held;
mod plain;
mod plan;
mod trade;
mod vehicles;

pub(crate) use boms::{Bom, unit_value};
pub(crate) use flatten::Alternative;
pub(crate) use held::{Held, held_rows};
pub(crate) use plain::plain_rows;
pub(crate) use plan::{PlanLine, PlanLines, plans};
pub(crate) use vehicles::vehicle_rows;

use std::sync::Arc;

use filiera_model::{Days, Exact, Mark, Range};
use filiera_origin::Node;
use filiera_tables::Place;

use crate::columns::Columns;
use crate::facts::holds;

/// The rows of one population, those of subjects nobody judges left out.
pub(crate) struct Rows {
    pub(crate) columns: Columns,
    /// One entry per row.
    pub(crate) infos: Vec<RowInfo>,
    /// The rows of each subject.
    pub(crate) by_subject: Vec<Vec<u32>>,
    /// Remarks on a subject's rows that findings repeat: cut cycles, prices that conflict.
    pub(crate) remarks: Vec<Vec<String>>,
    /// Subjects whose alternatives hang together beyond what their rows say.
    pub(crate) entangled: Vec<bool>,
    /// Subjects whose plan holds alternatives: which are built hangs on all that is installed.
    pub(crate) have_choices: Vec<bool>,
    /// Subjects with more alternatives than can be spelt out: nothing about them is decided.
    pub(crate) undecidable: Vec<bool>,
    /// Papers without which a subject's list of rows cannot be whole, whoever vouches for it: its
    /// root, or how a part with lines of its own is come by.
    pub(crate) open: Vec<Vec<String>>,
}

/// One row, beyond what predicates may ask.
#[derive(Clone, Debug)]
pub(crate) struct RowInfo {
    /// What people call it.
    pub(crate) name: String,
    /// The component it is, when it is one.
    pub(crate) component: Option<Component>,
    /// The alternative it belongs to.
    pub(crate) choice: Option<Alternative>,
    /// Where it was read, when it is a row of a file.
    pub(crate) place: Option<Place>,
    /// Who holds what, when it is a row of `holdings` or `control`.
    pub(crate) held: Option<Held>,
}

/// A component of a vehicle: so many of a part, or own work; or the value added to a part.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    pub(crate) part: String,
    pub(crate) supplier: Option<String>,
    pub(crate) lot: Option<String>,
    /// The row of `installed` it stands for, when it does.
    pub(crate) installed: Option<u32>,
    pub(crate) quantity: Exact,
    /// What the quantity counts; prices are per one of it.
    pub(crate) unit: Measure,
    /// The value of the whole row, where that is not price times quantity: own work, value added.
    pub(crate) added: Option<Added>,
    /// Whether it is the maker's own work.
    pub(crate) is_own_work: bool,
    /// Whether nobody can know its price: mixed units, or a phantom of which nothing is listed.
    pub(crate) is_priceless: bool,
    /// The bill of materials it was found in, and its node there.
    pub(crate) bom: Arc<Bom>,
    pub(crate) node: Option<Node>,
    /// The day the part's papers must be valid: received, or (assumed) built.
    pub(crate) tested_on: Days,
    /// Whether that day is only assumed.
    pub(crate) is_assumed: bool,
}

/// A value that is no price.
#[derive(Clone, Debug)]
pub(crate) struct Added {
    pub(crate) value: Range,
    pub(crate) currency: Option<String>,
}

/// What a quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Pieces,
    Kilograms,
    /// Metres, litres, or a unit nobody knows: neither pieces nor mass.
    Other,
}

impl Rows {
    pub(crate) fn new(subjects: usize) -> Self {
        Self {
            columns: Columns::default(),
            infos: Vec::new(),
            by_subject: vec![Vec::new(); subjects],
            remarks: vec![Vec::new(); subjects],
            entangled: vec![false; subjects],
            have_choices: vec![false; subjects],
            undecidable: vec![false; subjects],
            open: vec![Vec::new(); subjects],
        }
    }

    pub(crate) fn of(&self, subject: u32) -> &[u32] {
        self.by_subject.get(subject as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a row holds on a day that lies in `on`, by its `valid_from` and `valid_to`; without
    /// them it always does.
    pub(crate) fn in_force(&self, row: u32, on: Days) -> Mark {
        let stated = |column: &str| self.columns.days(column, row as usize);
        Mark::from_sql(holds(stated("valid_from").first, stated("valid_to").last, on))
    }

    /// Whether the row is of this state of the register of owners, or of all.
    pub(crate) fn is_of_state(&self, row: u32, state: usize) -> bool {
        let held = self.info(row).and_then(|info| info.held.as_ref());
        held.is_none_or(|held| held.state == state)
    }

    pub(crate) fn info(&self, row: u32) -> Option<&RowInfo> {
        self.infos.get(row as usize)
    }
}

impl Measure {
    /// The measure of a base unit.
    pub(crate) fn of(unit: &str) -> Self {
        match unit {
            "piece" => Self::Pieces,
            "kg" => Self::Kilograms,
            _ => Self::Other,
        }
    }
}
