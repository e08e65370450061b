use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};
use crate::{ImportedBom, ImportedLine};

use super::{LifeCycle, Line, Lines};

const CYCLES: [LifeCycle; 3] = [LifeCycle::Built, LifeCycle::Planned, LifeCycle::Specified];

impl Lines {
    /// Hands the lines over: all of them for inspection, and as rows those of the best life cycle
    /// each part has, so that nothing is counted both as planned and as built.
    pub(in crate::catenax) fn finish(&self, described: &BTreeSet<String>, gather: &mut Gather<'_>) {
        for cycle in CYCLES {
            if self.listed.iter().any(|(listed, _)| *listed == cycle) {
                let lines = self.kept.iter().filter(|(line, _)| line.cycle == cycle);
                bom(cycle.name().to_owned(), lines, described, gather);
            } else if self.usages.iter().any(|(usage, _)| usage.cycle == cycle) {
                let lines = self.usages.iter().filter(|(usage, _)| usage.cycle == cycle);
                bom(format!("usage_{}", cycle.name()), lines, described, gather);
            }
        }
        self.compare_usages(gather);
        self.rows(gather);
    }

    /// Usages tell nothing new to a part's own list of children; where they differ it is counted.
    fn compare_usages(&self, gather: &mut Gather<'_>) {
        let lines: BTreeSet<_> =
            self.kept.iter().map(|(line, _)| (line.cycle, &line.parent, &line.child)).collect();
        for (usage, spot) in &self.usages {
            if lines.contains(&(usage.cycle, &usage.parent, &usage.child)) {
                continue;
            }
            let kind = if self.listed.contains(&(usage.cycle, usage.parent.clone())) {
                "usage that the parent does not list"
            } else {
                "usage in a part whose list is not in the file"
            };
            gather.note(spot, kind, &usage.parent);
        }
    }

    fn rows(&self, gather: &mut Gather<'_>) {
        let mut best: BTreeMap<&str, LifeCycle> = BTreeMap::new();
        for (line, _) in &self.kept {
            let cycle = best.entry(&line.parent).or_insert(line.cycle);
            *cycle = (*cycle).min(line.cycle);
        }
        let choices = Choices::of(&self.kept);
        let mut lonely = BTreeSet::new();
        for (line, spot) in &self.kept {
            if best.get(line.parent.as_str()) != Some(&line.cycle) {
                gather.note(spot, "line of another life cycle, not used", line.cycle.name());
                continue;
            }
            let mut cells = line.cells();
            let choice = choices.of_line(line, spot, gather);
            put(&mut cells, "choice", choice.clone());
            gather.row(TableKind::Bom, spot, cells);
            if let Some(choice) = choice.filter(|_| choices.is_lonely(line))
                && lonely.insert(choice.clone())
            {
                unlisted(line, choice, spot, gather);
            }
        }
    }
}

/// Which lines are alternatives of each other.
struct Choices<'l> {
    /// Children marked `hasAlternatives`, by parent.
    marked: BTreeMap<(LifeCycle, &'l str), BTreeSet<&'l str>>,
    /// Lines of one child under one parent, as planned: one for each supplier.
    sources: BTreeMap<(&'l str, &'l str), u32>,
}

impl<'l> Choices<'l> {
    fn of(kept: &'l [(Line, Spot)]) -> Self {
        let mut choices = Self { marked: BTreeMap::new(), sources: BTreeMap::new() };
        for (line, _) in kept {
            let (parent, child) = (line.parent.as_str(), line.child.as_str());
            if line.alternatives {
                choices.marked.entry((line.cycle, parent)).or_default().insert(child);
            } else if line.cycle == LifeCycle::Planned {
                *choices.sources.entry((parent, child)).or_default() += 1;
            }
        }
        choices
    }

    fn of_line(&self, line: &Line, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
        if line.alternatives {
            gather.note(spot, "line with alternatives", &line.child);
            return Some(format!("alternatives in {}", line.parent));
        }
        let sources = self.sources.get(&(line.parent.as_str(), line.child.as_str()));
        let several = line.cycle == LifeCycle::Planned && sources.is_some_and(|count| *count > 1);
        several.then(|| {
            gather.note(spot, "one of several sources of a part", &line.child);
            format!("sources of {} in {}", line.child, line.parent)
        })
    }

    /// Whether the alternatives of a marked line are not in the file.
    fn is_lonely(&self, line: &Line) -> bool {
        let marked = self.marked.get(&(line.cycle, line.parent.as_str()));
        line.alternatives && marked.is_some_and(|children| children.len() == 1)
    }
}

/// The alternative nobody listed: a child that nothing is known about.
fn unlisted(line: &Line, choice: String, spot: &Spot, gather: &mut Gather<'_>) {
    gather.note(spot, "alternative that is not listed", &line.child);
    let mut cells: Cells = line.cells();
    put(&mut cells, "child", Some(format!("{}#alternative", line.child)));
    put(&mut cells, "choice", Some(choice));
    cells.remove("supplier");
    gather.row(TableKind::Bom, spot, cells);
}

fn bom<'l>(
    relation: String,
    lines: impl Iterator<Item = &'l (Line, Spot)>,
    described: &BTreeSet<String>,
    gather: &mut Gather<'_>,
) {
    let lines = lines.map(|(line, _)| ImportedLine {
        parent: line.parent.clone(),
        child: line.child.clone(),
        quantity: line.quantity.clone(),
        unit: line.unit.clone(),
    });
    let entries = u64::try_from(described.len()).unwrap_or(u64::MAX);
    let bom = ImportedBom { entries, described: described.clone(), lines: lines.collect() };
    gather.imported().boms.insert(relation, bom);
}
