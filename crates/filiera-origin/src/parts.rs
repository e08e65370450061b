use filiera_tables::Table;

use crate::{BomGraph, Node};

/// How a maker comes by a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Procurement {
    /// Bought from a supplier.
    Buy,
    /// Made by the maker.
    Make,
    /// Only a grouping on paper: its children go straight into its parent.
    Phantom,
    /// Lent by somebody else to be built in.
    Consigned,
}

impl Procurement {
    /// The procurement a cell of `parts` names.
    pub fn from_text(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "buy" => Some(Self::Buy),
            "make" => Some(Self::Make),
            "phantom" => Some(Self::Phantom),
            "consigned" => Some(Self::Consigned),
            _ => None,
        }
    }

    /// The word in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Make => "make",
            Self::Phantom => "phantom",
            Self::Consigned => "consigned",
        }
    }

    /// Whether a bill of materials is opened at such a part, instead of stopping there.
    pub fn is_opened(self) -> bool {
        matches!(self, Self::Make | Self::Phantom)
    }
}

/// What the table `parts` says of the parts of one graph.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    facts: Vec<PartFacts>,
    has_table: bool,
    has_procurement: bool,
}

/// What the table `parts` says of one part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartFacts {
    /// The first row of `parts` with this id, counted from 0; nothing when there is none.
    pub row: Option<u32>,
    /// How the part is come by, when stated.
    pub procurement: Option<Procurement>,
    /// Who supplies it, when stated.
    pub supplier: Option<String>,
}

impl Parts {
    /// The facts about the parts of `graph`, from the table `parts` when there is one.
    ///
    /// A part with several rows takes its facts from the first; that they differ is for the reader
    /// of the table to report.
    pub fn of(graph: &BomGraph, parts: Option<&Table>) -> Self {
        let mut facts = vec![PartFacts::default(); graph.shape().nodes()];
        let mut has_procurement = false;
        for row in 0..parts.map_or(0, Table::len) {
            let Some(table) = parts else { break };
            let procurement = table.text("procurement", row).and_then(Procurement::from_text);
            has_procurement |= procurement.is_some();
            let node = table.text("part", row).and_then(|part| graph.node(part));
            let Some(fact) = node.and_then(|node| facts.get_mut(node.place())) else { continue };
            if fact.row.is_none() {
                fact.row = u32::try_from(row).ok();
                fact.procurement = procurement;
                fact.supplier = table.text("supplier", row).map(str::to_owned);
            }
        }
        Self { facts, has_table: parts.is_some(), has_procurement }
    }

    /// What is known of a part.
    pub fn facts(&self, node: Node) -> Option<&PartFacts> {
        self.facts.get(node.place())
    }

    /// How a part is come by, when stated.
    pub fn procurement(&self, node: Node) -> Option<Procurement> {
        self.facts(node).and_then(|facts| facts.procurement)
    }

    /// Whether there is a table `parts` and it does not describe this part.
    pub fn is_missing(&self, node: Node) -> bool {
        self.has_table && self.facts(node).is_none_or(|facts| facts.row.is_none())
    }

    /// Whether any part of the table states how it is come by. If none does, the lines directly
    /// under a root are its components.
    pub fn have_procurement(&self) -> bool {
        self.has_procurement
    }

    /// Whether the walk to the components goes on below this part.
    pub fn is_opened(&self, node: Node) -> bool {
        self.procurement(node).is_some_and(Procurement::is_opened)
    }
}
