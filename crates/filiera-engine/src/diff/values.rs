//! Dated values as a reader sees them.

use std::collections::BTreeSet;

use filiera_finding::{CauseItem, DatedShown, EvidenceKind, Finding};
use filiera_model::{Day, Zones};
use filiera_packs::DatedValue;
use filiera_tables::{Dossier, Table};

use super::evidence::rates;
use super::items::DayWorlds;
use super::law::ValueOn;
use super::paper_rows::{effective, holds_on, name_of};
use super::world::Side;

/// A parameter's value on both sides, for the days that the witness is judged for.
pub(super) fn parameter_shown(
    worlds: &DayWorlds<'_>,
    pack: usize,
    name: &str,
    witness: Option<(&Finding, &Finding)>,
) -> CauseItem {
    let on = |side: Side| {
        let own = witness.and_then(|(was, is)| side.of(was.on, is.on));
        own.filter(|_| worlds.days.law_only).unwrap_or(worlds.day(side))
    };
    shown_on(worlds, pack, name, on(Side::Old), on(Side::New))
}

/// A parameter's value on both sides, on the first day for which they differ.
pub(super) fn parameter_that_differs(worlds: &DayWorlds<'_>, pack: usize, name: &str) -> CauseItem {
    if !worlds.days.law_only {
        return parameter_shown(worlds, pack, name, None);
    }
    let parameter = worlds.packs.get(pack).and_then(|pack| pack.parameters.get(name));
    let mut days: Vec<Day> = [Side::Old, Side::New]
        .into_iter()
        .flat_map(|side| parameter.map(|parameter| parameter.changes(worlds.clock(side))).unwrap_or_default())
        .collect();
    days.sort_unstable();
    let value = |side: Side, day: Day| parameter.map(|p| p.value_on(worlds.clock(side), day));
    let said = |side: Side, day: Day| value(side, day).map(|value| value.map(|value| value.value.clone()));
    let index = |side: Side, day: Day| value(side, day).map(|value| value.map(|value| value.index));
    // A value that was only enacted anew says less than one that is another.
    let first = days.iter().find(|day| said(Side::Old, **day) != said(Side::New, **day));
    let first = first.or_else(|| days.iter().find(|day| index(Side::Old, **day) != index(Side::New, **day)));
    let first = first.copied();
    let on = |side: Side| first.unwrap_or(worlds.day(side));
    shown_on(worlds, pack, name, on(Side::Old), on(Side::New))
}

fn shown_on(worlds: &DayWorlds<'_>, place: usize, name: &str, old: Day, new: Day) -> CauseItem {
    let pack = worlds.packs.get(place);
    let parameter = pack.and_then(|pack| pack.parameters.get(name));
    let value = |side: Side, on: Day| parameter.and_then(|p| shown(p.value_on(worlds.clock(side), on)));
    CauseItem::Parameter {
        pack: pack.map(|pack| pack.id.clone()).unwrap_or_default(),
        name: name.to_owned(),
        old: value(Side::Old, old),
        new: value(Side::New, new),
    }
}

fn shown(value: ValueOn<'_>) -> Option<DatedShown> {
    value.ok().map(dated)
}

/// A dated value as the pack states it.
pub(super) fn dated(value: &DatedValue) -> DatedShown {
    DatedShown {
        value: value.text.clone(),
        from: value.from,
        to: value.to,
        published: value.published,
        repealed_on: value.repealed_on,
        cite: value.cite.clone(),
        confidence: value.confidence.name().to_owned(),
    }
}

/// Who joined and who left a zone.
pub(super) fn zone_shown(zones: &Zones, zone: &str, from: Day, to: Day) -> CauseItem {
    let members = |day| zones.members(zone, day).unwrap_or_default();
    let (was, is) = (members(from), members(to));
    CauseItem::Zone {
        zone: zone.to_owned(),
        joined: is.iter().filter(|country| !was.contains(*country)).collect(),
        left: was.iter().filter(|country| !is.contains(*country)).collect(),
    }
}

/// The rows that begin or cease to count between the days; of `parts` only, when given and any is
/// among them.
pub(super) fn evidence_shown(
    kind: EvidenceKind,
    tables: &[&Table],
    from: Day,
    to: Day,
    parts: Option<&BTreeSet<String>>,
) -> CauseItem {
    let (mut begin, mut end) = (Vec::new(), Vec::new());
    for (table, row) in tables.iter().flat_map(|table| (0..table.len()).map(move |row| (table, row))) {
        let span = effective(table, row);
        let part = table.text("part", row);
        let concerns = part.is_none_or(|part| parts.is_none_or(|parts| parts.contains(part)));
        match (holds_on(span, from), holds_on(span, to)) {
            (false, true) if concerns => begin.push(name_of(table, row)),
            (true, false) if concerns => end.push(name_of(table, row)),
            _ => {}
        }
    }
    CauseItem::Evidence { kind, begin, end }
}

/// The exchange rates that differ between the days.
pub(super) fn rates_shown(dossier: &Dossier, from: Day, to: Day) -> CauseItem {
    let (mut begin, mut end) = (Vec::new(), Vec::new());
    for (currency, own) in rates(dossier) {
        let last = |day: Day| own.range(..=day).next_back();
        let (was, is) = (last(from), last(to));
        if was.map(|(_, rate)| rate) != is.map(|(_, rate)| rate) {
            let said = |(day, rate): (&Day, &filiera_model::Exact)| {
                format!("{} {currency} for one euro, of {day}", rate.to_text())
            };
            end.extend(was.map(said));
            begin.extend(is.map(said));
        }
    }
    CauseItem::Evidence { kind: EvidenceKind::Rates, begin, end }
}
