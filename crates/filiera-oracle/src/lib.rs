//! The slow, obvious twin of the engine: writes out every completion of a small dossier, and judges
//! each as if nothing had ever been unknown.
//!
//! A completion gives every missing fact a value: each price a whole number of its range, each part
//! one of the countries it may come from, each choice one of its alternatives. What a condition says
//! of a completion is grade-school arithmetic. The engine must agree: every completion's value lies
//! inside its bounds, a decided verdict holds in all of them, and bounds it calls exact are reached.
//!
//! Written from the design, not from the engine: no bill-of-materials walk, predicate or bound of the
//! product is used here, and nothing here is fast. Not for production.

mod scenario;

mod origins;
mod structure;

mod unknowns;
mod world;

mod own_work;
mod supplied;
mod value;

mod attained;

pub use attained::{Attained, attained};
pub use scenario::{
    Apart, Below, Class, Declaration, Domestic, Evidence, Form, GroupBy, Installed, LAND, Land, Line, Marked,
    Method, OfTotal, Origin, Part, Price, Procurement, Remainder, Rule, Scenario, Scope, Supplier, TotalOf,
    Vehicle, Weigh,
};
