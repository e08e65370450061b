use std::collections::BTreeSet;

use filiera_finding::PaperAsked;
use filiera_model::{Country, Exact};
use filiera_tables::{Population, TableKind};
use rustc_hash::FxHashMap;

use crate::engine::Engine;

/// Where a paper's answer stands in the evidence: papers with the same place are one paper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    /// A declaration of origin; without a lot it speaks for the part as such.
    Origin { part: String, supplier: Option<String>, lot: Option<String> },
    /// The price of one unit of a part, on a basis.
    Price { part: String, basis: Option<String> },
    /// An empty cell.
    Cell { table: TableKind, whose: Whose, column: String },
    /// Somebody's word that a population is complete.
    Complete(Population),
}

/// Whose cell is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Whose {
    /// The part, company or vehicle of this name.
    Named(String),
    /// This row of the table, and what people call it.
    Row(u32, String),
}

/// A paper that could be asked for, with everything it may say that makes a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paper {
    pub(super) slot: Slot,
    /// The bases a declaration is made on, so that every condition that asks accepts it; none: any.
    pub(super) bases: BTreeSet<String>,
    /// Whether some condition that asks takes a declaration on any basis: then what stands in its
    /// place goes, whatever its basis.
    pub(super) replaces_all: bool,
    /// The class of evidence that is accepted, where it is not `declared`.
    pub(super) evidence: Option<String>,
    /// The extremes: whatever it says is like one of these, or lies between them.
    pub(super) answers: Vec<Answer>,
}

/// One thing a paper may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) content: Content,
    /// As a person says it; nothing when it goes without saying.
    pub(super) says: Option<String>,
    /// Whether it stands for every larger number too, without limit.
    pub(super) unlimited: bool,
}

/// What is put into the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Parts of the whole with their countries.
    Origin(Vec<(Exact, Country)>),
    /// A price, in the part's own currency.
    Price(Exact),
    Number(Exact),
    Text(String),
    Truth(bool),
    /// Somebody vouches.
    Complete,
    /// Nobody does: the evidence stays as it is.
    Refused,
}

impl Answer {
    pub(super) fn new(content: Content, says: impl Into<Option<String>>) -> Self {
        Self { content, says: says.into(), unlimited: false }
    }

    /// The amount, when it is one.
    pub(super) fn amount(&self) -> Option<&Exact> {
        match &self.content {
            Content::Price(value) | Content::Number(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it may do where `other` is hoped for: the same, or also an amount.
    pub(super) fn may_serve(&self, other: &Self) -> bool {
        self.content == other.content || (self.amount().is_some() && other.amount().is_some())
    }
}

impl Slot {
    /// The paper's name, `kind:whose`, as findings name what is missing; a supplier that is not the
    /// part's usual one and a lot stand behind it.
    pub(super) fn name(&self, names: &Names<'_>) -> String {
        match self {
            Self::Origin { part, supplier, lot } => {
                let other = supplier.as_ref().filter(|name| names.usual_supplier(part) != Some(name));
                let from = other.map(|name| format!(" from {name}")).unwrap_or_default();
                let lot = lot.as_ref().map(|lot| format!(" lot {lot}")).unwrap_or_default();
                format!("declaration:{part}{from}{lot}")
            }
            Self::Price { part, basis } => {
                let basis = basis.as_ref().map(|basis| format!(" {basis}")).unwrap_or_default();
                format!("price:{part}{basis}")
            }
            Self::Cell { whose, column, .. } => format!("{column}:{}", whose.name()),
            Self::Complete(population) => format!("complete:{}", population.name()),
        }
    }

    fn kind(&self) -> &str {
        match self {
            Self::Origin { .. } => "declaration",
            Self::Price { .. } => "price",
            Self::Cell { column, .. } => column,
            Self::Complete(_) => "complete",
        }
    }

    fn of(&self) -> &str {
        match self {
            Self::Origin { part, .. } | Self::Price { part, .. } => part,
            Self::Cell { whose, .. } => whose.name(),
            Self::Complete(population) => population.name(),
        }
    }
}

impl Slot {
    /// The same for this lot; nothing: for the part as such.
    pub(super) fn of_lot(&self, lot: Option<&str>) -> Self {
        match self {
            Self::Origin { part, supplier, .. } => {
                let (part, supplier) = (part.clone(), supplier.clone());
                Self::Origin { part, supplier, lot: lot.map(str::to_owned) }
            }
            other => other.clone(),
        }
    }

    /// Whether it is a cell of a vehicle.
    pub(super) fn is_of_vehicle(&self) -> bool {
        matches!(self, Self::Cell { table: TableKind::Vehicles, .. })
    }
}

impl Whose {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::Row(_, name) => name,
        }
    }
}

impl Paper {
    /// A paper of which it does not matter here what it may say.
    pub(super) fn of(slot: Slot) -> Self {
        Self { slot, bases: BTreeSet::new(), replaces_all: true, evidence: None, answers: Vec::new() }
    }

    /// The paper as reports show it.
    pub(super) fn asked(&self, names: &Names<'_>) -> PaperAsked {
        let (part, supplier, lot) = match &self.slot {
            Slot::Origin { part, supplier, lot } => (Some(part), supplier.clone(), lot.clone()),
            Slot::Price { part, .. } => (Some(part), names.usual_supplier(part).map(str::to_owned), None),
            Slot::Cell { table: TableKind::Parts, whose, .. } => {
                let usual = names.usual_supplier(whose.name()).map(str::to_owned);
                return PaperAsked { supplier: usual, ..self.plain(names) };
            }
            _ => return self.plain(names),
        };
        let supplier_name = supplier.as_deref().and_then(|supplier| names.company_name(supplier));
        PaperAsked {
            name: part.and_then(|part| names.part_name(part)),
            supplier,
            supplier_name,
            lot,
            bases: self.bases.iter().cloned().collect(),
            ..self.plain(names)
        }
    }

    fn plain(&self, names: &Names<'_>) -> PaperAsked {
        let name = match &self.slot {
            Slot::Cell { table: TableKind::Companies, whose, .. } => names.company_name(whose.name()),
            Slot::Cell { table: TableKind::Parts, whose, .. } => names.part_name(whose.name()),
            _ => None,
        };
        PaperAsked {
            paper: self.slot.name(names),
            kind: self.slot.kind().to_owned(),
            of: self.slot.of().to_owned(),
            name,
            supplier: None,
            supplier_name: None,
            lot: None,
            bases: Vec::new(),
        }
    }

    /// The same paper, accepted by whoever accepts either, and able to say whatever either may.
    pub(super) fn join(&mut self, other: &Self) {
        self.bases.extend(other.bases.iter().cloned());
        self.replaces_all |= other.replaces_all;
        for answer in &other.answers {
            if !self.answers.iter().any(|known| known.content == answer.content) {
                self.answers.push(answer.clone());
            }
        }
    }
}

/// What parts and companies are called.
pub(super) struct Names<'a> {
    engine: &'a Engine<'a>,
    parts: FxHashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(engine: &'a Engine<'a>) -> Self {
        let dossier = engine.ground.dossier;
        let mut parts = FxHashMap::default();
        if let Some(table) = dossier.table(TableKind::Parts) {
            for row in 0..table.len() {
                table.text("part", row).map(|part| parts.entry(part).or_insert(row));
            }
        }
        Self { engine, parts }
    }

    fn usual_supplier(&self, part: &str) -> Option<&str> {
        self.of_part(part, "supplier")
    }

    fn part_name(&self, part: &str) -> Option<String> {
        self.of_part(part, "name").map(str::to_owned)
    }

    fn of_part(&self, part: &str, column: &str) -> Option<&str> {
        self.engine.ground.dossier.table(TableKind::Parts)?.text(column, *self.parts.get(part)?)
    }

    fn company_name(&self, company: &str) -> Option<String> {
        let table = self.engine.ground.dossier.table(TableKind::Companies)?;
        table.text("name", self.engine.ground.companies.row(company)? as usize).map(str::to_owned)
    }
}
