//! Predicates of packs: SQL text and the columns of a table, typed and asked of a record batch.
//!
//! A predicate answers every row with yes, no or maybe, and a maybe is SQL's NULL. What SQL offers
//! to turn a NULL into a decision (`IS NULL`, `COALESCE`, `CASE` and the like) is refused, because
//! missing data must never become a verdict. So is everything that is not exact (floats, division)
//! or not reproducible (clocks, chance, functions of an engine).
//!
//! The grammar, beside `AND`, `OR`, `NOT` and parentheses:
//!
//! | written | of |
//! |---|---|
//! | `=` `<>` `<` `<=` `>` `>=` `BETWEEN` | numbers, days, texts; `=` and `<>` also countries, currencies, truths |
//! | `IN ('IT', 'FR')`, `IN $list`, `IN @ZONE`, `NOT IN` | everything but truths |
//! | `LIKE` `ILIKE` with a text between quotes | texts |
//! | `+` `-` `*` | numbers, exact: refused when the result could leave 256 bits |
//! | `||`, `lower(x)`, `upper(x)` | texts |
//! | `own_work`, `TRUE`, `FALSE`, `$flag` | truths |
//! | `'2026-01-01'`, `DATE '2026-01-01'` | days |
//! | `x + INTERVAL '10' DAY`, `x - INTERVAL '6' MONTH`, `x + $days`, `x + suspended_days` | days, so much later or earlier |
//! | `x - y` of two days | a whole number of days |
//!
//! A share that is known within two ends only is compared whole: `share >= 0.1` is yes when every value
//! between the ends passes, no when none does, else maybe. Anywhere else it counts as the value it is, if
//! it is one.
//!
//! An empty list holds nothing, so `x IN $empty` is no for every row, even where `x` is not known.
//!
//! This crate never reads files, knows no rule, and shows no DataFusion type: DataFusion parses and
//! evaluates, Arrow carries the rows.

mod fault;
mod parameter;
mod predicate;

mod text;

mod facts;
mod names;
mod node;
mod typing;

mod bind;
mod bound;
mod fold;
mod lower;

pub use bound::BoundPredicate;
pub use fault::{BindError, EvaluateError, PredicateFault};
pub use parameter::{ParameterKind, ParameterValue};
pub use predicate::Predicate;
