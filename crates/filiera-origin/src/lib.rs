//! Bills of materials as graphs: what a vehicle is made of, what each level adds, what rolls up.
//!
//! Lines become a [`BomGraph`]: every part once, its lines side by side. Once it is known to have no
//! cycle ([`BomGraph::acyclic`], [`BomGraph::cut_cycles`]) it is an [`AcyclicBom`], and from it come
//!
//! - [`components`]: the first purchased parts below a root, alternatives kept apart, with
//!   [`own_work`] for what is made on the way and [`Components::install`] for what was really
//!   built into one vehicle;
//! - [`content`] and [`value_added`]: every part at every level, and what it adds;
//! - [`shares`]: the marked part of each component, traced through its own bill of materials or
//!   rolled up by a rule;
//! - [`roll_up_values`]: the total of every part at once, exact, for millions of lines.
//!
//! Paths are never written out: everything is linear in parts and lines (for a choice between
//! alternatives, once more per alternative). Nothing recurses, so no bill of materials is too deep.
//!
//! This crate reads no files and knows no rules: what a part is worth and which part of it is
//! marked is told by the caller, and quantities, values and marks are exact numbers throughout.

mod acyclic;
mod build;
mod components;
mod content;
mod counts;
mod cycles;
mod encode;
mod error;
mod expand;
mod graph;
mod graph_totals;
mod heights;
mod installed;
mod key;
mod mixture;
mod names;
mod parts;
mod shape;
mod shares;
mod subtree;
mod totals;
mod unit;
mod validity;
mod value;
mod walk;

pub use acyclic::{AcyclicBom, CutLine, Cycle};
pub use components::{Components, Installed, Item, Made, OwnWork, OwnWorkRow, components, own_work};
pub use content::{Added, Content, ContentRow, content, value_added};
pub use counts::GraphCounts;
pub use error::OriginError;
pub use expand::{Choice, ChoiceId, List};
pub use graph::{BomGraph, Line, ListedLine, Node};
pub use installed::{Fitted, InstalledPart, NotApplied, NotAppliedReason};
pub use names::{NO_NAME, Names};
pub use parts::{PartFacts, Parts, Procurement};
pub use shape::Shape;
pub use shares::{Below, Evidence, Method, RollUp, Share, Shares, shares};
pub use subtree::Relationship;
pub use totals::{Scaled, Totals, roll_up_values};
pub use unit::Unit;
pub use validity::changes;
pub use value::{Remainder, remainder};
