use std::collections::{BTreeMap, BTreeSet};

use filiera_model::{Country, Day};

use crate::{Place, Population, Table, TableKind};

/// Who vouches that a population is complete, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// Who vouches.
    pub by: Option<String>,
    /// When.
    pub on: Option<Day>,
    /// The subjects it is complete for; nothing: all.
    pub subjects: Option<BTreeSet<String>>,
}

/// A row that was left out because of a fault, under `on_fault = "set-aside"`.
///
/// Whatever subject it touches stays undetermined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The table it would have been a row of.
    pub table: TableKind,
    /// Where it stands.
    pub place: Place,
    /// Its readable cells by canonical column, to find the subjects it touches.
    pub cells: BTreeMap<String, String>,
    /// The fault, as the reader report says it.
    pub fault: String,
}

/// The evidence: canonical tables, what is declared complete, and what was set aside.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// The title, from `dossier.toml` or the folder's name.
    pub title: String,
    /// The packs the dossier names, as ids or paths.
    pub packs: Vec<String>,
    /// The market the products go to.
    pub destination: Option<Country>,
    /// The currency money is reported in, ISO 4217.
    pub currency: Option<String>,
    /// The files read, in order; places point into it.
    pub files: Vec<String>,
    /// The tables that exist. An empty file with a header is a table without rows; no file is no
    /// table.
    pub tables: BTreeMap<TableKind, Table>,
    /// What is declared complete.
    pub complete: BTreeMap<Population, Completeness>,
    /// Whether `installed` is declared complete: then lines of a vehicle that were not installed
    /// are not there.
    pub installed_complete: bool,
    /// Rows left out because of a fault.
    pub set_aside: Vec<SetAside>,
}

impl Dossier {
    /// The table, when the dossier has it.
    pub fn table(&self, kind: TableKind) -> Option<&Table> {
        self.tables.get(&kind)
    }

    /// Whether a table is there that gives the population rows.
    pub fn holds(&self, population: Population) -> bool {
        population.tables().iter().any(|kind| self.tables.contains_key(kind))
    }

    /// Whether `population` is declared complete for `subject`.
    pub fn is_complete(&self, population: Population, subject: &str) -> bool {
        self.complete.get(&population.vouched_as()).is_some_and(|declared| {
            declared.subjects.as_ref().is_none_or(|subjects| subjects.contains(subject))
        })
    }

    /// `file, row N` of a place.
    pub fn describe(&self, place: Place) -> String {
        let file = self.files.get(place.file as usize).map_or("?", String::as_str);
        format!("{file}, row {}", place.row)
    }
}
