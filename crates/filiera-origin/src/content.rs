use filiera_model::{Exact, Range};
use rustc_hash::FxHashMap;

use crate::expand::{expand, fold_lines};
use crate::{AcyclicBom, Choice, ChoiceId, List, Node, OriginError, Parts, Procurement, remainder};

/// Every part below a root, at every level, with how much of it goes into one root.
///
/// Depends on the graph only; what each part adds comes from [`value_added`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// One row per part, supplier and base unit, list by list, in the order of the ids.
    pub rows: Vec<ContentRow>,
    /// What one root consists of; `made` is empty.
    pub base: List,
    /// The choices on the way.
    pub choices: Vec<Choice>,
    /// The root and every part that has lines, parents before children.
    pub opened: Vec<Node>,
}

/// A part somewhere below a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentRow {
    /// The part id.
    pub part: String,
    /// Its node.
    pub node: Node,
    /// The supplier the line names, or else the part's.
    pub supplier: Option<String>,
    /// Lines on the longest way from the root: 1 directly under it.
    pub level: u32,
    /// How much, in `unit`, per one of the list it stands in. For the base list: per root.
    pub quantity: Exact,
    /// `piece`, `kg`, `m`, `l` or another unit as listed.
    pub unit: String,
    /// The choice of which the row's list is an alternative; nothing in the base list.
    pub choice: Option<ChoiceId>,
    /// Counted in units that cannot be converted, or below such a part: its value is not known.
    pub mixed_units: bool,
    /// No row of `parts` describes it, though there is such a table.
    pub missing: bool,
    /// It has no lines: everything it is worth is added here.
    pub leaf: bool,
}

/// Every part below `root`, through all levels whatever is bought and made.
///
/// # Errors
/// [`OriginError::NoQuantity`] for a line that states none.
pub fn content(bom: &AcyclicBom, parts: &Parts, root: Node) -> Result<Content, OriginError> {
    let found = expand(bom, parts, root, &|_| true)?;
    let level = levels(bom, root);
    let row = |one: crate::expand::Use| ContentRow {
        part: bom.part(one.node).to_owned(),
        node: one.node,
        supplier: one.supplier,
        level: level.get(&one.node).copied().unwrap_or(0),
        quantity: one.quantity,
        unit: one.unit,
        choice: one.choice,
        mixed_units: one.mixed_units,
        missing: parts.is_missing(one.node),
        leaf: !bom.has_lines(one.node),
    };
    let rows = found.uses.into_iter().map(row).collect();
    Ok(Content { rows, base: found.base, choices: found.choices, opened: found.opened })
}

fn levels(bom: &AcyclicBom, root: Node) -> FxHashMap<Node, u32> {
    let mut level = FxHashMap::from_iter([(root, 0u32)]);
    for node in bom.reachable(&[root]) {
        let below = level.get(&node).map_or(0, |level| level + 1);
        for line in bom.lines(node) {
            let deepest = level.entry(line.child).or_insert(below);
            *deepest = (*deepest).max(below);
        }
    }
    level
}

/// What one base unit of a part adds to what it consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The value added.
    pub value: Range,
    /// The parts surely cost more than the whole: the value is cut at zero.
    pub conflict: bool,
}

/// What one base unit of each of `nodes` adds: its value, less that of its lines; all of it where
/// there are none.
///
/// `unit_value` is the value of one base unit of a part in the currency of the report, nothing
/// when none is stated: then the part is worth [0, ∞), and so is what it adds. A phantom adds nothing
/// and is worth what it consists of, whatever it states. Where nothing is exact, the ranges of a
/// part and of the parts it consists of depend on the same unknown prices: bounds that treat them
/// as independent are sound, not exact.
///
/// # Errors
/// [`OriginError::NoQuantity`] for a line that states none.
pub fn value_added(
    bom: &AcyclicBom,
    parts: &Parts,
    nodes: &[Node],
    unit_value: &dyn Fn(Node) -> Option<Range>,
) -> Result<FxHashMap<Node, Added>, OriginError> {
    let mut worth: FxHashMap<Node, Range> = FxHashMap::default();
    let mut added: FxHashMap<Node, Added> = FxHashMap::default();
    let zero = || Range::exactly(Exact::zero());
    for node in bom.reachable(nodes).into_iter().rev() {
        let is_phantom = parts.procurement(node) == Some(Procurement::Phantom);
        let stated = unit_value(node).unwrap_or_else(Range::anything);
        let mut inside = zero();
        let of_line = |line: &crate::Line<'_>| {
            let each = line.base_quantity().ok_or_else(|| bom.no_quantity(line))?;
            let value = worth.get(&line.child).cloned().unwrap_or_else(Range::anything);
            Ok(if bom.has_mixed_units(line.child) { Range::anything() } else { value.times(&each) })
        };
        fold_lines(bom, node, of_line, |one| inside = inside.plus(&one), |a, b| a.hull(&b), zero)?;
        let (value, rest) = if is_phantom && bom.has_lines(node) {
            (inside, crate::Remainder { value: zero(), conflict: false })
        } else if is_phantom {
            (Range::anything(), remainder(&Range::anything(), &inside))
        } else {
            let rest = remainder(&stated, &inside);
            (stated, rest)
        };
        worth.insert(node, value);
        added.insert(node, Added { value: rest.value, conflict: rest.conflict });
    }
    Ok(added)
}
