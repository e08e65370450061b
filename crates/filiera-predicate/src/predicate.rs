use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use filiera_model::Country;
use filiera_tables::ColumnKind;

use crate::facts::Facts;
use crate::names::Names;
use crate::node::{Node, Shape};
use crate::text::{Source, parse};
use crate::typing::typed;
use crate::{BindError, BoundPredicate, ParameterKind, ParameterValue, PredicateFault, bind, lower};

/// A question to each row of a table: typed, with places kept for parameters and zones.
#[derive(Clone, Debug)]
pub struct Predicate {
    text: String,
    node: Node,
    facts: Facts,
}

impl Predicate {
    /// The predicate that `text` writes over these columns, parameters (named without `$`) and
    /// zones (named without `@`).
    ///
    /// # Errors
    /// Every fault of the text, in its order; of a text that is no SQL at all, only the first.
    pub fn parse(
        text: &str,
        columns: &[(String, ColumnKind)],
        parameters: &BTreeMap<String, ParameterKind>,
        zones: &[String],
    ) -> Result<Self, Vec<PredicateFault>> {
        let names = Names::new(columns, parameters, zones);
        let source = Source::read(text, &names)?;
        let tree = parse(&source)?;
        let node = typed(&tree, &source, &names)?;
        Ok(Self::of(text.to_owned(), node))
    }

    fn of(text: String, node: Node) -> Self {
        let facts = Facts::of(&node);
        Self { text, node, facts }
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The columns it names.
    pub fn columns(&self) -> &BTreeSet<String> {
        &self.facts.columns
    }

    /// The parameters it names, without `$`.
    pub fn parameters(&self) -> &BTreeSet<String> {
        &self.facts.parameters
    }

    /// The zones it names, without `@`.
    pub fn zones(&self) -> &BTreeSet<String> {
        &self.facts.zones
    }

    /// How often it names `column`. Above 1, a column that is not known makes several maybes that
    /// hang together (`origin = 'IT' OR origin <> 'IT'`), and bounds over them may be wide.
    pub fn occurrences(&self, column: &str) -> usize {
        self.facts.occurrences.get(column).copied().unwrap_or(0)
    }

    /// The countries written out in it and compared with a country or an origin.
    pub fn countries_named(&self) -> &BTreeSet<Country> {
        &self.facts.countries
    }

    /// The parts that it joins by `AND` at the top, each with its own text; itself when there is
    /// only one. A row is yes when all are yes, no when one is no, else maybe.
    pub fn conjuncts(&self) -> Vec<Self> {
        let Shape::And(parts) = &self.node.shape else { return vec![self.clone()] };
        let own = |part: &Node| {
            let start = part.span.start.saturating_sub(self.node.span.start);
            let end = part.span.end.saturating_sub(self.node.span.start);
            let text = self.own_text().get(start..end).unwrap_or_default();
            Self::of(text.to_owned(), part.clone())
        };
        parts.iter().map(own).collect()
    }

    /// The text that [`Node::span`] of the root covers: all of it but blanks and comments around.
    /// A part's text is cut to its span already.
    fn own_text(&self) -> &str {
        let length = self.node.span.len();
        if self.text.len() == length {
            return &self.text;
        }
        self.text.get(self.node.span.clone()).unwrap_or(&self.text)
    }

    /// The predicate with values in the places of its parameters (under their names) and zones
    /// (under `@` and their names). Values it does not name are ignored.
    ///
    /// # Errors
    /// [`BindError`] when a value is missing or does not fit.
    pub fn bind(&self, values: &BTreeMap<String, ParameterValue>) -> Result<BoundPredicate, BindError> {
        let node = bind::substituted(&self.node, values)?;
        lower::planned(&node, &self.facts.kinds)
    }
}

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
