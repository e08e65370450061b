use std::collections::{BTreeMap, VecDeque};

use filiera_model::Exact;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{AcyclicBom, Line, Node, OriginError, Parts};

/// A choice of one walk, by its place in the list of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChoiceId(pub(crate) u32);

impl ChoiceId {
    /// The place in the list of choices.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// Alternatives of which exactly one is built: lines of one parent with the same `choice`, or a
/// line that may not be in force and nothing.
///
/// A choice is made once for all places where its parent stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The part whose lines are alternatives.
    pub parent: Node,
    /// The text in the column `choice`; nothing for a line that may or may not be in force.
    pub name: Option<String>,
    /// What each alternative consists of, per one parent.
    pub alternatives: Vec<List>,
}

/// What something consists of: rows that add up, and choices of which one alternative adds to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Places of rows (items, content) that belong to the list itself.
    pub rows: Vec<usize>,
    /// Places of made parts that belong to the list itself.
    pub made: Vec<usize>,
    /// Choices, and how many times each counts.
    pub choices: Vec<(ChoiceId, Exact)>,
}

/// A part met on a walk: how much of it, in one list, from one supplier, in one base unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) node: Node,
    pub(crate) supplier: Option<String>,
    pub(crate) unit: String,
    pub(crate) quantity: Exact,
    /// One unit as listed, in base units; nothing when its lines list different ones.
    pub(crate) listed: Option<Exact>,
    pub(crate) mixed_units: bool,
    pub(crate) choice: Option<ChoiceId>,
}

/// What a walk below a root found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expansion {
    pub(crate) uses: Vec<Use>,
    /// `rows` are places in `uses`; `made` is left empty.
    pub(crate) base: List,
    pub(crate) choices: Vec<Choice>,
    /// Parts whose lines were walked, the root among them, parents before children.
    pub(crate) opened: Vec<Node>,
}

/// Walks the parts below `root`, through every part that `opens` and that has lines.
///
/// Each list (the base, and every alternative) visits each part once, parents before children, so
/// quantities multiply down and add up without following paths: linear in the opened lines for the
/// base and for each alternative.
pub(crate) fn expand(
    bom: &AcyclicBom,
    parts: &Parts,
    root: Node,
    opens: &dyn Fn(Node) -> bool,
) -> Result<Expansion, OriginError> {
    let mut walk = Walk {
        bom,
        parts,
        opens,
        found: Expansion::default(),
        known: FxHashMap::default(),
        queue: VecDeque::new(),
    };
    let mut base = Visit::default();
    base.open(bom, root, Exact::one(), "", false);
    walk.found.base = walk.visit(base, None)?;
    while let Some((choice, lines, or_nothing)) = walk.queue.pop_front() {
        let mut alternatives = Vec::new();
        for line in &lines {
            let mut visit = Visit::default();
            walk.meet(&mut visit, line, &Exact::one(), false)?;
            alternatives.push(walk.visit(visit, Some(choice))?);
        }
        alternatives.extend(or_nothing.then(List::default));
        if let Some(choice) = walk.found.choices.get_mut(choice.place()) {
            choice.alternatives = alternatives;
        }
    }
    let mut found = walk.found;
    let distinct: FxHashSet<Node> = found.opened.drain(..).collect();
    found.opened = distinct.into_iter().collect();
    found.opened.sort_unstable_by_key(|node| bom.rank(*node));
    Ok(found)
}

type UseKey = (Node, Option<String>, String);

/// One list in the making.
#[derive(Default)]
struct Visit {
    /// Opened parts that wait for their turn, by rank: quantity, base unit, whether units mix.
    waiting: BTreeMap<u32, (Node, Exact, String, bool)>,
    uses: BTreeMap<UseKey, Sum>,
    choices: BTreeMap<ChoiceId, Exact>,
}

/// What lines of one part, supplier and base unit add up to.
struct Sum {
    quantity: Exact,
    listed: Option<Exact>,
    mixed: bool,
}

impl Visit {
    fn open(&mut self, bom: &AcyclicBom, node: Node, quantity: Exact, unit: &str, mixed: bool) {
        let entry = self
            .waiting
            .entry(bom.rank(node))
            .or_insert_with(|| (node, Exact::zero(), unit.to_owned(), false));
        entry.1 += &quantity;
        entry.3 |= mixed || entry.2 != unit;
    }
}

/// A choice whose alternatives still have to be walked, and whether nothing is one of them.
type Pending<'a> = (ChoiceId, Vec<Line<'a>>, bool);

struct Walk<'a> {
    bom: &'a AcyclicBom,
    parts: &'a Parts,
    opens: &'a dyn Fn(Node) -> bool,
    found: Expansion,
    known: FxHashMap<(Node, Group), ChoiceId>,
    queue: VecDeque<Pending<'a>>,
}

/// Lines that exclude each other: of a named choice, or one that may not be in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Group {
    Named(String),
    MaybeRow(u32),
}

impl<'a> Walk<'a> {
    fn visit(&mut self, mut visit: Visit, choice: Option<ChoiceId>) -> Result<List, OriginError> {
        while let Some((_, (node, quantity, _, mixed))) = visit.waiting.pop_first() {
            self.found.opened.push(node);
            let (sure, groups) = split(self.bom, node);
            for line in sure {
                self.meet(&mut visit, &line, &quantity, mixed)?;
            }
            for (group, lines) in groups {
                let id = self.choice(node, group, lines)?;
                *visit.choices.entry(id).or_default() += &quantity;
            }
        }
        let first = self.found.uses.len();
        let row = |((node, supplier, unit), sum): (UseKey, Sum)| {
            let Sum { quantity, listed, mixed } = sum;
            Use { node, supplier, unit, quantity, listed, mixed_units: mixed, choice }
        };
        self.found.uses.extend(visit.uses.into_iter().map(row));
        let rows = (first..self.found.uses.len()).collect();
        Ok(List { rows, made: Vec::new(), choices: visit.choices.into_iter().collect() })
    }

    /// Adds `times` a line to a list.
    fn meet(
        &self,
        visit: &mut Visit,
        line: &Line<'_>,
        times: &Exact,
        mixed: bool,
    ) -> Result<(), OriginError> {
        let each = line.base_quantity().ok_or_else(|| self.bom.no_quantity(line))?;
        let quantity = &each * times;
        let mixed = mixed || self.bom.has_mixed_units(line.child);
        if (self.opens)(line.child) && self.bom.has_lines(line.child) {
            visit.open(self.bom, line.child, quantity.clone(), line.unit.base(), mixed);
        }
        let usual = || self.parts.facts(line.child).and_then(|facts| facts.supplier.clone());
        let supplier = line.supplier.map(str::to_owned).or_else(usual);
        let key = (line.child, supplier, line.unit.base().to_owned());
        let factor = line.unit.factor();
        let first = || Sum { quantity: Exact::zero(), listed: Some(factor.clone()), mixed: false };
        let sum = visit.uses.entry(key).or_insert_with(first);
        sum.quantity += &quantity;
        sum.listed = sum.listed.take().filter(|listed| listed == factor);
        sum.mixed |= mixed;
        Ok(())
    }

    /// The choice of a group of lines, new when this parent is met for the first time.
    fn choice(&mut self, parent: Node, group: Group, lines: Vec<Line<'a>>) -> Result<ChoiceId, OriginError> {
        if let Some(known) = self.known.get(&(parent, group.clone())) {
            return Ok(*known);
        }
        let id = ChoiceId(crate::names::number_of(self.found.choices.len(), "choices")?);
        let name = match &group {
            Group::Named(name) => Some(name.clone()),
            Group::MaybeRow(_) => None,
        };
        self.found.choices.push(Choice { parent, name, alternatives: Vec::new() });
        self.known.insert((parent, group), id);
        let or_nothing = lines.iter().all(|line| line.maybe);
        self.queue.push_back((id, lines, or_nothing));
        Ok(id)
    }
}

/// The lines of a part that are surely all there, and the groups of which one line is there: the
/// one line of its choice that is in force is no choice.
fn split(bom: &AcyclicBom, node: Node) -> (Vec<Line<'_>>, BTreeMap<Group, Vec<Line<'_>>>) {
    let mut sure = Vec::new();
    let mut groups: BTreeMap<Group, Vec<Line<'_>>> = BTreeMap::new();
    for line in bom.lines(node) {
        match (line.choice, line.maybe) {
            (Some(name), _) => groups.entry(Group::Named(name.to_owned())).or_default().push(line),
            (None, true) => groups.entry(Group::MaybeRow(line.row)).or_default().push(line),
            (None, false) => sure.push(line),
        }
    }
    groups.retain(|_, lines| match lines.as_slice() {
        [only] if !only.maybe => {
            sure.push(only.clone());
            false
        }
        _ => true,
    });
    (sure, groups)
}

/// Adds up something over the lines of a part: sure lines with `plus`, the alternatives of each
/// choice with `either`, nothing being the alternative `none`.
pub(crate) fn fold_lines<T>(
    bom: &AcyclicBom,
    node: Node,
    mut of_line: impl FnMut(&Line<'_>) -> Result<T, OriginError>,
    mut plus: impl FnMut(T),
    either: impl Fn(T, T) -> T,
    none: impl Fn() -> T,
) -> Result<(), OriginError> {
    let (sure, groups) = split(bom, node);
    for line in &sure {
        plus(of_line(line)?);
    }
    for lines in groups.values() {
        let mut hull = lines.iter().all(|line| line.maybe).then(&none);
        for line in lines {
            let one = of_line(line)?;
            hull = Some(match hull {
                Some(before) => either(before, one),
                None => one,
            });
        }
        hull.into_iter().for_each(&mut plus);
    }
    Ok(())
}
