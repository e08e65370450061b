//! The rows: what each adds, and what those of a vehicle add up to.

use super::Wanted;
use super::dialect::is_of;
use super::question::Question;

/// What one installed row adds, by everything that tells rows apart.
pub(super) fn weights(question: &Question, wanted: &Wanted) -> String {
    let mut columns = String::new();
    let mut joins = String::new();
    for (number, leaf) in (1..).zip(question.leaves()) {
        for lane in leaf.lanes() {
            columns.push_str(&format!(",\n    k{number}.{lane} AS {}{lane}", leaf.prefix));
        }
        let (kinds, of) = (wanted.table("judged_kinds"), is_of(&format!("k{number}"), &leaf.stated));
        joins.push_str(&format!("\n  JOIN {kinds} k{number} ON k{number}.kind = r.kind\n    AND {of}"));
    }
    let (rows, to) = (wanted.table("judged_rows"), if wanted.has_spans { ", r.tested_to" } else { "" });
    format!(
        "-- what one row adds; an empty supplier, lot or quantity is one value like any other\n\
         weights AS (\n  \
           SELECT r.view, r.part, COALESCE(r.supplier, '') AS supplier, COALESCE(r.lot, '') AS lot,\n    \
             COALESCE(r.quantity, 0) AS quantity, r.tested_from{to}{columns}\n  \
           FROM {rows} r{joins}\n\
         )"
    )
}

/// The sums of each vehicle, and how many of its rows nobody judged.
pub(super) fn added_up(question: &Question, wanted: &Wanted) -> String {
    let mut columns = String::new();
    for leaf in question.leaves() {
        for lane in leaf.lanes() {
            let column = format!("{}{lane}", leaf.prefix);
            columns.push_str(&format!(",\n    {} AS {column}", wanted.dialect.sum(&format!("w.{column}"))));
        }
    }
    let (installed, vehicles) = (wanted.table("installed"), wanted.table("judged_vehicles"));
    let from = "COALESCE(i.received_on, v.built_on)";
    let to = if wanted.has_spans {
        format!(
            "\n    AND w.tested_to = CASE WHEN i.received_on IS NOT NULL AND i.received_on_max > i.received_on\n      \
             THEN i.received_on_max ELSE {from} END"
        )
    } else {
        String::new()
    };
    format!(
        "-- what the rows of each vehicle add up to\n\
         added_up AS (\n  \
           SELECT i.vehicle, COUNT(*) AS installed_rows, COUNT(*) - COUNT(w.part) AS not_judged{columns}\n  \
           FROM {installed} i\n  \
           JOIN {vehicles} v ON v.vehicle = i.vehicle\n  \
           LEFT JOIN weights w ON w.view = v.view AND w.part = i.part\n    \
             AND w.supplier = COALESCE(i.supplier, '') AND w.lot = COALESCE(i.lot, '')\n    \
             AND w.quantity = COALESCE(i.quantity, 0)\n    \
             AND w.tested_from = {from}{to}\n  \
           GROUP BY i.vehicle\n\
         )"
    )
}
