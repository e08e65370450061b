use crate::columns::ColumnKind::{
    self, Amount, Choice, Country, Number, Origin, Positive, Share, Text, Truth, Whole,
};
use crate::{Column, TableKind};

/// A table that a condition may ask: rows derived from the evidence, with the columns a predicate
/// may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Population {
    /// The first purchased nodes below a vehicle's root, and its own work.
    Components,
    /// Value added at every level of the bill of materials, by country.
    Content,
    /// Integrated holdings.
    Holdings,
    /// Who controls whom.
    Control,
    /// Movements and processing of data.
    Flows,
    /// Units produced, as published.
    Production,
    /// What a bid consists of.
    OfferItems,
    /// Certificates and confirmations.
    Attestations,
    /// Named cost totals.
    Costs,
    /// Trade flows, as published.
    Trade,
}

use Population as P;

impl Population {
    /// Every population, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        P::Components,
        P::Content,
        P::Holdings,
        P::Control,
        P::Flows,
        P::Production,
        P::OfferItems,
        P::Attestations,
        P::Costs,
        P::Trade,
    ];

    /// The name a pack uses.
    pub fn name(self) -> &'static str {
        match self {
            P::Components => "components",
            P::Content => "content",
            P::Holdings => "holdings",
            P::Control => "control",
            P::Flows => "flows",
            P::Production => "production",
            P::OfferItems => "offer_items",
            P::Attestations => "attestations",
            P::Costs => "costs",
            P::Trade => "trade",
        }
    }

    /// The population of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|population| population.name() == name)
    }

    /// The table without which the population has no rows.
    pub fn table(self) -> TableKind {
        match self {
            P::Components | P::Content => TableKind::Bom,
            P::Holdings | P::Control => TableKind::Interests,
            P::Flows => TableKind::Flows,
            P::Production => TableKind::Production,
            P::OfferItems => TableKind::OfferItems,
            P::Attestations => TableKind::Attestations,
            P::Costs => TableKind::Costs,
            P::Trade => TableKind::Trade,
        }
    }

    /// The columns a predicate over this population may name, before those of the vehicles (for
    /// components and content) and the dossier's own extra columns.
    pub fn columns(self) -> Vec<Column> {
        match self {
            P::Components => COMPONENTS.to_vec(),
            P::Content => CONTENT.to_vec(),
            P::Holdings => HOLDINGS.to_vec(),
            P::Control => CONTROL.to_vec(),
            P::Flows => with_operator(TableKind::Flows.columns()),
            other => other.table().columns().to_vec(),
        }
    }

    /// Whether each row belongs to a vehicle, whose columns predicates may name too.
    pub fn is_of_vehicles(self) -> bool {
        matches!(self, P::Components | P::Content)
    }
}

fn with_operator(columns: &[Column]) -> Vec<Column> {
    let mut columns = columns.to_vec();
    columns.push(may("operator_name", Text));
    columns.push(may("operator_country", Country));
    columns
}

const fn may(name: &'static str, kind: ColumnKind) -> Column {
    Column::optional(name, kind)
}

const PROCUREMENT: ColumnKind = Choice(&["buy", "make", "phantom", "consigned", "own-work"]);

/// `origin` is the declared origin on an accepted basis; `made_in` the observed place of making;
/// `supplier_*` comes from `companies`; own work has class `own-work` and the plant's country as
/// its origin and place of making.
const COMPONENTS: &[Column] = &[
    may("part", Text),
    may("name", Text),
    may("class", Text),
    may("procurement", PROCUREMENT),
    may("supplier", Text),
    may("supplier_name", Text),
    may("supplier_country", Country),
    may("supplier_sector", Text),
    may("lot", Text),
    may("quantity", Positive),
    may("unit", Text),
    may("unit_value", Amount),
    may("mass_kg", Amount),
    may("hs", Text),
    may("origin", Origin),
    may("made_in", Country),
    may("own_work", Truth),
];

const CONTENT: &[Column] = &[
    may("part", Text),
    may("name", Text),
    may("class", Text),
    may("procurement", PROCUREMENT),
    may("supplier", Text),
    may("supplier_name", Text),
    may("supplier_country", Country),
    may("level", Whole),
    may("hs", Text),
    may("origin", Origin),
    may("made_in", Country),
];

const HOLDINGS: &[Column] = &[
    may("owner", Text),
    may("company", Text),
    may("owner_country", Country),
    may("company_country", Country),
    may("company_sector", Text),
    may("asset", Text),
    may("share", Share),
    may("votes", Share),
    may("ultimate", Truth),
];

const CONTROL: &[Column] = &[
    may("controller", Text),
    may("company", Text),
    may("controller_country", Country),
    may("company_country", Country),
    may("company_sector", Text),
    may("asset", Text),
    may("ultimate", Truth),
    may("steps", Number),
];
