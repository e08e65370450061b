use filiera_model::{Exact, Range};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::expand::{expand, fold_lines};
use crate::{AcyclicBom, Choice, ChoiceId, List, Node, OriginError, Parts, Procurement};

/// The first purchased parts below a root, with what the maker makes on the way to them.
///
/// Depends on the graph and the procurement of the parts only, not on the vehicle, its price or the
/// law: compute it once per root and graph, and share it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Components {
    /// Everything the walk stopped at, list by list, in the order of the ids.
    pub items: Vec<Item>,
    /// Made parts that were opened: each may carry own work.
    pub made: Vec<Made>,
    /// What one root consists of.
    pub base: List,
    /// The choices on the way; a choice in the list of an alternative may come later or earlier.
    pub choices: Vec<Choice>,
    /// Ids of items that no row of `parts` describes, though there is such a table.
    pub missing: Vec<String>,
    /// Parts whose lines were walked, the root first, parents before children.
    pub opened: Vec<Node>,
    /// Parts inside the items, in the order of the ids: they are built in with them.
    pub inside: Vec<Node>,
}

/// A component: a part that is bought, lent, or of which nothing more is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The part id.
    pub part: String,
    /// Its node; nothing for an installed part that no line names.
    pub node: Option<Node>,
    /// The supplier the line names, or else the part's.
    pub supplier: Option<String>,
    /// How much, in `unit`, per one of the list it stands in. For the base list: per vehicle.
    pub quantity: Exact,
    /// `piece`, `kg`, `m`, `l` or another unit as listed. A unit value is the price of one of these.
    pub unit: String,
    /// One unit as the lines list it, in `unit`: a thousandth for grams. Nothing when they list
    /// different ones.
    pub listed: Option<Exact>,
    /// The choice of which the item's list is an alternative; nothing in the base list.
    pub choice: Option<ChoiceId>,
    /// The part is counted in units that cannot be converted into each other, or stands below one
    /// that is. Its lines are kept apart; which of them its price is for is not known, so its
    /// value is not.
    pub mixed_units: bool,
    /// No row of `parts` describes it: its value is not known.
    pub missing: bool,
    /// A phantom without lines: what it stands for is not listed, so its value is not known.
    pub empty_phantom: bool,
    /// It has lines of its own, the dossier says of other parts how they are come by, and not of
    /// this one: it is taken as bought.
    pub assumed_bought: bool,
    /// Where it was installed from, once [`crate::Components::install`] has put it there.
    pub installed: Option<Installed>,
}

/// The row of `installed` that an item comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// The row of the table, counted from 0.
    pub row: u32,
    /// The lot.
    pub lot: Option<String>,
}

/// A made part that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The part id.
    pub part: String,
    /// Its node.
    pub node: Node,
    /// How much, in base units, per one of the list it stands in.
    pub quantity: Exact,
    /// The choice of which the list is an alternative; nothing in the base list.
    pub choice: Option<ChoiceId>,
    /// It is counted in units that cannot be converted into each other: its own work is not known.
    pub mixed_units: bool,
}

/// The first purchased parts below `root`.
///
/// The root is opened whatever it is; below it, parts that are made and phantoms are opened, and
/// everything else stops the walk, parts without lines too. When no part of the dossier says
/// how it is come by, that leaves the lines directly under the root.
///
/// # Errors
/// [`OriginError::NoQuantity`] for a line on the way that states none.
pub fn components(bom: &AcyclicBom, parts: &Parts, root: Node) -> Result<Components, OriginError> {
    let found = expand(bom, parts, root, &|node| parts.is_opened(node))?;
    let mut components = Components { choices: found.choices, opened: found.opened, ..Components::default() };
    let mut new_place = Vec::with_capacity(found.uses.len());
    for one in found.uses {
        let part = bom.part(one.node).to_owned();
        let (quantity, choice, mixed_units) = (one.quantity, one.choice, one.mixed_units);
        if parts.is_opened(one.node) && bom.has_lines(one.node) {
            new_place.push(Place::Made(components.made.len()));
            components.made.push(Made { part, node: one.node, quantity, choice, mixed_units });
            continue;
        }
        new_place.push(Place::Item(components.items.len()));
        let stated = parts.procurement(one.node);
        components.items.push(Item {
            part,
            node: Some(one.node),
            supplier: one.supplier,
            quantity,
            unit: one.unit,
            listed: one.listed,
            choice,
            mixed_units,
            missing: parts.is_missing(one.node),
            empty_phantom: stated == Some(Procurement::Phantom),
            assumed_bought: stated.is_none() && parts.have_procurement() && bom.has_lines(one.node),
            installed: None,
        });
    }
    components.base = replaced(&found.base, &new_place);
    for choice in &mut components.choices {
        choice.alternatives = choice.alternatives.iter().map(|list| replaced(list, &new_place)).collect();
    }
    components.keep_made(parts);
    components.note_missing();
    components.inside = inside(bom, &components.items);
    Ok(components)
}

/// What can be reached below the items.
fn inside(bom: &AcyclicBom, items: &[Item]) -> Vec<Node> {
    let mut children: Vec<Node> = Vec::new();
    for node in items.iter().filter_map(|item| item.node) {
        children.extend(bom.lines(node).map(|line| line.child));
    }
    children.sort_unstable();
    children.dedup();
    bom.reachable_from(&children)
}

enum Place {
    Item(usize),
    Made(usize),
}

/// A list whose places in the uses are told apart.
fn replaced(list: &List, new_place: &[Place]) -> List {
    let mut told = List { choices: list.choices.clone(), ..List::default() };
    for place in list.rows.iter().filter_map(|old| new_place.get(*old)) {
        match place {
            Place::Item(item) => told.rows.push(*item),
            Place::Made(made) => told.made.push(*made),
        }
    }
    told
}

impl Components {
    /// Drops phantoms from the made parts: nobody works on them.
    fn keep_made(&mut self, parts: &Parts) {
        let is_made = |made: &Made| parts.procurement(made.node) == Some(Procurement::Make);
        let mut next = 0;
        let new_place: Vec<Option<usize>> = self
            .made
            .iter()
            .map(|made| {
                let place = is_made(made).then_some(next);
                next += usize::from(place.is_some());
                place
            })
            .collect();
        self.made.retain(is_made);
        let renumber = |list: &mut List| {
            list.made = list.made.iter().filter_map(|old| new_place.get(*old).copied().flatten()).collect();
        };
        renumber(&mut self.base);
        self.choices.iter_mut().flat_map(|choice| &mut choice.alternatives).for_each(renumber);
    }

    pub(crate) fn note_missing(&mut self) {
        self.missing = self.items.iter().filter(|item| item.missing).map(|item| item.part.clone()).collect();
        self.missing.sort_unstable();
        self.missing.dedup();
    }

    /// The list of an alternative or the base, as [`Choice`] and [`Components::base`] hold it.
    pub fn choice(&self, id: ChoiceId) -> Option<&Choice> {
        self.choices.get(id.place())
    }
}

/// What the maker adds in its own plants, below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWork {
    /// One row per made part that states a value, in the order of [`Components::made`].
    pub rows: Vec<OwnWorkRow>,
    /// Ids of opened made parts that state none. There is no row for them: what was added there is
    /// part of the own work of the next stated part above, up to the vehicle's price; and when
    /// nothing above states a value, no value is known to exist.
    pub unvalued: Vec<String>,
    /// The value of everything one base list consists of, own work of stated parts included.
    /// Take it from the vehicle's price with [`crate::remainder`] for the root's own work.
    pub total: Range,
}

/// The own work in one made part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnWorkRow {
    /// The place in [`Components::made`].
    pub made: usize,
    /// What was added, all pieces of the list together. Exact when all prices are.
    pub value: Range,
    /// The parts surely cost more than the whole: the value is cut at zero.
    pub conflict: bool,
}

/// The own work in the made parts of `components`: the value each states, less what it consists of.
///
/// `unit_value` is the value of one base unit of a part in the currency of the report, nothing when
/// none is stated. Components count with theirs, or as [0, ∞); phantoms with what they consist of,
/// even when they state a value; so do made parts without a value.
///
/// # Errors
/// [`OriginError::NoQuantity`] for a line that states none.
pub fn own_work(
    bom: &AcyclicBom,
    parts: &Parts,
    components: &Components,
    unit_value: &dyn Fn(Node) -> Option<Range>,
) -> Result<OwnWork, OriginError> {
    let opened: FxHashSet<Node> = components.opened.iter().copied().collect();
    let stated = |node: Node| {
        let is_phantom = parts.procurement(node) == Some(Procurement::Phantom);
        if is_phantom { None } else { unit_value(node) }
    };
    let mut consists_of: FxHashMap<Node, Range> = FxHashMap::default();
    for node in components.opened.iter().rev() {
        let mut sum = Range::exactly(Exact::zero());
        let of_line = |line: &crate::Line<'_>| {
            let each = line.base_quantity().ok_or_else(|| bom.no_quantity(line))?;
            let inside =
                if opened.contains(&line.child) { consists_of.get(&line.child).cloned() } else { None };
            let value = stated(line.child).or(inside).unwrap_or_else(Range::anything);
            Ok(if bom.has_mixed_units(line.child) { Range::anything() } else { value.times(&each) })
        };
        let nothing = || Range::exactly(Exact::zero());
        fold_lines(bom, *node, of_line, |one| sum = sum.plus(&one), |a, b| a.hull(&b), nothing)?;
        consists_of.insert(*node, sum);
    }
    let total = components.opened.first().and_then(|root| consists_of.get(root)).cloned();
    let total = total.unwrap_or_else(|| Range::exactly(Exact::zero()));
    let mut own = OwnWork { rows: Vec::new(), unvalued: Vec::new(), total };
    for (place, made) in components.made.iter().enumerate() {
        let Some(whole) = stated(made.node) else {
            own.unvalued.push(made.part.clone());
            continue;
        };
        let inside = consists_of.get(&made.node).cloned().unwrap_or_else(Range::anything);
        let rest = crate::remainder(&whole, &inside);
        let value = if made.mixed_units { Range::anything() } else { rest.value.times(&made.quantity) };
        own.rows.push(OwnWorkRow { made: place, value, conflict: rest.conflict });
    }
    own.unvalued.sort_unstable();
    own.unvalued.dedup();
    Ok(own)
}
