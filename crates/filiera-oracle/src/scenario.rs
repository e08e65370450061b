use filiera_model::{Day, Operator};

/// A country's alpha-2 code; nothing else is a country here.
pub type Land = &'static str;

/// The countries an origin nobody declared may be, for the conditions that tell countries apart.
pub const LAND: [Land; 4] = ["IT", "DE", "CN", "US"];

/// The members of the only zone, `EU`.
pub(crate) const EU: [Land; 3] = ["IT", "DE", "FR"];

/// A whole dossier and the one condition it is judged by.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The vehicles.
    pub vehicles: Vec<Vehicle>,
    /// The parts, roots among them; lines and declarations name them by their place.
    pub parts: Vec<Part>,
    /// The lines of the bills of materials; no cycles.
    pub lines: Vec<Line>,
    /// The declarations of origin.
    pub declarations: Vec<Declaration>,
    /// What was really built in.
    pub installed: Vec<Installed>,
    /// The suppliers; parts and lines name them by their place.
    pub suppliers: Vec<Supplier>,
    /// Whether the components are declared complete.
    pub complete: bool,
    /// Whether `installed` is.
    pub installed_complete: bool,
    /// Papers signed later do not count.
    pub facts_as_of: Day,
    /// The day of the law, for a rule that no date of the vehicle dates.
    pub law_as_of: Day,
    /// The condition.
    pub rule: Rule,
}

/// A vehicle.
#[derive(Clone, Debug)]
pub struct Vehicle {
    /// The place of its root among the parts.
    pub root: usize,
    /// When it was built; nothing: no day is known.
    pub built_on: Option<Day>,
    /// Where; nothing: nobody says.
    pub plant_country: Option<Land>,
    /// Its price ex works; nothing: nobody says.
    pub price: Option<i64>,
}

/// A part.
#[derive(Clone, Debug)]
pub struct Part {
    /// How it is come by; nothing: nobody says, and it stops the walk.
    pub procurement: Option<Procurement>,
    /// What one costs.
    pub price: Price,
    /// What it is; nothing: nobody says.
    pub class: Option<Class>,
    /// Where it is made; nothing: nobody says.
    pub made_in: Option<Land>,
    /// Its usual supplier.
    pub supplier: Option<usize>,
    /// What one weighs; nothing: nobody says.
    pub mass_kg: Option<i64>,
}

/// How a part is come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Procurement {
    /// Bought: a component.
    Buy,
    /// Made in the maker's own plant.
    Make,
    /// A phantom: its lines stand for it.
    Phantom,
}

/// What one of a part costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// This.
    Known(i64),
    /// From the first to the second.
    Between(i64, i64),
    /// Nobody says.
    Missing,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// One of the sensitive ones.
    Sensitive,
    /// Something else.
    Plain,
}

/// A line of a bill of materials.
#[derive(Clone, Debug)]
pub struct Line {
    /// The part it stands under.
    pub parent: usize,
    /// The part it names.
    pub child: usize,
    /// How many.
    pub quantity: i64,
    /// From whom, where that is not the part's usual supplier.
    pub supplier: Option<usize>,
    /// Lines of one parent and choice are alternatives.
    pub choice: Option<u8>,
    /// The first day it is in force.
    pub valid_from: Option<Day>,
    /// The last day.
    pub valid_to: Option<Day>,
}

/// A declaration of origin.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The part it speaks of.
    pub part: usize,
    /// The country or countries.
    pub origin: Origin,
    /// In per cent; nothing: all of the part.
    pub share: Option<i64>,
    /// The supplier, if stated.
    pub supplier: Option<usize>,
    /// The lot, if stated.
    pub lot: Option<u8>,
    /// The basis, if stated.
    pub basis: Option<&'static str>,
    /// The class of evidence; nothing: declared.
    pub evidence: Option<Evidence>,
    /// The paper's name, if it has one.
    pub document: Option<u8>,
    /// When it was signed, if stated.
    pub signed_on: Option<Day>,
    /// The first day it is valid.
    pub valid_from: Option<Day>,
    /// The last day.
    pub valid_to: Option<Day>,
}

/// What a declaration says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing that anybody understands.
    Unknown,
    /// One of these.
    OneOf(Vec<Land>),
    /// Some member of the European Union.
    Eu,
}

/// A class of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The supplier says so.
    Declared,
    /// Somebody saw it.
    Observed,
}

/// A part built into a vehicle.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The place of the vehicle.
    pub vehicle: usize,
    /// The part.
    pub part: usize,
    /// The lot.
    pub lot: Option<u8>,
    /// How many; nothing: one.
    pub quantity: Option<i64>,
    /// The day the lot was received.
    pub received_on: Option<Day>,
}

/// A supplier.
#[derive(Clone, Debug)]
pub struct Supplier {
    /// The seat; nothing: nobody says.
    pub country: Option<Land>,
}

/// The condition.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is asked.
    pub form: Form,
    /// Which rows are marked.
    pub marked: Marked,
    /// Which rows count at all.
    pub scope: Scope,
    /// How the value is compared; `every`, `none` and `any` need none.
    pub operator: Operator,
    /// The thresholds, each from its day on, as fractions.
    pub ladder: Vec<(Day, i64, i64)>,
    /// The last day of the last threshold; nothing: until further notice.
    pub ends_on: Option<Day>,
    /// Whether the day of building dates the vehicle; else the law's day does.
    pub dated: bool,
    /// Which countries are domestic.
    pub domestic: Domestic,
    /// The bases that are accepted; nothing: any, also none.
    pub bases: Option<Vec<&'static str>>,
    /// Whether an unknown mark counts as marked; nothing: the law is silent.
    pub unknown: Option<bool>,
    /// Whether an unknown scope counts as in; nothing: the law is silent.
    pub unknown_scope: Option<bool>,
    /// Whether it speaks of vehicles built in `IT` only.
    pub only_italy: bool,
}

/// Which countries are domestic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domestic {
    /// These.
    Only(Vec<Land>),
    /// The members of the European Union.
    Eu,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Marked weight over all weight.
    Share {
        /// What weighs.
        weigh: Weigh,
        /// Whether parts are looked into.
        method: Method,
        /// The declared total, if the share is of one.
        of_total: Option<OfTotal>,
    },
    /// The worst country's share of the weight.
    WorstCountry {
        /// What weighs.
        weigh: Weigh,
    },
    /// The share of the weight that the marked rows of one value have, for the value that has most.
    GreatestPart {
        /// What weighs.
        weigh: Weigh,
        /// What tells the values apart.
        apart: Apart,
    },
    /// Marked weight.
    Total {
        /// What weighs.
        weigh: Weigh,
    },
    /// The squared shares of groups of rows.
    Concentration {
        /// What weighs.
        weigh: Weigh,
        /// What makes a group.
        by: GroupBy,
    },
    /// Marked rows.
    Count,
    /// No row that is not marked.
    Every,
    /// No marked row.
    None,
    /// Some marked row.
    Any,
}

/// What tells marked rows apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// The place of making.
    MadeIn,
    /// Each domestic country, as if it were the only one.
    EachDomestic,
}

/// What makes a group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupBy {
    /// The place of making.
    MadeIn,
    /// The country of origin; then every row is marked.
    Origin,
}

/// What a row weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weigh {
    /// Its value.
    Value,
    /// Its mass.
    Mass,
    /// Its pieces.
    Count,
}

/// Whether bought parts are looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// They count as their supplier says.
    AsSupplied,
    /// What is added on every level counts where it was added.
    Traced,
    /// The same, but a bought part of at least `at` per cent counts in full.
    RolledUp {
        /// In per cent.
        at: i64,
        /// What counts below.
        below: Below,
    },
}

/// What a bought part below the threshold counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// Nothing.
    Nothing,
    /// Its share.
    Share,
    /// The nearest multiple of so many per cent, ties up.
    Nearest(i64),
}

/// A declared total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfTotal {
    /// Where it stands.
    pub total: TotalOf,
    /// What the difference to the lines counts as.
    pub remainder: Remainder,
}

/// Where a declared total stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalOf {
    /// In the condition.
    Number(i64),
    /// It is the vehicle's price ex works.
    Price,
}

/// What the difference between a declared total and its lines counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remainder {
    /// Marked.
    Yes,
    /// Not marked.
    No,
    /// Either.
    Maybe,
}

/// Which rows are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// `origin IN $domestic`
    Origin,
    /// `NOT origin IN $domestic`
    NotOrigin,
    /// `made_in IN $domestic`
    MadeIn,
    /// `origin IN $domestic OR made_in IN $domestic`
    OriginOrMadeIn,
    /// `origin IN $domestic AND supplier_country IN $domestic`
    OriginAndSupplier,
    /// `origin = 'IT' OR origin = 'DE'`
    ItalyOrGermany,
}

/// Which rows count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// `class IN ('sensitive')`
    Sensitive,
    /// `NOT class IN ('sensitive')`
    NotSensitive,
    /// `own_work = FALSE`
    NotOwnWork,
    /// `supplier_country IN $domestic`
    DomesticSupplier,
}
