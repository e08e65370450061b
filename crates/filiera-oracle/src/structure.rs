use std::collections::BTreeMap;

use filiera_model::Day;

use crate::origins::Item;
use crate::{Line, Procurement, Scenario};

/// The alternatives of one choice: parent and name, then lines by their place.
pub(crate) type Choices = BTreeMap<(usize, u8), Vec<usize>>;

/// The line that was built, of each choice.
pub(crate) type Picks = BTreeMap<(usize, u8), usize>;

/// A component, or the maker's own work on a part.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) item: Item,
    pub(crate) quantity: i64,
    pub(crate) is_own_work: bool,
    pub(crate) received_on: Option<Day>,
}

/// A bill of materials on one day, its choices made.
pub(crate) struct Built<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) day: Day,
    pub(crate) picks: &'a Picks,
}

fn in_force(line: &Line, day: Day) -> bool {
    line.valid_from.is_none_or(|from| from <= day) && line.valid_to.is_none_or(|to| day <= to)
}

fn is_opened(scenario: &Scenario, part: usize, day: Day) -> bool {
    let has_lines = scenario.lines.iter().any(|line| line.parent == part && in_force(line, day));
    matches!(scenario.parts[part].procurement, Some(Procurement::Make | Procurement::Phantom)) && has_lines
}

/// Every choice below `root`; those inside bought parts only when these are looked into.
pub(crate) fn choices(scenario: &Scenario, root: usize, day: Day, looks_into: bool) -> Choices {
    let mut found = Choices::new();
    let mut left = vec![root];
    while let Some(parent) = left.pop() {
        for (place, line) in scenario.lines.iter().enumerate() {
            if line.parent != parent || !in_force(line, day) {
                continue;
            }
            if let Some(choice) = line.choice {
                let alternatives = found.entry((parent, choice)).or_default();
                if !alternatives.contains(&place) {
                    alternatives.push(place);
                }
            }
            if looks_into || is_opened(scenario, line.child, day) {
                left.push(line.child);
            }
        }
    }
    found
}

impl Built<'_> {
    /// The lines under a part that are there.
    pub(crate) fn lines(&self, parent: usize) -> impl Iterator<Item = &Line> {
        let is_picked = move |place: usize, line: &Line| {
            line.choice.is_none_or(|choice| self.picks.get(&(parent, choice)) == Some(&place))
        };
        let lines = self.scenario.lines.iter().enumerate();
        let there = lines.filter(move |(place, line)| {
            line.parent == parent && in_force(line, self.day) && is_picked(*place, line)
        });
        there.map(|(_, line)| line)
    }

    pub(crate) fn is_opened(&self, part: usize) -> bool {
        is_opened(self.scenario, part, self.day)
    }

    pub(crate) fn is_made(&self, part: usize) -> bool {
        self.scenario.parts[part].procurement == Some(Procurement::Make)
    }

    pub(crate) fn is_phantom(&self, part: usize) -> bool {
        self.scenario.parts[part].procurement == Some(Procurement::Phantom)
    }

    /// Every opened part below `root`, and how many of it; the root itself first.
    pub(crate) fn opened(&self, root: usize) -> Vec<(usize, i64)> {
        let mut found = vec![(root, 1)];
        let mut left = vec![(root, 1)];
        while let Some((parent, times)) = left.pop() {
            for line in self.lines(parent).filter(|line| self.is_opened(line.child)) {
                let quantity = times * line.quantity;
                left.push((line.child, quantity));
                match found.iter_mut().find(|(part, _)| *part == line.child) {
                    Some((_, so_far)) => *so_far += quantity,
                    None => found.push((line.child, quantity)),
                }
            }
        }
        found
    }

    /// The first purchased parts below `root`: each part of each supplier once.
    pub(crate) fn components(&self, root: usize) -> Vec<Row> {
        let mut quantities: BTreeMap<Item, i64> = BTreeMap::new();
        for (parent, times) in self.opened(root) {
            for line in self.lines(parent).filter(|line| !self.is_opened(line.child)) {
                let supplier = line.supplier.or(self.scenario.parts[line.child].supplier);
                let item = Item { part: line.child, supplier, lot: None };
                *quantities.entry(item).or_default() += times * line.quantity;
            }
        }
        let row = |(item, quantity)| Row { item, quantity, is_own_work: false, received_on: None };
        quantities.into_iter().map(row).collect()
    }

    /// Whether a line stands for an installed part, itself or by what it is opened into.
    pub(crate) fn holds(&self, line: &Line, installed: &[usize]) -> bool {
        let inside = || self.lines(line.child).any(|inner| self.holds(inner, installed));
        if self.is_opened(line.child) { inside() } else { installed.contains(&line.child) }
    }

    /// Whether the picks can be true of a vehicle with these installed parts: an alternative with
    /// one of them beats an alternative without.
    pub(crate) fn agrees_with(&self, installed: &[usize], choices: &Choices) -> bool {
        choices.iter().all(|(choice, alternatives)| {
            let holds = |place: &usize| self.holds(&self.scenario.lines[*place], installed);
            let picked = self.picks.get(choice).is_none_or(holds);
            picked || !alternatives.iter().any(holds)
        })
    }
}

/// The components with what was really installed in place of its lines.
pub(crate) fn fitted(scenario: &Scenario, vehicle: usize, rows: Vec<Row>) -> Vec<Row> {
    let installed: Vec<_> = scenario.installed.iter().filter(|one| one.vehicle == vehicle).collect();
    if installed.is_empty() {
        return rows;
    }
    let is_replaced = |row: &Row| installed.iter().any(|one| one.part == row.item.part);
    let mut fitted: Vec<Row> =
        rows.into_iter().filter(|row| !scenario.installed_complete && !is_replaced(row)).collect();
    fitted.extend(installed.iter().map(|one| Row {
        item: Item { part: one.part, supplier: scenario.parts[one.part].supplier, lot: one.lot },
        quantity: one.quantity.unwrap_or(1),
        is_own_work: false,
        received_on: one.received_on,
    }));
    fitted
}
