use std::collections::BTreeSet;

use filiera_finding::{Fact, UnreadFact};
use filiera_tables::{Table, TableKind};

use crate::bind::{BoundCondition, BoundMark};
use crate::engine::Engine;
use crate::facts::Line;
use crate::judge::JudgedRow;
use crate::rows::Rows;

/// The facts a row's mark and weight rest on, each with its paper and place.
pub(super) fn row_facts(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    rows: &Rows,
    row: &JudgedRow,
) -> Vec<Fact> {
    let own_work = rows.info(row.row).and_then(|info| info.component.as_ref()).is_some_and(|c| c.is_own_work);
    let mut facts = if own_work { vec![made_at_the_plant(rows, row)] } else { declared(engine, row) };
    let Some(leaf) = &bound.leaf else { return facts };
    let mark = if let BoundMark::Where(mark) = &leaf.mark { Some(mark.as_ref()) } else { None };
    let predicates = mark.into_iter().chain(&leaf.among).chain(leaf.totals.iter().map(|(_, total)| total));
    let columns: BTreeSet<&String> = predicates.flat_map(|predicate| predicate.columns()).collect();
    let place =
        rows.info(row.row).and_then(|info| info.place).map(|place| engine.ground.dossier.describe(place));
    for column in columns.into_iter().filter(|column| *column != "origin") {
        let value = rows.columns.display(column, row.row as usize);
        let known = value.is_some() || !rows.columns.is_null(column, row.row as usize);
        let says = match value {
            Some(value) => format!("{column} {value}"),
            None if known => column.clone(),
            None => format!("{column} is not known"),
        };
        let evidence = if column == "made_in" { "observed" } else { "" };
        facts.push(Fact {
            says,
            evidence: evidence.to_owned(),
            basis: None,
            document: None,
            place: place.clone(),
        });
    }
    facts.extend(row.weight.missing.iter().map(|missing| Fact {
        says: format!("missing: {missing}"),
        evidence: String::new(),
        basis: None,
        document: None,
        place: None,
    }));
    facts
}

/// Own work needs no paper: the plant stands where it stands.
fn made_at_the_plant(rows: &Rows, row: &JudgedRow) -> Fact {
    let country = rows.columns.text("plant_country", row.row as usize).unwrap_or("a country not known");
    Fact {
        says: format!("own work in the plant, {country}"),
        evidence: "observed".to_owned(),
        basis: None,
        document: None,
        place: None,
    }
}

fn declared(engine: &Engine<'_>, row: &JudgedRow) -> Vec<Fact> {
    let Some(origin) = &row.origin else { return Vec::new() };
    let table = engine.ground.dossier.table(TableKind::Declarations);
    let rows: BTreeSet<u32> = origin.claims.iter().flat_map(|claim| claim.rows.iter().copied()).collect();
    let mut facts: Vec<Fact> =
        table.into_iter().flat_map(|table| rows.iter().map(|row| declaration(engine, table, *row))).collect();
    if facts.is_empty() {
        facts.push(Fact {
            says: "no declaration that counts".to_owned(),
            evidence: String::new(),
            basis: None,
            document: None,
            place: None,
        });
    }
    facts
}

fn declaration(engine: &Engine<'_>, table: &Table, row: u32) -> Fact {
    let at = row as usize;
    let text = |column: &str| table.text(column, at).map(str::to_owned);
    Fact {
        says: says(table, at),
        evidence: text("evidence").unwrap_or_else(|| "declared".to_owned()),
        basis: text("basis"),
        document: text("document"),
        place: table.places().get(at).map(|place| engine.ground.dossier.describe(*place)),
    }
}

/// `origin IT`, `60 % origin IT`, with validity where it is stated.
fn says(table: &Table, row: usize) -> String {
    let origin = table.text("origin", row).unwrap_or("unknown");
    let share = table
        .number("share", row)
        .map(|share| format!("{} % ", (&share * &filiera_model::Exact::from_int(100)).to_text()));
    let from = table.day("valid_from", row).map(|day| format!(", valid from {day}"));
    let to = table.day("valid_to", row).map(|day| format!(", valid to {day}"));
    let parts = [
        share.unwrap_or_default(),
        format!("origin {origin}"),
        from.unwrap_or_default(),
        to.unwrap_or_default(),
    ];
    parts.concat()
}

/// Declarations of the row's part that did not count.
pub(super) fn unread_facts(engine: &Engine<'_>, rows: &Rows, row: &JudgedRow) -> Vec<UnreadFact> {
    let (Some(origin), Some(table)) = (&row.origin, engine.ground.dossier.table(TableKind::Declarations))
    else {
        return Vec::new();
    };
    let Some(info) = rows.info(row.row) else { return Vec::new() };
    let others = info.component.iter().filter(|component| !component.is_own_work).flat_map(|component| {
        let lot = component.lot.as_deref();
        let line = Line { part: &component.part, supplier: component.supplier.as_deref(), lot };
        engine.ground.declarations.of_other_lots(line)
    });
    let others: Vec<(u32, &str)> = others.map(|row| (row, "it is of another lot")).collect();
    let name = &info.name;
    let unread = origin.unread.iter().chain(&others).map(|(row, why)| UnreadFact {
        says: format!("{name}: {}", says(table, *row as usize)),
        why: (*why).to_owned(),
        place: table.places().get(*row as usize).map(|place| engine.ground.dossier.describe(*place)),
    });
    unread.collect()
}
