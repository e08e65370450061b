use crate::columns::ColumnKind::{
    self, Amount, Choice, Country, Number, Origin, Positive, ShareRange, Text, Truth, Whole,
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
    /// Trade flows, as published, and each as it was one year before.
    TradeChange,
    /// Who appointed the holders of seats.
    Appointments,
    /// Acquisitions and other notifiable events.
    Transactions,
    /// What somebody promised, by when.
    Commitments,
    /// Public money granted.
    Grants,
    /// Bids of a tender.
    Offers,
}

use Population as P;

impl Population {
    /// Every population, in the order of the documentation.
    pub const ALL: [Self; 16] = [
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
        P::TradeChange,
        P::Appointments,
        P::Transactions,
        P::Commitments,
        P::Grants,
        P::Offers,
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
            P::TradeChange => "trade_change",
            P::Appointments => "appointments",
            P::Transactions => "transactions",
            P::Commitments => "commitments",
            P::Grants => "grants",
            P::Offers => "offers",
        }
    }

    /// The population of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|population| population.name() == name)
    }

    /// The table that usually gives the population its rows.
    pub fn table(self) -> TableKind {
        match self.tables() {
            [table, ..] => *table,
            [] => TableKind::Bom,
        }
    }

    /// Every table that alone gives the population rows, the usual one first: components are known from a
    /// plan, or from what was really installed.
    pub fn tables(self) -> &'static [TableKind] {
        match self {
            P::Components => &[TableKind::Bom, TableKind::Installed],
            P::Content => &[TableKind::Bom],
            P::Holdings | P::Control => &[TableKind::Interests],
            P::Flows => &[TableKind::Flows],
            P::Production => &[TableKind::Production],
            P::OfferItems => &[TableKind::OfferItems],
            P::Attestations => &[TableKind::Attestations],
            P::Costs => &[TableKind::Costs],
            P::Trade | P::TradeChange => &[TableKind::Trade],
            P::Appointments => &[TableKind::Appointments],
            P::Transactions => &[TableKind::Transactions],
            P::Commitments => &[TableKind::Commitments],
            P::Grants => &[TableKind::Grants],
            P::Offers => &[TableKind::Offers],
        }
    }

    /// The columns a predicate over this population may name, before those of the vehicles (for
    /// components and content) and the dossier's own extra columns.
    pub fn columns(self) -> Vec<Column> {
        let own = match self {
            P::Components => COMPONENTS,
            P::Content => CONTENT,
            P::Holdings => HOLDINGS,
            P::Control => CONTROL,
            other => other.table().columns(),
        };
        let mut columns = with_companies(own);
        if self == P::TradeChange {
            columns.push(may("year", Choice(&["this", "before"])));
        }
        columns
    }

    /// The population that a dossier declares complete for this one: itself, or what it is computed from.
    pub fn vouched_as(self) -> Self {
        if self == P::TradeChange { P::Trade } else { self }
    }

    /// Whether each row belongs to a vehicle, whose columns predicates may name too.
    pub fn is_of_vehicles(self) -> bool {
        matches!(self, P::Components | P::Content)
    }
}

/// A column that names a company, and the columns that tell what `companies` knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompanyColumn {
    /// The column that names it.
    pub name: &'static str,
    /// The column of its name, its country and its sector, each with the column of `companies` it comes
    /// from.
    pub known: [(&'static str, &'static str, ColumnKind); 3],
    /// The columns of its ultimate controller and of the countries this may be of, and those of the company
    /// at the head of its group and of the country of this one's seat.
    pub controller: [(&'static str, ColumnKind); 4],
}

macro_rules! company_column {
    ($name:literal) => {
        CompanyColumn {
            name: $name,
            known: [
                (concat!($name, "_name"), "name", Text),
                (concat!($name, "_country"), "country", Country),
                (concat!($name, "_sector"), "sector", Text),
            ],
            controller: [
                (concat!($name, "_controller"), Text),
                (concat!($name, "_controller_country"), Origin),
                (concat!($name, "_parent"), Text),
                (concat!($name, "_parent_country"), Country),
            ],
        }
    };
}

/// The columns that name a company, wherever they stand.
pub const COMPANY_COLUMNS: [CompanyColumn; 10] = [
    company_column!("supplier"),
    company_column!("maker"),
    company_column!("operator"),
    company_column!("bidder"),
    company_column!("acquirer"),
    company_column!("company"),
    company_column!("owner"),
    company_column!("controller"),
    company_column!("party"),
    company_column!("appointed_by"),
];

/// The columns, and for each that names a company what `companies` knows of it.
pub fn with_companies(columns: &[Column]) -> Vec<Column> {
    let mut all = columns.to_vec();
    for company in COMPANY_COLUMNS {
        if !columns.iter().any(|column| column.name == company.name) {
            continue;
        }
        let known = company.known.into_iter().map(|(name, _, kind)| (name, kind));
        for (name, kind) in known.chain(company.controller) {
            if !columns.iter().any(|column| column.name == name) {
                all.push(may(name, kind));
            }
        }
    }
    all
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
    may("share", ShareRange),
    may("votes", ShareRange),
    may("direct", Truth),
    may("ultimate", Truth),
];

const CONTROL: &[Column] = &[
    may("controller", Text),
    may("company", Text),
    may("controller_country", Country),
    may("company_country", Country),
    may("company_sector", Text),
    may("asset", Text),
    may("votes", ShareRange),
    may("by", Text),
    may("jointly", Truth),
    may("ultimate", Truth),
    may("steps", Number),
];
