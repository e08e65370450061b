//! When a row of the evidence counts.

use filiera_model::Day;
use filiera_tables::Table;

/// First and last day, each where there is one.
pub(super) type Span = (Option<Day>, Option<Day>);

/// First and last day of a row, where they are known; a revoked paper ends the day before.
pub(super) fn effective(table: &Table, row: usize) -> Span {
    let ends = [table.days("valid_to", row).last, table.day("revoked_on", row).map(Day::previous)];
    (table.day("valid_from", row), ends.into_iter().flatten().min())
}

/// Whether such a row counts on a day.
pub(super) fn holds_on((from, to): Span, day: Day) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// What a person would call the row.
pub(super) fn name_of(table: &Table, row: usize) -> String {
    let names: &[&str] =
        &["part", "parent", "child", "subject", "requirement", "basis", "supplier", "lot", "document"];
    let cells: Vec<&str> = names.iter().filter_map(|name| table.text(name, row)).collect();
    let (from, to) = effective(table, row);
    let from = from.map(|day| format!(", valid from {day}")).unwrap_or_default();
    let to = to.map(|day| format!(", valid to {day}")).unwrap_or_default();
    format!("{}{from}{to}", cells.join(" · "))
}
