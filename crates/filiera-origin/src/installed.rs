use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Exact;

use crate::components::{Installed, Item};
use crate::{AcyclicBom, Choice, ChoiceId, Components, List};

/// A row of `installed`: what was really built into one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstalledPart<'a> {
    /// The row of the table, counted from 0.
    pub row: u32,
    /// The part id.
    pub part: &'a str,
    /// The lot.
    pub lot: Option<&'a str>,
    /// The supplier; nothing: the one of the line it replaces, where they agree.
    pub supplier: Option<&'a str>,
    /// How much, in the unit its lines list; nothing: one piece.
    pub quantity: Option<Exact>,
}

/// The components of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    /// The components, installed parts in the place of their lines.
    pub components: Components,
    /// Rows that changed nothing.
    pub not_applied: Vec<NotApplied>,
}

/// A row of `installed` that is no component of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplied {
    /// The row of the table, counted from 0.
    pub row: u32,
    /// The part id.
    pub part: String,
    /// Why.
    pub reason: NotAppliedReason,
}

/// Why an installed part is no component of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAppliedReason {
    /// It is made or a phantom, and its own lines are listed instead.
    Opened,
    /// It is part of a component and counts with it.
    Inside,
}

impl Components {
    /// The components with the installed parts of one vehicle in the place of their lines.
    ///
    /// All lines of an installed part give way to its installed rows, one item per row. A part
    /// that was one of several alternatives settles the choice: alternatives without an
    /// installed part are dropped. A part that no line names is added. `complete`: the vehicle's
    /// installed parts are all there are, so lines that were not installed are dropped too.
    pub fn install(&self, bom: &AcyclicBom, installed: &[InstalledPart<'_>], complete: bool) -> Fitted {
        let mut lines: BTreeMap<&str, Vec<&Item>> = BTreeMap::default();
        for item in &self.items {
            lines.entry(&item.part).or_default().push(item);
        }
        let opened: BTreeSet<&str> = self.opened.iter().map(|node| bom.part(*node)).collect();
        let mut not_applied = Vec::new();
        let mut added = Vec::new();
        for one in installed {
            let replaced = lines.get(one.part).map(Vec::as_slice).unwrap_or_default();
            let inside = || bom.node(one.part).is_some_and(|node| self.inside.binary_search(&node).is_ok());
            let reason = match replaced {
                [] if opened.contains(one.part) => Some(NotAppliedReason::Opened),
                [] if inside() => Some(NotAppliedReason::Inside),
                _ => None,
            };
            match reason {
                Some(reason) => {
                    not_applied.push(NotApplied { row: one.row, part: one.part.to_owned(), reason })
                }
                None => added.push(as_item(one, replaced)),
            }
        }
        let parts = added.iter().map(|item| item.part.as_str()).collect();
        let mut components = Refit::new(self, bom, parts, complete).run();
        for item in added {
            components.base.rows.push(components.items.len());
            components.items.push(item);
        }
        components.note_missing();
        Fitted { components, not_applied }
    }
}

/// The item of an installed row, which knows from the lines it replaces what the row does not say.
fn as_item(one: &InstalledPart<'_>, replaced: &[&Item]) -> Item {
    let piece = || ("piece".to_owned(), Some(Exact::one()));
    let (first_unit, listed) = replaced.first().map_or_else(piece, |i| (i.unit.clone(), i.listed.clone()));
    let same_unit = replaced.iter().all(|item| item.unit == first_unit && item.listed == listed);
    let known_unit = if one.quantity.is_some() {
        same_unit && listed.is_some()
    } else {
        first_unit == "piece" && same_unit
    };
    let (unit, factor) = match &one.quantity {
        Some(_) if known_unit => (first_unit, listed.unwrap_or_else(Exact::one)),
        _ => ("piece".to_owned(), Exact::one()),
    };
    let supplier = replaced.first().and_then(|item| item.supplier.clone());
    let supplier =
        supplier.filter(|supplier| replaced.iter().all(|item| item.supplier.as_ref() == Some(supplier)));
    let quantity = one.quantity.clone().unwrap_or_else(Exact::one) * factor.clone();
    Item {
        part: one.part.to_owned(),
        node: replaced.first().and_then(|item| item.node),
        supplier: one.supplier.map(str::to_owned).or(supplier),
        quantity,
        unit,
        listed: Some(factor),
        choice: None,
        mixed_units: !known_unit || replaced.iter().any(|item| item.mixed_units),
        missing: replaced.iter().any(|item| item.missing),
        empty_phantom: replaced.iter().any(|item| item.empty_phantom),
        assumed_bought: replaced.iter().any(|item| item.assumed_bought),
        installed: Some(Installed { row: one.row, lot: one.lot.map(str::to_owned) }),
    }
}

/// What becomes of a choice.
enum Settled {
    /// This alternative was built.
    Built(usize),
    /// Still open between these.
    Open(Vec<List>),
    /// Nothing of it is left that is not installed.
    Gone,
}

struct Refit<'a> {
    from: &'a Components,
    bom: &'a AcyclicBom,
    installed: BTreeSet<&'a str>,
    complete: bool,
    settled: Vec<Settled>,
    /// Whether some alternative holds an installed part.
    touched: Vec<bool>,
    made: Components,
}

impl<'a> Refit<'a> {
    fn new(from: &'a Components, bom: &'a AcyclicBom, installed: BTreeSet<&'a str>, complete: bool) -> Self {
        let count = from.choices.len();
        let made =
            Components { opened: from.opened.clone(), inside: from.inside.clone(), ..Components::default() };
        let settled = (0..count).map(|_| Settled::Gone).collect();
        Self { from, bom, installed, complete, settled, touched: vec![false; count], made }
    }

    /// Settles the choices, innermost first, then writes the base list.
    fn run(mut self) -> Components {
        let mut order: Vec<usize> = (0..self.from.choices.len()).collect();
        let rank = |choice: &Choice| self.bom.rank(choice.parent);
        order.sort_unstable_by_key(|place| std::cmp::Reverse(self.from.choices.get(*place).map(rank)));
        for place in order {
            let Some(choice) = self.from.choices.get(place) else { continue };
            let id = ChoiceId(place as u32);
            let settled = self.settle(id, choice);
            if let Some(slot) = self.settled.get_mut(place) {
                *slot = settled;
            }
        }
        self.made.base = self.refit(&self.from.base, None);
        self.made.choices = (self.from.choices.iter().zip(self.settled))
            .map(|(choice, settled)| {
                let alternatives = if let Settled::Open(lists) = settled { lists } else { Vec::new() };
                Choice { alternatives, ..choice.clone() }
            })
            .collect();
        self.made
    }

    fn settle(&mut self, id: ChoiceId, choice: &'a Choice) -> Settled {
        let built: Vec<usize> = (0..choice.alternatives.len())
            .filter(|place| self.holds(choice.alternatives.get(*place)))
            .collect();
        if let Some(touched) = self.touched.get_mut(id.place()) {
            *touched = !built.is_empty();
        }
        if let [only] = built.as_slice() {
            return Settled::Built(*only);
        }
        let still_open = (choice.alternatives.iter().enumerate())
            .filter(|(place, _)| built.is_empty() || built.contains(place))
            .map(|(_, list)| self.refit(list, Some(id)))
            .collect::<Vec<_>>();
        if still_open.iter().all(|list| *list == List::default()) {
            Settled::Gone
        } else {
            Settled::Open(still_open)
        }
    }

    /// Whether a list holds an installed part, itself or in a choice.
    fn holds(&self, list: Option<&List>) -> bool {
        let Some(list) = list else { return false };
        let is_installed = |item: &Item| self.installed.contains(item.part.as_str());
        list.rows.iter().filter_map(|row| self.from.items.get(*row)).any(is_installed)
            || list.choices.iter().any(|(id, _)| self.touched.get(id.place()).copied().unwrap_or(false))
    }

    /// The list without installed parts, settled choices written into it.
    fn refit(&mut self, list: &'a List, choice: Option<ChoiceId>) -> List {
        let mut new = List::default();
        let mut waiting: BTreeMap<(u32, ChoiceId), Exact> = BTreeMap::new();
        self.copy(list, &Exact::one(), choice, &mut new, &mut waiting);
        while let Some(((_, id), times)) = waiting.pop_first() {
            match self.settled.get(id.place()) {
                Some(Settled::Built(place)) => {
                    let from = self.from;
                    let built =
                        from.choices.get(id.place()).and_then(|choice| choice.alternatives.get(*place));
                    if let Some(built) = built {
                        self.copy(built, &times, choice, &mut new, &mut waiting);
                    }
                }
                Some(Settled::Open(_)) => new.choices.push((id, times)),
                Some(Settled::Gone) | None => {}
            }
        }
        new.choices.sort_unstable_by_key(|(id, _)| *id);
        new
    }

    fn copy(
        &mut self,
        list: &List,
        times: &Exact,
        choice: Option<ChoiceId>,
        new: &mut List,
        waiting: &mut BTreeMap<(u32, ChoiceId), Exact>,
    ) {
        for item in list.rows.iter().filter_map(|row| self.from.items.get(*row)) {
            if !self.complete && !self.installed.contains(item.part.as_str()) {
                new.rows.push(self.made.items.len());
                self.made.items.push(Item { quantity: &item.quantity * times, choice, ..item.clone() });
            }
        }
        for made in list.made.iter().filter_map(|place| self.from.made.get(*place)) {
            new.made.push(self.made.made.len());
            let quantity = &made.quantity * times;
            self.made.made.push(crate::components::Made { quantity, choice, ..made.clone() });
        }
        for (id, count) in &list.choices {
            let parent = self.from.choices.get(id.place()).map_or(0, |choice| self.bom.rank(choice.parent));
            *waiting.entry((parent, *id)).or_default() += &(count * times);
        }
    }
}
