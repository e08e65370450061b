use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Country;
use filiera_tables::ColumnKind;

use crate::node::{Node, Shape};

/// What a predicate names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) columns: BTreeSet<String>,
    pub(crate) kinds: BTreeMap<String, ColumnKind>,
    pub(crate) occurrences: BTreeMap<String, usize>,
    pub(crate) parameters: BTreeSet<String>,
    pub(crate) zones: BTreeSet<String>,
    pub(crate) countries: BTreeSet<Country>,
}

impl Facts {
    pub(crate) fn of(node: &Node) -> Self {
        let mut facts = Self::default();
        facts.add(node);
        facts
    }

    fn add(&mut self, node: &Node) {
        match &node.shape {
            Shape::Column(name, kind) => self.add_column(name, *kind),
            Shape::Country(country) => {
                self.countries.insert(*country);
            }
            Shape::Scalar(sign, _) | Shape::List(sign, _) => self.add_sign(sign),
            Shape::And(parts) | Shape::Or(parts) => parts.iter().for_each(|part| self.add(part)),
            Shape::Not(one) | Shape::Fold(_, one) | Shape::Like { value: one, .. } => self.add(one),
            Shape::Compare(_, left, right)
            | Shape::Concat(left, right)
            | Shape::Arithmetic(_, left, right)
            | Shape::Elapsed(left, right)
            | Shape::Shifted { day: left, by: right, .. } => {
                self.add(left);
                self.add(right);
            }
            Shape::Between { value, low, high } => {
                [value, low, high].into_iter().for_each(|part| self.add(part))
            }
            Shape::In { needle, members } => {
                self.add(needle);
                members.iter().for_each(|member| self.add(member));
            }
            Shape::Broken
            | Shape::Text(_)
            | Shape::Number(_)
            | Shape::Day(_)
            | Shape::Length(_)
            | Shape::Truth(_) => {}
        }
    }

    fn add_column(&mut self, name: &str, kind: ColumnKind) {
        self.columns.insert(name.to_owned());
        self.kinds.insert(name.to_owned(), kind);
        *self.occurrences.entry(name.to_owned()).or_default() += 1;
    }

    fn add_sign(&mut self, sign: &str) {
        match sign.strip_prefix('@') {
            Some(zone) => self.zones.insert(zone.to_owned()),
            None => self.parameters.insert(sign.strip_prefix('$').unwrap_or(sign).to_owned()),
        };
    }
}
