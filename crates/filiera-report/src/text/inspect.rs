use filiera_finding::{BomCounts, FileInspected, Inspection};

use super::TextOptions;
use super::pen::Pen;
use super::reader;
use crate::number::{count, grouped};
use crate::words::plural;

/// Entries of a list before it is folded.
const SHOWN: usize = 5;

/// What each file is and holds: format, tables, the shape of its bills of materials, sums, the
/// relationships asked for, and what the reader has to say.
pub fn inspection(inspection: &Inspection, options: &TextOptions) -> String {
    let mut pen = Pen::new(options);
    for file in &inspection.files {
        one(&mut pen, file);
    }
    pen.finish()
}

fn one(pen: &mut Pen<'_>, file: &FileInspected) {
    pen.heading(&file.path);
    pen.wrapped("  ", &file.format);
    for (table, rows) in &file.tables {
        let line = format!("  {}{}", pen.pad(table, 16), plural(*rows, "row"));
        pen.line(&line);
    }
    for (relation, bom) in &file.boms {
        bom_counts(pen, relation, bom);
    }
    for (column, sums) in &file.sums {
        for (unit, sum) in sums {
            pen.wrapped("  ", &format!("sum of {column}: {} {unit}", grouped(sum)));
        }
    }
    relationships(pen, file);
    reader::faults(pen, &file.faults);
    reader::notes(pen, file.notes.iter().cloned());
}

fn bom_counts(pen: &mut Pen<'_>, relation: &str, bom: &BomCounts) {
    let name = if relation.is_empty() { String::new() } else { format!(" {}", relation.replace('_', " ")) };
    pen.wrapped("  ", &format!("bill of materials{name}"));
    let counts = [
        (bom.entries, "entries"),
        (bom.nodes, "nodes"),
        (bom.rows, "lines"),
        (bom.edges, "edges"),
        (bom.roots, "roots"),
        (bom.leaves, "leaves"),
        (bom.depth, "levels deep"),
        (bom.shared, "shared parts"),
        (bom.max_parents, "parents at most"),
        (bom.repeated_rows, "repeated lines"),
    ];
    for (n, what) in counts {
        let line = format!("    {}{}", pen.pad(what, 18), pen.pad_left(&count(n), 12));
        pen.line(&line);
    }
    let cycle =
        |cycle: &Vec<String>| cycle.iter().chain(cycle.first()).cloned().collect::<Vec<_>>().join(" → ");
    list(pen, "cycles", bom.cycles.len(), bom.cycles.iter().map(cycle));
    list(pen, "missing children", bom.missing.len(), bom.missing.iter().cloned());
}

fn list(pen: &mut Pen<'_>, what: &str, all: usize, entries: impl Iterator<Item = String>) {
    let line = format!("    {}{}", pen.pad(what, 18), pen.pad_left(&count(all as u64), 12));
    pen.line(&line);
    for entry in entries.take(pen.shown(SHOWN)) {
        pen.wrapped("      ", &entry);
    }
    pen.more("      ", all, SHOWN);
}

fn relationships(pen: &mut Pen<'_>, file: &FileInspected) {
    let Some(rows) = &file.relationships else { return };
    pen.wrapped("  ", &plural(rows.len() as u64, "relationship"));
    for row in rows {
        let quantity = row.quantity.as_deref().unwrap_or("?");
        let unit = row.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        pen.wrapped("    ", &format!("{} → {} × {quantity}{unit}", row.parent, row.child));
    }
}
