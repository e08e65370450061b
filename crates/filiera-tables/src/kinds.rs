use crate::Column;
use crate::columns::ColumnKind::{
    Amount, Choice, Country, Currency, Day, Number, Origin, Positive, Share, Text, Truth, Whole,
};

/// The canonical tables of a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableKind {
    /// What each part is: price, mass, supplier, how it is procured.
    Parts,
    /// Further prices of a part, each on a basis and for a time.
    Values,
    /// The lines of the bills of materials.
    Bom,
    /// Suppliers' statements of origin.
    Declarations,
    /// The vehicles, each with the root of its bill of materials.
    Vehicles,
    /// What was really built into a vehicle, lot by lot.
    Installed,
    /// Named cost totals of a subject.
    Costs,
    /// Makers, suppliers, operators, targets, investors.
    Companies,
    /// Who holds what in which company.
    Interests,
    /// Who appointed the holder of a seat.
    Appointments,
    /// Parties that act in concert.
    Agreements,
    /// Acquisitions and other notifiable events.
    Transactions,
    /// Movements and processing of data.
    Flows,
    /// Units produced, as published.
    Production,
    /// Bids of a tender.
    Offers,
    /// What a bid consists of.
    OfferItems,
    /// By what the lots of a tender are awarded.
    Criteria,
    /// Certificates and confirmations.
    Attestations,
    /// Trade flows, as published.
    Trade,
    /// What somebody promised, by when.
    Commitments,
    /// Public money granted, and what became of what it was granted for.
    Grants,
    /// Exchange rates: units of the currency for one euro.
    Rates,
}

use TableKind as T;

impl TableKind {
    /// Every table, in the order of the documentation.
    pub const ALL: [Self; 22] = [
        T::Parts,
        T::Values,
        T::Bom,
        T::Declarations,
        T::Vehicles,
        T::Installed,
        T::Costs,
        T::Companies,
        T::Interests,
        T::Appointments,
        T::Agreements,
        T::Transactions,
        T::Flows,
        T::Production,
        T::Offers,
        T::OfferItems,
        T::Criteria,
        T::Attestations,
        T::Trade,
        T::Commitments,
        T::Grants,
        T::Rates,
    ];

    /// The name, which is also the file name without its ending: `offer_items`.
    pub fn name(self) -> &'static str {
        match self {
            T::Parts => "parts",
            T::Values => "values",
            T::Bom => "bom",
            T::Declarations => "declarations",
            T::Vehicles => "vehicles",
            T::Installed => "installed",
            T::Costs => "costs",
            T::Companies => "companies",
            T::Interests => "interests",
            T::Appointments => "appointments",
            T::Agreements => "agreements",
            T::Transactions => "transactions",
            T::Flows => "flows",
            T::Production => "production",
            T::Offers => "offers",
            T::OfferItems => "offer_items",
            T::Criteria => "criteria",
            T::Attestations => "attestations",
            T::Trade => "trade",
            T::Commitments => "commitments",
            T::Grants => "grants",
            T::Rates => "rates",
        }
    }

    /// The table of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The canonical columns, required ones marked.
    pub fn columns(self) -> &'static [Column] {
        match self {
            T::Parts => PARTS,
            T::Values => VALUES,
            T::Bom => BOM,
            T::Declarations => DECLARATIONS,
            T::Vehicles => VEHICLES,
            T::Installed => INSTALLED,
            T::Costs => COSTS,
            T::Companies => COMPANIES,
            T::Interests => INTERESTS,
            T::Appointments => APPOINTMENTS,
            T::Agreements => AGREEMENTS,
            T::Transactions => TRANSACTIONS,
            T::Flows => FLOWS,
            T::Production => PRODUCTION,
            T::Offers => OFFERS,
            T::OfferItems => OFFER_ITEMS,
            T::Criteria => CRITERIA,
            T::Attestations => ATTESTATIONS,
            T::Trade => TRADE,
            T::Commitments => COMMITMENTS,
            T::Grants => GRANTS,
            T::Rates => RATES,
        }
    }

    /// The canonical column of this name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}

const fn must(name: &'static str, kind: crate::ColumnKind) -> Column {
    Column::required(name, kind)
}

const fn may(name: &'static str, kind: crate::ColumnKind) -> Column {
    Column::optional(name, kind)
}

const PARTS: &[Column] = &[
    must("part", Text),
    may("name", Text),
    may("class", Text),
    may("procurement", Choice(&["buy", "make", "phantom", "consigned"])),
    may("supplier", Text),
    may("unit_value", Amount),
    may("unit_value_max", Amount),
    may("currency", Currency),
    may("mass_kg", Amount),
    may("hs", Text),
    may("made_in", Country),
];

const VALUES: &[Column] = &[
    must("part", Text),
    must("basis", Text),
    must("value", Amount),
    may("value_max", Amount),
    may("currency", Currency),
    may("valid_from", Day),
    may("valid_to", Day),
];

const BOM: &[Column] = &[
    must("parent", Text),
    must("child", Text),
    must("quantity", Positive),
    may("unit", Text),
    may("supplier", Text),
    may("choice", Text),
    may("valid_from", Day),
    may("valid_to", Day),
];

const DECLARATIONS: &[Column] = &[
    must("part", Text),
    may("origin", Origin),
    may("basis", Text),
    may("supplier", Text),
    may("issuer", Text),
    may("issuer_country", Country),
    may("lot", Text),
    may("share", Share),
    may("value", Amount),
    may("kind", Text),
    may("evidence", Choice(&["declared", "observed", "inferred", "assumed"])),
    may("valid_from", Day),
    may("valid_to", Day),
    may("signed_on", Day),
    may("revoked_on", Day),
    may("verified", Truth),
    may("document", Text),
];

const VEHICLES: &[Column] = &[
    must("vehicle", Text),
    may("maker", Text),
    may("model", Text),
    may("model_year", Whole),
    may("root", Text),
    may("built_on", Day),
    may("exported_on", Day),
    may("declared_on", Day),
    may("registered_on", Day),
    may("destination", Country),
    may("plant", Text),
    may("plant_country", Country),
    may("ex_works_price", Amount),
    may("currency", Currency),
];

const INSTALLED: &[Column] = &[
    must("vehicle", Text),
    must("part", Text),
    may("lot", Text),
    may("supplier", Text),
    may("quantity", Positive),
    may("received_on", Day),
];

const COSTS: &[Column] =
    &[must("subject", Text), must("kind", Text), must("amount", Amount), may("currency", Currency)];

const COMPANIES: &[Column] = &[
    must("company", Text),
    may("name", Text),
    may("country", Country),
    may("sector", Text),
    may("asset", Text),
    may("listed", Truth),
    may("identifier", Text),
    may("person", Truth),
    may("vote_cap", Share),
];

const INTERESTS: &[Column] = &[
    must("owner", Text),
    must("company", Text),
    may("kind", Choice(&["shares", "votes", "board", "veto", "contract"])),
    may("class", Text),
    may("votes_per_share", Amount),
    may("share", Share),
    may("share_min", Share),
    may("share_max", Share),
    may("min_open", Truth),
    may("max_open", Truth),
    may("direct", Truth),
    may("treasury", Truth),
    may("valid_from", Day),
    may("valid_to", Day),
    may("document", Text),
];

const APPOINTMENTS: &[Column] = &[
    must("company", Text),
    must("seat", Text),
    may("appointed_by", Text),
    may("role", Text),
    may("list", Text),
    may("person", Text),
    may("person_country", Country),
    may("valid_from", Day),
    may("valid_to", Day),
    may("document", Text),
];

const AGREEMENTS: &[Column] =
    &[must("member", Text), must("agreement", Text), may("valid_from", Day), may("valid_to", Day)];

const TRANSACTIONS: &[Column] = &[
    must("acquirer", Text),
    must("company", Text),
    may("transaction", Text),
    may("kind", Choice(&["stake", "control", "resolution", "asset", "pact", "greenfield"])),
    may("share_before", Share),
    may("share_after", Share),
    may("votes_before", Share),
    may("votes_after", Share),
    may("value", Amount),
    may("currency", Currency),
    may("turnover", Amount),
    may("asset", Text),
    may("signed_on", Day),
    may("notified_on", Day),
    may("completed_on", Day),
    may("decided_on", Day),
    may("suspended_days", Whole),
    may("outcome", Text),
    may("document", Text),
];

const FLOWS: &[Column] = &[
    must("data", Text),
    must("from", Text),
    must("to", Text),
    may("maker", Text),
    may("system", Text),
    may("activity", Choice(&["collect", "store", "process", "view", "transfer"])),
    may("data_subject", Text),
    may("category", Text),
    may("country", Country),
    may("operator", Text),
    may("purpose", Text),
    may("released", Truth),
];

const PRODUCTION: &[Column] = &[
    must("publisher", Text),
    must("maker", Text),
    must("kind", Text),
    must("period", Text),
    must("units", Amount),
    may("plant", Text),
    may("country", Country),
];

const OFFERS: &[Column] = &[
    must("tender", Text),
    may("lot", Text),
    must("offer", Text),
    may("bidder", Text),
    may("price", Amount),
    may("currency", Currency),
    may("discount", Share),
    may("technical_points", Amount),
    may("submitted_on", Day),
];

const OFFER_ITEMS: &[Column] = &[
    must("offer", Text),
    must("item", Text),
    may("category", Text),
    may("component", Text),
    may("maker", Text),
    may("country", Country),
    may("value", Amount),
    may("entry", Choice(&["object", "component", "service"])),
    may("level", Whole),
    may("supplier", Text),
    may("supplier_country", Country),
    may("country_as_written", Text),
    may("country_form", Choice(&["code", "reserved", "alpha-3", "name", "unknown", "absent"])),
    may("country_code", Country),
    may("lacks", Text),
    may("referenced", Truth),
    may("format", Text),
];

const CRITERIA: &[Column] = &[
    must("tender", Text),
    may("lot", Text),
    must("criterion", Text),
    may("type", Text),
    may("weight", Number),
    may("weight_kind", Text),
    may("formula", Text),
];

const ATTESTATIONS: &[Column] = &[
    must("subject", Text),
    must("requirement", Text),
    may("status", Text),
    may("document", Text),
    may("valid_from", Day),
    may("valid_to", Day),
];

const TRADE: &[Column] = &[
    must("publisher", Text),
    must("reporter", Text),
    must("partner", Text),
    must("flow", Text),
    must("period", Text),
    may("value", Number),
    may("value_rounded_to", Positive),
    may("growth", Number),
    may("growth_rounded_to", Positive),
    may("product", Text),
];

const COMMITMENTS: &[Column] = &[
    must("commitment", Text),
    must("due_on", Day),
    may("party", Text),
    may("subject", Text),
    may("kind", Text),
    may("amount", Amount),
    may("currency", Currency),
    may("horizon", Day),
    may("done_on", Day),
    may("document", Text),
];

const GRANTS: &[Column] = &[
    must("grant", Text),
    may("party", Text),
    may("subject", Text),
    may("kind", Text),
    may("site", Text),
    may("country", Country),
    may("amount", Amount),
    may("currency", Currency),
    may("intensity", Share),
    may("granted_on", Day),
    may("due_on", Day),
    may("done_on", Day),
    may("horizon", Day),
    may("benefit_until", Day),
    may("relocated_on", Day),
    may("relocated_to", Country),
    may("document", Text),
];

const RATES: &[Column] = &[must("currency", Currency), must("on", Day), must("per_eur", Positive)];
