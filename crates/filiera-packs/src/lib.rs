//! Rule packs: dated law as text, read into a typed tree with its place in the text.
//!
//! A caller hands in text and days and gets a [`Pack`], a case file or dated sets of countries, or
//! every fault of the text at once, each underlined. Nothing here opens a file, asks a clock, knows
//! Arrow or judges anything: predicates stay text ([`Sql`]) until an engine binds them.

// What a pack is.
mod pack;

mod condition;
mod form;
mod parameter;
mod score;

mod spanned;
mod sql;

// What may be wrong with its text.
mod cause;
mod fault;

// From text to tables to a pack.
mod keys;
mod names;
mod number;

mod read_pack;

mod read_condition;
mod read_form;
mod read_parameter;
mod read_score;

// What stands beside packs.
mod zones;

mod case;

mod bless;
mod coverage;
mod read_case;

// What its parts say about each other.
mod check;
mod check_members;
mod check_threshold;
mod graph;
mod hash;
mod timeline;
mod warnings;

pub use bless::Blessing;
pub use case::{Case, CaseFile, Difference, Excuse, Expectation, ExpectedEnd, Seen};
pub use cause::{Cause, Instead};
pub use check_members::check_members;
pub use condition::{
    Accepts, Closure, Comparison, Condition, ControlBy, ControlRule, Evidence, Grants, Reading, ScopeClosure,
    Threshold,
};
pub use coverage::{Coverage, Covered, Gap};
pub use fault::{PackFault, PackFaults};
pub use form::{
    Apart, Attribution, AttributionBelow, Below, Concentration, Form, MemberRef, Method, NOf, OfTotal, Ratio,
    Remainder, RollUp, Rows, Share, ShareMark, Sum, Term, Total, Weigh,
};
pub use pack::{
    ColumnKind, ColumnOwner, ExtraColumn, Lawfulness, POPULATIONS, Pack, Reference, Status, TABLES,
};
pub use parameter::{
    Confidence, CountryTerm, DECLARATION_VALID_DAYS, DatedValue, NoValue, Parameter, Unit, Value,
};
pub use score::{Base, Criterion, Economic, Formula, Gives, Price, Score};
pub use spanned::{Span, Spanned};
pub use sql::Sql;
pub use zones::{ZoneInfo, parse_zones, zone_warnings};
