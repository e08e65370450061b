use std::fmt;

use filiera_model::{Days, Exact, Mark};
use filiera_tables::{SCALE, Table};

use crate::build::Builder;
use crate::validity::Validity;
use crate::{Names, OriginError, Shape, Unit};

/// A part of a graph, by its place in the order of part ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node(pub(crate) u32);

impl Node {
    /// The place in the order of part ids, from 0: an index for arrays with one entry per node.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

/// A bill of materials as a graph: every part once, its lines side by side, cycles included.
///
/// Parts are numbered in the order of their ids, so nothing depends on the order of the rows.
/// Linear in parts and lines; no path is ever written out.
#[derive(Clone, Debug, Default)]
pub struct BomGraph {
    pub(crate) names: Names,
    pub(crate) shape: Shape,
    pub(crate) lines: LineColumns,
    pub(crate) units: Vec<Unit>,
    pub(crate) suppliers: Names,
    pub(crate) choices: Names,
}

/// What the lines say, column by column, in the order they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineColumns {
    /// Unscaled at [`SCALE`]; 0: not stated.
    pub(crate) quantity: Vec<i128>,
    pub(crate) unit: Vec<u32>,
    pub(crate) supplier: Vec<u32>,
    pub(crate) choice: Vec<u32>,
    pub(crate) row: Vec<u32>,
    pub(crate) maybe: Vec<bool>,
}

/// One line, as a caller without a canonical table hands it in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedLine<'a> {
    /// The part that contains.
    pub parent: &'a str,
    /// The part that is contained.
    pub child: &'a str,
    /// How many in one parent, when stated.
    pub quantity: Option<Exact>,
    /// The unit of the quantity, as written.
    pub unit: Option<&'a str>,
}

/// One line of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The part that contains.
    pub parent: Node,
    /// The part that is contained.
    pub child: Node,
    /// Unscaled at [`SCALE`]; 0: not stated.
    unscaled: i128,
    /// The unit.
    pub unit: &'a Unit,
    /// The supplier the line names.
    pub supplier: Option<&'a str>,
    /// Lines of one parent with the same choice are alternatives.
    pub choice: Option<&'a str>,
    /// The row of the table it was read from, counted from 0.
    pub row: u32,
    /// Whether the line holds on some of the possible days only.
    pub maybe: bool,
}

impl Line<'_> {
    /// Whether the line states a quantity.
    pub fn has_quantity(&self) -> bool {
        self.unscaled > 0
    }

    /// How many of the line's unit go into one parent, when stated.
    pub fn quantity(&self) -> Option<Exact> {
        self.has_quantity().then(|| Exact::from_decimal(self.unscaled, u32::from(SCALE)))
    }

    /// The quantity in base units: kilograms for a line in grams.
    pub fn base_quantity(&self) -> Option<Exact> {
        self.quantity().map(|quantity| quantity * self.unit.factor().clone())
    }
}

impl BomGraph {
    /// The lines of the table `bom` that hold on the days `at`; without days, all of them.
    ///
    /// A line is in force from `valid_from` to `valid_to`, both included; an empty end is no end.
    /// A line that holds on some of the possible days only is kept and marked: [`Line::maybe`].
    ///
    /// # Errors
    /// [`OriginError::NoPart`] for a line without parent or child, [`OriginError::TooMany`] beyond
    /// 32 bits. A missing quantity is an error only where it is needed.
    pub fn from_table(bom: &Table, at: Option<Days>) -> Result<Self, OriginError> {
        let validity = Validity::of(bom, at);
        let mut builder = Builder::of_table(bom)?;
        for row in 0..bom.len() {
            let holds = validity.holds(row);
            if holds != Mark::No {
                builder.add_row(row, holds == Mark::Maybe)?;
            }
        }
        builder.finish()
    }

    /// The graph of lines that came from elsewhere, and of parts that may stand on no line.
    ///
    /// # Errors
    /// [`OriginError::TooFine`] for a quantity that 12 decimals cannot hold, [`OriginError::TooMany`].
    pub fn from_lines<'a>(
        lines: impl IntoIterator<Item = ListedLine<'a>>,
        parts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, OriginError> {
        let mut builder = Builder::default();
        for part in parts {
            builder.add_part(part)?;
        }
        for line in lines {
            builder.add_line(&line)?;
        }
        builder.finish()
    }

    /// The graph of bare (parent, child) pairs, one of each.
    ///
    /// # Errors
    /// [`OriginError::TooMany`] beyond 32 bits.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, OriginError> {
        let line = |(parent, child)| ListedLine { parent, child, quantity: Some(Exact::one()), unit: None };
        Self::from_lines(pairs.into_iter().map(line), [])
    }

    /// The part with this id.
    pub fn node(&self, part: &str) -> Option<Node> {
        self.names.get(part).map(Node)
    }

    /// The id of a part; empty for a node of another graph.
    pub fn part(&self, node: Node) -> &str {
        self.names.text(node.0)
    }

    /// Every part, in the order of the ids.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        (0..self.shape.nodes() as u32).map(Node)
    }

    /// The ids, numbered as the nodes are.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Who contains whom, by number.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The lines below a part, in the order of the children's ids, repeats as they were listed.
    pub fn lines(&self, node: Node) -> impl Iterator<Item = Line<'_>> {
        self.shape.below(node.0).filter_map(move |(child, line)| self.line(node.0, child, line as usize))
    }

    /// The suppliers that lines name for a part, sorted. Walks all lines once.
    pub fn suppliers(&self) -> Vec<(Node, &str)> {
        let mut named: Vec<(Node, &str)> = Vec::new();
        for parent in self.nodes() {
            named.extend(self.lines(parent).filter_map(|line| Some((line.child, line.supplier?))));
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    /// Whether a part has lines below it.
    pub fn has_lines(&self, node: Node) -> bool {
        !self.shape.children(node.0).is_empty()
    }

    pub(crate) fn line(&self, parent: u32, child: u32, line: usize) -> Option<Line<'_>> {
        let columns = &self.lines;
        Some(Line {
            parent: Node(parent),
            child: Node(child),
            unscaled: *columns.quantity.get(line)?,
            unit: self.units.get(*columns.unit.get(line)? as usize)?,
            supplier: known(&self.suppliers, columns.supplier.get(line)),
            choice: known(&self.choices, columns.choice.get(line)),
            row: *columns.row.get(line)?,
            maybe: *columns.maybe.get(line)?,
        })
    }
}

/// The text of a number, nothing for the number that stands for no text.
fn known<'a>(names: &'a Names, number: Option<&u32>) -> Option<&'a str> {
    number.filter(|number| (**number as usize) < names.len()).map(|number| names.text(*number))
}
