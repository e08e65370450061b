//! One SQL statement that gives the findings of a condition over the exported tables.
//!
//! It joins rows with what they add, sums per vehicle, and compares by multiplication: whole numbers only, so
//! that every warehouse answers alike.

mod composed;
mod dialect;
mod header;
mod leaf;
mod question;
mod rows;

use std::path::PathBuf;
use std::sync::Arc;

use filiera_engine::{Engine, Settings};
use filiera_model::Zones;
use filiera_packs::Pack;
use filiera_tables::Dossier;

use crate::FleetError;
use crate::judge::{adds_up, bare};
use question::{Node, Question};

pub use dialect::Dialect;

/// What a statement is wanted for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The pack, where the condition's name alone does not say.
    pub pack: Option<String>,
    /// The condition.
    pub condition: String,
    /// A reading of it.
    pub reading: Option<String>,
    /// Whose SQL.
    pub dialect: Dialect,
    /// The folder of exported files that the statement reads itself, where the dialect can; nothing: tables of
    /// the same names.
    pub folder: Option<PathBuf>,
    /// Whether a lot in `installed` has a `received_on_max`: its day is known to lie between two.
    pub has_spans: bool,
}

/// The statement: per vehicle the verdict on the range, the legal one, and the bounds of both as numerators
/// and denominators.
///
/// `dossier` needs no `installed`.
///
/// # Errors
/// [`FleetError::NoCondition`] when there is none of this name about vehicles,
/// [`FleetError::NotAdditive`] and [`FleetError::NotComplete`] where rows do not add up.
pub fn statement(
    dossier: &Dossier,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    wanted: &Wanted,
) -> Result<String, FleetError> {
    let bare = bare(dossier)?;
    let engine = Engine::uncited(&bare, packs, zones, settings)?;
    adds_up(dossier, &engine)?;
    let question = Question::new(&engine, wanted)?;
    let mut parts = vec![rows::weights(&question, wanted), rows::added_up(&question, wanted)];
    for node in &question.nodes {
        match node {
            Node::Leaf(leaf) => parts.extend(leaf::parts(leaf, wanted)),
            Node::Whole(whole) => parts.extend(composed::parts(whole, wanted)),
        }
    }
    let asked = question.asked();
    let header = header::header(asked.stated(), packs, settings, wanted);
    let (name, columns) = (asked.name(), asked.columns().join(", "));
    let parts = parts.join(",\n");
    Ok(format!("{header}WITH\n{parts}\nSELECT {columns}\nFROM {name}_judged\nORDER BY vehicle;\n"))
}
